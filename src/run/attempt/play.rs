//! The steps of one run, one after the other, whatever their sessions.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::Instant;

use super::act::{Act, bdat_offsets, settle_tags};
use super::boxes::BoxReader;
use super::listen::{Awaited, Hearing, names_close};
use super::live::{BROKEN_LAYER, Client, Live, Way};
use super::octets::bdat_chunks;
use super::outcome::Waiting;
use super::stop::Stop;
use super::values::Values;
use super::verdict::Judging;
use super::watch::Watch;
use crate::base::{ByteString, RequirementId, SessionName, VarRef};
use crate::outcome::{Doubt, FindingKind, Part, StepRef, Unmet};
use crate::run::judge::{Ending, Failure, Taken};
use crate::run::log::Log;
use crate::run::world::{Leased, World};
use crate::scenario::{Action, Answer, End, Protocol, Role, Scenario, SessionKind, State, Step, User, variables};
use crate::target::Account;

/// How long the first pause between two attempts of `until` is, and the longest.
pub(super) const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// One run of a scenario while it goes on.
#[derive(Debug)]
pub(super) struct Play<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) world: &'a World,
    pub(super) leased: &'a Leased,
    pub(super) waiting: Waiting,
    pub(super) log: Log,
    /// Every variable that the scenario names.
    pub(super) names: BTreeSet<VarRef>,
    pub(super) values: Values,
    pub(super) watch: Watch,
    pub(super) judged: BTreeSet<RequirementId>,
    lives: BTreeMap<SessionName, Live>,
    pub(super) boxes: BTreeMap<SessionName, BoxReader>,
    /// The last step that was begun.
    pub(super) reached: StepRef,
    /// Messages that lay in the sink when the scenario began.
    pub(super) caught: usize,
}

/// What a step awaited and what it heard.
pub(super) enum Heard {
    /// It holds.
    Taken(Taken),
    /// It has no `S`.
    Nothing,
}

impl<'a> Play<'a> {
    pub(super) fn new(
        scenario: &'a Scenario,
        world: &'a World,
        leased: &'a Leased,
        waiting: Waiting,
        log: &Log,
    ) -> Self {
        let names = variables(scenario);
        Self {
            scenario,
            world,
            leased,
            waiting,
            log: log.clone(),
            values: Values::new((scenario, &names), world, leased, log),
            names,
            watch: Watch::new(scenario, world, log),
            judged: BTreeSet::new(),
            lives: BTreeMap::new(),
            boxes: BTreeMap::new(),
            reached: StepRef { part: Part::Setup, number: 0 },
            caught: world.sink.as_ref().map(|sink| *sink.news().borrow()).unwrap_or_default(),
        }
    }

    /// Setup and steps.
    pub(super) async fn play(&mut self) -> Result<(), Stop> {
        self.prepare().await?;
        self.values.settle();
        for (part, steps) in [(Part::Setup, &self.scenario.setup), (Part::Steps, &self.scenario.steps)] {
            for (number, step) in (1..).zip(steps) {
                self.step(&StepRef { part, number }, step).await?;
            }
        }
        Ok(())
    }

    /// Cleanup, which nothing stops; then everybody leaves, and what was created goes.
    pub(super) async fn clean(&mut self) {
        // Only a finding is worth patience.
        self.waiting = Waiting::Ordinary;
        self.log.tamper().begins(&StepRef { part: Part::Cleanup, number: 0 }, &self.values.env);
        for (number, step) in (1..).zip(&self.scenario.cleanup) {
            // Never judged: the next step runs whatever this one came to.
            let _ = self.step(&StepRef { part: Part::Cleanup, number }, step).await;
        }
        for (_, live) in std::mem::take(&mut self.lives) {
            live.leave().await;
        }
        for (_, reader) in std::mem::take(&mut self.boxes) {
            reader.leave().await;
        }
        self.remove_boxes().await;
    }

    async fn step(&mut self, at: &StepRef, step: &Step) -> Result<(), Stop> {
        self.values.settle();
        self.reached = at.clone();
        self.log.tamper().begins(at, &self.values.env);
        let decl = self.scenario.session(&step.session);
        let decl = decl.ok_or_else(|| Stop::internal(format!("no session {}", step.session)))?;
        match &decl.kind {
            SessionKind::Connection { .. } => match step.until {
                Some(until) => self.repeat(at, step, until).await,
                None => {
                    let mut hearing = Hearing::new();
                    self.once(at, step, &mut hearing).await
                }
            },
            SessionKind::Inbox(_) | SessionKind::Sink => self.box_step(at, step, &decl.kind).await,
        }
    }

