//! SORT and THREAD (RFC 5256 §5).

use super::cursor::{Cursor, ParseError, Parsed};
use super::search::criteria;
use super::types::{Criterion, Direction, Numbering, Sort, SortKey, Thread, Threading};

/// What follows SORT.
pub(super) fn sort(cursor: &mut Cursor<'_>, by: Numbering) -> Parsed<Sort> {
    let criteria_wanted = cursor.list(criterion)?;
    cursor.space()?;
    Ok(Sort { criteria: criteria_wanted, search: criteria(cursor, by)? })
}

/// What follows THREAD.
pub(super) fn thread(cursor: &mut Cursor<'_>, numbering: Numbering) -> Parsed<Thread> {
    let by = match cursor.atom()?.to_ascii_uppercase().as_str() {
        "ORDEREDSUBJECT" => Threading::OrderedSubject,
        "REFERENCES" => Threading::References,
        _ => return Err(ParseError::Expected("a threading algorithm")),
    };
    cursor.space()?;
    Ok(Thread { by, search: criteria(cursor, numbering)? })
}

fn criterion(cursor: &mut Cursor<'_>) -> Parsed<Criterion> {
    let direction = if cursor.accept_word("REVERSE ") { Direction::Reverse } else { Direction::Ascending };
    let key = match cursor.word().as_str() {
        "ARRIVAL" => SortKey::Arrival,
        "CC" => SortKey::Cc,
        "DATE" => SortKey::Date,
        "FROM" => SortKey::From,
        "SIZE" => SortKey::Size,
        "SUBJECT" => SortKey::Subject,
        "TO" => SortKey::To,
        _ => return Err(ParseError::Expected("a sort key")),
    };
    Ok(Criterion { key, direction })
}
