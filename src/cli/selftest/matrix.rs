//! What came of each fault, and the table of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::choose::Broken;
use crate::base::RequirementId;
use crate::refserver::FaultRow;
use crate::report::{Report, ScenarioStanding};

/// Requirements that a run found broken, each with the scenarios that showed it: none for what is always watched.
pub(super) type Red = BTreeMap<RequirementId, BTreeSet<String>>;

/// What a run found.
pub(super) fn red(report: &Report) -> Red {
    let mut red = Red::new();
    let invariants = report.invariants.iter().map(|row| (&row.requirement, None));
    let scenarios = report.scenarios.iter().flat_map(|row| row.findings.iter().map(move |found| (found, row)));
    for (id, scenario) in invariants.chain(scenarios.map(|(found, row)| (&found.requirement, Some(&row.id)))) {
        red.entry(id.clone()).or_default().extend(scenario.map(ToString::to_string));
    }
    red
}

/// What came of one fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) fault: FaultRow,
    pub(super) fate: Fate,
}

/// Whether a fault was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// The requirement that it breaks turned red, in so many scenarios, and no other that it does not name.
    Killed { scenarios: usize },
    /// Nothing, or the wrong thing, turned red.
    Survived { judged: usize },
    /// Other requirements turned red, that the fault does not name.
    Strayed { red: Vec<String> },
    /// No scenario could be run.
    Untested { why: String },
}

impl Outcome {
    /// Compares what a server with a fault showed with what it may show. `before` is red without any fault.
    pub(super) fn of(fault: FaultRow, may: &Broken, before: &Red, report: &Report) -> Self {
        let found = red(report);
        let strayed: Vec<String> = found
            .iter()
            .filter(|(id, _)| !may.all.contains(*id) && !before.contains_key(*id))
            .map(|(id, scenarios)| {
                let first = scenarios.first().map_or("always watched", String::as_str);
                format!("{id} ({first})")
            })
            .collect();
        let killed = may.first.as_ref().and_then(|first| found.get(first));
        let judged = report.scenarios.iter().filter(|row| row.standing == ScenarioStanding::Conforms).count();
        let fate = match killed {
            _ if !strayed.is_empty() => Fate::Strayed { red: strayed },
            Some(scenarios) => Fate::Killed { scenarios: scenarios.len() },
            None => Fate::Survived { judged },
        };
        Self { fault, fate }
    }

    /// Whether the suites did what they should.
    pub(super) fn holds(&self) -> bool {
        match self.fate {
            Fate::Killed { .. } => true,
            Fate::Survived { .. } | Fate::Strayed { .. } | Fate::Untested { .. } => false,
        }
    }
}

/// One line for a fault.
pub(super) fn line(outcome: &Outcome) -> String {
    let FaultRow { id, breaks, .. } = outcome.fault;
    let fate = match &outcome.fate {
        Fate::Killed { scenarios: 0 } => "killed by what is always watched".to_owned(),
        Fate::Killed { scenarios: 1 } => "killed by 1 scenario".to_owned(),
        Fate::Killed { scenarios } => format!("killed by {scenarios} scenarios"),
        Fate::Survived { judged } => format!("SURVIVED {judged} scenarios that conform"),
        Fate::Strayed { red } => format!("STRAYED into {}", red.join(", ")),
        Fate::Untested { why } => format!("UNTESTED: {why}"),
    };
    format!("{id:<36} {breaks:<56} {fate}\n")
}

/// The end of the table.
pub(super) fn total(outcomes: &[Outcome]) -> String {
    let killed = outcomes.iter().filter(|outcome| outcome.holds()).count();
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{} faults, {killed} killed", outcomes.len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{Case, catalog, report_of};

    fn fault(breaks: &'static str, also: &'static [&'static str]) -> FaultRow {
        FaultRow { id: "pop3-odd", what: "It is odd.", breaks, also }
    }

    fn line_of(row: FaultRow, before: &[Case], cases: &[Case]) -> String {
        line(&Outcome::of(row, &Broken::by(row, &catalog()), &red(&report_of(before)), &report_of(cases)))
    }

    #[test]
    fn a_fault_is_killed_by_its_requirement_and_no_other() {
        let breaks = [Case::Breaks("must"), Case::Holds, Case::Breaks("must")];
        let table = [
            (fault("must", &[]), &breaks[..], &[][..], "killed by 2 scenarios"),
            // An id that counts as another is that one.
            (fault("twin", &[]), &breaks[..], &[], "killed by 2 scenarios"),
            (fault("should", &["must"]), &breaks[..], &[], "SURVIVED 1 scenarios that conform"),
            (fault("should", &[]), &breaks[..], &[], "STRAYED into must (s/0)"),
            // What is red without the fault says nothing about it.
            (fault("should", &[]), &breaks[..], &breaks[..1], "SURVIVED 1 scenarios that conform"),
            (fault("must", &[]), &[Case::Holds][..], &[], "SURVIVED 1 scenarios that conform"),
            (
                fault("must", &["should"]),
                &[Case::Breaks("must"), Case::Breaks("should")][..],
                &[],
                "killed by 1 scenario",
            ),
        ];
        for (row, cases, before, wanted) in table {
            let told = line_of(row, before, cases);
            assert!(told.ends_with(&format!(" {wanted}\n")), "{told} instead of {wanted}");
        }
    }

    #[test]
    fn what_is_always_watched_kills_too() {
        let row = report_of(&[Case::Invariant]).invariants.first().map(|row| row.requirement.to_string()).unwrap();
        let row = fault(row.leak(), &[]);
        assert!(line_of(row, &[], &[Case::Invariant]).ends_with(" killed by what is always watched\n"));
    }
}
