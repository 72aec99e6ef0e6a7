//! When a finding may be reported: a violation is seen twice, on fresh state, before it accuses anybody. docs/verdicts.md.
//!
//! Pure: it is told of one attempt after the other, and says whether another one is needed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::attempt::{Attempt, Waiting};
use crate::outcome::{Certainty, Direction, Doubt, Entry, Finding, FindingKind, Fingerprint, Verdict};

/// Reruns in which a finding that is proved by its octets may come again.
pub const RERUNS_MAX: usize = 5;
/// Runs in which a finding that needs a second occurrence may come, the first included.
const DOUBTED_RUNS_MAX: usize = 3;
/// How often an attempt that met trouble on the wire is repeated.
pub const RETRIES_DEFAULT: u32 = 2;

/// All attempts at one scenario so far.
#[derive(Debug)]
pub struct Confirmation {
    /// Those that came to an end, in order.
    runs: Vec<Attempt>,
    /// Those that met trouble.
    troubled: Vec<Attempt>,
    /// How many troubled ones are still repeated.
    retries: u32,
}

/// What comes after an attempt.
#[derive(Debug)]
pub enum Next {
    /// Another one, on fresh state.
    Again(Waiting),
    /// As before, after a pause: the server was in trouble.
    Later(Waiting),
    /// Nothing more to find out: verdict, judged ids and transcript of the attempt that decided, the findings of
    /// invariants of all, each with its certainty.
    Decided(Box<Attempt>),
}

impl Confirmation {
    /// Nothing was tried yet. `retries` bounds how often trouble on the wire is met with another attempt.
    pub fn new(retries: u32) -> Self {
        Self { runs: Vec::new(), troubled: Vec::new(), retries }
    }

    /// Takes in an attempt.
    pub fn next(&mut self, attempt: Attempt) -> Next {
        match attempt.verdict {
            Verdict::Inconclusive(Doubt::Cancelled) => return self.decide(Some(attempt)),
            // Nobody is there to be asked again.
            Verdict::Inconclusive(Doubt::Gone(_)) => {
                self.troubled.push(attempt);
                return self.decide(None);
            }
            Verdict::Inconclusive(Doubt::Trouble(_) | Doubt::Busy(_) | Doubt::Greylisted(_) | Doubt::Connection(_)) => {
                self.troubled.push(attempt);
                if self.retries == 0 {
                    return self.decide(None);
                }
                self.retries -= 1;
                return Next::Later(self.waiting());
            }
            Verdict::Inconclusive(
                Doubt::Setup(_) | Doubt::NotArrived(_) | Doubt::NoSink | Doubt::Unconfirmed(_) | Doubt::Internal(_),
            )
            | Verdict::Conforms
            | Verdict::Violates(_)
            | Verdict::NotApplicable(_) => self.runs.push(attempt),
        }
        if self.is_open() { Next::Again(self.waiting()) } else { self.decide(None) }
    }

    /// Whether another run can still tell something.
    fn is_open(&self) -> bool {
        let seen = self.seen();
        let proved = seen.iter().any(|(found, times)| *times == 1 && self.proof_of(found) == Proof::Octets);
        // What setup needs may fail once.
        let unprepared = self.runs.len() == 1 && self.runs.iter().any(is_unprepared);
        (proved && self.runs.len() <= RERUNS_MAX) || self.is_doubted(&seen) || unprepared
    }

    /// Whether a violation that needs a second sight may still have one.
    fn is_doubted(&self, seen: &BTreeMap<Fingerprint, usize>) -> bool {
        let once = seen.iter().any(|(found, times)| *times == 1 && self.proof_of(found) == Proof::SecondSight);
        // Once the steps held, there is no mismatch to look for.
        let held = self.runs.last().is_some_and(|run| run.verdict == Verdict::Conforms);
        let confirmed = self.scenario_findings().any(|finding| times(finding, seen) > 1);
        once && !held && !confirmed && self.runs.len() < DOUBTED_RUNS_MAX
    }

