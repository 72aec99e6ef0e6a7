//! Values of extensions without a rule here: only cut, never judged.

use super::cursor::{Cursor, Parsed};
use super::response::Data;
use super::rule::Rule;
use crate::base::ByteString;
use crate::imap::{Grammar, Revision, Value};

/// The rest of a response line, as values if it can be cut into such, else as one atom.
pub(super) fn rest(c: &mut Cursor<'_>) -> Data {
    let start = c.at();
    let mut args = Vec::new();
    let cut = c.each_after_space(&mut args, value);
    if cut.is_err() || !c.rest().starts_with(b"\r\n") {
        c.back_to(start);
        c.take(b' ');
        let rest = c.rest();
        let end = rest.strip_suffix(b"\r\n").map_or(rest.len(), <[u8]>::len);
        // A NUL or a stray line end is no matter of the extension's grammar.
        let wrong = rest.iter().take(end).position(|octet| matches!(octet, 0 | b'\r' | b'\n')).unwrap_or(end);
        let text = ByteString::from(rest.get(..wrong).unwrap_or_default());
        c.skip(wrong);
        args = if text.is_empty() { Vec::new() } else { vec![Value::Atom(text)] };
    }
    Data { args, grammar: Grammar::Generic }
}

/// One value of any kind.
pub(super) fn value(c: &mut Cursor<'_>) -> Parsed<Value> {
    match c.peek() {
        Some(b'(') => c.nest(Rule::Generic, |c| c.list(value)),
        Some(b'"') => c.quoted(),
        Some(b'{') => c.literal(),
        Some(b'~') if c.rest().starts_with(b"~{") => c.nstring_or_literal8(),
        Some(_) | None if c.take_nil() => Ok(Value::Nil),
        Some(_) | None => {
            let run = c.take_while(|octet| octet > b' ' && octet != 0x7f && !b"()\"".contains(&octet));
            if run.is_empty() { c.enter(Rule::Generic, |c| c.fault("a value")) } else { Ok(number_or_atom(run)) }
        }
    }
}

/// The arguments of a code, which have no literals.
pub(super) fn cut(text: &[u8]) -> Vec<Value> {
    let mut c = Cursor::new(text, Revision::Rev2);
    let mut args = Vec::new();
    let cut = value(&mut c).and_then(|first| {
        args.push(first);
        c.each_after_space(&mut args, value)
    });
    if cut.is_err() || !c.rest().is_empty() { vec![Value::Atom(text.into())] } else { args }
}

/// Digits that stand alone are a number; `007` is not, for it would not be the same text any more.
fn number_or_atom(run: &[u8]) -> Value {
    let plain = run.iter().all(u8::is_ascii_digit) && (run.len() == 1 || run.first() != Some(&b'0'));
    let number = plain.then(|| std::str::from_utf8(run).ok().and_then(|text| text.parse().ok())).flatten();
    number.map_or_else(|| Value::Atom(run.into()), Value::Number)
}
