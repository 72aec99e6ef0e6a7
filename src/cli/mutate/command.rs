//! The command: an honest run of each scenario, then one for each change.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::fate::{Honest, fate};
use super::judging::Judging;
use super::plan::{Mutation, mutations};
use super::report::json;
use super::table::{Outcome, Told, Tried, holds, lines, total, unusable};
use crate::base::SessionName;
use crate::catalog::Catalog;
use crate::cli::Exit;
use crate::cli::arguments::Check;
use crate::cli::command::{block_on, complain, print};
use crate::cli::embedded::{self, Embedded};
use crate::cli::hurry::hurried;
use crate::cli::rows::write;
use crate::cli::run::{Unchosen, Words};
use crate::cli::suites::{Wanted, load_only};
use crate::explore::{expand, with_number};
use crate::outcome::Part;
use crate::refserver::Faults;
use crate::run::{CLIENT, Log, ProbeSettings, Redactor, Runner, RunnerSettings, Tamper, World, probe};
use crate::scenario::{Scenario, SessionKind};

/// How long a server on loopback may say nothing in a run that confirms; there is none here.
const PATIENCE: Duration = Duration::from_millis(500);
/// How long a probe waits for each answer.
const PROBE_WITHIN: Duration = Duration::from_secs(2);
/// How long mail may take to arrive in an honest run.
const ARRIVES: Duration = Duration::from_secs(5);
/// The same once an answer was changed.
const ARRIVES_CHANGED: Duration = Duration::from_secs(1);
/// Honest runs of a scenario at most: the machine may be busy.
const HONEST_RUNS: usize = 3;

/// Tampers with the answers to the scenarios that are named, or to all shipped ones.
pub(in crate::cli) fn mutate(arguments: &Check) -> Exit {
    block_on(async { go(arguments).await.unwrap_or_else(|message| complain(&message)) })
}

async fn go(arguments: &Check) -> Result<Exit, String> {
    let words = Words::sort(&arguments.words);
    let wanted = Wanted { alone: words.paths.clone(), ..Wanted::default() };
    let loaded = load_only(&wanted, &|suite| words.may_hold(suite))?;
    let scenarios = loaded.suites.into_iter().flat_map(|suite| suite.scenarios).collect();
    let mut scenarios = match words.choose(scenarios) {
        Ok(scenarios) => scenarios,
        Err(Unchosen::Unknown(words)) => return Err(words.join("\nerror: ")),
        Err(Unchosen::Nothing) => return Ok(Exit::NothingSelected),
    };
    if let Some(shard) = arguments.shard {
        let mut position = 0..;
        scenarios.retain(|_| position.next().is_some_and(|position| shard.holds(position)));
    }
    if scenarios.is_empty() {
        return Ok(Exit::NothingSelected);
    }
    let jobs = usize::from(arguments.jobs);
    let bench = Arc::new(Bench::start(jobs, loaded.catalog).await?);
    let slots = Arc::new(Semaphore::new(jobs));
    let running: Vec<_> = scenarios
        .into_iter()
        .map(|scenario| {
            let (bench, slots) = (Arc::clone(&bench), Arc::clone(&slots));
            let id = scenario.id.to_string();
            let task = tokio::spawn(async move {
                // The semaphore is never closed.
                let _slot = slots.acquire().await;
                bench.one(&scenario).await
            });
            (id, task)
        })
        .collect();
    let mut outcomes = Vec::new();
    for (id, task) in running {
        let outcome = task.await.unwrap_or_else(|error| Outcome::Unsound(error.to_string()));
        print(&lines(&id, &outcome));
        outcomes.push((id, outcome));
    }
    print(&total(&outcomes));
    if let Some(path) = &arguments.report {
        write(path, &json(&outcomes).map_err(|error| error.to_string())?)?;
    }
    Ok(if outcomes.iter().all(|(_, outcome)| holds(outcome)) { Exit::Ok } else { Exit::Violations })
}

/// A server and a runner for all scenarios.
struct Bench {
    runner: Runner,
    catalog: Catalog,
    cancel: CancellationToken,
    _server: Embedded,
}

