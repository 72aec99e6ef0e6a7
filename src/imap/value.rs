//! Reading the values of a parsed response.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::Value;
use crate::base::NumberSet;

/// The value behind a data item's name.
pub(super) fn item<'a>(items: &'a [Value], name: &str) -> Option<&'a Value> {
    let at = items.iter().step_by(2).position(|item| is_word(item, name))?;
    items.get(at * 2 + 1)
}

/// The number behind a data item's name.
pub(super) fn number_of(items: &[Value], name: &str) -> Option<u64> {
    item(items, name).and_then(number)
}

pub(super) fn is_word(value: &Value, word: &str) -> bool {
    matches!(value, Value::Atom(name) if name.eq_ignore_ascii_case(word.as_bytes()))
}

/// Whether a word is among the values.
pub(super) fn has(values: &[Value], word: &str) -> bool {
    values.iter().any(|value| is_word(value, word))
}

pub(super) fn number(value: &Value) -> Option<u64> {
    if let Value::Number(number) = value { Some(*number) } else { None }
}

/// A list's values; none for anything else.
pub(super) fn list(value: Option<&Value>) -> &[Value] {
    if let Some(Value::List(values)) = value { values } else { &[] }
}

/// Octets of an atom or a string.
pub(super) fn text(value: &Value) -> Option<&[u8]> {
    match value {
        Value::Atom(text) | Value::Quoted(text) | Value::Literal(text) => Some(text),
        Value::Nil | Value::Number(_) | Value::Literal8(_) | Value::List(_) | Value::Section { .. } => None,
    }
}

/// A set of numbers.
pub(super) fn set(value: &Value) -> Option<NumberSet> {
    match value {
        Value::Number(number) => Some(NumberSet::from_ranges([(*number, *number)])),
        Value::Atom(text) => std::str::from_utf8(text).ok().and_then(NumberSet::parse),
        Value::Nil
        | Value::Quoted(_)
        | Value::Literal(_)
        | Value::Literal8(_)
        | Value::List(_)
        | Value::Section { .. } => None,
    }
}

/// A server may answer for a message that another session expunged with NIL, zero, nothing or a date without meaning: that
/// contradicts nothing.
pub(super) fn says_something(value: &Value) -> bool {
    match value {
        Value::Nil | Value::Number(0) => false,
        Value::List(values) => values.iter().any(says_something),
        Value::Quoted(text) | Value::Literal(text) => !text.is_empty() && !text.windows(4).any(|year| year == b"1970"),
        Value::Number(_) | Value::Atom(_) | Value::Literal8(_) | Value::Section { .. } => true,
    }
}

/// Whether a zero stands anywhere: a body structure made up for a message that is gone has no octets.
pub(super) fn has_zero(value: &Value) -> bool {
    match value {
        Value::Number(number) => *number == 0,
        Value::List(values) => values.iter().any(has_zero),
        Value::Nil
        | Value::Atom(_)
        | Value::Quoted(_)
        | Value::Literal(_)
        | Value::Literal8(_)
        | Value::Section { .. } => false,
    }
}

/// Equal for values that mean the same: a quoted string and a literal of the same octets.
pub(super) fn digest(value: &Value) -> u64 {
    fn add(value: &Value, state: &mut DefaultHasher) {
        match value {
            Value::Nil => 0_u8.hash(state),
            Value::Number(number) => (1_u8, number).hash(state),
            Value::Atom(text) => (2_u8, text).hash(state),
            Value::Quoted(text) | Value::Literal(text) | Value::Literal8(text) => (3_u8, text).hash(state),
            Value::List(values) => {
                (4_u8, values.len()).hash(state);
                values.iter().for_each(|value| add(value, state));
            }
            Value::Section { item, spec, origin } => (5_u8, item, spec, origin).hash(state),
        }
    }
    let mut state = DefaultHasher::new();
    add(value, &mut state);
    state.finish()
}
