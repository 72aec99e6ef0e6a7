//! What a strict parser says about server output that breaks the grammar.

use thiserror::Error;

use super::RequirementId;

/// Server output that breaks a grammar rule. It is data about the server, never an error of ours.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("octet {at}: {expected} ({rule}, {section})")]
pub struct SyntaxError {
    /// Offset of the first wrong octet within the frame's raw octets.
    pub at: usize,
    /// ABNF rule that was being read, such as `resp-text-code`.
    pub rule: &'static str,
    /// RFC and section of that rule, such as `RFC 9051 §9`.
    pub section: &'static str,
    /// What the grammar wants here, as a lower-case fragment.
    pub expected: String,
    /// Catalogue row that this breaks.
    pub requirement: RequirementId,
}
