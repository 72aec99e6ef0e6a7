//! How each requirement stands after a run. docs/verdicts.md.

use std::collections::BTreeMap;

use super::types::KnownScope;
use super::{Context, KnownRow, Report, RequirementRow, ScenarioStanding, Standing};
use crate::base::RequirementId;
use crate::catalog::Requirement;

/// What was seen of one requirement.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    violations: usize,
    known: usize,
    fixed: usize,
    doubts: usize,
    held: usize,
    inapplicable: usize,
}

/// One row for each canonical row of the catalogue, by id.
pub(super) fn requirements(report: &Report, context: &Context<'_>) -> Vec<RequirementRow> {
    let mut seen: BTreeMap<&RequirementId, Seen> = BTreeMap::new();
    for row in report.findings() {
        let seen = seen.entry(&row.requirement).or_default();
        if row.known.is_some() {
            seen.known += 1;
        } else {
            seen.violations += 1;
        }
    }
    for row in context.known.iter().filter(|row| passed(row, report, context)) {
        seen.entry(context.catalog.canonical(&row.requirement)).or_default().fixed += 1;
    }
    for scenario in &report.scenarios {
        for id in &scenario.covers {
            let seen = seen.entry(id).or_default();
            match scenario.standing {
                ScenarioStanding::Inconclusive => seen.doubts += 1,
                ScenarioStanding::NotApplicable => seen.inapplicable += 1,
                ScenarioStanding::Conforms | ScenarioStanding::Violates | ScenarioStanding::KnownDeviation => {
                    if scenario.judged.contains(id) {
                        seen.held += 1;
                    } else {
                        seen.inapplicable += 1;
                    }
                }
            }
        }
        for id in &scenario.watched {
            seen.entry(id).or_default().held += 1;
        }
    }
    let rows = context.catalog.files().iter().flat_map(|file| &file.requirements);
    let mut rows: Vec<_> = rows
        .filter(|row| row.same_as.is_none())
        .map(|row| RequirementRow {
            id: row.id.clone(),
            level: row.level,
            standing: standing(row, seen.get(&row.id).copied().unwrap_or_default()),
        })
        .collect();
    rows.sort_by(|left, right| left.id.cmp(&right.id));
    rows
}

/// What weighs most comes first. A requirement of which something could not be decided is not called conforming.
fn standing(row: &Requirement, seen: Seen) -> Standing {
    if seen.violations > 0 {
        Standing::Violates
    } else if seen.fixed > 0 {
        Standing::UnexpectedPass
    } else if seen.known > 0 {
        Standing::KnownDeviation
    } else if seen.doubts > 0 {
        Standing::Inconclusive
    } else if seen.held > 0 {
        Standing::Conforms
    } else if seen.inapplicable > 0 {
        Standing::NotApplicable
    } else if row.observable.counts() {
        Standing::Untested
    } else {
        Standing::Unobservable
    }
}

/// Whether a known deviation was looked for in all places where it may show, and was in none.
fn passed(known: &KnownRow, report: &Report, context: &Context<'_>) -> bool {
    let requirement = context.catalog.canonical(&known.requirement);
    match &known.scope {
        KnownScope::Invariant => {
            report.scenarios.iter().any(|row| row.watched.contains(requirement))
                && !report
                    .invariants
                    .iter()
                    .chain(&report.unstable)
                    .any(|row| &row.requirement == requirement && row.shape == known.shape)
        }
        KnownScope::Scenario(_) => {
            let named = report.scenarios.iter().filter(|row| {
                let place = KnownScope::Scenario(row.id.as_str().to_owned());
                row.covers.contains(requirement) && known.scope.holds(&place)
            });
            let named: Vec<_> = named.collect();
            let open = named.iter().any(|row| row.standing == ScenarioStanding::Inconclusive);
            let judged = named.iter().any(|row| row.judged.contains(requirement));
            let shown = named
                .iter()
                .flat_map(|row| &row.findings)
                .any(|row| &row.requirement == requirement && row.shape == known.shape);
            judged && !open && !shown
        }
    }
}
