//! Flags and keywords of messages.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;

/// A flag or keyword as an IMAP client spells it. Two spellings that differ in case are one flag.
#[derive(Debug, Clone)]
pub struct Flag(String);

/// The flags of one message.
pub type Flags = BTreeSet<Flag>;

/// RFC 3501 §2.3.2, without `\Recent`, which belongs to a session and not to a message.
const SYSTEM: [&str; 5] = [r"\Answered", r"\Deleted", r"\Draft", r"\Flagged", r"\Seen"];

impl Flag {
    /// A system flag in the standard's spelling, or a keyword as given.
    pub fn new(text: &str) -> Self {
        let standard = SYSTEM.into_iter().find(|name| name.eq_ignore_ascii_case(text));
        Self(standard.unwrap_or(text).to_owned())
    }

    /// `\Seen`.
    pub fn seen() -> Self {
        Self::new(r"\Seen")
    }

    /// `\Deleted`.
    pub fn deleted() -> Self {
        Self::new(r"\Deleted")
    }

    /// All system flags that a client may set.
    pub fn system() -> Flags {
        SYSTEM.into_iter().map(Self::new).collect()
    }

    /// The flag as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is one of the five system flags.
    pub fn is_system(&self) -> bool {
        SYSTEM.contains(&self.0.as_str())
    }

    /// Whether it is a keyword.
    pub fn is_keyword(&self) -> bool {
        !self.0.starts_with('\\')
    }

    fn folded(&self) -> impl Iterator<Item = u8> {
        self.0.bytes().map(|c| c.to_ascii_lowercase())
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Ord for Flag {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded().cmp(other.folded())
    }
}

impl PartialOrd for Flag {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Flag {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Flag {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_that_differ_in_case_are_one_flag() {
        let flags: Flags = [r"\SEEN", r"\seen", "$Work", "$WORK"].into_iter().map(Flag::new).collect();
        assert_eq!(flags, [r"\Seen", "$work"].into_iter().map(Flag::new).collect());
        assert_eq!(flags.len(), 2);
    }
}
