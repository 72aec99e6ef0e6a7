//! One change of one frame.

use std::fmt;

use super::scan::another_octet_of_message;
use super::{form, imap, pop3, smtp};
use crate::pop3::Form;
use crate::scenario::Protocol;

/// Changes of one frame at most. Those that tell most come first.
const CHANGES_MAX: usize = 32;

/// What is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// An answer, framed by its protocol.
    Answer(Protocol),
    /// A message as the next hop got it, which is no answer.
    Mail,
}

/// A frame in another form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What kind of change.
    pub kind: Kind,
    /// What was changed, in words that are the same in every run; unique among the changes of a frame.
    pub what: String,
    /// What is sent in place of the frame.
    pub octets: Vec<u8>,
    /// What happens then.
    pub then: Then,
}

/// What kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Another code or status word.
    Status,
    /// What a line forbids.
    Forbidden,
    /// What an earlier step heard, where a check wants another value.
    Stale,
    /// A line or response is missing.
    Dropped,
    /// A line or response comes twice.
    Repeated,
    /// A number is one more.
    Number,
    /// A flag, keyword or response code is missing, or a flag is too many.
    Word,
    /// An octet of a string, literal or message line is another.
    Octet,
    /// An answer that nobody asked for comes behind the frame.
    Surplus,
    /// A line end is wrong, or a line too long.
    Framing,
    /// The grammar is broken, or what is always watched.
    Form,
    /// Nothing is sent in place of the frame.
    Withheld,
    /// The connection is closed in place of the frame.
    Closed,
    /// The connection is closed within the frame.
    Cut,
    /// The connection is closed behind the frame.
    Left,
}

/// What happens after the changed frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// All that follows passes as it came.
    GoOn,
    /// The connection ends.
    Close,
}

/// What the step that hears a frame looks at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looks {
    /// The patterns of its lines, one a line, in upper case. What a server may say freely is changed only if they name it.
    pub patterns: String,
    /// What its lines forbid, ready to be sent.
    pub forbidden: Vec<String>,
    /// POP3: the form of the frame.
    pub form: Option<Form>,
    /// What an earlier step heard, if this frame has to differ from it.
    pub earlier: Option<Vec<u8>>,
}

impl Looks {
    /// Whether a pattern has this word, which is in upper case.
    pub(super) fn names(&self, word: &str) -> bool {
        let split = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '"');
        self.patterns
            .split(split)
            .any(|part| part == word || part.split_once('-').is_some_and(|(_, part)| part == word))
    }

    /// Whether a pattern that begins so goes on.
    pub(super) fn goes_on(&self, begins: &str) -> bool {
        self.patterns
            .lines()
            .any(|line| line.strip_prefix(begins).is_some_and(|rest| rest.starts_with(' ') && !rest.trim().is_empty()))
    }
}

impl Change {
    pub(super) fn new(kind: Kind, what: impl Into<String>, octets: Vec<u8>) -> Self {
        Self { kind, what: what.into(), octets, then: Then::GoOn }
    }
}

