//! Commands and their replies, pure.

use std::collections::BTreeSet;

use super::auth::{is_xtext, verify};
use super::path::{Path, is_host};
use super::recipient::{Refused, resolve};
use super::trace::Greeting;
use crate::refserver::{Config, Protection};

/// What happens once the reply is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// The next command comes.
    Command,
    /// Mail data comes.
    Content,
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
    /// Mail from users, who authenticate first, under TLS only (RFC 6409, RFC 8314).
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

/// A mail transaction. Recipients are users, each once, so that accounts bound their number.
#[derive(Debug, Default)]
pub(super) struct Transaction {
    /// The mailbox of the reverse-path; empty for the null one.
    pub(super) reverse: String,
    pub(super) recipients: BTreeSet<String>,
}

/// The state of a connection.
#[derive(Debug)]
pub(super) struct Session<'a> {
    config: &'a Config,
    protection: Protection,
    service: Service,
    client: Option<Client>,
    transaction: Option<Transaction>,
}

type Reply = Result<String, &'static str>;

const SYNTAX: &str = "501 5.5.4 syntax error in arguments";
const SEQUENCE: &str = "503 5.5.1 bad sequence of commands";
const TLS_FIRST: &str = "530 5.7.0 TLS is needed first";

impl<'a> Session<'a> {
    /// A connection as it is at its start, and again after STARTTLS (RFC 3207 §4.2).
    pub(super) fn new(config: &'a Config, protection: Protection, service: Service) -> Self {
        Self { config, protection, service, client: None, transaction: None }
    }

    /// Ends the transaction, for its content to be delivered.
    pub(super) fn take(&mut self) -> Option<(Client, Transaction)> {
        self.client.clone().zip(self.transaction.take())
    }

    /// Answers one line, without its CRLF.
    pub(super) fn answer(&mut self, line: &[u8]) -> (String, Then) {
        let text = String::from_utf8_lossy(line);
        // RFC 5321 §4.1.1: blanks before CRLF are tolerated.
        let text = text.trim_end_matches([' ', '\t']);
        let (verb, argument) = text.split_once(' ').unwrap_or((text, ""));
        let verb = verb.to_ascii_uppercase();
        let known = [
            "EHLO", "HELO", "MAIL", "RCPT", "DATA", "RSET", "NOOP", "VRFY", "EXPN", "HELP", "STARTTLS", "AUTH", "QUIT",
        ];
        if known.contains(&verb.as_str()) && !argument.bytes().all(|octet| (b' '..=b'~').contains(&octet)) {
            return (format!("{SYNTAX}\r\n"), Then::Command);
        }
        let (reply, then) = match verb.as_str() {
            "DATA" => (self.data(argument), Then::Content),
            "STARTTLS" => (self.starttls(argument), Then::Tls),
            "AUTH" => match self.auth(argument) {
                Ok(None) => (Ok("334 ".to_owned()), Then::Response),
                Ok(Some(initial)) => (self.log_in(initial.as_bytes()), Then::Command),
                Err(text) => (Err(text), Then::Command),
            },
            "QUIT" => (bare(argument, &format!("221 2.0.0 {} goodbye", self.config.hostname)), Then::Close),
            other => (self.plain(other, argument), Then::Command),
        };
        match reply {
            Ok(text) => (format!("{text}\r\n"), then),
            Err(text) => (format!("{text}\r\n"), Then::Command),
        }
    }

    /// Answers the line after a challenge of AUTH.
    pub(super) fn respond(&mut self, line: &[u8]) -> String {
        let reply = self.log_in(line).unwrap_or_else(str::to_owned);
        format!("{reply}\r\n")
    }

    fn log_in(&mut self, response: &[u8]) -> Reply {
        let user = verify(response, self.config)?;
        let client = self.client.as_mut().ok_or(SEQUENCE)?;
        client.user = Some(user);
        Ok("235 2.7.0 authenticated".to_owned())
    }

