//! What one run of a scenario came to.

use std::collections::BTreeSet;

use tokio_util::sync::CancellationToken;

use super::play::Play;
use super::stop::Stop;
use crate::base::RequirementId;
use crate::outcome::{Doubt, Finding, Part, StepRef, Transcript, Unmet, Verdict};
use crate::run::contact::Contact;
use crate::run::log::Log;
use crate::run::tamper::Tamper;
use crate::run::world::{Leased, World};
use crate::scenario::Scenario;

/// One run of one scenario. Nothing in it is confirmed yet.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// What this run alone shows.
    pub verdict: Verdict,
    /// Ids of `covers` that were judged.
    pub judged: Vec<RequirementId>,
    /// What invariants found, without what the scenario allows. Their certainty is [`crate::outcome::Certainty::Unstable`].
    pub invariants: Vec<Finding>,
    /// Requirements behind whose invariant something was seen.
    pub watched: Vec<RequirementId>,
    /// What was said.
    pub transcript: Transcript,
    /// Its connections.
    pub(in crate::run) contacts: Vec<Contact>,
    /// The last step that was begun.
    pub(in crate::run) reached: StepRef,
}

impl Attempt {
    /// A verdict without anything else.
    pub(in crate::run) fn bare(verdict: Verdict) -> Self {
        Self {
            verdict,
            judged: Vec::new(),
            invariants: Vec::new(),
            watched: Vec::new(),
            transcript: Transcript::default(),
            contacts: Vec::new(),
            reached: StepRef { part: Part::Setup, number: 0 },
        }
    }
}

/// How long a step waits for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// As long as its `within` says.
    Ordinary,
    /// As long as the world's patience says, if that is longer: the run that confirms a silence.
    Patient,
}

/// Runs a concrete scenario once: no `forall`, no `largest`, its needs met, its accounts leased. Cancelled, it still
/// cleans up. `tamper` is empty unless answers are to be changed.
pub async fn attempt(
    scenario: &Scenario,
    world: &World,
    leased: &Leased,
    waiting: Waiting,
    tamper: &Tamper,
    cancel: &CancellationToken,
) -> Attempt {
    let log = Log::new(world.redactor.clone()).tampered(tamper.clone());
    let mut play = Play::new(scenario, world, leased, waiting, &log);
    let end = tokio::select! {
        biased;
        () = cancel.cancelled() => Err(Stop::Doubt(Doubt::Cancelled)),
        end = play.play() => end,
    };
    let reached = play.reached.clone();
    play.clean().await;
    let judged = std::mem::take(&mut play.judged);
    let (found, watched) = play.watch.finish();
    let seen = Seen { scenario, world, found, watched: &watched, judged };
    let (verdict, judged, invariants) = seen.verdict(end);
    let contacts = log.contacts.all();
    Attempt { verdict, judged, invariants, watched, transcript: log.take(), contacts, reached }
}

/// What a run has seen besides its end.
struct Seen<'a> {
    scenario: &'a Scenario,
    world: &'a World,
    found: Vec<Finding>,
    watched: &'a [RequirementId],
    judged: BTreeSet<RequirementId>,
}

impl Seen<'_> {
    /// The verdict comes from judged lines and `watch` ids alone. docs/suite-language.md section 10.
    fn verdict(mut self, end: Result<(), Stop>) -> (Verdict, Vec<RequirementId>, Vec<Finding>) {
        let (watch, world) = (&self.scenario.watch, self.world);
        let (mut own, others): (Vec<_>, Vec<_>) =
            self.found.into_iter().partition(|finding| watch.iter().any(|id| world.is_same(id, &finding.requirement)));
        let verdict = match end {
            Err(Stop::Failed(finding)) => {
                self.judged.insert(finding.requirement.clone());
                own.insert(0, *finding);
                Verdict::Violates(own)
            }
            Ok(()) | Err(Stop::Done | Stop::Skipped(_) | Stop::Doubt(_) | Stop::Unmet(_)) if !own.is_empty() => {
                Verdict::Violates(own)
            }
            Err(Stop::Doubt(doubt)) => Verdict::Inconclusive(doubt),
            Err(Stop::Unmet(unmet)) => Verdict::NotApplicable(unmet),
            Ok(()) | Err(Stop::Done | Stop::Skipped(_)) => {
                let seen = |id: &&RequirementId| self.watched.iter().any(|watched| world.is_same(id, watched));
                self.judged.extend(watch.iter().filter(seen).cloned());
                match (self.judged.is_empty(), end) {
                    (false, _) => Verdict::Conforms,
                    (true, Err(Stop::Skipped(why))) => Verdict::NotApplicable(Unmet::Skipped(why)),
                    (true, _) => {
                        let id = watch.first().or_else(|| self.scenario.covers.first());
                        Verdict::NotApplicable(Unmet::NothingToWatch(id.map(ToString::to_string).unwrap_or_default()))
                    }
                }
            }
        };
        if let Verdict::Violates(findings) = &verdict {
            self.judged.extend(findings.iter().map(|finding| finding.requirement.clone()));
        }
        let judged = |id: &&RequirementId| self.judged.iter().any(|judged| world.is_same(id, judged));
        let mut judged: Vec<_> = self.scenario.covers.iter().filter(judged).cloned().collect();
        judged.sort();
        (verdict, judged, others)
    }
}
