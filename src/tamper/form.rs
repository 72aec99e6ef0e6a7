//! Changes that break the form of a frame, which what is always watched looks at. They are for scenarios that watch.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::change::{Change, Kind};
use super::scan::{another_octet, identified, lines};
use crate::scenario::Protocol;

/// Characters of a unique-id, and one more. RFC 1939 §7.
const UNIQUE_ID_TOO_LONG: usize = 71;

/// All changes of the form of a frame.
pub(super) fn changes(protocol: Protocol, raw: &[u8]) -> Vec<Change> {
    let mut found = match protocol {
        Protocol::Smtp => reply(raw),
        Protocol::Pop3 => [statuses(raw), unique_ids(raw), sizes(raw).into_iter().collect()].concat(),
        Protocol::Imap => {
            let found =
                [revisions(raw), both_literals(raw), fields(raw), dates(raw), flags(raw), literals(raw), uncalled(raw)];
            found.into_iter().flatten().collect()
        }
    };
    found.extend(challenges(raw));
    found
}

fn form(what: &str, octets: Vec<u8>) -> Change {
    Change::new(Kind::Form, what, octets)
}

/// An SMTP reply: its code, its separators, its text. RFC 5321 §4.2, RFC 2034 §4.
fn reply(raw: &[u8]) -> Vec<Change> {
    let lines = lines(raw);
    let Some((last, before)) = lines.split_last() else { return Vec::new() };
    let content = last.trim_ascii_end();
    let (Some(code), Some(text)) = (content.get(..3), content.get(4..)) else { return Vec::new() };
    let ended = |parts: &[&[u8]]| [&before.concat(), &parts.concat(), &b"\r\n"[..]].concat();
    let other = |octet: u8| if octet == b'1' { b'0' } else { b'1' };
    let next = |code: &[u8]| -> Vec<u8> {
        let (head, end) = code.split_at(code.len().saturating_sub(1));
        head.iter().copied().chain(end.iter().map(|octet| other(*octet))).collect()
    };
    let beyond: Vec<u8> = lines.iter().flat_map(|line| [b"6", line.get(1..).unwrap_or_default()].concat()).collect();
    let mut found = vec![
        form("a code of 6yz", beyond),
        form("nothing between code and text", ended(&[code, text])),
        form("an octet above 127 in the text", ended(&[code, b" ", text, b"\xff"])),
        form("one more line with another code", ended(&[code, b"-", text, b"\r\n", &next(code), b" ", text])),
        form("no text", ended(&[code])),
    ];
    found.extend(enhanced(code, text).into_iter().map(|(what, parts)| form(what, ended(&[&parts]))));
    found
}

/// The last line of a reply with an enhanced code in another form. RFC 2034 §4, RFC 3463 §2.
fn enhanced(code: &[u8], text: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let end = text.iter().position(|octet| *octet == b' ').unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let parts: Vec<&[u8]> = word.split(|octet| *octet == b'.').collect();
    let [class, subject, detail] = parts.as_slice() else { return Vec::new() };
    if !parts.iter().all(|part| !part.is_empty() && part.iter().all(u8::is_ascii_digit)) {
        return Vec::new();
    }
    let another: &[u8] = if *detail == b"9" { b"8" } else { b"9" };
    vec![
        (
            "a zero in front of a number of the enhanced code",
            [code, b" ", class, b".0", subject, b".", detail, rest].concat(),
        ),
        ("an enhanced code of two numbers", [code, b" ", class, b".", subject, rest].concat()),
        ("no space behind the enhanced code", [code, b" ", word].concat()),
        ("another enhanced code", [code, b" ", class, b".", subject, b".", another, rest].concat()),
        (
            "one more line with another enhanced code",
            [code, b"-", text, b"\r\n", code, b" ", class, b".", subject, b".", another, rest].concat(),
        ),
    ]
}

/// A POP3 answer with its status in another form. RFC 1939 §3.
fn statuses(raw: &[u8]) -> Vec<Change> {
    let Some(status) = [&b"+OK"[..], b"-ERR"].into_iter().find(|status| raw.starts_with(status)) else {
        return Vec::new();
    };
    let rest = raw.strip_prefix(status).unwrap_or_default();
    vec![
        form("a status in lower case", [&status.to_ascii_lowercase(), rest].concat()),
        form("a status that is none of the two", [b"=OK", rest].concat()),
    ]
}

