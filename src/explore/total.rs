//! Many runs of one scenario, as one result.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::outcome::{Certainty, Doubt, Finding, Fingerprint, ScenarioResult, Unmet, Verdict};
use crate::scenario::Scenario;

/// What the runs so far come to.
#[derive(Debug)]
pub(super) struct Total {
    begun: Instant,
    result: ScenarioResult,
    invariants: BTreeMap<Fingerprint, Finding>,
    doubts: u32,
}

/// Whether more runs are of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goes {
    /// They are.
    On,
    /// The verdict stands.
    Ends,
}

/// So many runs of which nothing can be said say enough about all others.
const DOUBTS_MAX: u32 = 3;

impl Total {
    /// No run yet.
    pub(super) fn new(scenario: &Scenario) -> Self {
        let verdict = Verdict::NotApplicable(Unmet::Skipped("no case".to_owned()));
        Self { begun: Instant::now(), result: empty_result(scenario, verdict), invariants: BTreeMap::new(), doubts: 0 }
    }

    /// Takes in one run. A violation outweighs a doubt, a doubt what held, and what held what did not apply.
    pub(super) fn add(&mut self, run: ScenarioResult) -> Goes {
        self.watch(&run);
        let (goes, weighs) = (self.goes(&run.verdict), weight(&run.verdict) > weight(&self.result.verdict));
        let first = self.result.transcript.entries.is_empty() && weight(&self.result.verdict) == Weight::Inapplicable;
        if weighs || first {
            self.result.verdict = run.verdict;
            self.result.transcript = run.transcript;
        }
        self.result.judged.extend(run.judged);
        goes
    }

    /// Takes in what invariants saw in a run whose verdict does not count.
    pub(super) fn watch(&mut self, run: &ScenarioResult) {
        self.result.watched.extend(run.watched.iter().cloned());
        for finding in &run.invariants {
            self.invariants
                .entry(finding.fingerprint())
                // Each run is on fresh state: what two of them show was seen again.
                .and_modify(|known| known.certainty = Certainty::Confirmed)
                .or_insert_with(|| finding.clone());
        }
    }

    fn goes(&mut self, verdict: &Verdict) -> Goes {
        match verdict {
            Verdict::Inconclusive(Doubt::Cancelled | Doubt::Gone(_)) => Goes::Ends,
            Verdict::Inconclusive(
                Doubt::Setup(_)
                | Doubt::Trouble(_)
                | Doubt::Busy(_)
                | Doubt::Greylisted(_)
                | Doubt::Connection(_)
                | Doubt::NotArrived(_)
                | Doubt::NoSink
                | Doubt::Unconfirmed(_)
                | Doubt::Internal(_),
            ) => {
                self.doubts += 1;
                if self.doubts < DOUBTS_MAX { Goes::On } else { Goes::Ends }
            }
            Verdict::Violates(findings) if findings.iter().any(is_confirmed) => Goes::Ends,
            // Another value may be answered with something that can be judged.
            Verdict::NotApplicable(Unmet::Skipped(_) | Unmet::NothingToWatch(_))
            | Verdict::Violates(_)
            | Verdict::Conforms => Goes::On,
            Verdict::NotApplicable(
                Unmet::Need(_)
                | Unmet::Role(_)
                | Unmet::Account
                | Unmet::Accounts
                | Unmet::NotDisposable
                | Unmet::NoTls,
            ) => Goes::Ends,
        }
    }

    /// The result of all runs.
    pub(super) fn finish(mut self) -> ScenarioResult {
        for ids in [&mut self.result.judged, &mut self.result.watched] {
            ids.sort();
            ids.dedup();
        }
        self.result.invariants = self.invariants.into_values().collect();
        self.result.elapsed = self.begun.elapsed();
        self.result
    }
}

/// Whether a finding may be reported.
pub(super) fn is_confirmed(finding: &Finding) -> bool {
    finding.certainty == Certainty::Confirmed
}

/// A result of a scenario that was not run.
pub(super) fn empty_result(scenario: &Scenario, verdict: Verdict) -> ScenarioResult {
    ScenarioResult {
        id: scenario.id.clone(),
        covers: scenario.covers.clone(),
        judged: Vec::new(),
        verdict,
        invariants: Vec::new(),
        watched: Vec::new(),
        largest: None,
        counterexample: None,
        transcript: crate::outcome::Transcript::default(),
        elapsed: std::time::Duration::ZERO,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Inapplicable,
    Held,
    Doubtful,
    Cancelled,
    Violated,
}

fn weight(verdict: &Verdict) -> Weight {
    match verdict {
        Verdict::NotApplicable(_) => Weight::Inapplicable,
        Verdict::Conforms => Weight::Held,
        Verdict::Violates(findings) if findings.iter().any(is_confirmed) => Weight::Violated,
        Verdict::Inconclusive(Doubt::Cancelled) => Weight::Cancelled,
        // What never came again is a doubt, too.
        Verdict::Violates(_)
        | Verdict::Inconclusive(
            Doubt::Setup(_)
            | Doubt::Trouble(_)
            | Doubt::Busy(_)
            | Doubt::Greylisted(_)
            | Doubt::Connection(_)
            | Doubt::Gone(_)
            | Doubt::NotArrived(_)
            | Doubt::NoSink
            | Doubt::Unconfirmed(_)
            | Doubt::Internal(_),
        ) => Weight::Doubtful,
    }
}
