//! Both states of a connection, pure: AUTHORIZATION and TRANSACTION (RFC 1939 §4, §5).

use std::sync::Arc;

use super::fault::{CommandFault, LoginFault};
use super::maildrop::Transaction;
use super::unicode::Mode;
use crate::refserver::sasl::{Channel, Exchange, timestamp};
use crate::refserver::store::Store;
use crate::refserver::{Config, Fault, Protection};

/// What happens once the answer is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// The next command comes.
    Command,
    /// The answer to a challenge of AUTH comes.
    Response,
    /// TLS starts.
    Tls,
    /// The connection ends.
    Close,
}

pub(super) const UNKNOWN: &str = "-ERR unknown command, wrong arguments, or not in this state";

/// One connection.
#[derive(Debug)]
pub(super) struct Session<'a> {
    pub(super) config: &'a Arc<Config>,
    pub(super) store: &'a Store,
    pub(super) channel: Channel,
    /// What APOP digests are computed over.
    pub(super) timestamp: String,
    /// A running AUTH.
    pub(super) exchange: Option<Exchange>,
    /// Given by the command before this one (RFC 1939 §7: PASS comes immediately after USER).
    pub(super) user: Option<String>,
    /// Whether UTF8 was said; at once so where the command is withheld.
    pub(super) mode: Mode,
    /// The TRANSACTION state.
    pub(super) transaction: Option<Transaction>,
    /// Whether a login has failed.
    pub(super) failed: Failed,
    /// How often CAPA was said in clear, for a fault.
    pub(super) asked_in_clear: usize,
}

/// Whether a login has failed on a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failed {
    /// None has.
    Never,
    /// One has.
    Once,
}

pub(super) type Answer = (Vec<u8>, Then);

/// A line that leads to nothing else.
pub(super) fn say(line: &str) -> Answer {
    (format!("{line}\r\n").into_bytes(), Then::Command)
}

impl<'a> Session<'a> {
    /// A connection before its greeting. None if the system has no random numbers.
    pub(super) fn new(config: &'a Arc<Config>, store: &'a Store, channel: Channel) -> Option<Self> {
        let timestamp = match config.faults.has(LoginFault::SameTimestamp) {
            true => format!("<1.1@{}>", config.hostname),
            false => timestamp(&config.hostname)?,
        };
        let (mode, failed) = (Mode::first(config), Failed::Never);
        let (exchange, user, transaction, asked_in_clear) = (None, None, None, 0);
        Some(Self { config, store, channel, timestamp, exchange, user, mode, transaction, failed, asked_in_clear })
    }

    pub(super) fn greeting(&self) -> String {
        // RFC 1939 §4: the timestamp says that APOP is there.
        let timestamp = if self.config.offers("APOP") { format!(" {}", self.timestamp) } else { String::new() };
        let status = if self.has(CommandFault::GreetingIsNegative) { "-ERR" } else { "+OK" };
        format!("{status} POP3 ready{timestamp}\r\n")
    }

    /// TLS has started: nothing that was said before counts (RFC 2595 §4). There is no other greeting, so its timestamp
    /// stays.
    pub(super) fn secure(&mut self, channel: Channel) {
        self.channel = channel;
        self.mode = Mode::first(self.config);
        if !self.has(LoginFault::NameSurvivesStls) {
            self.user = None;
        }
    }

    /// Whether the server has this fault.
    pub(super) fn has(&self, fault: impl Into<Fault>) -> bool {
        self.config.faults.has(fault)
    }

    /// Answers one line, without its CRLF: a command, or the response that AUTH waits for.
    pub(super) fn answer(&mut self, line: &[u8]) -> Answer {
        let (answer, then) = match self.halves(line) {
            None => self.perform(line),
            Some((first, second)) => {
                let (first, _) = self.perform(first);
                let (second, then) = self.perform(second);
                ([first, second].concat(), then)
            }
        };
        (self.worded(answer), then)
    }

    fn perform(&mut self, line: &[u8]) -> Answer {
        if let Some(exchange) = self.exchange.take() {
            return match self.asks_again(line) {
                true => self.ask(exchange, b""),
                false => self.respond(exchange, line),
            };
        }
        // RFC 1939 §3: keywords and arguments are printable ASCII.
        let line = match str::from_utf8(line) {
            Ok(line) if line.bytes().all(|octet| (b' '..=b'~').contains(&octet)) => line,
            Ok(_) | Err(_) => return say("-ERR printable characters only"),
        };
        let (word, rest) = line.split_once(' ').map_or((line, None), |(word, rest)| (word, Some(rest)));
        let name = word.to_ascii_uppercase();
        let arguments: Vec<&str> = rest.map(|rest| rest.split(' ').collect()).unwrap_or_default();
        let user = self.user.take();
        self.keep_name(&name, user.as_ref());
        if let Some(answer) = self.wrong(&name, &arguments, line) {
            return answer;
        }
        if !self.knows(&name) {
            return say(UNKNOWN);
        }
        match (name.as_str(), arguments.as_slice(), &mut self.transaction) {
            ("QUIT", [], _) => {
                if let Some(transaction) = self.transaction.take() {
                    transaction.update();
                }
                let then = if self.has(CommandFault::QuitStaysOpen) { Then::Command } else { Then::Close };
                (b"+OK bye\r\n".to_vec(), then)
            }
            ("LANG", arguments, _) => self.lang(arguments),
            ("CAPA", [], _) => {
                self.asked_in_clear += usize::from(self.channel.protection() == Protection::Clear);
                (self.capabilities().into_bytes(), Then::Command)
            }
            (_, _, Some(transaction)) => (transaction.answer(&name, &arguments), Then::Command),
            ("STLS", [], None) if self.channel.protection() == Protection::Clear => {
                self.user = user.filter(|_| self.has(LoginFault::NameSurvivesStls));
                (b"+OK begin TLS\r\n".to_vec(), Then::Tls)
            }
            ("UTF8", [], None) => self.utf8(),
            ("USER", [given], None) => self.name(given),
            // RFC 1939 §7: a password may contain blanks.
            ("PASS", [_, ..], None) => self.pass(user.as_deref(), rest.unwrap_or_default()),
            ("APOP", [user, digest], None) => self.apop(user, digest),
            ("AUTH", [mechanism], None) => self.auth(mechanism, None),
            ("AUTH", [mechanism, initial], None) => self.auth(mechanism, Some(initial)),
            (_, _, None) => say(UNKNOWN),
        }
    }

    /// The connection ends, and the client has not said QUIT.
    pub(super) fn lost(&mut self) {
        if let Some(transaction) = self.transaction.take() {
            transaction.drop_unsaid();
        }
    }

    /// Answers a line beyond the bound. It ends an exchange.
    pub(super) fn too_long(&mut self) -> Answer {
        (self.exchange, self.user) = (None, None);
        say("-ERR line too long")
    }
}
