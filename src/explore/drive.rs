//! All selected scenarios, side by side.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use super::limit::{RUNS_MAX, search};
use super::property::Property;
use super::total::empty_result;
use crate::catalog::{Catalog, Requirement};
use crate::outcome::{Doubt, Event, ScenarioResult, Verdict};
use crate::run::Runner;
use crate::scenario::{Answer, Scenario};

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
    /// The requirements that are there wherever a counterexample is read: those of the catalogue and of the roots.
    pub catalog: Arc<Catalog>,
    /// Those that suite files bring along; a counterexample brings the cited ones along in its turn.
    pub requirements: Vec<Requirement>,
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
            requirements: Vec::new(),
            failures: None,
            max_time: None,
        }
    }
}

/// Runs all scenarios, `jobs` at once, those first that take longest. Every one ends in `ScenarioFinished`, also when `cancel` is called; the
/// last event is `RunFinished`. A receiver that is gone stops nothing.
pub async fn run_all(
    scenarios: Vec<Arc<Scenario>>,
    runner: Arc<Runner>,
    settings: DriveSettings,
    events: UnboundedSender<Event>,
    cancel: CancellationToken,
) {
    // Whatever stops this run stops nobody else.
    let cancel = cancel.child_token();
    let told = Told { events, failed: 0 };
    let _ = told.events.send(Event::RunStarted { scenarios: scenarios.len() });
    let shared = Shared { runner, settings: Arc::new(settings), cancel };
    let told = shared.run(scenarios, told).await;
    let _ = told.events.send(Event::RunFinished);
}

#[derive(Debug, Clone)]
struct Shared {
    runner: Arc<Runner>,
    settings: Arc<DriveSettings>,
    cancel: CancellationToken,
}

/// What was told so far.
struct Told {
    events: UnboundedSender<Event>,
    failed: usize,
}

impl Shared {
    async fn run(&self, scenarios: Vec<Arc<Scenario>>, mut told: Told) -> Told {
        let deadline = self.settings.max_time.map(|time| Instant::now() + time);
        let mut waiting = VecDeque::from(longest_first(scenarios));
        let mut running = JoinSet::new();
        let mut names = HashMap::new();
        loop {
            while running.len() < self.settings.jobs.max(1) && !self.cancel.is_cancelled() {
                let Some(scenario) = waiting.pop_front() else { break };
                let _ = told.events.send(Event::ScenarioStarted { id: scenario.id.clone() });
                let (shared, own) = (self.clone(), Arc::clone(&scenario));
                let task = running.spawn(async move { shared.one(&own).await });
                names.insert(task.id(), scenario);
            }
            let Some(joined) = self.join(&mut running, deadline).await else { break };
            let result = match joined {
                Ok((id, result)) => {
                    names.remove(&id);
                    result
                }
                Err(error) => {
                    let Some(scenario) = names.remove(&error.id()) else { continue };
                    empty_result(&scenario, Verdict::Inconclusive(Doubt::Internal("a panic".to_owned())))
                }
            };
            self.tell(result, &mut told);
        }
        for scenario in waiting {
            self.tell(empty_result(&scenario, Verdict::Inconclusive(Doubt::Cancelled)), &mut told);
        }
        self.runner.leave().await;
        told
    }

    /// The next that ends; at the deadline all are told to.
    async fn join(
        &self,
        running: &mut JoinSet<ScenarioResult>,
        deadline: Option<Instant>,
    ) -> Option<Result<(Id, ScenarioResult), JoinError>> {
        if let Some(deadline) = deadline.filter(|_| !self.cancel.is_cancelled()) {
            match timeout_at(deadline, running.join_next_with_id()).await {
                Ok(joined) => return joined,
                Err(_) => self.cancel.cancel(),
            }
        }
        running.join_next_with_id().await
    }

    fn tell(&self, result: ScenarioResult, told: &mut Told) {
        if let Some(limit) = &self.settings.failures {
            told.failed += usize::from((limit.counts)(&result));
            if told.failed >= limit.max.max(1) {
                self.cancel.cancel();
            }
        }
        let _ = told.events.send(Event::ScenarioFinished(Box::new(result)));
    }

    async fn one(&self, scenario: &Arc<Scenario>) -> ScenarioResult {
        if !scenario.forall.is_empty() {
            let property = Property { scenario, runner: &self.runner, settings: &self.settings, cancel: &self.cancel };
            return property.check().await;
        }
        match &scenario.largest {
            Some(largest) => search(scenario, largest, &self.runner, &self.cancel).await,
            None => self.runner.judge(scenario, &self.cancel).await,
        }
    }
}

/// A run is over sooner when what takes long does not come last. What is equal stays in order.
fn longest_first(mut scenarios: Vec<Arc<Scenario>>) -> Vec<Arc<Scenario>> {
    scenarios.sort_by_key(|scenario| std::cmp::Reverse(expected(scenario)));
    scenarios
}

/// How long a scenario may take: the time that its answers demand, for each of its runs.
fn expected(scenario: &Scenario) -> Duration {
    let runs = if scenario.forall.is_empty() { 1 } else { scenario.cases };
    let runs = runs.saturating_add(if scenario.largest.is_some() { RUNS_MAX } else { 0 });
    let steps = scenario.setup.iter().chain(&scenario.steps);
    let items = steps.filter_map(|step| step.answer.as_ref()).flat_map(Answer::items);
    let waits = items.filter_map(|item| item.expect.lasts());
    // A run without such waits takes some milliseconds.
    (waits.sum::<Duration>() + Duration::from_millis(50)).saturating_mul(runs)
}

#[cfg(test)]
mod tests;