    /// What a watching invariant found, the close of a connection included, stands in the recorded octets.
    fn proof_of(&self, found: &Fingerprint) -> Proof {
        let watched = self
            .runs
            .iter()
            .chain(&self.troubled)
            .flat_map(|run| &run.invariants)
            .any(|finding| finding.fingerprint() == *found);
        if watched && found.kind != FindingKind::Crash { Proof::Octets } else { proof_of(found.kind) }
    }

    /// A silence is confirmed by somebody who is patient; nobody waits so long for anything else.
    fn waiting(&self) -> Waiting {
        let silent = self.scenario_findings().any(|finding| finding.kind == FindingKind::Silence);
        if silent && self.is_doubted(&self.seen()) { Waiting::Patient } else { Waiting::Ordinary }
    }

    /// In how many runs each fingerprint was seen.
    fn seen(&self) -> BTreeMap<Fingerprint, usize> {
        let mut times = BTreeMap::new();
        // What invariants saw before the server was in trouble counts too.
        for run in self.runs.iter().chain(&self.troubled) {
            let findings = scenario_findings(run).iter().chain(&run.invariants);
            for found in findings.map(Finding::fingerprint).collect::<BTreeSet<_>>() {
                *times.entry(found).or_default() += 1;
            }
        }
        times
    }

    fn scenario_findings(&self) -> impl Iterator<Item = &Finding> {
        self.runs.iter().flat_map(scenario_findings)
    }

    /// Puts everything together; `last` is an attempt that was cancelled.
    fn decide(&mut self, last: Option<Attempt>) -> Next {
        let seen = self.seen();
        let invariants = self.invariants(&seen);
        let mut watched: Vec<_> =
            self.runs.iter().chain(&self.troubled).chain(&last).flat_map(|run| run.watched.iter().cloned()).collect();
        watched.sort();
        watched.dedup();
        let told = self.told(&seen);
        let mut decided = self.verdict(&seen, last);
        decided.invariants = invariants;
        decided.watched = watched;
        decided.transcript.entries.extend(told);
        Next::Decided(Box::new(decided))
    }

    /// For the transcript: in how many runs each finding was seen, once there were several.
    fn told(&self, seen: &BTreeMap<Fingerprint, usize>) -> Vec<Entry> {
        let runs = self.runs.len() + self.troubled.len();
        let line = |(found, times): (&Fingerprint, &usize)| Entry {
            at: Duration::ZERO,
            session: "confirmation".to_owned(),
            direction: Direction::Event,
            octets: format!("seen in {times} of {runs} runs: {} {}", found.requirement, found.shape).as_str().into(),
        };
        if runs > 1 { seen.iter().map(line).collect() } else { Vec::new() }
    }

    /// Each finding of an invariant once, as it was first seen.
    fn invariants(&self, seen: &BTreeMap<Fingerprint, usize>) -> Vec<Finding> {
        let mut found = BTreeMap::new();
        for finding in self.runs.iter().chain(&self.troubled).flat_map(|run| &run.invariants) {
            found.entry(finding.fingerprint()).or_insert_with(|| sure(finding, seen));
        }
        found.into_values().collect()
    }

    /// The attempt that decided, with its verdict.
    fn verdict(&mut self, seen: &BTreeMap<Fingerprint, usize>, last: Option<Attempt>) -> Attempt {
        let is_sure = |finding: &&Finding| sure(finding, seen).certainty == Certainty::Confirmed;
        // The last run that shows a confirmed finding tells best what is wrong: it was the more patient one.
        let confirmed = self.runs.iter().rposition(|run| scenario_findings(run).iter().any(|found| is_sure(&found)));
        let violating = self.runs.iter().position(|run| !scenario_findings(run).is_empty());
        match (confirmed, violating, last) {
            (Some(at), _, _) => self.reported(at, seen),
            (None, _, Some(cancelled)) => cancelled,
            (None, Some(at), None) => self.doubted(at, seen),
            (None, None, None) => match self.runs.iter().position(|run| !is_unprepared(run)) {
                Some(prepared) => self.runs.swap_remove(prepared),
                None => self.troubled.pop().or_else(|| self.runs.pop()).unwrap_or_else(nothing),
            },
        }
    }

