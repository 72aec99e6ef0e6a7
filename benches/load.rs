//! Load for figures: a scenario of `benches/suites/load.yaml`, its steps repeated, run and judged as `mailproof run` does it.
//!
//! `cargo bench --bench load -- TARGET.yaml SCENARIO ROUNDS SESSIONS [AT_ONCE]` runs the scenario SESSIONS times, AT_ONCE
//! (1) beside each other, its steps ROUNDS times in each. It tells the CPU time of this process between the probe and the
//! last verdict; docs/performance.md says how to pin it and what to run it against. Linux only.

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mailproof::base::SourceFile;
use mailproof::catalog::Catalog;
use mailproof::cli::Shipped;
use mailproof::outcome::{Direction, ScenarioResult, Verdict};
use mailproof::run::{CLIENT, Log, ProbeSettings, Redactor, Runner, RunnerSettings, World, probe};
use mailproof::scenario::{FACTS, Library, NoFiles, Scenario, read_suite};
use mailproof::target::{Target, read_target};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

type Failed = Box<dyn Error + Send + Sync>;

/// Below the folder in which Cargo runs benches.
const SUITE: &str = "benches/suites/load.yaml";
const WITHIN: Duration = Duration::from_secs(10);

fn main() -> Result<(), Failed> {
    // Cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let (target, scenario, rounds, sessions, at_once) = match arguments.as_slice() {
        [target, scenario, rounds, sessions] => (target, scenario, rounds, sessions, "1"),
        [target, scenario, rounds, sessions, at_once] => (target, scenario, rounds, sessions, at_once.as_str()),
        _ => return Err("usage: load TARGET.yaml SCENARIO ROUNDS SESSIONS [AT_ONCE]".into()),
    };
    let load = Load { rounds: rounds.parse()?, sessions: sessions.parse()?, at_once: at_once.parse()? };
    let target = target_of(Path::new(target))?;
    let (scenario, catalog) = scenario_of(scenario, load.rounds)?;
    // As `mailproof run` has it.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(measure(target, scenario, &catalog, load))
}

#[derive(Debug, Clone, Copy)]
struct Load {
    rounds: usize,
    sessions: usize,
    at_once: usize,
}

async fn measure(target: Target, scenario: Scenario, catalog: &Catalog, load: Load) -> Result<(), Failed> {
    let secrets = target.secrets().map(|(user, secret)| (user, secret.reveal().as_str()));
    let log = Log::new(Redactor::new(secrets));
    let probed = probe(&target, ProbeSettings { client: CLIENT, within: WITHIN, log: &log }).await?;
    let mut world = World::new(target, probed, WITHIN)?;
    world.know(catalog);
    let runner = Arc::new(Runner::new(Arc::new(world), RunnerSettings::default()));
    let (scenario, cancel) = (Arc::new(scenario), CancellationToken::new());
    let (before, begun) = (cpu()?, Instant::now());
    let (mut running, mut started, mut commands) = (JoinSet::new(), 0, 0);
    loop {
        while started < load.sessions && running.len() < load.at_once.max(1) {
            started += 1;
            let (runner, scenario, cancel) = (Arc::clone(&runner), Arc::clone(&scenario), cancel.clone());
            running.spawn(async move { runner.judge(&scenario, &cancel).await });
        }
        let Some(result) = running.join_next().await else { break };
        commands += commands_of(&result?)?;
    }
    runner.leave().await;
    let (spent, wall) = (cpu()? - before, begun.elapsed());
    let rounds = load.rounds * load.sessions;
    let mut out = io::stdout();
    writeln!(out, "cpu {:.3} s, wall {:.3} s, peak {} kB", spent.as_secs_f64(), wall.as_secs_f64(), peak()?)?;
    for (what, count) in [("commands", commands), ("rounds", rounds), ("sessions", load.sessions)] {
        let count = f64::from(u32::try_from(count)?);
        writeln!(out, "{what} {count}: {:.0} per CPU second", count / spent.as_secs_f64())?;
    }
    Ok(())
}

/// Lines sent that ask for an answer: IMAP commands with their tag, SMTP lines and contents.
fn commands_of(result: &ScenarioResult) -> Result<usize, Failed> {
    if result.verdict != Verdict::Conforms || !result.invariants.is_empty() {
        return Err(format!("{:?} {:?}", result.verdict, result.invariants).into());
    }
    let sent = result.transcript.entries.iter().filter(|entry| entry.direction == Direction::Client);
    Ok(sent.count())
}

fn target_of(path: &Path) -> Result<Target, Failed> {
    let source = SourceFile { name: path.display().to_string(), text: fs::read_to_string(path)? };
    let facts = FACTS.map(|fact| fact.name);
    read_target(&source, &facts, &|name| std::env::var(name).ok()).map_err(|mistakes| format!("{mistakes:?}").into())
}

fn scenario_of(name: &str, rounds: usize) -> Result<(Scenario, Catalog), Failed> {
    let shipped = Shipped::embedded()?;
    let catalog = shipped.catalog([]).map_err(|mistakes| format!("{mistakes:?}"))?;
    let fragment = |(path, text): (&str, &str)| {
        let name = path.strip_prefix("std/")?.strip_suffix(".yaml")?;
        Some((name.to_owned(), Arc::new(SourceFile { name: path.to_owned(), text: text.to_owned() })))
    };
    let fragments = shipped.files().filter_map(fragment).collect();
    let library = Library { catalog: &catalog, fragments: &fragments, files: &NoFiles, invariants: &[] };
    let text = fs::read_to_string(SUITE)?;
    let source = Arc::new(SourceFile { name: SUITE.to_owned(), text });
    let suite = read_suite(&source, "load", &library).map_err(|mistakes| format!("{mistakes:?}"))?;
    let mut scenarios = suite.scenarios.into_iter();
    let found = scenarios.find(|scenario| scenario.id.as_str().ends_with(name));
    let mut scenario = found.ok_or_else(|| format!("there is no scenario {name}"))?;
    scenario.steps = std::iter::repeat_n(scenario.steps, rounds).flatten().collect();
    Ok((scenario, catalog))
}

/// CPU time of all threads of this process, to the nanosecond.
fn cpu() -> Result<Duration, Failed> {
    let mut sum = 0;
    for task in fs::read_dir("/proc/self/task")? {
        let text = fs::read_to_string(task?.path().join("schedstat"))?;
        sum += text.split(' ').next().unwrap_or_default().parse::<u64>()?;
    }
    Ok(Duration::from_nanos(sum))
}

/// The most memory this process ever had, in kB.
fn peak() -> Result<String, Failed> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    Ok(line.unwrap_or_default().trim().trim_end_matches(" kB").to_owned())
}
