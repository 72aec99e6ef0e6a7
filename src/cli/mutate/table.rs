//! What came of each scenario, as text.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::fate::{Fate, Honest};
use super::judging::Judging;
use super::plan::{Mutation, Weight};
use crate::base::{ByteString, RequirementId};
use crate::outcome::{Part, StepRef, Verdict};

/// Octets on both sides of a difference that are shown.
const CONTEXT: usize = 40;

/// What came of a scenario.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It was not tampered with: it does not apply to the reference server, or says nothing there.
    Inapplicable(String),
    /// It does not conform as it is.
    Unsound(String),
    /// All changes that were tried.
    Tried(Tried),
}

/// All changes of one scenario.
#[derive(Debug, Default)]
pub(super) struct Tried {
    pub(super) changes: Vec<Told>,
    /// Ids for which a line of their own noticed a change.
    pub(super) proved: BTreeSet<RequirementId>,
    /// Ids without a change that a line of their own noticed.
    pub(super) unproved: BTreeSet<RequirementId>,
    /// Ids that no answer judges, or that were not judged on the reference server.
    pub(super) apart: BTreeMap<RequirementId, &'static str>,
}

/// One change and what became of it.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) mutation: Mutation,
    pub(super) place: String,
    /// What was sent; none if it was not.
    pub(super) sent: Option<(ByteString, ByteString)>,
    pub(super) fate: Fate,
}

impl Tried {
    /// Sums up what became of all changes.
    pub(super) fn of(
        judging: &Judging<'_>,
        honest: &Honest,
        judged: &BTreeSet<RequirementId>,
        covers: &BTreeSet<RequirementId>,
        changes: Vec<Told>,
    ) -> Self {
        let noticed: BTreeSet<&RequirementId> = changes
            .iter()
            .filter(|told| told.mutation.weight == Weight::Counts)
            .filter_map(|told| if let Fate::Noticed(ids) = &told.fate { Some(ids) } else { None })
            .flatten()
            .collect();
        let proved: BTreeSet<RequirementId> = covers.iter().filter(|id| noticed.contains(id)).cloned().collect();
        let ended = honest.observed.ways.iter().find(|(_, way)| way.end.is_some()).map(|(at, _)| at.clone());
        let (mut unproved, mut apart) = (BTreeSet::new(), BTreeMap::new());
        for id in covers.difference(&proved) {
            if judging.has_no_answer(id) {
                apart.insert(id.clone(), "no answer judges it");
            } else if ended.as_ref().is_some_and(|at| judging.is_judged_behind(at, id)) {
                apart.insert(id.clone(), "the reference server ends the scenario before the line that judges it");
            } else if !judged.contains(id) {
                apart.insert(id.clone(), "not judged on the reference server");
            } else {
                unproved.insert(id.clone());
            }
        }
        Self { changes, proved, unproved, apart }
    }

    fn count(&self, which: impl Fn(&Told) -> bool) -> usize {
        self.changes.iter().filter(|told| which(told)).count()
    }

    fn numbers(&self) -> Numbers {
        let counts = |told: &Told| told.mutation.weight == Weight::Counts;
        let meaningful = |told: &Told| told.fate.is_meaningful(told.mutation.weight);
        Numbers {
            changes: self.count(meaningful),
            noticed: self.count(|told| meaningful(told) && told.fate.is_noticed()),
            watched: self.count(|told| meaningful(told) && matches!(told.fate, Fate::Watched(_))),
            permitted: self.count(|told| counts(told) && matches!(told.fate, Fate::Permitted(_))),
            elsewhere: self.count(|told| counts(told) && matches!(told.fate, Fate::Elsewhere(_))),
            survived: self.count(|told| counts(told) && told.fate == Fate::Survived),
            silent: self.count(|told| counts(told) && matches!(told.fate, Fate::Silent(_) | Fate::Lost)),
            closings: self.count(|told| !counts(told)),
            closings_noticed: self.count(|told| !counts(told) && told.fate.is_noticed()),
        }
    }
}

/// Counts of changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Numbers {
    /// Meaningful ones.
    changes: usize,
    noticed: usize,
    /// Of these, by what is always watched.
    watched: usize,
    permitted: usize,
    elsewhere: usize,
    survived: usize,
    silent: usize,
    closings: usize,
    closings_noticed: usize,
}

impl Numbers {
    fn add(&mut self, other: Self) {
        let Self { changes, noticed, watched, permitted, elsewhere, survived, silent, closings, closings_noticed } =
            other;
        self.changes += changes;
        self.noticed += noticed;
        self.watched += watched;
        self.permitted += permitted;
        self.elsewhere += elsewhere;
        self.survived += survived;
        self.silent += silent;
        self.closings += closings;
        self.closings_noticed += closings_noticed;
    }
}