    /// One attempt of a step and, if it holds, its checks.
    async fn once(&mut self, at: &StepRef, step: &Step, hearing: &mut Hearing) -> Result<(), Stop> {
        let heard = self.attempt(at, step, hearing).await?;
        let taken = match heard {
            Ok(Heard::Taken(taken)) => taken,
            Ok(Heard::Nothing) => Taken::default(),
            Err(failure) => {
                hearing.report(&mut self.watch, at, &Taken::default());
                hearing.report_close(&mut self.watch, at);
                return Err(Judging { play: self, at, step }.failed(&failure, hearing));
            }
        };
        hearing.report(&mut self.watch, at, &taken);
        self.log.tamper().holds(at, &taken, &hearing.frames);
        self.close_of(at, step, hearing);
        Judging { play: self, at, step }.holds(taken)
    }

    /// What the close of the connection breaks, unless the step names it.
    fn close_of(&mut self, at: &StepRef, step: &Step, hearing: &mut Hearing) {
        if !step.answer.as_ref().is_some_and(names_close) {
            hearing.report_close(&mut self.watch, at);
        }
    }

    /// Sends and listens. The outer error ends the scenario, the inner one is an answer that does not hold.
    async fn attempt(
        &mut self,
        at: &StepRef,
        step: &Step,
        hearing: &mut Hearing,
    ) -> Result<Result<Heard, Failure>, Stop> {
        let mut live = self.take_live(at, step).await?;
        hearing.parting.clone_from(&live.parting);
        let result = self.attempt_on(&mut live, at, step, hearing).await;
        settle_tags(&mut live, &hearing.frames);
        self.lives.insert(step.session.clone(), live);
        match (&result, &hearing.unreadable) {
            // A stream that cannot be read is no close.
            (Ok(Ok(_)), Some(what)) => Err(Stop::Doubt(Doubt::Connection(what.clone()))),
            (Ok(_) | Err(_), _) => result,
        }
    }

    async fn attempt_on(
        &mut self,
        live: &mut Live,
        at: &StepRef,
        step: &Step,
        hearing: &mut Hearing,
    ) -> Result<Result<Heard, Failure>, Stop> {
        let within = self.within(step);
        let largest = self.values.largest().saturating_mul(2).max(crate::run::BUFFER_MAX_OCTETS);
        live.session.set_limit(largest);
        // Some answers hold more than one message.
        hearing.set_limit(largest.saturating_mul(2));
        if step.action.is_some() && !live.unheard {
            // What a server takes for a line, after a bare LF, is its choice; the forms may be one too many.
            live.session.forget_forms();
        }
        live.unheard = step.answer.is_none();
        match &step.action {
            Some(Action::Bdat(message)) => return self.bdat(live, at, step, message, hearing).await,
            Some(Action::StartTls) => return self.start_tls(live, at, step, within, hearing).await,
            Some(Action::Auth(auth)) => {
                let awaited = self.auth(live, at, auth, within, hearing).await?;
                return self.hear(live, step.answer.as_ref(), &awaited, within, hearing).await;
            }
            Some(
                Action::Commands(_)
                | Action::Send(_)
                | Action::Data(_)
                | Action::Each(_)
                | Action::Open
                | Action::Deflate
                | Action::Close
                | Action::Abort,
            )
            | None => {}
        }
        let awaited = self.act(live, at, step, within, hearing).await?;
        hearing.restart();
        self.hear(live, step.answer.as_ref(), &awaited, within, hearing).await
    }

