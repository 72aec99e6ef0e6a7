//! Logging in (RFC 3501 §6.2).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::reader::{Reader, Stop};
use super::reply::{Answer, Reply};
use super::state::Session;
use crate::refserver::imap::command::ParseError;
use crate::refserver::sasl::{Exchange, Step, check_password, is_known};
use crate::refserver::security::{AuthFault, TlsFault};
use crate::refserver::{self, Protection};

impl Session<'_> {
    pub(super) fn start_tls(&self) -> Answer {
        match (self.protection, &self.user) {
            (_, Some(_)) if self.fails(TlsFault::ImapAfterLogin) => Ok(Reply::ok("begin TLS")),
            // RFC 3501 §6.2: not after the login.
            (_, Some(_)) => Err(ParseError::WrongState.into()),
            (Protection::Clear, None) => Ok(Reply::ok("begin TLS")),
            (Protection::Tls, None) => Err(Reply::bad("TLS runs already")),
        }
    }

    pub(super) fn log_in(&mut self, user: &[u8], password: &[u8]) -> Answer {
        let name = str::from_utf8(user).ok();
        let user = name.and_then(|user| check_password(self.config, user, password));
        if self.protection == Protection::Clear && !self.fails(AuthFault::ImapLoginInClear) {
            self.waiting = user.filter(|_| self.fails(TlsFault::ImapLoginWaits));
            return Err(tls_first());
        }
        if user.is_none() && self.fails(AuthFault::ImapFailureOpens) {
            self.user = name.and_then(|name| self.config.account(name)).map(|account| account.user.clone());
        }
        Ok(self.accept(user.ok_or_else(refused)?))
    }

    fn fails(&self, fault: impl Into<refserver::Fault>) -> bool {
        self.config.faults.has(fault)
    }

    fn accept(&mut self, user: String) -> Reply {
        self.user = Some(user);
        Reply::ok("logged in").with(format!("CAPABILITY {}", self.capabilities()))
    }

    /// Runs AUTHENTICATE and gives its tagged response (RFC 3501 §6.2.2, RFC 4959).
    pub(super) async fn authenticate(
        &mut self,
        reader: &mut Reader,
        mechanism: &str,
        initial: Option<Vec<u8>>,
    ) -> Result<Reply, Stop> {
        let Some(mut exchange) = Exchange::start(mechanism, self.config, reader.wire.channel()) else {
            return Ok(match is_known(self.config, mechanism) {
                true => tls_first(),
                false if self.fails(AuthFault::ImapUnknownBad) => Reply::bad("no such mechanism"),
                false => Reply::no("no such mechanism"),
            });
        };
        let late = initial.is_none() && exchange.takes_initial_response() && self.fails(AuthFault::ImapNeedsInitial);
        let mut message = initial.clone().unwrap_or_default();
        let mut step = match initial {
            // RFC 4959 §3: here the server speaks first.
            Some(_) if !exchange.takes_initial_response() => {
                return Ok(Reply::bad("this mechanism has no initial response"));
            }
            Some(_) if self.fails(AuthFault::ImapInitialPassedOver) => Step::Challenge(exchange.challenge()),
            Some(initial) => {
                let step = exchange.step(&initial);
                if matches!(step, Step::Refused) && self.fails(AuthFault::ImapInitialWrongIsBad) {
                    return Ok(Reply::bad("wrong password"));
                }
                step
            }
            None => Step::Challenge(exchange.challenge()),
        };
        loop {
            let challenge = match step {
                Step::Challenge(challenge) => challenge,
                Step::Accepted(user) => return Ok(self.succeed(user)),
                Step::Refused => return Ok(self.fail(&message)),
            };
            reader.wire.send(format!("+ {}\r\n", STANDARD.encode(challenge)).as_bytes()).await?;
            let response = reader.response().await?;
            if response == b"*" {
                let no = self.fails(AuthFault::ImapCancelNo);
                return Ok(if no { Reply::no("cancelled") } else { Reply::bad("cancelled") });
            }
            step = match STANDARD.decode(response) {
                Ok(_) if late => Step::Refused,
                Ok(response) => {
                    message = response;
                    exchange.step(&message)
                }
                Err(_) if self.fails(AuthFault::ImapAsksAgain) => Step::Challenge(Vec::new()),
                Err(_) => return Ok(Reply::bad("not base64")),
            };
        }
    }

    /// The end of a right exchange.
    fn succeed(&mut self, user: String) -> Reply {
        let barred = self.failures > 0 && self.fails(AuthFault::ImapOneAttempt);
        if barred { refused() } else { self.accept(user) }
    }

    /// The end of a wrong exchange. A fault takes any password after the first failure; the message is that of PLAIN.
    fn fail(&mut self, message: &[u8]) -> Reply {
        self.failures += 1;
        let lenient = self.failures > 1 && self.fails(AuthFault::ImapSecondPassword);
        let name =
            message.split(|octet| *octet == 0).nth(1).filter(|_| lenient || self.fails(AuthFault::ImapExchangeOpens));
        let account = name.and_then(|name| self.config.account(str::from_utf8(name).ok()?));
        if self.fails(AuthFault::ImapExchangeOpens) {
            self.user = account.map(|account| account.user.clone());
            return refused();
        }
        account.map_or_else(refused, |account| self.accept(account.user.clone()))
    }
}

/// RFC 5530 §3.
fn refused() -> Reply {
    Reply::no("wrong name or password").with("AUTHENTICATIONFAILED")
}

fn tls_first() -> Reply {
    Reply::no("TLS is needed first").with("PRIVACYREQUIRED")
}
