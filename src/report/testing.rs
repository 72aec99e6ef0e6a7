//! Small runs for tests of this layer and the next.

use std::time::Duration;

use super::{Context, ExcusedRow, KnownRow, KnownScope, Report, fold};
use crate::base::{RequirementId, ScenarioId};
use crate::catalog::Catalog;
use crate::outcome::{
    Certainty, Doubt, Event, Evidence, Finding, FindingKind, Part, ScenarioResult, StepRef, Transcript, Unmet, Verdict,
};

/// One scenario of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Holds,
    /// The requirement that it breaks is named like its level.
    Breaks(&'static str),
    Known,
    Unstable,
    Invariant,
    NotApplicable,
    Doubts,
    Excused,
}

pub(crate) fn id(text: &str) -> RequirementId {
    text.parse().unwrap()
}

pub(crate) fn catalog() -> Catalog {
    let rows: String = ["must", "should", "may", "unused", "twin"]
        .map(|name| {
            let level = if ["unused", "twin"].contains(&name) { "must" } else { name };
            let same = if name == "twin" { ", same_as: must" } else { "" };
            format!(
                "  - {{ id: {name}, section: \"1\", level: {level}, text: t, observable: \"yes\", weight: 1{same} }}\n"
            )
        })
        .concat();
    let hidden =
        "  - { id: hidden, section: \"1\", level: must, text: t, observable: \"no\", why_not: w, weight: 1 }\n";
    let text = format!("title: T\nprotocol: smtp\nrequirements:\n{rows}{hidden}");
    Catalog::read([("f", text.as_str())]).unwrap()
}

pub(crate) fn finding(requirement: &str, scenario: &str, shape: &str, certainty: Certainty) -> Finding {
    Finding {
        requirement: id(requirement),
        scenario: scenario.parse().unwrap(),
        step: StepRef { part: Part::Steps, number: 1 },
        kind: FindingKind::Mismatch,
        shape: shape.to_owned(),
        certainty,
        evidence: Evidence::default(),
    }
}

pub(crate) fn result(scenario: &str, cover: &str, verdict: Verdict) -> ScenarioResult {
    let judged = match &verdict {
        Verdict::Conforms | Verdict::Violates(_) => vec![id(cover)],
        Verdict::NotApplicable(_) | Verdict::Inconclusive(_) => Vec::new(),
    };
    ScenarioResult {
        id: scenario.parse::<ScenarioId>().unwrap(),
        covers: vec![id(cover)],
        judged,
        verdict,
        invariants: Vec::new(),
        watched: Vec::new(),
        largest: None,
        counterexample: None,
        transcript: Transcript::default(),
        elapsed: Duration::ZERO,
    }
}

/// Events of a run; scenario ids are `s/` and the number of the case.
pub(crate) fn events(cases: &[Case]) -> Vec<Event> {
    let mut events = vec![Event::RunStarted { scenarios: cases.len() }];
    for (number, case) in cases.iter().enumerate() {
        let name = match case {
            Case::Known => format!("known/{number}"),
            Case::Excused => format!("excused/{number}"),
            Case::Holds | Case::Breaks(_) | Case::Unstable | Case::Invariant | Case::NotApplicable | Case::Doubts => {
                format!("s/{number}")
            }
        };
        let broken = |requirement, certainty| Verdict::Violates(vec![finding(requirement, &name, "500", certainty)]);
        let mut one = match case {
            Case::Holds | Case::Invariant => result(&name, "must", Verdict::Conforms),
            Case::Breaks(level) => result(&name, level, broken(level, Certainty::Confirmed)),
            Case::Known => result(&name, "must", broken("twin", Certainty::Confirmed)),
            Case::Unstable => result(&name, "must", broken("must", Certainty::Unstable)),
            Case::NotApplicable => result(&name, "must", Verdict::NotApplicable(Unmet::Accounts)),
            Case::Doubts | Case::Excused => result(&name, "must", Verdict::Inconclusive(Doubt::NoSink)),
        };
        if *case == Case::Invariant {
            one.invariants.push(finding("must", &name, "250", Certainty::Confirmed));
        }
        events.push(Event::ScenarioFinished(Box::new(one)));
    }
    events.push(Event::RunFinished);
    events
}

pub(crate) fn report_of(cases: &[Case]) -> Report {
    let known = [KnownRow {
        requirement: id("must"),
        scope: KnownScope::Scenario("known".to_owned()),
        shape: "500".to_owned(),
        reason: "it is so".to_owned(),
        lapsed: None,
    }];
    let excused = [ExcusedRow { scenario: "excused".to_owned(), reason: "no sink".to_owned() }];
    fold(events(cases), &Context { catalog: &catalog(), known: &known, excused: &excused })
}
