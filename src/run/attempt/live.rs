//! One open session of a run: the connection, how it got to its state, and what is still unanswered on it.

use std::time::Duration;

use tokio::time::Instant;

use super::stop::Stop;
use super::watch::{Close, Key, Watch};
use crate::base::{Breach, ByteString};
use crate::outcome::{Doubt, Frame, StepRef, Unmet};
use crate::run::ladder::{Climb, Climbed, climb};
use crate::run::login::Login;
use crate::run::session::{Seen, Session};
use crate::run::talk::{Said, Talk};
use crate::run::wire::WireError;
use crate::run::world::{CLIENT, World};
use crate::scenario::{Protocol, Role, State};
use crate::target::{Account, Endpoint, Security};

/// A record of TLS, or the compressed stream, cannot be read.
pub(super) const BROKEN_LAYER: &str = "TLS or compression failed";

/// Where a session goes when it is opened.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way<'a> {
    /// Its name in transcripts.
    pub(super) name: &'a str,
    pub(super) role: Role,
    pub(super) state: State,
    pub(super) account: Option<&'a Account>,
    /// `${sender}` and the recipient, for `addressed`.
    pub(super) envelope: (&'a str, &'a str),
    /// For `selected`.
    pub(super) mailbox: &'a ByteString,
}

/// An open session.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) session: Session,
    pub(super) key: Key,
    pub(super) role: Role,
    pub(super) security: Security,
    pub(super) climbed: Climbed,
    /// IMAP: tags of commands without a tagged answer, in the order sent.
    pub(super) open_tags: Vec<String>,
    /// IMAP: the tag of the command that waits for the client to go on.
    pub(super) continuing: Option<String>,
    /// Octets were sent raw: the runner cannot know the session's state any more.
    pub(super) raw: bool,
    /// The shape in which the server said that it will close: 421 or BYE.
    pub(super) parting: Option<String>,
    /// Who goes: when the client closed or aborted, a close of the server is no surprise.
    pub(super) client: Client,
    /// POP3: the beginning of a line that was sent raw.
    pub(super) line: Vec<u8>,
    /// POP3: something was sent, or the session just opened, and no step has read an answer since.
    pub(super) unheard: bool,
    /// IMAP, in a session of the runner's own.
    pub(super) selected: Selected,
    /// IMAP: NAMESPACE and its answer, once it was asked.
    pub(super) namespace: Option<Vec<Said>>,
    /// What was said on the way up.
    opening: Vec<Said>,
    /// Deadline of each exchange of the runner's own.
    rung: Duration,
}

/// Whether the client has closed its side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Client {
    /// It has not.
    Stays,
    /// By FIN or RST.
    Left,
}

/// Whether a session of the runner's own has a mailbox selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Selected {
    Nothing,
    Perhaps,
}

/// What came next on a session, with what it breaks.
#[derive(Debug)]
pub(super) enum Came {
    Frame(Frame, Vec<Breach>),
    /// The server closed or reset the connection.
    Ended(Vec<Breach>),
    /// Nothing came in time.
    Nothing,
    /// What came is beyond every bound, or no TLS record.
    Unreadable(String),
}

impl Live {
    /// Connects and climbs.
    pub(super) async fn open(
        world: &World,
        watch: &mut Watch,
        way: Way<'_>,
        at: &StepRef,
        log: &crate::run::Log,
    ) -> Result<Self, Stop> {
        let (role, endpoint) =
            world.target.endpoint(way.role).ok_or_else(|| Stop::Unmet(Unmet::Role(way.role.word().to_owned())))?;
        let deadline = Instant::now() + world.connect_within;
        let connected = Session::connect(way.name, role.protocol(), endpoint, &world.tls, log, deadline).await;
        let session = connected.map_err(|error| {
            let what = error.kind().to_owned();
            Stop::Doubt(match error {
                WireError::Refused | WireError::Reset => Doubt::Busy(what),
                WireError::Timeout
                | WireError::Tls(_)
                | WireError::Deflate
                | WireError::TooMuch(_)
                | WireError::Gone
                | WireError::Io(_) => Doubt::Connection(what),
            })
        })?;
        let key = watch.opened(role.protocol());
        if session.is_tls() {
            watch.secured(key);
        }
        let security = endpoint.security;
        let mut live = Self {
            session,
            key,
            role,
            security,
            climbed: Climbed::default(),
            open_tags: Vec::new(),
            continuing: None,
            raw: false,
            parting: None,
            client: Client::Stays,
            line: Vec::new(),
            unheard: true,
            selected: Selected::Nothing,
            namespace: None,
            opening: Vec::new(),
            rung: world.answer_within,
        };
        let settings = live.climb(world, way);
        let end = climb(&mut live.session, way.state, &settings, &mut live.climbed).await;
        live.opening = std::mem::take(&mut live.climbed.said);
        live.tell_opening(watch, at);
        end?;
        Ok(live)
    }

