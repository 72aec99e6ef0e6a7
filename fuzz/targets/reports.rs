//! Everything that is shown of a run: whatever a server or a file says, nothing of it is obeyed.

use std::sync::Arc;
use std::time::Duration;

use mailproof::base::{ByteString, SourceFile, Span};
use mailproof::catalog::Catalog;
use mailproof::outcome::{
    Certainty, Counterexample, Direction, Doubt, Entry, Event, Evidence, Finding, FindingKind, Part, Replay,
    ScenarioResult, StepRef, Transcript, Verdict,
};
use mailproof::report::{
    Again, Context, Ending, ExcusedRow, KnownRow, KnownScope, Paint, Unstable, Verbosity, failure, findings, fold,
    harmless, json, junit, summary, transcript, transcript_file,
};

use super::Target;
use crate::check::{ensure, tame};
use crate::corpus;

pub(super) fn targets() -> Vec<Target> {
    vec![Target {
        name: "report",
        grammar: &["(?-u)[ -~]{0,30}\r\n", "\\PC{0,20}", "\\pC{0,8}", "(?-u)[\\x00-\\xff]{0,40}"],
        words: &[
            "\u{1b}]0;x\u{7}",
            "\u{9b}",
            "]]>",
            "<!--",
            "&",
            "\"",
            "\u{202e}",
            "\u{fffe}",
            "\u{2028}",
            "\0",
            "</a>",
        ],
        seeds: corpus::responses,
        check,
    }]
}

/// A result in which all that can come from outside does.
fn result(input: &[u8], number: usize, verdict: fn(Vec<Finding>, String) -> Verdict) -> Result<ScenarioResult, String> {
    let text = String::from_utf8_lossy(input).into_owned();
    let id = format!("s/{number}");
    let file = Arc::new(SourceFile { name: text.clone(), text: text.clone() });
    let at = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at);
    let caret = usize::from(input.first().copied().unwrap_or_default());
    let finding = |shape: &str| -> Result<Finding, String> {
        Ok(Finding {
            requirement: "must".parse().map_err(|_| "id")?,
            scenario: id.parse().map_err(|_| "id")?,
            step: StepRef { part: Part::Steps, number: 1 },
            kind: FindingKind::Mismatch,
            shape: shape.to_owned(),
            certainty: Certainty::Confirmed,
            evidence: Evidence {
                span: Span::new(&file, at, text.len()),
                expected: text.clone(),
                actual: ByteString::from(input),
                caret: Some(caret..caret + 1),
                remark: Some(text.clone()),
            },
        })
    };
    let entry =
        |direction| Entry { at: Duration::ZERO, session: "a".to_owned(), direction, octets: ByteString::from(input) };
    Ok(ScenarioResult {
        id: id.parse().map_err(|_| "id")?,
        covers: vec!["must".parse().map_err(|_| "id")?],
        judged: Vec::new(),
        verdict: verdict(vec![finding(&text)?], text.clone()),
        invariants: vec![finding("x")?],
        watched: Vec::new(),
        largest: None,
        counterexample: Some(Counterexample {
            seed: 1,
            case: 2,
            file: Some(text.clone().into()),
            replay: Replay::Differs(text.clone()),
        }),
        transcript: Transcript {
            entries: [Direction::Client, Direction::Server, Direction::Event].map(entry).to_vec(),
        },
        elapsed: Duration::ZERO,
    })
}

fn check(input: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(input).into_owned();
    tame("harmless", &harmless(&text))?;
    let rows = "title: T\nprotocol: smtp\nrequirements:\n  - { id: must, section: \"1\", level: must, text: t, observable: \"yes\", weight: 1 }\n";
    let catalog = Catalog::read([("f", rows)]).map_err(|_| "catalogue")?;
    let known = [KnownRow {
        requirement: "must".parse().map_err(|_| "id")?,
        scope: KnownScope::Scenario("s/1".to_owned()),
        shape: text.clone(),
        reason: text.clone(),
        lapsed: Some(text.clone()),
    }];
    let excused = [ExcusedRow { scenario: "s/2".to_owned(), reason: text.clone() }];
    let results = [
        result(input, 0, |findings, _| Verdict::Violates(findings))?,
        result(input, 1, |findings, _| Verdict::Violates(findings))?,
        result(input, 2, |_, text| Verdict::Inconclusive(Doubt::Setup(text)))?,
    ];
    let events = results.into_iter().map(|result| Event::ScenarioFinished(Box::new(result)));
    let report = fold(events, &Context { catalog: &catalog, known: &known, excused: &excused });
    let again = Again { before: text.clone(), behind: text.clone() };
    for row in report.findings() {
        tame("failure", &failure(row, &catalog, &again, Paint::Plain))?;
    }
    for verbosity in [Verbosity::Quiet, Verbosity::Normal, Verbosity::Verbose] {
        tame("findings", &findings(&report, &catalog, &again, (verbosity, Paint::Plain)))?;
    }
    tame("summary", &summary(&report, &Ending { origin: &text, places: &text, reason: &text }))?;
    for row in &report.scenarios {
        tame("transcript", &transcript(&report, row))?;
        let name = transcript_file(&row.id);
        ensure(!name.contains('/') && name.ends_with(".txt"), || format!("file name: {name}"))?;
    }
    for unstable in [Unstable::Named, Unstable::Left] {
        let told = json(&report, unstable).map_err(|error| format!("json: {error}"))?;
        let read: serde_json::Value = serde_json::from_str(&told).map_err(|error| format!("json: {error}"))?;
        ensure(read.is_object(), || "json: no object".to_owned())?;
        tame("json", &told)?;
    }
    let told = junit(&report, |_| true).map_err(|error| format!("junit: {error}"))?;
    xml(&told)
}

/// XML 1.0 §2.2 `Char`, and no tag that we did not write.
fn xml(text: &str) -> Result<(), String> {
    tame("junit", text)?;
    let legal =
        |c: &char| !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    let illegal = text.chars().find(|c| !legal(c));
    ensure(illegal.is_none(), || format!("junit: {illegal:?} is no character of XML"))?;
    let tags = text.split('<').skip(1).filter_map(|tag| tag.split(['>', ' ', '/']).find(|word| !word.is_empty()));
    let known = ["?xml", "testsuites", "testsuite", "testcase", "failure", "skipped"];
    let foreign = tags.into_iter().find(|tag| !known.contains(tag));
    ensure(foreign.is_none(), || format!("junit: {foreign:?} is no tag of ours"))
}
