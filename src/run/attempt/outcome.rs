//! What one run of a scenario came to.

use tokio_util::sync::CancellationToken;

use crate::base::RequirementId;
use crate::outcome::{Doubt, Finding, Transcript, Verdict};
use crate::run::world::{Leased, World};
use crate::scenario::Scenario;

/// One run of one scenario. Nothing in it is confirmed yet.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// What this run alone shows.
    pub verdict: Verdict,
    /// Ids of `covers` that were judged.
    pub judged: Vec<RequirementId>,
    /// What invariants found, without what the scenario allows. Their certainty is [`crate::outcome::Certainty::Unstable`].
    pub invariants: Vec<Finding>,
    /// Requirements behind whose invariant something was seen.
    pub watched: Vec<RequirementId>,
    /// What was said.
    pub transcript: Transcript,
}

/// How long a step waits for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// As long as its `within` says.
    Ordinary,
    /// As long as the world's patience says, if that is longer: the run that confirms a silence.
    Patient,
}

/// Runs a concrete scenario once: no `forall`, no `largest`, its needs met, its accounts leased.
pub async fn attempt(
    scenario: &Scenario,
    world: &World,
    leased: &Leased,
    waiting: Waiting,
    cancel: &CancellationToken,
) -> Attempt {
    let _ = (scenario, world, leased, waiting, cancel);
    Attempt {
        verdict: Verdict::Inconclusive(Doubt::Internal("scenarios are not run yet".to_owned())),
        judged: Vec::new(),
        invariants: Vec::new(),
        watched: Vec::new(),
        transcript: Transcript::default(),
    }
}