    /// The initial response, if there is one.
    fn auth<'t>(&self, argument: &'t str) -> Result<Option<&'t str>, &'static str> {
        match (self.service, self.protection) {
            (Service::Transfer, _) => return Err("502 5.5.1 not offered here"),
            (Service::Submission, Protection::Clear) => return Err(TLS_FIRST),
            (Service::Submission, Protection::Tls) => {}
        }
        let ready = self.client.as_ref().is_some_and(|client| {
            client.greeting == Greeting::Ehlo && client.user.is_none() && self.transaction.is_none()
        });
        if !ready {
            return Err(SEQUENCE);
        }
        let (mechanism, initial) =
            argument.split_once(' ').map_or((argument, None), |(mechanism, initial)| (mechanism, Some(initial)));
        if mechanism.is_empty() {
            return Err(SYNTAX);
        }
        if mechanism.eq_ignore_ascii_case("PLAIN") { Ok(initial) } else { Err("504 5.5.4 unknown mechanism") }
    }

    /// Whether mail may come from this client. Policy goes before order (RFC 3207 §4, RFC 4954 §6).
    fn permit(&self) -> Result<(), &'static str> {
        let known = self.client.as_ref().is_some_and(|client| client.user.is_some());
        match (self.service, self.protection) {
            (Service::Transfer, _) => Ok(()),
            (Service::Submission, Protection::Clear) => Err(TLS_FIRST),
            (Service::Submission, Protection::Tls) if known => Ok(()),
            (Service::Submission, Protection::Tls) => Err("530 5.7.0 authentication is needed first"),
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
                Ok(reply)
            }
            "NOOP" => Ok("250 2.0.0 nothing done".to_owned()),
            "HELP" => Ok("214 2.0.0 see RFC 5321".to_owned()),
            "VRFY" if argument.is_empty() => Err(SYNTAX),
            "VRFY" => Ok("252 2.5.0 not verified; send mail and see".to_owned()),
            "EXPN" => Err("502 5.5.1 not implemented"),
            _ => Err("500 5.5.2 unknown command"),
        }
    }

    fn greet(&mut self, argument: &str, greeting: Greeting) -> Reply {
        if !is_host(argument) {
            return Err(SYNTAX);
        }
        // Who has authenticated stays so (RFC 4954 §4 knows no second AUTH in a session).
        let user = self.client.take().and_then(|client| client.user);
        self.client = Some(Client { name: argument.to_owned(), greeting, user });
        self.transaction = None;
        let Config { hostname, size_limit, .. } = self.config;
        let tls = match self.protection {
            Protection::Clear => "250-STARTTLS\r\n",
            Protection::Tls => "",
        };
        let auth = match (self.service, self.protection) {
            (Service::Submission, Protection::Tls) => "250-AUTH PLAIN\r\n",
            (Service::Transfer, _) | (Service::Submission, Protection::Clear) => "",
        };
        Ok(match greeting {
            Greeting::Helo => format!("250 {hostname}"),
            Greeting::Ehlo => format!(
                "250-{hostname}\r\n250-PIPELINING\r\n250-SIZE {size_limit}\r\n250-8BITMIME\r\n{tls}{auth}250 ENHANCEDSTATUSCODES"
            ),
        })
    }

    fn mail(&mut self, argument: &str) -> Reply {
        self.permit()?;
        let greeting = self.client.as_ref().map(|client| client.greeting).ok_or(SEQUENCE)?;
        if self.transaction.is_some() {
            return Err(SEQUENCE);
        }
        let path = after_keyword(argument, "FROM:").ok_or(SYNTAX)?;
        let (path, rest) = Path::parse(path).ok_or("501 5.1.7 bad sender address")?;
        let reverse = match path {
            Path::Null => String::new(),
            // A mailbox without a domain is for RCPT only (RFC 5321 §4.1.1.3).
            Path::Postmaster => return Err("501 5.1.7 bad sender address"),
            Path::Mailbox(mailbox) => mailbox.text,
        };
        let mut seen = BTreeSet::new();
        for (name, value) in parameters(rest).ok_or(SYNTAX)? {
            // Parameters belong to extensions, which HELO does not offer (RFC 5321 §4.1.1.11).
            match (name.as_str(), greeting) {
                ("SIZE", Greeting::Ehlo) => check_size(value, self.config.size_limit)?,
                ("BODY", Greeting::Ehlo) => check_body(value)?,
                ("AUTH", Greeting::Ehlo) if self.service == Service::Submission => {
                    value.filter(|value| is_xtext(value)).ok_or(SYNTAX)?;
                }
                _ => return Err("555 5.5.4 unknown parameter"),
            }
            if !seen.insert(name) {
                return Err(SYNTAX);
            }
        }
        self.transaction = Some(Transaction { reverse, recipients: BTreeSet::new() });
        Ok("250 2.1.0 sender accepted".to_owned())
    }

    fn rcpt(&mut self, argument: &str) -> Reply {
        self.permit()?;
        let transaction = self.transaction.as_mut().ok_or(SEQUENCE)?;
        let path = after_keyword(argument, "TO:").ok_or(SYNTAX)?;
        let (path, rest) = Path::parse(path).ok_or("501 5.1.3 bad recipient address")?;
        if !parameters(rest).ok_or(SYNTAX)?.is_empty() {
            return Err("555 5.5.4 unknown parameter");
        }
        let user = resolve(&path, self.config).map_err(|refused| match refused {
            Refused::Unknown => "550 5.1.1 no such mailbox",
            Refused::Relay => "550 5.7.1 relaying refused",
            Refused::Null => "501 5.1.3 bad recipient address",
        })?;
        transaction.recipients.insert(user);
        Ok("250 2.1.5 recipient accepted".to_owned())
    }

    fn data(&self, argument: &str) -> Reply {
        self.permit()?;
        let reply = bare(argument, "354 end with CRLF . CRLF")?;
        let ready = self.transaction.as_ref().is_some_and(|transaction| !transaction.recipients.is_empty());
        if ready { Ok(reply) } else { Err(SEQUENCE) }
    }

    fn starttls(&self, argument: &str) -> Reply {
        let reply = bare(argument, "220 2.0.0 begin TLS")?;
        let asked = self.client.as_ref().is_some_and(|client| client.greeting == Greeting::Ehlo);
        if asked && self.protection == Protection::Clear { Ok(reply) } else { Err(SEQUENCE) }
    }
}

