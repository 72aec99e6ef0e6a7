//! Changes of SMTP replies. RFC 5321 §4.2.

use super::change::{Change, Kind, Looks};
use super::scan::{another_octet, lines, one_more};

/// Lines of one reply that are changed at most.
const LINES_MAX: usize = 6;

/// All changes of a reply.
pub(super) fn changes(raw: &[u8], looks: &Looks) -> Vec<Change> {
    let lines = lines(raw);
    let Some(code) = lines.first().and_then(|line| code_of(line)) else { return Vec::new() };
    let mut found = statuses(&code, &lines, looks);
    if looks.goes_on(&code) {
        found.extend(texts(&code, &lines));
    }
    if code == "250" && lines.len() > 1 {
        found.extend(keywords(&lines, looks));
    }
    found.extend(forbidden(&code, &lines, looks));
    found
}

fn code_of(line: &[u8]) -> Option<String> {
    let code = line.get(..3).filter(|code| code.iter().all(u8::is_ascii_digit))?;
    Some(String::from_utf8_lossy(code).into_owned())
}

/// The reply with another code in all its lines; an enhanced code follows its class or goes. RFC 2034 §4.
fn with_code(code: &str, lines: &[&[u8]]) -> Vec<u8> {
    let class = code.get(..1).unwrap_or_default();
    let line = |line: &&[u8]| -> Vec<u8> {
        let rest = line.get(3..).unwrap_or_default();
        let (sep, text) = rest.split_at(rest.len().min(1));
        let text = match enhanced(text) {
            Some(end) if matches!(class, "2" | "4" | "5") => {
                [class.as_bytes(), text.get(1..end).unwrap_or_default(), text.get(end..).unwrap_or_default()].concat()
            }
            Some(end) => text.get(end + 1..).unwrap_or_default().to_vec(),
            None => text.to_vec(),
        };
        [code.as_bytes(), sep, &text].concat()
    };
    lines.iter().flat_map(line).collect()
}

