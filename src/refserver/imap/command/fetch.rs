//! FETCH items and sections (RFC 3501 §6.4.5, RFC 3516 §7, RFC 8970 §6).

use super::cursor::{Cursor, ParseError, Parsed};
use super::item::{Binary, BinaryWhat, FetchItem};
use crate::refserver::imap::mime::{Section, SectionText};

/// How many levels of part numbers a section may have.
const PATH_MAX: usize = 100;

pub(super) fn items(cursor: &mut Cursor<'_>) -> Parsed<Vec<FetchItem>> {
    use FetchItem::{Body, Envelope, Flags, InternalDate, Rfc822Size};
    if cursor.peek() == Some(b'(') {
        return cursor.list(item);
    }
    // A macro stands alone.
    let mut ahead = *cursor;
    let fast = vec![Flags, InternalDate, Rfc822Size];
    let expanded = match ahead.word().as_str() {
        "FAST" => fast,
        "ALL" => [fast, vec![Envelope]].concat(),
        "FULL" => [fast, vec![Envelope, Body]].concat(),
        _ => return Ok(vec![item(cursor)?]),
    };
    *cursor = ahead;
    Ok(expanded)
}

fn item(cursor: &mut Cursor<'_>) -> Parsed<FetchItem> {
    let word = cursor.word();
    let bracket = cursor.accept(b'[');
    match (word.as_str(), bracket) {
        ("BODY", true) => rest(cursor).map(|(section, partial)| FetchItem::Section { section, partial }),
        ("BODY.PEEK", true) => rest(cursor).map(|(section, partial)| FetchItem::Peek { section, partial }),
        ("BINARY", true) => binary(cursor, |cursor| range(cursor).map(BinaryWhat::Content)),
        ("BINARY.PEEK", true) => binary(cursor, |cursor| range(cursor).map(BinaryWhat::Peek)),
        ("BINARY.SIZE", true) => binary(cursor, |_| Ok(BinaryWhat::Size)),
        ("ENVELOPE", false) => Ok(FetchItem::Envelope),
        ("FLAGS", false) => Ok(FetchItem::Flags),
        ("INTERNALDATE", false) => Ok(FetchItem::InternalDate),
        ("RFC822", false) => Ok(FetchItem::Rfc822),
        ("RFC822.HEADER", false) => Ok(FetchItem::Rfc822Header),
        ("RFC822.SIZE", false) => Ok(FetchItem::Rfc822Size),
        ("RFC822.TEXT", false) => Ok(FetchItem::Rfc822Text),
        ("BODY", false) => Ok(FetchItem::Body),
        ("BODYSTRUCTURE", false) => Ok(FetchItem::BodyStructure),
        ("UID", false) => Ok(FetchItem::Uid),
        ("EMAILID", false) => Ok(FetchItem::EmailId),
        ("MODSEQ", false) => Ok(FetchItem::Modseq),
        ("PREVIEW", false) => preview(cursor),
        ("SAVEDATE", false) => Ok(FetchItem::SaveDate),
        ("THREADID", false) => Ok(FetchItem::ThreadId),
        _ => Err(ParseError::Expected("an item of FETCH")),
    }
}

fn rest(cursor: &mut Cursor<'_>) -> Parsed<(Section, Option<(u32, u32)>)> {
    let section = section(cursor)?;
    cursor.expect(b']', "the end of the section")?;
    Ok((section, range(cursor)?))
}

/// `<origin.length>`, or nothing.
fn range(cursor: &mut Cursor<'_>) -> Parsed<Option<(u32, u32)>> {
    if !cursor.accept(b'<') {
        return Ok(None);
    }
    let origin = cursor.number()?;
    cursor.expect(b'.', "a period")?;
    let length = cursor.nz_number()?;
    cursor.expect(b'>', "the end of the range")?;
    Ok(Some((origin, length)))
}

/// RFC 8970 §6: perhaps modifiers. Other parentheses behind the only item of a FETCH are the modifiers of that.
fn preview(cursor: &mut Cursor<'_>) -> Parsed<FetchItem> {
    let mut ahead = *cursor;
    if ahead.accept_word(" (LAZY") {
        cursor.space()?;
        cursor.list(|cursor| match cursor.word().as_str() {
            "LAZY" => Ok(()),
            _ => Err(ParseError::Expected("LAZY")),
        })?;
    }
    Ok(FetchItem::Preview)
}

/// RFC 3516 §7 `section-binary`, which names no text, and what is asked of it.
fn binary<'a>(cursor: &mut Cursor<'a>, what: impl FnOnce(&mut Cursor<'a>) -> Parsed<BinaryWhat>) -> Parsed<FetchItem> {
    let section = section(cursor)?;
    if section.text.is_some() {
        return Err(ParseError::Expected("a part by its numbers"));
    }
    cursor.expect(b']', "the end of the section")?;
    Ok(FetchItem::Binary(Binary { path: section.path, what: what(cursor)? }))
}

fn section(cursor: &mut Cursor<'_>) -> Parsed<Section> {
    let mut path = Vec::new();
    while cursor.peek().is_some_and(|c| c.is_ascii_digit()) {
        path.push(cursor.nz_number()?);
        if path.len() > PATH_MAX {
            return Err(ParseError::Expected("a shorter section"));
        }
        if !cursor.accept(b'.') {
            return Ok(Section { path, text: None });
        }
    }
    if path.is_empty() && cursor.peek() == Some(b']') {
        return Ok(Section::default());
    }
    let text = match cursor.word().as_str() {
        "HEADER" => SectionText::Header,
        "HEADER.FIELDS" => SectionText::HeaderFields(names(cursor)?),
        "HEADER.FIELDS.NOT" => SectionText::HeaderFieldsNot(names(cursor)?),
        "TEXT" => SectionText::Text,
        "MIME" if !path.is_empty() => SectionText::Mime,
        _ => return Err(ParseError::Expected("a section")),
    };
    Ok(Section { path, text: Some(text) })
}

fn names(cursor: &mut Cursor<'_>) -> Parsed<Vec<Vec<u8>>> {
    cursor.space()?;
    cursor.list(Cursor::astring)
}
