//! What came of each fault, and the table of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::choose::Broken;
use crate::base::RequirementId;
use crate::cli::Exit;
use crate::refserver::FaultRow;
use crate::report::{Report, ScenarioRow, ScenarioStanding};

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
    /// The requirement that it breaks turned red, and no other that it does not name.
    Killed {
        /// Those that found it.
        scenarios: BTreeSet<String>,
        /// Those that found only what else the fault says it breaks.
        others: BTreeSet<String>,
    },
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
            Some(scenarios) => {
                let named = may.all.iter().filter_map(|id| found.get(id)).flatten();
                let others = named.filter(|scenario| !scenarios.contains(*scenario)).cloned().collect();
                Fate::Killed { scenarios: scenarios.clone(), others }
            }
            None => Fate::Survived { judged },
        };
        Self { fault, fate }
    }

    /// A fault against which nothing could be run.
    pub(super) fn untested(fault: FaultRow, why: String) -> Self {
        Self { fault, fate: Fate::Untested { why } }
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
        Fate::Killed { scenarios, .. } => match scenarios.len() {
            0 => "killed by what is always watched".to_owned(),
            1 => "killed by 1 scenario".to_owned(),
            count => format!("killed by {count} scenarios"),
        },
        Fate::Survived { judged } => format!("SURVIVED {judged} scenarios that conform"),
        Fate::Strayed { red } => format!("STRAYED into {}", red.join(", ")),
        Fate::Untested { why } => format!("UNTESTED: {why}"),
    };
    format!("{id:<36} {breaks:<56} {fate}\n")
}

/// What is red or open without any fault. Empty if nothing is.
pub(super) fn unsound(sound: &Report, before: &Red) -> String {
    let red = before.iter().map(|(id, scenarios)| {
        let first = scenarios.first().map_or("always watched", String::as_str);
        format!("without a fault: {id} is broken ({first})\n")
    });
    let open = open(sound).map(|row| {
        format!("without a fault: {} is inconclusive: {}\n", row.id, row.reason.as_deref().unwrap_or_default())
    });
    red.chain(open).collect()
}

fn open(sound: &Report) -> impl Iterator<Item = &ScenarioRow> {
    sound.scenarios.iter().filter(|row| row.standing == ScenarioStanding::Inconclusive)
}

/// How the command ends: well, if the server without faults conforms and every fault is killed.
pub(super) fn exit(sound: &Report, before: &Red, outcomes: &[Outcome]) -> Exit {
    let holds = before.is_empty() && open(sound).next().is_none() && outcomes.iter().all(Outcome::holds);
    if holds { Exit::Ok } else { Exit::Violations }
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
    fn only_what_holds_without_and_dies_with_a_fault_ends_well() {
        let fate = |fate| Outcome { fault: fault("must", &[]), fate };
        let killed = || fate(Fate::Killed { scenarios: BTreeSet::from(["s/0".to_owned()]), others: BTreeSet::new() });
        let others = [
            fate(Fate::Survived { judged: 1 }),
            fate(Fate::Strayed { red: vec!["should (s/0)".to_owned()] }),
            Outcome::untested(fault("must", &[]), "nobody answers".to_owned()),
        ];
        let end = |cases: &[Case], outcomes: &[Outcome]| {
            let sound = report_of(cases);
            exit(&sound, &red(&sound), outcomes)
        };
        assert_eq!(end(&[Case::Holds, Case::NotApplicable], &[killed(), killed()]), Exit::Ok);
        for other in others {
            assert_eq!(end(&[Case::Holds], &[killed(), other.clone()]), Exit::Violations, "{other:?}");
        }
        assert_eq!(end(&[Case::Holds, Case::Doubts], &[killed()]), Exit::Violations);
        assert_eq!(end(&[Case::Breaks("must")], &[killed()]), Exit::Violations);
    }

    #[test]
    fn what_is_unsound_without_a_fault_is_named() {
        let sound = report_of(&[Case::Holds, Case::Breaks("must"), Case::Doubts]);
        let told = unsound(&sound, &red(&sound));
        assert!(
            told.starts_with("without a fault: must is broken (s/1)\nwithout a fault: s/2 is inconclusive: "),
            "{told}"
        );
        let sound = report_of(&[Case::Holds, Case::NotApplicable]);
        assert_eq!(unsound(&sound, &red(&sound)), "");
    }

    #[test]
    fn who_finds_what_else_a_fault_breaks_is_told_apart() {
        let row = fault("must", &["should"]);
        let cases = [Case::Breaks("must"), Case::Breaks("should"), Case::Holds];
        let outcome = Outcome::of(row, &Broken::by(row, &catalog()), &Red::new(), &report_of(&cases));
        let only = |id: &str| BTreeSet::from([id.to_owned()]);
        assert_eq!(outcome.fate, Fate::Killed { scenarios: only("s/0"), others: only("s/1") });
    }

    #[test]
    fn what_is_always_watched_kills_too() {
        let row = report_of(&[Case::Invariant]).invariants.first().map(|row| row.requirement.to_string()).unwrap();
        let row = fault(row.leak(), &[]);
        assert!(line_of(row, &[], &[Case::Invariant]).ends_with(" killed by what is always watched\n"));
    }
}
