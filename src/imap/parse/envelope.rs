//! ENVELOPE. RFC 3501 §7.4.2, RFC 9051 §7.5.2.

use super::cursor::{Cursor, Parsed};
use super::rule::Rule;
use crate::imap::Value;

/// `envelope = "(" env-date SP env-subject SP env-from SP env-sender SP env-reply-to SP env-to SP env-cc SP env-bcc SP
/// env-in-reply-to SP env-message-id ")"`
pub(super) fn envelope(c: &mut Cursor<'_>) -> Parsed<Value> {
    c.enter(Rule::Envelope, |c| {
        c.need(b'(')?;
        let mut fields = vec![c.nstring()?];
        c.sp()?;
        fields.push(c.nstring()?);
        for _ in 0..6 {
            c.sp()?;
            fields.push(addresses(c)?);
        }
        for _ in 0..2 {
            c.sp()?;
            fields.push(c.nstring()?);
        }
        c.need(b')')?;
        Ok(Value::List(fields))
    })
}

/// `"(" 1*address ")" / nil`; nothing stands between the addresses.
fn addresses(c: &mut Cursor<'_>) -> Parsed<Value> {
    c.enter(Rule::AddressList, |c| {
        if c.take_nil() {
            return Ok(Value::Nil);
        }
        if c.peek() != Some(b'(') {
            return c.charge(c.at(), Rule::Envelope, "a list of addresses or NIL");
        }
        c.skip(1);
        if c.peek() == Some(b')') {
            return c.fault("NIL instead of an empty list");
        }
        let mut addresses = Vec::new();
        while !c.take(b')') {
            addresses.push(address(c)?);
        }
        Ok(Value::List(addresses))
    })
}

/// `address = "(" addr-name SP addr-adl SP addr-mailbox SP addr-host ")"`
fn address(c: &mut Cursor<'_>) -> Parsed<Value> {
    c.enter(Rule::Address, |c| {
        c.need(b'(')?;
        let mut members = vec![c.nstring()?];
        for _ in 0..3 {
            c.sp()?;
            members.push(c.nstring()?);
        }
        c.need(b')')?;
        Ok(Value::List(members))
    })
}