/// The lines of one scenario.
pub(super) fn lines(id: &str, outcome: &Outcome) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    match outcome {
        Outcome::Inapplicable(why) => {
            let _ = writeln!(out, "{id}: does not apply: {why}");
        }
        Outcome::Unsound(why) => {
            let _ = writeln!(out, "{id}: UNSOUND, does not conform as it is: {why}");
        }
        Outcome::Tried(tried) => {
            let Numbers { changes, noticed, .. } = tried.numbers();
            let _ = writeln!(out, "{id}: {noticed} of {changes} changes noticed");
            tried.changes.iter().for_each(|told| out.push_str(&change(told)));
            for (id, why) in &tried.apart {
                let _ = writeln!(out, "  apart: {id}: {why}");
            }
            for id in &tried.unproved {
                let _ = writeln!(out, "  UNPROVED {id}: no change of a line of its own is noticed");
            }
        }
    }
    out
}

/// What was not noticed. Of closings nothing is told.
fn change(told: &Told) -> String {
    let (word, why) = match &told.fate {
        Fate::Noticed(_) | Fate::Watched(_) => return String::new(),
        _ if told.mutation.weight == Weight::Apart => return String::new(),
        Fate::Survived => ("survived", String::new()),
        Fate::Elsewhere(id) => ("accused another", format!(" ({id})")),
        Fate::Permitted(by) => ("permitted", format!(" by `{by}`")),
        Fate::Silent(why) => ("says nothing", format!(" ({why})")),
        Fate::Lost => ("was not made", String::new()),
    };
    let Mutation { plan, at, .. } = &told.mutation;
    let mut out = format!(
        "  {word}{why}: {} ({}), {session}: {}",
        place(at),
        told.place,
        plan.what,
        session = plan.place.session
    );
    if let Some((before, after)) = &told.sent {
        let (before, after) = excerpts(before, after);
        let _ = write!(out, ": {before} sent as {after}");
    }
    out.push('\n');
    out
}

fn place(at: &StepRef) -> String {
    match at.part {
        Part::Setup => format!("setup {}", at.number),
        Part::Steps => format!("step {}", at.number),
        Part::Cleanup => format!("cleanup {}", at.number),
    }
}

/// Two texts around their first difference.
fn excerpts(before: &ByteString, after: &ByteString) -> (String, String) {
    let at = before.iter().zip(after.iter()).take_while(|(one, other)| one == other).count();
    let from = at.saturating_sub(CONTEXT);
    let cut = |octets: &ByteString| {
        let to = octets.len().min(at + CONTEXT);
        let shown = ByteString::from(octets.get(from..to).unwrap_or_default());
        let (head, tail) = (if from > 0 { "…" } else { "" }, if to < octets.len() { "…" } else { "" });
        if octets.is_empty() { "nothing".to_owned() } else { format!("`{head}{}{tail}`", shown.escaped()) }
    };
    (cut(before), cut(after))
}

/// The sums, and what fails.
pub(super) fn total(outcomes: &[(String, Outcome)]) -> String {
    let (mut sum, mut tried, mut inapplicable) = (Numbers::default(), 0, 0);
    let mut failed = String::new();
    let mut apart = 0;
    for (id, outcome) in outcomes {
        match outcome {
            Outcome::Inapplicable(_) => inapplicable += 1,
            Outcome::Unsound(why) => {
                let _ = writeln!(failed, "  {id}: does not conform as it is: {why}");
            }
            Outcome::Tried(one) => {
                tried += 1;
                sum.add(one.numbers());
                apart += one.apart.len();
                for requirement in &one.unproved {
                    let _ = writeln!(failed, "  {id}: {requirement}");
                }
            }
        }
    }
    let Numbers { changes, noticed, watched, permitted, elsewhere, survived, silent, closings, closings_noticed } = sum;
    let mut out = String::new();
    let _ = writeln!(out, "{tried} scenarios, {inapplicable} more do not apply");
    let _ = writeln!(
        out,
        "{changes} meaningful changes: {noticed} noticed ({watched} by what is always watched), {elsewhere} accused another, {survived} survived"
    );
    let _ = writeln!(
        out,
        "apart: {permitted} permitted, {silent} say nothing, {closings_noticed} of {closings} closings noticed, {apart} requirements without an answer"
    );
    if failed.is_empty() {
        out.push_str("each requirement has a change that a line of its own notices\n");
    } else {
        let _ = write!(out, "requirements without a change that a line of their own notices:\n{failed}");
    }
    out
}

/// Whether a scenario fails the check.
pub(super) fn holds(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Inapplicable(_) => true,
        Outcome::Unsound(_) => false,
        Outcome::Tried(tried) => tried.unproved.is_empty(),
    }
}

/// Why a verdict of the honest run is none to start from.
pub(super) fn unusable(verdict: &Verdict) -> Option<Outcome> {
    match verdict {
        Verdict::Conforms => None,
        Verdict::NotApplicable(unmet) => Some(Outcome::Inapplicable(unmet.to_string())),
        Verdict::Inconclusive(doubt) => Some(Outcome::Unsound(doubt.to_string())),
        Verdict::Violates(findings) => {
            let told = findings.iter().map(|finding| format!("{}: {}", finding.requirement, finding.shape));
            Some(Outcome::Unsound(told.collect::<Vec<_>>().join(", ")))
        }
    }
}
