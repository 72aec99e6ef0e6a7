//! Changes of POP3 responses. RFC 1939 §3.

use super::change::{Change, Kind, Looks};
use super::scan::{another_octet, identified, lines, one_more};
use crate::pop3::Form;

/// Lines of a body that are changed at most.
const LINES_MAX: usize = 4;

/// All changes of a response.
pub(super) fn changes(raw: &[u8], looks: &Looks) -> Vec<Change> {
    let lines = lines(raw);
    let Some((first, body)) = lines.split_first() else { return Vec::new() };
    let mut found = statuses(first, looks);
    found.extend(forbidden_statuses(looks));
    found.extend(first_line(first, body, looks));
    if let Some((end, content)) = body.split_last() {
        found.extend(body_lines(first, content, end, looks));
        found.extend(forbidden(first, content, end, looks));
    }
    found
}

/// The other status; a `+OK` to a command that lists comes with an empty body.
fn statuses(first: &[u8], looks: &Looks) -> Vec<Change> {
    let word = first.split(|octet| octet.is_ascii_whitespace()).next().unwrap_or_default();
    let rest = first.get(word.len()..).unwrap_or_default();
    let end: &[u8] = if looks.form == Some(Form::Multi) { b".\r\n" } else { b"" };
    let status = |other: &str, end: &[u8]| {
        let what = format!("{} becomes {other}", String::from_utf8_lossy(word));
        Change::new(Kind::Status, what, [other.as_bytes(), rest, end].concat())
    };
    match word {
        b"+OK" => vec![status("-ERR", b"")],
        b"-ERR" => vec![status("+OK", end)],
        b"+" => vec![status("+OK", b""), status("-ERR", b"")],
        _ => Vec::new(),
    }
}

/// The status with a code that a line forbids.
fn forbidden_statuses(looks: &Looks) -> impl Iterator<Item = Change> {
    let coded = (1..).zip(looks.forbidden.iter().filter(|text| text.starts_with("-ERR [")));
    coded.map(|(number, text)| {
        Change::new(Kind::Forbidden, format!("forbidden code {number}"), format!("{text} no\r\n").into_bytes())
    })
}

/// Numbers and words behind the status, where a line names them, and the code of a refusal.
fn first_line(first: &[u8], body: &[&[u8]], looks: &Looks) -> Vec<Change> {
    let mut found = Vec::new();
    let text = first.trim_ascii_end();
    let rebuilt = |parts: Vec<&[u8]>| [parts.join(&b' '), b"\r\n".to_vec(), body.concat()].concat();
    let words: Vec<&[u8]> = text.split(|octet| *octet == b' ').collect();
    if text.starts_with(b"-ERR [") && looks.patterns.contains("-ERR [") {
        let end = text.iter().position(|octet| *octet == b']').map_or(text.len(), |at| at + 1);
        let rest = text.get(end..).unwrap_or_default();
        found.push(Change::new(Kind::Word, "code dropped", [b"-ERR", rest, b"\r\n"].concat()));
    }
    if text.starts_with(b"+OK") && looks.goes_on("+OK") {
        for at in 1..words.len().min(4) {
            let Some(word) = words.get(at) else { continue };
            let digits = !word.is_empty() && word.iter().all(u8::is_ascii_digit);
            let other = if digits { one_more(word) } else { another_octet(word) };
            let mut parts = words.clone();
            if let Some(slot) = parts.get_mut(at) {
                *slot = &other;
            }
            let kind = if digits { Kind::Number } else { Kind::Octet };
            found.push(Change::new(kind, format!("word {at} behind +OK"), rebuilt(parts)));
        }
    }
    found
}

/// Lines of the body: the first and the last two, and one of the middle.
fn body_lines(first: &[u8], content: &[&[u8]], end: &[u8], looks: &Looks) -> Vec<Change> {
    let mut found = Vec::new();
    let whole = |lines: &[&[u8]]| [first, &lines.concat(), end].concat();
    let named = |at: &usize| {
        let line = content.get(*at).copied().unwrap_or_default();
        let word = String::from_utf8_lossy(line).to_ascii_uppercase();
        looks.names(word.split([' ', '\r']).next().unwrap_or_default())
    };
    let count = content.len();
    let mut chosen: Vec<usize> = (0..count).filter(named).collect();
    chosen
        .extend([count.saturating_sub(1), 0, count.saturating_sub(2), count / 2].into_iter().filter(|at| *at < count));
    chosen = chosen
        .into_iter()
        .scan(Vec::new(), |seen, at| {
            let new = !seen.contains(&at);
            seen.push(at);
            Some(new.then_some(at))
        })
        .flatten()
        .take(LINES_MAX)
        .collect();
    for at in chosen {
        let Some(line) = content.get(at) else { continue };
        let number = at + 1;
        let with = |other: &[u8]| {
            let mut lines = content.to_vec();
            if let Some(slot) = lines.get_mut(at) {
                *slot = other;
            }
            whole(&lines)
        };
        if let (Some(one), Some(other)) = (identified(line), content.first().and_then(|first| identified(first)))
            && at > 0
        {
            let same = [one.0, b" ", other.1, b"\r\n"].concat();
            found.push(Change::new(Kind::Word, format!("line {number} has the word of line 1"), with(&same)));
        }
        let changed = match listing(line) {
            Some(more) => {
                Change::new(Kind::Number, format!("the last number of line {number} is one more"), with(&more))
            }
            None => Change::new(Kind::Octet, format!("an octet of line {number}"), with(&another_octet(line))),
        };
        found.push(changed);
        if line.starts_with(b"..") {
            let bare = line.get(1..).unwrap_or_default();
            // Alone it would end the body.
            if bare != b".\r\n" {
                found.push(Change::new(Kind::Octet, format!("line {number} not doubled"), with(bare)));
            }
        }
        found.push(Change::new(Kind::Dropped, format!("line {number} dropped"), with(b"")));
        found.push(Change::new(Kind::Repeated, format!("line {number} sent twice"), with(&line.repeat(2))));
    }
    found
}

