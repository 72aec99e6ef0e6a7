//! Sequence sets.

use super::cursor::{Cursor, ParseError};

/// One end of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetNumber {
    /// From 1 on.
    Number(u32),
    /// `*`: the largest number in use.
    Largest,
}

/// RFC 3501 §9 `sequence-set`, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SequenceSet(Vec<(SetNumber, SetNumber)>);

impl SequenceSet {
    pub(super) fn parse(cursor: &mut Cursor<'_>) -> Result<Self, ParseError> {
        let mut ranges = Vec::new();
        loop {
            let low = number(cursor)?;
            let high = if cursor.accept(b':') { number(cursor)? } else { low };
            ranges.push((low, high));
            if !cursor.accept(b',') {
                return Ok(Self(ranges));
            }
        }
    }

    /// The set as sorted, disjoint, inclusive ranges when `*` is `largest`. Ends of a range may be swapped (RFC 3501 §9).
    pub fn ranges(&self, largest: u32) -> Vec<(u32, u32)> {
        let value = |number| match number {
            SetNumber::Number(number) => number,
            SetNumber::Largest => largest,
        };
        let mut ranges: Vec<(u32, u32)> =
            self.0.iter().map(|&(a, b)| (value(a).min(value(b)), value(a).max(value(b)))).collect();
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

fn number(cursor: &mut Cursor<'_>) -> Result<SetNumber, ParseError> {
    if cursor.accept(b'*') { Ok(SetNumber::Largest) } else { cursor.nz_number().map(SetNumber::Number) }
}