    async fn act(
        &mut self,
        live: &mut Live,
        at: &StepRef,
        step: &Step,
        within: Duration,
        hearing: &mut Hearing,
    ) -> Result<Awaited, Stop> {
        let deadline = Instant::now() + within;
        let open = Awaited::Free(live.open_tags.clone());
        let mut act = Act { live, watch: &mut self.watch, values: &mut self.values, hearing, at, within };
        match &step.action {
            Some(Action::Commands(commands)) => act.commands(step, commands).await,
            Some(Action::Send(segments)) => act.send(step, segments).await,
            Some(Action::Data(content)) => act.data(step, content).await,
            Some(Action::Each(name)) => {
                let group = act.values.group(name).map(<[_]>::to_vec);
                let group = group.ok_or_else(|| Stop::internal(format!("{name} is no group")))?;
                act.each(&group).await
            }
            Some(Action::Deflate) => {
                let deflated = act.live.session.deflate();
                deflated.map_err(|_| Stop::Doubt(Doubt::Connection(BROKEN_LAYER.to_owned())))?;
                Ok(open)
            }
            Some(Action::Close) => {
                act.live.client = Client::Left;
                // A server that is gone already is as good as closed.
                let _ = act.live.session.close(deadline).await;
                Ok(open)
            }
            Some(Action::Abort) => {
                act.live.client = Client::Left;
                let _ = act.live.session.abort();
                Ok(open)
            }
            Some(Action::Open | Action::Bdat(_) | Action::StartTls | Action::Auth(_)) | None => Ok(open),
        }
    }

    /// Listens if the step has an `S`.
    async fn hear(
        &mut self,
        live: &mut Live,
        answer: Option<&Answer>,
        awaited: &Awaited,
        within: Duration,
        hearing: &mut Hearing,
    ) -> Result<Result<Heard, Failure>, Stop> {
        let Some(answer) = answer else { return Ok(Ok(Heard::Nothing)) };
        let heard = hearing.listen(live, &mut self.watch, answer, awaited, within, &self.values.env).await;
        Ok(heard.map(Heard::Taken))
    }

    /// BDAT: `S` is what each chunk gets.
    async fn bdat(
        &mut self,
        live: &mut Live,
        at: &StepRef,
        step: &Step,
        message: &crate::base::Template,
        hearing: &mut Hearing,
    ) -> Result<Result<Heard, Failure>, Stop> {
        let within = self.within(step);
        let chunks = bdat_chunks(&message.render(&self.values.env)?, &bdat_offsets(step)?);
        let mut last = Ok(Heard::Nothing);
        for (index, chunk) in chunks.iter().enumerate() {
            if index > 0 {
                hearing.forget(&mut self.watch, at);
            }
            let mut act = Act { live, watch: &mut self.watch, values: &mut self.values, hearing, at, within };
            let awaited = act.bdat(chunk).await;
            hearing.restart();
            last = self.hear(live, step.answer.as_ref(), &awaited, within, hearing).await?;
            let goes_on = matches!(&last, Ok(Heard::Taken(taken)) if taken.end.is_none());
            if !goes_on && !matches!(&last, Ok(Heard::Nothing)) {
                break;
            }
        }
        Ok(last)
    }