/// `1 200` with its last number one more.
fn listing(line: &[u8]) -> Option<Vec<u8>> {
    let text = line.trim_ascii_end();
    let (number, size) = text.split_at(text.iter().position(|octet| *octet == b' ')?);
    let size = size.get(1..)?;
    let digits = |word: &[u8]| !word.is_empty() && word.iter().all(u8::is_ascii_digit);
    (digits(number) && digits(size)).then(|| [number, b" ", &one_more(size), b"\r\n"].concat())
}

/// Lines that must not be there.
fn forbidden(first: &[u8], content: &[&[u8]], end: &[u8], looks: &Looks) -> Vec<Change> {
    let bare = |text: &&String| !text.starts_with(['+', '-']);
    let added = |text: &String| {
        let octets = [first, &content.concat(), text.as_bytes(), b"\r\n", end].concat();
        Change::new(Kind::Forbidden, format!("{text} added"), octets)
    };
    looks.forbidden.iter().filter(bare).map(added).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(raw: &str, patterns: &str, forbidden: &[&str], form: Form) -> Vec<String> {
        let looks = Looks {
            patterns: patterns.to_owned(),
            forbidden: forbidden.iter().map(|text| (*text).to_owned()).collect(),
            form: Some(form),
            ..Looks::default()
        };
        let found = changes(raw.as_bytes(), &looks);
        found.iter().map(|one| format!("{}: {}", one.what, String::from_utf8_lossy(&one.octets))).collect()
    }

    #[test]
    fn each_change_of_a_response_is_another_response() {
        assert_eq!(
            told("+OK 2 320\r\n", "+OK 2 320", &[], Form::Single),
            [
                "+OK becomes -ERR: -ERR 2 320\r\n",
                "word 1 behind +OK: +OK 3 320\r\n",
                "word 2 behind +OK: +OK 2 321\r\n",
            ]
        );
        // Text for people is left alone.
        assert_eq!(told("+OK 2 messages\r\n", "+OK", &[], Form::Single).len(), 1);
        assert_eq!(
            told("-ERR [AUTH] no\r\n", "-ERR [AUTH]", &[], Form::Single)[..2],
            ["-ERR becomes +OK: +OK [AUTH] no\r\n", "code dropped: -ERR no\r\n"]
        );
        let coded = told("-ERR no\r\n", "-ERR", &["-ERR [AUTH]"], Form::Single);
        assert_eq!(coded[1], "forbidden code 1: -ERR [AUTH] no\r\n");
        let uidl = told("+OK\r\n1 a\r\n2 b\r\n.\r\n", "", &[], Form::Multi);
        assert!(uidl.contains(&"line 2 has the word of line 1: +OK\r\n1 a\r\n2 a\r\n.\r\n".to_owned()), "{uidl:?}");
        assert_eq!(told("-ERR no\r\n", "-ERR", &[], Form::Multi)[0], "-ERR becomes +OK: +OK no\r\n.\r\n");
    }

    #[test]
    fn lines_of_a_body_change_go_and_come_twice() {
        assert_eq!(
            told("+OK\r\nUIDL\r\n1 20\r\n..a\r\n.\r\n", "+OK\nUIDL\n.", &["STLS"], Form::Multi),
            [
                "+OK becomes -ERR: -ERR\r\n",
                "an octet of line 1: +OK\r\nUIDQ\r\n1 20\r\n..a\r\n.\r\n",
                "line 1 dropped: +OK\r\n1 20\r\n..a\r\n.\r\n",
                "line 1 sent twice: +OK\r\nUIDL\r\nUIDL\r\n1 20\r\n..a\r\n.\r\n",
                "an octet of line 3: +OK\r\nUIDL\r\n1 20\r\n..q\r\n.\r\n",
                "line 3 not doubled: +OK\r\nUIDL\r\n1 20\r\n.a\r\n.\r\n",
                "line 3 dropped: +OK\r\nUIDL\r\n1 20\r\n.\r\n",
                "line 3 sent twice: +OK\r\nUIDL\r\n1 20\r\n..a\r\n..a\r\n.\r\n",
                "the last number of line 2 is one more: +OK\r\nUIDL\r\n1 21\r\n..a\r\n.\r\n",
                "line 2 dropped: +OK\r\nUIDL\r\n..a\r\n.\r\n",
                "line 2 sent twice: +OK\r\nUIDL\r\n1 20\r\n1 20\r\n..a\r\n.\r\n",
                "STLS added: +OK\r\nUIDL\r\n1 20\r\n..a\r\nSTLS\r\n.\r\n",
            ]
        );
    }
}
