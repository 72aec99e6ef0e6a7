//! Changes of IMAP responses. RFC 3501 §7, RFC 9051 §7.

use std::ops::Range;

use super::places::{PLACES_MAX, Places, ends, replaced};
use crate::tamper::change::{Change, Kind, Looks};
use crate::tamper::scan::{another_octet, one_more};

/// An address list. RFC 3501 §7.4.2.
const ADDRESSES: &[u8] = b"((NIL NIL \"x\" \"x.example\"))";
/// Response names behind which the words are what the response tells.
const OF_WORDS: [&str; 2] = ["CAPABILITY", "ENABLED"];
/// Response names with a mailbox.
const OF_MAILBOXES: [&str; 3] = ["LIST", "LSUB", "STATUS"];

/// All changes of a response.
pub(in crate::tamper) fn changes(raw: &[u8], looks: &Looks) -> Vec<Change> {
    let head = Head::of(raw);
    let mut found = Vec::new();
    if let Some(status) = &head.status {
        found.extend(statuses(raw, status, &head));
        found.extend(code(raw, status.end, looks));
    }
    if head.is_tagged {
        // A bare status is among the statuses.
        let whole = looks.forbidden.iter().filter(|text| text.contains(' ') && !is_status(text));
        found.extend((1..).zip(whole).map(|(number, text)| {
            let octets = [text.as_bytes(), b"\r\n", raw].concat();
            Change::new(Kind::Forbidden, format!("forbidden answer {number} added: {}", shortened(text)), octets)
        }));
        return found;
    }
    if raw.starts_with(b"+") {
        found.push(Change::new(Kind::Dropped, "dropped", Vec::new()));
    }
    if raw.starts_with(b"* ") {
        found.push(Change::new(Kind::Dropped, "dropped", Vec::new()));
        // All else a server may say as often as it likes. RFC 3501 §7.
        if head.name == "EXPUNGE" {
            found.push(Change::new(Kind::Repeated, "sent twice", raw.repeat(2)));
        }
        if head.status.is_none() {
            found.extend(data(raw, &head.name, looks));
        }
    }
    found
}

/// The first words of a response.
struct Head {
    is_tagged: bool,
    /// In upper case, without the number before it.
    name: String,
    /// Where the status word stands.
    status: Option<Range<usize>>,
}

impl Head {
    fn of(raw: &[u8]) -> Self {
        let first = raw.iter().position(|octet| octet.is_ascii_whitespace()).unwrap_or(raw.len());
        let rest = raw.get(first + 1..).unwrap_or_default();
        let mut words = rest.split(|octet| matches!(octet, b' ' | b'\r' | b'\n'));
        let second = words.next().unwrap_or_default();
        let is_status =
            [&b"OK"[..], b"NO", b"BAD", b"BYE", b"PREAUTH"].iter().any(|word| word.eq_ignore_ascii_case(second));
        let is_tagged = is_status && !matches!(raw.first(), Some(b'*' | b'+'));
        let number = !second.is_empty() && second.iter().all(u8::is_ascii_digit);
        let name = if number { words.next().unwrap_or_default() } else { second };
        let name = String::from_utf8_lossy(name).to_ascii_uppercase();
        Self { is_tagged, name, status: is_status.then_some(first + 1..first + 1 + second.len()) }
    }
}

/// Whether a text begins with a status word, so that the tag is missing.
fn is_status(text: &str) -> bool {
    ["OK", "NO", "BAD"].iter().any(|word| text.split(' ').next() == Some(word))
}

/// A text of which only names are the same in every run: the words before the first value that was put in.
fn shortened(text: &str) -> String {
    text.split(' ').take(3).filter(|word| word.len() < 12).collect::<Vec<_>>().join(" ")
}

/// The other statuses.
fn statuses(raw: &[u8], at: &Range<usize>, head: &Head) -> Vec<Change> {
    let word = String::from_utf8_lossy(raw.get(at.clone()).unwrap_or_default()).to_ascii_uppercase();
    let others: &[&str] = match word.as_str() {
        "OK" => &["NO", "BAD"],
        "NO" => &["OK", "BAD"],
        "BAD" => &["OK", "NO"],
        "PREAUTH" => &["OK"],
        _ => &[],
    };
    let others = if head.is_tagged || word == "PREAUTH" { others } else { &[] };
    let status = |other: &&str| {
        // The code belongs to the other status: `[READ-WRITE]` to OK alone.
        let code = code_at(raw, at.end);
        let bare = code.map_or_else(|| raw.to_vec(), |code| replaced(raw, &(code.start - 1..code.end), b""));
        Change::new(Kind::Status, format!("{word} becomes {other}"), replaced(&bare, at, other.as_bytes()))
    };
    others.iter().map(status).collect()
}

