//! One run, from the command line to the exit code.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::time::Duration;

use super::again::again;
use super::arguments::{ColorWord, RunArguments};
use super::choose::{Unchosen, Words, choose};
use super::excuses::Excuses;
use super::execute::{Plan, execute};
use super::files::Files;
use super::kept::Kept;
use super::signals::Signals;
use crate::catalog::Catalog;
use crate::cli::command::{complain, print};
use crate::cli::exit::Fixed;
use crate::cli::probe::{refused, told};
use crate::cli::subject::Subject;
use crate::cli::suites::{Loaded, Wanted, load_only};
use crate::cli::{Exit, Policy, decide};
use crate::outcome::Event;
use crate::report::{
    Baseline, Context, Ending, FindingRow, Paint, Progress, Report, Terminal, Unstable, Verbosity, findings, fold,
    summary,
};
use crate::run::{CLIENT, Log, ProbeError, ProbeSettings, Probed, Redactor, World, probe};
use crate::scenario::{Scenario, Step, WITHIN_DEFAULT};

/// Runs what the arguments select and tells what came of it.
pub(in crate::cli) fn run(arguments: &RunArguments) -> Exit {
    // One thread: the server's work is many times as much as ours, and to hand tasks from thread to thread costs more than
    // it gains.
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return complain(&format!("cannot start: {error}")),
    };
    runtime.block_on(async {
        let signals = match Signals::listen() {
            Ok(signals) => signals,
            Err(error) => return complain(&format!("cannot wait for Ctrl-C: {error}")),
        };
        // Whatever was started is dropped with the future, containers included.
        tokio::select! {
            exit = go(arguments, &signals) => exit.unwrap_or_else(|exit| exit),
            () = signals.abandon.cancelled() => Exit::Inconclusive,
        }
    })
}

/// What is selected, with all that is needed to tell about it.
struct Chosen {
    words: Words,
    catalog: Arc<Catalog>,
    origin: String,
    scenarios: Vec<Scenario>,
}

async fn go(arguments: &RunArguments, signals: &Signals) -> Result<Exit, Exit> {
    let chosen = chosen(arguments)?;
    let unstable = if arguments.expectations.include_unstable { Unstable::Named } else { Unstable::Left };
    let files = Files::prepare(&arguments.output, unstable).map_err(|message| complain(&message))?;
    let subject = subject(&chosen, arguments, signals).await?;
    let exit = judge(arguments, &chosen, &files, &subject, signals).await;
    // Reports are written; only now is the server taken away.
    match subject.stop().await {
        Ok(()) => exit,
        Err(message) => Err(complain(&message)),
    }
}

/// Starts the server, unless the user thinks better of it meanwhile.
async fn subject(chosen: &Chosen, arguments: &RunArguments, signals: &Signals) -> Result<Subject, Exit> {
    let lanes = usize::from(arguments.running.jobs).min(chosen.scenarios.len());
    tokio::select! {
        subject = Subject::start(&chosen.words.urls, &arguments.target, lanes) => subject.map_err(|missing| told(&missing)),
        () = signals.cancel.cancelled() => Err(Exit::Inconclusive),
    }
}

/// Runs what was chosen, and writes and tells what came of it.
async fn judge(
    arguments: &RunArguments,
    chosen: &Chosen,
    files: &Files,
    subject: &Subject,
    signals: &Signals,
) -> Result<Exit, Exit> {
    let excuses =
        Excuses::read(&subject.target, &arguments.expectations.expect).map_err(|message| complain(&message))?;
    let kept = Kept::read(arguments, &chosen.words).map_err(|message| complain(&message))?;
    let context = Context { catalog: &chosen.catalog, known: &excuses.known, excused: &excuses.excused };
    let policy = policy(arguments);
    let fails = |row: &FindingRow| policy.fails(row) && !kept.as_ref().is_some_and(|kept| kept.holds(row));
    let verbosity = verbosity(arguments);
    let progress = if io::stderr().is_terminal() { Progress::Drawn } else { Progress::Hidden };
    let mut terminal = Terminal::new(context, (verbosity, progress, paint(arguments, &io::stderr())), &fails);
    let work = Work { arguments, chosen, files, subject, signals };
    let events = work.run(chosen.scenarios.clone(), &mut terminal).await?;
    let events = match &kept {
        Some(kept) => work.again(kept, events, &mut terminal).await?,
        None => events,
    };
    let report = fold(events, &context);
    drop(terminal);
    let exit = decide(&report, &policy, &fails);
    let exit = beside(kept.as_ref(), subject, &report, exit).await?;
    let written = files.write(&report, &fails);
    let written = written.map(|()| files.places());
    tell(arguments, chosen, &report, (written.as_deref().unwrap_or_default(), exit));
    match written {
        Ok(_) => Ok(exit),
        Err(message) => Err(complain(&message)),
    }
}

/// What a run needs, once or again.
struct Work<'a> {
    arguments: &'a RunArguments,
    chosen: &'a Chosen,
    files: &'a Files,
    subject: &'a Subject,
    signals: &'a Signals,
}

