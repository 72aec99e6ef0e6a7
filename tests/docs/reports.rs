//! docs/reports.md names exactly what report.json has.

use std::collections::BTreeSet;
use std::process::Command;

use mailproof::outcome::FindingKind;
use mailproof::report::Standing;
use serde_json::Value;

use super::examples::Temporary;
use super::pages::page;

/// One scenario for each thing that a report may say.
const SUITE: &str = r#"suite: all
title: All that a report may say
requirements:
  - { id: local-example, section: "1", level: must, text: An example., observable: "yes", weight: 1 }
scenarios:
  - id: known
    covers: [local-example]
    session: { mx: ready }
    steps:
      - { C: NOOP, S: 299 }
  - id: not-applicable
    covers: [local-example]
    needs: [NOSUCHTHING]
    session: { mx: ready }
    steps:
      - { C: NOOP, S: 250 }
  - id: largest
    covers: [local-example]
    largest: { n: 1..10 }
    let:
      pad: { repeat: x, times: '${n}' }
    session: { mx: ready }
    steps:
      - { C: 'NOOP ${pad}', S: 250 }
  - id: generated
    covers: [local-example]
    forall: { n: { number: { from: 0, to: 9 } } }
    cases: 2
    let:
      pad: { repeat: x, times: '${n}' }
    session: { mx: ready }
    steps:
      - { C: 'NOOP x${pad}', S: 298 }
"#;

/// What excuses the first scenario.
const EXPECTED: &str = "known:\n  - { requirement: local-example, scenario: all/known, \
                        shape: '250 2.0.0 <text>', reason: it is so }\n";

pub(super) fn keys_are_documented() -> Result<(), String> {
    let folder = Temporary::new("reports", &[("all.yaml", SUITE), ("expected.yaml", EXPECTED)])?;
    let output = Command::new(env!("CARGO_BIN_EXE_mailproof"))
        .args(["run", "./all.yaml", "--expect", "expected.yaml", "--report-json", "r.json", "--include-unstable"])
        .current_dir(&folder.0)
        .output()
        .map_err(|error| error.to_string())?;
    let text = std::fs::read_to_string(folder.0.join("r.json"))
        .map_err(|error| format!("{error}\n{}", String::from_utf8_lossy(&output.stderr)))?;
    let report: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let mut found = BTreeSet::new();
    paths(&report, "", &mut found);
    let documented: BTreeSet<String> = documented("report.json")?.into_iter().collect();
    let standings: BTreeSet<String> = documented_words("Standings")?;
    let mut wrong = Vec::new();
    for path in &found {
        let dynamic = path.strip_prefix("counts.").is_some_and(|word| standings.contains(word));
        if !dynamic && !documented.contains(path) {
            wrong.push(format!("{path} is not documented"));
        }
    }
    wrong.extend(
        documented
            .iter()
            .filter(|path| !path.starts_with("counts.") && !found.contains(*path))
            .map(|path| format!("{path} is not there")),
    );
    if wrong.is_empty() { Ok(()) } else { Err(format!("{}\n{text}", wrong.join("\n"))) }
}

/// Every key with the way to it: `scenarios[].findings[].kind`.
fn paths(value: &Value, before: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let path = if before.is_empty() { key.clone() } else { format!("{before}.{key}") };
                found.insert(path.clone());
                paths(value, &path, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| paths(item, &format!("{before}[]"), found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The first column of the table below a heading of docs/reports.md that begins like this.
fn documented(heading: &str) -> Result<Vec<String>, String> {
    let text = page("docs/reports.md")?;
    let below = text.split_once(&format!("\n## {heading}")).ok_or_else(|| format!("no heading `{heading}`"))?.1;
    let section = below.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned()));
    Ok(rows.collect())
}

fn documented_words(heading: &str) -> Result<BTreeSet<String>, String> {
    Ok(documented(heading)?.into_iter().collect())
}

/// All kinds of findings; a new one does not compile before it has a place here.
const KINDS: [FindingKind; 7] = [
    FindingKind::Mismatch,
    FindingKind::Check,
    FindingKind::Syntax,
    FindingKind::Invariant,
    FindingKind::Silence,
    FindingKind::Close,
    FindingKind::Crash,
];

fn place(kind: FindingKind) -> usize {
    match kind {
        FindingKind::Mismatch => 0,
        FindingKind::Check => 1,
        FindingKind::Syntax => 2,
        FindingKind::Invariant => 3,
        FindingKind::Silence => 4,
        FindingKind::Close => 5,
        FindingKind::Crash => 6,
    }
}

/// The words of the program that stand in the report. A new one has to be explained.
pub(super) fn words_are_documented() -> Result<(), String> {
    let standings = [
        Standing::Conforms,
        Standing::Violates,
        Standing::KnownDeviation,
        Standing::UnexpectedPass,
        Standing::NotApplicable,
        Standing::Inconclusive,
        Standing::Untested,
        Standing::Unobservable,
    ];
    let written = |value: serde_json::Result<Value>| value.ok().and_then(|value| value.as_str().map(str::to_owned));
    let known: BTreeSet<String> =
        standings.iter().filter_map(|standing| written(serde_json::to_value(standing))).collect();
    let told = documented_words("Standings")?;
    if known != told {
        return Err(format!("{known:?} are not {told:?}"));
    }
    if KINDS.iter().enumerate().any(|(index, kind)| place(*kind) != index) {
        return Err("a kind is missing in this test".to_owned());
    }
    let kinds: BTreeSet<String> =
        KINDS.iter().filter_map(|kind: &FindingKind| written(serde_json::to_value(kind))).collect();
    let told = documented_words("Kinds")?;
    if kinds == told { Ok(()) } else { Err(format!("{kinds:?} are not {told:?}")) }
}
