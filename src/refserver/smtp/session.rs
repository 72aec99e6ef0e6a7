//! Commands and their replies, pure.

use std::sync::Arc;

use super::auth::Logins;
use super::content::Chunks;
use super::envelope::{Chunk, Transaction};
use super::fault::HelloFault;
use super::path::is_host;
use super::trace::Greeting;
use super::wrong::Past;
use crate::refserver::sasl::{Channel, Exchange};
use crate::refserver::security::TlsFault;
use crate::refserver::{Config, Protection};

/// What happens once the reply is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// The next command comes.
    Command,
    /// Mail data comes.
    Content,
    /// A chunk comes, and the reply after it.
    Chunk(Chunk),
    /// The answer to a challenge of AUTH comes.
    Response,
    /// TLS starts.
    Tls,
    /// The connection ends.
    Close,
}

/// What the connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// Mail from anybody for mailboxes here.
    Transfer,
    /// Mail from users, who authenticate first (RFC 6409).
    Submission,
}

/// A client that has said who it is.
#[derive(Debug, Clone)]
pub(super) struct Client {
    pub(super) name: String,
    pub(super) greeting: Greeting,
    /// Who has authenticated.
    pub(super) user: Option<String>,
}

/// The state of a connection.
#[derive(Debug)]
pub(super) struct Session<'a> {
    pub(super) config: &'a Arc<Config>,
    pub(super) channel: Channel,
    pub(super) service: Service,
    pub(super) client: Option<Client>,
    pub(super) transaction: Option<Transaction>,
    /// A running AUTH.
    pub(super) exchange: Option<Exchange>,
    /// Logins that were tried, of which only faults make anything.
    pub(super) logins: Logins,
    /// For faults that depend on what was before.
    pub(super) past: Past,
}

pub(super) type Reply = Result<String, &'static str>;

pub(super) const SYNTAX: &str = "501 5.5.4 syntax error in arguments";
pub(super) const SEQUENCE: &str = "503 5.5.1 bad sequence of commands";

/// All commands that are answered with something else than 500.
const KNOWN: [&str; 14] = [
    "EHLO", "HELO", "MAIL", "RCPT", "DATA", "BDAT", "RSET", "NOOP", "VRFY", "EXPN", "HELP", "STARTTLS", "AUTH", "QUIT",
];

impl<'a> Session<'a> {
    /// A connection as it is at its start, and again after STARTTLS (RFC 3207 §4.2).
    pub(super) fn new(config: &'a Arc<Config>, channel: Channel, service: Service) -> Self {
        let (logins, past) = (Logins::default(), Past::default());
        Self { config, channel, service, client: None, transaction: None, exchange: None, logins, past }
    }

    /// The session under TLS of a connection whose session in clear is over: nothing that was said there counts (RFC 3207
    /// §4.2), unless a fault keeps it.
    pub(super) fn after(self, clear: Self) -> Self {
        if self.config.faults.has(TlsFault::SmtpKeepsEnvelope) {
            return Self { client: clear.client, transaction: clear.transaction, ..self };
        }
        if self.config.faults.has(HelloFault::EnvelopeBehindStartTls) {
            return Self { client: clear.client, ..self };
        }
        self
    }

    /// Ends the transaction, for its content to be delivered.
    pub(super) fn take(&mut self) -> Option<(Client, Transaction)> {
        self.client.clone().zip(self.transaction.take())
    }

    /// Where the octets of an accepted chunk go.
    pub(super) fn chunks(&mut self) -> Option<&mut Chunks> {
        let limit = self.config.size_limit;
        let transaction = self.transaction.as_mut()?;
        let body = transaction.envelope.body;
        Some(transaction.chunks.get_or_insert_with(|| Chunks::new(limit, body)))
    }

    /// Answers one line, without its CRLF: a command, or the response that AUTH waits for. The reply is empty while a chunk
    /// is to come.
    pub(super) fn answer(&mut self, line: &[u8]) -> (String, Then) {
        if !self.config.faults.is_empty() {
            return self.answer_wrongly(line);
        }
        let answer = self.right(line);
        self.written(answer)
    }

    pub(super) fn right(&mut self, line: &[u8]) -> (Reply, Then) {
        if self.exchange.is_some() { self.respond(line) } else { self.command(line) }
    }

    pub(super) fn written(&self, answer: (Reply, Then)) -> (String, Then) {
        match answer {
            (Ok(_), Then::Chunk(chunk)) => (String::new(), Then::Chunk(chunk)),
            (Ok(text), then) => (format!("{}\r\n", self.worded(&text)), then),
            (Err(text), _) => (format!("{}\r\n", self.worded(text)), Then::Command),
        }
    }

