//! Both states of a connection, pure: AUTHORIZATION and TRANSACTION (RFC 1939 §4, §5).

use std::sync::Arc;

use super::Fault;
use super::maildrop::Transaction;
use crate::refserver::sasl::{Channel, Exchange, offered, timestamp};
use crate::refserver::store::Store;
use crate::refserver::{Config, Protection};

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
    /// The TRANSACTION state.
    pub(super) transaction: Option<Transaction>,
    /// Whether a login has failed.
    pub(super) failed: Failed,
}

/// Whether a login has failed on this connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failed {
    /// None has.
    Never,
    /// One has.
    Once,
}

pub(super) type Answer = (Vec<u8>, Then);

/// All commands of this server.
const KNOWN: [&str; 15] = [
    "APOP", "AUTH", "CAPA", "DELE", "LIST", "NOOP", "PASS", "QUIT", "RETR", "RSET", "STAT", "STLS", "TOP", "UIDL",
    "USER",
];

/// The answer to what is no command here.
pub(super) const UNKNOWN: &str = "-ERR unknown command, wrong arguments, or not in this state";

/// A line that leads to nothing else.
pub(super) fn say(line: &str) -> Answer {
    (format!("{line}\r\n").into_bytes(), Then::Command)
}

impl<'a> Session<'a> {
    /// A connection before its greeting. None if the system has no random numbers.
    pub(super) fn new(config: &'a Arc<Config>, store: &'a Store, channel: Channel) -> Option<Self> {
        let timestamp = match config.faults.has(Fault::SameTimestamp) {
            true => format!("<1.1@{}>", config.hostname),
            false => timestamp(&config.hostname)?,
        };
        let (exchange, user, transaction) = (None, None, None);
        Some(Self { config, store, channel, timestamp, exchange, user, transaction, failed: Failed::Never })
    }

    pub(super) fn greeting(&self) -> String {
        format!("+OK POP3 ready {}\r\n", self.timestamp)
    }

    /// TLS has started: nothing that was said before counts (RFC 2595 §4). There is no other greeting, so its timestamp
    /// stays.
    pub(super) fn secure(&mut self, channel: Channel) {
        self.channel = channel;
        if !self.has(Fault::NameSurvivesStls) {
            self.user = None;
        }
    }

    /// Whether the server has this fault.
    pub(super) fn has(&self, fault: Fault) -> bool {
        self.config.faults.has(fault)
    }

    /// Answers one line, without its CRLF: a command, or the response that AUTH waits for.
    pub(super) fn answer(&mut self, line: &[u8]) -> Answer {
        if let Some(exchange) = self.exchange.take() {
            return self.respond(exchange, line);
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
        if let Some(answer) = self.wrong(&name, &arguments).or_else(|| self.wrong_about_unknown(&name, line)) {
            return answer;
        }
        match (name.as_str(), arguments.as_slice(), &mut self.transaction) {
            ("QUIT", [], _) => {
                if let Some(transaction) = self.transaction.take() {
                    transaction.update();
                }
                let then = if self.has(Fault::QuitStaysOpen) { Then::Command } else { Then::Close };
                (b"+OK bye\r\n".to_vec(), then)
            }
            ("CAPA", [], _) => (self.capabilities().into_bytes(), Then::Command),
            (_, _, Some(transaction)) => (transaction.answer(&name, &arguments), Then::Command),
            ("STLS", [], None) if self.channel.protection() == Protection::Clear => {
                (b"+OK begin TLS\r\n".to_vec(), Then::Tls)
            }
            ("USER", [given], None) => self.name(given),
            // RFC 1939 §7: a password may contain blanks.
            ("PASS", [_, ..], None) => self.pass(user.as_deref(), rest.unwrap_or_default()),
            ("APOP", [user, digest], None) => self.apop(user, digest),
            ("AUTH", [mechanism], None) => self.auth(mechanism, None),
            ("AUTH", [mechanism, initial], None) => self.auth(mechanism, Some(initial)),
            (_, _, None) => say(UNKNOWN),
        }
    }

    /// What a server with faults answers in place of the right answer.
    fn wrong(&mut self, name: &str, arguments: &[&str]) -> Option<Answer> {
        let (clear, logged_in) = (self.channel.protection() == Protection::Clear, self.transaction.is_some());
        match (name, arguments) {
            ("NOOP", []) if !logged_in && self.has(Fault::NoopBeforeLogin) => Some(say("+OK")),
            ("STAT", []) if !logged_in && self.has(Fault::StatBeforeLogin) => Some(say("+OK 0 0")),
            ("QUIT", []) if !logged_in && self.has(Fault::QuitBeforeLogin) => Some(say(UNKNOWN)),
            ("USER", [_]) if logged_in && self.has(Fault::UserAfterLogin) => Some(say("+OK")),
            ("USER", [user]) if self.has(Fault::AuthCodeOnUser) && self.config.account(user).is_none() => {
                Some(say("-ERR [AUTH] nobody has that name"))
            }
            ("CAPA", []) if logged_in && self.has(Fault::CapaBeforeLoginOnly) => Some(say(UNKNOWN)),
            ("STLS", []) if logged_in && self.has(Fault::StlsAfterLogin) => Some(say("+OK begin TLS")),
            ("STLS", [_]) if clear && !logged_in && self.has(Fault::StlsWithArgument) => {
                Some((b"+OK begin TLS\r\n".to_vec(), Then::Tls))
            }
            (_, _) => None,
        }
    }

    /// What a server with faults answers to a command that it does not know.
    fn wrong_about_unknown(&self, name: &str, line: &str) -> Option<Answer> {
        let unknown = !KNOWN.contains(&name);
        if unknown && self.has(Fault::UnknownCommandAccepted) {
            Some(say("+OK"))
        } else if unknown && self.has(Fault::ThirdStatus) {
            Some(say("NO unknown command"))
        } else if unknown && self.has(Fault::EchoWithoutBound) {
            Some(say(&format!("-ERR unknown command {line}: {line}")))
        } else {
            None
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

    /// RFC 2449 §5: what can be used before the login is listed after it too. STLS is the exception (RFC 2595 §4).
    fn capabilities(&self) -> String {
        let protection = self.channel.protection();
        let mechanisms: Vec<&str> = offered(protection).collect();
        let sasl = match self.has(Fault::SaslBeforeLoginOnly) && self.transaction.is_some() {
            true => String::new(),
            false => format!("SASL {}\r\n", mechanisms.join(" ")),
        };
        let by_protection = match protection {
            Protection::Clear if self.transaction.is_some() => "",
            Protection::Clear if self.has(Fault::NameSurvivesStls) => "STLS\r\nUSER\r\n",
            Protection::Clear => "STLS\r\n",
            Protection::Tls => "USER\r\n",
        };
        format!(
            "+OK\r\nTOP\r\nUIDL\r\n{by_protection}{sasl}RESP-CODES\r\nAUTH-RESP-CODE\r\nPIPELINING\r\nEXPIRE NEVER\r\n\
             IMPLEMENTATION mailproof-{}\r\n.\r\n",
            env!("CARGO_PKG_VERSION"),
        )
    }
}
