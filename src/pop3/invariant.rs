//! What must hold within one response, given what it answers. When in doubt it says nothing.

use super::{CommandLine, Keyword, Reply, Status};
use crate::base::ByteString;

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

/// Before or after the login. RFC 1939 §3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Authorization,
    Transaction,
    Unknown,
}

const LINE: &str = "rfc2449-3-capability-line-grammar";
const LINE_LENGTH: &str = "rfc2449-5-capability-line-512";
const SASL: &str = "rfc2449-6.3-sasl-lists-mechanisms";
const DELAY: &str = "rfc2449-6.5-login-delay-argument";
const EXPIRE: &str = "rfc2449-6.7-expire-argument";
const IMPLEMENTATION: &str = "rfc2449-6.9-implementation-tokens";
const UTF8: &str = "rfc6856-2-utf8-capability-form";
const AUTH_CODE: &str = "rfc3206-6-auth-resp-code-both-states";
const EMPTY_FIRST: &str = "rfc5034-4-empty-challenge";
const BRACKET: &str = "rfc2449-6.4-bracket-means-code";
const IN_USE_WHERE: &str = "rfc2449-8.1.2-in-use-where";
const DELAY_WHERE: &str = "rfc2449-8.1.1-login-delay-where";
const SYS_LEVEL: &str = "rfc3206-4-sys-second-level";
const SYS_WHERE: &str = "rfc3206-4-sys-only-with-err";
const AUTH_WHERE: &str = "rfc3206-5-auth-only-on-authentication";
const UTF8_WHERE: &str = "rfc6856-5-utf8-response-code";
const LANG_LIST: &str = "rfc6856-3.2-lang-listing-format";
const LANG_CHOSEN: &str = "rfc6856-3.2-lang-select-answer";

/// What this file judges.
pub(super) const BEHIND: &[&str] = &[
    LINE,
    LINE_LENGTH,
    SASL,
    DELAY,
    EXPIRE,
    IMPLEMENTATION,
    UTF8,
    AUTH_CODE,
    EMPTY_FIRST,
    BRACKET,
    IN_USE_WHERE,
    DELAY_WHERE,
    SYS_LEVEL,
    SYS_WHERE,
    AUTH_WHERE,
    UTF8_WHERE,
    LANG_LIST,
    LANG_CHOSEN,
];

/// Names of response codes that are registered. RFC 2449 §8.1, RFC 3206, RFC 6856 §5.
const CODES: &[&str] = &["IN-USE", "LOGIN-DELAY", "SYS", "AUTH", "UTF8"];

/// Octets of a capability line without its CRLF. RFC 2449 §3.
const LONGEST_CAPABILITY: usize = 510;

/// One line of CAPA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Capability {
    /// In upper case.
    pub(super) tag: String,
    pub(super) params: Vec<String>,
}

/// The lines of a CAPA response. RFC 2449 §3 and §6.
pub(super) fn capabilities(body: &[ByteString], phase: Phase, sheet: &mut Sheet) -> Vec<Capability> {
    let mut found = Vec::new();
    for line in body {
        sheet.look(
            LINE_LENGTH,
            (line.len() > LONGEST_CAPABILITY).then_some("a capability line of more than 512 octets"),
        );
        let Some(capability) = capability(line) else {
            sheet.look(LINE, Some("a capability line that is not a tag and words after one space each"));
            continue;
        };
        sheet.look(LINE, None);
        parameters(&capability, phase, sheet);
        found.push(capability);
    }
    found
}

fn capability(line: &[u8]) -> Option<Capability> {
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    let tag = words.next()?;
    let params: Vec<String> = words.map(str::to_owned).collect();
    let graphic = |word: &str| !word.is_empty() && word.bytes().all(|octet| (0x21..=0x7f).contains(&octet));
    let valid = graphic(tag) && !tag.contains('.') && params.iter().all(|word| graphic(word));
    valid.then(|| Capability { tag: tag.to_ascii_uppercase(), params })
}

