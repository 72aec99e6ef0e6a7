//! What must hold within one response beyond its grammar.

use std::collections::BTreeSet;

use super::notes::Notes;
use super::value::{has, is_word, list, number, number_of, set, text};
use super::{Response, Value};

const ONE_SELECTABILITY: &str = "rfc3501-7.2.2-one-selectability-flag";
const NOT_BOTH_CHILDREN: &str = "rfc5258-4-not-both";
const NOT_BOTH_LITERALS: &str = "rfc7888-5-not-both";
const SYSTEM_FLAGS: &str = "rfc3501-7.2.6-flags-include-system-flags";
const KNOWN_FLAGS: &str = "rfc3501-9-flags-output-known";
const STATUS_UNSEEN: &str = "rfc3501-6.3.10-status-unseen";
const STATUS_RECENT: &str = "rfc3501-6.3.10-status-recent";
const UIDNEXT: &str = "rfc3501-2.3.1.1-uidnext-lower-bound";
const COPYUID_PAIRS: &str = "rfc4315-3-copyuid-pairs-in-order";
const APPENDUID_ONE: &str = "rfc4315-3-appenduid-single-not-range";
const ID_FIELD: &str = "rfc2971-3.3-field-length";
const ID_VALUE: &str = "rfc2971-3.3-value-length";
const ID_PAIRS: &str = "rfc2971-3.3-pair-count";
const ID_TWICE: &str = "rfc2971-3.3-no-duplicate-fields";

/// What this file judges.
pub(super) const BEHIND: &[&str] = &[
    ONE_SELECTABILITY,
    NOT_BOTH_CHILDREN,
    NOT_BOTH_LITERALS,
    SYSTEM_FLAGS,
    KNOWN_FLAGS,
    STATUS_UNSEEN,
    STATUS_RECENT,
    UIDNEXT,
    COPYUID_PAIRS,
    APPENDUID_ONE,
    ID_FIELD,
    ID_VALUE,
    ID_PAIRS,
    ID_TWICE,
];

/// RFC 3501 §2.3.2, without `\Recent`.
pub(super) const SYSTEM: [&str; 5] = ["\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft"];

/// Judges a response by itself.
pub(super) fn judge(response: &Response, notes: &mut Notes<'_>) {
    match response {
        Response::Data { number: None, name, args, .. } => match name.as_str() {
            "LIST" | "LSUB" => list_attributes(list(args.first()), notes),
            "CAPABILITY" => capabilities(args, notes),
            "FLAGS" => {
                let flags = list(args.first());
                let lacks = !SYSTEM.iter().all(|flag| has(flags, flag));
                notes.judge(SYSTEM_FLAGS, lacks.then_some("a FLAGS response without one of the system flags"));
                known_flags(flags, notes);
            }
            "STATUS" => status(list(args.get(1)), notes),
            "ID" => id(list(args.first()), notes),
            _ => {}
        },
        Response::Data { number: Some(_), name, args, .. } if name == "FETCH" => {
            if let Some(flags) = super::value::item(list(args.first()), "FLAGS") {
                known_flags(list(Some(flags)), notes);
            }
        }
        Response::Status { code: Some(code), .. } => match (code.name.as_str(), code.args.as_slice()) {
            ("CAPABILITY", words) => capabilities(words, notes),
            ("PERMANENTFLAGS", [flags]) => known_flags(list(Some(flags)), notes),
            // RFC 4315 §3: one message has a number, and neither 12:12 nor 12,12. Of several messages there are more UIDs.
            ("APPENDUID", [_, uids]) => {
                if let Some(1) = set(uids).map(|uids| uids.count()) {
                    let written = number(uids).is_none();
                    notes.judge(APPENDUID_ONE, written.then_some("APPENDUID with a set of one UID"));
                }
            }
            ("COPYUID", [_, from, to]) => {
                if let (Some(from), Some(to)) = (set(from), set(to)) {
                    let broken = from.count() != to.count();
                    notes.judge(COPYUID_PAIRS, broken.then_some("COPYUID with sets of different size"));
                }
            }
            (_, _) => {}
        },
        Response::Data { .. } | Response::Status { .. } | Response::Continue { .. } => {}
    }
}

/// Attributes that exclude each other in LIST and LSUB. RFC 3501 §7.2.2, RFC 5258 §4.
fn list_attributes(attributes: &[Value], notes: &mut Notes<'_>) {
    let more = ["\\Noselect", "\\Marked", "\\Unmarked"].iter().filter(|word| has(attributes, word)).count() > 1;
    notes.judge(ONE_SELECTABILITY, more.then_some("more than one of \\Noselect, \\Marked and \\Unmarked"));
    let both = has(attributes, "\\HasChildren") && has(attributes, "\\HasNoChildren");
    notes.judge(NOT_BOTH_CHILDREN, both.then_some("\\HasChildren together with \\HasNoChildren"));
}

/// RFC 7888 §5: servers must not advertise both at the same time.
fn capabilities(words: &[Value], notes: &mut Notes<'_>) {
    let both = has(words, "LITERAL+") && has(words, "LITERAL-");
    notes.judge(NOT_BOTH_LITERALS, both.then_some("LITERAL+ together with LITERAL-"));
}

/// RFC 3501 §9, flag-extension: servers must not generate flags with a backslash that no standard defines. Whether
/// `\Recent` may stand outside of FETCH is not settled, and where `\*` may stand is a matter of grammar.
fn known_flags(flags: &[Value], notes: &mut Notes<'_>) {
    let known = |flag: &Value| SYSTEM.iter().chain(&["\\Recent", "\\*"]).any(|known| is_word(flag, known));
    let unknown = flags.iter().any(|flag| text(flag).is_some_and(|name| name.starts_with(b"\\")) && !known(flag));
    notes.judge(KNOWN_FLAGS, unknown.then_some("a flag with a backslash that no standard defines"));
}

/// Numbers of one STATUS response. RFC 3501 §6.3.10; §2.3.1.1: UIDs are distinct and below UIDNEXT.
fn status(items: &[Value], notes: &mut Notes<'_>) {
    let Some(messages) = number_of(items, "MESSAGES") else { return };
    if let Some(unseen) = number_of(items, "UNSEEN") {
        notes.judge(STATUS_UNSEEN, (unseen > messages).then_some("STATUS with more unseen messages than messages"));
    }
    if let Some(recent) = number_of(items, "RECENT") {
        notes.judge(STATUS_RECENT, (recent > messages).then_some("STATUS with more recent messages than messages"));
    }
    if let Some(next) = number_of(items, "UIDNEXT").filter(|next| *next > 0) {
        notes.judge(UIDNEXT, (next <= messages).then_some("UIDNEXT not above the number of messages"));
    }
}

/// RFC 2971 §3.3.
fn id(fields: &[Value], notes: &mut Notes<'_>) {
    let pairs = fields.chunks(2);
    notes.judge(ID_PAIRS, (pairs.len() > 30).then_some("an ID response with more than 30 pairs"));
    let length = |value: Option<&Value>| value.and_then(text).map_or(0, <[u8]>::len);
    let mut names = BTreeSet::new();
    for pair in pairs {
        notes.judge(ID_FIELD, (length(pair.first()) > 30).then_some("an ID field name of more than 30 octets"));
        notes.judge(ID_VALUE, (length(pair.get(1)) > 1024).then_some("an ID value of more than 1024 octets"));
        let name = pair.first().and_then(text).map(<[u8]>::to_ascii_lowercase);
        notes.judge(ID_TWICE, (!names.insert(name)).then_some("an ID field name that occurs twice"));
    }
}
