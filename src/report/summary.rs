//! The end of a run in a few lines: what was found, how much of the catalogue was judged, why the program exits as it does.

use std::fmt::Write as _;

use super::{Report, ScenarioStanding, Standing, harmless};

/// What the summary tells beside the report.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ending<'a> {
    /// Which suites were run.
    pub origin: &'a str,
    /// Where the reports were written, parted by commas. Empty if nowhere.
    pub places: &'a str,
    /// Why the run ends as it does, as a lower-case fragment.
    pub reason: &'a str,
}

/// The summary as text that ends in a line break.
pub fn summary(report: &Report, ending: &Ending<'_>) -> String {
    let count = |standing| report.scenarios.iter().filter(|row| row.standing == standing).count();
    let inconclusive = count(ScenarioStanding::Inconclusive);
    let excused = report.scenarios.iter().filter(|row| row.excuse.is_some()).count();
    let finished = report.scenarios.len();
    // Writing to a string cannot fail.
    let mut out = String::new();
    let _ = writeln!(out, "{}", harmless(ending.origin));
    let _ = write!(
        out,
        "{} scenarios: {} conform, {} violate, {} known, {} not applicable, {inconclusive} inconclusive",
        report.selected,
        count(ScenarioStanding::Conforms),
        count(ScenarioStanding::Violates),
        count(ScenarioStanding::KnownDeviation),
        count(ScenarioStanding::NotApplicable),
    );
    if excused > 0 {
        let _ = write!(out, " ({excused} excused)");
    }
    if finished < report.selected {
        let _ = write!(out, ", {} not run", report.selected - finished);
    }
    out.push('\n');
    if !report.invariants.is_empty() || !report.unstable.is_empty() {
        let (always, unstable) = (report.invariants.len(), report.unstable.len());
        let _ = writeln!(out, "always watched: {always} broken; seen once and never again: {unstable}");
    }
    let stands = |wanted: &[Standing]| report.requirements.iter().filter(|row| wanted.contains(&row.standing)).count();
    let judged = stands(&[Standing::Conforms, Standing::Violates, Standing::KnownDeviation, Standing::UnexpectedPass]);
    let observable = report.requirements.len() - stands(&[Standing::Unobservable]);
    let _ = writeln!(out, "requirements: {judged} of {observable} observable ones judged");
    let fixed = report.requirements.iter().filter(|row| row.standing == Standing::UnexpectedPass);
    for row in fixed {
        let _ = writeln!(out, "unexpected pass: {} is marked as known, but holds now", row.id);
    }
    if !ending.places.is_empty() {
        let _ = writeln!(out, "reports: {}", harmless(ending.places));
    }
    let _ = writeln!(out, "{}", harmless(ending.reason));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{Case, report_of};

    #[test]
    fn the_summary_counts_everything_once() {
        let cases = [
            Case::Holds,
            Case::Breaks("must"),
            Case::Known,
            Case::Unstable,
            Case::Invariant,
            Case::NotApplicable,
            Case::Doubts,
            Case::Excused,
        ];
        let ending = Ending { origin: "suites: embedded", places: "out", reason: "violations: exit code 1" };
        let text = summary(&report_of(&cases), &ending);
        insta::assert_snapshot!(text);
    }

    #[test]
    fn scenarios_that_never_ran_are_told() {
        let mut report = report_of(&[Case::Holds]);
        report.selected = 3;
        let text = summary(&report, &Ending::default());
        assert!(text.contains("3 scenarios: 1 conform, 0 violate") && text.contains(", 2 not run\n"), "{text}");
    }
}
