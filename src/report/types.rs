//! The report as data: what all renderers read.

use std::time::Duration;

use serde::Serialize;

use crate::base::{RequirementId, ScenarioId};
use crate::catalog::{Catalog, Level};
use crate::outcome::{Counterexample, Evidence, Finding, FindingKind, StepRef, Transcript};

/// What a report needs to know beside the events.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Levels, canonical ids and the denominator.
    pub catalog: &'a Catalog,
    /// Deviations that are known.
    pub known: &'a [KnownRow],
    /// Scenarios that may stay inconclusive.
    pub excused: &'a [ExcusedRow],
}

/// One deviation that is known. All of requirement, scope and shape have to match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRow {
    /// The requirement, canonical or not.
    pub requirement: RequirementId,
    /// Where it may show.
    pub scope: KnownScope,
    /// The shape of what comes.
    pub shape: String,
    /// One precise sentence.
    pub reason: String,
    /// The last day on which it was excused, if that day is over. It stays known in reports, but fails the run.
    pub lapsed: Option<String>,
}

/// Where a known deviation may show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KnownScope {
    /// As a finding of an invariant.
    Invariant,
    /// In the scenario with this id, or in all below it.
    Scenario(String),
}

/// Scenarios that may stay inconclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExcusedRow {
    /// A scenario id, or the beginning of one up to a `/`.
    pub scenario: String,
    /// One precise sentence.
    pub reason: String,
}

/// What a run found. Rows are sorted; nothing in what is compared depends on time, place or order of events.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Scenarios that were selected.
    pub selected: usize,
    /// By id.
    pub scenarios: Vec<ScenarioRow>,
    /// Findings of invariants, once per fingerprint, with the first scenario in sort order; crashes once per scenario.
    pub invariants: Vec<FindingRow>,
    /// Findings that were never seen again; without effect.
    pub unstable: Vec<FindingRow>,
    /// All canonical rows of the catalogue, by id.
    pub requirements: Vec<RequirementRow>,
}

/// One scenario.
#[derive(Debug, Clone)]
pub struct ScenarioRow {
    /// Which.
    pub id: ScenarioId,
    /// How it ended.
    pub standing: ScenarioStanding,
    /// Why it is not applicable or inconclusive.
    pub reason: Option<String>,
    /// Why it may stay inconclusive.
    pub excuse: Option<String>,
    /// What it covers, canonical and sorted.
    pub covers: Vec<RequirementId>,
    /// What of that was judged.
    pub judged: Vec<RequirementId>,
    /// Behind whose invariant a frame was seen, canonical and sorted.
    pub watched: Vec<RequirementId>,
    /// Confirmed findings, in the order of steps.
    pub findings: Vec<FindingRow>,
    /// For `largest`.
    pub largest: Option<u64>,
    /// For `forall`: the case that fails.
    pub counterexample: Option<Counterexample>,
    /// Evidence for people.
    pub transcript: Transcript,
    /// How long it took.
    pub elapsed: Duration,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingRow {
    /// Canonical.
    pub requirement: RequirementId,
    /// Its force; MUST for an id that the catalogue does not hold.
    pub level: Level,
    /// The scenario that showed it.
    pub scenario: ScenarioId,
    /// Where.
    pub step: StepRef,
    /// What kind.
    pub kind: FindingKind,
    /// What came, without values.
    pub shape: String,
    /// The reason, if it is a known deviation.
    pub known: Option<String>,
    /// The last day on which it was excused, if that day is over.
    pub lapsed: Option<String>,
    /// For people.
    pub evidence: Evidence,
}

/// How one scenario ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScenarioStanding {
    /// All judged lines held.
    Conforms,
    /// At least one finding is not known.
    Violates,
    /// All findings are known.
    KnownDeviation,
    /// It does not apply.
    NotApplicable,
    /// Nothing can be said.
    Inconclusive,
}

/// How one requirement stands. docs/verdicts.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Judged, and held.
    Conforms,
    /// Broken.
    Violates,
    /// Broken as expected.
    KnownDeviation,
    /// Expected to be broken, and held.
    UnexpectedPass,
    /// Nothing of it applies.
    NotApplicable,
    /// Something that covers it could not be decided.
    Inconclusive,
    /// Nothing covers it in this run.
    Untested,
    /// Nobody can see it from outside.
    Unobservable,
}

/// One requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequirementRow {
    /// Canonical.
    pub id: RequirementId,
    /// Its force.
    pub level: Level,
    /// How it stands.
    pub standing: Standing,
}

impl FindingRow {
    /// Whether nothing excuses it today.
    pub fn counts(&self) -> bool {
        self.known.is_none() || self.lapsed.is_some()
    }
}

impl Report {
    /// Confirmed findings that are not known, of scenarios and invariants.
    pub fn violations(&self) -> impl Iterator<Item = &FindingRow> {
        self.findings().filter(|row| row.known.is_none())
    }

    /// All confirmed findings.
    pub fn findings(&self) -> impl Iterator<Item = &FindingRow> {
        self.scenarios.iter().flat_map(|row| &row.findings).chain(&self.invariants)
    }
}

impl Context<'_> {
    /// A finding as a row; `invariant` findings are excused by other rows than those of scenarios.
    pub(super) fn row(&self, finding: &Finding, scope: &KnownScope) -> FindingRow {
        let requirement = self.catalog.canonical(&finding.requirement).clone();
        let known = self.known.iter().find(|row| {
            self.catalog.canonical(&row.requirement) == &requirement
                && row.shape == finding.shape
                && row.scope.holds(scope)
        });
        FindingRow {
            level: self.catalog.get(&requirement).map_or(Level::Must, |row| row.level),
            known: known.map(|row| row.reason.clone()),
            lapsed: known.and_then(|row| row.lapsed.clone()),
            requirement,
            scenario: finding.scenario.clone(),
            step: finding.step.clone(),
            kind: finding.kind,
            shape: finding.shape.clone(),
            evidence: finding.evidence.clone(),
        }
    }
}

impl KnownScope {
    /// Whether this scope, as written in a target file, holds for the place of a finding.
    pub(super) fn holds(&self, place: &Self) -> bool {
        match (self, place) {
            (Self::Invariant, Self::Invariant) => true,
            (Self::Scenario(written), Self::Scenario(id)) => is_within(id, written),
            (Self::Invariant, Self::Scenario(_)) | (Self::Scenario(_), Self::Invariant) => false,
        }
    }
}

/// Whether a scenario is the named one or lies below it. A name that only begins alike excuses nothing.
pub(super) fn is_within(id: &str, named: &str) -> bool {
    let named = named.trim_end_matches('/');
    id.strip_prefix(named).is_some_and(|rest| !named.is_empty() && (rest.is_empty() || rest.starts_with('/')))
}
