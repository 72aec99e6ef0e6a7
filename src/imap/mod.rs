//! Layer 1: IMAP. The three protocol modules have the same file names: whoever has read one finds anything in the others.

mod expect;
mod framer;
mod parse;
mod reply;

pub use expect::*;
pub use framer::*;
pub use parse::{parse, requirements};
pub use reply::*;
