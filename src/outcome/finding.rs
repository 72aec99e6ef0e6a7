//! One violation with its evidence.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::base::{ByteString, RequirementId, ScenarioId, Span};

/// One violation. It always names one requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The sentence that was broken, canonical or not.
    pub requirement: RequirementId,
    /// The scenario that showed it.
    pub scenario: ScenarioId,
    /// Where in the scenario.
    pub step: StepRef,
    /// What kind of violation.
    pub kind: FindingKind,
    /// Structure of what came, without values that vary from run to run. docs/verdicts.md.
    pub shape: String,
    /// How sure it is.
    pub certainty: Certainty,
    /// What a person sees: never part of a report that is compared.
    pub evidence: Evidence,
}

/// What kind of violation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// An answer that the step does not accept.
    Mismatch,
    /// A check that does not hold.
    Check,
    /// Output that breaks the grammar.
    Syntax,
    /// A contradiction between frames.
    Invariant,
    /// Nothing came in time.
    Silence,
    /// The server closed where it may not.
    Close,
    /// The server died.
    Crash,
}

/// How often a finding was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// Seen again on fresh state.
    Confirmed,
    /// Proved by its octets, but never seen again.
    Unstable,
}

/// A place in a scenario, stable over runs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StepRef {
    /// Which list of steps.
    pub part: Part,
    /// One-based number of the step; 0 is the ladder that opens a session.
    pub number: u32,
}

/// The lists of steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// `setup`, deposits and ladders included.
    Setup,
    /// `steps`.
    Steps,
    /// `cleanup`.
    Cleanup,
}

/// What a person needs to see the violation with their own eyes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The line of the suite that was not met.
    pub span: Span,
    /// What was expected, as a lower-case fragment.
    pub expected: String,
    /// Octets that came.
    pub actual: ByteString,
    /// Where in `actual` the difference begins.
    pub caret: Option<Range<usize>>,
    /// Remark of the line, or a hint.
    pub remark: Option<String>,
}

/// Identity of a violation, for grouping and to keep shrinking on the same one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Fingerprint {
    /// The requirement.
    pub requirement: RequirementId,
    /// The kind.
    pub kind: FindingKind,
    /// The shape.
    pub shape: String,
}

impl Finding {
    /// Its identity.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint { requirement: self.requirement.clone(), kind: self.kind, shape: self.shape.clone() }
    }
}
