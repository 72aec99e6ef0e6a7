//! Layer 1: POP3. The three protocol modules have the same file names: whoever has read one finds anything in the others.

mod body;
mod command;
mod expect;
mod framer;
mod invariant;
mod parse;
mod reply;
mod shape;
mod tracker;
mod view;

#[cfg(test)]
mod tests;

pub use body::*;
pub use command::*;
pub use expect::*;
pub use framer::*;
pub use parse::*;
pub use reply::*;
pub use shape::*;
pub use tracker::{Tracker, behind};
