//! Events into a report.

use std::collections::BTreeMap;

use super::standing::requirements;
use super::types::is_within;
use super::{Context, FindingRow, KnownScope, Report, ScenarioRow, ScenarioStanding};
use crate::base::RequirementId;
use crate::outcome::{Certainty, Event, Finding, FindingKind, ScenarioResult, Verdict};

/// Folds the events of a run, in any order, into a report.
pub fn fold(events: impl IntoIterator<Item = Event>, context: &Context<'_>) -> Report {
    let mut report = Report::default();
    let mut invariants: Vec<Finding> = Vec::new();
    for event in events {
        match event {
            Event::RunStarted { scenarios } => report.selected = scenarios,
            Event::ScenarioFinished(result) => {
                invariants.extend(result.invariants.iter().cloned());
                let row = scenario(*result, context, &mut report.unstable);
                report.scenarios.push(row);
            }
            Event::ScenarioStarted { .. } | Event::RunFinished => {}
        }
    }
    report.scenarios.sort_by(|left, right| left.id.cmp(&right.id));
    let (confirmed, unstable): (Vec<_>, Vec<_>) =
        invariants.into_iter().partition(|finding| finding.certainty == Certainty::Confirmed);
    report.invariants = once_each(&confirmed, context);
    // What was confirmed in one scenario is not unstable because it did not come again in another.
    let fingerprint = |row: &FindingRow| (row.requirement.clone(), row.kind, row.shape.clone());
    let sure: Vec<_> = report.invariants.iter().map(fingerprint).collect();
    report.unstable.extend(once_each(&unstable, context).into_iter().filter(|row| !sure.contains(&fingerprint(row))));
    report.unstable.sort_by(|left, right| order(left).cmp(&order(right)));
    report.requirements = requirements(&report, context);
    report
}

fn scenario(result: ScenarioResult, context: &Context<'_>, unstable: &mut Vec<FindingRow>) -> ScenarioRow {
    let (standing, reason, findings) = judged(&result, context, unstable);
    let excuse = context.excused.iter().find(|row| is_within(result.id.as_str(), &row.scenario));
    let excuse = excuse.filter(|_| standing == ScenarioStanding::Inconclusive).map(|row| row.reason.clone());
    ScenarioRow {
        covers: canonical(&result.covers, context),
        judged: canonical(&result.judged, context),
        watched: canonical(&result.watched, context),
        id: result.id,
        standing,
        reason,
        excuse,
        findings,
        largest: result.largest,
        counterexample: result.counterexample,
        transcript: result.transcript,
        elapsed: result.elapsed,
    }
}

/// How a scenario stands, why, and with which confirmed findings, in the order of steps.
pub(super) fn judged(
    result: &ScenarioResult,
    context: &Context<'_>,
    unstable: &mut Vec<FindingRow>,
) -> (ScenarioStanding, Option<String>, Vec<FindingRow>) {
    let scope = KnownScope::Scenario(result.id.as_str().to_owned());
    let (standing, reason, mut findings) = match &result.verdict {
        Verdict::Conforms => (ScenarioStanding::Conforms, None, Vec::new()),
        Verdict::NotApplicable(unmet) => (ScenarioStanding::NotApplicable, Some(unmet.to_string()), Vec::new()),
        Verdict::Inconclusive(doubt) => (ScenarioStanding::Inconclusive, Some(doubt.to_string()), Vec::new()),
        Verdict::Violates(findings) => {
            let mut confirmed = Vec::new();
            for finding in findings {
                match finding.certainty {
                    Certainty::Confirmed => confirmed.push(context.row(finding, &scope)),
                    Certainty::Unstable => unstable.push(context.row(finding, &scope)),
                }
            }
            if confirmed.is_empty() {
                let reason = "not seen again: every finding is unstable".to_owned();
                (ScenarioStanding::Inconclusive, Some(reason), confirmed)
            } else if confirmed.iter().all(|row| row.known.is_some()) {
                (ScenarioStanding::KnownDeviation, None, confirmed)
            } else {
                (ScenarioStanding::Violates, None, confirmed)
            }
        }
    };
    findings.sort_by(|left, right| (&left.step, order(left)).cmp(&(&right.step, order(right))));
    (standing, reason, findings)
}

fn canonical(ids: &[RequirementId], context: &Context<'_>) -> Vec<RequirementId> {
    let mut ids: Vec<_> = ids.iter().map(|id| context.catalog.canonical(id).clone()).collect();
    ids.sort();
    ids.dedup();
    ids
}

/// One row per fingerprint, with the first scenario in sort order. A server that died in several scenarios died several
/// times.
fn once_each(findings: &[Finding], context: &Context<'_>) -> Vec<FindingRow> {
    let mut rows = BTreeMap::new();
    let mut all: Vec<_> = findings.iter().map(|finding| context.row(finding, &KnownScope::Invariant)).collect();
    all.sort_by(|left, right| order(left).cmp(&order(right)));
    for row in all {
        let death = (row.kind == FindingKind::Crash).then(|| row.scenario.clone());
        rows.entry((row.requirement.clone(), row.kind, row.shape.clone(), death)).or_insert(row);
    }
    rows.into_values().collect()
}

type Order<'a> = (&'a str, FindingKind, &'a str, &'a str, &'a crate::outcome::StepRef);

fn order(row: &FindingRow) -> Order<'_> {
    (row.requirement.as_str(), row.kind, &row.shape, row.scenario.as_str(), &row.step)
}
