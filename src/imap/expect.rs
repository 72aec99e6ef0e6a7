//! Patterns over IMAP responses. docs/suite-language.md section 7.3.

use std::fmt;

use crate::base::{Mistake, VarUse};

/// One line of an IMAP answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    /// Reads one item of an `S` line.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        Ok(Self(text.to_owned()))
    }

    /// Whether this line is the tagged answer of a command.
    pub fn is_tagged(&self) -> bool {
        !self.0.starts_with(['*', '+'])
    }

    /// The variables in it, for the reader's checks.
    pub fn vars(&self) -> Vec<VarUse> {
        Vec::new()
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
