//! Special uses of mailboxes.

/// A special use that a mailbox here can have (RFC 6154 §2). `\All` and `\Flagged` are for mailboxes that collect what lies
/// elsewhere, of which there are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the variants are the words of RFC 6154 §2")]
pub enum SpecialUse {
    Archive,
    Drafts,
    Junk,
    Sent,
    Trash,
}

impl SpecialUse {
    const ALL: [Self; 5] = [Self::Archive, Self::Drafts, Self::Junk, Self::Sent, Self::Trash];

    /// The attribute of LIST.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Archive => r"\Archive",
            Self::Drafts => r"\Drafts",
            Self::Junk => r"\Junk",
            Self::Sent => r"\Sent",
            Self::Trash => r"\Trash",
        }
    }

    /// The use of a name without its backslash, in any case.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|used| used.as_str().get(1..).is_some_and(|known| known.eq_ignore_ascii_case(name)))
    }
}
