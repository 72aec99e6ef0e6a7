//! What must hold within one reply, given what it answers and what the server offered. When in doubt it says nothing.

use super::{CommandLine, Keyword, Reply, Verb};

/// What is broken, and how.
pub(super) type Contradiction = (&'static str, &'static str);

/// Requirements that were looked at, and those that are broken.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) watched: Vec<&'static str>,
    pub(super) found: Vec<Contradiction>,
}

impl Sheet {
    /// A requirement was looked at; what breaks it, if something does.
    pub(super) fn look(&mut self, id: &'static str, broken: Option<&'static str>) {
        self.watched.push(id);
        self.found.extend(broken.map(|what| (id, what)));
    }
}

/// Whether octets are protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layer {
    Clear,
    Tls,
}

const GREETING_NAME: &str = "rfc5321-4.2-greeting-names-server";
const HELLO_NAME: &str = "rfc5321-4.1.1.1-hello-reply-names-server";
const BARE: &str = "rfc5321-4.2-no-bare-codes";
const HELO_PLAIN: &str = "rfc5321-3.2-helo-reply-not-ehlo-style";
const NOT_IN_TLS: &str = "rfc3207-4.2-starttls-not-offered-in-tls";
const SIZE: &str = "rfc1870-3-keyword-parameter-syntax";
const MECHANISMS: &str = "rfc4954-3-keyword-lists-mechanisms";
const BINARY: &str = "rfc3030-3-binarymime-requires-chunking";
const UTF8_NEEDS: &str = "rfc6531-3.1-8bitmime-announced";
const DELIVERBY: &str = "rfc2852-2-keyword-parameter-syntax";
const FUTURE: &str = "rfc4865-3-keyword-parameters";
const REQUIRETLS: &str = "rfc8689-2-only-offered-inside-tls";
const CHALLENGE: &str = "rfc4954-4-challenge-only-base64";
const EMPTY_FIRST: &str = "rfc4954-4-plain-without-initial-response";
const CODE_THERE: &str = "rfc2034-4-code-in-every-reply";
const CODE_SYNTAX: &str = "rfc2034-4-code-syntax";
const CODE_SPACE: &str = "rfc2034-4-code-followed-by-space";
const CODE_CLASS: &str = "rfc2034-4-class-agrees-with-reply";
const CODE_SAME: &str = "rfc2034-4-same-code-on-every-line";
const CODE_ZEROS: &str = "rfc3463-2-no-leading-zeros";
const AUTH_CODES: &str = "rfc4954-6-enhanced-codes";
const TRANSACTION_CODES: &str = "rfc5321-4.3.2-codes-of-transaction-commands";
const OTHER_CODES: &str = "rfc5321-4.3.2-codes-vrfy-expn-help";

/// Keywords without parameters. RFC 3207 §2, RFC 2920 §2, RFC 6152 §2, RFC 2034 §3, RFC 3461 §2, RFC 6531 §3.1.
const NO_PARAMETER: &[(&str, &str)] = &[
    ("STARTTLS", "rfc3207-2-no-keyword-parameter"),
    ("PIPELINING", "rfc2920-2-no-keyword-parameter"),
    ("8BITMIME", "rfc6152-2-no-keyword-parameter"),
    ("ENHANCEDSTATUSCODES", "rfc2034-3-no-keyword-parameter"),
    ("DSN", "rfc3461-2-no-keyword-parameter"),
    ("SMTPUTF8", "rfc6531-3.1-no-keyword-parameter"),
];

/// Replies that say yes, by what they answer; the requirement that another one breaks. Which refusal is right depends on
/// policy and on extensions, so only these are judged. RFC 5321 §4.3.2, RFC 3030 §2, RFC 3207 §4, RFC 4954 §4.
const POSITIVE: &[(&str, &[u16], &str)] = &[
    ("greeting", &[220], TRANSACTION_CODES),
    ("EHLO", &[250], TRANSACTION_CODES),
    ("MAIL", &[250], TRANSACTION_CODES),
    ("RCPT", &[250, 251], TRANSACTION_CODES),
    ("DATA", &[354], "rfc5321-3.3-data-354"),
    ("end of data", &[250], TRANSACTION_CODES),
    ("BDAT", &[250], "rfc3030-2-each-chunk-acknowledged"),
    ("RSET", &[250], "rfc5321-4.1.1.5-rset-any-time"),
    ("NOOP", &[250], "rfc5321-4.1.1.9-noop-250"),
    ("QUIT", &[221], "rfc5321-4.1.1.10-quit-221"),
    ("VRFY", &[250, 251, 252], OTHER_CODES),
    ("EXPN", &[250, 252], OTHER_CODES),
    ("HELP", &[211, 214], OTHER_CODES),
    ("STARTTLS", &[220], "rfc3207-4-starttls-220"),
    ("AUTH", &[235, 334], "rfc4954-4-success-235"),
];

