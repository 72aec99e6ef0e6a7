//! SEARCH, SORT, THREAD, ESEARCH and VANISHED. RFC 3501 §7.2.5, RFC 5256 §5, RFC 4466 §2.6, RFC 7162 §7.

use super::cursor::{Cursor, Parsed};
use super::generic;
use super::lexical::upper;
use super::mailbox::pairs;
use super::response::Data;
use super::rule::Rule;
use crate::imap::{Grammar, Value};

/// `"SEARCH" *(SP nz-number)`, or with numbers and `SP search-sort-mod-seq` behind them; SORT has the same form.
pub(super) fn search_data(c: &mut Cursor<'_>) -> Parsed<Data> {
    let mut args = Vec::new();
    while c.take(b' ') {
        if c.rest().starts_with(b"(MODSEQ ") && args.is_empty() {
            return c.charge(c.at(), Rule::NothingModseq, "no mod-sequence where nothing was found");
        }
        if c.peek() == Some(b'(') && !args.is_empty() {
            args.push(c.enter(Rule::Modseq, search_sort_mod_seq)?);
            break;
        }
        args.push(Value::Number(c.nz_number()?));
    }
    Ok(Data::known(args))
}

/// `search-sort-mod-seq = "(" "MODSEQ" SP mod-sequence-value ")"`. RFC 7162 §7.
fn search_sort_mod_seq(c: &mut Cursor<'_>) -> Parsed<Value> {
    c.need(b'(')?;
    let start = c.at();
    c.need_word("MODSEQ")?;
    let word = Value::Atom(c.since(start).into());
    c.sp()?;
    let value = Value::Number(c.mod_sequence()?);
    c.need(b')')?;
    Ok(Value::List(vec![word, value]))
}

/// `thread-data = "THREAD" [SP 1*thread-list]`
pub(super) fn thread_data(c: &mut Cursor<'_>) -> Parsed<Data> {
    let mut args = Vec::new();
    if c.take(b' ') {
        args.push(thread_list(c)?);
        while c.peek() == Some(b'(') {
            args.push(thread_list(c)?);
        }
    }
    Ok(Data::known(args))
}

/// `thread-list = "(" (thread-members / thread-nested) ")"`,
/// `thread-members = nz-number *(SP nz-number) [SP thread-nested]`, `thread-nested = 2*thread-list`
fn thread_list(c: &mut Cursor<'_>) -> Parsed<Value> {
    c.nest(Rule::Thread, |c| {
        c.need(b'(')?;
        let mut values = Vec::new();
        if c.peek() != Some(b'(') {
            values.push(Value::Number(c.nz_number()?));
            while c.take(b' ') {
                if c.peek() == Some(b'(') {
                    thread_nested(c, &mut values)?;
                    break;
                }
                values.push(Value::Number(c.nz_number()?));
            }
        } else {
            thread_nested(c, &mut values)?;
        }
        c.need(b')')?;
        Ok(Value::List(values))
    })
}

fn thread_nested(c: &mut Cursor<'_>, values: &mut Vec<Value>) -> Parsed<()> {
    values.push(thread_list(c)?);
    values.push(thread_list(c)?);
    while c.peek() == Some(b'(') {
        values.push(thread_list(c)?);
    }
    Ok(())
}

/// `esearch-response = "ESEARCH" [search-correlator] [SP "UID"] *(SP search-return-data)`
pub(super) fn esearch_response(c: &mut Cursor<'_>) -> Parsed<Data> {
    let mut args = Vec::new();
    let mut grammar = Grammar::Known;
    if c.rest().starts_with(b" (") {
        c.skip(1);
        args.push(search_correlator(c)?);
    }
    let mut first = true;
    while c.take(b' ') {
        let start = c.at();
        let name = upper(c.atom()?);
        args.push(Value::Atom(c.since(start).into()));
        // "UID" stands in front of the return data, and alone.
        if !(std::mem::take(&mut first) && name == "UID") {
            c.sp()?;
            args.push(return_value(c, &name, &mut grammar)?);
        }
    }
    Ok(Data { args, grammar })
}

/// `search-correlator = SP "(" one-correlator *(SP one-correlator) ")"`. RFC 4466 §2.6.2, RFC 7377 §4.
fn search_correlator(c: &mut Cursor<'_>) -> Parsed<Value> {
    pairs(c, |c, values| {
        let start = c.at();
        let name = upper(c.atom()?);
        values.push(Value::Atom(c.since(start).into()));
        c.sp()?;
        values.push(match name.as_str() {
            "UIDVALIDITY" => Value::Number(c.nz_number()?),
            "TAG" | "MAILBOX" => c.astring()?,
            _ => return c.fault_at(start, "TAG, MAILBOX or UIDVALIDITY"),
        });
        Ok(())
    })
}

/// `search-return-data`, with those of RFC 4731, RFC 5267, RFC 6203 and RFC 9394
fn return_value(c: &mut Cursor<'_>, name: &str, grammar: &mut Grammar) -> Parsed<Value> {
    match name {
        "MIN" | "MAX" => c.nz_number().map(Value::Number),
        "COUNT" => c.number().map(Value::Number),
        "ALL" => c.sequence_set(),
        "MODSEQ" => c.mod_sequence().map(Value::Number),
        "PARTIAL" => partial(c),
        "ADDTO" | "REMOVEFROM" => pairs(c, |c, values| {
            values.push(Value::Number(c.number()?));
            c.sp()?;
            values.push(c.sequence_set()?);
            Ok(())
        }),
        "RELEVANCY" => c.enter(Rule::Relevancy, |c| c.list(|c| c.number().map(Value::Number))),
        _ => {
            *grammar = Grammar::Generic;
            generic::value(c)
        }
    }
}

/// `ret-data-partial = "PARTIAL" SP "(" partial-range SP partial-results ")"`. RFC 9394 §4.
fn partial(c: &mut Cursor<'_>) -> Parsed<Value> {
    c.need(b'(')?;
    let start = c.at();
    let negative = c.take(b'-');
    c.nz_number()?;
    c.need(b':')?;
    if negative {
        c.need(b'-')?;
    }
    c.nz_number()?;
    let range = Value::Atom(c.since(start).into());
    c.sp()?;
    let results = if c.take_nil() { Value::Nil } else { c.sequence_set()? };
    c.need(b')')?;
    Ok(Value::List(vec![range, results]))
}

/// `expunged-resp = "VANISHED" [SP "(EARLIER)"] SP known-uids`; `*` is not allowed in them. RFC 7162 §7.
pub(super) fn expunged_resp(c: &mut Cursor<'_>) -> Parsed<Data> {
    let mut args = Vec::new();
    c.sp()?;
    if c.take(b'(') {
        let start = c.at();
        c.need_word("EARLIER")?;
        args.push(Value::List(vec![Value::Atom(c.since(start).into())]));
        c.need(b')')?;
        c.sp()?;
    }
    args.push(c.uid_set()?);
    Ok(Data::known(args))
}