/// A POP3 listing whose first unique-id is too long, and one with a character that may not stand in it. RFC 1939 §7.
fn unique_ids(raw: &[u8]) -> Vec<Change> {
    let lines = lines(raw);
    let [first, entry, rest @ ..] = lines.as_slice() else { return Vec::new() };
    let Some((number, id)) = identified(entry) else { return Vec::new() };
    let with = |id: &[u8]| [first, number, b" ", id, b"\r\n", &rest.concat()].concat();
    vec![
        form("a unique-id of 71 characters", with(&b"x".repeat(UNIQUE_ID_TOO_LONG))),
        form("DEL in a unique-id", with(&[id, b"\x7f"].concat())),
    ]
}

/// A POP3 scan listing with text behind the first size. RFC 1939 §5.
fn sizes(raw: &[u8]) -> Option<Change> {
    let lines = lines(raw);
    let [first, entry, rest @ ..] = lines.as_slice() else { return None };
    let content = entry.trim_ascii_end();
    let mut words = content.split(|octet| *octet == b' ');
    let is_number =
        |word: Option<&[u8]>| word.is_some_and(|word| !word.is_empty() && word.iter().all(u8::is_ascii_digit));
    let listed = is_number(words.next()) && is_number(words.next()) && words.next().is_none();
    listed.then(|| form("text behind a size", [first, content, b" octets\r\n", &rest.concat()].concat()))
}

/// An IMAP list of capabilities that names no revision. RFC 3501 §7.2.1.
fn revisions(raw: &[u8]) -> Option<Change> {
    let words = raw.strip_prefix(b"* CAPABILITY")?.trim_ascii_end();
    let names_none = |word: &&[u8]| !word.to_ascii_uppercase().starts_with(b"IMAP4REV");
    let left: Vec<&[u8]> = words.split(|octet| *octet == b' ').filter(names_none).collect();
    Some(form("no revision listed", [b"* CAPABILITY", left.join(&b' ').as_slice(), b"\r\n"].concat()))
}

/// An IMAP list of capabilities with both kinds of literals that are sent at once. RFC 7888 §5.
fn both_literals(raw: &[u8]) -> Option<Change> {
    let words = raw.strip_prefix(b"* CAPABILITY")?.trim_ascii_end();
    let is_neither = |word: &&[u8]| !word.eq_ignore_ascii_case(b"LITERAL+") && !word.eq_ignore_ascii_case(b"LITERAL-");
    let left: Vec<&[u8]> = words.split(|octet| *octet == b' ').filter(is_neither).collect();
    let octets = [b"* CAPABILITY", left.join(&b' ').as_slice(), b" LITERAL+ LITERAL-\r\n"].concat();
    Some(form("LITERAL+ and LITERAL- side by side", octets))
}

/// An IMAP ID response that tells all its fields twice. RFC 2971 §3.3.
fn fields(raw: &[u8]) -> Option<Change> {
    let inner = raw.strip_prefix(b"* ID (")?.strip_suffix(b")\r\n")?;
    Some(form("all fields twice", [b"* ID (", inner, b" ", inner, b")\r\n"].concat()))
}

/// An IMAP internal date whose day has one character. RFC 3501 §9, date-day-fixed.
fn dates(raw: &[u8]) -> Option<Change> {
    const NAME: &[u8] = b"INTERNALDATE \"";
    let day = raw.windows(NAME.len()).position(|octets| octets.eq_ignore_ascii_case(NAME))? + NAME.len();
    let (before, behind) = raw.split_at(day);
    Some(form("a day of one character", [before, behind.get(1..)?].concat()))
}

/// A flag with a backslash that no standard defines. RFC 3501 §9, flag-extension.
fn flags(raw: &[u8]) -> Option<Change> {
    const LIST: &[u8] = b"FLAGS (";
    let open = raw.windows(LIST.len()).position(|octets| octets.eq_ignore_ascii_case(LIST))? + LIST.len();
    let (before, behind) = raw.split_at(open);
    let blank: &[u8] = if behind.starts_with(b")") { b"" } else { b" " };
    Some(form("a flag that no standard defines", [before, b"\\Odd", blank, behind].concat()))
}

/// A first literal that is announced with one octet less than it has. RFC 3501 §4.3.
fn literals(raw: &[u8]) -> Option<Change> {
    let end = raw.windows(3).position(|octets| octets == b"}\r\n")?;
    let start = raw.get(..end)?.iter().rposition(|octet| *octet == b'{')? + 1;
    let count: u64 = std::str::from_utf8(raw.get(start..end)?).ok()?.parse().ok()?;
    let less = count.checked_sub(1)?.to_string();
    let (before, behind) = (raw.get(..start)?, raw.get(end..)?);
    Some(form("a literal of one octet less", [before, less.as_bytes(), behind].concat()))
}

