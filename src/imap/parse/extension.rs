//! NAMESPACE, ID, ACL, QUOTA, METADATA, LANGUAGE: responses of extensions that have a rule of their own.

use super::cursor::{Cursor, Parsed};
use super::mailbox::{delimiter, pairs};
use super::response::Data;
use super::rule::Rule;
use crate::imap::Value;

/// `Namespace-Response = "NAMESPACE" SP Namespace SP Namespace SP Namespace`. RFC 2342 §6, RFC 9051 §9.
pub(super) fn namespace_response(c: &mut Cursor<'_>) -> Parsed<Data> {
    let mut args = Vec::new();
    for _ in 0..3 {
        c.enter(Rule::NamespaceCount, Cursor::sp)?;
        args.push(namespace(c)?);
    }
    Ok(Data::known(args))
}

/// `Namespace = nil / "(" 1*Namespace-Descr ")"`
fn namespace(c: &mut Cursor<'_>) -> Parsed<Value> {
    if c.take_nil() {
        return Ok(Value::Nil);
    }
    c.need(b'(')?;
    if c.peek() == Some(b')') {
        return c.charge(c.at(), Rule::NoNamespace, "NIL instead of an empty list");
    }
    let mut descriptors = Vec::new();
    while !c.take(b')') {
        descriptors.push(namespace_descr(c)?);
    }
    Ok(Value::List(descriptors))
}

/// `Namespace-Descr = "(" string SP (DQUOTE QUOTED-CHAR DQUOTE / nil) *(Namespace-Response-Extension) ")"`
fn namespace_descr(c: &mut Cursor<'_>) -> Parsed<Value> {
    c.need(b'(')?;
    let prefix = c.string()?;
    c.sp()?;
    let mut values = vec![prefix, delimiter(c)?];
    while c.take(b' ') {
        values.push(c.string()?);
        c.sp()?;
        values.push(not_empty(c, |c| c.list(Cursor::string))?);
    }
    c.need(b')')?;
    Ok(Value::List(values))
}

fn not_empty<'a>(c: &mut Cursor<'a>, list: impl FnOnce(&mut Cursor<'a>) -> Parsed<Value>) -> Parsed<Value> {
    let start = c.at();
    let value = list(c)?;
    if value == Value::List(Vec::new()) {
        return c.fault_at(start, "a list that is not empty");
    }
    Ok(value)
}

/// `id_params_list = "(" #(string SP nstring) ")" / nil`. RFC 2971 §4.
pub(super) fn id_response(c: &mut Cursor<'_>) -> Parsed<Data> {
    c.sp()?;
    if c.take_nil() {
        return Ok(Data::known(vec![Value::Nil]));
    }
    let list = pairs(c, |c, values| {
        values.push(c.string()?);
        c.sp()?;
        values.push(c.nstring()?);
        Ok(())
    })?;
    Ok(Data::known(vec![list]))
}

/// `acl-data = "ACL" SP mailbox *(SP identifier SP rights)`. RFC 4314 §7.
pub(super) fn acl_data(c: &mut Cursor<'_>) -> Parsed<Data> {
    c.sp()?;
    let mut args = vec![c.astring()?];
    while c.take(b' ') {
        args.push(c.astring()?);
        c.sp()?;
        args.push(c.astring()?);
    }
    Ok(Data::known(args))
}

/// `myrights-data = "MYRIGHTS" SP mailbox SP rights`
pub(super) fn myrights_data(c: &mut Cursor<'_>) -> Parsed<Data> {
    c.sp()?;
    let mailbox = c.astring()?;
    c.sp()?;
    Ok(Data::known(vec![mailbox, c.astring()?]))
}

/// `listrights-data = "LISTRIGHTS" SP mailbox SP identifier SP rights *(SP rights)`
pub(super) fn listrights_data(c: &mut Cursor<'_>) -> Parsed<Data> {
    c.sp()?;
    let mut args = vec![c.astring()?];
    c.sp()?;
    args.push(c.astring()?);
    c.sp()?;
    args.push(c.astring()?);
    c.each_after_space(&mut args, Cursor::astring)?;
    Ok(Data::known(args))
}

/// `quota-response = "QUOTA" SP quota-root-name SP quota-list`. RFC 9208 §7; RFC 2087 §6 lets the list be empty.
pub(super) fn quota_response(c: &mut Cursor<'_>) -> Parsed<Data> {
    c.sp()?;
    let root = c.astring()?;
    c.sp()?;
    let list = pairs(c, |c, values| {
        values.push(c.atom_value()?);
        c.sp()?;
        values.push(Value::Number(c.number64()?));
        c.sp()?;
        values.push(Value::Number(c.number64()?));
        Ok(())
    })?;
    Ok(Data::known(vec![root, list]))
}

/// `quotaroot-response = "QUOTAROOT" SP mailbox *(SP quota-root-name)`
pub(super) fn quotaroot_response(c: &mut Cursor<'_>) -> Parsed<Data> {
    c.sp()?;
    let mut args = vec![c.astring()?];
    c.each_after_space(&mut args, Cursor::astring)?;
    Ok(Data::known(args))
}

/// `metadata-resp = "METADATA" SP mailbox SP (entry-values / entry-list)`. RFC 5464 §5.
pub(super) fn metadata_resp(c: &mut Cursor<'_>) -> Parsed<Data> {
    c.sp()?;
    let mut args = vec![c.astring()?];
    c.sp()?;
    if c.peek() == Some(b'(') {
        args.push(not_empty(c, |c| {
            pairs(c, |c, values| {
                values.push(c.astring()?);
                c.sp()?;
                values.push(c.nstring_or_literal8()?);
                Ok(())
            })
        })?);
    } else {
        args.push(c.astring()?);
        c.each_after_space(&mut args, Cursor::astring)?;
    }
    Ok(Data::known(args))
}

/// `language-data = "LANGUAGE" SP "(" lang-tag-quoted *(SP lang-tag-quoted) ")"`. RFC 5255 §3.5.
pub(super) fn language_data(c: &mut Cursor<'_>) -> Parsed<Data> {
    c.sp()?;
    Ok(Data::known(vec![not_empty(c, |c| c.list(Cursor::astring))?]))
}
