//! What a sender wants to be told: the parameters of DSN (RFC 3461 §4).

use std::collections::BTreeSet;

use super::xtext;

/// Something that a sender may want to hear of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Occasion {
    Success,
    Failure,
    Delay,
}

/// NOTIFY, as given and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Notify {
    pub(super) text: String,
    /// Empty for NEVER.
    occasions: BTreeSet<Occasion>,
}

impl Notify {
    /// RFC 3461 §4.1: NEVER alone, or a list of the others.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let occasion = |word: &str| match word.to_ascii_uppercase().as_str() {
            "SUCCESS" => Some(Occasion::Success),
            "FAILURE" => Some(Occasion::Failure),
            "DELAY" => Some(Occasion::Delay),
            _ => None,
        };
        let occasions: BTreeSet<Occasion> = if text.eq_ignore_ascii_case("NEVER") {
            BTreeSet::new()
        } else {
            // `1#` of RFC 822 §2.7 lets elements be empty, but not all of them.
            let some: BTreeSet<_> =
                text.split(',').filter(|word| !word.is_empty()).map(occasion).collect::<Option<_>>()?;
            Some(some).filter(|some| !some.is_empty())?
        };
        Some(Self { text: text.to_owned(), occasions })
    }

    /// What is never told of, as for notices themselves (RFC 3461 §6.1).
    pub(super) fn never() -> Self {
        Self { text: "NEVER".to_owned(), occasions: BTreeSet::new() }
    }
}

/// RET: how much of the message a notice of failure gives back (RFC 3461 §4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Returned {
    Full,
    Headers,
}

impl Returned {
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_uppercase().as_str() {
            "FULL" => Some(Self::Full),
            "HDRS" => Some(Self::Headers),
            _ => None,
        }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Full => "FULL",
            Self::Headers => "HDRS",
        }
    }
}

/// A recipient of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Addressee {
    /// The mailbox as given.
    pub(super) address: String,
    pub(super) notify: Option<Notify>,
    /// ORCPT as given.
    pub(super) original: Option<String>,
}

impl Addressee {
    /// Somebody for whom nothing was asked.
    #[cfg(test)]
    pub(super) fn plain(address: &str) -> Self {
        Self { address: address.to_owned(), notify: None, original: None }
    }

    /// Whether the sender is told. Without NOTIFY that is so for failures only (RFC 3461 §5.2).
    pub(super) fn is_told_of(&self, occasion: Occasion) -> bool {
        match &self.notify {
            Some(notify) => notify.occasions.contains(&occasion),
            None => occasion == Occasion::Failure,
        }
    }
}

/// RFC 3461 §4.2: an address type, which is an atom, and xtext. The type `utf-8` may hold UTF-8 as it is (RFC 6533 §3).
pub(super) fn is_original(text: &str) -> bool {
    let Some((kind, address)) = text.split_once(';') else { return false };
    let atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    let wide = kind.eq_ignore_ascii_case("utf-8") || address.is_ascii();
    !kind.is_empty() && kind.chars().all(atom) && wide && !address.is_empty() && xtext::decode(address).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_stands_alone_and_a_list_names_something() {
        use Occasion::{Delay, Failure, Success};
        let table: [(&str, Option<&[Occasion]>); 9] = [
            ("NEVER", Some(&[])),
            ("success", Some(&[Success])),
            ("Success,DELAY,failure", Some(&[Success, Failure, Delay])),
            ("NEVER,SUCCESS", None),
            ("SUCCESS,NEVER", None),
            ("SUCCESS,,delay,", Some(&[Success, Delay])),
            (",", None),
            ("", None),
            ("SOMETIMES", None),
        ];
        for (text, expected) in table {
            let notify = Notify::parse(text);
            assert_eq!(notify.is_some(), expected.is_some(), "{text}");
            let addressee = Addressee { notify, ..Addressee::plain("a@b.test") };
            for occasion in [Success, Failure, Delay] {
                let told = expected.map_or(occasion == Failure, |all| all.contains(&occasion));
                assert_eq!(addressee.is_told_of(occasion), told, "{text} {occasion:?}");
            }
        }
    }

    #[test]
    fn an_original_recipient_has_a_type_and_xtext() {
        for text in ["rfc822;user+2Btag@example.org", "RFC822;a", "utf-8;\\x{5B57}@example.org", "utf-8;\u{5b57}@b"] {
            assert!(is_original(text), "{text}");
        }
        for text in ["rfc822", ";x", "rfc822;a+zz", "rfc822;a+2b", "rfc822;", "a b;c", "rfc822;\u{5b57}@b", "a;b=c"] {
            assert!(!is_original(text), "{text}");
        }
    }
}
