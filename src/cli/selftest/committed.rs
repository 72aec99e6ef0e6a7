//! The tables in `reports/selftest/` are of the faults and scenarios that there are, and leave none of them without a proof.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::cli::suites::{Wanted, load};
use crate::refserver::{Fault, FaultRow};

/// Of a hundred scenarios so many may be shown able to fail by tampering alone.
const BY_TAMPERING_MAX: usize = 15;

const AGAIN: &str = "write the tables again: `mailproof selftest --full --report reports/selftest/kills.json --report \
                     reports/selftest/kills.md` and `mailproof check --mutate --report reports/selftest/tampering.json`";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kills {
    faults: Vec<Killed>,
    not_applicable: BTreeSet<String>,
    scenarios: Vec<Killer>,
}

#[derive(Deserialize)]
struct Killed {
    id: String,
    breaks: String,
    also: Vec<String>,
    fate: String,
    scenarios: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Killer {
    id: String,
    faults: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Tampering {
    scenarios: Vec<Tampered>,
    unsound: Vec<String>,
}

#[derive(Deserialize)]
struct Tampered {
    id: String,
    proved: BTreeSet<String>,
    unproved: BTreeSet<String>,
}

fn table<T: DeserializeOwned>(name: &str) -> T {
    let path = format!("{}/reports/selftest/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}; {AGAIN}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}; {AGAIN}"))
}

/// Scenarios that apply to the reference server, by what shows that they can fail.
struct Figures {
    faults: usize,
    by_fault: usize,
    by_tampering: usize,
}

fn figures() -> Figures {
    let (kills, tampering): (Kills, Tampering) = (table("kills.json"), table("tampering.json"));
    let proved: BTreeSet<&str> =
        tampering.scenarios.iter().filter(|row| !row.proved.is_empty()).map(|row| row.id.as_str()).collect();
    let (by_fault, others): (Vec<_>, Vec<_>) = kills.scenarios.iter().partition(|row| !row.faults.is_empty());
    let unproved: Vec<&str> = others.iter().map(|row| row.id.as_str()).filter(|id| !proved.contains(id)).collect();
    assert!(unproved.is_empty(), "nothing shows that these can fail: {unproved:?}");
    Figures { faults: kills.faults.len(), by_fault: by_fault.len(), by_tampering: others.len() }
}

#[test]
fn every_fault_is_killed_by_a_scenario() {
    let kills: Kills = table("kills.json");
    let rows: BTreeMap<&str, &Killed> = kills.faults.iter().map(|row| (row.id.as_str(), row)).collect();
    let mut wrong = Vec::new();
    for FaultRow { id, breaks, also, .. } in Fault::all().map(Fault::row) {
        let told = rows.get(id).is_some_and(|row| row.breaks == breaks && row.also == also);
        let killed = rows.get(id).is_some_and(|row| row.fate == "killed" && !row.scenarios.is_empty());
        if !told || !killed {
            wrong.push(id);
        }
    }
    assert!(wrong.is_empty(), "not killed by a scenario, or not as in the source: {wrong:?}; {AGAIN}");
    assert_eq!(rows.len(), Fault::all().count(), "the table has faults that are no more; {AGAIN}");
}

#[test]
fn every_scenario_is_in_the_tables() {
    let (kills, tampering): (Kills, Tampering) = (table("kills.json"), table("tampering.json"));
    let suites = load(&Wanted::default()).unwrap().suites;
    let there: BTreeSet<String> =
        suites.iter().flat_map(|suite| &suite.scenarios).map(|scenario| scenario.id.to_string()).collect();
    let told: BTreeSet<String> =
        kills.scenarios.iter().map(|row| &row.id).chain(&kills.not_applicable).cloned().collect();
    let differ: Vec<&String> = there.symmetric_difference(&told).collect();
    assert!(differ.is_empty(), "scenarios came or went: {differ:?}; {AGAIN}");
    let unproved: Vec<&str> =
        tampering.scenarios.iter().filter(|row| !row.unproved.is_empty()).map(|row| row.id.as_str()).collect();
    assert!(unproved.is_empty() && tampering.unsound.is_empty(), "{unproved:?} {:?}", tampering.unsound);
}

#[test]
fn few_scenarios_are_shown_to_fail_by_tampering_alone() {
    let Figures { by_fault, by_tampering, .. } = figures();
    let all = by_fault + by_tampering;
    assert!(by_tampering * 100 <= all * BY_TAMPERING_MAX, "{by_tampering} of {all}");
}

#[test]
fn the_readme_gives_the_figures_of_the_tables() {
    let Figures { faults, by_fault, by_tampering } = figures();
    let wanted = format!(
        "{faults} named faults, each killed; of {} scenarios {by_fault} kill a fault, {by_tampering} are shown able to fail by tampering alone",
        by_fault + by_tampering
    );
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let flowing = readme.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flowing.contains(&wanted), "README.md should say: {wanted}");
}