impl Kind {
    /// Whether only the connection was changed, which every scenario notices.
    pub fn ends_connection(self) -> bool {
        matches!(self, Self::Closed | Self::Cut | Self::Left)
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// All changes of a frame that make a difference, at most 32, then one answer too many, line ends, lengths and forms that are
/// wrong, nothing at all, and three that end the connection. None but the last equals the frame. A message has one change.
pub fn changes(heard: Heard, raw: &[u8], looks: &Looks) -> Vec<Change> {
    let Heard::Answer(protocol) = heard else { return mail(raw) };
    let mut found = match protocol {
        Protocol::Smtp => smtp::changes(raw, looks),
        Protocol::Pop3 => pop3::changes(raw, looks),
        Protocol::Imap => imap::changes(raw, looks),
    };
    found.extend(looks.earlier.clone().map(|raw| Change::new(Kind::Stale, "the same as before", raw)));
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|change| change.octets != raw && seen.insert(change.octets.clone()));
    found.sort_by_key(|change| rank(change.kind));
    found.truncate(CHANGES_MAX);
    found.push(Change::new(Kind::Surplus, "one more behind it", surplus(protocol, raw)));
    found.extend(framing(protocol, raw));
    found.extend(form::changes(protocol, raw));
    found.push(Change::new(Kind::Withheld, "withheld", Vec::new()));
    let half = raw.get(..raw.len() / 2).unwrap_or_default().to_vec();
    found.push(Change { then: Then::Close, ..Change::new(Kind::Closed, "closed in place of it", Vec::new()) });
    found.push(Change { then: Then::Close, ..Change::new(Kind::Cut, "cut in the middle", half) });
    found.push(Change { then: Then::Close, ..Change::new(Kind::Left, "closed behind it", raw.to_vec()) });
    found
}

/// A message whose body has another octet.
fn mail(raw: &[u8]) -> Vec<Change> {
    let other = another_octet_of_message(raw);
    if other == raw { Vec::new() } else { vec![Change::new(Kind::Octet, "an octet of the message", other)] }
}

/// The frame with an answer too many.
fn surplus(protocol: Protocol, raw: &[u8]) -> Vec<u8> {
    match protocol {
        Protocol::Smtp | Protocol::Pop3 => raw.repeat(2),
        Protocol::Imap => [raw, b"* OK one more\r\n"].concat(),
    }
}

/// The first line end without CR, and the first line beyond the 512 octets of RFC 5321 §4.5.3.1.5 and RFC 1939 §3.
fn framing(protocol: Protocol, raw: &[u8]) -> Vec<Change> {
    let Some(at) = raw.windows(2).position(|pair| pair == b"\r\n") else { return Vec::new() };
    let (before, behind) = raw.split_at(at);
    let bare = [before, behind.get(1..).unwrap_or_default()].concat();
    let mut found = vec![Change::new(Kind::Framing, "CR stripped", bare)];
    if matches!(protocol, Protocol::Smtp | Protocol::Pop3) {
        let long = [before, &b" x".repeat(256), behind].concat();
        found.push(Change::new(Kind::Framing, "512 octets more in the first line", long));
    }
    found
}

fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Status | Kind::Forbidden | Kind::Stale => 0,
        Kind::Dropped => 1,
        Kind::Number | Kind::Word | Kind::Octet => 2,
        Kind::Repeated => 3,
        Kind::Surplus | Kind::Framing | Kind::Form | Kind::Withheld | Kind::Closed | Kind::Cut | Kind::Left => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_has_bounded_changes_and_none_is_the_frame_itself() {
        let (numbers, nils) = ("7 ".repeat(20), "NIL ".repeat(20));
        let strings: String = (0..20).map(|n| format!("\"s{n}\" ")).collect();
        let raw = format!("* 1 FETCH (FLAGS (\\A \\B \\C) ENVELOPE ({nils}{numbers}{strings}NIL))\r\n");
        let looks = Looks { patterns: format!("NIL {}", strings.to_ascii_uppercase()), ..Looks::default() };
        let found = changes(Heard::Answer(Protocol::Imap), raw.as_bytes(), &looks);
        assert_eq!(found.len(), CHANGES_MAX + 7);
        assert!(found.iter().all(|change| change.octets != raw.as_bytes() || change.then == Then::Close));
        let names: std::collections::BTreeSet<_> = found.iter().map(|change| &change.what).collect();
        assert_eq!(names.len(), found.len());
    }

    #[test]
    fn closing_and_cutting_come_last_and_end_the_connection() {
        let found = changes(Heard::Answer(Protocol::Smtp), b"250 ok\r\n", &Looks::default());
        let told = found.iter().filter(|change| change.kind != Kind::Form);
        let told: Vec<_> = told.map(|change| (change.what.as_str(), change.octets.as_slice())).collect();
        let long = [&b"250 ok"[..], &b" x".repeat(256), b"\r\n"].concat();
        let wanted: [(&str, &[u8]); 9] = [
            ("250 becomes 550", b"550 ok\r\n"),
            ("250 becomes 354", b"354 ok\r\n"),
            ("one more behind it", b"250 ok\r\n250 ok\r\n"),
            ("CR stripped", b"250 ok\n"),
            ("512 octets more in the first line", &long),
            ("withheld", b""),
            ("closed in place of it", b""),
            ("cut in the middle", b"250 "),
            ("closed behind it", b"250 ok\r\n"),
        ];
        assert_eq!(told, wanted);
        assert!(found.iter().all(|change| (change.then == Then::Close) == change.kind.ends_connection()));
    }

    #[test]
    fn what_has_to_differ_is_the_same_once_and_a_message_has_another_octet() {
        let looks = Looks { earlier: Some(b"+OK <1@a>\r\n".to_vec()), ..Looks::default() };
        let stale = |raw: &[u8]| {
            let found = changes(Heard::Answer(Protocol::Pop3), raw, &looks).into_iter();
            found.filter(|change| change.kind == Kind::Stale).map(|change| change.octets).collect::<Vec<_>>()
        };
        assert_eq!(stale(b"+OK <2@a>\r\n"), [b"+OK <1@a>\r\n"]);
        assert_eq!(stale(b"+OK <1@a>\r\n"), [b""; 0]);
        let mail = changes(Heard::Mail, b"A: b\r\n\r\nc\r\n", &looks);
        assert_eq!(mail, [Change::new(Kind::Octet, "an octet of the message", b"A: b\r\n\r\nq\r\n".to_vec())]);
        assert_eq!(changes(Heard::Mail, b"A: b\r\n\r\n", &looks), []);
    }

    #[test]
    fn what_is_named_is_a_word_of_a_pattern_or_a_keyword_behind_a_code() {
        let looks = Looks { patterns: "250-SIZE _\n* 1 FETCH (UID 4)\n550 5.1.1\n".to_owned(), ..Looks::default() };
        assert!(looks.names("SIZE") && looks.names("UID") && !looks.names("DSN") && !looks.names("FLAGS"));
        assert!(looks.goes_on("550") && !looks.goes_on("250"));
    }
}
