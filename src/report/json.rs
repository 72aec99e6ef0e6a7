//! `report.json`: canonical, without times, hosts and ports, one row a line so that a line diff reads well.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{FindingRow, Report};
use crate::base::is_obeyed;
use crate::outcome::{Part, StepRef};

/// Version of the form. It changes when a reader of the old form would misread the new one.
const FORMAT: u32 = 1;

/// Whether findings that never came again are named. Naming them makes two runs differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unstable {
    /// `--include-unstable`
    Named,
    /// The default.
    Left,
}

/// The report as JSON with sorted keys and rows.
pub fn json(report: &Report, unstable: Unstable) -> serde_json::Result<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut requirements = Vec::new();
    for row in &report.requirements {
        let standing = serde_json::to_value(row.standing)?;
        *counts.entry(standing.as_str().unwrap_or_default().to_owned()).or_default() += 1;
        requirements.push(serde_json::to_string(&RequirementForm {
            id: row.id.as_str(),
            level: row.level,
            standing: row.standing,
        })?);
    }
    let mut scenarios = Vec::new();
    for row in &report.scenarios {
        let counterexample = row.counterexample.as_ref();
        scenarios.push(serde_json::to_string(&ScenarioForm {
            counterexample: counterexample.map(|found| CounterexampleForm { case: found.case, seed: found.seed }),
            covers: row.covers.iter().map(|id| id.as_str()).collect(),
            findings: row.findings.iter().map(finding).collect(),
            id: row.id.as_str(),
            judged: row.judged.iter().map(|id| id.as_str()).collect(),
            largest: row.largest,
            reason: row.reason.as_deref(),
            standing: row.standing,
        })?);
    }
    let invariants = lines(&report.invariants)?;
    let mut text = format!(
        "{{\n  \"counts\": {},\n  \"format\": {FORMAT},\n  \"invariants\": {},\n  \"requirements\": {},\n  \
         \"scenarios\": {},\n  \"selected\": {}",
        serde_json::to_string(&counts)?,
        array(&invariants),
        array(&requirements),
        array(&scenarios),
        report.selected,
    );
    if unstable == Unstable::Named {
        let rows = lines(&report.unstable)?;
        text.push_str(&format!(",\n  \"unstable\": {}", array(&rows)));
    }
    text.push_str("\n}\n");
    Ok(inert(text))
}

/// JSON in which every character that a terminal obeys is escaped, for people who look at it with `cat`. Outside of strings
/// there is none but line breaks.
fn inert(text: String) -> String {
    // Hardly any report holds one.
    if text.bytes().all(|octet| matches!(octet, b'\n' | b' '..=b'~')) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '\n' && is_obeyed(c) {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
        } else {
            out.push(c);
        }
    }
    out
}

/// Fields stand in the order of their names.
#[derive(Serialize)]
struct FindingForm<'a> {
    kind: crate::outcome::FindingKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    known: Option<&'a str>,
    level: crate::catalog::Level,
    requirement: &'a str,
    scenario: &'a str,
    shape: &'a str,
    step: String,
}

#[derive(Serialize)]
struct RequirementForm<'a> {
    id: &'a str,
    level: crate::catalog::Level,
    standing: super::Standing,
}

#[derive(Serialize)]
struct CounterexampleForm {
    case: u32,
    seed: u64,
}

#[derive(Serialize)]
struct ScenarioForm<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    counterexample: Option<CounterexampleForm>,
    covers: Vec<&'a str>,
    findings: Vec<FindingForm<'a>>,
    id: &'a str,
    judged: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    largest: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    standing: super::ScenarioStanding,
}

fn finding(row: &FindingRow) -> FindingForm<'_> {
    FindingForm {
        kind: row.kind,
        known: row.known.as_deref(),
        level: row.level,
        requirement: row.requirement.as_str(),
        scenario: row.scenario.as_str(),
        shape: &row.shape,
        step: step(&row.step),
    }
}

fn array(rows: &[String]) -> String {
    if rows.is_empty() { "[]".to_owned() } else { format!("[\n    {}\n  ]", rows.join(",\n    ")) }
}

fn lines(rows: &[FindingRow]) -> serde_json::Result<Vec<String>> {
    rows.iter().map(|row| serde_json::to_string(&finding(row))).collect()
}

/// `steps 3`.
fn step(at: &StepRef) -> String {
    let part = match at.part {
        Part::Setup => "setup",
        Part::Steps => "steps",
        Part::Cleanup => "cleanup",
    };
    format!("{part} {}", at.number)
}
