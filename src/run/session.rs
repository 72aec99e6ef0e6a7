//! One connection as frames: the wire, the framer of its protocol and the transcript.

use tokio::time::Instant;

use super::framer::Framer;
use super::log::Log;
use super::tamper::Tap;
use super::tls::{TlsClient, TlsInfo};
use super::wire::{BUFFER_MAX_OCTETS, ReadOutcome, Wire, WireError};
use crate::base::ByteString;
use crate::outcome::{Direction, Frame};
use crate::scenario::Protocol;
use crate::target::Endpoint;
use crate::{imap, pop3};

/// Octets that the framer gets at once.
const SLICE: usize = 16 * 1024;

/// What a session saw next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// One SMTP reply, POP3 response or IMAP response.
    Frame(Frame),
    /// The server closed. Octets that are no whole frame came before, if any.
    Closed(ByteString),
    /// The server reset the connection.
    Reset,
    /// Nothing whole came in time.
    TimedOut,
    /// One frame, or what lies unread, is beyond every bound.
    TooLarge,
    /// A record was broken, or the compressed stream.
    TlsFailure(String),
}

impl Seen {
    /// The octets of a whole frame.
    pub fn raw(&self) -> Option<&ByteString> {
        match self {
            Self::Frame(frame) => Some(frame.raw()),
            Self::Closed(_) | Self::Reset | Self::TimedOut | Self::TooLarge | Self::TlsFailure(_) => None,
        }
    }
}

/// One connection.
#[derive(Debug)]
pub struct Session {
    name: String,
    protocol: Protocol,
    wire: Wire,
    framer: Framer,
    /// Where answers are changed; none in ordinary runs.
    tap: Option<Box<Tap>>,
    log: Log,
    /// Its number in the log's contacts.
    contact: usize,
    goodbye: Goodbye,
    tags: u32,
    /// Octets read since the last whole frame.
    pending: usize,
    limit: usize,
    ended: Option<Seen>,
}

/// Whether somebody said that the connection will end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goodbye {
    Unsaid,
    /// By 421, BYE, FIN or RST.
    Said,
}

impl Session {
    /// Connects; on a TLS port the handshake is done, nothing is read.
    pub async fn connect(
        name: &str,
        protocol: Protocol,
        endpoint: &Endpoint,
        tls: &TlsClient,
        log: &Log,
        deadline: Instant,
    ) -> Result<Self, WireError> {
        let wire = match Wire::connect(endpoint, tls, deadline).await {
            Ok(wire) => wire,
            Err(error) => {
                log.event(name, format!("not connected: {error}"));
                if matches!(error, WireError::Refused | WireError::Reset | WireError::Timeout | WireError::Io(_)) {
                    log.contacts.refused(endpoint, protocol);
                }
                return Err(error);
            }
        };
        let opened = wire.tls().map_or_else(|| "opened".to_owned(), |tls| format!("opened, {}", tls.version));
        log.event(name, opened);
        Ok(Self {
            name: name.to_owned(),
            protocol,
            wire,
            framer: Framer::new(protocol),
            tap: log.tamper().opened(name, protocol),
            log: log.clone(),
            contact: log.contacts.opened(endpoint, protocol),
            goodbye: Goodbye::Unsaid,
            tags: 0,
            pending: 0,
            limit: BUFFER_MAX_OCTETS,
            ended: None,
        })
    }

    /// Goes on in another scenario, and writes into its transcript.
    pub(super) fn hand_over(&mut self, endpoint: &Endpoint, log: &Log) {
        self.log = log.clone();
        self.tap = None;
        self.contact = log.contacts.opened(endpoint, self.protocol);
        self.log.event(&self.name, "open since an earlier scenario");
    }

    /// What is spoken here.
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Its name in the scenario.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The transcript it writes into.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Whether TLS is established.
    pub fn is_tls(&self) -> bool {
        self.wire.tls().is_some()
    }

    /// What TLS negotiated.
    pub fn tls(&self) -> Option<&TlsInfo> {
        self.wire.tls()
    }

    /// Whether an ending was seen.
    pub fn is_over(&self) -> bool {
        self.ended.is_some()
    }

    /// Whether the server closed or reset the connection, and this program did not give up reading it.
    pub fn is_closed(&self) -> bool {
        matches!(self.ended, Some(Seen::Closed(_) | Seen::Reset))
    }

    /// How many octets one frame may have.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Sets how many octets one frame may have, literals included.
    pub fn set_limit(&mut self, octets: usize) {
        self.limit = octets;
        self.wire.limit(octets);
        self.framers().for_each(|framer| framer.set_limit(octets));
    }

    /// IMAP: the grammar of what follows, after `ENABLE IMAP4rev2`.
    pub fn set_revision(&mut self, revision: imap::Revision) {
        self.framers().for_each(|framer| framer.set_revision(revision));
    }

    /// POP3: what the next responses are, one form a line sent. Must be called before they are read.
    pub fn expect_forms(&mut self, forms: &[pop3::Form]) {
        self.framers().for_each(|framer| framer.expect_forms(forms));
    }

    /// POP3: nothing that was sent waits for its answer, so no form is expected any more.
    pub fn forget_forms(&mut self) {
        self.framers().for_each(Framer::forget_forms);
    }

    /// A tag that this session has not used: A0001, A0002, …
    pub fn next_tag(&mut self) -> String {
        self.tags += 1;
        format!("A{:04}", self.tags)
    }

    /// Sends segments, each by a write of its own. After an error what the server said before can still be read.
    pub async fn send(&mut self, segments: &[ByteString], deadline: Instant) -> Result<(), WireError> {
        self.log.add_segments(&self.name, segments);
        let sent = self.wire.write_segments(segments, deadline).await;
        if let Err(error) = &sent {
            self.log.event(&self.name, format!("not sent: {error}"));
        }
        sent
    }