/// Enhanced codes that RFC 4954 §6 pairs with its reply codes; 500 and 530 have more than one cause.
const AUTH_PAIRS: &[(u16, (u16, u16, u16))] =
    &[(235, (2, 7, 0)), (432, (4, 7, 12)), (454, (4, 7, 0)), (534, (5, 7, 9)), (535, (5, 7, 8))];

/// What this file judges.
pub(super) fn behind() -> Vec<&'static str> {
    let mut ids = vec![
        GREETING_NAME,
        HELLO_NAME,
        BARE,
        HELO_PLAIN,
        NOT_IN_TLS,
        SIZE,
        MECHANISMS,
        BINARY,
        UTF8_NEEDS,
        DELIVERBY,
        FUTURE,
        REQUIRETLS,
        CHALLENGE,
        EMPTY_FIRST,
        CODE_THERE,
        CODE_SYNTAX,
        CODE_SPACE,
        CODE_CLASS,
        CODE_SAME,
        CODE_ZEROS,
        AUTH_CODES,
    ];
    ids.extend(NO_PARAMETER.iter().map(|(_, id)| *id));
    ids.extend(POSITIVE.iter().map(|(_, _, id)| *id));
    ids
}

/// The row of [`POSITIVE`] for a command. Arguments where there should be none may make it another command.
fn positive(command: &CommandLine) -> Option<&'static (&'static str, &'static [u16], &'static str)> {
    let name = match (command.verb, command.words.is_empty()) {
        (Verb::Greeting, _) => "greeting",
        (Verb::Ehlo | Verb::Helo, _) => "EHLO",
        (Verb::Mail, _) => "MAIL",
        (Verb::Rcpt, _) => "RCPT",
        (Verb::Data, true) => "DATA",
        (Verb::EndOfData, _) => "end of data",
        (Verb::Bdat(..), _) => "BDAT",
        (Verb::Rset, true) => "RSET",
        (Verb::Noop, _) => "NOOP",
        (Verb::Quit, true) => "QUIT",
        (Verb::Vrfy, _) => "VRFY",
        (Verb::Expn, _) => "EXPN",
        (Verb::Help, _) => "HELP",
        (Verb::StartTls, true) => "STARTTLS",
        (Verb::Auth, false) | (Verb::Response, _) => "AUTH",
        (Verb::Data | Verb::Rset | Verb::Quit | Verb::StartTls, false)
        | (Verb::Auth, true)
        | (Verb::Etrn | Verb::Other, _) => return None,
    };
    POSITIVE.iter().find(|(own, _, _)| *own == name)
}

/// The code of a reply to this command.
pub(super) fn code(command: &CommandLine, reply: &Reply, sheet: &mut Sheet) {
    let Some((name, codes, id)) = positive(command) else { return };
    // QUIT is never refused: RFC 5321 §4.1.1.10 orders 221, and not even RFC 3207 §4.1 takes QUIT in. 421 closes too.
    let refused = reply.code >= 400 && (*name != "QUIT" || reply.code == 421);
    let wrong = (!refused && !codes.contains(&reply.code)).then_some("a positive reply with a code of another command");
    let wrong = if *name == "QUIT" { wrong.map(|_| "a reply to QUIT that is not 221") } else { wrong };
    sheet.look(id, wrong);
}

/// Lines of digits alone. RFC 5321 §4.2.
pub(super) fn bare_code(raw: &[u8], sheet: &mut Sheet) {
    let bare = raw.split(|octet| *octet == b'\n').any(|line| line.len() == 4 && line.ends_with(b"\r"));
    sheet.look(BARE, bare.then_some("a code without a space and text"));
}

/// The first word of the greeting. RFC 5321 §4.2.
pub(super) fn greeting(reply: &Reply, sheet: &mut Sheet) {
    if reply.code == 220 {
        sheet.look(GREETING_NAME, (!names_host(reply)).then_some("a greeting that does not begin with a domain"));
    }
}