/// Where the enhanced code at the beginning of a text ends.
fn enhanced(text: &[u8]) -> Option<usize> {
    let end = text.iter().position(|octet| *octet == b' ')?;
    let word = text.get(..end)?;
    let parts: Vec<&[u8]> = word.split(|octet| *octet == b'.').collect();
    let digits = |part: &&[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    (parts.len() == 3 && parts.iter().all(digits)).then_some(end)
}

/// The code of another class, and one of a class that is neither.
fn statuses(code: &str, lines: &[&[u8]], looks: &Looks) -> Vec<Change> {
    let others: &[&str] = match (code, code.as_bytes().first()) {
        ("354" | "334", _) => &["250", "550"],
        (_, Some(b'2')) => &["550", "354"],
        (_, _) => &["250", "354"],
    };
    let wanted = looks.forbidden.iter().filter_map(|text| forbidden_code(text));
    let status = |other: String, kind| Change::new(kind, format!("{code} becomes {other}"), with_code(&other, lines));
    let forbidden = wanted.filter(|other| other != code).map(|other| status(other, Kind::Forbidden));
    forbidden.chain(others.iter().map(|other| status((*other).to_owned(), Kind::Status))).collect()
}

/// `5xx` as a code.
fn forbidden_code(text: &str) -> Option<String> {
    let word = text.split(' ').next().filter(|word| word.len() == 3)?;
    let digit = |(at, c): (usize, char)| match (at, c) {
        (0, 'x' | 'X') => Some('5'),
        (1, 'x' | 'X') => Some('5'),
        (_, 'x' | 'X') => Some('0'),
        (_, digit) => digit.is_ascii_digit().then_some(digit),
    };
    word.chars().enumerate().map(digit).collect()
}

/// Places behind the code, where a line names one: an enhanced code, or the first word.
fn texts(code: &str, lines: &[&[u8]]) -> Vec<Change> {
    let Some((last, before)) = lines.split_last() else { return Vec::new() };
    let text = last.get(4..).unwrap_or_default();
    let (from, to) = match enhanced(text) {
        Some(end) => (4, 4 + end),
        None => {
            let end = text.iter().position(|octet| matches!(octet, b' ' | b'\r' | b'\n')).unwrap_or(text.len());
            (4, 4 + end)
        }
    };
    let word = last.get(from..to).unwrap_or_default();
    let other = if enhanced(text).is_some() {
        let at = word.iter().rposition(|octet| *octet == b'.').map_or(0, |at| at + 1);
        [word.get(..at).unwrap_or_default(), &one_more(word.get(at..).unwrap_or_default())].concat()
    } else {
        another_octet(word)
    };
    let line = [last.get(..from).unwrap_or_default(), &other, last.get(to..).unwrap_or_default()].concat();
    let octets = before.concat().into_iter().chain(line).collect();
    vec![Change::new(Kind::Octet, format!("the word behind {code}"), octets)]
}

/// Lines of keywords that the step names, and lists of mailboxes: RFC 5321 §4.1.1.1, §3.5.2.
fn keywords(lines: &[&[u8]], looks: &Looks) -> Vec<Change> {
    let mut found = Vec::new();
    let word = |line: &[u8]| {
        let text = String::from_utf8_lossy(line.get(4..).unwrap_or_default()).to_ascii_uppercase();
        text.split([' ', '\r', '\n']).next().unwrap_or_default().to_owned()
    };
    let named: Vec<usize> =
        (1..lines.len()).filter(|at| lines.get(*at).is_some_and(|line| looks.names(&word(line)))).collect();
    for at in named.into_iter().take(LINES_MAX) {
        let Some(line) = lines.get(at) else { continue };
        let keyword = word(line);
        found.push(Change::new(Kind::Dropped, format!("{keyword} dropped"), without(lines, at)));
        let (code, rest) = line.split_at(line.len().min(4));
        let text: Vec<&[u8]> = rest.trim_ascii_end().split(|octet| *octet == b' ').collect();
        for param in 1..text.len() {
            let mut parts = text.clone();
            let old = parts.remove(param);
            let digits = !old.is_empty() && old.iter().all(u8::is_ascii_digit);
            let more = one_more(old);
            if digits {
                parts.insert(param, &more);
            }
            let changed = [code, &parts.join(&b' '), b"\r\n"].concat();
            let mut all = lines.to_vec();
            if let Some(slot) = all.get_mut(at) {
                *slot = &changed;
            }
            let (kind, what) = if digits {
                (Kind::Number, format!("parameter {param} of {keyword} is one more"))
            } else {
                (Kind::Word, format!("parameter {param} of {keyword} dropped"))
            };
            found.push(Change::new(kind, what, all.concat()));
        }
    }
    found
}

/// The reply without one line; the last of what is left ends it.
fn without(lines: &[&[u8]], at: usize) -> Vec<u8> {
    let mut left: Vec<Vec<u8>> =
        lines.iter().enumerate().filter(|(index, _)| *index != at).map(|(_, line)| line.to_vec()).collect();
    if let Some(mark) = left.last_mut().and_then(|line| line.get_mut(3)) {
        *mark = b' ';
    }
    left.concat()
}

/// Keywords that must not be announced, as lines.
fn forbidden(code: &str, lines: &[&[u8]], looks: &Looks) -> Vec<Change> {
    let mut found = Vec::new();
    for text in &looks.forbidden {
        let Some(keyword) = text.strip_prefix(code).and_then(|rest| rest.strip_prefix('-')) else { continue };
        let Some((first, rest)) = lines.split_first() else { continue };
        let mut first = first.to_vec();
        if let Some(mark) = first.get_mut(3) {
            *mark = b'-';
        }
        let mark = if rest.is_empty() { " " } else { "-" };
        let line = format!("{code}{mark}{keyword}\r\n").into_bytes();
        found.push(Change::new(Kind::Forbidden, format!("{keyword} added"), [first, line, rest.concat()].concat()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(raw: &str, patterns: &str, forbidden: &[&str]) -> Vec<String> {
        let looks = Looks {
            patterns: patterns.to_owned(),
            forbidden: forbidden.iter().map(|text| (*text).to_owned()).collect(),
            ..Looks::default()
        };
        let found = changes(raw.as_bytes(), &looks);
        found.iter().map(|one| format!("{}: {}", one.what, String::from_utf8_lossy(&one.octets))).collect()
    }

    #[test]
    fn each_change_of_a_reply_is_another_reply() {
        let table: &[(&str, &str, &[&str], &[&str])] = &[
            (
                "250 2.1.0 fine\r\n",
                "250",
                &[],
                &["250 becomes 550: 550 5.1.0 fine\r\n", "250 becomes 354: 354 fine\r\n"],
            ),
            (
                "550 5.1.1 no\r\n",
                "550 5.1.1",
                &["452"],
                &[
                    "550 becomes 452: 452 4.1.1 no\r\n",
                    "550 becomes 250: 250 2.1.1 no\r\n",
                    "550 becomes 354: 354 no\r\n",
                    "the word behind 550: 550 5.1.2 no\r\n",
                ],
            ),
            (
                "250-a.test\r\n250-SIZE 9\r\n250-DSN\r\n250 AUTH PLAIN LOGIN\r\n",
                "250-SIZE _\n250-AUTH PLAIN ...\n250",
                &["250-STARTTLS", "5xx"],
                &[
                    "250 becomes 550: 550-a.test\r\n550-SIZE 9\r\n550-DSN\r\n550 AUTH PLAIN LOGIN\r\n",
                    "250 becomes 550: 550-a.test\r\n550-SIZE 9\r\n550-DSN\r\n550 AUTH PLAIN LOGIN\r\n",
                    "250 becomes 354: 354-a.test\r\n354-SIZE 9\r\n354-DSN\r\n354 AUTH PLAIN LOGIN\r\n",
                    "SIZE dropped: 250-a.test\r\n250-DSN\r\n250 AUTH PLAIN LOGIN\r\n",
                    "parameter 1 of SIZE is one more: 250-a.test\r\n250-SIZE 10\r\n250-DSN\r\n250 AUTH PLAIN LOGIN\r\n",
                    "AUTH dropped: 250-a.test\r\n250-SIZE 9\r\n250 DSN\r\n",
                    "parameter 1 of AUTH dropped: 250-a.test\r\n250-SIZE 9\r\n250-DSN\r\n250 AUTH LOGIN\r\n",
                    "parameter 2 of AUTH dropped: 250-a.test\r\n250-SIZE 9\r\n250-DSN\r\n250 AUTH PLAIN\r\n",
                    "STARTTLS added: 250-a.test\r\n250-STARTTLS\r\n250-SIZE 9\r\n250-DSN\r\n250 AUTH PLAIN LOGIN\r\n",
                ],
            ),
            // A reply without a code cannot be changed into a meaningful one.
            ("hello\r\n", "250", &[], &[]),
        ];
        for (raw, patterns, forbidden, wanted) in table {
            assert_eq!(told(raw, patterns, forbidden), *wanted, "{raw}");
        }
    }

    #[test]
    fn all_but_the_framing_is_still_a_reply() {
        let raw = b"250-a.test\r\n250-SIZE 9\r\n250 AUTH PLAIN LOGIN\r\n";
        let looks = Looks { patterns: "250-SIZE _\n250-AUTH PLAIN\n250".to_owned(), ..Looks::default() };
        for change in changes(raw, &looks) {
            let mut framer = crate::smtp::Framer::new();
            framer.push(&change.octets);
            let frame = framer.next().unwrap().unwrap();
            assert!(frame.parsed.is_ok(), "{change}: {:?}", frame.parsed);
        }
    }
}
