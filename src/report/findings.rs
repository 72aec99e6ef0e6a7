//! Everything that a person has to look at after a run, as text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Again, Colour, FindingRow, Paint, Report, ScenarioStanding, Verbosity, failure, harmless};
use crate::base::ScenarioId;
use crate::catalog::Catalog;
use crate::outcome::{Counterexample, Replay};

/// How many inconclusive scenarios are named unless everything is told.
const DOUBTS_MAX: usize = 20;

/// Findings one below the other, then what is inconclusive; empty if there is nothing to look at.
///
/// A MAY and what is known are told only with [`Verbosity::Verbose`].
pub fn findings(report: &Report, catalog: &Catalog, again: &Again, (verbosity, paint): (Verbosity, Paint)) -> String {
    let all = match verbosity {
        Verbosity::Quiet => return String::new(),
        Verbosity::Normal => false,
        Verbosity::Verbose => true,
    };
    let mut out = String::new();
    let counterexamples: BTreeMap<&ScenarioId, &Counterexample> =
        report.scenarios.iter().filter_map(|row| Some((&row.id, row.counterexample.as_ref()?))).collect();
    let mut block = |heading: &str, row: &FindingRow| {
        out.push_str(heading);
        out.push_str(&failure(row, catalog, again, paint));
        out.extend(counterexamples.get(&row.scenario).map(|found| counterexample(found)));
        out.push('\n');
    };
    for row in report.findings().filter(|row| all || (row.counts() && !row.level.is_may())) {
        block("", row);
    }
    for row in report.unstable.iter().filter(|_| all) {
        block("seen once and never again, without effect:\n", row);
    }
    let doubts: Vec<_> = report
        .scenarios
        .iter()
        .filter(|row| row.standing == ScenarioStanding::Inconclusive && (all || row.excuse.is_none()))
        .collect();
    let shown = if all { doubts.len() } else { DOUBTS_MAX };
    for row in doubts.iter().take(shown) {
        let reason = harmless(row.reason.as_deref().unwrap_or_default());
        let excuse = row.excuse.as_deref().map(|excuse| format!(" (excused: {})", harmless(excuse)));
        let word = paint.text(Colour::Yellow, "inconclusive");
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{word} {}: {reason}{}", row.id, excuse.unwrap_or_default());
    }
    if doubts.len() > shown {
        let _ = writeln!(out, "and {} more inconclusive ones: -v names them", doubts.len() - shown);
    }
    if !doubts.is_empty() {
        out.push('\n');
    }
    out
}

/// Which case fails, and where the smallest one was written.
fn counterexample(found: &Counterexample) -> String {
    let replay = match &found.replay {
        Replay::Reproducible => "fails again from that file".to_owned(),
        Replay::Differs(verdict) => format!("does not fail again from that file: {}", harmless(verdict)),
        Replay::NotTried => "not written".to_owned(),
    };
    let file = found.file.as_ref().map(|file| format!("{}: ", harmless(&file.display().to_string())));
    format!("  case {} of seed {}: {}{replay}\n", found.case, found.seed, file.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{Case, catalog, report_of};

    fn shown(cases: &[Case], verbosity: Verbosity) -> String {
        findings(&report_of(cases), &catalog(), &Again::default(), (verbosity, Paint::Plain))
    }

    const CASES: [Case; 9] = [
        Case::Holds,
        Case::Breaks("must"),
        Case::Breaks("may"),
        Case::Known,
        Case::Unstable,
        Case::Invariant,
        Case::NotApplicable,
        Case::Doubts,
        Case::Excused,
    ];

    #[test]
    fn what_needs_a_person_is_shown() {
        insta::assert_snapshot!(shown(&CASES, Verbosity::Normal));
    }

    #[test]
    fn everything_is_shown_on_demand() {
        insta::assert_snapshot!(shown(&CASES, Verbosity::Verbose));
    }

    #[test]
    fn nothing_is_shown_where_nothing_is_wrong_or_nobody_asks() {
        assert_eq!(shown(&[Case::Holds, Case::NotApplicable], Verbosity::Normal), "");
        assert_eq!(shown(&CASES, Verbosity::Quiet), "");
    }

    #[test]
    fn of_many_doubts_some_are_named_and_the_others_counted() {
        let text = shown(&[Case::Doubts; 23], Verbosity::Normal);
        assert!(text.ends_with("and 3 more inconclusive ones: -v names them\n\n"), "{text}");
        assert_eq!(text.matches("inconclusive s/").count(), 20);
    }
}
