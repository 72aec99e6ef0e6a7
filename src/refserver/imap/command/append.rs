//! APPEND (RFC 3501 §6.3.11, RFC 3502, RFC 3516 §4.4, RFC 6855 §4) and REPLACE (RFC 8508).

use super::cursor::{Cursor, ParseError, Parsed};
use super::search::month_and_year;
use super::set::number;
use super::types::{Append, AppendMessage, MessageForm, Numbering, Replace};
use crate::refserver::store::{Flags, InternalDate};

/// What follows APPEND.
pub(super) fn append(cursor: &mut Cursor<'_>) -> Parsed<Append> {
    let mut append = Append { mailbox: cursor.astring()?, messages: Vec::new() };
    loop {
        cursor.space()?;
        append.messages.push(append_message(cursor)?);
        if cursor.peek() != Some(b' ') {
            return Ok(append);
        }
    }
}

/// What follows REPLACE (RFC 8508 §5): one message and no more.
pub(super) fn replace(cursor: &mut Cursor<'_>, by: Numbering) -> Parsed<Replace> {
    let number = number(cursor)?;
    cursor.space()?;
    let mailbox = cursor.astring()?;
    cursor.space()?;
    Ok(Replace { by, number, mailbox, message: append_message(cursor)? })
}

fn append_message(cursor: &mut Cursor<'_>) -> Parsed<AppendMessage> {
    let mut flags = Flags::new();
    if cursor.peek() == Some(b'(') {
        flags = flag_list(cursor)?;
        cursor.space()?;
    }
    let mut date = None;
    if cursor.accept(b'"') {
        date = Some(date_time(cursor)?);
        cursor.space()?;
    }
    let (form, octets) = data(cursor)?;
    Ok(AppendMessage { flags, date, form, octets })
}

/// RFC 4466 §3: the message, in one of its forms.
fn data(cursor: &mut Cursor<'_>) -> Parsed<(MessageForm, Vec<u8>)> {
    if cursor.peek() == Some(b'~') {
        return Ok((MessageForm::Literal8, cursor.literal8()?));
    }
    if cursor.accept_word("UTF8 (") {
        let octets = cursor.literal8()?;
        cursor.expect(b')', "a closing parenthesis")?;
        return Ok((MessageForm::Utf8, octets));
    }
    Ok((MessageForm::Literal, cursor.literal()?))
}

/// Flags in parentheses, or none.
pub(super) fn flag_list(cursor: &mut Cursor<'_>) -> Parsed<Flags> {
    Ok(cursor.list_or_none(Cursor::flag)?.into_iter().collect())
}

/// RFC 3501 §9 `date-time` after its first quote: a day of one digit has a blank before it.
fn date_time(cursor: &mut Cursor<'_>) -> Parsed<InternalDate> {
    let day = if cursor.accept(b' ') { cursor.digits(1)? } else { cursor.digits(2)? };
    let date = month_and_year(cursor, day)?;
    cursor.space()?;
    let hour = cursor.digits(2)?;
    cursor.expect(b':', "a colon")?;
    let minute = cursor.digits(2)?;
    cursor.expect(b':', "a colon")?;
    let second = cursor.digits(2)?;
    cursor.space()?;
    let west = cursor.accept(b'-');
    if !west {
        cursor.expect(b'+', "a zone")?;
    }
    let (hours, minutes) = (cursor.digits(2)?, cursor.digits(2)?);
    cursor.expect(b'"', "a closing quote")?;
    if hour > 23 || minute > 59 || second > 60 || minutes > 59 {
        return Err(ParseError::Expected("a time that exists"));
    }
    let zone = i32::try_from(hours * 60 + minutes).unwrap_or(0);
    Ok(InternalDate::from_civil(date, (hour, minute, second), if west { -zone } else { zone }))
}
