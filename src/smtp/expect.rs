//! Patterns over SMTP replies. SUITE-LANGUAGE section 7.1.

use std::fmt;

use crate::base::{Mistake, VarUse};

/// One line of an SMTP answer: an EHLO keyword, or the line that ends a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    /// Reads one item of an `S` line.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        Ok(Self(text.to_owned()))
    }

    /// Whether this line ends a reply (`250`), or belongs to one that goes on (`250-SIZE`).
    pub fn ends_reply(&self) -> bool {
        !self.0.contains('-')
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