/// An IMAP answer behind a continuation request that nothing waits for. RFC 3501 §7.5, RFC 7888 §3.
fn uncalled(raw: &[u8]) -> Option<Change> {
    let is_tagged = !raw.is_empty() && !raw.starts_with(b"* ") && !raw.starts_with(b"+");
    is_tagged.then(|| form("a continuation request before it", [b"+ go ahead\r\n", raw].concat()))
}

/// A message of a SCRAM server that shows another server. RFC 5802 §5.1 and §7.
fn challenges(raw: &[u8]) -> Vec<Change> {
    let Some(split) = [&b"+ "[..], b"334 "].iter().find(|head| raw.starts_with(head)).map(|head| head.len()) else {
        return Vec::new();
    };
    let (head, text) = raw.split_at(split);
    let Ok(message) = STANDARD.decode(text.trim_ascii_end()) else { return Vec::new() };
    let encoded =
        |(what, message): (&str, Vec<u8>)| form(what, [head, STANDARD.encode(message).as_bytes(), b"\r\n"].concat());
    scram(&message).into_iter().map(encoded).collect()
}

fn scram(message: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    if let Some(signature) = message.strip_prefix(b"v=") {
        return vec![("another signature", [b"v=", another_octet(signature).as_slice()].concat())];
    }
    let parts: Vec<&[u8]> = message.split(|octet| *octet == b',').collect();
    let [nonce, salt, count, rest @ ..] = parts.as_slice() else { return Vec::new() };
    let (Some(first), true) = (nonce.strip_prefix(b"r=").and_then(<[u8]>::first), count.starts_with(b"i=")) else {
        return Vec::new();
    };
    let joined = |nonce: &[u8], count: &[u8]| [&[nonce, salt, count], rest].concat().join(&b',');
    let other = [b"r=", another_octet(&[*first]).as_slice(), nonce.get(3..).unwrap_or_default()].concat();
    vec![
        ("a nonce that begins otherwise", joined(&other, count)),
        ("an iteration count of 4095", joined(nonce, b"i=4095")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(protocol: Protocol, raw: &[u8]) -> Vec<(String, String)> {
        let escaped = |change: Change| (change.what, change.octets.escape_ascii().to_string());
        changes(protocol, raw).into_iter().map(escaped).collect()
    }

    /// Name and octets of each change of a frame.
    type Told<'a> = &'a [(&'a str, &'a str)];

    const FORMS: &[(Protocol, &str, Told<'_>)] = &[
        (
            Protocol::Smtp,
            "250-2.1.5 a\r\n250 2.1.5 b\r\n",
            &[
                ("a code of 6yz", r"650-2.1.5 a\r\n650 2.1.5 b\r\n"),
                ("nothing between code and text", r"250-2.1.5 a\r\n2502.1.5 b\r\n"),
                ("an octet above 127 in the text", r"250-2.1.5 a\r\n250 2.1.5 b\xff\r\n"),
                ("one more line with another code", r"250-2.1.5 a\r\n250-2.1.5 b\r\n251 2.1.5 b\r\n"),
                ("no text", r"250-2.1.5 a\r\n250\r\n"),
                ("a zero in front of a number of the enhanced code", r"250-2.1.5 a\r\n250 2.01.5 b\r\n"),
                ("an enhanced code of two numbers", r"250-2.1.5 a\r\n250 2.1 b\r\n"),
                ("no space behind the enhanced code", r"250-2.1.5 a\r\n250 2.1.5\r\n"),
                ("another enhanced code", r"250-2.1.5 a\r\n250 2.1.9 b\r\n"),
                ("one more line with another enhanced code", r"250-2.1.5 a\r\n250-2.1.5 b\r\n250 2.1.9 b\r\n"),
            ],
        ),
        (
            Protocol::Pop3,
            "+OK\r\n1 a\r\n2 b\r\n.\r\n",
            &[
                ("a status in lower case", r"+ok\r\n1 a\r\n2 b\r\n.\r\n"),
                ("a status that is none of the two", r"=OK\r\n1 a\r\n2 b\r\n.\r\n"),
                (
                    "a unique-id of 71 characters",
                    r"+OK\r\n1 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n2 b\r\n.\r\n",
                ),
                ("DEL in a unique-id", r"+OK\r\n1 a\x7f\r\n2 b\r\n.\r\n"),
            ],
        ),
        (
            Protocol::Pop3,
            "-ERR\r\n",
            &[("a status in lower case", r"-err\r\n"), ("a status that is none of the two", r"=OK\r\n")],
        ),
        (
            Protocol::Pop3,
            "+OK\r\n1 12\r\n2 9\r\n.\r\n",
            &[
                ("a status in lower case", r"+ok\r\n1 12\r\n2 9\r\n.\r\n"),
                ("a status that is none of the two", r"=OK\r\n1 12\r\n2 9\r\n.\r\n"),
                (
                    "a unique-id of 71 characters",
                    r"+OK\r\n1 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n2 9\r\n.\r\n",
                ),
                ("DEL in a unique-id", r"+OK\r\n1 12\x7f\r\n2 9\r\n.\r\n"),
                ("text behind a size", r"+OK\r\n1 12 octets\r\n2 9\r\n.\r\n"),
            ],
        ),
        (
            Protocol::Imap,
            "* CAPABILITY IMAP4rev1 IDLE imap4REV2\r\n",
            &[
                ("no revision listed", r"* CAPABILITY IDLE\r\n"),
                ("LITERAL+ and LITERAL- side by side", r"* CAPABILITY IMAP4rev1 IDLE imap4REV2 LITERAL+ LITERAL-\r\n"),
            ],
        ),
        (
            Protocol::Imap,
            "* ID (\"name\" \"x\")\r\n",
            &[("all fields twice", r#"* ID (\"name\" \"x\" \"name\" \"x\")\r\n"#)],
        ),
        (
            Protocol::Imap,
            "* 1 FETCH (INTERNALDATE \" 3-Feb-2003 12:00:00 +0000\")\r\n",
            &[("a day of one character", r#"* 1 FETCH (INTERNALDATE \"3-Feb-2003 12:00:00 +0000\")\r\n"#)],
        ),
        (
            Protocol::Imap,
            "* 1 FETCH (FLAGS (\\Seen) BODY[] {3}\r\nabc)\r\n",
            &[
                ("a flag that no standard defines", r"* 1 FETCH (FLAGS (\\Odd \\Seen) BODY[] {3}\r\nabc)\r\n"),
                ("a literal of one octet less", r"* 1 FETCH (FLAGS (\\Seen) BODY[] {2}\r\nabc)\r\n"),
            ],
        ),
        (Protocol::Imap, "* FLAGS ()\r\n", &[("a flag that no standard defines", r"* FLAGS (\\Odd)\r\n")]),
        (Protocol::Imap, "* 1 FETCH (BODY[] {0}\r\n)\r\n", &[]),
        // r=abc,s=QQ==,i=4096
        (
            Protocol::Imap,
            "+ cj1hYmMscz1RUT09LGk9NDA5Ng==\r\n",
            &[
                ("a nonce that begins otherwise", r"+ cj1xYmMscz1RUT09LGk9NDA5Ng==\r\n"),
                ("an iteration count of 4095", r"+ cj1hYmMscz1RUT09LGk9NDA5NQ==\r\n"),
            ],
        ),
        // v=abc
        (Protocol::Pop3, "+ dj1hYmM=\r\n", &[("another signature", r"+ dj1hcWM=\r\n")]),
        (Protocol::Imap, "+ \r\n", &[]),
        (Protocol::Imap, "A1 OK done\r\n", &[("a continuation request before it", r"+ go ahead\r\nA1 OK done\r\n")]),
    ];

    #[test]
    fn each_broken_form_is_another_one() {
        for (protocol, raw, wanted) in FORMS {
            let owned = |(what, sent): &(&str, &str)| (what.to_string(), sent.to_string());
            assert_eq!(told(*protocol, raw.as_bytes()), wanted.iter().map(owned).collect::<Vec<_>>(), "{raw}");
        }
    }

    #[test]
    fn frames_cut_short_are_changed_without_harm() {
        for raw in [
            "",
            "2",
            "250",
            "250\r\n",
            "250 \r\n",
            "+OK\r\n",
            "+OK\r\n1\r\n",
            "* CAPABILITY",
            "* ID (",
            "INTERNALDATE \"",
            "+ cj0=",
            "334 ",
            "FLAGS (",
            "{3}\r\n",
        ] {
            for protocol in [Protocol::Smtp, Protocol::Pop3, Protocol::Imap] {
                assert!(changes(protocol, raw.as_bytes()).len() < 6, "{raw}");
            }
        }
    }
}
