//! What stands in brackets after BODY and BINARY. RFC 3501 §9 `section`, RFC 3516 §7.

use super::cursor::{Cursor, Parsed};
use super::rule::Rule;
use crate::imap::Value;

/// Which sections may stand after an item's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sections {
    /// `section = "[" [section-spec] "]"`
    Text,
    /// `section-binary = "[" [section-part] "]"`
    PartsOnly,
    /// Of an unknown item: anything up to `]`.
    Any,
}

/// A section and the origin behind it, for the item `name`.
pub(super) fn section(c: &mut Cursor<'_>, name: &str, sections: Sections) -> Parsed<Value> {
    c.enter(Rule::Section, |c| {
        c.need(b'[')?;
        let start = c.at();
        match sections {
            Sections::Text => section_spec(c)?,
            Sections::PartsOnly => {
                section_part(c)?;
            }
            Sections::Any => {
                c.take_while(|octet| octet >= b' ' && octet != b']');
            }
        }
        let spec = c.since(start);
        c.need(b']')?;
        let origin = if c.take(b'<') {
            let origin = c.count()?;
            c.need(b'>')?;
            Some(origin)
        } else {
            None
        };
        Ok(Value::Section { item: name.to_owned(), spec: spec.into(), origin })
    })
}

/// `[section-msgtext / (section-part ["." section-text])]`
fn section_spec(c: &mut Cursor<'_>) -> Parsed<()> {
    if c.peek() == Some(b']') {
        return Ok(());
    }
    match section_part(c)? {
        Part::None => section_msgtext(c),
        Part::Whole => Ok(()),
        Part::TextFollows if c.take_word_in_section("MIME") => Ok(()),
        Part::TextFollows => section_msgtext(c),
    }
}

/// How a part number ended.
enum Part {
    None,
    Whole,
    /// A dot was read, and no digit follows it.
    TextFollows,
}

/// `section-part = nz-number *("." nz-number)`
fn section_part(c: &mut Cursor<'_>) -> Parsed<Part> {
    if !matches!(c.peek(), Some(b'0'..=b'9')) {
        return Ok(Part::None);
    }
    loop {
        c.nz_number()?;
        if !c.take(b'.') {
            return Ok(Part::Whole);
        }
        if !matches!(c.peek(), Some(b'0'..=b'9')) {
            return Ok(Part::TextFollows);
        }
    }
}

/// `section-msgtext = "HEADER" / "HEADER.FIELDS" [".NOT"] SP header-list / "TEXT"`
fn section_msgtext(c: &mut Cursor<'_>) -> Parsed<()> {
    if c.take_word_in_section("HEADER.FIELDS.NOT") || c.take_word_in_section("HEADER.FIELDS") {
        c.sp()?;
        if c.rest().starts_with(b"()") {
            return c.fault("at least one field name");
        }
        return c.list(Cursor::astring_in_section).map(|_| ());
    }
    if c.take_word_in_section("HEADER") || c.take_word_in_section("TEXT") {
        return Ok(());
    }
    c.fault("HEADER, HEADER.FIELDS, TEXT or a part number")
}

impl Cursor<'_> {
    /// A word that `]` may follow directly.
    fn take_word_in_section(&mut self, word: &str) -> bool {
        let rest = self.rest();
        let same = rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()));
        let ends = matches!(rest.get(word.len()), Some(b']' | b' '));
        if same && ends {
            self.skip(word.len());
        }
        same && ends
    }

    /// `header-fld-name = astring`
    fn astring_in_section(&mut self) -> Parsed<Value> {
        self.astring()
    }
}
