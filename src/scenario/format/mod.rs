//! `fmt`: re-lays the tokens of a suite file and keeps its comments. docs/fmt.md says what it changes.

mod lay;
mod same;
mod tokens;

#[cfg(test)]
mod tests;

pub use lay::{Unsure, format};
