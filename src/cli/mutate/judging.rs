//! Which requirements the answer of a step judges.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Binds, RequirementId, VarRef};
use crate::catalog::Catalog;
use crate::outcome::{Part, StepRef};
use crate::scenario::{Action, BoxPattern, Check, Expect, Factor, Judges, Line, Mark, Operator, Scenario, Step};

/// What the answers of a scenario judge, by canonical ids.
#[derive(Debug)]
pub(super) struct Judging<'a> {
    scenario: &'a Scenario,
    catalog: &'a Catalog,
    /// Ids of the checks that use a variable.
    checked: BTreeMap<&'a str, BTreeSet<RequirementId>>,
}

/// What a step's lines are about besides answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// Answers alone.
    Answers,
    /// That the server closes.
    Close,
    /// That the connection stands or keeps silent.
    Stands,
}

impl<'a> Judging<'a> {
    pub(super) fn of(scenario: &'a Scenario, catalog: &'a Catalog) -> Self {
        let mut judging = Self { scenario, catalog, checked: BTreeMap::new() };
        for step in &scenario.steps {
            for check in &step.checks {
                let Some(id) = judging.accused(step, check.judges.as_ref()) else { continue };
                for name in variables(check) {
                    judging.checked.entry(name.head()).or_default().insert(id.clone());
                }
            }
        }
        judging
    }

    /// The step of a place. The ladder is none.
    pub(super) fn step(&self, at: &StepRef) -> Option<&'a Step> {
        let steps = match at.part {
            Part::Setup => &self.scenario.setup,
            Part::Steps => &self.scenario.steps,
            Part::Cleanup => return None,
        };
        steps.get(usize::try_from(at.number).ok()?.checked_sub(1)?)
    }

    /// All steps, in their order.
    pub(super) fn steps(&self) -> impl Iterator<Item = (StepRef, &'a Step)> {
        let of = |part: Part, steps: &'a [Step]| {
            (1..).zip(steps).map(move |(number, step)| (StepRef { part, number }, step))
        };
        of(Part::Setup, &self.scenario.setup).chain(of(Part::Steps, &self.scenario.steps))
    }

    /// Whether what is always watched judges.
    pub(super) fn watches(&self) -> bool {
        !self.scenario.watch.is_empty()
    }

    /// Whether a check wants what the answer to this step binds to differ from what the answer to an earlier one binds.
    pub(super) fn differ(&self, at: &StepRef, earlier: &StepRef) -> bool {
        let binds = |at: &StepRef, factors: &[Factor]| {
            let names: Vec<&VarRef> = factors.iter().flat_map(of_factor).collect();
            self.step(at).is_some_and(|step| bound(step).any(|one| names.iter().any(|name| name.head() == one.head())))
        };
        let differs = |check: &Check| match check.op {
            Operator::NotEqual | Operator::Greater => {
                let (left, right) = (&check.left.0, &check.right.0);
                (binds(at, left) && binds(earlier, right)) || (binds(at, right) && binds(earlier, left))
            }
            Operator::Equal | Operator::GreaterOrEqual | Operator::In | Operator::NotIn | Operator::Delivers => false,
        };
        earlier < at && self.scenario.steps.iter().flat_map(|step| &step.checks).any(differs)
    }

    /// What an answer to a step judges: by its lines, by its checks, by checks on what it binds, and what the scenario watches.
    pub(super) fn ids(&self, at: &StepRef) -> BTreeSet<RequirementId> {
        let mut ids = self.said(at);
        if at.part == Part::Steps {
            ids.extend(self.scenario.watch.iter().map(|id| self.catalog.canonical(id).clone()));
        }
        ids
    }

    /// Whether of the answer to this step nothing is judged but what is watched.
    pub(super) fn only_watches(&self, at: &StepRef) -> bool {
        self.watches() && self.said(at).is_empty()
    }

    /// What an answer to a step judges by what the scenario says of it.
    fn said(&self, at: &StepRef) -> BTreeSet<RequirementId> {
        let Some(step) = self.step(at) else { return BTreeSet::new() };
        let mut ids: BTreeSet<RequirementId> =
            bound(step).flat_map(|name| self.checked.get(name.head())).flatten().cloned().collect();
        if at.part == Part::Steps {
            let lines = step.answer.iter().flat_map(|answer| answer.lines());
            let lines = lines.filter_map(|line| self.accused(step, line.judges.as_ref()).filter(|_| is_answer(line)));
            ids.extend(lines);
            ids.extend(step.checks.iter().filter_map(|check| self.accused(step, check.judges.as_ref())));
        }
        ids
    }

    /// Whom a line or check of a step accuses.
    fn accused(&self, step: &Step, own: Option<&RequirementId>) -> Option<RequirementId> {
        let id = match (own, &step.judges) {
            (Some(id), _) | (None, Judges::Requirement(id)) => id,
            (None, Judges::Setup) => return None,
        };
        Some(self.catalog.canonical(id).clone())
    }

    /// Whether a step behind this one judges an id.
    pub(super) fn is_judged_behind(&self, at: &StepRef, id: &RequirementId) -> bool {
        self.steps().any(|(step, _)| step.part == Part::Steps && step > *at && self.ids(&step).contains(id))
    }

    /// Whether only mail that arrives, or a handshake, judges an id: nothing of that is an answer.
    pub(super) fn has_no_answer(&self, id: &RequirementId) -> bool {
        !self.steps().any(|(at, _)| self.ids(&at).contains(id))
    }
}

