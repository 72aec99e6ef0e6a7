//! Small readers: escaped text, templates, sets of numbers, names, messages, secrets.

use std::str::FromStr;

use mailproof::base::{
    ByteString, NumberSet, PlaceValue, RequirementId, ScenarioId, SessionName, Template, VarRef, excerpt, pattern_words,
};
use mailproof::message::{crlf, delivers, dot_stuff, subject_of};
use mailproof::run::{Deflate, REPLACEMENT, Redactor, WireError};
use mailproof::target::parse_duration;

use super::Target;
use crate::check::{ensure, inside, same, tame, two};
use crate::corpus;

pub(super) fn targets() -> Vec<Target> {
    vec![
        Target {
            name: "text",
            grammar: &[
                "([ -~]|\\\\(r|n|t|0|x[0-9a-f]{2}|\\\\)|\\$\\{[a-z][a-z0-9.-]{0,8}\\}|\\$\\$){0,20}",
                "\"([ -!#-Z]|\\\\\"){0,12}\"",
                "<[ -~]{0,12}>",
                "[1-9][0-9]{0,9}([:,][1-9][0-9]{0,9}){0,8}",
                "[0-9]{1,6}(ms|s|m|h)",
            ],
            words: &["${a}", "${a.b}", "$${", "\\x", "\\xff", "\\r\\n", "\\\\", "\"", "<", ">", ":", ",", "*", "10s"],
            seeds: || corpus::expectations().into_iter().map(String::into_bytes).collect(),
            check: text,
        },
        Target {
            name: "message",
            grammar: &[
                "(?-u)((Subject|From|Received|X-[a-z]{1,4}): [ -~]{0,20}(\r\n[ \t][ -~]{1,9})?\r\n){0,6}\r\n([\\x00-\\xff]{0,30}\r\n){0,4}",
                "(?-u)(\\.[ -~]{0,9}\r\n){0,5}",
            ],
            words: &["Received: x\r\n", "Subject:", "\r\n\r\n", "\r\n ", "\r\n.\r\n", "\n.\n"],
            seeds: || vec![mailproof::message::letter("word")],
            check: message,
        },
        Target {
            name: "redact",
            grammar: &["(?-u)[!-~]{1,12}\n[a-z]{1,8}\n([ -~]{0,20}\r\n){0,4}"],
            words: &["alice", "password1", "AGFsaWNlAHBhc3N3b3JkMQ==", "\\x70"],
            seeds: || vec![b"password1\nalice\nLOGIN alice password1\r\nAGFsaWNlAHBhc3N3b3JkMQ==\r\n".to_vec()],
            check: redact,
        },
        Target {
            name: "deflate",
            grammar: &["(?-u)[\\x00-\\xff]{0,40}"],
            words: &["\0\0\u{1}\u{1}", "AAAAAAAA"],
            seeds: || {
                [b"A1 NOOP\r\n".as_slice(), &[0; 2000]].iter().filter_map(|octets| compressed(octets).ok()).collect()
            },
            check: deflate,
        },
    ]
}

