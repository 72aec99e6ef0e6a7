//! Capabilities, flags, LIST and STATUS. RFC 3501 §7.2, RFC 9051 §7.2 and §7.3, RFC 5258 §6.

use super::cursor::{Cursor, Parsed};
use super::generic;
use super::lexical::is_atom_char;
use super::response::Data;
use super::rule::Rule;
use super::status::object_id;
use crate::imap::{Grammar, Revision, Value};

/// `capability-data = "CAPABILITY" *(SP capability) SP "IMAP4rev1" *(SP capability)`
pub(super) fn capability_data(c: &mut Cursor<'_>) -> Parsed<Data> {
    c.enter(Rule::BaseRevision, |c| {
        let start = c.at();
        let args = c.enter(Rule::Capability, capabilities)?;
        if has_base_revision(&args) {
            Ok(Data::known(args))
        } else {
            c.fault_at(start, "IMAP4rev1 or IMAP4rev2 in the list")
        }
    })
}

/// What follows the word CAPABILITY in a response or a code.
pub(super) fn capabilities(c: &mut Cursor<'_>) -> Parsed<Vec<Value>> {
    let start = c.at();
    let mut args = Vec::new();
    c.each_after_space(&mut args, Cursor::atom_value)?;
    if c.peek() == Some(b']') && !has_base_revision(&args) {
        return c.fault_at(start, "IMAP4rev1 or IMAP4rev2 in the list");
    }
    Ok(args)
}

fn has_base_revision(capabilities: &[Value]) -> bool {
    capabilities.iter().any(|value| {
        let Value::Atom(name) = value else { return false };
        name.eq_ignore_ascii_case(b"IMAP4rev1") || name.eq_ignore_ascii_case(b"IMAP4rev2")
    })
}

/// `enable-data = "ENABLED" *(SP capability)`. RFC 5161 §4.
pub(super) fn enable_data(c: &mut Cursor<'_>) -> Parsed<Data> {
    let mut args = Vec::new();
    c.each_after_space(&mut args, Cursor::atom_value)?;
    Ok(Data::known(args))
}

/// `"FLAGS" SP flag-list`
pub(super) fn flags(c: &mut Cursor<'_>) -> Parsed<Data> {
    c.sp()?;
    Ok(Data::known(vec![c.list(flag)?]))
}

/// `flag / "\Recent"`: by its form `\Recent` is a `flag-extension`.
pub(super) fn flag(c: &mut Cursor<'_>) -> Parsed<Value> {
    c.enter(Rule::Flag, |c| {
        let start = c.at();
        c.take(b'\\');
        c.atom()?;
        Ok(Value::Atom(c.since(start).into()))
    })
}

/// `flag-perm = flag / "\*"`
pub(super) fn flag_perm(c: &mut Cursor<'_>) -> Parsed<Value> {
    if c.rest().starts_with(b"\\*") {
        c.skip(2);
        return Ok(Value::Atom("\\*".into()));
    }
    flag(c)
}

/// `mailbox-list = "(" [mbx-list-flags] ")" SP (DQUOTE QUOTED-CHAR DQUOTE / nil) SP mailbox [SP mbox-list-extended]`
pub(super) fn mailbox_list(c: &mut Cursor<'_>) -> Parsed<Data> {
    c.sp()?;
    let attributes =
        c.list(
            |c| {
                if c.peek() == Some(b'\\') { flag(c) } else { c.fault("an attribute that begins with a backslash") }
            },
        )?;
    c.sp()?;
    let delimiter = delimiter(c)?;
    c.sp()?;
    let mut args = vec![attributes, delimiter, c.astring()?];
    if c.rest().starts_with(b" (") {
        c.skip(1);
        args.push(c.enter(Rule::ListExtended, list_extended)?);
    }
    Ok(Data::known(args))
}

/// `DQUOTE QUOTED-CHAR DQUOTE / nil`
pub(super) fn delimiter(c: &mut Cursor<'_>) -> Parsed<Value> {
    let start = c.at();
    if c.take_nil() {
        return Ok(Value::Nil);
    }
    if c.peek() != Some(b'"') {
        return c.fault("a quoted character or NIL");
    }
    let value = c.quoted()?;
    let one = matches!(&value, Value::Quoted(text) if std::str::from_utf8(text).is_ok_and(|t| t.chars().count() == 1));
    if one { Ok(value) } else { c.fault_at(start, "just one character as delimiter") }
}

/// `mbox-list-extended = "(" [mbox-list-extended-item *(SP mbox-list-extended-item)] ")"`, each item being
/// `mbox-list-extended-item-tag SP tagged-ext-val`
fn list_extended(c: &mut Cursor<'_>) -> Parsed<Value> {
    pairs(c, |c, values| {
        values.push(c.astring()?);
        c.sp()?;
        values.push(generic::value(c)?);
        Ok(())
    })
}

/// A list whose items are read by `item`, which may add several values at once.
pub(super) fn pairs<'a>(
    c: &mut Cursor<'a>,
    mut item: impl FnMut(&mut Cursor<'a>, &mut Vec<Value>) -> Parsed<()>,
) -> Parsed<Value> {
    c.need(b'(')?;
    let mut values = Vec::new();
    if c.take(b')') {
        return Ok(Value::List(values));
    }
    loop {
        item(c, &mut values)?;
        if c.take(b')') {
            return Ok(Value::List(values));
        }
        if c.peek() != Some(b' ') {
            return c.fault("a space or `)`");
        }
        c.skip(1);
    }
}

/// `"STATUS" SP mailbox SP "(" [status-att-list] ")"`
pub(super) fn status(c: &mut Cursor<'_>) -> Parsed<Data> {
    c.sp()?;
    let mailbox = c.astring()?;
    c.sp()?;
    let mut grammar = Grammar::Known;
    let items = pairs(c, |c, values| {
        let start = c.at();
        let name = c.upper_atom()?;
        values.push(Value::Atom(c.since(start).into()));
        c.sp()?;
        values.push(status_value(c, &name, &mut grammar)?);
        Ok(())
    })?;
    Ok(Data { args: vec![mailbox, items], grammar })
}

/// `status-att-val`, with those of RFC 7162, RFC 7889, RFC 8438, RFC 8474 and RFC 9208
fn status_value(c: &mut Cursor<'_>, name: &str, grammar: &mut Grammar) -> Parsed<Value> {
    match name {
        "MESSAGES" | "RECENT" | "UNSEEN" | "DELETED" => c.number().map(Value::Number),
        // RFC 9051 has nz-number, RFC 3501 number.
        "UIDNEXT" | "UIDVALIDITY" => match c.revision() {
            Revision::Rev1 => c.number().map(Value::Number),
            Revision::Rev2 => c.nz_number().map(Value::Number),
        },
        "SIZE" | "DELETED-STORAGE" => c.number64().map(Value::Number),
        "HIGHESTMODSEQ" => c.mod_sequence_or_zero().map(Value::Number),
        "APPENDLIMIT" if c.take_nil() => Ok(Value::Nil),
        "APPENDLIMIT" => c.number().map(Value::Number),
        "MAILBOXID" => c.list(object_id),
        _ => {
            *grammar = Grammar::Generic;
            generic::value(c)
        }
    }
}

/// A name of a data item: an atom that stops in front of a section.
pub(super) fn item_name<'a>(c: &mut Cursor<'a>) -> Parsed<&'a [u8]> {
    let start = c.at();
    let name = c.take_while(|octet| is_atom_char(octet) && octet != b'[');
    if name.is_empty() { c.fault_at(start, "the name of a data item") } else { Ok(name) }
}