impl Work<'_> {
    async fn run(&self, scenarios: Vec<Scenario>, terminal: &mut Terminal<'_>) -> Result<Vec<Event>, Exit> {
        let mut world = world(self.subject, self.arguments, self.signals).await?;
        world.know(&self.chosen.catalog);
        let timeout = self.arguments.running.timeout;
        let plan = Plan {
            scenarios: scenarios.into_iter().map(|scenario| patient(scenario, timeout)).collect(),
            world,
            catalog: Arc::clone(&self.chosen.catalog),
            arguments: self.arguments,
            counterexamples: self.files.counterexamples(),
            cancel: self.signals.cancel.clone(),
        };
        Ok(execute(plan, terminal).await)
    }

    /// Runs once more what the baseline tells otherwise: it may have been a mishap.
    async fn again(&self, kept: &Kept, events: Vec<Event>, terminal: &mut Terminal<'_>) -> Result<Vec<Event>, Exit> {
        let context = terminal.context();
        let other = kept.other(&fold(events.clone(), &context));
        let differs = |scenario: &&Scenario| other.iter().any(|id| id == scenario.id.as_str());
        let scenarios: Vec<Scenario> = self.chosen.scenarios.iter().filter(differs).cloned().collect();
        if scenarios.is_empty() || self.signals.cancel.is_cancelled() {
            return Ok(events);
        }
        let again = self.run(scenarios, terminal).await?;
        Ok(kept.nearest(events, again, &context))
    }
}

/// What the run showed beside the baseline, on stdout, and how the run ends then.
async fn beside(kept: Option<&Kept>, subject: &Subject, report: &Report, exit: Exit) -> Result<Exit, Exit> {
    let Some(kept) = kept else { return Ok(exit) };
    let versions = subject.versions().await.map_err(|message| complain(&message))?;
    let concluded = kept.conclude(&Baseline::of(report, versions), exit);
    let (text, exit) = concluded.map_err(|message| complain(&message))?;
    print(&text);
    Ok(exit)
}

/// Reads the suites and takes the scenarios that are meant.
fn chosen(arguments: &RunArguments) -> Result<Chosen, Exit> {
    let words = Words::sort(&arguments.words);
    let wanted = Wanted {
        instead: arguments.selection.suites.clone(),
        beside: arguments.selection.add_suites.clone(),
        alone: words.paths.clone(),
    };
    let loaded = load_only(&wanted, &|suite| words.may_hold(suite)).map_err(|message| complain(&message))?;
    let Loaded { catalog, suites, origin } = loaded;
    let scenarios = suites.into_iter().flat_map(|suite| suite.scenarios).collect();
    match choose(scenarios, &words, arguments, &catalog) {
        Ok(scenarios) => Ok(Chosen { words, catalog: Arc::new(catalog), origin, scenarios }),
        Err(Unchosen::Unknown(told)) => {
            complain(&told.join("\nerror: "));
            Err(Exit::NothingSelected)
        }
        Err(Unchosen::Nothing) => {
            complain("no scenario is left by these ids, exclusions and filters");
            Err(Exit::NothingSelected)
        }
    }
}

/// Probes the target: nothing is asked of a server before it is known that it is there and lets its accounts in.
async fn world(subject: &Subject, arguments: &RunArguments, signals: &Signals) -> Result<World, Exit> {
    let probed = tokio::select! {
        probed = probed(subject, arguments) => probed.map_err(|error| refused(&error))?,
        () = signals.cancel.cancelled() => return Err(Exit::Inconclusive),
    };
    let patience = arguments.running.patience.unwrap_or_else(|| subject.patience());
    let mut world =
        World::new(subject.target.clone(), probed, patience).map_err(|error| refused(&ProbeError::Trust(error)))?;
    world.sink.clone_from(&subject.sink);
    world.distance = subject.distance();
    world.connect_within = arguments.running.connect_timeout;
    world.answer_within = arguments.running.timeout;
    Ok(world)
}

async fn probed(subject: &Subject, arguments: &RunArguments) -> Result<Probed, ProbeError> {
    let secrets = subject.target.secrets().map(|(user, secret)| (user, secret.reveal().as_str()));
    let log = Log::new(Redactor::new(secrets));
    let within = arguments.running.timeout;
    probe(&subject.target, ProbeSettings { client: CLIENT, within, log: &log }).await
}

/// `--timeout` is for steps that say nothing of the time they take.
fn patient(mut scenario: Scenario, timeout: Duration) -> Scenario {
    let lists: [&mut Vec<Step>; 3] = [&mut scenario.setup, &mut scenario.steps, &mut scenario.cleanup];
    for step in lists.into_iter().flatten().filter(|step| step.within == WITHIN_DEFAULT) {
        step.within = timeout;
    }
    scenario
}

fn policy(arguments: &RunArguments) -> Policy {
    let expectations = &arguments.expectations;
    Policy {
        fail_on: expectations.fail_on.fail_on(),
        max_inconclusive: expectations.max_inconclusive,
        fixed: if expectations.deny_fixed { Fixed::Denied } else { Fixed::Welcome },
    }
}

fn verbosity(arguments: &RunArguments) -> Verbosity {
    match (arguments.output.quiet, arguments.output.verbose) {
        (true, _) => Verbosity::Quiet,
        (false, true) => Verbosity::Verbose,
        (false, false) => Verbosity::Normal,
    }
}

/// <https://no-color.org>: any value but an empty one means no colours.
fn paint(arguments: &RunArguments, stream: &impl IsTerminal) -> Paint {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    match arguments.output.color {
        ColorWord::Always => Paint::Ansi,
        ColorWord::Auto if stream.is_terminal() && !refused => Paint::Ansi,
        ColorWord::Auto | ColorWord::Never => Paint::Plain,
    }
}

/// What a person reads at the end; `places` says where reports were written.
fn tell(arguments: &RunArguments, chosen: &Chosen, report: &Report, (places, exit): (&str, Exit)) {
    let paint = paint(arguments, &io::stdout());
    let again = again(arguments, &chosen.words);
    let mut text = findings(report, &chosen.catalog, &again, (verbosity(arguments), paint));
    text.push_str(&summary(report, &Ending { origin: &chosen.origin, places, reason: exit.reason() }));
    print(&text);
}