fn text(input: &[u8]) -> Result<(), String> {
    let octets = ByteString::from(input);
    tame("escaped", &octets.escaped())?;
    same("unescape", &ByteString::unescape(&octets.escaped()).map_err(|error| format!("unescape: {error}"))?, &octets)?;
    tame("excerpt", &excerpt(input).escaped())?;
    let text = String::from_utf8_lossy(input);
    let wrong = |text: &str| format!("print: {text:?} is refused");
    if let Ok(read) = ByteString::unescape(&text) {
        same("print of octets", &ByteString::unescape(&read.escaped()).map_err(|_| wrong(&read.escaped()))?, &read)?;
    }
    match Template::parse_line(&text) {
        Ok(read) => {
            let printed = read.to_line();
            same("print of a line", &Template::parse_line(&printed).map_err(|_| wrong(&printed))?, &read)?;
        }
        Err(mistake) => inside("place of a mistake", &mistake.at, text.len())?,
    }
    match Template::parse_octets(&text) {
        Ok(read) => {
            let printed = read.to_octets_text();
            same("print of a template", &Template::parse_octets(&printed).map_err(|_| wrong(&printed))?, &read)?;
        }
        Err(mistake) => inside("place of a mistake", &mistake.at, text.len())?,
    }
    for (at, word) in pattern_words(&text) {
        inside("place of a word", &at, text.len())?;
        match PlaceValue::parse(word) {
            Ok(read) => {
                let printed = read.to_string();
                same("print of a value", &PlaceValue::parse(&printed).map_err(|_| wrong(&printed))?, &read)?;
            }
            Err(mistake) => inside("place of a mistake", &mistake.at, word.len())?,
        }
    }
    if let Some(set) = NumberSet::parse(&text) {
        let printed = set.to_string();
        same("print of a set", &NumberSet::parse(&printed), &Some(set.clone()))?;
        ensure(set.contains_all(&set) && (set.count() == 0 || !set.is_disjoint(&set)), || format!("set: {set}"))?;
    }
    VarRef::new(&text);
    parse_duration(&text);
    let _ids = (RequirementId::from_str(&text), ScenarioId::from_str(&text), SessionName::from_str(&text));
    Ok(())
}

fn message(input: &[u8]) -> Result<(), String> {
    let half = input.len() / 2;
    let (got, sent) = (input.get(..half).unwrap_or_default(), input.get(half..).unwrap_or_default());
    let _different = delivers(got, sent);
    ensure(delivers(input, input).is_ok(), || "delivers: a message is not itself".to_owned())?;
    if input.first().is_some_and(u8::is_ascii_alphabetic) {
        let traced = [b"Received: from a by b;\r\n\tnow\r\n".as_slice(), input].concat();
        ensure(delivers(&traced, input).is_ok(), || "delivers: a trace field makes a difference".to_owned())?;
    }
    subject_of(input);
    same("crlf twice", &crlf(&crlf(input)), &crlf(input))?;
    let stuffed = dot_stuff(input);
    let ends =
        stuffed.windows(5).filter(|five| *five == b"\r\n.\r\n").count() + usize::from(stuffed.starts_with(b".\r\n"));
    ensure(ends == 1 && stuffed.ends_with(b".\r\n"), || format!("dot-stuffing: {ends} ends"))
}

fn redact(input: &[u8]) -> Result<(), String> {
    let (secret, rest) = two(input);
    let (user, octets) = two(rest);
    let (Ok(secret), Ok(user)) = (std::str::from_utf8(secret), std::str::from_utf8(user)) else { return Ok(()) };
    let shown = Redactor::new([(user, secret)]).redact(octets);
    // What is put in its place may hold a part of the secret, or make one with its neighbours.
    let replaced = String::from_utf8_lossy(REPLACEMENT);
    let overlaps = secret.contains(['<', '>']) || replaced.contains(secret);
    let seen = shown.windows(secret.len().max(1)).any(|window| window == secret.as_bytes());
    ensure(secret.len() < 4 || overlaps || !seen, || format!("secret: {secret:?} is shown in {shown:?}"))
}

fn compressed(octets: &[u8]) -> Result<Vec<u8>, String> {
    Deflate::default().compress(octets).map_err(|error| format!("compress: {error}"))
}

fn deflate(input: &[u8]) -> Result<(), String> {
    const LIMIT: usize = 100_000;
    let (mut reader, mut read) = (Deflate::default(), Vec::new());
    let done = reader.decompress(&compressed(input)?, &mut read, usize::MAX);
    ensure(done.is_ok() && read == input, || format!("there and back: {done:?}"))?;
    // As octets of a hostile server, in pieces.
    let (mut reader, mut read) = (Deflate::default(), Vec::new());
    for piece in input.chunks(17) {
        match reader.decompress(piece, &mut read, LIMIT) {
            Ok(()) => {}
            Err(WireError::TooMuch(_) | WireError::Deflate) => break,
            Err(error) => return Err(format!("deflate: {error}")),
        }
    }
    ensure(read.len() <= LIMIT + (128 << 10), || format!("bomb: {} octets were made", read.len()))
}
