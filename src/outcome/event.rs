//! What a run tells while it goes on. Owned, in one order, without report settings.

use std::path::PathBuf;
use std::time::Duration;

use super::{Finding, Transcript, Verdict};
use crate::base::{RequirementId, ScenarioId};

/// One thing that happened in a run.
#[derive(Debug, Clone)]
pub enum Event {
    /// Before the first scenario: how many were selected.
    RunStarted {
        /// Scenarios to come.
        scenarios: usize,
    },
    /// A scenario began.
    ScenarioStarted {
        /// Which.
        id: ScenarioId,
    },
    /// A scenario ended.
    ScenarioFinished(Box<ScenarioResult>),
    /// All scenarios ended, or the run was cancelled.
    RunFinished,
}

/// All that a report needs of one scenario.
#[derive(Debug, Clone)]
pub struct ScenarioResult {
    /// Which.
    pub id: ScenarioId,
    /// What it covers, canonical or not.
    pub covers: Vec<RequirementId>,
    /// Ids of `covers` that were judged. Those that were not are not applicable in this scenario.
    pub judged: Vec<RequirementId>,
    /// The verdict.
    pub verdict: Verdict,
    /// Findings of invariants: they belong to their own requirement, not to the scenario.
    pub invariants: Vec<Finding>,
    /// Requirements behind whose invariant at least one matching frame was seen.
    pub watched: Vec<RequirementId>,
    /// For `largest`: the largest number at which all steps held.
    pub largest: Option<u64>,
    /// For `forall`: the case that is violated.
    pub counterexample: Option<Counterexample>,
    /// What was said, of the run that decided.
    pub transcript: Transcript,
    /// How long it took, confirmation included.
    pub elapsed: Duration,
}

/// The generated case that a `forall` scenario fails on. What its values are stands in the file alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counterexample {
    /// Seed of the scenario.
    pub seed: u64,
    /// Zero-based number of the first case that failed.
    pub case: u32,
    /// The smallest failing scenario, written as a suite; none when no folder for it was named.
    pub file: Option<PathBuf>,
    /// What a run from that file showed.
    pub replay: Replay,
}

/// What a run from the written file showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replay {
    /// The same violation: it is reproducible.
    Reproducible,
    /// Another verdict, in its words, or a file that cannot be written or read.
    Differs(String),
    /// Nothing was written.
    NotTried,
}
