//! UTF8 and LANG (RFC 6856).

use super::session::{Answer, Session, Then, say};
use crate::refserver::Config;

/// Whether messages with UTF-8 in their header may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// They are refused (RFC 6856 §2.1).
    Ascii,
    /// They are sent as they are, after UTF8 or where there is no such command.
    Utf8,
}

impl Mode {
    /// The mode before anything is said.
    pub(super) fn first(config: &Config) -> Self {
        if config.offers("UTF8") { Self::Ascii } else { Self::Utf8 }
    }
}

/// The languages of the texts in answers, the preferred one first: the tag and its own name.
const LANGUAGES: [(&str, &str); 2] = [("en", "English"), ("i-default", "English for everybody")];

impl Session<'_> {
    /// UTF8, before the login.
    pub(super) fn utf8(&mut self) -> Answer {
        self.mode = Mode::Utf8;
        say("+OK")
    }

    /// LANG, which both states have (RFC 6856 §3).
    pub(super) fn lang(&self, arguments: &[&str]) -> Answer {
        match arguments {
            [] => {
                let lines = LANGUAGES.iter().map(|(tag, name)| format!("{tag} {name}\r\n"));
                (format!("+OK\r\n{}.\r\n", lines.collect::<String>()).into_bytes(), Then::Command)
            }
            [range] => match look_up(range) {
                Some(tag) => say(&format!("+OK {tag} the language is set")),
                None => say("-ERR no such language"),
            },
            [_, _, ..] => say("-ERR one language at most"),
        }
    }
}

/// The language that a range gets: the longest tag that begins it (RFC 4647 §3.4), or the preferred one for `*`.
fn look_up(range: &str) -> Option<&'static str> {
    let tags = || LANGUAGES.iter().map(|(tag, _)| *tag);
    if range == "*" {
        return tags().next();
    }
    let begins = |tag: &str| {
        let begin = range.get(..tag.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tag));
        begin && matches!(range.as_bytes().get(tag.len()), None | Some(b'-'))
    };
    tags().find(|tag| begins(tag))
}

/// Whether a message can be sent in this mode. One whose header is neither ASCII nor UTF-8 is not what RFC 6856 is about.
pub(super) fn is_sendable(message: &[u8], mode: Mode) -> bool {
    let lines = message.split_inclusive(|octet| *octet == b'\n');
    let header: Vec<u8> = lines.take_while(|line| !matches!(*line, b"\r\n" | b"\n")).flatten().copied().collect();
    mode == Mode::Utf8 || header.is_ascii() || str::from_utf8(&header).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_find_the_tag_that_begins_them() {
        let table = [
            ("*", Some("en")),
            ("EN", Some("en")),
            ("en-US", Some("en")),
            ("i-default", Some("i-default")),
            ("eng", None),
            ("de", None),
            ("i", None),
            ("", None),
        ];
        for (range, tag) in table {
            assert_eq!(look_up(range), tag, "{range}");
        }
    }

    #[test]
    fn only_utf8_in_the_header_needs_the_mode() {
        let table: [(&[u8], bool); 5] = [
            ("Subject: \u{e9}\r\n\r\n".as_bytes(), false),
            ("Subject: \u{e9}\n\nx".as_bytes(), false),
            ("Subject: e\r\n\r\n\u{e9}".as_bytes(), true),
            (b"Subject: \xe9\r\n\r\n", true),
            (b"", true),
        ];
        for (message, sendable) in table {
            assert_eq!(is_sendable(message, Mode::Ascii), sendable);
            assert!(is_sendable(message, Mode::Utf8));
        }
    }
}
