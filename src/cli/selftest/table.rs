//! Which scenario kills which fault, for people and for programs. Nothing in it depends on time or order.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;

use super::matrix::{Fate, Outcome};
use crate::cli::rows::array;
use crate::refserver::FaultRow;
use crate::report::{Report, ScenarioRow, ScenarioStanding};

/// Version of the JSON form.
const FORMAT: u32 = 1;

/// The outcomes, from both sides.
#[derive(Debug)]
pub(super) struct Table<'a> {
    outcomes: &'a [Outcome],
    /// Every scenario that applies to the server without faults, with the faults that it kills.
    kills: BTreeMap<String, BTreeSet<&'static str>>,
    /// Scenarios that do not apply to it.
    idle: BTreeSet<String>,
}

impl<'a> Table<'a> {
    /// `sound` is what the server without faults showed.
    pub(super) fn of(sound: &Report, outcomes: &'a [Outcome]) -> Self {
        let applies = |row: &&ScenarioRow| row.standing != ScenarioStanding::NotApplicable;
        let (apply, idle): (Vec<_>, Vec<_>) = sound.scenarios.iter().partition(applies);
        let mut kills: BTreeMap<String, BTreeSet<&'static str>> =
            apply.into_iter().map(|row| (row.id.to_string(), BTreeSet::new())).collect();
        for outcome in outcomes {
            for scenario in killers(outcome).chain(others(outcome)) {
                kills.entry(scenario.clone()).or_default().insert(outcome.fault.id);
            }
        }
        Self { outcomes, kills, idle: idle.into_iter().map(|row| row.id.to_string()).collect() }
    }

    /// Scenarios that apply and kill no fault.
    fn harmless(&self) -> impl Iterator<Item = &String> {
        self.kills.iter().filter(|(_, faults)| faults.is_empty()).map(|(scenario, _)| scenario)
    }

    /// One row a line, so that a line diff reads well.
    pub(super) fn json(&self) -> serde_json::Result<String> {
        Ok(format!(
            "{{\n  \"faults\": {},\n  \"format\": {FORMAT},\n  \"notApplicable\": {},\n  \"scenarios\": {}\n}}\n",
            array(self.outcomes.iter().map(FaultForm::of))?,
            serde_json::to_string(&self.idle)?,
            array(self.kills.iter().map(|(id, faults)| ScenarioForm { faults, id }))?,
        ))
    }

    /// The same for people.
    pub(super) fn markdown(&self) -> String {
        let mut out = String::from("# Which scenario kills which fault\n\n");
        let killed = self.outcomes.iter().filter(|outcome| outcome.holds()).count();
        let (all, harmless) = (self.kills.len(), self.harmless().count());
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "{} faults, {killed} killed. {all} scenarios apply to the reference server, {} of them kill a fault.",
            self.outcomes.len(),
            all - harmless
        );
        out.push_str("\n## Faults\n\n| fault | breaks | found |\n| --- | --- | --- |\n");
        for outcome in self.outcomes {
            let FaultRow { id, breaks, .. } = outcome.fault;
            let _ = writeln!(out, "| `{id}` | `{breaks}` | {} |", found(outcome));
        }
        out.push_str("\n## Scenarios\n\n| scenario | kills |\n| --- | --- |\n");
        for (scenario, faults) in self.kills.iter().filter(|(_, faults)| !faults.is_empty()) {
            let _ = writeln!(out, "| `{scenario}` | {} |", listed(faults.iter().copied()));
        }
        out.push_str("\n## Scenarios that kill no fault\n\n");
        self.harmless().for_each(|scenario| out.push_str(&format!("- `{scenario}`\n")));
        out.push_str("\n## Scenarios that do not apply to the reference server\n\n");
        self.idle.iter().for_each(|scenario| out.push_str(&format!("- `{scenario}`\n")));
        out
    }
}

