//! Sequence sets.

use super::cursor::{Cursor, ParseError};
use super::types::Numbering;

/// One end of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetNumber {
    /// From 1 on.
    Number(u32),
    /// `*`: the largest number in use.
    Largest,
}

/// RFC 3501 §9 `sequence-set`, or the saved result of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SequenceSet {
    /// Ranges as written.
    Ranges(Vec<(SetNumber, SetNumber)>),
    /// `$` (RFC 5182 §4).
    Saved,
}

/// What a message that is gone is to a command that names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// It is missed.
    Missed,
    /// It is no matter.
    Ignored,
}

impl SequenceSet {
    pub(super) fn parse(cursor: &mut Cursor<'_>) -> Result<Self, ParseError> {
        if cursor.accept(b'$') {
            return Ok(Self::Saved);
        }
        let mut ranges = Vec::new();
        loop {
            let low = number(cursor)?;
            let high = if cursor.accept(b':') { number(cursor)? } else { low };
            ranges.push((low, high));
            if !cursor.accept(b',') {
                return Ok(Self::Ranges(ranges));
            }
        }
    }

    /// Whether it is numbers only.
    pub(super) fn is_plain(&self) -> bool {
        match self {
            Self::Ranges(all) => !all.iter().any(|&(low, high)| [low, high].contains(&SetNumber::Largest)),
            Self::Saved => false,
        }
    }

    /// RFC 3501 §6.4.8: UIDs may be those of no message. RFC 5182 §2.1: what is expunged is in no saved result.
    pub fn absence(&self, by: Numbering) -> Absence {
        match (self, by) {
            (Self::Ranges(_), Numbering::Sequence) => Absence::Missed,
            (Self::Ranges(_), Numbering::Uid) | (Self::Saved, _) => Absence::Ignored,
        }
    }

    /// The set as sorted, disjoint, inclusive ranges when `*` is `largest` and `$` is `saved`. Ends of a range may be swapped
    /// (RFC 3501 §9).
    pub fn ranges(&self, largest: u32, saved: impl FnOnce() -> Vec<u32>) -> Vec<(u32, u32)> {
        let value = |number| match number {
            SetNumber::Number(number) => number,
            SetNumber::Largest => largest,
        };
        let mut ranges: Vec<(u32, u32)> = match self {
            Self::Ranges(all) => all.iter().map(|&(a, b)| (value(a).min(value(b)), value(a).max(value(b)))).collect(),
            Self::Saved => saved().into_iter().map(|number| (number, number)).collect(),
        };
        ranges.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (low, high) in ranges {
            match merged.last_mut() {
                Some((_, end)) if low <= end.saturating_add(1) => *end = high.max(*end),
                Some(_) | None => merged.push((low, high)),
            }
        }
        merged
    }
}

/// RFC 3501 §9 `seq-number`.
pub(super) fn number(cursor: &mut Cursor<'_>) -> Result<SetNumber, ParseError> {
    if cursor.accept(b'*') { Ok(SetNumber::Largest) } else { cursor.nz_number().map(SetNumber::Number) }
}
