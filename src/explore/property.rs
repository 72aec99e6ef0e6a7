//! `forall`: one scenario with many generated values, up to the first that breaks it. docs/suite-language.md section 11.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::counterexample::{Citable, write};
use super::drive::{DriveSettings, Shrinking};
use super::expand::{draw, expand, seed_of, with_number};
use super::shrinker::{Outcome, Shrinker};
use super::total::{Goes, Total, empty_result, is_confirmed};
use crate::outcome::{Counterexample, Doubt, Finding, Fingerprint, Replay, ScenarioResult, Verdict};
use crate::run::Runner;
use crate::scenario::Scenario;

/// Candidates that are run for one counterexample at most.
const CANDIDATES_MAX: usize = 200;
/// How long one counterexample is made smaller at most.
const SHRINKING_MAX: Duration = Duration::from_secs(60);

/// What all runs of a property share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Property<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) runner: &'a Arc<Runner>,
    pub(super) settings: &'a DriveSettings,
    pub(super) cancel: &'a CancellationToken,
}

impl Property<'_> {
    /// Runs the cases, some side by side, and looks at them in order. The first that fails is made smaller, written, read
    /// back and run again.
    pub(super) async fn check(self) -> ScenarioResult {
        let seed = self.settings.seed.unwrap_or_else(|| seed_of(self.scenario.id.as_str()));
        let cases = self.settings.cases.unwrap_or(self.scenario.cases);
        let abreast = u32::try_from(self.settings.jobs.max(1)).unwrap_or(u32::MAX);
        let mut total = Total::new(self.scenario);
        // The first case alone tells whether the scenario applies at all.
        let (mut from, mut to) = (0, cases.min(1));
        while from < to {
            let drawn: Vec<_> =
                (from..to).map(|case| (case, self.concrete(&expand(self.scenario, Some(seed), case)))).collect();
            for ((case, concrete), run) in drawn.iter().zip(self.side_by_side(&drawn).await) {
                let failed = first_confirmed(&run.verdict).map(Finding::fingerprint);
                let goes = total.add(run);
                if let Some(fingerprint) = failed {
                    let mut result = total.finish();
                    self.explain(&mut result, concrete, &fingerprint, (seed, *case)).await;
                    return result;
                }
                if goes == Goes::Ends {
                    return total.finish();
                }
            }
            (from, to) = (to, to.saturating_add(abreast).min(cases));
        }
        total.finish()
    }

    /// Judges cases at once; their results in the order of the cases.
    async fn side_by_side(&self, cases: &[(u32, Arc<Scenario>)]) -> Vec<ScenarioResult> {
        let tasks: Vec<_> = cases
            .iter()
            .map(|(_, scenario)| {
                let (runner, scenario, cancel) = (Arc::clone(self.runner), Arc::clone(scenario), self.cancel.clone());
                AbortOnDropHandle::new(tokio::spawn(async move { runner.judge(&scenario, &cancel).await }))
            })
            .collect();
        let mut results = Vec::with_capacity(tasks.len());
        for (task, (_, scenario)) in tasks.into_iter().zip(cases) {
            let panicked = |_| empty_result(scenario, Verdict::Inconclusive(Doubt::Internal("a panic".to_owned())));
            results.push(task.await.unwrap_or_else(panicked));
        }
        results
    }

    /// A limit is not searched under generated values: they are judged at its smallest number.
    fn concrete(&self, scenario: &Scenario) -> Arc<Scenario> {
        let from = scenario.largest.as_ref().map_or(0, |largest| largest.from);
        Arc::new(with_number(scenario, from))
    }

    /// Adds the counterexample to the result of a case that failed.
    async fn explain(
        &self,
        result: &mut ScenarioResult,
        failing: &Arc<Scenario>,
        fingerprint: &Fingerprint,
        (seed, case): (u64, u32),
    ) {
        let smallest = match self.settings.shrinking {
            Shrinking::Smallest => self.shrink(result, fingerprint, (seed, case)).await,
            Shrinking::AsDrawn => Arc::clone(failing),
        };
        let (file, replay) = match &self.settings.counterexamples {
            Some(folder) => self.replay(folder, &smallest, fingerprint).await,
            None => (None, Replay::NotTried),
        };
        result.counterexample = Some(Counterexample { seed, case, file, replay });
    }

    /// The smallest case that fails alike. What a person sees is told of that one; what is compared stays with the case
    /// that was drawn, since how far shrinking gets depends on time.
    async fn shrink(
        &self,
        result: &mut ScenarioResult,
        fingerprint: &Fingerprint,
        (seed, case): (u64, u32),
    ) -> Arc<Scenario> {
        let begun = Instant::now();
        let values = draw(self.scenario, Some(seed), case);
        let mut shrinker = Shrinker::new(self.scenario.clone(), values, seed, case);
        for _ in 0..CANDIDATES_MAX {
            if self.cancel.is_cancelled() || begun.elapsed() > SHRINKING_MAX {
                break;
            }
            let Some(candidate) = shrinker.next_candidate() else { break };
            let run = self.runner.judge(&self.concrete(&candidate), self.cancel).await;
            match confirmed(&run.verdict).find(|finding| finding.fingerprint() == *fingerprint) {
                Some(finding) => {
                    shrinker.accept(Outcome::Fails);
                    show(result, finding);
                    result.transcript = run.transcript;
                }
                None => shrinker.accept(Outcome::Differs),
            }
        }
        self.concrete(&shrinker.smallest())
    }

    /// Only what was written, read back and run again is reproducible.
    async fn replay(
        &self,
        folder: &Path,
        smallest: &Scenario,
        fingerprint: &Fingerprint,
    ) -> (Option<std::path::PathBuf>, Replay) {
        let citable = Citable { catalog: &self.settings.catalog, local: &self.settings.requirements };
        let written = match write(folder, smallest, citable) {
            Ok(written) => written,
            Err(why) => return (None, Replay::Differs(why)),
        };
        let replay = match written.scenario {
            Ok(scenario) => {
                let run = self.runner.judge(&Arc::new(scenario), self.cancel).await;
                if confirmed(&run.verdict).any(|finding| finding.fingerprint() == *fingerprint) {
                    Replay::Reproducible
                } else {
                    Replay::Differs(words(&run.verdict))
                }
            }
            Err(why) => Replay::Differs(why),
        };
        (Some(written.file), replay)
    }
}

fn confirmed(verdict: &Verdict) -> impl Iterator<Item = &Finding> {
    let findings = match verdict {
        Verdict::Violates(findings) => findings.as_slice(),
        Verdict::Conforms | Verdict::NotApplicable(_) | Verdict::Inconclusive(_) => &[],
    };
    findings.iter().filter(|finding| is_confirmed(finding))
}

fn first_confirmed(verdict: &Verdict) -> Option<&Finding> {
    confirmed(verdict).next()
}

/// Puts the evidence of a smaller case in the place of the one that was drawn.
fn show(result: &mut ScenarioResult, smaller: &Finding) {
    let Verdict::Violates(findings) = &mut result.verdict else { return };
    let alike = findings.iter_mut().find(|finding| finding.fingerprint() == smaller.fingerprint());
    if let Some(finding) = alike {
        finding.evidence = smaller.evidence.clone();
    }
}

fn words(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Conforms => "it conforms".to_owned(),
        Verdict::Violates(findings) => {
            let shapes: Vec<&str> = findings.iter().map(|finding| finding.shape.as_str()).collect();
            format!("another violation: {}", shapes.join(", "))
        }
        Verdict::NotApplicable(unmet) => unmet.to_string(),
        Verdict::Inconclusive(doubt) => doubt.to_string(),
    }
}
