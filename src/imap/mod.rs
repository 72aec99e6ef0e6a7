//! Layer 1: IMAP. The three protocol modules have the same file names: whoever has read one finds anything in the others.

mod command;
mod expect;
mod framer;
mod invariant;
mod memory;
mod notes;
mod parse;
mod reply;
mod shape;
mod tracker;
mod value;
mod view;

pub use command::{CommandLine, command_of};
pub use expect::*;
pub use framer::*;
pub use parse::{parse, requirements};
pub use reply::*;
pub use shape::shape;
pub use tracker::{Tracker, behind};

#[cfg(test)]
mod tests;