impl Bench {
    async fn start(jobs: usize, catalog: Catalog) -> Result<Self, String> {
        let server = embedded::start(jobs, Faults::default()).await?;
        let secrets = server.target.secrets().map(|(user, secret)| (user, secret.reveal().as_str()));
        let log = Log::new(Redactor::new(secrets));
        let settings = ProbeSettings { client: CLIENT, within: PROBE_WITHIN, log: &log };
        let probed = probe(&server.target, settings).await.map_err(|error| error.to_string())?;
        let mut world = World::new(server.target.clone(), probed, PATIENCE).map_err(|error| error.to_string())?;
        world.sink = Some(Arc::clone(&server.sink));
        world.know(&catalog);
        let runner = Runner::new(Arc::new(world), RunnerSettings::default());
        Ok(Self { runner, catalog, cancel: CancellationToken::new(), _server: server })
    }

    async fn one(&self, scenario: &Scenario) -> Outcome {
        let scenario = hurried(concrete(scenario));
        let patient = Arc::new(arriving(scenario.clone(), ARRIVES));
        let mut honest = self.honest(&patient).await;
        for _ in 1..HONEST_RUNS {
            if !matches!(unusable(&honest.result.verdict), Some(Outcome::Unsound(_))) {
                break;
            }
            honest = self.honest(&patient).await;
        }
        if let Some(outcome) = unusable(&honest.result.verdict) {
            return outcome;
        }
        let scenario = Arc::new(arriving(scenario, ARRIVES_CHANGED));
        let judging = Judging::of(&scenario, &self.catalog);
        let kind = |name: &str| -> Option<SessionKind> {
            let name: SessionName = name.parse().ok()?;
            scenario.session(&name).map(|session| session.kind.clone())
        };
        let mut told = Vec::new();
        for mutation in mutations(&judging, kind, &honest.observed) {
            told.extend(self.changed(&scenario, &judging, &honest, mutation).await);
        }
        let canonical = |ids: &[crate::base::RequirementId]| -> BTreeSet<_> {
            ids.iter().map(|id| self.catalog.canonical(id).clone()).collect()
        };
        let (judged, covers) = (canonical(&honest.result.judged), canonical(&scenario.covers));
        Outcome::Tried(Tried::of(&judging, &honest, &judged, &covers, told))
    }

    async fn honest(&self, scenario: &Arc<Scenario>) -> Honest {
        let tamper = Tamper::watching();
        let result = self.runner.tampered(scenario, &tamper, &self.cancel).await;
        Honest { result, observed: tamper.observed() }
    }

    async fn changed(
        &self,
        scenario: &Arc<Scenario>,
        judging: &Judging<'_>,
        honest: &Honest,
        mutation: Mutation,
    ) -> Option<Told> {
        let step = judging.step(&mutation.at)?;
        let tamper = Tamper::changing(mutation.plan.clone());
        let once = Arc::new(at_once(scenario, &mutation));
        let result = self.runner.tampered(&once, &tamper, &self.cancel).await;
        let observed = tamper.observed();
        let fate = fate(honest, &mutation, step, &result, &observed, &self.catalog);
        let sent = observed.sent.map(|(before, change)| (before, change.octets.into()));
        Some(Told { place: step.span.place(), sent, fate, mutation })
    }
}

/// The first case of what generates, and the smallest of what searches a limit.
fn concrete(scenario: &Scenario) -> Scenario {
    let from = scenario.largest.as_ref().map_or(0, |largest| largest.from);
    with_number(&expand(scenario, None, 0), from)
}

/// The same scenario, whose changed step is not repeated: the next answer is not changed any more.
fn at_once(scenario: &Scenario, mutation: &Mutation) -> Scenario {
    let mut scenario = scenario.clone();
    let steps = match mutation.at.part {
        Part::Setup => &mut scenario.setup,
        Part::Steps => &mut scenario.steps,
        Part::Cleanup => &mut scenario.cleanup,
    };
    let number = usize::try_from(mutation.at.number).unwrap_or(usize::MAX);
    if let Some(step) = number.checked_sub(1).and_then(|number| steps.get_mut(number)).filter(|_| !mutation.of_box) {
        step.until = None;
    }
    scenario
}

/// The same scenario, which waits so long at most for what may come late.
fn arriving(mut scenario: Scenario, within: Duration) -> Scenario {
    let boxes: BTreeSet<SessionName> = scenario
        .sessions
        .iter()
        .filter(|session| matches!(session.kind, SessionKind::Inbox(_) | SessionKind::Sink))
        .map(|session| session.name.clone())
        .collect();
    let lists = [&mut scenario.setup, &mut scenario.steps, &mut scenario.cleanup];
    for step in lists.into_iter().flatten() {
        let late = boxes.contains(&step.session).then_some(within);
        step.until = step.until.map(|until| until.min(within)).or(late);
    }
    scenario
}
