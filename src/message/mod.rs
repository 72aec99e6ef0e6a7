//! Layer 1: messages: their parts, and whether a delivered one is the one that was sent.

mod deliver;
mod letter;

pub use deliver::{Difference, delivers, subject_of};
pub use letter::{crlf, dot_stuff, letter};