fn parameters(capability: &Capability, phase: Phase, sheet: &mut Sheet) {
    let params: Vec<&str> = capability.params.iter().map(String::as_str).collect();
    // USER says that the value may differ per user, which after the login is none. RFC 2449 §6.5 and §6.7.
    let valued = |valid: &dyn Fn(&str) -> bool| match params.as_slice() {
        [value] => valid(value),
        [value, "USER"] => valid(value) && phase != Phase::Transaction,
        _ => false,
    };
    match capability.tag.as_str() {
        "SASL" => {
            let named = params.iter().all(|name| is_mechanism(name));
            sheet.look(SASL, (!named).then_some("a word after SASL that names no mechanism"));
        }
        "LOGIN-DELAY" => sheet.look(DELAY, (!valued(&is_digits)).then_some("LOGIN-DELAY without a number of seconds")),
        "EXPIRE" => {
            let valid = valued(&|value| is_digits(value) || value == "NEVER");
            sheet.look(EXPIRE, (!valid).then_some("EXPIRE without a number of days or NEVER"));
        }
        "IMPLEMENTATION" => sheet.look(IMPLEMENTATION, params.is_empty().then_some("IMPLEMENTATION without a token")),
        "UTF8" => {
            sheet.look(
                UTF8,
                (!matches!(params.as_slice(), [] | ["USER"])).then_some("UTF8 with another argument than USER"),
            );
        }
        "AUTH-RESP-CODE" => sheet.look(AUTH_CODE, (!params.is_empty()).then_some("an argument of AUTH-RESP-CODE")),
        _ => {}
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

/// The registered name of the code in a response, and the levels below it.
pub(super) fn registered(reply: &Reply) -> Option<(&'static str, Vec<String>)> {
    let code = reply.code.as_ref()?.to_ascii_uppercase();
    let mut levels = code.split('/').map(str::to_owned);
    let name = levels.next()?;
    CODES.iter().find(|known| **known == name).map(|name| (*name, levels.collect()))
}

/// Response codes, where RESP-CODES was announced. RFC 2449 §6.4 and §8, RFC 3206, RFC 6856 §5.
pub(super) fn codes(command: &CommandLine, reply: &Reply, sheet: &mut Sheet) {
    if reply.status == Status::Continue || !reply.text.starts_with(b"[") {
        return;
    }
    sheet.look(BRACKET, reply.code.is_none().then_some("text that begins with a bracket and is no response code"));
    let Some((name, levels)) = registered(reply) else { return };
    let refused = reply.status == Status::Err;
    let login = matches!(command.keyword, Keyword::Auth | Keyword::Response | Keyword::Apop | Keyword::Pass);
    let naming = login || command.keyword == Keyword::User;
    match name {
        "IN-USE" => {
            sheet.look(IN_USE_WHERE, (!(refused && login)).then_some("IN-USE elsewhere than with a refused login"))
        }
        "LOGIN-DELAY" => {
            sheet
                .look(DELAY_WHERE, (!(refused && naming)).then_some("LOGIN-DELAY elsewhere than with a refused login"));
        }
        "SYS" => {
            let known = matches!(levels.first().map(String::as_str), Some("TEMP" | "PERM"));
            sheet.look(SYS_LEVEL, (!known).then_some("SYS without TEMP or PERM"));
            sheet.look(SYS_WHERE, (!refused).then_some("SYS with a positive response"));
        }
        // In the response to USER it is discouraged where it tells names that exist, which nobody sees from here.
        "AUTH" => {
            sheet.look(AUTH_WHERE, (!(refused && naming)).then_some("AUTH elsewhere than with a refused login"));
        }
        "UTF8" => {
            let read = matches!(command.keyword, Keyword::List | Keyword::Top | Keyword::Retr);
            sheet.look(
                UTF8_WHERE,
                (!(refused && read)).then_some("UTF8 elsewhere than with a refused LIST, TOP or RETR"),
            );
        }
        _ => {}
    }
}

/// The first challenge of a mechanism in which the client begins: without an initial response it is empty. RFC 5034 §4.
pub(super) fn first_challenge(command: &CommandLine, reply: &Reply, sheet: &mut Sheet) {
    let [name] = command.args.as_slice() else { return };
    let name = name.to_ascii_uppercase();
    let begins =
        matches!(name.as_str(), "PLAIN" | "EXTERNAL" | "ANONYMOUS" | "OAUTHBEARER") || name.starts_with("SCRAM-");
    if begins && command.keyword == Keyword::Auth && reply.status == Status::Continue {
        sheet.look(EMPTY_FIRST, (!reply.text.is_empty()).then_some("a challenge with data where the client begins"));
    }
}

/// Responses to LANG. RFC 6856 §3.2.
pub(super) fn language(command: &CommandLine, reply: &Reply, sheet: &mut Sheet) {
    match (&reply.body, command.args.as_slice()) {
        (Some(body), []) => {
            let valid = |line: &ByteString| {
                let text = std::str::from_utf8(line).ok();
                text.is_some_and(|text| is_language(text.split(' ').next().unwrap_or_default()))
            };
            sheet
                .look(LANG_LIST, (!body.iter().all(valid)).then_some("a line that does not begin with a language tag"));
        }
        (None, [_]) => {
            let tag = reply.text.split(|octet| *octet == b' ').next().unwrap_or_default();
            let named = is_language(&String::from_utf8_lossy(tag));
            sheet.look(LANG_CHOSEN, (!named).then_some("a positive response to LANG without the language chosen"));
        }
        (Some(_) | None, _) => {}
    }
}

/// RFC 5646 §2.1, as far as every tag goes.
fn is_language(tag: &str) -> bool {
    let subtag = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|octet| octet.is_ascii_alphanumeric());
    tag.split('-').all(subtag) && tag.starts_with(|c: char| c.is_ascii_alphabetic())
}