/// Where the response code behind a status stands, brackets included.
fn code_at(raw: &[u8], behind: usize) -> Option<Range<usize>> {
    let start = behind + 1;
    if raw.get(start) != Some(&b'[') {
        return None;
    }
    let length = raw.get(start..)?.iter().position(|octet| *octet == b']')?;
    Some(start..start + length + 1)
}

/// A response code, if the step names it: gone, and its numbers one more.
fn code(raw: &[u8], behind: usize, looks: &Looks) -> Vec<Change> {
    let Some(at) = code_at(raw, behind) else { return Vec::new() };
    let inside = String::from_utf8_lossy(raw.get(at.start + 1..at.end - 1).unwrap_or_default()).to_ascii_uppercase();
    let name = inside.split(' ').next().unwrap_or_default().to_owned();
    if !looks.patterns.contains(&format!("[{name}")) {
        return Vec::new();
    }
    let places = Places::of(raw, at.clone());
    let mut found =
        vec![Change::new(Kind::Word, format!("[{name}] dropped"), replaced(raw, &(at.start - 1..at.end), b""))];
    found.extend(places.numbers(raw, &format!("[{name}]")));
    found.extend(places.flags(raw));
    for (number, word) in (1..).zip(&places.words).skip(1).take(PLACES_MAX) {
        let other = another_octet(raw.get(word.clone()).unwrap_or_default());
        found.push(Change::new(Kind::Octet, format!("word {number} of [{name}]"), replaced(raw, word, &other)));
    }
    if let Some(uid) = places.numbers.last().filter(|_| name == "APPENDUID") {
        let digits = raw.get(uid.clone()).unwrap_or_default();
        let range = [digits, b":", &one_more(digits)].concat();
        found.push(Change::new(Kind::Number, "[APPENDUID] tells a range", replaced(raw, uid, &range)));
    }
    found
}

