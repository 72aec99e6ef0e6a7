//! Messages as a server with faults takes them apart.

mod parts;
mod split;
mod structure;

pub use parts::{mismeasure, misnamed, misparse};
pub use structure::misbody;