    /// Goes on in another scenario, which hears what was said on the way up. The session comes back if the server has had
    /// something to say since: nobody asked.
    pub(super) async fn resume(
        mut self,
        endpoint: &Endpoint,
        watch: &mut Watch,
        at: &StepRef,
        log: &crate::run::Log,
    ) -> Result<Self, Self> {
        if self.session.next(Instant::now()).await != Seen::TimedOut {
            return Err(self);
        }
        self.session.hand_over(endpoint, log);
        self.key = watch.opened(self.session.protocol());
        if self.security == Security::Implicit {
            watch.secured(self.key);
        }
        self.tell_opening(watch, at);
        Ok(self)
    }

    fn tell_opening(&mut self, watch: &mut Watch, at: &StepRef) {
        watch.said(self.key, at, &self.opening);
        self.follow(watch);
    }

    /// Settings of a ladder on this session.
    pub(super) fn climb<'a>(&self, world: &'a World, way: Way<'a>) -> Climb<'a> {
        Climb {
            role: self.role,
            security: self.security,
            tls: &world.tls,
            account: way.account,
            login: way.account.and_then(|account| world.probed.login(&account.user, self.role)),
            client: CLIENT,
            envelope: way.envelope,
            mailbox: way.mailbox,
            within: world.answer_within,
        }
    }

    /// Tells the invariants what was said by a ladder or an exchange of the runner's own.
    pub(super) fn tell(&mut self, watch: &mut Watch, at: &StepRef) {
        let said = std::mem::take(&mut self.climbed.said);
        watch.said(self.key, at, &said);
        self.follow(watch);
    }

    /// The grammar of what follows is the one that the tracker knows to be in force.
    fn follow(&mut self, watch: &Watch) {
        if let Some(revision) = watch.revision(self.key) {
            self.session.set_revision(revision);
        }
    }

    /// Tells the invariants what is about to be sent.
    pub(super) fn sending(&mut self, watch: &mut Watch, octets: &[u8]) {
        watch.sent(self.key, octets);
    }

    /// From here on answers are counted by nobody.
    pub(super) fn suspend(&mut self, watch: &mut Watch) {
        self.raw = true;
        watch.suspend(self.key);
    }

    /// The next frame or ending.
    pub(super) async fn next(&mut self, watch: &mut Watch, deadline: Instant) -> Came {
        let was_over = self.session.is_over();
        match self.session.next(deadline).await {
            Seen::Frame(frame) => {
                let breaches = watch.received(self.key, &frame);
                self.follow(watch);
                if frame.is_parting() {
                    self.parting = Some(frame.shape());
                }
                Came::Frame(frame, breaches)
            }
            Seen::Closed(_) | Seen::Reset if was_over || self.client == Client::Left => Came::Ended(Vec::new()),
            Seen::Closed(rest) if rest.is_empty() => Came::Ended(watch.closed(self.key, Close::Whole)),
            Seen::Closed(_) | Seen::Reset => Came::Ended(watch.closed(self.key, Close::Torn)),
            Seen::TimedOut => Came::Nothing,
            Seen::TooLarge => Came::Unreadable("an answer beyond every bound".to_owned()),
            // What exactly failed stands in the transcript; it may name times.
            Seen::TlsFailure(_) => Came::Unreadable(BROKEN_LAYER.to_owned()),
        }
    }

    /// Exchanges of the runner's own, told to the invariants by [`Live::tell`].
    pub(super) fn talk(&mut self) -> Talk<'_> {
        Talk { session: &mut self.session, said: &mut self.climbed.said, deadline: Instant::now() + self.rung }
    }

    /// Leaves: a POP3 server keeps the maildrop locked until it has seen the client go.
    pub(super) async fn leave(mut self) {
        const POLITE: Duration = Duration::from_secs(2);
        let deadline = Instant::now() + POLITE;
        // A server that is gone already did not wait for the client to leave.
        let _ = self.session.next(Instant::now()).await;
        if self.session.protocol() == Protocol::Pop3 && !self.session.is_over() && !self.raw {
            let mut talk = Talk { session: &mut self.session, said: &mut self.climbed.said, deadline };
            // Nothing depends on the answer.
            let _ = talk.command("QUIT").await;
        }
        let _ = self.session.close(deadline).await;
    }

    /// The login of the ladder: the one that was proved, else the first that is offered.
    pub(super) fn usual_login(&self, world: &World, account: &Account) -> Option<Login> {
        let capabilities = self.climbed.announced.latest()?;
        let proved = world.probed.login(&account.user, self.role);
        let ways = crate::run::login::ways(self.session.protocol(), capabilities, self.session.tls(), proved);
        ways.into_iter().next()
    }
}
