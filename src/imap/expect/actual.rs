//! What came: its octets, its flags, and how it is shown.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::place::Place;
use crate::base::ByteString;
use crate::imap::Value;

/// The text of a value; NIL, lists and sections have none.
pub(super) fn octets(value: &Value) -> Option<Cow<'_, [u8]>> {
    match value {
        Value::Number(number) => Some(Cow::Owned(number.to_string().into_bytes())),
        Value::Atom(text) | Value::Quoted(text) | Value::Literal(text) | Value::Literal8(text) => {
            Some(Cow::Borrowed(text))
        }
        Value::Nil | Value::List(_) | Value::Section { .. } => None,
    }
}

/// A list of flags in lower case; `\Recent` of a message does not count.
pub(super) fn flags(value: &Value, place: Place) -> Option<BTreeSet<String>> {
    let Value::List(values) = value else { return None };
    let mut found = BTreeSet::new();
    for value in values {
        let flag = String::from_utf8_lossy(&octets(value)?).to_ascii_lowercase();
        if place != Place::MessageFlags || flag != "\\recent" {
            found.insert(flag);
        }
    }
    Some(found)
}

/// The value as a pattern would say it.
pub(super) fn show(value: &Value) -> String {
    match value {
        Value::Nil => "NIL".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Atom(text) => text.escaped().replace("\\\\", "\\"),
        Value::Quoted(text) | Value::Literal(text) | Value::Literal8(text) => quoted(text),
        Value::List(values) => format!("({})", values.iter().map(show).collect::<Vec<_>>().join(" ")),
        Value::Section { item, spec, origin } => {
            format!("{item}[{spec}]{}", origin.map_or_else(String::new, |origin| format!("<{origin}>")))
        }
    }
}

fn quoted(text: &ByteString) -> String {
    format!("\"{}\"", text.escaped().replace('"', "\\\"").replace("${", "$${"))
}
