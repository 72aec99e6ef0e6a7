//! One SMTP connection.

use std::io;
use std::net::IpAddr;
use std::time::SystemTime;

use super::content::{Content, Flaw};
use super::envelope::{Chunk, Place};
use super::fault::HelloFault;
use super::post::Post;
use super::session::{SEQUENCE, Service, Session, Then};
use super::submission::completed;
use super::trace::Trace;
use super::wrong::{Input, Said};
use crate::refserver::Identity;
use crate::refserver::sasl::timestamp;
use crate::refserver::security::{AuthFault, TlsFault};
use crate::refserver::store::InternalDate;
use crate::refserver::wire::{Ahead, Fed, Line, Tail, Wire};

/// RFC 4954 §4: so long may a response of AUTH be, within a command or alone; CRLF included. No other command that an
/// extension makes longer comes near it.
const LINE_MAX: usize = 12288;

/// RFC 5321 §4.5.3.1.4 where there is no AUTH: RFC 3461 §5.4 asks for 1036 octets; SIZE, BODY, SMTPUTF8 (RFC 6531 §3.1) and
/// CRLF come on top.
const COMMAND_MAX: usize = 1036 + 26 + 17 + 10 + 2;

/// Why a connection ended before QUIT.
#[derive(Debug)]
enum End {
    Closed,
    Idle,
    Error(io::Error),
}

impl From<io::Error> for End {
    fn from(error: io::Error) -> Self {
        Self::Error(error)
    }
}

/// Serves a connection from its greeting to its end. `peer` is the client's address, for the trace fields.
pub async fn serve(wire: Wire, post: &Post, identity: &Identity, peer: IpAddr, service: Service) -> io::Result<()> {
    let mut connection = Connection { wire, post, peer, held: String::new() };
    let tail = match post.config.faults.has(HelloFault::EnvelopeBehindStartTls) {
        true => Tail::Kept,
        false => Tail::by(&post.config.faults, [TlsFault::SmtpRunsTail, TlsFault::SmtpKeepsHalfLine]),
    };
    let mut session = connection.session(service);
    connection.wire.end_lines_in(session.line_ends());
    connection.say(&session.greeting()).await?;
    loop {
        let turn = connection.turn(&mut session).await;
        if turn.is_err() {
            connection.lose(&mut session);
        }
        match turn {
            Ok(Then::Close) => return connection.wire.close().await,
            Ok(Then::Tls) => {
                connection.wire = connection.wire.upgrade(identity, tail).await?;
                let fresh = connection.session(service);
                session = fresh.after(session);
                let held = std::mem::take(&mut connection.held);
                connection.say(&held).await?;
            }
            Ok(Then::Command | Then::Response | Then::Content | Then::Chunk(_)) => {}
            Err(End::Closed) => return Ok(()),
            // RFC 5321 §3.8: a server that closes by itself says so.
            Err(End::Idle) => {
                let farewell = format!("421 4.4.2 {} waited too long\r\n", post.config.hostname);
                connection.say(&session.worded(&farewell)).await?;
                return connection.wire.close().await;
            }
            Err(End::Error(error)) => return Err(error),
        }
    }
}

struct Connection<'a> {
    wire: Wire,
    post: &'a Post,
    peer: IpAddr,
    /// Replies that a fault keeps for TLS.
    held: String,
}

