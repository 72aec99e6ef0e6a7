//! The ways from AUTHORIZATION to TRANSACTION: USER and PASS, APOP (RFC 1939 §7), AUTH (RFC 5034).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};

use super::fault::{LoginFault, MaildropFault};
use super::maildrop::Transaction;
use super::session::{Answer, Failed, Session, Then, say};
use crate::refserver::sasl::{Exchange, Step, check_password, readable};
use crate::refserver::security::AuthFault;
use crate::refserver::store::MaildropError;
use crate::refserver::{Account, Config, Protection};

/// RFC 3206 §5.
const WRONG: &str = "-ERR [AUTH] wrong name or password";

/// RFC 2449 §8.1.2.
pub(super) const LOCKED: &str = "-ERR [IN-USE] the maildrop is locked";

/// Passwords in clear are no fault of theirs, so there is no code.
const TLS_FIRST: &str = "-ERR TLS is needed first";

impl Session<'_> {
    /// USER. Whether anybody has that name is not told.
    pub(super) fn name(&mut self, user: &str) -> Answer {
        if self.channel.protection() == Protection::Clear && !self.has(LoginFault::NameSurvivesStls) {
            return say(TLS_FIRST);
        }
        self.user = Some(user.to_owned());
        say("+OK")
    }

    pub(super) fn pass(&mut self, user: Option<&str>, password: &str) -> Answer {
        match (self.channel.protection(), user) {
            (Protection::Clear, _) => say(TLS_FIRST),
            (Protection::Tls, None) => match self.owner_of(password) {
                Some(user) => self.enter(Some(user)),
                None => say("-ERR USER comes first"),
            },
            (Protection::Tls, Some(user)) => {
                let right = check_password(self.config, user, password.as_bytes());
                let beginning = || self.config.account(user).filter(|account| begins_alike(account, password));
                let lenient = self.has(LoginFault::PassByBeginning).then(beginning).flatten();
                let answer = match right.or_else(|| lenient.map(|account| account.user.clone())) {
                    Some(user) => self.enter(Some(user)),
                    None => self.refuse(Some(user)),
                };
                self.mistake_login(user);
                answer
            }
        }
    }

    pub(super) fn apop(&mut self, user: &str, digest: &str) -> Answer {
        let bare = self.timestamp.trim_matches(['<', '>']);
        let timestamp = if self.has(LoginFault::ApopWithoutBrackets) { bare } else { &self.timestamp };
        let expected = digest_of(self.config, timestamp, user);
        let right = expected == digest || self.passes(digest, &expected);
        let account = self.config.account(user).filter(|_| right).map(|account| account.user.clone());
        self.enter(account)
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
            Some(_) if !exchange.takes_initial_response() && self.config.faults.has(AuthFault::Pop3TakesInitial) => {
                let challenge = exchange.challenge();
                self.ask(exchange, &challenge)
            }
            Some(_) if !exchange.takes_initial_response() => say("-ERR the server speaks first in this mechanism"),
            Some("") => say("-ERR not base64"),
            // RFC 5034 §4: an initial response without octets.
            Some("=") => self.respond(exchange, b""),
            Some(initial) => self.respond(exchange, initial.as_bytes()),
        }
    }

    /// Takes a response as sent.
    pub(super) fn respond(&mut self, mut exchange: Exchange, response: &[u8]) -> Answer {
        if response == b"*" {
            return say(if self.has(LoginFault::CancelAccepted) { "+OK cancelled" } else { "-ERR cancelled" });
        }
        if response == b"QUIT" && self.config.faults.has(AuthFault::Pop3ResponseRuns) {
            return (b"+OK bye\r\n".to_vec(), Then::Close);
        }
        let response = if self.has(LoginFault::LenientBase64) { readable(response) } else { response.to_vec() };
        let Ok(message) = STANDARD.decode(response) else { return say("-ERR not base64") };
        let claimed = exchange.claimed(&message);
        match exchange.step(&message) {
            Step::Challenge(challenge) => self.ask(exchange, &challenge),
            Step::Accepted(user) => self.enter(Some(user)),
            Step::Refused => self.refuse(claimed.as_deref()),
        }
    }

    pub(super) fn ask(&mut self, exchange: Exchange, challenge: &[u8]) -> Answer {
        self.exchange = Some(exchange);
        let nul = challenge.is_empty() && self.config.faults.has(AuthFault::Pop3EmptyIsNul);
        let challenge = STANDARD.encode(if nul { b"\0" } else { challenge });
        (format!("+ {challenge}\r\n").into_bytes(), Then::Response)
    }

    /// Opens the maildrop of a user who has authenticated.
    pub(super) fn enter(&mut self, user: Option<String>) -> Answer {
        let barred = self.has(LoginFault::OneLoginOnly) && self.failed == Failed::Once;
        let Some(user) = user.filter(|_| !barred) else {
            self.failed = Failed::Once;
            return say(if self.has(LoginFault::AuthCodeMissing) { "-ERR wrong name or password" } else { WRONG });
        };
        let opened = match self.has(MaildropFault::NoLock) {
            true => self.store.share_maildrop(&user),
            false => self.store.open_maildrop(&user),
        };
        match opened {
            Ok(maildrop) => {
                self.transaction = Some(Transaction::new(maildrop, self.mode, self.config.faults.clone()));
                say("+OK")
            }
            Err(MaildropError::InUse) => say(LOCKED),
            Err(MaildropError::Missing) => say("-ERR [SYS/PERM] there is no INBOX"),
        }
    }
}

/// RFC 1939 §7: the digest of a user. Names without an account take the same way as wrong digests.
pub(super) fn digest_of(config: &Config, timestamp: &str, user: &str) -> String {
    let secret = config.account(user).map_or("", |account| account.password.reveal().as_str());
    let hash = Md5::new().chain_update(timestamp).chain_update(secret).finalize();
    hash.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// Whether a password begins like that of an account.
fn begins_alike(account: &Account, password: &str) -> bool {
    const LOOKED_AT: usize = 6;
    password.get(..LOOKED_AT).is_some_and(|beginning| account.password.reveal().starts_with(beginning))
}