    /// One frame or an ending; buffered frames first. Cancel-safe. An ending, once seen, is seen for ever; a timeout is
    /// none.
    pub async fn next(&mut self, deadline: Instant) -> Seen {
        loop {
            if let Some(seen) = self.buffered() {
                return seen;
            }
            if self.tap.as_ref().is_some_and(|tap| tap.is_closed()) {
                let rest = ByteString::from(self.take_rest());
                return self.end(Seen::Closed(rest), "closed by tampering");
            }
            match self.wire.read_some(deadline).await {
                Ok(ReadOutcome::Octets(_)) => self.absorb(),
                Ok(ReadOutcome::Eof) => {
                    let rest = ByteString::from(self.take_rest());
                    if !rest.is_empty() {
                        self.log.add(&self.name, Direction::Server, &rest);
                    }
                    return self.end(Seen::Closed(rest), "closed by the server");
                }
                Err(WireError::Timeout) => return Seen::TimedOut,
                Err(WireError::Reset | WireError::Refused) => return self.end(Seen::Reset, "reset by the server"),
                Err(WireError::TooMuch(_)) => return self.end(Seen::TooLarge, "too many octets unread"),
                Err(WireError::Gone) => return self.end(Seen::Closed(ByteString::default()), "closed by the client"),
                Err(error @ (WireError::Tls(_) | WireError::Deflate)) => {
                    let what = error.to_string();
                    return self.end(Seen::TlsFailure(what.clone()), &what);
                }
                Err(error @ WireError::Io(_)) => return self.end(Seen::Reset, &error.to_string()),
            }
        }
    }

    /// A frame or ending that is there already, without waiting for the network.
    pub fn buffered(&mut self) -> Option<Seen> {
        let next = loop {
            match self.framer.next() {
                None if !self.wire.buffered().is_empty() && self.pending <= self.limit => self.absorb(),
                next => break next,
            }
        };
        match next {
            Some(Ok(seen)) => {
                if let Seen::Frame(frame) = &seen {
                    self.pending = self.pending.saturating_sub(frame.raw().len());
                    self.log.add(&self.name, Direction::Server, frame.raw());
                    if let Some(tap) = &mut self.tap {
                        tap.heard(frame.raw());
                    }
                    if frame.is_parting() {
                        self.goodbye = Goodbye::Said;
                    }
                }
                Some(seen)
            }
            Some(Err(what)) => Some(self.end(Seen::TooLarge, &what)),
            None if self.pending > self.limit => Some(self.end(Seen::TooLarge, "a frame beyond the limit")),
            None => self.ended.clone(),
        }
    }

    /// The client side of the TLS handshake, after the go-ahead was read.
    pub async fn start_tls(&mut self, tls: &TlsClient, deadline: Instant) -> Result<TlsInfo, WireError> {
        let leftover = self.take_rest();
        self.pending = 0;
        match self.wire.start_tls(tls, leftover, deadline).await {
            Ok(info) => {
                if !info.plaintext_after_go_ahead.is_empty() {
                    self.log.add(&self.name, Direction::Server, &info.plaintext_after_go_ahead);
                }
                self.log.event(&self.name, format!("{} {}", info.version, info.cipher));
                Ok(info.clone())
            }
            Err(error) => {
                self.end(Seen::TlsFailure(error.to_string()), &format!("no TLS: {error}"));
                Err(error)
            }
        }
    }

    /// From here on both directions are compressed.
    pub fn deflate(&mut self) -> Result<(), WireError> {
        self.log.event(&self.name, "compressed");
        let leftover = self.take_rest();
        self.pending = 0;
        self.wire.start_deflate(leftover)
    }

    /// FIN. What the server still sends can be read.
    pub async fn close(&mut self, deadline: Instant) -> Result<(), WireError> {
        self.log.event(&self.name, "closed by the client");
        self.goodbye = Goodbye::Said;
        self.wire.close(deadline).await
    }

    /// RST.
    pub fn abort(&mut self) -> Result<(), WireError> {
        self.log.event(&self.name, "aborted by the client");
        self.goodbye = Goodbye::Said;
        self.wire.abort()
    }

    /// The one that is read from, and the one before it that cuts what may be changed.
    fn framers(&mut self) -> impl Iterator<Item = &mut Framer> {
        std::iter::once(&mut self.framer).chain(self.tap.as_mut().map(|tap| tap.framer()))
    }

    /// What is not yet part of a frame.
    fn take_rest(&mut self) -> Vec<u8> {
        let mut rest = self.framer.take_rest();
        rest.extend(self.tap.as_mut().map(|tap| tap.framer().take_rest()).unwrap_or_default());
        rest
    }

    fn absorb(&mut self) {
        let mut octets = self.wire.take(SLICE);
        if let Some(tap) = &mut self.tap {
            octets = tap.pass(octets);
        }
        self.pending = self.pending.saturating_add(octets.len());
        self.framer.push(&octets);
    }

    fn end(&mut self, seen: Seen, what: &str) -> Seen {
        if self.ended.is_none() {
            self.log.event(&self.name, what);
            self.ended = Some(seen.clone());
            let by_server = matches!(seen, Seen::Closed(_) | Seen::Reset | Seen::TlsFailure(_));
            if by_server && self.goodbye == Goodbye::Unsaid {
                self.log.contacts.fell(self.contact, &self.log.last_sent(&self.name));
            }
        }
        self.ended.clone().unwrap_or(seen)
    }
}
