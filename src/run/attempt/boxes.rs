//! Where mail ends up: an inbox read by IMAP or POP3, and the sink. docs/suite-language.md section 7.4.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use super::account::{data, demand};
use super::live::{Came, Live};
use super::mailbox::{Decision, decide};
use super::play::{PAUSES, Play};
use super::stop::Stop;
use super::verdict::{About, Judging};
use super::watch::Watch;
use crate::base::ByteString;
use crate::imap::Value;
use crate::outcome::{Doubt, FindingKind, Frame, StepRef, Unmet};
use crate::run::judge::Taken;
use crate::run::session::Seen;
use crate::scenario::{BOX_UNTIL_DEFAULT, Role, SessionKind, State, Step, User};
use crate::sink::Sink;

/// Messages that a box may hold: it was empty before the scenario began.
const MESSAGES_MAX: usize = 1000;
/// How long one look into a box may take.
const READ_MAX: Duration = Duration::from_secs(120);

/// A box that cannot be read to its end.
fn endless() -> Stop {
    Stop::Doubt(Doubt::Connection("a box without end".to_owned()))
}

/// A box that was opened.
#[derive(Debug)]
pub(super) enum BoxReader {
    /// One connection with INBOX open, and the messages read so far by UID.
    Imap(Box<Live>, BTreeMap<u64, ByteString>),
    /// A maildrop shows only what was there when its session began, so each look is a session.
    Pop3(User),
    /// What the target passed on since the scenario began.
    Sink(Arc<Sink>, usize, watch::Receiver<usize>),
}

impl BoxReader {
    /// Closes what is open.
    pub(super) async fn leave(self) {
        match self {
            Self::Imap(live, _) => live.leave().await,
            Self::Pop3(_) | Self::Sink(..) => {}
        }
    }

    /// Waits until something may have changed, at most so long.
    async fn wait(&mut self, watch: &mut Watch, pause: Duration) {
        match self {
            Self::Imap(live, _) => {
                if let Came::Frame(frame, breaches) = live.next(watch, Instant::now() + pause).await {
                    let at = StepRef { part: crate::outcome::Part::Setup, number: 0 };
                    breaches.iter().for_each(|breach| watch.accuse(&at, breach, Some(&frame)));
                }
            }
            Self::Sink(_, _, news) => {
                // Whether news came or time passed: the next look tells.
                let _ = timeout(pause, news.changed()).await;
            }
            Self::Pop3(_) => {
                let _ = timeout(pause, std::future::pending::<()>()).await;
            }
        }
    }
}

