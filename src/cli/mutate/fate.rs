//! What became of a change.

use std::collections::BTreeSet;

use super::plan::{Mutation, Weight};
use crate::base::{Bindings, RequirementId};
use crate::catalog::Catalog;
use crate::outcome::{Finding, FindingKind, Fingerprint, ScenarioResult, Unmet, Verdict};
use crate::run::{Observed, judge};
use crate::scenario::{Answer, Expect, Item, Protocol, Step};
use crate::tamper::{Heard, Kind};
use crate::{imap, pop3, smtp};

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// Lines of the scenario noticed: these of the ids that the step judges.
    Noticed(BTreeSet<RequirementId>),
    /// What is always watched noticed, at this step.
    Watched(RequirementId),
    /// The scenario takes it, by this.
    Permitted(String),
    /// Another requirement was accused.
    Elsewhere(RequirementId),
    /// Nothing can be said.
    Silent(String),
    /// It was not made: the run went another way before.
    Lost,
    /// Nobody noticed.
    Survived,
}

/// An honest run.
#[derive(Debug)]
pub(super) struct Honest {
    pub(super) result: ScenarioResult,
    pub(super) observed: Observed,
}

impl Honest {
    /// What was found without any change.
    fn found(&self) -> BTreeSet<Fingerprint> {
        self.result.invariants.iter().map(Finding::fingerprint).collect()
    }
}

/// Compares a run with a change with the honest one.
pub(super) fn fate(
    honest: &Honest,
    mutation: &Mutation,
    step: &Step,
    result: &ScenarioResult,
    observed: &Observed,
    catalog: &Catalog,
) -> Fate {
    let Some((_, change)) = &observed.sent else { return Fate::Lost };
    let before = honest.found();
    let own = match &result.verdict {
        Verdict::Violates(findings) => findings.as_slice(),
        Verdict::Conforms | Verdict::NotApplicable(_) | Verdict::Inconclusive(_) => &[],
    };
    let canonical = |finding: &Finding| catalog.canonical(&finding.requirement).clone();
    let noticed: BTreeSet<_> = own.iter().map(canonical).filter(|id| mutation.ids.contains(id)).collect();
    if !noticed.is_empty() {
        return Fate::Noticed(noticed);
    }
    let new = || result.invariants.iter().filter(|finding| !before.contains(&finding.fingerprint()));
    let here = |finding: &&Finding| finding.step == mutation.at || finding.kind == FindingKind::Syntax;
    if let Some(finding) = new().find(here) {
        return Fate::Watched(canonical(finding));
    }
    if let Some(finding) = own.first().or_else(|| new().next()) {
        return Fate::Elsewhere(canonical(finding));
    }
    match &result.verdict {
        Verdict::Inconclusive(doubt) => Fate::Silent(doubt.to_string()),
        Verdict::NotApplicable(Unmet::Skipped(why)) => Fate::Permitted(why.clone()),
        Verdict::NotApplicable(unmet) => Fate::Silent(unmet.to_string()),
        Verdict::Conforms | Verdict::Violates(_) => {
            let way = way(honest, mutation, step, observed);
            let item = || item(mutation, step, &change.octets);
            way.or_else(item).map_or(Fate::Survived, Fate::Permitted)
        }
    }
}

/// Another alternative of the step than in the honest run.
fn way(honest: &Honest, mutation: &Mutation, step: &Step, observed: &Observed) -> Option<String> {
    let (before, now) = (honest.observed.ways.get(&mutation.at)?, observed.ways.get(&mutation.at)?);
    if let (None, Some((_, why))) = (&before.end, &now.end) {
        return Some(why.clone());
    }
    if before.alternative == now.alternative {
        return None;
    }
    let alternative = step.answer.as_ref()?.alternatives.get(now.alternative)?;
    Some(alternative.lines.iter().map(judge::describe).collect::<Vec<_>>().join(", "))
}

/// The item that takes the status that was sent instead.
fn item(mutation: &Mutation, step: &Step, octets: &[u8]) -> Option<String> {
    if mutation.kind != Kind::Status {
        return None;
    }
    let answer = step.answer.as_ref()?;
    let Heard::Answer(protocol) = mutation.heard else { return None };
    let takes = |item: &Item| takes(&item.expect, protocol, octets);
    let line = answer.lines().find(|line| line.items.iter().any(takes))?;
    Some(told(answer, line))
}

fn told(answer: &Answer, line: &crate::scenario::Line) -> String {
    let remark = line.remark.clone().or_else(|| answer.lines().find_map(|line| line.remark.clone()));
    remark.unwrap_or_else(|| judge::describe(line))
}

fn takes(expect: &Expect, protocol: Protocol, octets: &[u8]) -> bool {
    let env = Bindings::default();
    match (expect, protocol) {
        (Expect::Smtp(pattern), Protocol::Smtp) => {
            smtp::parse(octets).is_ok_and(|reply| pattern.matches(&reply, &env).is_ok())
        }
        (Expect::Pop3(pattern), Protocol::Pop3) => {
            let form = if octets.ends_with(b"\r\n.\r\n") { pop3::Form::Multi } else { pop3::Form::Single };
            pattern.is_status()
                && pop3::parse(octets, form).is_ok_and(|reply| pattern.matches_status(&reply, &env).is_ok())
        }
        (Expect::Imap(pattern), Protocol::Imap) => {
            imap::parse(octets, imap::Revision::Rev2).is_ok_and(|said| pattern.fits(&said, &env).is_some())
        }
        // Whatever comes is bound.
        (Expect::Codes(_), _) => true,
        (_, Protocol::Smtp | Protocol::Pop3 | Protocol::Imap) => false,
    }
}

impl Fate {
    /// Whether the change is one that should be noticed.
    pub(super) fn is_meaningful(&self, weight: Weight) -> bool {
        match self {
            Self::Noticed(_) | Self::Watched(_) | Self::Elsewhere(_) | Self::Survived => weight == Weight::Counts,
            Self::Permitted(_) | Self::Silent(_) | Self::Lost => false,
        }
    }

    /// Whether it was.
    pub(super) fn is_noticed(&self) -> bool {
        match self {
            Self::Noticed(_) | Self::Watched(_) => true,
            Self::Permitted(_) | Self::Elsewhere(_) | Self::Silent(_) | Self::Lost | Self::Survived => false,
        }
    }
}
