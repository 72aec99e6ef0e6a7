//! The ways from AUTHORIZATION to TRANSACTION: USER and PASS, APOP (RFC 1939 §7), AUTH (RFC 5034).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};

use super::maildrop::Transaction;
use super::session::{Answer, Session, Then, say};
use crate::refserver::sasl::{Exchange, Step, check_password};
use crate::refserver::store::MaildropError;
use crate::refserver::{Config, Protection};

/// RFC 3206 §5.
const WRONG: &str = "-ERR [AUTH] wrong name or password";

/// Passwords in clear are no fault of theirs, so there is no code.
const TLS_FIRST: &str = "-ERR TLS is needed first";

impl Session<'_> {
    /// USER. Whether anybody has that name is not told.
    pub(super) fn name(&mut self, user: &str) -> Answer {
        if self.channel.protection() == Protection::Clear {
            return say(TLS_FIRST);
        }
        self.user = Some(user.to_owned());
        say("+OK")
    }

    pub(super) fn pass(&mut self, user: Option<&str>, password: &str) -> Answer {
        match (self.channel.protection(), user) {
            (Protection::Clear, _) => say(TLS_FIRST),
            (Protection::Tls, None) => say("-ERR USER comes first"),
            (Protection::Tls, Some(user)) => {
                let user = check_password(self.config, user, password.as_bytes());
                self.enter(user)
            }
        }
    }

    pub(super) fn apop(&mut self, user: &str, digest: &str) -> Answer {
        let user = check_digest(self.config, &self.timestamp, user, digest);
        self.enter(user)
    }

    pub(super) fn auth(&mut self, mechanism: &str, initial: Option<&str>) -> Answer {
        let Some(exchange) = Exchange::start(mechanism, self.config, self.channel.clone()) else {
            return say("-ERR mechanism not available");
        };
        match initial {
            None => {
                let challenge = exchange.challenge();
                self.ask(exchange, &challenge)
            }
            Some(_) if !exchange.client_first() => say("-ERR the server speaks first in this mechanism"),
            Some("") => say("-ERR not base64"),
            // RFC 5034 §4: an initial response without octets.
            Some("=") => self.respond(exchange, b""),
            Some(initial) => self.respond(exchange, initial.as_bytes()),
        }
    }

    /// Takes a response as sent.
    pub(super) fn respond(&mut self, mut exchange: Exchange, response: &[u8]) -> Answer {
        if response == b"*" {
            return say("-ERR cancelled");
        }
        let Ok(message) = STANDARD.decode(response) else { return say("-ERR not base64") };
        match exchange.step(&message) {
            Step::Challenge(challenge) => self.ask(exchange, &challenge),
            Step::Accepted(user) => self.enter(Some(user)),
            Step::Refused => self.enter(None),
        }
    }

    fn ask(&mut self, exchange: Exchange, challenge: &[u8]) -> Answer {
        self.exchange = Some(exchange);
        (format!("+ {}\r\n", STANDARD.encode(challenge)).into_bytes(), Then::Response)
    }

    /// Opens the maildrop of a user who has authenticated.
    fn enter(&mut self, user: Option<String>) -> Answer {
        let Some(user) = user else { return say(WRONG) };
        match self.store.open_maildrop(&user) {
            Ok(maildrop) => {
                self.transaction = Some(Transaction::new(maildrop, self.mode));
                say("+OK")
            }
            Err(MaildropError::InUse) => say("-ERR [IN-USE] the maildrop is locked"),
            Err(MaildropError::Missing) => say("-ERR [SYS/PERM] there is no INBOX"),
        }
    }
}

/// RFC 1939 §7: the user whose digest this is. Names without an account take the same way as wrong digests.
pub(super) fn check_digest(config: &Config, timestamp: &str, user: &str, digest: &str) -> Option<String> {
    let account = config.account(user);
    let secret = account.map_or("", |account| account.password.reveal().as_str());
    let hash = Md5::new().chain_update(timestamp).chain_update(secret).finalize();
    let expected: String = hash.iter().map(|octet| format!("{octet:02x}")).collect();
    let right = expected == digest;
    account.filter(|_| right).map(|account| account.user.clone())
}
