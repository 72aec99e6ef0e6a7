//! The one live reader of events: progress on a terminal, plain lines elsewhere. Failures are shown whole at the end.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::fold::judged;
use super::{Colour, Context, FindingRow, KnownScope, Paint, ScenarioStanding, harmless};
use crate::base::ScenarioId;
use crate::outcome::{Certainty, Event, ScenarioResult};

/// From this time on it is told how long a scenario took.
const SLOW: Duration = Duration::from_secs(1);

/// How much is told while a run goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verbosity {
    /// Nothing.
    Quiet,
    /// What fails.
    Normal,
    /// Every scenario.
    Verbose,
}

/// Whether there is a line that is drawn over and over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// On a terminal.
    Drawn,
    /// Into a file or pipe.
    Hidden,
}

/// Shows a run on stderr while it goes on.
pub struct Terminal<'a> {
    context: Context<'a>,
    verbosity: Verbosity,
    paint: Paint,
    fails: &'a dyn Fn(&FindingRow) -> bool,
    bar: ProgressBar,
    running: BTreeSet<ScenarioId>,
    failures: u64,
}

impl<'a> Terminal<'a> {
    /// Nothing is shown before the first event. `fails` says which findings fail the run.
    pub fn new(
        context: Context<'a>,
        (verbosity, progress, paint): (Verbosity, Progress, Paint),
        fails: &'a dyn Fn(&FindingRow) -> bool,
    ) -> Self {
        let drawn = progress == Progress::Drawn && verbosity != Verbosity::Quiet;
        let target = if drawn { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(0), target).with_style(style());
        Self { context, verbosity, paint, fails, bar, running: BTreeSet::new(), failures: 0 }
    }

    /// Shows one event.
    pub fn event(&mut self, event: &Event) {
        match event {
            Event::RunStarted { scenarios } => self.bar.set_length(u64::try_from(*scenarios).unwrap_or(u64::MAX)),
            Event::ScenarioStarted { id } => {
                self.running.insert(id.clone());
                self.draw();
            }
            Event::ScenarioFinished(result) => {
                self.running.remove(&result.id);
                self.finished(result);
                self.bar.inc(1);
                self.draw();
            }
            Event::RunFinished => self.bar.finish_and_clear(),
        }
    }

    /// What it tells things by.
    pub fn context(&self) -> Context<'a> {
        self.context
    }

    /// Scenarios so far that fail the run.
    pub fn failures(&self) -> u64 {
        self.failures
    }

    /// A line of its own, beside the progress.
    pub fn say(&self, line: &str) {
        // Nothing can be done if stderr is closed.
        self.bar.suspend(|| {
            let _ = writeln!(io::stderr(), "{line}");
        });
    }

    fn draw(&self) {
        let first = self.running.first().map(ScenarioId::as_str).unwrap_or_default();
        let failures = match self.failures {
            0 => String::new(),
            some => self.paint.text(Colour::Red, &format!("{some} failed ")).into_owned(),
        };
        self.bar.set_message(format!("{failures}{first}"));
    }

    fn finished(&mut self, result: &ScenarioResult) {
        let (standing, reason, mut findings) = judged(result, &self.context, &mut Vec::new());
        let confirmed = result.invariants.iter().filter(|finding| finding.certainty == Certainty::Confirmed);
        findings.extend(confirmed.map(|finding| self.context.row(finding, &KnownScope::Invariant)));
        let fails = findings.iter().any(|row| (self.fails)(row));
        self.failures += u64::from(fails);
        let told = match self.verbosity {
            Verbosity::Quiet => false,
            Verbosity::Normal => fails,
            Verbosity::Verbose => true,
        };
        if told {
            self.say(&self.line(result, standing, reason.as_deref(), &findings));
        }
    }

    fn line(
        &self,
        result: &ScenarioResult,
        standing: ScenarioStanding,
        reason: Option<&str>,
        findings: &[FindingRow],
    ) -> String {
        let word = if findings.iter().any(|row| (self.fails)(row)) {
            self.paint.text(Colour::Red, "VIOLATES")
        } else {
            match standing {
                ScenarioStanding::Conforms => self.paint.text(Colour::Green, "conforms"),
                ScenarioStanding::Violates => self.paint.text(Colour::Yellow, "violates"),
                ScenarioStanding::KnownDeviation => self.paint.text(Colour::Yellow, "known"),
                ScenarioStanding::NotApplicable => "not applicable".into(),
                ScenarioStanding::Inconclusive => self.paint.text(Colour::Yellow, "inconclusive"),
            }
        };
        let mut broken: Vec<&str> = findings.iter().map(|row| row.requirement.as_str()).collect();
        broken.dedup();
        let why = reason.map(harmless).into_iter().chain(broken.into_iter().map(str::to_owned));
        let why = why.collect::<Vec<_>>().join(", ");
        let why = if why.is_empty() { why } else { format!(": {why}") };
        // Only what makes people wait is worth a number.
        let time =
            if result.elapsed >= SLOW { format!(" ({:.1}s)", result.elapsed.as_secs_f64()) } else { String::new() };
        format!("{word} {}{why}{time}", result.id)
    }
}

impl std::fmt::Debug for Terminal<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Terminal").field("verbosity", &self.verbosity).field("failures", &self.failures).finish()
    }
}

fn style() -> ProgressStyle {
    // A template that could not be read would be a mistake of ours; a bar without words is no reason to stop.
    ProgressStyle::with_template("{bar:24} {pos}/{len} {wide_msg}").unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{Case, catalog, events};

    fn terminal(catalog: &crate::catalog::Catalog) -> Terminal<'_> {
        let context = Context { catalog, known: &[], excused: &[] };
        Terminal::new(context, (Verbosity::Quiet, Progress::Hidden, Paint::Plain), &|row| row.level.is_must())
    }

    #[test]
    fn what_fails_the_run_is_counted_and_nothing_else() {
        let catalog = catalog();
        let mut terminal = terminal(&catalog);
        let cases = [
            Case::Holds,
            Case::Breaks("must"),
            Case::Breaks("should"),
            Case::Unstable,
            Case::Invariant,
            Case::NotApplicable,
            Case::Doubts,
        ];
        events(&cases).iter().for_each(|event| terminal.event(event));
        assert_eq!(terminal.failures(), 2);
    }

    #[test]
    fn a_line_says_what_came_of_a_scenario_and_why() {
        let catalog = catalog();
        let terminal = terminal(&catalog);
        let cases = [Case::Holds, Case::Breaks("must"), Case::Breaks("should"), Case::NotApplicable, Case::Doubts];
        let lines = events(&cases).into_iter().filter_map(|event| {
            let Event::ScenarioFinished(result) = event else { return None };
            let (standing, reason, findings) = judged(&result, &terminal.context, &mut Vec::new());
            Some(terminal.line(&result, standing, reason.as_deref(), &findings) + "\n")
        });
        insta::assert_snapshot!(lines.collect::<String>(), @r"
        conforms s/0
        VIOLATES s/1: must
        violates s/2: should
        not applicable s/3: needs a second account
        inconclusive s/4: accepted; whether it leaves is unknown: name a sink
        ");
    }
}
