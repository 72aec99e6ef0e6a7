//! One scenario from its needs to its result: leased, attempted, confirmed.

use std::any::Any;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::attempt::{Attempt, Waiting, attempt, share};
use super::cast::{Cast, SinkUse};
use super::confirm::{Confirmation, Next, RETRIES_DEFAULT};
use super::health::Health;
use super::lease::{Class, Pool, Request};
use super::needs::{Obstacle, Switches, unmet};
use super::pace::{Pace, Pacer};
use super::postpone::Greylisting;
use super::tamper::Tamper;
use super::world::{Leased, World};
use crate::outcome::{Doubt, ScenarioResult, Verdict};
use crate::scenario::Scenario;
use crate::target;

/// How much longer than the first one a pause becomes.
const PAUSE_GROWTH_MAX: u32 = 8;
/// A greylisting server wants a longer pause than one in trouble: so many times as long.
const GREY_PAUSES: u32 = 5;

/// How scenarios are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunnerSettings {
    /// What the user switched on.
    pub switches: Switches,
    /// How often an attempt that met trouble on the wire is repeated.
    pub retries: u32,
    /// How long to wait before that; each time twice as long, up to eight times.
    pub pause: Duration,
}

/// Runs scenarios against one target, any number at once.
pub struct Runner {
    world: Arc<World>,
    settings: RunnerSettings,
    pool: Arc<Pool>,
    pacer: Pacer,
    health: Health,
    greylisting: Greylisting,
    attempts: Arc<Attempts>,
}

/// All that an attempt is given.
#[derive(Debug, Clone)]
pub(crate) struct Task {
    /// What is run.
    pub(crate) scenario: Arc<Scenario>,
    /// Against what.
    pub(crate) world: Arc<World>,
    /// As whom.
    pub(crate) leased: Leased,
    /// How patiently.
    pub(crate) waiting: Waiting,
    /// With which of its answers changed.
    pub(crate) tamper: Tamper,
    /// Until when.
    pub(crate) cancel: CancellationToken,
}

/// Makes attempts. Tests put others in the place of [`attempt`].
pub(crate) type Attempts = dyn Fn(Task) -> Pin<Box<dyn Future<Output = Attempt> + Send>> + Send + Sync;

impl Default for RunnerSettings {
    fn default() -> Self {
        Self { switches: Switches::default(), retries: RETRIES_DEFAULT, pause: Duration::from_secs(1) }
    }
}

impl Runner {
    /// A runner for a probed target.
    pub fn new(world: Arc<World>, settings: RunnerSettings) -> Self {
        let live = |task: Task| -> Pin<Box<dyn Future<Output = Attempt> + Send>> {
            Box::pin(async move {
                let Task { scenario, world, leased, waiting, tamper, cancel } = &task;
                attempt(scenario, world, leased, *waiting, tamper, cancel).await
            })
        };
        Self::with_attempts(world, settings, Arc::new(live))
    }

    /// A runner whose attempts are made by somebody else.
    pub(crate) fn with_attempts(world: Arc<World>, settings: RunnerSettings, attempts: Arc<Attempts>) -> Self {
        let pool = Pool::new(world.target.accounts.clone());
        let pace = world.target.pace;
        let pacer = Pacer::new(target::Pace { connections: pace.connections - share(pace), ..pace });
        let greylisting = Greylisting::new(world.patience);
        Self { world, settings, pool, pacer, health: Health::default(), greylisting, attempts }
    }

    /// What is shared by all scenarios.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Judges a concrete scenario: no `forall`, no `largest`. A violation is confirmed. It never fails; what goes wrong is
    /// a verdict.
    pub async fn judge(&self, scenario: &Arc<Scenario>, cancel: &CancellationToken) -> ScenarioResult {
        self.run(scenario, Asking::Judged, &Tamper::default(), cancel).await
    }

    /// Runs a concrete scenario once. A violation is not confirmed, so it may not be reported.
    pub async fn try_once(&self, scenario: &Arc<Scenario>, cancel: &CancellationToken) -> ScenarioResult {
        self.tampered(scenario, &Tamper::default(), cancel).await
    }

    /// Leaves the target: closes what was kept open for further scenarios.
    pub async fn leave(&self) {
        self.world.keepers.dismiss().await;
    }

    /// As [`Runner::try_once`], with answers that are recorded or changed.
    pub async fn tampered(
        &self,
        scenario: &Arc<Scenario>,
        tamper: &Tamper,
        cancel: &CancellationToken,
    ) -> ScenarioResult {
        self.run(scenario, Asking::Once, tamper, cancel).await
    }

    async fn run(
        &self,
        scenario: &Arc<Scenario>,
        asking: Asking,
        tamper: &Tamper,
        cancel: &CancellationToken,
    ) -> ScenarioResult {
        let begun = Instant::now();
        let decided = match unmet(scenario, &self.world, self.settings.switches) {
            Some(Obstacle::Unmet(unmet)) => Attempt::bare(Verdict::NotApplicable(unmet)),
            Some(Obstacle::Doubt(doubt)) => Attempt::bare(Verdict::Inconclusive(doubt)),
            None => self.leased(scenario, asking, tamper, cancel).await,
        };
        ScenarioResult {
            id: scenario.id.clone(),
            covers: scenario.covers.clone(),
            judged: decided.judged,
            verdict: decided.verdict,
            invariants: decided.invariants,
            watched: decided.watched,
            largest: None,
            counterexample: None,
            transcript: decided.transcript,
            elapsed: begun.elapsed(),
        }
    }