fn bare(argument: &str, reply: &str) -> Reply {
    if argument.is_empty() { Ok(reply.to_owned()) } else { Err(SYNTAX) }
}

fn after_keyword<'t>(text: &'t str, keyword: &str) -> Option<&'t str> {
    let (word, rest) = text.split_at_checked(keyword.len())?;
    word.eq_ignore_ascii_case(keyword).then_some(rest)
}

/// The parameters after a path, their names in upper case (RFC 5321 §4.1.2 `Mail-parameters`).
fn parameters(text: &str) -> Option<Vec<(String, Option<&str>)>> {
    let Some(text) = text.strip_prefix(' ') else { return text.is_empty().then(Vec::new) };
    text.split(' ')
        .map(|parameter| {
            let (name, value) =
                parameter.split_once('=').map_or((parameter, None), |(name, value)| (name, Some(value)));
            let keyword = name.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-');
            let valid = keyword && !name.is_empty() && !name.starts_with('-');
            let filled = value.is_none_or(|value| !value.is_empty() && !value.contains('='));
            (valid && filled).then(|| (name.to_ascii_uppercase(), value))
        })
        .collect()
}

/// RFC 1870 §4: up to 20 digits, more than 64 bits hold.
fn check_size(value: Option<&str>, limit: u64) -> Result<(), &'static str> {
    let digits = value.filter(|value| value.len() <= 20 && value.bytes().all(|octet| octet.is_ascii_digit()));
    let size = digits.ok_or(SYNTAX)?.parse().unwrap_or(u64::MAX);
    if size > limit { Err("552 5.3.4 message too big") } else { Ok(()) }
}

/// RFC 6152 §2.
fn check_body(value: Option<&str>) -> Result<(), &'static str> {
    let known = |value: &&str| ["7BIT", "8BITMIME"].iter().any(|body| body.eq_ignore_ascii_case(value));
    value.filter(known).map(|_| ()).ok_or(SYNTAX)
}
