//! What a server with faults answers in place of the right answer.

use super::Fault;
use super::session::{Answer, Session, Then, UNKNOWN, say};
use crate::refserver::Protection;
use crate::refserver::sasl::is_known;
use crate::refserver::security::Fault as Security;

/// All commands of this server.
const KNOWN: [&str; 17] = [
    "APOP", "AUTH", "CAPA", "DELE", "LANG", "LIST", "NOOP", "PASS", "QUIT", "RETR", "RSET", "STAT", "STLS", "TOP",
    "UIDL", "USER", "UTF8",
];

impl Session<'_> {
    /// The wrong answer to a command, if there is one.
    pub(super) fn wrong(&mut self, name: &str, arguments: &[&str], line: &str) -> Option<Answer> {
        self.wrong_in_state(name, arguments).or_else(|| self.wrong_about_unknown(name, line))
    }

    /// What a server with faults answers in place of the right answer.
    fn wrong_in_state(&mut self, name: &str, arguments: &[&str]) -> Option<Answer> {
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
            (_, _) => self.wrong_login(name, arguments),
        }
    }

    /// The wrong answer to a command that has to do with TLS or a login.
    fn wrong_login(&mut self, name: &str, arguments: &[&str]) -> Option<Answer> {
        let (tls, logged_in) = (self.channel.protection() == Protection::Tls, self.transaction.is_some());
        let fails = |fault: Security| self.config.faults.has(fault);
        match (name, arguments) {
            ("STAT", []) if tls && !logged_in && fails(Security::Pop3OpensMaildrop) => Some(say("+OK 0 0")),
            ("CAPA", []) if tls && !logged_in && self.asked_in_clear > 0 && fails(Security::Pop3CapaOnce) => {
                Some(say(UNKNOWN))
            }
            ("AUTH", [_, ..]) if logged_in && fails(Security::Pop3AuthAfterLogin) => Some(self.auth("PLAIN", None)),
            ("AUTH", [name, ..]) if !is_known(self.config, name) && fails(Security::Pop3UnknownAsks) => {
                Some(self.auth("CRAM-MD5", None))
            }
            ("AUTH", [name, ..]) if name.bytes().any(|octet| octet.is_ascii_lowercase()) => {
                fails(Security::Pop3MechanismCase).then(|| say("-ERR mechanism not available"))
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
            Some(say(&format!("-ERR unknown command {line}: {line}: {line}")))
        } else {
            None
        }
    }
}
