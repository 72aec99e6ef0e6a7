//! The running part of a run: scenarios into events, shown while they come.

use std::path::Path;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::arguments::RunArguments;
use crate::catalog::Catalog;
use crate::explore::{DriveSettings, Shrinking, run_all};
use crate::outcome::Event;
use crate::report::Terminal;
use crate::run::{Runner, RunnerSettings, Switches, World};
use crate::scenario::Scenario;

/// What is run, on what, and how.
pub(super) struct Plan<'a> {
    pub(super) scenarios: Vec<Scenario>,
    pub(super) world: World,
    pub(super) catalog: Arc<Catalog>,
    pub(super) arguments: &'a RunArguments,
    /// Folder for generated cases that fail.
    pub(super) counterexamples: &'a Path,
    pub(super) cancel: CancellationToken,
}

/// Runs the plan to its end, or until enough has failed, time is up, or the user cancels. Every scenario that was
/// selected has a result then.
pub(super) async fn execute(plan: Plan<'_>, terminal: &mut Terminal<'_>) -> Vec<Event> {
    let Plan { scenarios, world, catalog, arguments, counterexamples, cancel } = plan;
    let settings = drive(arguments, catalog, counterexamples);
    let running = &arguments.running;
    let max_failures = if running.fail_fast { Some(1) } else { running.max_failures };
    let switches = Switches { slow: arguments.selection.slow, destructive: arguments.selection.allow_destructive };
    let runner = Runner::new(Arc::new(world), RunnerSettings { switches, ..RunnerSettings::default() });
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let scenarios = scenarios.into_iter().map(Arc::new).collect();
    let work = run_all(scenarios, Arc::new(runner), settings, sender, cancel.clone());
    let reader = async {
        let mut events = Vec::new();
        while let Some(event) = receiver.recv().await {
            terminal.event(&event);
            if max_failures.is_some_and(|most| terminal.failures() >= most) {
                cancel.cancel();
            }
            events.push(event);
        }
        events
    };
    // Both end together: the sender is dropped with the work.
    let ((), events) = tokio::join!(work, reader);
    events
}

fn drive(arguments: &RunArguments, catalog: Arc<Catalog>, counterexamples: &Path) -> DriveSettings {
    let running = &arguments.running;
    DriveSettings {
        jobs: usize::from(running.jobs),
        seed: running.seed,
        cases: running.cases,
        shrinking: if running.no_shrink { Shrinking::AsDrawn } else { Shrinking::Smallest },
        counterexamples: Some(counterexamples.to_owned()),
        max_time: running.max_time,
        ..DriveSettings::new(catalog)
    }
}
