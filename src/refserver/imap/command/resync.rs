//! Parameters of SELECT, modifiers of FETCH and STORE (RFC 7162 §7).

use super::cursor::{Cursor, ParseError, Parsed};
use super::item::{Changed, Gone};
use super::partial::Partial;
use super::set::SequenceSet;
use super::types::{Numbering, Resync, SelectParameter};

/// ` (…)` after the mailbox of SELECT and EXAMINE, or nothing.
pub(super) fn select_parameters(cursor: &mut Cursor<'_>) -> Parsed<Vec<SelectParameter>> {
    if !cursor.accept(b' ') {
        return Ok(Vec::new());
    }
    cursor.list(|cursor| match cursor.word().as_str() {
        "CONDSTORE" => Ok(SelectParameter::Condstore),
        "QRESYNC" => {
            cursor.space()?;
            resync(cursor).map(SelectParameter::Resync)
        }
        _ => Err(ParseError::Expected("a parameter of SELECT")),
    })
}

fn resync(cursor: &mut Cursor<'_>) -> Parsed<Resync> {
    cursor.expect(b'(', "a parenthesis")?;
    let uidvalidity = cursor.nz_number()?;
    cursor.space()?;
    let modseq = match cursor.modseq()? {
        0 => return Err(ParseError::Expected("a mod-sequence that is not 0")),
        modseq => modseq,
    };
    let (mut known, mut sample) = (None, None);
    let mut more = cursor.accept(b' ');
    if more && cursor.peek() != Some(b'(') {
        known = Some(plain_set(cursor)?);
        more = cursor.accept(b' ');
    }
    if more {
        cursor.expect(b'(', "a parenthesis")?;
        let numbers = plain_set(cursor)?;
        cursor.space()?;
        sample = Some((numbers, plain_set(cursor)?));
        cursor.expect(b')', "a closing parenthesis")?;
    }
    cursor.expect(b')', "a closing parenthesis")?;
    Ok(Resync { uidvalidity, modseq, known, sample })
}

/// RFC 7162 §7: neither `*` nor `$` is known to a client.
fn plain_set(cursor: &mut Cursor<'_>) -> Parsed<SequenceSet> {
    let set = SequenceSet::parse(cursor)?;
    if set.is_plain() { Ok(set) } else { Err(ParseError::Expected("a set of numbers")) }
}

/// ` (…)` after the items of FETCH, or nothing.
pub(super) fn fetch_modifiers(cursor: &mut Cursor<'_>, by: Numbering) -> Parsed<(Option<Changed>, Option<Partial>)> {
    if !cursor.accept(b' ') {
        return Ok((None, None));
    }
    let (mut since, mut gone, mut partial) = (None, Gone::Untold, None);
    cursor.list(|cursor| {
        match cursor.word().as_str() {
            "CHANGEDSINCE" => {
                cursor.space()?;
                since = Some(cursor.modseq()?);
            }
            // RFC 7162 §3.2.6: BAD without UID.
            "VANISHED" if by == Numbering::Uid => gone = Gone::Told,
            // RFC 9394 §3.3: defined for UID FETCH only.
            "PARTIAL" if by == Numbering::Uid && partial.is_none() => partial = Some(Partial::parse(cursor)?),
            _ => return Err(ParseError::Expected("a modifier of FETCH")),
        }
        Ok(())
    })?;
    // RFC 7162 §3.2.6: VANISHED alone is BAD.
    if since.is_none() && (gone == Gone::Told || partial.is_none()) {
        return Err(ParseError::Expected("CHANGEDSINCE"));
    }
    Ok((since.map(|since| Changed { since, gone }), partial))
}

/// `(UNCHANGEDSINCE n) ` after the set of STORE, or nothing.
pub(super) fn store_modifier(cursor: &mut Cursor<'_>) -> Parsed<Option<u64>> {
    if !cursor.accept(b'(') {
        return Ok(None);
    }
    if !cursor.accept_word("UNCHANGEDSINCE ") {
        return Err(ParseError::Expected("a modifier of STORE"));
    }
    let modseq = cursor.modseq()?;
    cursor.expect(b')', "a closing parenthesis")?;
    cursor.space()?;
    Ok(Some(modseq))
}

/// After MODSEQ in SEARCH: perhaps the name and type of an entry, which have no mod-sequence of their own here, and a number.
pub(super) fn search_modseq(cursor: &mut Cursor<'_>) -> Parsed<u64> {
    if cursor.peek() == Some(b'"') {
        let name = cursor.string()?;
        if !name.to_ascii_lowercase().starts_with(b"/flags/") {
            return Err(ParseError::Expected("a flag's entry"));
        }
        cursor.space()?;
        if !matches!(cursor.word().as_str(), "ALL" | "PRIV" | "SHARED") {
            return Err(ParseError::Expected("a type of entry"));
        }
        cursor.space()?;
    }
    cursor.modseq()
}
