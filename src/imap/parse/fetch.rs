//! Data items of FETCH. RFC 3501 §7.4.2, RFC 9051 §7.5.2 and the extensions that add items.

use super::body::{Form, body};
use super::cursor::{Cursor, Parsed};
use super::envelope::envelope;
use super::generic;
use super::lexical::upper;
use super::mailbox::{flag, item_name};
use super::response::Data;
use super::rule::Rule;
use super::section::{Sections, section};
use super::status::object_id;
use crate::imap::{Grammar, Value};

/// `msg-att = "(" (msg-att-dynamic / msg-att-static) *(SP (msg-att-dynamic / msg-att-static)) ")"`, after a space
pub(super) fn msg_att(c: &mut Cursor<'_>) -> Parsed<Data> {
    c.sp()?;
    c.enter(Rule::MsgAtt, |c| {
        c.need(b'(')?;
        let mut values = Vec::new();
        let mut grammar = Grammar::Known;
        loop {
            item(c, &mut values, &mut grammar)?;
            if c.take(b')') {
                return Ok(Data { args: vec![Value::List(values)], grammar });
            }
            if c.peek() != Some(b' ') {
                return c.fault("a space or `)`");
            }
            c.skip(1);
        }
    })
}

/// `msg-att-dynamic / msg-att-static`
fn item(c: &mut Cursor<'_>, values: &mut Vec<Value>, grammar: &mut Grammar) -> Parsed<()> {
    let start = c.at();
    let spelled = item_name(c)?;
    let name = upper(spelled);
    if c.peek() == Some(b'[') {
        return with_section(c, &name, start, values, grammar);
    }
    values.push(Value::Atom(spelled.into()));
    c.sp()?;
    let value = match name.as_str() {
        "FLAGS" => c.enter(Rule::FetchFlags, |c| c.list(flag)),
        "UID" => c.nz_number().map(Value::Number),
        "INTERNALDATE" => c.enter(Rule::DateTime, date_time),
        "RFC822.SIZE" => c.count().map(Value::Number),
        "RFC822" | "RFC822.HEADER" | "RFC822.TEXT" => c.nstring(),
        "ENVELOPE" => envelope(c),
        "BODY" => c.enter(Rule::Body, |c| body(c, Form::Plain)),
        "BODYSTRUCTURE" => c.enter(Rule::Body, |c| body(c, Form::Extensible)),
        "MODSEQ" => {
            c.enter(Rule::Modseq, |c| c.list(|c| c.mod_sequence().map(Value::Number)).and_then(|v| single(c, v)))
        }
        "EMAILID" => c.enter(Rule::FetchObjectId, |c| c.list(object_id).and_then(|value| single(c, value))),
        "THREADID" if c.take_nil() => Ok(Value::Nil),
        "THREADID" => c.enter(Rule::FetchObjectId, |c| c.list(object_id).and_then(|value| single(c, value))),
        "SAVEDATE" if c.take_nil() => Ok(Value::Nil),
        "SAVEDATE" => c.enter(Rule::SaveDate, date_time),
        "PREVIEW" => c.enter(Rule::Preview, Cursor::nstring),
        _ => {
            *grammar = Grammar::Generic;
            generic::value(c)
        }
    }?;
    values.push(value);
    Ok(())
}

/// A list of just one.
fn single(c: &mut Cursor<'_>, value: Value) -> Parsed<Value> {
    let one = matches!(&value, Value::List(values) if values.len() == 1);
    if one { Ok(value) } else { c.fault("a list of just one") }
}

/// `"BODY" section ["<" number ">"] SP nstring`, `"BINARY" section-binary SP (nstring / literal8)`,
/// `"BINARY.SIZE" section-binary SP number`
fn with_section(
    c: &mut Cursor<'_>,
    name: &str,
    start: usize,
    values: &mut Vec<Value>,
    grammar: &mut Grammar,
) -> Parsed<()> {
    match name {
        "BODY" => {
            values.push(section(c, name, Sections::Text)?);
            c.sp()?;
            values.push(c.nstring()?);
        }
        "BINARY" => c.enter(Rule::Binary, |c| {
            values.push(section(c, name, Sections::PartsOnly)?);
            c.sp()?;
            values.push(c.nstring_or_literal8()?);
            Ok(())
        })?,
        "BINARY.SIZE" => c.enter(Rule::Binary, |c| {
            values.push(section(c, name, Sections::PartsOnly)?);
            c.sp()?;
            values.push(Value::Number(c.count()?));
            Ok(())
        })?,
        "BODY.PEEK" | "BINARY.PEEK" => return c.charge(start, Rule::PeekNamed, "a name without .PEEK"),
        _ => {
            *grammar = Grammar::Generic;
            values.push(section(c, name, Sections::Any)?);
            c.sp()?;
            values.push(generic::value(c)?);
        }
    }
    Ok(())
}

/// `date-time = DQUOTE date-day-fixed "-" date-month "-" date-year SP time SP zone DQUOTE`
fn date_time(c: &mut Cursor<'_>) -> Parsed<Value> {
    const MONTHS: &str = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC";
    c.need(b'"')?;
    let start = c.at();
    if !c.take(b' ') {
        digits(c, 1)?;
    }
    digits(c, 1)?;
    c.need(b'-')?;
    let month = upper(c.rest().get(..3).unwrap_or_default());
    if month.contains(' ') || !MONTHS.split(' ').any(|known| known == month) {
        return c.fault("an English month of three letters");
    }
    c.skip(3);
    c.need(b'-')?;
    digits(c, 4)?;
    c.sp()?;
    digits(c, 2)?;
    c.need(b':')?;
    digits(c, 2)?;
    c.need(b':')?;
    digits(c, 2)?;
    c.sp()?;
    if !c.take(b'+') && !c.take(b'-') {
        return c.fault("`+` or `-` and the zone in digits");
    }
    digits(c, 4)?;
    let text = c.since(start);
    c.need(b'"')?;
    Ok(Value::Quoted(text.into()))
}

fn digits(c: &mut Cursor<'_>, count: usize) -> Parsed<()> {
    for _ in 0..count {
        match c.peek() {
            Some(b'0'..=b'9') => c.skip(1),
            Some(_) | None => return c.fault("a digit"),
        }
    }
    Ok(())
}
