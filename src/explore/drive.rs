//! All selected scenarios, side by side.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;

use crate::catalog::Catalog;
use crate::outcome::{Event, ScenarioResult};
use crate::run::Runner;
use crate::scenario::Scenario;

/// How a run goes.
#[derive(Debug, Clone)]
pub struct DriveSettings {
    /// Scenarios that run at once, at least 1: `--jobs`.
    pub jobs: usize,
    /// `--seed`; none takes the seed of each scenario's id.
    pub seed: Option<u64>,
    /// `--cases`; none takes what the scenario says.
    pub cases: Option<u32>,
    /// Whether failing cases are made smaller.
    pub shrinking: Shrinking,
    /// Folder for counterexamples; none writes none.
    pub counterexamples: Option<PathBuf>,
    /// The requirements that a written counterexample may cite, local ones included.
    pub catalog: Arc<Catalog>,
    /// `--fail-fast`, `--max-failures`: the run is cancelled at so many failures.
    pub failures: Option<FailureLimit>,
    /// `--max-time`: the run is cancelled then.
    pub max_time: Option<Duration>,
}

/// Whether failing cases of `forall` are made smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shrinking {
    /// The default.
    Smallest,
    /// `--no-shrink`: the case is written as it was drawn.
    AsDrawn,
}

/// When a run has failed often enough.
#[derive(Clone)]
pub struct FailureLimit {
    /// At least 1.
    pub max: usize,
    /// What counts as a failure.
    pub counts: Arc<dyn Fn(&ScenarioResult) -> bool + Send + Sync>,
}

impl fmt::Debug for FailureLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FailureLimit").field("max", &self.max).finish_non_exhaustive()
    }
}

impl DriveSettings {
    /// One scenario after the other, nothing limited, nothing written.
    pub fn new(catalog: Arc<Catalog>) -> Self {
        Self {
            jobs: 1,
            seed: None,
            cases: None,
            shrinking: Shrinking::Smallest,
            counterexamples: None,
            catalog,
            failures: None,
            max_time: None,
        }
    }
}

/// Runs all scenarios in order, `jobs` at once. Every one ends in `ScenarioFinished`, also when `cancel` is called; the
/// last event is `RunFinished`. A receiver that is gone stops nothing.
pub async fn run_all(
    scenarios: Vec<Arc<Scenario>>,
    runner: Arc<Runner>,
    settings: DriveSettings,
    events: UnboundedSender<Event>,
    cancel: CancellationToken,
) {
    let _ = events.send(Event::RunStarted { scenarios: scenarios.len() });
    for scenario in scenarios {
        let _ = events.send(Event::ScenarioStarted { id: scenario.id.clone() });
        let result = runner.judge(&scenario, &cancel).await;
        let _ = events.send(Event::ScenarioFinished(Box::new(result)));
    }
    let _ = (settings, events.send(Event::RunFinished));
}