    fn command(&mut self, line: &[u8]) -> (Reply, Then) {
        let text = String::from_utf8_lossy(line);
        // RFC 5321 §4.1.1: blanks before CRLF are tolerated.
        let text = text.trim_end_matches([' ', '\t']);
        let (verb, argument) = text.split_once(' ').unwrap_or((text, ""));
        let verb = verb.to_ascii_uppercase();
        if !self.knows(&verb) {
            return (Err("500 5.5.2 unknown command"), Then::Command);
        }
        let wide = str::from_utf8(line).is_ok() && self.takes_utf8(&verb);
        let allowed = |octet: u8| (b' '..=b'~').contains(&octet) || (wide && !octet.is_ascii());
        if !argument.bytes().all(allowed) {
            return (Err(SYNTAX), Then::Command);
        }
        match verb.as_str() {
            "DATA" => (self.data(argument), Then::Content),
            "BDAT" => match self.bdat(argument) {
                Ok(chunk) => (Ok(String::new()), Then::Chunk(chunk)),
                Err(text) => (Err(text), Then::Command),
            },
            "STARTTLS" => match self.protection() {
                Protection::Clear => (self.starttls(argument), Then::Tls),
                Protection::Tls => (self.starttls(argument), Then::Command),
            },
            "AUTH" => self.auth(argument),
            "QUIT" => (bare(argument, &format!("221 2.0.0 {} goodbye", self.config.hostname)), Then::Close),
            other => (self.plain(other, argument), Then::Command),
        }
    }

    /// Whether a command exists: some belong to an extension, which may be withheld.
    pub(super) fn knows(&self, verb: &str) -> bool {
        let offered = match verb {
            "BDAT" => self.config.offers("CHUNKING"),
            "STARTTLS" | "AUTH" | "HELP" | "EXPN" => self.config.offers(verb),
            _ => true,
        };
        offered && KNOWN.contains(&verb)
    }

    /// Whether the arguments of a command may be UTF-8 beyond ASCII, if SMTPUTF8 is among them (RFC 6531 §3.1).
    fn takes_utf8(&self, verb: &str) -> bool {
        let extended = self.client.as_ref().is_some_and(|client| client.greeting == Greeting::Ehlo);
        extended && self.offers("SMTPUTF8") && ["MAIL", "RCPT", "VRFY", "EXPN"].contains(&verb)
    }

    /// Whether mail may come from this client. Policy goes before order (RFC 4954 §6).
    pub(super) fn permit(&self) -> Result<(), &'static str> {
        match self.service {
            Service::Submission if !self.is_trusted() && !self.wrongly_permitted() => {
                Err("530 5.7.0 authentication is needed first")
            }
            Service::Submission | Service::Transfer => Ok(()),
        }
    }

    fn plain(&mut self, verb: &str, argument: &str) -> Reply {
        match verb {
            "EHLO" => self.greet(argument, Greeting::Ehlo),
            "HELO" => self.greet(argument, Greeting::Helo),
            "MAIL" => self.mail(argument),
            "RCPT" => self.rcpt(argument),
            "RSET" => {
                let reply = bare(argument, "250 2.0.0 reset")?;
                self.transaction = None;
                self.logins.resets += 1;
                Ok(reply)
            }
            "NOOP" => Ok("250 2.0.0 nothing done".to_owned()),
            "HELP" => Ok("214 2.0.0 see RFC 5321".to_owned()),
            "VRFY" => self.verify(argument),
            "EXPN" => self.expand(argument),
            _ => Err("500 5.5.2 unknown command"),
        }
    }

    pub(super) fn greet(&mut self, argument: &str, greeting: Greeting) -> Reply {
        if !is_host(argument) {
            return Err(SYNTAX);
        }
        // Who has authenticated stays so (RFC 4954 §4 knows no second AUTH in a session).
        let user = self.client.take().and_then(|client| client.user);
        self.client = Some(Client { name: argument.to_owned(), greeting, user });
        self.transaction = None;
        let hostname = &self.config.hostname;
        Ok(match greeting {
            Greeting::Helo => format!("250 {hostname}"),
            Greeting::Ehlo => self.announcement(),
        })
    }

    fn starttls(&self, argument: &str) -> Reply {
        let argument = if self.config.faults.has(TlsFault::SmtpArgument) { "" } else { argument };
        let reply = bare(argument, "220 2.0.0 begin TLS")?;
        let asked = self.client.as_ref().is_some_and(|client| client.greeting == Greeting::Ehlo);
        let fits = self.protection() == Protection::Clear || self.config.faults.has(TlsFault::SmtpTwice);
        if asked && fits { Ok(reply) } else { Err(SEQUENCE) }
    }

    fn protection(&self) -> Protection {
        self.channel.protection()
    }
}

/// The reply to a command that has no argument.
pub(super) fn bare(argument: &str, reply: &str) -> Reply {
    if argument.is_empty() { Ok(reply.to_owned()) } else { Err(SYNTAX) }
}

pub(super) fn after_keyword<'t>(text: &'t str, keyword: &str) -> Option<&'t str> {
    let (word, rest) = text.split_at_checked(keyword.len())?;
    word.eq_ignore_ascii_case(keyword).then_some(rest)
}