    /// A run whose findings may be reported, with those of the others behind them. What was seen once, and is not proved by
    /// octets, is left out.
    fn reported(&mut self, at: usize, seen: &BTreeMap<Fingerprint, usize>) -> Attempt {
        let mut run = self.runs.remove(at);
        let own: BTreeSet<_> = scenario_findings(&run).iter().map(Finding::fingerprint).collect();
        let mut others = BTreeMap::new();
        for finding in self.scenario_findings().filter(|finding| !own.contains(&finding.fingerprint())) {
            others.entry(finding.fingerprint()).or_insert(finding);
        }
        let findings = scenario_findings(&run).iter().chain(others.into_values()).map(|finding| sure(finding, seen));
        let kept = findings
            .filter(|finding| finding.certainty == Certainty::Confirmed || proof_of(finding.kind) == Proof::Octets);
        run.verdict = Verdict::Violates(kept.collect());
        run
    }

    /// A run whose findings never came again.
    fn doubted(&mut self, at: usize, seen: &BTreeMap<Fingerprint, usize>) -> Attempt {
        let findings = self.runs.get(at).map(scenario_findings).unwrap_or_default();
        let proved = findings.iter().any(|finding| proof_of(finding.kind) == Proof::Octets);
        if proved {
            return self.reported(at, seen);
        }
        let all_silent = self.scenario_findings().all(|finding| finding.kind == FindingKind::Silence);
        let held = self.runs.iter().rposition(|run| run.verdict == Verdict::Conforms);
        match (held, self.troubled.pop()) {
            // Slowness is no violation: whoever waited long enough got the right answer.
            (Some(held), _) if all_silent => self.runs.swap_remove(held),
            (None, Some(troubled)) if self.runs.len() == 1 => troubled,
            (_, _) => {
                let mut run = self.runs.swap_remove(at);
                let what =
                    scenario_findings(&run).first().map(|found| format!("{} {}", found.requirement, found.shape));
                run.verdict = Verdict::Inconclusive(Doubt::Unconfirmed(what.unwrap_or_default()));
                run.judged = Vec::new();
                run
            }
        }
    }
}

/// What shows that a finding is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// The octets that were recorded.
    Octets,
    /// Only that it comes again.
    SecondSight,
    /// That nobody takes connections any more.
    Gone,
}

fn proof_of(kind: FindingKind) -> Proof {
    match kind {
        FindingKind::Syntax | FindingKind::Invariant => Proof::Octets,
        FindingKind::Mismatch | FindingKind::Check | FindingKind::Silence | FindingKind::Close => Proof::SecondSight,
        FindingKind::Crash => Proof::Gone,
    }
}

/// Whether the run did not come to its steps.
fn is_unprepared(run: &Attempt) -> bool {
    matches!(run.verdict, Verdict::Inconclusive(Doubt::Setup(_)))
}

fn scenario_findings(run: &Attempt) -> &[Finding] {
    match &run.verdict {
        Verdict::Violates(findings) => findings,
        Verdict::Conforms | Verdict::NotApplicable(_) | Verdict::Inconclusive(_) => &[],
    }
}

fn sure(finding: &Finding, seen: &BTreeMap<Fingerprint, usize>) -> Finding {
    let again = times(finding, seen) > 1 || proof_of(finding.kind) == Proof::Gone;
    let certainty = if again { Certainty::Confirmed } else { Certainty::Unstable };
    Finding { certainty, ..finding.clone() }
}

fn times(finding: &Finding, seen: &BTreeMap<Fingerprint, usize>) -> usize {
    seen.get(&finding.fingerprint()).copied().unwrap_or_default()
}

/// [`Confirmation::next`] always has an attempt, so this stands only for what cannot be.
fn nothing() -> Attempt {
    Attempt::bare(Verdict::Inconclusive(Doubt::Internal("no attempt was made".to_owned())))
}

#[cfg(test)]
mod tests;
