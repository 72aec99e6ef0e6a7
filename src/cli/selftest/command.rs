//! The command: a server without faults, then one for each fault.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::choose::{Breadth, Broken, choose};
use super::matrix::{Fate, Outcome, Red, line, red, total};
use crate::catalog::Catalog;
use crate::cli::Exit;
use crate::cli::arguments::SelfTest;
use crate::cli::command::{complain, print};
use crate::cli::embedded;
use crate::cli::hurry::hurried;
use crate::cli::suites::{Wanted, load};
use crate::explore::{DriveSettings, Shrinking, run_all};
use crate::refserver::{Fault, Faults};
use crate::report::{Context, Report, ScenarioStanding, fold};
use crate::run::{CLIENT, Log, ProbeSettings, Redactor, Runner, RunnerSettings, World, probe};
use crate::scenario::Scenario;

/// How long a server on loopback may say nothing in the confirming run.
const PATIENCE: Duration = Duration::from_millis(500);
/// Generated cases of each scenario that generates.
const CASES: u32 = 10;
/// How long a probe waits for each answer.
const PROBE_WITHIN: Duration = Duration::from_secs(2);

/// Runs the suites against each fault that is named, or against all.
pub(in crate::cli) fn selftest(arguments: &SelfTest) -> Exit {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return complain(&format!("cannot start: {error}")),
    };
    match runtime.block_on(go(arguments)) {
        Ok(exit) => exit,
        Err(message) => complain(&message),
    }
}

/// All that is the same for each fault.
struct Bench {
    scenarios: Vec<Arc<Scenario>>,
    catalog: Arc<Catalog>,
    jobs: usize,
}

async fn go(arguments: &SelfTest) -> Result<Exit, String> {
    let faults = named(&arguments.faults)?;
    let loaded = load(&Wanted::default())?;
    let scenarios = loaded.suites.into_iter().flat_map(|suite| suite.scenarios);
    let bench = Bench {
        scenarios: scenarios.map(|scenario| Arc::new(hurried(scenario))).collect(),
        catalog: Arc::new(loaded.catalog),
        jobs: usize::from(arguments.jobs),
    };
    let breadth = if arguments.full { Breadth::Full } else { Breadth::Near };
    let sound = bench.judge(Faults::default(), bench.scenarios.clone()).await?;
    let before = red(&sound);
    print(&unsound(&sound, &before));
    let mut outcomes = Vec::new();
    for fault in faults {
        let outcome = bench.outcome(fault, &before, breadth).await;
        print(&line(&outcome));
        outcomes.push(outcome);
    }
    print(&total(&outcomes));
    let open = sound.scenarios.iter().any(|row| row.standing == ScenarioStanding::Inconclusive);
    let holds = before.is_empty() && !open && outcomes.iter().all(Outcome::holds);
    Ok(if holds { Exit::Ok } else { Exit::Violations })
}

fn named(names: &[String]) -> Result<Vec<Fault>, String> {
    if names.is_empty() {
        return Ok(Fault::all().collect());
    }
    let wanted = |name: &String| {
        let found: Vec<Fault> = Fault::all().filter(|fault| fault.row().id.starts_with(name.as_str())).collect();
        if found.is_empty() {
            Err(format!("there is no fault `{name}`, and none begins so; `mailproof serve --list-faults` names them"))
        } else {
            Ok(found)
        }
    };
    let found: Result<Vec<_>, _> = names.iter().map(wanted).collect();
    Ok(found?.into_iter().flatten().collect())
}

/// What is red or open without any fault. Empty if nothing is.
fn unsound(report: &Report, before: &Red) -> String {
    let red = before.iter().map(|(id, scenarios)| {
        let first = scenarios.first().map_or("always watched", String::as_str);
        format!("without a fault: {id} is broken ({first})\n")
    });
    let open = report.scenarios.iter().filter(|row| row.standing == ScenarioStanding::Inconclusive);
    let open = open.map(|row| {
        format!("without a fault: {} is inconclusive: {}\n", row.id, row.reason.as_deref().unwrap_or_default())
    });
    red.chain(open).collect()
}

impl Bench {
    async fn outcome(&self, fault: Fault, before: &Red, breadth: Breadth) -> Outcome {
        let row = fault.row();
        let chosen = choose(fault, &self.scenarios, &self.catalog, breadth);
        match self.judge(Faults::from_iter([fault]), chosen).await {
            Ok(report) => Outcome::of(row, &Broken::by(row, &self.catalog), before, &report),
            Err(why) => Outcome { fault: row, fate: Fate::Untested { why } },
        }
    }

    /// Runs scenarios against a fresh embedded server with these faults.
    async fn judge(&self, faults: Faults, scenarios: Vec<Arc<Scenario>>) -> Result<Report, String> {
        let server = embedded::start(self.jobs, faults).await?;
        let secrets = server.target.secrets().map(|(user, secret)| (user, secret.reveal().as_str()));
        let log = Log::new(Redactor::new(secrets));
        let settings = ProbeSettings { client: CLIENT, within: PROBE_WITHIN, log: &log };
        let probed = probe(&server.target, settings).await.map_err(|error| error.to_string())?;
        let mut world = World::new(server.target.clone(), probed, PATIENCE).map_err(|error| error.to_string())?;
        world.sink = Some(Arc::clone(&server.sink));
        world.know(&self.catalog);
        let runner = Runner::new(Arc::new(world), RunnerSettings::default());
        let settings = DriveSettings {
            jobs: self.jobs,
            cases: Some(CASES),
            shrinking: Shrinking::AsDrawn,
            ..DriveSettings::new(Arc::clone(&self.catalog))
        };
        let (sender, mut receiver) = mpsc::unbounded_channel();
        run_all(scenarios, Arc::new(runner), settings, sender, CancellationToken::new()).await;
        let mut events = Vec::new();
        while let Some(event) = receiver.recv().await {
            events.push(event);
        }
        Ok(fold(events, &Context { catalog: &self.catalog, known: &[], excused: &[] }))
    }
}