/// A reply to EHLO that parsed: the server's name and its keywords. RFC 5321 §4.1.1.1.
pub(super) fn ehlo(reply: &Reply, keywords: &[Keyword], layer: Layer, sheet: &mut Sheet) {
    sheet.look(HELLO_NAME, (!names_host(reply)).then_some("a reply to EHLO that does not begin with a domain"));
    let offers = |name: &str| keywords.iter().any(|keyword| keyword.name == name);
    sheet.look(
        NOT_IN_TLS,
        (layer == Layer::Tls && offers("STARTTLS")).then_some("STARTTLS is offered although TLS is active"),
    );
    for keyword in keywords {
        let params: Vec<&str> = keyword.params.iter().map(String::as_str).collect();
        if let Some((_, id)) = NO_PARAMETER.iter().find(|(name, _)| *name == keyword.name) {
            sheet.look(id, (!params.is_empty()).then_some("a parameter of a keyword that has none"));
        }
        match keyword.name.as_str() {
            "SIZE" => {
                sheet.look(SIZE, (!is_size(&params)).then_some("SIZE with more than one number in decimal digits"))
            }
            "AUTH" => sheet.look(
                MECHANISMS,
                (!params.iter().all(|name| is_mechanism(name))).then_some("a word after AUTH that names no mechanism"),
            ),
            "BINARYMIME" => sheet.look(
                BINARY,
                (!params.is_empty() || !offers("CHUNKING"))
                    .then_some("BINARYMIME without CHUNKING or with a parameter"),
            ),
            "SMTPUTF8" => sheet.look(UTF8_NEEDS, (!offers("8BITMIME")).then_some("SMTPUTF8 without 8BITMIME")),
            "DELIVERBY" => {
                sheet.look(
                    DELIVERBY,
                    (!is_min_by_time(&params)).then_some("DELIVERBY with something other than its list"),
                );
            }
            "FUTURERELEASE" => {
                sheet.look(FUTURE, (!is_future(&params)).then_some("FUTURERELEASE without its interval and its date"));
            }
            "REQUIRETLS" => {
                sheet.look(REQUIRETLS, (layer == Layer::Clear).then_some("REQUIRETLS is offered without TLS"));
            }
            _ => {}
        }
    }
}

/// A reply to HELO. RFC 5321 §3.2.
pub(super) fn helo(reply: &Reply, keywords: &[Keyword], sheet: &mut Sheet) {
    // Human text may stand in further lines, so only keywords that nobody writes by chance tell the style.
    const KNOWN: &[&str] = &["PIPELINING", "STARTTLS", "8BITMIME", "ENHANCEDSTATUSCODES", "CHUNKING", "SMTPUTF8"];
    if reply.code == 250 {
        let styled = keywords.iter().any(|keyword| KNOWN.contains(&keyword.name.as_str()) && keyword.params.is_empty());
        sheet.look(HELO_PLAIN, styled.then_some("a reply to HELO that lists extensions"));
    }
}

/// A challenge. RFC 4954 §4.
pub(super) fn challenge(reply: &Reply, sheet: &mut Sheet) {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    if reply.code == 334 {
        let valid = matches!(reply.lines.as_slice(), [text] if STANDARD.decode(text.as_bytes()).is_ok());
        sheet.look(CHALLENGE, (!valid).then_some("a challenge that is not base64"));
    }
}

/// The first challenge of PLAIN, in which the client begins: without an initial response it is empty. RFC 4954 §4.
pub(super) fn first_challenge(command: &CommandLine, reply: &Reply, sheet: &mut Sheet) {
    if command.verb == Verb::Auth && command.words == ["PLAIN"] && reply.code == 334 {
        let empty = reply.lines.iter().all(|text| text.is_empty());
        sheet.look(EMPTY_FIRST, (!empty).then_some("a challenge with data where the client begins"));
    }
}

