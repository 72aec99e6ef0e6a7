//! The running part of a run: scenarios into events, shown while they come.

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::arguments::RunArguments;
use crate::outcome::{Event, ScenarioResult};
use crate::report::Terminal;
use crate::run::{Leased, Waiting, World, attempt};
use crate::scenario::Scenario;

/// What is run, on what, and how.
pub(super) struct Plan<'a> {
    pub(super) scenarios: Vec<Scenario>,
    pub(super) world: World,
    pub(super) arguments: &'a RunArguments,
    pub(super) cancel: CancellationToken,
}

/// Runs the plan to its end, or until enough has failed, time is up, or the user cancels.
pub(super) async fn execute(plan: Plan<'_>, terminal: &mut Terminal<'_>) -> Vec<Event> {
    let Plan { scenarios, world, arguments, cancel } = plan;
    let running = &arguments.running;
    let max_failures = if running.fail_fast { Some(1) } else { running.max_failures };
    let time_is_up = cancel.clone();
    let limit = running.max_time;
    let watch = tokio::spawn(async move {
        if let Some(limit) = limit
            && tokio::time::timeout(limit, time_is_up.cancelled()).await.is_err()
        {
            time_is_up.cancel();
        }
    });
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let work = tokio::spawn(run_all(scenarios, world, sender, cancel.clone()));
    let mut events = Vec::new();
    while let Some(event) = receiver.recv().await {
        terminal.event(&event);
        if max_failures.is_some_and(|most| terminal.failures() >= most) {
            cancel.cancel();
        }
        events.push(event);
    }
    watch.abort();
    work.abort();
    events
}

async fn run_all(
    scenarios: Vec<Scenario>,
    world: World,
    events: mpsc::UnboundedSender<Event>,
    cancel: CancellationToken,
) {
    let _ = events.send(Event::RunStarted { scenarios: scenarios.len() });
    for scenario in scenarios {
        let _ = events.send(Event::ScenarioStarted { id: scenario.id.clone() });
        let leased =
            Leased { alice: world.target.accounts.first().cloned(), bob: world.target.accounts.get(1).cloned() };
        let attempt = attempt(&scenario, &world, &leased, Waiting::Ordinary, &cancel).await;
        let _ = events.send(Event::ScenarioFinished(Box::new(ScenarioResult {
            id: scenario.id.clone(),
            covers: scenario.covers.clone(),
            judged: attempt.judged,
            verdict: attempt.verdict,
            invariants: attempt.invariants,
            watched: attempt.watched,
            largest: None,
            transcript: attempt.transcript,
            elapsed: std::time::Duration::ZERO,
        })));
    }
    let _ = events.send(Event::RunFinished);
}
