//! Patterns over IMAP responses. Section 7.3 of the suite language.

mod actual;
mod compare;
mod date;
mod leaf;
mod merge;
mod near;
mod node;
mod pattern;
mod place;
mod read;
mod rights;
mod text;

#[cfg(test)]
mod match_tests;
#[cfg(test)]
mod tests;

pub use merge::{Merged, merge};
pub use pattern::Pattern;