/// Numbers, flags, words and strings of untagged data.
fn data(raw: &[u8], name: &str, looks: &Looks) -> Vec<Change> {
    let places = Places::of(raw, 2..raw.len());
    let mut found = places.numbers(raw, name);
    found.extend(places.flags(raw));
    found.extend(places.strings(raw, looks));
    let end = raw.len() - raw.iter().rev().take_while(|octet| matches!(octet, b'\r' | b'\n')).count();
    if OF_WORDS.contains(&name) {
        let named = |word: &&Range<usize>| {
            looks.names(&String::from_utf8_lossy(raw.get((*word).clone()).unwrap_or_default()).to_ascii_uppercase())
        };
        for word in places.words.iter().skip(1).filter(named).take(PLACES_MAX) {
            let what = String::from_utf8_lossy(raw.get(word.clone()).unwrap_or_default()).into_owned();
            found.push(Change::new(
                Kind::Word,
                format!("{what} dropped"),
                replaced(raw, &(word.start - 1..word.end), b""),
            ));
        }
        let all: Vec<&Range<usize>> = places.words.iter().skip(1).filter(named).collect();
        if all.len() > 1 {
            let none =
                all.iter().rev().fold(raw.to_vec(), |raw, word| replaced(&raw, &(word.start - 1..word.end), b""));
            found.push(Change::new(Kind::Word, "all named words dropped", none));
        }
        for text in looks.forbidden.iter().filter_map(|text| text.strip_prefix("* CAPABILITY ")) {
            let words = format!(" {text}");
            found.push(Change::new(
                Kind::Forbidden,
                format!("{text} added"),
                replaced(raw, &(end..end), words.as_bytes()),
            ));
        }
    }
    if OF_MAILBOXES.contains(&name) {
        // An atom is the name if no string is: the last word, of STATUS the one behind it.
        let word = if name == "STATUS" { places.words.get(1) } else { places.words.last() };
        if let Some(word) = word.filter(|word| word.end == end || name == "STATUS") {
            let other = another_octet(raw.get(word.clone()).unwrap_or_default());
            found.push(Change::new(Kind::Octet, "an octet of the name", replaced(raw, word, &other)));
        }
    }
    if matches!(name, "SEARCH" | "SORT") {
        found.push(Change::new(Kind::Number, "a number added", replaced(raw, &(end..end), b" 4000000000")));
    }
    if looks.names("NIL") {
        let nils = places
            .words
            .iter()
            .filter(|word| raw.get((*word).clone()).is_some_and(|word| word.eq_ignore_ascii_case(b"NIL")));
        let nils: Vec<_> = (1_usize..).zip(nils).collect();
        // Which of them is right where depends on the place.
        let is_envelope = raw.windows(10).any(|octets| octets.eq_ignore_ascii_case(b"ENVELOPE ("));
        let others: [(&str, &[u8], bool); 2] = [("a string", b"\"x\"", true), ("an address", ADDRESSES, is_envelope)];
        for (what, other, _) in others.iter().filter(|(_, _, is_tried)| *is_tried) {
            found.extend(ends(&nils).map(|(number, nil)| {
                Change::new(Kind::Octet, format!("NIL {number} becomes {what}"), replaced(raw, nil, other))
            }));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::{Framer, Revision};

    fn told(raw: &str, patterns: &str, forbidden: &[&str]) -> Vec<String> {
        let forbidden = forbidden.iter().map(|text| (*text).to_owned()).collect();
        let looks = Looks { patterns: patterns.to_owned(), forbidden, ..Looks::default() };
        let found = changes(raw.as_bytes(), &looks);
        found.iter().map(|one| format!("{}: {}", one.what, String::from_utf8_lossy(&one.octets))).collect()
    }

    #[test]
    fn each_change_of_a_response_is_another_response() {
        let table: &[(&str, &str, &[&str], &[&str])] = &[
            ("A1 OK done\r\n", "OK", &[], &["OK becomes NO: A1 NO done\r\n", "OK becomes BAD: A1 BAD done\r\n"]),
            (
                "A1 OK [APPENDUID 7 9] done 5\r\n",
                "OK [APPENDUID _ ${UID}]",
                &["* 1 EXPUNGE"],
                &[
                    "OK becomes NO: A1 NO done 5\r\n",
                    "OK becomes BAD: A1 BAD done 5\r\n",
                    "[APPENDUID] dropped: A1 OK done 5\r\n",
                    "number 1 of [APPENDUID] is one more: A1 OK [APPENDUID 8 9] done 5\r\n",
                    "number 2 of [APPENDUID] is one more: A1 OK [APPENDUID 7 10] done 5\r\n",
                    "[APPENDUID] tells a range: A1 OK [APPENDUID 7 9:10] done 5\r\n",
                    "forbidden answer 1 added: * 1 EXPUNGE: * 1 EXPUNGE\r\nA1 OK [APPENDUID 7 9] done 5\r\n",
                ],
            ),
            // Codes that nobody names and text for people are left alone.
            ("* OK [UIDNEXT 4] 1 more\r\n", "OK", &[], &["dropped: "]),
            ("* SEARCH\r\n", "* SEARCH", &[], &["dropped: ", "a number added: * SEARCH 4000000000\r\n"]),
            (
                "* CAPABILITY IMAP4rev1 IDLE\r\n",
                "* CAPABILITY IDLE ...",
                &["* CAPABILITY MOVE"],
                &[
                    "dropped: ",
                    "IDLE dropped: * CAPABILITY IMAP4rev1\r\n",
                    "MOVE added: * CAPABILITY IMAP4rev1 IDLE MOVE\r\n",
                ],
            ),
            (
                "* 1 FETCH (X (\"a\" \"b\" \"c\" \"deep\" \"deep\" \"no\" \"e\" \"f\" \"g\"))\r\n",
                "* 1 FETCH (X (... \"DEEP\" ...))",
                &[],
                &[
                    "dropped: ",
                    "number 1 of FETCH is one more: * 2 FETCH (X (\"a\" \"b\" \"c\" \"deep\" \"deep\" \"no\" \"e\" \"f\" \"g\"))\r\n",
                    "the last number is 1: * 1 FETCH (X (\"a\" \"b\" \"c\" \"deep\" \"deep\" \"no\" \"e\" \"f\" \"g\"))\r\n",
                    "an octet of string 1: * 1 FETCH (X (\"q\" \"b\" \"c\" \"deep\" \"deep\" \"no\" \"e\" \"f\" \"g\"))\r\n",
                    "an octet of string 2: * 1 FETCH (X (\"a\" \"q\" \"c\" \"deep\" \"deep\" \"no\" \"e\" \"f\" \"g\"))\r\n",
                    "an octet of string 3: * 1 FETCH (X (\"a\" \"b\" \"q\" \"deep\" \"deep\" \"no\" \"e\" \"f\" \"g\"))\r\n",
                    "an octet of string 7: * 1 FETCH (X (\"a\" \"b\" \"c\" \"deep\" \"deep\" \"no\" \"q\" \"f\" \"g\"))\r\n",
                    "an octet of string 8: * 1 FETCH (X (\"a\" \"b\" \"c\" \"deep\" \"deep\" \"no\" \"e\" \"q\" \"g\"))\r\n",
                    "an octet of string 9: * 1 FETCH (X (\"a\" \"b\" \"c\" \"deep\" \"deep\" \"no\" \"e\" \"f\" \"q\"))\r\n",
                    "an octet of string 4: * 1 FETCH (X (\"a\" \"b\" \"c\" \"deqp\" \"deep\" \"no\" \"e\" \"f\" \"g\"))\r\n",
                ],
            ),
            (
                "* LIST (\\Noselect) \"/\" box\r\n",
                "* LIST (...) _ BOX",
                &[],
                &[
                    "dropped: ",
                    "\\Noselect dropped: * LIST () \"/\" box\r\n",
                    "an octet of string 1: * LIST (\\Noselect) \"/\" box\r\n",
                    "an octet of the name: * LIST (\\Noselect) \"/\" bqx\r\n",
                ],
            ),
        ];
        for (raw, patterns, forbidden, wanted) in table {
            assert_eq!(told(raw, patterns, forbidden), *wanted, "{raw}");
        }
    }

    #[test]
    fn literals_and_flags_of_a_message_change() {
        let raw = "* 2 FETCH (UID 5 FLAGS (\\Seen \\Answered) BODY[1.2]<3> {4}\r\na(1 X NIL)\r\n";
        let found = told(raw, "NIL", &[]);
        let wanted = [
            "number 1 of FETCH is one more: * 3 FETCH (UID 5 FLAGS (\\Seen \\Answered) BODY[1.2]<3> {4}\r\na(1 X NIL)\r\n",
            "number 2 of FETCH is one more: * 2 FETCH (UID 6 FLAGS (\\Seen \\Answered) BODY[1.2]<3> {4}\r\na(1 X NIL)\r\n",
            "number 3 of FETCH is one more: * 2 FETCH (UID 5 FLAGS (\\Seen \\Answered) BODY[1.2]<4> {4}\r\na(1 X NIL)\r\n",
            "the last number is 1: * 2 FETCH (UID 5 FLAGS (\\Seen \\Answered) BODY[1.2]<1> {4}\r\na(1 X NIL)\r\n",
            "\\Seen dropped: * 2 FETCH (UID 5 FLAGS (\\Answered) BODY[1.2]<3> {4}\r\na(1 X NIL)\r\n",
            "\\Answered dropped: * 2 FETCH (UID 5 FLAGS (\\Seen) BODY[1.2]<3> {4}\r\na(1 X NIL)\r\n",
            "\\Draft added: * 2 FETCH (UID 5 FLAGS (\\Draft \\Seen \\Answered) BODY[1.2]<3> {4}\r\na(1 X NIL)\r\n",
            "an octet of string 1: * 2 FETCH (UID 5 FLAGS (\\Seen \\Answered) BODY[1.2]<3> {4}\r\na(7 X NIL)\r\n",
            "NIL 1 becomes a string: * 2 FETCH (UID 5 FLAGS (\\Seen \\Answered) BODY[1.2]<3> {4}\r\na(1 X \"x\")\r\n",
        ];
        assert_eq!(found[1..], wanted);
        let looks = Looks { patterns: "NIL".to_owned(), ..Looks::default() };
        for change in changes(raw.as_bytes(), &looks).iter().filter(|change| change.kind != Kind::Dropped) {
            let mut framer = Framer::new(Revision::Rev1);
            framer.push(&change.octets);
            assert!(matches!(framer.next(), Some(Ok(_))), "{change}");
            assert!(change.kind == Kind::Repeated || framer.rest().is_empty(), "{change}");
        }
    }

    #[test]
    fn a_response_cut_short_is_changed_without_harm() {
        for raw in ["", "*", "* ", "* 1 FETCH (X {9}\r\na", "* X \"a", "A1", "A1 OK", "A1 OK [", "+ ", "* LIST"] {
            let found = changes(raw.as_bytes(), &Looks { patterns: "NIL".to_owned(), ..Looks::default() });
            assert!(found.len() < 12, "{raw}");
        }
    }
}