impl Play<'_> {
    /// A step on a box: polled until its lines hold.
    pub(super) async fn box_step(&mut self, at: &StepRef, step: &Step, kind: &SessionKind) -> Result<(), Stop> {
        let mut reader = match self.boxes.remove(&step.session) {
            Some(reader) => reader,
            None => self.open_box(at, step, kind).await?,
        };
        let result = self.poll(at, step, &mut reader).await;
        self.boxes.insert(step.session.clone(), reader);
        result
    }

    async fn poll(&mut self, at: &StepRef, step: &Step, reader: &mut BoxReader) -> Result<(), Stop> {
        let Some(answer) = &step.answer else {
            return Judging { play: self, at, step }.holds(Taken::default());
        };
        let deadline = Instant::now() + self.patiently(step.until.unwrap_or(BOX_UNTIL_DEFAULT));
        let mut pause = PAUSES.0;
        loop {
            let messages = self.read_box(at, step, reader).await?;
            let missing = match decide(answer, &messages, &self.values.env) {
                Decision::Holds(taken) => return Judging { play: self, at, step }.holds(taken),
                Decision::Forbidden(line, message) => {
                    let about = About {
                        span: line.span.clone(),
                        shape: "<message that must not be there>".to_owned(),
                        kind: FindingKind::Mismatch,
                        expected: format!("nothing like `{}`", crate::run::judge::describe(line)),
                        actual: message,
                        caret: None,
                        remark: line.remark.clone(),
                    };
                    return Err(Judging { play: self, at, step }.accuse(line.judges.as_ref(), about));
                }
                Decision::Missing(line) => line,
            };
            let now = Instant::now();
            if now >= deadline {
                let expected = crate::run::judge::describe(missing);
                // Mail may be queued: only a line that names a delivery requirement accuses.
                if missing.judges.is_none() {
                    return Err(Stop::Doubt(Doubt::NotArrived(expected)));
                }
                let about = About {
                    span: missing.span.clone(),
                    shape: "<not arrived>".to_owned(),
                    kind: FindingKind::Silence,
                    expected,
                    actual: ByteString::default(),
                    caret: None,
                    remark: missing.remark.clone(),
                };
                return Err(Judging { play: self, at, step }.accuse(missing.judges.as_ref(), about));
            }
            reader.wait(&mut self.watch, pause.min(deadline - now)).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    async fn open_box(&mut self, at: &StepRef, step: &Step, kind: &SessionKind) -> Result<BoxReader, Stop> {
        let user = match kind {
            SessionKind::Inbox(user) => *user,
            SessionKind::Sink => {
                let sink = self.world.sink.as_ref().ok_or(Stop::Doubt(Doubt::NoSink))?;
                return Ok(BoxReader::Sink(Arc::clone(sink), self.caught, sink.news()));
            }
            SessionKind::Connection { .. } => return Err(Stop::internal("a connection is no box")),
        };
        self.need_account(user)?;
        let target = &self.world.target;
        if target.endpoint(Role::Imap).is_some() {
            let none = ByteString::default();
            let name = step.session.as_str();
            let mut live = self.connect(name, Role::Imap, State::Authenticated, user, &none, at).await?;
            let opened = demand(&mut live, "EXAMINE INBOX").await;
            live.tell(&mut self.watch, at);
            opened?;
            Ok(BoxReader::Imap(Box::new(live), BTreeMap::new()))
        } else if target.endpoint(Role::Pop3).is_some() {
            Ok(BoxReader::Pop3(user))
        } else {
            Err(Stop::Unmet(Unmet::Role("imap or pop3".to_owned())))
        }
    }

    /// All messages of a box, in the order they came.
    async fn read_box(&mut self, at: &StepRef, step: &Step, reader: &mut BoxReader) -> Result<Vec<ByteString>, Stop> {
        match reader {
            BoxReader::Imap(live, seen) => {
                let read = timeout(READ_MAX, read_by_imap(live, seen)).await;
                live.tell(&mut self.watch, at);
                read.map_err(|_| endless())??;
                Ok(seen.values().cloned().collect())
            }
            BoxReader::Pop3(user) => timeout(READ_MAX, self.read_by_pop3(*user, at)).await.map_err(|_| endless())?,
            BoxReader::Sink(sink, from, news) => {
                news.borrow_and_update();
                let (tamper, name) = (self.log.tamper(), step.session.as_str());
                let caught = sink.messages().into_iter().skip(*from).enumerate();
                Ok(caught.map(|(number, one)| tamper.caught(name, number, &one.octets)).collect())
            }
        }
    }

    async fn read_by_pop3(&mut self, user: User, at: &StepRef) -> Result<Vec<ByteString>, Stop> {
        let none = ByteString::default();
        let mut live = self.connect("box", Role::Pop3, State::Authenticated, user, &none, at).await?;
        let list = live.talk().command("LIST").await?;
        let mut messages = Vec::new();
        if list.lines.len() > MESSAGES_MAX {
            return Err(endless());
        }
        for line in list.lines.iter().filter(|line| line.starts_with(|first: char| first.is_ascii_digit())) {
            let number = line.split(' ').next().unwrap_or_default();
            let answer = live.talk().command(&format!("RETR {number}")).await?;
            if let Seen::Frame(Frame::Pop3(frame)) = &answer.frame
                && let Ok(reply) = &frame.parsed
                && let Some(body) = &reply.body
            {
                let octets = body.iter().flat_map(|line| line.iter().copied().chain(*b"\r\n"));
                messages.push(octets.collect::<Vec<u8>>().into());
            }
        }
        live.tell(&mut self.watch, at);
        live.leave().await;
        Ok(messages)
    }

    /// Until POP3 shows so many messages.
    pub(super) async fn await_delivery(&mut self, count: usize, at: &StepRef) -> Result<(), Stop> {
        let deadline = Instant::now() + BOX_UNTIL_DEFAULT;
        let mut reader = BoxReader::Pop3(User::Alice);
        let mut pause = PAUSES.0;
        while self.read_by_pop3(User::Alice, at).await?.len() < count {
            if Instant::now() >= deadline {
                return Err(Stop::Doubt(Doubt::NotArrived(format!("{count} messages"))));
            }
            reader.wait(&mut self.watch, pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
        Ok(())
    }
}

/// Fetches what was not read yet. RFC 3501 §6.4.8.
async fn read_by_imap(live: &mut Live, seen: &mut BTreeMap<u64, ByteString>) -> Result<(), Stop> {
    demand(live, "NOOP").await?;
    let before = live.climbed.said.len();
    demand(live, "UID SEARCH ALL").await?;
    let numbers = |args: &[Value]| -> Vec<u64> {
        let number = |value: &Value| match value {
            Value::Number(number) => Some(*number),
            Value::Nil
            | Value::Atom(_)
            | Value::Quoted(_)
            | Value::Literal(_)
            | Value::Literal8(_)
            | Value::List(_)
            | Value::Section { .. } => None,
        };
        args.iter().filter_map(number).collect()
    };
    let said = live.climbed.said.get(before..).unwrap_or_default();
    let uids: Vec<u64> = data(said, "SEARCH").flat_map(|(_, args)| numbers(args)).collect();
    if uids.len() > MESSAGES_MAX {
        return Err(endless());
    }
    seen.retain(|uid, _| uids.contains(uid));
    for uid in uids {
        if seen.contains_key(&uid) {
            continue;
        }
        let before = live.climbed.said.len();
        demand(live, &format!("UID FETCH {uid} BODY.PEEK[]")).await?;
        let said = live.climbed.said.get(before..).unwrap_or_default();
        if let Some(octets) = data(said, "FETCH").find_map(|(_, args)| body(args)) {
            seen.insert(uid, octets);
        }
    }
    Ok(())
}

/// The octets of `BODY[]` in the items of a FETCH response.
fn body(args: &[Value]) -> Option<ByteString> {
    let Some(Value::List(items)) = args.first() else { return None };
    let at = items.iter().position(
        |item| matches!(item, Value::Section { item, spec, origin: None } if item == "BODY" && spec.is_empty()),
    )?;
    match items.get(at + 1)? {
        Value::Quoted(octets) | Value::Literal(octets) | Value::Literal8(octets) => Some(octets.clone()),
        Value::Nil | Value::Number(_) | Value::Atom(_) | Value::List(_) | Value::Section { .. } => None,
    }
}
