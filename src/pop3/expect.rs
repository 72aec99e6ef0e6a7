//! Patterns over POP3 responses. SUITE-LANGUAGE section 7.2.

use std::fmt;

use crate::base::{Mistake, VarUse};

/// What kind of line a pattern is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The status line: `+OK`, `-ERR [code]`, `+ challenge`.
    Status,
    /// A line of a CAPA answer: any order, more allowed.
    Capability,
    /// A line of a LIST or UIDL answer: any order, exact unless `...`.
    Listing,
    /// A line of a RETR or TOP answer: octet text in order.
    Text,
}

/// One line of a POP3 answer: the status line, a line of the body, or the `.` that ends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    /// Reads one item of an `S` line.
    pub fn parse(text: &str, place: Place) -> Result<Self, Mistake> {
        let _ = place;
        Ok(Self(text.to_owned()))
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
