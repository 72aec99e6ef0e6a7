//! What a server with faults answers in place of the right answer.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::fault::{CommandFault, LoginFault, MaildropFault};
use super::login::LOCKED;
use super::maildrop::Transaction;
use super::session::{Answer, Session, Then, UNKNOWN, say};
use crate::refserver::Protection;
use crate::refserver::sasl::is_known;
use crate::refserver::security::{AuthFault, TlsFault};
use crate::refserver::store::MaildropError;

/// A server with [`CommandFault::LongLineIsTwo`] reads no more octets at once.
const LONG_OCTETS: usize = 200;

/// All commands of this server.
const KNOWN: [&str; 17] = [
    "APOP", "AUTH", "CAPA", "DELE", "LANG", "LIST", "NOOP", "PASS", "QUIT", "RETR", "RSET", "STAT", "STLS", "TOP",
    "UIDL", "USER", "UTF8",
];

impl Session<'_> {
    /// The wrong answer to a command, if there is one.
    pub(super) fn wrong(&mut self, name: &str, arguments: &[&str], line: &str) -> Option<Answer> {
        let word = line.split(' ').next().unwrap_or_default();
        let mixed = word.bytes().any(|octet| octet.is_ascii_lowercase()) && word != name.to_ascii_lowercase();
        if mixed && self.has(CommandFault::MixedCaseUnknown) {
            return Some(say(UNKNOWN));
        }
        self.wrong_in_state(name, arguments).or_else(|| self.wrong_about_unknown(name, line))
    }

    /// What a server with faults answers in place of the right answer.
    fn wrong_in_state(&mut self, name: &str, arguments: &[&str]) -> Option<Answer> {
        let (clear, logged_in) = (self.channel.protection() == Protection::Clear, self.transaction.is_some());
        match (name, arguments) {
            ("NOOP", []) if !logged_in && self.has(CommandFault::NoopBeforeLogin) => Some(say("+OK")),
            ("STAT", []) if !logged_in && self.has(CommandFault::StatBeforeLogin) => Some(say("+OK 0 0")),
            ("QUIT", []) if !logged_in && self.has(CommandFault::QuitBeforeLogin) => Some(say(UNKNOWN)),
            ("USER", [_]) if logged_in && self.has(LoginFault::UserAfterLogin) => Some(say("+OK")),
            ("USER", [user]) if self.has(LoginFault::AuthCodeOnUser) && self.config.account(user).is_none() => {
                Some(say("-ERR [AUTH] nobody has that name"))
            }
            ("CAPA", []) if logged_in && self.has(CommandFault::CapaBeforeLoginOnly) => Some(say(UNKNOWN)),
            ("STLS", []) if logged_in && self.has(LoginFault::StlsAfterLogin) => Some(say("+OK begin TLS")),
            ("STLS", [_]) if clear && !logged_in && self.has(LoginFault::StlsWithArgument) => {
                Some((b"+OK begin TLS\r\n".to_vec(), Then::Tls))
            }
            ("APOP", [user]) if !logged_in && self.has(LoginFault::ApopReadableDigits) => Some(self.apop(user, "")),
            (_, _) if !logged_in && self.has(CommandFault::MaildropOfNobody) => of_nobody(name, arguments),
            ("QUIT", []) if self.has(MaildropFault::QuitRefusedAfterRset) => {
                let reset = self.transaction.as_ref().is_some_and(Transaction::is_reset);
                reset.then(|| say("-ERR nothing to remove"))
            }
            (_, _) => self.wrong_extension(name, arguments).or_else(|| self.wrong_login(name, arguments)),
        }
    }

    /// The wrong answer to a command that not every server has.
    fn wrong_extension(&mut self, name: &str, arguments: &[&str]) -> Option<Answer> {
        let logged_in = self.transaction.is_some();
        match (name, arguments) {
            ("TOP", _) if logged_in && self.has(CommandFault::TopUnknown) => Some(say(UNKNOWN)),
            ("UIDL", []) if logged_in && self.has(CommandFault::UidlUnknown) => Some(say(UNKNOWN)),
            ("UTF8", [_]) if !logged_in && self.has(CommandFault::Utf8WithArgument) => Some(self.utf8()),
            ("UTF8", []) if logged_in && self.has(CommandFault::Utf8AfterLogin) => Some(say("+OK")),
            ("LANG", _) if logged_in && self.has(CommandFault::LangBeforeLoginOnly) => Some(say(UNKNOWN)),
            ("LANG", _) if !logged_in && self.has(CommandFault::LangAfterLoginOnly) => Some(say(UNKNOWN)),
            ("LANG", [_]) if self.has(CommandFault::AnyLanguage) => Some(say("+OK i-default the language is set")),
            (_, _) => None,
        }
    }

    /// The wrong answer to a command that has to do with TLS or a login.
    fn wrong_login(&mut self, name: &str, arguments: &[&str]) -> Option<Answer> {
        let (tls, logged_in) = (self.channel.protection() == Protection::Tls, self.transaction.is_some());
        match (name, arguments) {
            ("STAT", []) if tls && !logged_in && self.has(TlsFault::Pop3OpensMaildrop) => Some(say("+OK 0 0")),
            ("CAPA", []) if tls && !logged_in && self.asked_in_clear > 0 && self.has(TlsFault::Pop3CapaOnce) => {
                Some(say(UNKNOWN))
            }
            ("AUTH", [_, ..]) if logged_in && self.has(AuthFault::Pop3AuthAfterLogin) => Some(self.auth("PLAIN", None)),
            ("AUTH", [name, ..]) if !is_known(self.config, name) && self.has(AuthFault::Pop3UnknownAsks) => {
                Some(self.auth("CRAM-MD5", None))
            }
            ("AUTH", [name, ..]) if name.bytes().any(|octet| octet.is_ascii_lowercase()) => {
                self.has(AuthFault::Pop3MechanismCase).then(|| say("-ERR mechanism not available"))
            }
            (_, _) => None,
        }
    }

    /// What a server with faults answers to a command that it does not know.
    fn wrong_about_unknown(&self, name: &str, line: &str) -> Option<Answer> {
        let unknown = !KNOWN.contains(&name);
        if unknown && self.has(CommandFault::UnknownCommandAccepted) {
            Some(say("+OK"))
        } else if unknown && self.has(CommandFault::ThirdStatus) {
            Some(say("NO unknown command"))
        } else if unknown && self.has(CommandFault::EchoWithoutBound) {
            Some(say(&format!("-ERR unknown command {line}: {line}: {line}")))
        } else {
            None
        }
    }

    /// A line as two, if it is too long to be one.
    pub(super) fn halves<'t>(&self, line: &'t [u8]) -> Option<(&'t [u8], &'t [u8])> {
        let long = line.len() > LONG_OCTETS && self.exchange.is_none() && self.has(CommandFault::LongLineIsTwo);
        long.then(|| line.split_at_checked(LONG_OCTETS)).flatten()
    }

    /// Whether a line that answers a challenge is asked for once more.
    pub(super) fn asks_again(&self, line: &[u8]) -> bool {
        line != b"*" && STANDARD.decode(line).is_err() && self.has(LoginFault::AsksAgain)
    }

    /// Keeps the name of USER over a command that should make it void.
    pub(super) fn keep_name(&mut self, command: &str, user: Option<&String>) {
        if command != "PASS" && self.has(LoginFault::NameOutlivesCommands) {
            self.user = user.cloned();
        }
    }

    /// Whose password it is, for a server that needs no name.
    pub(super) fn owner_of(&self, password: &str) -> Option<String> {
        let nameless = self.has(LoginFault::PassWithoutUser);
        let mut accounts = self.config.accounts.iter().filter(|_| nameless);
        let owner = accounts.find(|account| account.password.reveal() == password);
        owner.map(|account| account.user.clone())
    }

    /// What a login by PASS leaves behind, whether it was right or not.
    pub(super) fn mistake_login(&mut self, user: &str) {
        if self.transaction.is_some() {
            self.transaction = self.transaction.take().filter(|_| !self.has(LoginFault::PassOpensNothing));
        } else if self.has(LoginFault::FailureOpens) && self.config.account(user).is_some() {
            // The answer is given already.
            let _opened = self.enter(Some(user.to_owned()));
        }
    }

    /// The answer to a login that fails, by whoever says to be this user.
    pub(super) fn refuse(&mut self, user: Option<&str>) -> Answer {
        let told = user.filter(|_| self.has(LoginFault::LockToldToStrangers));
        match told.map(|user| self.store.open_maildrop(user)) {
            Some(Err(MaildropError::InUse)) => say(LOCKED),
            Some(Ok(_) | Err(MaildropError::Missing)) | None => self.enter(None),
        }
    }

    /// Whether a digest passes that is not the right one: `expected` is.
    pub(super) fn passes(&self, digest: &str, expected: &str) -> bool {
        let hexadecimal = digest.bytes().all(|octet| octet.is_ascii_hexdigit());
        let readable = digest.split(|c: char| !c.is_ascii_hexdigit()).next().unwrap_or_default();
        (self.has(LoginFault::ApopAnyDigest) && digest.len() == expected.len() && hexadecimal)
            || (self.has(AuthFault::Pop3ShortDigest) && digest.len() < expected.len())
            || (self.has(LoginFault::ApopReadableDigits) && expected.starts_with(readable))
    }
}

/// The answers of a maildrop that belongs to nobody, with one message.
fn of_nobody(name: &str, arguments: &[&str]) -> Option<Answer> {
    Some(match (name, arguments) {
        ("STAT", []) => say("+OK 1 2"),
        ("LIST", []) => say("+OK\r\n1 2\r\n."),
        ("UIDL", []) => say("+OK\r\n1 nobody\r\n."),
        ("RETR", ["1"]) | ("TOP", ["1", _]) => say("+OK\r\n\r\n."),
        ("DELE", ["1"]) | ("RSET" | "NOOP", []) => say("+OK"),
        (_, _) => return None,
    })
}