    /// `until`: the step again and again; what came in any attempt counts as one answer. What has not come by then is
    /// silence, so the run that confirms it waits longer.
    async fn repeat(&mut self, at: &StepRef, step: &Step, until: Duration) -> Result<(), Stop> {
        let deadline = Instant::now() + self.patiently(until);
        let mut hearing = Hearing::new();
        let mut pause = PAUSES.0;
        loop {
            let heard = self.attempt(at, step, &mut hearing).await?;
            match heard {
                Ok(Heard::Taken(taken)) if self.checks_hold(step, &taken) => {
                    hearing.report(&mut self.watch, at, &taken);
                    self.log.tamper().holds(at, &taken, &hearing.frames);
                    self.close_of(at, step, &mut hearing);
                    return Judging { play: self, at, step }.holds(taken);
                }
                Ok(Heard::Nothing) => return Judging { play: self, at, step }.holds(Taken::default()),
                Ok(Heard::Taken(taken)) if Instant::now() >= deadline => {
                    hearing.report(&mut self.watch, at, &taken);
                    self.close_of(at, step, &mut hearing);
                    return Judging { play: self, at, step }.holds(taken);
                }
                Err(mut failure) if Instant::now() >= deadline => {
                    hearing.report(&mut self.watch, at, &Taken::default());
                    hearing.report_close(&mut self.watch, at);
                    if failure.kind == FindingKind::Mismatch {
                        failure.kind = FindingKind::Silence;
                    }
                    return Err(Judging { play: self, at, step }.failed(&failure, &hearing));
                }
                Ok(Heard::Taken(_)) | Err(_) => {}
            }
            self.between_attempts(at, step, &mut hearing, pause.min(deadline - Instant::now())).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    /// Waits for what the server may say by itself; a maildrop changes only between sessions, so POP3 connects anew.
    async fn between_attempts(&mut self, at: &StepRef, step: &Step, hearing: &mut Hearing, pause: Duration) {
        let Some(mut live) = self.lives.remove(&step.session) else { return };
        let came = live.next(&mut self.watch, Instant::now() + pause).await;
        hearing.take(came);
        let protocol = live.session.protocol();
        let over = live.session.is_over() || hearing.ending == Ending::Closed;
        // Another connection has its own tags and message numbers: what the old one said is none of its answers.
        if protocol != Protocol::Imap || over {
            hearing.forget(&mut self.watch, at);
        }
        if protocol == Protocol::Pop3 || over {
            live.leave().await;
        } else {
            self.lives.insert(step.session.clone(), live);
        }
        hearing.again();
    }

    /// The session of a step, opened if this is its first.
    async fn take_live(&mut self, at: &StepRef, step: &Step) -> Result<Live, Stop> {
        match self.lives.remove(&step.session) {
            Some(live) => Ok(live),
            None => self.open(at, &step.session).await,
        }
    }

    async fn open(&mut self, at: &StepRef, name: &SessionName) -> Result<Live, Stop> {
        let decl = self.scenario.session(name);
        let Some(SessionKind::Connection { role, state, user, mailbox }) = decl.map(|decl| &decl.kind) else {
            return Err(Stop::internal(format!("{name} is no connection")));
        };
        let mailbox = match mailbox {
            Some(mailbox) => mailbox.render(&self.values.env)?,
            None => ByteString::from(self.values.show("box")),
        };
        let ladder = StepRef { part: at.part, number: 0 };
        self.log.tamper().begins(&ladder, &self.values.env);
        let live = self.connect(name.as_str(), *role, *state, *user, &mailbox, &ladder).await;
        self.log.tamper().begins(at, &self.values.env);
        live
    }

    /// Opens a connection as a user, up to a state.
    pub(super) async fn connect(
        &mut self,
        name: &str,
        role: Role,
        state: State,
        user: User,
        mailbox: &ByteString,
        at: &StepRef,
    ) -> Result<Live, Stop> {
        let (sender, recipient) = (self.values.show("sender"), self.values.show("alice.address"));
        let way = Way { name, role, state, account: self.account(user), envelope: (&sender, &recipient), mailbox };
        let mut live = Live::open(self.world, &mut self.watch, way, at, &self.log).await?;
        live.session.set_limit(self.values.largest().saturating_mul(2).max(crate::run::BUFFER_MAX_OCTETS));
        Ok(live)
    }

    /// Who a user of the scenario is.
    pub(super) fn account(&self, user: User) -> Option<&'a Account> {
        match user {
            User::Alice => self.leased.alice.as_ref(),
            User::Bob => self.leased.bob.as_ref(),
        }
    }

    /// Like [`Play::account`], where the scenario cannot go on without.
    pub(super) fn need_account(&self, user: User) -> Result<&'a Account, Stop> {
        let lacking = match user {
            User::Alice => Unmet::Account,
            User::Bob => Unmet::Accounts,
        };
        self.account(user).ok_or(Stop::Unmet(lacking))
    }

    /// The deadline of a step.
    pub(super) fn within(&self, step: &Step) -> Duration {
        self.patiently(step.within)
    }

    /// How long to wait for what may come late.
    pub(super) fn patiently(&self, time: Duration) -> Duration {
        match self.waiting {
            Waiting::Ordinary => time,
            Waiting::Patient => time.max(self.world.patience),
        }
    }

    /// Whether `until` need not go on: all checks hold.
    fn checks_hold(&mut self, step: &Step, taken: &Taken) -> bool {
        let mut env = self.values.env.clone();
        for (name, value) in &taken.captures {
            env.bind(name.as_str(), value.clone());
        }
        step.checks.iter().all(|check| matches!(crate::run::judge::check(check, &env), Ok(Ok(()))))
            || matches!(taken.end, Some((End::Done | End::Skip, _)))
    }
}
