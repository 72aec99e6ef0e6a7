//! Names of mailboxes.

use std::fmt;

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

use super::utf7;

/// The hierarchy separator.
pub const SEPARATOR: char = '/';

/// The longest name, in octets.
const NAME_MAX_OCTETS: usize = 1000;

/// The deepest hierarchy.
const NAME_MAX_LEVELS: usize = 50;

/// The name of a mailbox in the form that IMAP sends to everybody: in modified UTF-7, without controls, wildcards and empty levels. A first level
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
    /// Octets that are no UTF-8 (RFC 6855 §3, RFC 9051 §5.1).
    #[error("the name is not in UTF-8")]
    Utf8,
    /// `&` that begins no modified UTF-7, or not the one form of it that a text has (RFC 3501 §5.1.3).
    #[error("`&` begins no well-formed modified UTF-7")]
    Utf7,
    /// Over 1000 octets or 50 levels.
    #[error("the name is too long")]
    TooLong,
}

impl MailboxName {
    /// The one mailbox that every account has.
    pub fn inbox() -> Self {
        Self("INBOX".to_owned())
    }

    /// Reads a name in modified UTF-7, as RFC 3501 has it. What spells the same characters in another way is the same name
    /// (RFC 5198 §2).
    pub fn parse(octets: &[u8]) -> Result<Self, NameError> {
        if octets.iter().any(|&c| c >= 0x7f) {
            return Err(NameError::EightBit);
        }
        if octets.iter().any(|&c| c < 0x20) {
            return Err(NameError::Character);
        }
        let text: String = octets.iter().map(|&c| char::from(c)).collect();
        check_levels(&text)?;
        Self::of(&utf7::decode(&text).ok_or(NameError::Utf7)?)
    }

    /// Reads a name in UTF-8, as clients give it that know of RFC 6855 or RFC 9051; in it `&` is a character like others.
    pub fn parse_utf8(octets: &[u8]) -> Result<Self, NameError> {
        let text = str::from_utf8(octets).map_err(|_| NameError::Utf8)?;
        check_levels(text)?;
        Self::of(text)
    }

    /// RFC 6855 §3, RFC 9051 §5.1: no controls, and no separators of lines and paragraphs.
    fn of(text: &str) -> Result<Self, NameError> {
        if text.chars().any(|c| c.is_control() || matches!(c, '*' | '%' | '\u{2028}' | '\u{2029}')) {
            return Err(NameError::Character);
        }
        let name = utf7::encode(&text.nfc().collect::<String>());
        check_levels(&name)?;
        Ok(Self(fold_inbox(&name)))
    }

    /// The name in UTF-8.
    pub fn to_utf8(&self) -> String {
        utf7::decode(&self.0).unwrap_or_else(|| self.0.clone())
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

/// Whether a name has something in every level, and neither too many of them nor too long ones.
fn check_levels(text: &str) -> Result<(), NameError> {
    if text.split(SEPARATOR).any(str::is_empty) {
        return Err(NameError::EmptyLevel);
    }
    if text.len() > NAME_MAX_OCTETS || text.split(SEPARATOR).count() > NAME_MAX_LEVELS {
        return Err(NameError::TooLong);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> MailboxName {
        MailboxName::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn names_are_checked_and_inbox_is_folded() {
        let table: [(&[u8], Result<&str, NameError>); 18] = [
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
            (b"&AIU-", Err(NameError::Character)),
            (b"e&AwE-", Ok("&AOk-")),
            (b"&AOk-&AOk-", Err(NameError::Utf7)),
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
    fn names_in_utf8_are_the_same_names() {
        let table = [
            ("é/R&D", Ok("&AOk-/R&-D")),
            ("e\u{301}", Ok("&AOk-")),
            ("&AOk-", Ok("&-AOk-")),
            ("inbox/日本", Ok("INBOX/&ZeVnLA-")),
            ("a\u{7f}", Err(NameError::Character)),
            ("a\u{85}", Err(NameError::Character)),
            ("a\u{2028}", Err(NameError::Character)),
            ("a\u{2029}", Err(NameError::Character)),
            ("é*", Err(NameError::Character)),
            ("é/", Err(NameError::EmptyLevel)),
        ];
        for (text, expected) in table {
            let got = MailboxName::parse_utf8(text.as_bytes());
            assert_eq!(got.as_ref().map(MailboxName::as_str), expected.as_ref().map(|text| *text), "{text:?}");
            let same = got.as_ref().ok().and_then(|name| MailboxName::parse_utf8(name.to_utf8().as_bytes()).ok());
            assert_eq!(same, got.ok());
        }
        assert_eq!(MailboxName::parse_utf8(b"\xe9"), Err(NameError::Utf8));
        assert_eq!(MailboxName::parse_utf8("é".repeat(400).as_bytes()), Err(NameError::TooLong));
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