/// Enhanced status codes, where they were offered; not for replies to EHLO and HELO and for the greeting. RFC 2034 §4.
pub(super) fn enhanced_codes(command: &CommandLine, reply: &Reply, sheet: &mut Sheet) {
    let class = reply.code / 100;
    let exempt = matches!(command.verb, Verb::Greeting | Verb::Ehlo | Verb::Helo) || class == 3;
    if exempt {
        return;
    }
    let written: Vec<&[u8]> = reply.lines.iter().map(|line| code_word(line)).collect();
    let missing = written.iter().any(|word| !word.contains(&b'.'));
    sheet.look(CODE_THERE, missing.then_some("a line without an enhanced status code"));
    if missing {
        return;
    }
    let spaced = reply.lines.iter().zip(&written).all(|(line, word)| line.get(word.len()) == Some(&b' '));
    sheet.look(CODE_SPACE, (!spaced).then_some("an enhanced status code without a space behind it"));
    let same = written.windows(2).all(|two| matches!(two, [a, b] if a == b));
    sheet.look(CODE_SAME, (!same).then_some("lines with different enhanced status codes"));
    let Some(parts) = written.first().and_then(|word| three_numbers(word)) else {
        return sheet.look(CODE_SYNTAX, Some("an enhanced status code of another form than class.subject.detail"));
    };
    sheet.look(CODE_SYNTAX, None);
    let zeros = written
        .iter()
        .any(|word| word.split(|octet| *octet == b'.').any(|part| part.len() > 1 && part.starts_with(b"0")));
    sheet.look(CODE_ZEROS, zeros.then_some("an enhanced status code with a leading zero"));
    sheet.look(CODE_CLASS, (parts.0 != class).then_some("an enhanced status code of another class than the reply"));
    if matches!(command.verb, Verb::Auth | Verb::Response)
        && let Some((_, pair)) = AUTH_PAIRS.iter().find(|(code, _)| *code == reply.code)
    {
        sheet.look(
            AUTH_CODES,
            (parts != *pair).then_some("another enhanced status code than RFC 4954 gives this reply"),
        );
    }
}

/// Digits and periods at the start of a text.
fn code_word(line: &[u8]) -> &[u8] {
    let end = line.iter().position(|octet| !octet.is_ascii_digit() && *octet != b'.').unwrap_or(line.len());
    line.get(..end).unwrap_or_default()
}

fn three_numbers(word: &[u8]) -> Option<(u16, u16, u16)> {
    let number = |part: &[u8]| {
        let valid = (1..=3).contains(&part.len());
        valid.then(|| part.iter().fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0')))
    };
    let parts: Vec<u16> = word.split(|octet| *octet == b'.').map(number).collect::<Option<_>>()?;
    match parts.as_slice() {
        [class @ (2 | 4 | 5), subject, detail] => Some((*class, *subject, *detail)),
        _ => None,
    }
}

/// Whether the first word of a reply is a domain or an address literal. RFC 5321 §4.1.2 and §4.1.3.
fn names_host(reply: &Reply) -> bool {
    let Some(line) = reply.lines.first() else { return false };
    let word = line.split(|octet| *octet == b' ').next().unwrap_or_default();
    let literal = word.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]")).is_some_and(|rest| !rest.is_empty());
    literal || word.split(|octet| *octet == b'.').all(is_label)
}

fn is_label(label: &[u8]) -> bool {
    let ends =
        label.first().is_some_and(u8::is_ascii_alphanumeric) && label.last().is_some_and(u8::is_ascii_alphanumeric);
    ends && label.iter().all(|octet| octet.is_ascii_alphanumeric() || *octet == b'-')
}

/// RFC 1870 §3: nothing, or decimal digits.
fn is_size(params: &[&str]) -> bool {
    match params {
        [] => true,
        [number] => is_digits(number),
        _ => false,
    }
}

fn is_digits(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|octet| octet.is_ascii_digit())
}

/// RFC 4422 §3.1.
fn is_mechanism(name: &str) -> bool {
    let valid = |octet: u8| octet.is_ascii_uppercase() || octet.is_ascii_digit() || matches!(octet, b'-' | b'_');
    (1..=20).contains(&name.len()) && name.bytes().all(valid)
}

/// RFC 2852 §2: nothing, or a list that begins with a number of at most nine digits, which may be missing.
fn is_min_by_time(params: &[&str]) -> bool {
    match params {
        [] => true,
        [list] => {
            let mut parts = list.split(',');
            let first = parts.next().unwrap_or_default();
            (first.is_empty() || (is_digits(first) && first.len() <= 9)) && parts.all(|part| !part.is_empty())
        }
        _ => false,
    }
}

/// RFC 4865 §3: 1 to 999999999 seconds, and a date-time of RFC 3339.
fn is_future(params: &[&str]) -> bool {
    let [interval, date] = params else { return false };
    let shape: String = date.chars().map(|c| if c.is_ascii_digit() { '0' } else { c.to_ascii_uppercase() }).collect();
    let dated = shape.starts_with("0000-00-00T00:00:00");
    is_digits(interval) && interval.len() <= 9 && !interval.starts_with('0') && dated
}
