//! Claims that many targets make.

use std::fmt::Debug;
use std::ops::Range;

/// An error that names itself: what stands before the first colon is what has to stay the same while an input shrinks.
#[expect(clippy::fn_params_excessive_bools, reason = "a claim holds or does not, as with assert!")]
pub(crate) fn ensure(holds: bool, wrong: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(wrong()) }
}

/// The two are the same.
pub(crate) fn same<T: PartialEq + Debug>(what: &str, one: &T, other: &T) -> Result<(), String> {
    ensure(one == other, || format!("{what}: {one:?} and {other:?}"))
}

/// A range lies within a text of this length.
pub(crate) fn inside(what: &str, at: &Range<usize>, length: usize) -> Result<(), String> {
    ensure(at.start <= at.end && at.end <= length, || format!("{what}: {at:?} is not within {length} octets"))
}

/// A text for people holds nothing that a terminal obeys, besides line ends.
pub(crate) fn tame(what: &str, text: &str) -> Result<(), String> {
    let wild = text.chars().find(|c| {
        *c != '\n' && (c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'))
    });
    ensure(wild.is_none(), || format!("{what}: {wild:?} in {text:?}"))
}

/// An input in two parts at the first line break.
pub(crate) fn two(input: &[u8]) -> (&[u8], &[u8]) {
    let at = input.iter().position(|octet| *octet == b'\n').unwrap_or(input.len());
    (input.get(..at).unwrap_or_default(), input.get(at + 1..).unwrap_or_default())
}