/// Whether a line is about an answer: not about mail in a box, and not about a handshake.
fn is_answer(line: &Line) -> bool {
    line.items.iter().any(|item| match item.expect {
        Expect::Smtp(_)
        | Expect::Pop3(_)
        | Expect::Imap(_)
        | Expect::Closed
        | Expect::Silence(_)
        | Expect::Open(_)
        | Expect::Codes(_) => true,
        Expect::Box(_) | Expect::Tls => false,
    })
}

/// What a step's lines are about.
pub(super) fn about(step: &Step) -> About {
    let items = || step.answer.iter().flat_map(|answer| answer.items());
    if items().any(|item| item.expect.lasts().is_some()) {
        About::Stands
    } else if items().any(|item| item.expect == Expect::Closed) {
        About::Close
    } else {
        About::Answers
    }
}

/// Whether a step is a login, of which the last answer counts.
pub(super) fn is_login(step: &Step) -> bool {
    matches!(step.action, Some(Action::Auth(_)))
}

/// Whether a step has lines that forbid something.
pub(super) fn forbids(step: &Step) -> bool {
    step.answer.iter().flat_map(|answer| answer.lines()).any(|line| matches!(line.mark, Mark::Not | Mark::NoOther))
}

/// Variables that an answer to a step binds, or would.
fn bound(step: &Step) -> impl Iterator<Item = VarRef> {
    let items = step.answer.iter().flat_map(|answer| answer.items());
    items.flat_map(|item| {
        let uses = match &item.expect {
            Expect::Smtp(pattern) => pattern.vars(),
            Expect::Pop3(pattern) => pattern.vars(),
            Expect::Imap(pattern) => pattern.vars(),
            Expect::Box(BoxPattern::Message { capture, .. }) => return capture.iter().cloned().collect(),
            Expect::Codes(name) => return vec![name.clone()],
            Expect::Box(BoxPattern::Count(_)) | Expect::Closed | Expect::Silence(_) | Expect::Open(_) | Expect::Tls => {
                Vec::new()
            }
        };
        uses.into_iter().filter(|one| one.binds == Binds::First).map(|one| one.var).collect::<Vec<_>>()
    })
}

/// The variables of a check.
fn variables(check: &Check) -> Vec<&VarRef> {
    check.left.0.iter().chain(&check.right.0).flat_map(of_factor).collect()
}

fn of_factor(factor: &Factor) -> Vec<&VarRef> {
    match factor {
        Factor::Number(_) => Vec::new(),
        Factor::Text(template) => template.vars().collect(),
        Factor::Var(name) | Factor::Count(name) => vec![name],
        Factor::Slice { of, from, length } => {
            [of].into_iter().chain(of_factor(from)).chain(of_factor(length)).collect()
        }
    }
}
