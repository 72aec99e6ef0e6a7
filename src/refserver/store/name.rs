//! Names of mailboxes.

use std::fmt;

use thiserror::Error;

use super::unicode::decode;

/// The hierarchy separator.
pub const SEPARATOR: char = '/';

/// The longest name, in octets.
const NAME_MAX_OCTETS: usize = 1000;

/// The deepest hierarchy.
const NAME_MAX_LEVELS: usize = 50;

/// The name of a mailbox in the form that IMAP sends: 7-bit, without controls, wildcards and empty levels. A first level
/// that spells INBOX in any case is INBOX (RFC 3501 §5.1).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailboxName(String);

/// Why octets are no name of a mailbox here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NameError {
    /// Nothing, or a level without a character.
    #[error("a level of the name is empty")]
    EmptyLevel,
    /// An octet over 126 (RFC 3501 §5.1).
    #[error("mailbox names are 7-bit")]
    EightBit,
    /// A control character or a wildcard.
    #[error("the name has a control character or a wildcard")]
    Character,
    /// `&` that begins no modified UTF-7, or not the one form of it that a text has (RFC 3501 §5.1.3).
    #[error("`&` begins no well-formed modified UTF-7")]
    Utf7,
    /// What is to be UTF-8 is none (RFC 9051 §5.1).
    #[error("the name is not in UTF-8")]
    Utf8,
    /// Over 1000 octets or 50 levels.
    #[error("the name is too long")]
    TooLong,
}

impl MailboxName {
    /// The one mailbox that every account has.
    pub fn inbox() -> Self {
        Self("INBOX".to_owned())
    }

    /// Reads a name as a command gives it.
    pub fn parse(octets: &[u8]) -> Result<Self, NameError> {
        if octets.iter().any(|&c| c >= 0x7f) {
            return Err(NameError::EightBit);
        }
        if octets.iter().any(|&c| c < 0x20 || c == b'*' || c == b'%') {
            return Err(NameError::Character);
        }
        let text: String = octets.iter().map(|&c| char::from(c)).collect();
        let levels: Vec<&str> = text.split(SEPARATOR).collect();
        if levels.iter().any(|level| level.is_empty()) {
            return Err(NameError::EmptyLevel);
        }
        if text.len() > NAME_MAX_OCTETS || levels.len() > NAME_MAX_LEVELS {
            return Err(NameError::TooLong);
        }
        if decode(&text).ok_or(NameError::Utf7)?.chars().any(char::is_control) {
            return Err(NameError::Character);
        }
        Ok(Self(fold_inbox(&text)))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is INBOX itself.
    pub fn is_inbox(&self) -> bool {
        self.0 == "INBOX"
    }

    /// The names above it, the highest first.
    pub fn superiors(&self) -> Vec<Self> {
        self.0
            .match_indices(SEPARATOR)
            .filter_map(|(at, _)| self.0.get(..at))
            .map(|name| Self(name.to_owned()))
            .collect()
    }

    /// Whether it lies below `other`.
    pub fn is_below(&self, other: &Self) -> bool {
        self.0.strip_prefix(&other.0).is_some_and(|rest| rest.starts_with(SEPARATOR))
    }

    /// The same name with `from`, itself or above it, replaced by `to`; nothing if `from` is neither.
    pub fn moved(&self, from: &Self, to: &Self) -> Option<Self> {
        let rest = self.0.strip_prefix(&from.0)?;
        (rest.is_empty() || rest.starts_with(SEPARATOR)).then(|| Self(format!("{}{rest}", to.0)))
    }
}

impl fmt::Display for MailboxName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn fold_inbox(text: &str) -> String {
    match text.split_once(SEPARATOR) {
        Some((first, rest)) if first.eq_ignore_ascii_case("INBOX") => format!("INBOX{SEPARATOR}{rest}"),
        None if text.eq_ignore_ascii_case("INBOX") => "INBOX".to_owned(),
        Some(_) | None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> MailboxName {
        MailboxName::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn names_are_checked_and_inbox_is_folded() {
        let table: [(&[u8], Result<&str, NameError>); 17] = [
            (b"a", Ok("a")),
            (b"iNbOx", Ok("INBOX")),
            (b"inbox/x", Ok("INBOX/x")),
            (b"inboxes", Ok("inboxes")),
            (b"a b\"\\(){", Ok("a b\"\\(){")),
            (b"&AOk-x", Ok("&AOk-x")),
            (b"R&-D", Ok("R&-D")),
            (b"R&D", Err(NameError::Utf7)),
            (b"&A-", Err(NameError::Utf7)),
            (b"&AGE-", Err(NameError::Utf7)),
            (b"&AOk-&AOk-", Err(NameError::Utf7)),
            (b"&AAo-", Err(NameError::Character)),
            (b"", Err(NameError::EmptyLevel)),
            (b"/a", Err(NameError::EmptyLevel)),
            (b"a//b", Err(NameError::EmptyLevel)),
            (b"a*", Err(NameError::Character)),
            ("é".as_bytes(), Err(NameError::EightBit)),
        ];
        for (octets, expected) in table {
            let got = MailboxName::parse(octets);
            assert_eq!(got.as_ref().map(MailboxName::as_str), expected.as_ref().map(|text| *text), "{octets:?}");
        }
    }

    #[test]
    fn a_level_is_not_a_prefix() {
        assert!(name("a/b").is_below(&name("a")));
        assert!(!name("ab").is_below(&name("a")));
        assert_eq!(name("a/b/c").superiors(), [name("a"), name("a/b")]);
        assert_eq!(name("a/b/c").moved(&name("a/b"), &name("x")), Some(name("x/c")));
        assert_eq!(name("ab").moved(&name("a"), &name("x")), None);
    }
}