    async fn leased(
        &self,
        scenario: &Arc<Scenario>,
        asking: Asking,
        tamper: &Tamper,
        cancel: &CancellationToken,
    ) -> Attempt {
        let mut cast = Cast::of(scenario);
        if self.world.sink.is_none() {
            cast.sink = SinkUse::Leaves;
        }
        let request = Request { cast, class: Class::from(scenario.lease) };
        let loan = tokio::select! {
            biased;
            () = cancel.cancelled() => return Attempt::bare(Verdict::Inconclusive(Doubt::Cancelled)),
            loan = self.pool.lease(request) => loan,
        };
        // `unmet` has counted the accounts.
        let Some(loan) = loan else { return internal("there is no account to lease") };
        let task = |waiting| Task {
            scenario: Arc::clone(scenario),
            world: Arc::clone(&self.world),
            leased: loan.leased(),
            waiting,
            tamper: tamper.clone(),
            cancel: cancel.clone(),
        };
        match asking {
            Asking::Once => self.attempted(task(Waiting::Ordinary)).await.0,
            Asking::Judged => self.confirmed(task, cancel).await,
        }
    }

    async fn confirmed(&self, task: impl Fn(Waiting) -> Task, cancel: &CancellationToken) -> Attempt {
        let mut confirmation = Confirmation::new(self.settings.retries);
        let (mut waiting, mut pause) = (Waiting::Ordinary, self.settings.pause);
        loop {
            let (attempt, pace) = self.attempted(task(waiting)).await;
            let postponed = match &attempt.verdict {
                Verdict::Inconclusive(Doubt::Busy(_)) => {
                    self.world.keepers.dismiss().await;
                    (self.pacer.slow_down(pace) == Pace::Slower).then_some(pause)
                }
                Verdict::Inconclusive(Doubt::Greylisted(_)) => {
                    self.greylisting.pause(pause.saturating_mul(GREY_PAUSES), Instant::now())
                }
                Verdict::Conforms | Verdict::Violates(_) | Verdict::NotApplicable(_) | Verdict::Inconclusive(_) => None,
            };
            // What was only postponed is no attempt.
            let next = match postponed {
                Some(for_now) => {
                    self.rest(for_now, cancel).await;
                    pause = self.longer(pause);
                    continue;
                }
                None => confirmation.next(attempt),
            };
            match next {
                Next::Again(how) => waiting = how,
                Next::Later(how) => {
                    waiting = how;
                    self.rest(pause, cancel).await;
                    pause = self.longer(pause);
                }
                Next::Decided(decided) => return *decided,
            }
        }
    }

    fn longer(&self, pause: Duration) -> Duration {
        pause.saturating_mul(2).min(self.settings.pause.saturating_mul(PAUSE_GROWTH_MAX))
    }

    /// Either the pause is over or nobody wants another attempt; that one will say so.
    async fn rest(&self, pause: Duration, cancel: &CancellationToken) {
        let _ = timeout(pause, cancel.cancelled()).await;
    }

    /// One attempt at the target's pace, in a task of its own, so that a panic is an answer like any other.
    async fn attempted(&self, task: Task) -> (Attempt, u32) {
        let connections = task.scenario.sessions.len();
        let connections = u32::try_from(connections).unwrap_or(u32::MAX);
        // Beside those declared there is at most one that deposits, polls a box or removes mailboxes.
        let Some(slot) = self.pacer.slot(connections, 1, &task.cancel).await else {
            return (Attempt::bare(Verdict::Inconclusive(Doubt::Cancelled)), 0);
        };
        let presence = self.health.enter();
        let (scenario, cancel) = (Arc::clone(&task.scenario), task.cancel.clone());
        let running = AbortOnDropHandle::new(tokio::spawn((self.attempts)(task)));
        let attempt = match running.await {
            Ok(attempt) => attempt,
            Err(error) if error.is_panic() => internal(&panic_text(error.into_panic().as_ref())),
            Err(_) => Attempt::bare(Verdict::Inconclusive(Doubt::Cancelled)),
        };
        (self.health.examined(attempt, &presence, &scenario.id, &self.world, &cancel).await, slot.weight())
    }
}

/// How sure a run has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asking {
    /// Violations are confirmed.
    Judged,
    /// One attempt will do.
    Once,
}

impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner").field("world", &self.world).field("settings", &self.settings).finish_non_exhaustive()
    }
}

fn internal(what: &str) -> Attempt {
    Attempt::bare(Verdict::Inconclusive(Doubt::Internal(what.to_owned())))
}

/// What a panic said.
fn panic_text(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic".to_owned())
}

#[cfg(test)]
mod tests;
