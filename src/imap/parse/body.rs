//! BODY and BODYSTRUCTURE. RFC 3501 §7.4.2, RFC 9051 §7.5.2.

use super::cursor::{Cursor, Parsed};
use super::envelope::envelope;
use super::rule::Rule;
use crate::imap::{Revision, Value};

/// Whether extension data may follow: in BODYSTRUCTURE only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// BODY.
    Plain,
    /// BODYSTRUCTURE.
    Extensible,
}

/// `body = "(" (body-type-1part / body-type-mpart) ")"`
pub(super) fn body(c: &mut Cursor<'_>, form: Form) -> Parsed<Value> {
    c.nest(Rule::Body, |c| {
        c.need(b'(')?;
        let (mut values, extension) = if c.peek() == Some(b'(') {
            (c.enter(Rule::Multipart, |c| body_type_mpart(c, form))?, Rule::ExtMultipart)
        } else {
            (c.enter(Rule::SinglePart, |c| body_type_1part(c, form))?, Rule::ExtOnePart)
        };
        if c.peek() == Some(b' ') {
            if form == Form::Plain {
                return c.charge(c.at(), Rule::PlainBody, "`)`, for BODY has no extension data");
            }
            c.enter(extension, |c| body_ext(c, extension, &mut values))?;
        }
        c.need(b')')?;
        Ok(Value::List(values))
    })
}

/// `body-type-mpart = 1*body SP media-subtype`
fn body_type_mpart(c: &mut Cursor<'_>, form: Form) -> Parsed<Vec<Value>> {
    let mut values = Vec::new();
    while c.peek() == Some(b'(') {
        values.push(body(c, form)?);
    }
    c.sp()?;
    values.push(c.string()?);
    Ok(values)
}

/// `body-type-basic / body-type-msg / body-type-text`, without extension data
fn body_type_1part(c: &mut Cursor<'_>, form: Form) -> Parsed<Vec<Value>> {
    let mut values = vec![c.string()?];
    c.sp()?;
    values.push(c.string()?);
    let kind = Kind::of(&values, c.revision());
    c.sp()?;
    values.push(body_fld_param(c)?);
    c.sp()?;
    values.push(c.nstring()?);
    c.sp()?;
    values.push(c.nstring()?);
    c.sp()?;
    values.push(c.string()?);
    c.sp()?;
    values.push(Value::Number(c.count()?));
    match kind {
        Kind::Text => c.enter(Rule::Lines, |c| {
            c.sp()?;
            values.push(Value::Number(c.count()?));
            Ok(())
        })?,
        Kind::Message => c.enter(Rule::MessagePart, |c| body_type_msg(c, form, &mut values))?,
        // Only an envelope begins with a parenthesis here, and only a number of lines with a digit.
        Kind::Either if c.rest().starts_with(b" (") => {
            c.enter(Rule::MessagePart, |c| body_type_msg(c, form, &mut values))?;
        }
        Kind::Either if matches!(c.rest(), [b' ', b'0'..=b'9', ..]) => {
            c.sp()?;
            values.push(Value::Number(c.count()?));
        }
        Kind::Either | Kind::Basic => {}
    }
    Ok(values)
}

/// `SP envelope SP body SP body-fld-lines`. Where no envelope begins it is the part that lacks members.
fn body_type_msg(c: &mut Cursor<'_>, form: Form, values: &mut Vec<Value>) -> Parsed<()> {
    c.sp()?;
    if c.peek() != Some(b'(') {
        return c.fault("an envelope");
    }
    values.push(envelope(c)?);
    c.sp()?;
    values.push(body(c, form)?);
    c.sp()?;
    values.push(Value::Number(c.count()?));
    Ok(())
}

/// What follows the fields that all parts have.
enum Kind {
    /// `body-type-text`: lines.
    Text,
    /// `body-type-msg`: envelope, body, lines.
    Message,
    /// `body-type-basic`: nothing.
    Basic,
    /// The grammar leaves it open, as for a media type in a literal.
    Either,
}

impl Kind {
    fn of(media: &[Value], revision: Revision) -> Self {
        let [Value::Quoted(top), subtype] = media else { return Self::Either };
        if top.eq_ignore_ascii_case(b"TEXT") {
            return Self::Text;
        }
        if !top.eq_ignore_ascii_case(b"MESSAGE") {
            return Self::Basic;
        }
        let Value::Quoted(subtype) = subtype else { return Self::Either };
        if subtype.eq_ignore_ascii_case(b"RFC822") {
            Self::Message
        } else if subtype.eq_ignore_ascii_case(b"GLOBAL") {
            // RFC 9051 describes it like RFC822, RFC 3501 does not know it.
            match revision {
                Revision::Rev1 => Self::Either,
                Revision::Rev2 => Self::Message,
            }
        } else {
            Self::Basic
        }
    }
}

/// `body-fld-param = "(" string SP string *(SP string SP string) ")" / nil`
fn body_fld_param(c: &mut Cursor<'_>) -> Parsed<Value> {
    c.enter(Rule::Parameters, |c| {
        if c.take_nil() {
            return Ok(Value::Nil);
        }
        if c.rest().starts_with(b"()") {
            return c.fault("NIL instead of an empty list");
        }
        super::mailbox::pairs(c, |c, values| {
            values.push(c.string()?);
            c.sp()?;
            values.push(c.string()?);
            Ok(())
        })
    })
}

/// `body-ext-1part = body-fld-md5 [SP body-fld-dsp [SP body-fld-lang [SP body-fld-loc *(SP body-extension)]]]`,
/// `body-ext-mpart` with `body-fld-param` in front instead. Reads the spaces too.
fn body_ext(c: &mut Cursor<'_>, rule: Rule, values: &mut Vec<Value>) -> Parsed<()> {
    c.sp()?;
    values.push(if rule == Rule::ExtMultipart { body_fld_param(c)? } else { c.nstring()? });
    if c.take(b' ') {
        values.push(body_fld_dsp(c)?);
    }
    if c.take(b' ') {
        values.push(body_fld_lang(c)?);
    }
    if c.take(b' ') {
        values.push(c.nstring()?);
    }
    c.each_after_space(values, body_extension)
}

/// `body-fld-dsp = "(" string SP body-fld-param ")" / nil`
fn body_fld_dsp(c: &mut Cursor<'_>) -> Parsed<Value> {
    c.enter(Rule::Disposition, |c| {
        if c.take_nil() {
            return Ok(Value::Nil);
        }
        c.need(b'(')?;
        let kind = c.string()?;
        c.sp()?;
        let parameters = body_fld_param(c)?;
        c.need(b')')?;
        Ok(Value::List(vec![kind, parameters]))
    })
}

/// `body-fld-lang = nstring / "(" string *(SP string) ")"`
fn body_fld_lang(c: &mut Cursor<'_>) -> Parsed<Value> {
    c.enter(Rule::Language, |c| match c.peek() {
        Some(b'(') if c.rest().starts_with(b"()") => c.fault("NIL instead of an empty list"),
        Some(b'(') => c.list(Cursor::string),
        Some(_) | None => c.nstring(),
    })
}

/// `body-extension = nstring / number / "(" body-extension *(SP body-extension) ")"`. Only standards to come may define
/// some; by its form one is right.
fn body_extension(c: &mut Cursor<'_>) -> Parsed<Value> {
    match c.peek() {
        Some(b'(') => c.nest(Rule::ExtOnePart, |c| c.list(body_extension)),
        Some(b'0'..=b'9') => c.number64().map(Value::Number),
        Some(_) | None => c.nstring(),
    }
}
