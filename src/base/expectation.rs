//! What the pattern matchers of the three protocols have in common.

use std::ops::Range;

use super::{Bound, ByteString, Type, VarRef};

/// A variable in a pattern, as the suite reader needs it to check bindings and types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VarUse {
    /// The variable.
    pub var: VarRef,
    /// Octet range in the pattern's text.
    pub at: Range<usize>,
    /// The type of the place it stands in.
    pub kind: Type,
    /// Whether it stands alone in its place, so that a variable without a value is bound there.
    pub binds: Binds,
}

/// Whether a place can bind a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binds {
    /// The variable is alone in its place: the first meeting binds it.
    First,
    /// It is joined with other text, or stands where nothing is bound: it must have a value.
    Never,
}

/// Variables that a match bound, in the order met.
pub type Captures = Vec<(VarRef, Bound)>;

/// Why a pattern does not fit what came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// What the pattern wants, in its own words.
    pub expected: String,
    /// Where the frame's raw octets differ, if one place can be named.
    pub at: Option<Range<usize>>,
    /// What stands there.
    pub actual: ByteString,
}

/// An invariant violation seen in one frame or between frames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// The requirement that is broken.
    pub requirement: super::RequirementId,
    /// What is wrong, as a lower-case fragment without values that vary from run to run.
    pub what: String,
    /// Where in the frame's raw octets, if one place can be named.
    pub at: Option<Range<usize>>,
}
