//! `auth` and `do: tls`: exchanges that are more than a line and its answer.

use std::time::Duration;

use tokio::time::Instant;

use super::listen::{Awaited, Hearing};
use super::live::{Live, Way};
use super::play::{Heard, Play};
use super::stop::Stop;
use super::verdict::place;
use crate::base::ByteString;
use crate::outcome::{Doubt, FindingKind, Frame, StepRef};
use crate::run::announced::Announced;
use crate::run::judge::{Ending, Failure, Taken};
use crate::run::ladder::{log_in, secure};
use crate::run::login::Login;
use crate::run::session::Seen;
use crate::run::talk::Fall;
use crate::run::wire::{TLS_FAILED, WireError};
use crate::scenario::{Answer, Auth, Expect, Protocol, State, Step};

impl Play<'_> {
    /// One whole login; what it came to is the answer of the step.
    pub(super) async fn auth(
        &mut self,
        live: &mut Live,
        at: &StepRef,
        auth: &Auth,
        within: Duration,
        hearing: &mut Hearing,
    ) -> Result<Awaited, Stop> {
        let account = self.need_account(auth.user)?;
        let mailbox = ByteString::default();
        let way = Way {
            name: "",
            role: live.role,
            state: State::Authenticated,
            account: Some(account),
            envelope: ("", ""),
            mailbox: &mailbox,
        };
        let settings = live.climb(self.world, way);
        let secured = secure(&mut live.session, &settings, &mut live.climbed).await;
        live.tell(&mut self.watch, at);
        secured?;
        let login = match &auth.mechanism {
            Some(mechanism) => Login::Sasl(mechanism.to_ascii_uppercase()),
            None => live
                .usual_login(self.world, account)
                .ok_or_else(|| Stop::Doubt(Doubt::Setup("login: nothing offered".to_owned())))?,
        };
        let deadline = Instant::now() + within.max(self.world.answer_within);
        let outcome = log_in(&mut live.session, &login, account, auth.spoil, &mut live.climbed, deadline).await;
        live.tell(&mut self.watch, at);
        hearing.restart();
        match outcome {
            Ok(outcome) => {
                let tags = answer_tags(&outcome.answer);
                if let Seen::Frame(frame) = outcome.answer {
                    hearing.take_told(frame);
                }
                Ok(match live.session.protocol() {
                    Protocol::Smtp | Protocol::Pop3 => Awaited::Replies(1),
                    Protocol::Imap => Awaited::Tags(tags),
                })
            }
            // The server went away or said nothing more: the step's `S` judges that.
            Err(Fall::Doubt(Doubt::Connection(what))) => {
                if live.session.is_over() {
                    hearing.ending = Ending::Closed;
                    // Nobody closed where this program cannot read on.
                    hearing.unreadable = Some(what).filter(|_| !live.session.is_closed());
                }
                Ok(Awaited::Free(Vec::new()))
            }
            Err(fall) => Err(fall.into()),
        }
    }

    /// The handshake after the go-ahead; its answer is `tls` unless the step says otherwise.
    pub(super) async fn start_tls(
        &mut self,
        live: &mut Live,
        at: &StepRef,
        step: &Step,
        within: Duration,
        hearing: &mut Hearing,
    ) -> Result<Result<Heard, Failure>, Stop> {
        let deadline = Instant::now() + within;
        let (met, shape) = match live.session.start_tls(&self.world.tls, deadline).await {
            Ok(info) => {
                self.watch.plaintext(live.key, at, &info.plaintext_after_go_ahead);
                // What was announced in clear is void. RFC 3207 §4.2, RFC 3501 §6.2.1.
                live.climbed.announced = Announced::default();
                (Expect::Tls, "<tls>")
            }
            Err(WireError::Timeout) => return Ok(Err(tls_failure(step, FindingKind::Silence, ""))),
            // Whom this program trusts is said by the target file.
            Err(error @ WireError::Tls(_)) if error.kind() != TLS_FAILED => {
                return Err(Stop::Doubt(Doubt::Setup(format!("{}: {}", place(at), error.kind()))));
            }
            Err(
                WireError::Refused
                | WireError::Reset
                | WireError::Tls(_)
                | WireError::Deflate
                | WireError::TooMuch(_)
                | WireError::Gone
                | WireError::Io(_),
            ) => (Expect::Closed, "<no tls>"),
        };
        hearing.restart();
        Ok(match &step.answer {
            None if met == Expect::Tls => Ok(Heard::Taken(Taken::default())),
            None => Err(tls_failure(step, FindingKind::Mismatch, shape)),
            Some(answer) => match taken(answer, &met) {
                Some(taken) => Ok(Heard::Taken(taken)),
                None => Err(tls_failure(step, FindingKind::Mismatch, shape)),
            },
        })
    }
}

/// The first alternative whose lines all name what happened.
fn taken(answer: &Answer, met: &Expect) -> Option<Taken> {
    answer.alternatives.iter().find_map(|alternative| {
        let mut taken = Taken::default();
        for line in &alternative.lines {
            let item = line.items.iter().find(|item| item.expect == *met)?;
            taken.judged.extend(line.judges.clone());
            taken.end = item.end.map(|end| (end, crate::run::judge::describe(line)));
        }
        taken.end = taken.end.or_else(|| alternative.end.map(|end| (end, String::new())));
        Some(taken)
    })
}

fn tls_failure(step: &Step, kind: FindingKind, what: &str) -> Failure {
    let line = step.answer.iter().flat_map(Answer::lines).next();
    Failure {
        span: line.map_or_else(|| step.span.clone(), |line| line.span.clone()),
        judges: line.and_then(|line| line.judges.clone()),
        expected: line.map_or_else(|| "tls".to_owned(), crate::run::judge::describe),
        frame: None,
        actual: what.into(),
        caret: None,
        remark: line.and_then(|line| line.remark.clone()),
        kind,
    }
}

/// IMAP: the tag of the response that ended a login.
fn answer_tags(answer: &Seen) -> Vec<String> {
    let raw = match answer {
        Seen::Frame(Frame::Imap(frame)) => &frame.raw,
        Seen::Frame(Frame::Smtp(_) | Frame::Pop3(_))
        | Seen::Closed(_)
        | Seen::Reset
        | Seen::TimedOut
        | Seen::TooLarge
        | Seen::TlsFailure(_) => return Vec::new(),
    };
    let first = raw.split(|octet| *octet == b' ').next().unwrap_or_default();
    vec![String::from_utf8_lossy(first).into_owned()]
}
