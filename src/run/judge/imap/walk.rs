//! The lines of one alternative, one after the other.

use std::collections::BTreeSet;

use super::came::Came;
use super::forbidden::{forbidden, others};
use super::plan::{Planned, Request, is_request, is_timed, plan};
use crate::base::Bindings;
use crate::outcome::FindingKind;
use crate::run::judge::decision::{Decision, Extent, Failure, Heard, Taken, Wait};
use crate::run::judge::describe::{describe, failure};
use crate::scenario::{Alternative, Item, Mark};

/// Where the judge stands in an alternative.
pub(super) struct Walk<'a> {
    pub(super) came: &'a Came<'a>,
    pub(super) plan: &'a [Planned<'a>],
    /// All values, those of the lines above included.
    pub(super) env: Bindings,
    /// Frames that lines above have taken.
    pub(super) claimed: BTreeSet<usize>,
    /// When the response to the line above was complete, if a response fitted it.
    pub(super) above: Option<usize>,
    /// The latest frame that any line above has taken.
    pub(super) latest: Option<usize>,
    /// Commands whose answer was a continuation request.
    pub(super) requested: BTreeSet<usize>,
}

/// Holds one alternative against what was heard.
pub(in crate::run::judge) fn decide_alternative(
    alternative: &Alternative,
    heard: &Heard<'_>,
    env: &Bindings,
) -> Decision {
    let came = Came::new(heard);
    let plan = plan(alternative, came.tags.len());
    let mut walk = Walk {
        came: &came,
        plan: &plan,
        env: env.clone(),
        claimed: BTreeSet::new(),
        above: None,
        latest: None,
        requested: BTreeSet::new(),
    };
    let mut taken = Taken::default();
    for index in 0..plan.len() {
        match walk.line_or_way_out(index) {
            Decision::Holds(part) => {
                let ends = part.end.is_some();
                taken.absorb(part);
                if ends {
                    break;
                }
            }
            other @ (Decision::Pending(..) | Decision::Fails(_)) => {
                return forbidden(alternative, &came, &walk.env).map_or(other, Decision::Fails);
            }
        }
    }
    if let Some(waiting) = walk.incomplete(alternative, &taken) {
        return forbidden(alternative, &came, &walk.env).map_or(waiting, Decision::Fails);
    }
    let broken = forbidden(alternative, &came, &walk.env);
    if let Some(failure) = broken.or_else(|| others(alternative, &came, &walk.env, &walk.claimed)) {
        return Decision::Fails(failure);
    }
    let negative = alternative.lines.iter().filter(|line| matches!(line.mark, Mark::Not | Mark::NoOther));
    taken.judged.extend(negative.filter_map(|line| line.judges.clone()));
    let all = || alternative.lines.iter().map(describe).collect::<Vec<_>>().join(", ");
    taken.end = taken.end.or_else(|| alternative.end.map(|end| (end, all())));
    Decision::Holds(taken)
}

impl Walk<'_> {
    /// Judges one line. If it does not hold, but the command's answer is one that ends the scenario beside others that
    /// go on (`OK | NO, skip`), then the untagged lines belonged to those others.
    fn line_or_way_out(&mut self, index: usize) -> Decision {
        let decision = self.line(index);
        let answers = self.plan.get(index).is_some_and(|planned| planned.reply.is_some());
        if answers || matches!(decision, Decision::Holds(_)) {
            return decision;
        }
        let below = self.plan.iter().enumerate().skip(index).find(|(_, planned)| planned.reply.is_some());
        let Some((below, reply)) = below else { return decision };
        let mut items = reply.line.items.iter();
        if items.all(|item| item.end.is_some()) {
            return decision;
        }
        match self.line(below) {
            Decision::Holds(taken) if taken.end.is_some() => Decision::Holds(taken),
            Decision::Holds(_) | Decision::Pending(..) | Decision::Fails(_) => decision,
        }
    }

    /// Judges one line: its items in order, the first that fits counts.
    fn line(&mut self, index: usize) -> Decision {
        let Some(planned) = self.plan.get(index) else { return Decision::Holds(Taken::default()) };
        let line = planned.line;
        let mut wait: Option<Wait> = None;
        let mut failed: Option<Failure> = None;
        for item in &line.items {
            match self.item(index, item) {
                Decision::Holds(mut taken) => {
                    taken.judged.extend(line.judges.clone());
                    taken.end = item.end.map(|end| (end, describe(line)));
                    self.go_on(&taken, index, item);
                    return Decision::Holds(taken);
                }
                Decision::Pending(more, failure) => {
                    wait = Some(wait.map_or(more, |before| before.sooner(more)));
                    failed = Some(telling(failed, failure));
                }
                Decision::Fails(failure) => failed = Some(telling(failed, failure)),
            }
        }
        let failed = failed.unwrap_or_else(|| failure(line, self.came.heard, None, FindingKind::Silence));
        match wait {
            Some(wait) => Decision::Pending(wait, failed),
            None => Decision::Fails(failed),
        }
    }

    /// What a line that holds leaves behind for those below it.
    fn go_on(&mut self, taken: &Taken, index: usize, item: &Item) {
        for (name, value) in &taken.captures {
            self.env.bind(name.as_str(), value.clone());
        }
        self.claimed.extend(&taken.frames);
        self.above = taken.frames.last().copied().or(self.above);
        self.latest = self.latest.max(taken.frames.last().copied());
        let answers = self.plan.get(index).filter(|planned| is_request(item) && planned.request == Request::Answers);
        self.requested.extend(answers.and_then(|planned| planned.reply));
    }

    /// Whether commands of the step have no answer yet, although all lines hold. Where a line says how long to listen, that
    /// is enough.
    fn incomplete(&self, alternative: &Alternative, taken: &Taken) -> Option<Decision> {
        let awaited =
            matches!(self.came.heard.extent, Extent::Tags(_)) && taken.end.is_none() && !self.came.is_closed();
        let mut answers = self.came.answered.iter().enumerate();
        let open = answers.any(|(index, answer)| answer.is_none() && !self.requested.contains(&index));
        let last = alternative.lines.last().filter(|_| awaited && open && !self.plan.iter().any(is_timed))?;
        Some(Decision::Pending(Wait::frame(), failure(last, self.came.heard, None, FindingKind::Silence)))
    }
}

/// A failure that shows what came tells more than one that shows nothing.
fn telling(before: Option<Failure>, now: Failure) -> Failure {
    match before {
        Some(before) if before.frame.is_some() || now.frame.is_none() => before,
        Some(_) | None => now,
    }
}