impl<'a> Connection<'a> {
    fn session(&self, service: Service) -> Session<'a> {
        let mut session = Session::new(&self.post.config, self.wire.channel(), service);
        session.past.rumours = self.post.rumours.clone();
        session
    }

    async fn say(&mut self, text: &str) -> io::Result<()> {
        self.wire.send(text.as_bytes()).await
    }

    /// One line and all that belongs to it.
    async fn turn(&mut self, session: &mut Session<'_>) -> Result<Then, End> {
        let max = if session.offers("AUTH") { LINE_MAX } else { COMMAND_MAX };
        let line = match self.wire.line(max).await? {
            Line::Whole(line) => line,
            Line::TooLong => {
                let reply = session.too_long();
                self.say(&session.worded(&reply).repeat(session.refusals_of_long_lines())).await?;
                return Ok(Then::Command);
            }
            Line::Closed => return Err(End::Closed),
            Line::Idle => return Err(End::Idle),
        };
        let (reply, then) = session.answer(&line);
        if then == Then::Command && self.holds_back() {
            self.held.push_str(&reply);
            return Ok(then);
        }
        let reply = session.in_group(&line, reply, self.wire.has_ahead());
        self.say(&reply).await?;
        if session.has_eaten(&reply) {
            self.wire.forget_ahead();
        }
        if session.is_fed_up() {
            return Ok(Then::Close);
        }
        self.pass_over(session.input_behind(&line), max).await?;
        let reply = match then {
            Then::Command | Then::Response | Then::Tls | Then::Close => return Ok(then),
            Then::Content => {
                let mut content = Content::new(self.post.config.size_limit, session.misreading());
                let fed = self.feed(|piece| content.take(piece)).await;
                if fed.is_ok() || session.delivers_parts() {
                    self.settle(session, content.finish()).to_owned()
                } else {
                    return fed.map(|()| then);
                }
            }
            Then::Chunk(chunk) => self.chunk(session, chunk).await?,
        };
        let reply = format!("{}\r\n", session.worded(&reply));
        self.say(&session.misspoken(&Said::behind(then), reply)).await?;
        self.pass_over(session.input_behind_content(then), max).await?;
        Ok(then)
    }

    /// Throws away what was read ahead, if that is what becomes of it.
    async fn pass_over(&mut self, input: Input, max: usize) -> io::Result<()> {
        while input == Input::ThrownAway && self.wire.has_ahead() == Ahead::More {
            self.wire.line(max).await?;
        }
        Ok(())
    }

    /// Whether a fault keeps the reply for TLS: the client has sent a group that ends in STARTTLS.
    fn holds_back(&self) -> bool {
        let faulty = self.post.config.faults.has(TlsFault::SmtpAnswersInside);
        faulty && self.wire.has_ahead() == Ahead::More && self.wire.ahead().ends_with(b"STARTTLS\r\n")
    }

    async fn feed(&mut self, take: impl FnMut(&[u8]) -> Option<usize>) -> Result<(), End> {
        match self.wire.feed(take).await? {
            Fed::Ended => Ok(()),
            Fed::Closed => Err(End::Closed),
            Fed::Idle => Err(End::Idle),
        }
    }

    /// Reads a chunk, and throws it away if it is refused (RFC 3030 §2); the reply. A chunk that fails ends the transaction,
    /// so that those behind it fail too.
    async fn chunk(&mut self, session: &mut Session<'_>, chunk: Chunk) -> Result<String, End> {
        let mut left = chunk.size;
        let taken = chunk.refused.is_none() && !session.loses_chunk();
        let mut chunks = if taken { session.chunks() } else { None };
        self.feed(|piece| {
            let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(piece.len());
            if let Some(chunks) = &mut chunks {
                chunks.take(piece.get(..wanted).unwrap_or_default());
            }
            left -= wanted as u64;
            (left == 0).then_some(wanted)
        })
        .await?;
        if taken {
            session.behind_chunk();
        }
        let flaw = session.transaction.as_ref().and_then(|begun| begun.chunks.as_ref()?.flaw());
        let reply = match (chunk.refused, flaw, chunk.place) {
            (Some(refused), _, _) => refused,
            (None, Some(flaw), _) => self.settle(session, Err(flaw)),
            (None, None, Place::Middle) => return Ok(format!("250 2.0.0 {} octets taken", chunk.size)),
            (None, None, Place::Last) => {
                let begun = session.transaction.as_mut().and_then(|transaction| transaction.chunks.take());
                begun.map_or(SEQUENCE, |chunks| self.settle(session, chunks.finish()))
            }
        };
        Ok(reply.to_owned())
    }

    /// What a server with faults still does for a client that is gone.
    fn lose(&self, session: &mut Session<'_>) {
        if session.delivers_chunks()
            && let Some(chunks) = session.transaction.as_mut().and_then(|begun| begun.chunks.take())
        {
            self.settle(session, chunks.finish());
        }
        for user in session.robbed() {
            self.post.take_back(&user);
        }
    }

    /// The reply after the content, and with it the end of the transaction.
    #[expect(clippy::disallowed_methods, reason = "a trace field says when the server took the message")]
    fn settle(&self, session: &mut Session<'_>, content: Result<Vec<u8>, Flaw>) -> &'static str {
        let Some((client, transaction)) = session.take() else { return SEQUENCE };
        let octets = match content {
            Ok(octets) => octets,
            Err(Flaw::BareLineBreak) => return "554 5.6.0 bare CR or LF in the message",
            Err(Flaw::TooBig) => return "552 5.3.4 message too big",
        };
        let (transaction, octets) = match session.mistaken(transaction, octets) {
            Ok(taken) => taken,
            Err(refusal) => return refusal,
        };
        let date = InternalDate::from_system(SystemTime::now());
        let octets = match (session.service, timestamp(&self.post.config.hostname)) {
            (Service::Submission, Some(id)) if session.completes() => completed(octets, date, &id),
            (Service::Submission | Service::Transfer, _) => octets,
        };
        let reverse = transaction.envelope.reverse.clone();
        let trace = Trace {
            reverse: &reverse,
            client: &client.name,
            greeting: client.greeting,
            charset: transaction.envelope.charset,
            protection: self.wire.protection(),
            user: client.user.as_deref().filter(|_| !self.post.config.faults.has(AuthFault::SmtpTraceWithoutAuth)),
            peer: self.peer,
            hostname: &self.post.config.hostname,
            date,
        };
        self.post.deliver(&trace, transaction, &octets)
    }
}