/// The scenarios that found what a fault breaks.
fn killers(outcome: &Outcome) -> impl Iterator<Item = &String> {
    let scenarios = match &outcome.fate {
        Fate::Killed { scenarios, .. } => Some(scenarios),
        Fate::Survived { .. } | Fate::Strayed { .. } | Fate::Untested { .. } => None,
    };
    scenarios.into_iter().flatten()
}

/// The scenarios that found only what else a fault breaks: they are able to fail as well.
fn others(outcome: &Outcome) -> impl Iterator<Item = &String> {
    let scenarios = match &outcome.fate {
        Fate::Killed { others, .. } => Some(others),
        Fate::Survived { .. } | Fate::Strayed { .. } | Fate::Untested { .. } => None,
    };
    scenarios.into_iter().flatten()
}

fn found(outcome: &Outcome) -> String {
    match &outcome.fate {
        Fate::Killed { scenarios, .. } if scenarios.is_empty() => "by what is always watched".to_owned(),
        Fate::Killed { scenarios, .. } => listed(scenarios.iter().map(String::as_str)),
        Fate::Survived { .. } => "**survived**".to_owned(),
        Fate::Strayed { red } => format!("**strayed** into {}", listed(red.iter().map(String::as_str))),
        Fate::Untested { why } => format!("**untested**: {why}"),
    }
}

fn listed<'t>(names: impl Iterator<Item = &'t str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[derive(Serialize)]
struct FaultForm<'a> {
    also: &'a [&'static str],
    breaks: &'static str,
    fate: &'static str,
    id: &'static str,
    others: Vec<&'a String>,
    scenarios: Vec<&'a String>,
}

impl<'a> FaultForm<'a> {
    fn of(outcome: &'a Outcome) -> Self {
        let fate = match outcome.fate {
            Fate::Killed { .. } => "killed",
            Fate::Survived { .. } => "survived",
            Fate::Strayed { .. } => "strayed",
            Fate::Untested { .. } => "untested",
        };
        let FaultRow { id, breaks, also, .. } = outcome.fault;
        Self { also, breaks, fate, id, others: others(outcome).collect(), scenarios: killers(outcome).collect() }
    }
}

#[derive(Serialize)]
struct ScenarioForm<'a> {
    faults: &'a BTreeSet<&'static str>,
    id: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{Case, report_of};

    fn outcomes() -> Vec<Outcome> {
        let fault = |id| FaultRow { id, what: "It is odd.", breaks: "must", also: &["should"] };
        let scenarios = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<_>>();
        let killed =
            |ids: &[&str], others: &[&str]| Fate::Killed { scenarios: scenarios(ids), others: scenarios(others) };
        vec![
            Outcome { fault: fault("pop3-odd"), fate: killed(&["s/0", "s/1"], &[]) },
            Outcome { fault: fault("pop3-even"), fate: killed(&["s/1"], &["s/0"]) },
            Outcome { fault: fault("pop3-seen"), fate: killed(&[], &[]) },
            Outcome { fault: fault("pop3-lives"), fate: Fate::Survived { judged: 2 } },
            Outcome { fault: fault("pop3-errs"), fate: Fate::Strayed { red: vec!["may (s/2)".to_owned()] } },
            Outcome::untested(fault("pop3-mute"), "nobody answers".to_owned()),
        ]
    }

    #[test]
    fn the_table_names_killers_and_killed_and_what_kills_nothing() {
        let outcomes = outcomes();
        let sound = report_of(&[Case::Holds, Case::Holds, Case::Holds, Case::NotApplicable]);
        let table = Table::of(&sound, &outcomes);
        insta::assert_snapshot!("markdown", table.markdown());
        insta::assert_snapshot!("json", table.json().unwrap());
        let read: serde_json::Value = serde_json::from_str(&table.json().unwrap()).unwrap();
        assert_eq!(read["scenarios"].as_array().map(Vec::len), Some(3));
    }
}
