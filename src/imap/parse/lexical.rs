//! Atoms, strings, numbers and sets. RFC 3501 §9, RFC 9051 §9.

use super::cursor::{Cursor, Parsed};
use super::rule::Rule;
use crate::base::ByteString;
use crate::imap::{Revision, Value};

/// `number64`: unsigned, 63 bits.
const MAX_63_BIT: u64 = i64::MAX as u64;
/// `number`: unsigned, 32 bits.
const MAX_32_BIT: u64 = u32::MAX as u64;

/// `ATOM-CHAR`
pub(super) fn is_atom_char(octet: u8) -> bool {
    matches!(octet, 0x21..=0x7e) && !b"(){%*\"\\]".contains(&octet)
}

/// `ASTRING-CHAR = ATOM-CHAR / resp-specials`
pub(super) fn is_astring_char(octet: u8) -> bool {
    is_atom_char(octet) || octet == b']'
}

impl<'a> Cursor<'a> {
    /// `atom = 1*ATOM-CHAR`
    pub(super) fn atom(&mut self) -> Parsed<&'a [u8]> {
        self.chars(Rule::Atom, is_atom_char, "an atom")
    }

    /// An atom as it is compared: in upper case.
    pub(super) fn upper_atom(&mut self) -> Parsed<String> {
        Ok(upper(self.atom()?))
    }

    fn chars(&mut self, rule: Rule, fits: fn(u8) -> bool, expected: &str) -> Parsed<&'a [u8]> {
        let start = self.at();
        if self.take_while(fits).is_empty() {
            return self.enter(rule, |c| c.fault(expected));
        }
        Ok(self.since(start))
    }

    /// An atom as a value.
    pub(super) fn atom_value(&mut self) -> Parsed<Value> {
        Ok(Value::Atom(self.atom()?.into()))
    }

    /// One of the words of a rule, in any letter case, with nothing of an atom behind it.
    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let rest = self.rest();
        let same = rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()));
        let ends = !rest.get(word.len()).copied().is_some_and(is_astring_char);
        if same && ends {
            self.skip(word.len());
        }
        same && ends
    }

    /// As `take_word`, but it has to be there.
    pub(super) fn need_word(&mut self, word: &str) -> Parsed<()> {
        if self.take_word(word) { Ok(()) } else { self.fault(format!("`{word}`")) }
    }

    /// `nil = "NIL"`
    pub(super) fn take_nil(&mut self) -> bool {
        self.take_word("NIL")
    }

    /// `nstring = string / nil`
    pub(super) fn nstring(&mut self) -> Parsed<Value> {
        match self.peek() {
            Some(b'"') => self.quoted(),
            Some(b'{') => self.literal(),
            Some(_) | None if self.take_nil() => Ok(Value::Nil),
            Some(_) | None => self.enter(Rule::Nstring, |c| c.fault("a quoted string, a literal or NIL")),
        }
    }

    /// `string = quoted / literal`
    pub(super) fn string(&mut self) -> Parsed<Value> {
        match self.peek() {
            Some(b'"') => self.quoted(),
            Some(b'{') => self.literal(),
            Some(_) | None => self.enter(Rule::Str, |c| c.fault("a quoted string or a literal")),
        }
    }

    /// `astring = 1*ASTRING-CHAR / string`; `NIL` is the three-letter word here.
    pub(super) fn astring(&mut self) -> Parsed<Value> {
        match self.peek() {
            Some(b'"') => self.quoted(),
            Some(b'{') => self.literal(),
            Some(_) | None => {
                Ok(Value::Atom(self.chars(Rule::Astring, is_astring_char, "an atom or a string")?.into()))
            }
        }
    }

    /// `quoted = DQUOTE *QUOTED-CHAR DQUOTE`. RFC 9051 §9 adds UTF-8 to `QUOTED-CHAR`.
    pub(super) fn quoted(&mut self) -> Parsed<Value> {
        self.enter(Rule::Quoted, |c| {
            c.need(b'"')?;
            let start = c.at();
            let mut text = Vec::new();
            loop {
                match c.peek() {
                    Some(b'"') => break,
                    Some(b'\\') => text.push(c.escaped()?),
                    Some(0) => return c.charge(c.at(), Rule::Nul, "no NUL in a quoted string"),
                    Some(b'\r' | b'\n') | None => return c.fault("a double quote before the line ends"),
                    Some(0x80..) if c.revision() == Revision::Rev1 => {
                        return c.fault("a 7-bit character; others come in a literal");
                    }
                    Some(octet) => {
                        text.push(octet);
                        c.skip(1);
                    }
                }
            }
            // An escape is ASCII, so the octets as sent are UTF-8 if and only if the text is.
            if let Err(error) = std::str::from_utf8(c.since(start)) {
                return c.fault_at(start + error.valid_up_to(), "UTF-8");
            }
            c.skip_closing_quote();
            Ok(Value::Quoted(text.into()))
        })
    }

    /// `"\" quoted-specials`
    fn escaped(&mut self) -> Parsed<u8> {
        match self.rest() {
            [_, octet @ (b'"' | b'\\'), ..] => {
                let octet = *octet;
                self.skip(2);
                Ok(octet)
            }
            _ => self.charge(self.at(), Rule::Escape, "a double quote or a backslash after a backslash"),
        }
    }

    /// `literal = "{" number "}" CRLF *CHAR8`; the number has 63 bits in RFC 9051.
    pub(super) fn literal(&mut self) -> Parsed<Value> {
        self.enter(Rule::Literal, |c| {
            let octets = c.announced()?;
            if let Some(nul) = octets.iter().position(|octet| *octet == 0) {
                let at = c.at() - octets.len() + nul;
                return c.charge(at, Rule::Nul, "no NUL in a literal");
            }
            Ok(Value::Literal(octets))
        })
    }

    /// `nstring / literal8`. RFC 3516 §7.
    pub(super) fn nstring_or_literal8(&mut self) -> Parsed<Value> {
        if self.peek() != Some(b'~') {
            return self.nstring();
        }
        self.enter(Rule::Literal, |c| {
            c.skip(1);
            Ok(Value::Literal8(c.announced()?))
        })
    }

    fn announced(&mut self) -> Parsed<ByteString> {
        self.need(b'{')?;
        let count = match self.revision() {
            Revision::Rev1 => self.number()?,
            Revision::Rev2 => self.number64()?,
        };
        if self.peek() == Some(b'+') {
            return self.charge(self.at(), Rule::PlusLiteral, "`}`; only clients send `{n+}`");
        }
        self.need(b'}')?;
        if !self.rest().starts_with(b"\r\n") {
            return self.charge(self.at(), Rule::Crlf, "CRLF between a literal's count and its octets");
        }
        self.skip(2);
        let start = self.at();
        match usize::try_from(count) {
            Ok(count) if count <= self.rest().len() => {
                self.skip_literal(count);
                Ok(self.since(start).into())
            }
            Ok(_) | Err(_) => self.fault("as many octets as announced"),
        }
    }

    /// `number = 1*DIGIT`, 32 bits.
    pub(super) fn number(&mut self) -> Parsed<u64> {
        self.digits(Rule::Number, 0, MAX_32_BIT)
    }

    /// `nz-number = digit-nz *DIGIT`, 32 bits.
    pub(super) fn nz_number(&mut self) -> Parsed<u64> {
        if self.peek() == Some(b'0') {
            return self.enter(Rule::NzNumber, |c| c.fault("a number from 1 to 4294967295, without leading zero"));
        }
        self.digits(Rule::NzNumber, 1, MAX_32_BIT)
    }

    /// `number64 = 1*DIGIT`, 63 bits.
    pub(super) fn number64(&mut self) -> Parsed<u64> {
        self.digits(Rule::Number, 0, MAX_63_BIT)
    }

    /// A number of octets or lines: RFC 9051 has 63 bits where RFC 3501 has 32.
    pub(super) fn count(&mut self) -> Parsed<u64> {
        match self.revision() {
            Revision::Rev1 => self.number(),
            Revision::Rev2 => self.number64(),
        }
    }

    /// `mod-sequence-value = 1*DIGIT`, 63 bits, positive. RFC 7162 §7.
    pub(super) fn mod_sequence(&mut self) -> Parsed<u64> {
        self.digits(Rule::ModseqValue, 1, MAX_63_BIT)
    }

    /// `mod-sequence-valzer = "0" / mod-sequence-value`
    pub(super) fn mod_sequence_or_zero(&mut self) -> Parsed<u64> {
        self.digits(Rule::ModseqValue, 0, MAX_63_BIT)
    }

    fn digits(&mut self, rule: Rule, least: u64, most: u64) -> Parsed<u64> {
        self.enter(rule, |c| {
            let start = c.at();
            let digits = c.take_while(|octet| octet.is_ascii_digit());
            let value = std::str::from_utf8(digits).ok().and_then(|text| text.parse::<u64>().ok());
            match value {
                Some(value) if (least..=most).contains(&value) => Ok(value),
                _ if digits.is_empty() => c.fault_at(start, "a number"),
                Some(_) | None => c.fault_at(start, format!("a number from {least} to {most}")),
            }
        })
    }

    /// `sequence-set`, as an atom, or as a number if it is just one.
    pub(super) fn sequence_set(&mut self) -> Parsed<Value> {
        self.set(Rule::SequenceSet, Star::Allowed)
    }

    /// `uid-set`: a set without `*`. RFC 4315 §4.
    pub(super) fn uid_set(&mut self) -> Parsed<Value> {
        self.set(Rule::UidSet, Star::Refused)
    }

    fn set(&mut self, rule: Rule, star: Star) -> Parsed<Value> {
        self.enter(rule, |c| {
            let start = c.at();
            let first = c.set_member(star)?;
            while c.take(b',') || c.take(b':') {
                let colon = c.since(start).last() == Some(&b':');
                c.set_member(star)?;
                if colon && c.peek() == Some(b':') {
                    return c.fault("`,` after a range");
                }
            }
            let text = c.since(start);
            match first {
                Some(number) if text.iter().all(u8::is_ascii_digit) => Ok(Value::Number(number)),
                Some(_) | None => Ok(Value::Atom(text.into())),
            }
        })
    }

    fn set_member(&mut self, star: Star) -> Parsed<Option<u64>> {
        if star == Star::Allowed && self.take(b'*') {
            return Ok(None);
        }
        self.nz_number().map(Some)
    }

    /// `"(" [item *(SP item)] ")"`
    pub(super) fn list(&mut self, mut item: impl FnMut(&mut Self) -> Parsed<Value>) -> Parsed<Value> {
        self.need(b'(')?;
        let mut items = Vec::new();
        if self.take(b')') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(item(self)?);
            if self.take(b')') {
                return Ok(Value::List(items));
            }
            if self.peek() != Some(b' ') {
                return self.fault("a space or `)`");
            }
            self.skip(1);
        }
    }

    /// `*(SP item)` up to the end of the line.
    pub(super) fn each_after_space(
        &mut self,
        values: &mut Vec<Value>,
        mut item: impl FnMut(&mut Self) -> Parsed<Value>,
    ) -> Parsed<()> {
        while self.take(b' ') {
            values.push(item(self)?);
        }
        Ok(())
    }
}

/// Whether `*` may stand in a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Star {
    Allowed,
    Refused,
}

/// Octets as a name to compare. What is not ASCII becomes a replacement character and equals no name.
pub(super) fn upper(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).to_ascii_uppercase()
}
