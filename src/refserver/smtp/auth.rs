//! AUTH (RFC 4954).

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::session::{Reply, SEQUENCE, SYNTAX, Session, Then};
use super::trace::Greeting;
use crate::refserver::sasl::{Exchange, Step, readable};
use crate::refserver::security::AuthFault;

const NOT_BASE64: &str = "501 5.5.2 not base64";
const WRONG: &str = "535 5.7.8 wrong name or password";
const MISSING: &str = "504 5.5.4 mechanism not available";

/// What was before on a connection, of which only faults make anything.
#[derive(Debug, Default)]
pub(super) struct Logins {
    /// Logins that failed.
    pub(super) failures: usize,
    /// Exchanges that were cancelled.
    pub(super) cancelled: usize,
    /// Responses that were not base64.
    pub(super) garbled: usize,
    /// How often RSET was said.
    pub(super) resets: usize,
}

impl Session<'_> {
    /// Answers AUTH: with a challenge, or with the end of an exchange that had an initial response.
    pub(super) fn auth(&mut self, argument: &str) -> (Reply, Then) {
        let begun = self.begin(argument);
        match begun {
            Ok((exchange, None)) => {
                let challenge = exchange.challenge();
                self.exchange = Some(exchange);
                self.ask(&challenge)
            }
            Ok((exchange, Some(initial))) => {
                self.exchange = Some(exchange);
                self.take_response(initial.as_bytes(), Position::Initial)
            }
            Err(refusal) => (Err(refusal), Then::Command),
        }
    }

    /// Answers the line after a challenge of AUTH.
    pub(super) fn respond(&mut self, line: &[u8]) -> (Reply, Then) {
        self.take_response(line, Position::Later)
    }

    /// The reply to a line beyond the bound. It ends an exchange (RFC 4954 §4).
    pub(super) fn too_long(&mut self) -> String {
        match self.exchange.take() {
            Some(_) if self.fails(AuthFault::SmtpOverlongIsTwo) => {
                "500 5.5.6 response too long\r\n500 5.5.2 unknown command\r\n".to_owned()
            }
            Some(_) => "500 5.5.6 response too long\r\n".to_owned(),
            None => "500 5.5.2 line too long\r\n".to_owned(),
        }
    }

    fn begin<'t>(&self, argument: &'t str) -> Result<(Exchange, Option<&'t str>), &'static str> {
        let reset = self.fails(AuthFault::SmtpAuthAfterReset) && self.logins.resets > 0;
        let again = reset || self.fails(AuthFault::SmtpAuthAgain);
        let ready = self
            .client
            .as_ref()
            .is_some_and(|client| client.greeting == Greeting::Ehlo && (client.user.is_none() || again));
        if !ready || (self.transaction.is_some() && !self.fails(AuthFault::SmtpAuthInside)) {
            return Err(SEQUENCE);
        }
        let (mechanism, initial) =
            argument.split_once(' ').map_or((argument, None), |(mechanism, initial)| (mechanism, Some(initial)));
        let mechanism =
            if mechanism.is_empty() && self.fails(AuthFault::SmtpNoMechanism) { "PLAIN" } else { mechanism };
        if mechanism.is_empty() || initial.is_some_and(|initial| initial.is_empty() || initial.contains(' ')) {
            return Err(SYNTAX);
        }
        // RFC 4954 §4 has this code also for a mechanism that works in TLS only.
        let missing = if self.fails(AuthFault::SmtpUnknown535) { WRONG } else { MISSING };
        if self.hides(mechanism) {
            return Err(MISSING);
        }
        let exchange = Exchange::start(mechanism, self.config, self.channel.clone()).ok_or(missing)?;
        match initial {
            Some("=") if self.fails(AuthFault::SmtpEqualsAsks) => Ok((exchange, None)),
            Some(_) if self.fails(AuthFault::SmtpWithoutInitial) => Err(SYNTAX),
            None if self.fails(AuthFault::SmtpNeedsInitial) => Err(MISSING),
            Some(_) if exchange.takes_initial_response() => Ok((exchange, initial)),
            Some(_) if self.fails(AuthFault::SmtpTakesInitial) => Ok((exchange, None)),
            Some(_) => Err("501 5.7.0 the server speaks first in this mechanism"),
            None => Ok((exchange, None)),
        }
    }

    fn take_response(&mut self, response: &[u8], position: Position) -> (Reply, Then) {
        let Some(mut exchange) = self.exchange.take() else { return (Err(SEQUENCE), Then::Command) };
        let encoded = match (response, position) {
            (b"*", _) if self.fails(AuthFault::SmtpStarIsResponse) => return (Err(WRONG), Then::Command),
            (b"*", _) => {
                self.logins.cancelled += 1;
                return (Err("501 5.7.0 authentication cancelled"), Then::Command);
            }
            // An initial response without octets; later ones are empty lines.
            (b"=", Position::Initial) => b"",
            (other, _) => other,
        };
        if let Some(refusal) = self.refuses(encoded) {
            return (Err(refusal), Then::Command);
        }
        let Ok(message) = STANDARD.decode(self.readable(encoded)) else {
            self.logins.garbled += 1;
            return (Err(self.not_base64()), Then::Command);
        };
        if self.fails(AuthFault::SmtpShortFields) && message.split(|octet| *octet == 0).any(|field| field.len() > 64) {
            return (Err(SYNTAX), Then::Command);
        }
        match exchange.step(&message) {
            Step::Challenge(challenge) => {
                self.exchange = Some(exchange);
                self.ask(&challenge)
            }
            Step::Accepted(user) => (self.accept(user), Then::Command),
            Step::Refused => match self.forgiven(&message) {
                Some(user) => (self.accept(user), Then::Command),
                None if position == Position::Initial && self.fails(AuthFault::SmtpInitialAskedAgain) => {
                    self.exchange = Some(exchange);
                    self.ask(b"")
                }
                None => (Err(self.refused(&message)), Then::Command),
            },
        }
    }

    fn accept(&mut self, user: String) -> Reply {
        if let Some(client) = &mut self.client {
            client.user = Some(user);
        }
        let code = if self.fails(AuthFault::SmtpPlainCode) { "2.0.0" } else { "2.7.0" };
        Ok(format!("235 {code} authenticated"))
    }

    fn ask(&self, challenge: &[u8]) -> (Reply, Then) {
        let empty = challenge.is_empty() && self.fails(AuthFault::SmtpEmptyIsEquals);
        let challenge = if empty { "=".to_owned() } else { STANDARD.encode(challenge) };
        (Ok(format!("334 {challenge}")), Then::Response)
    }
}

/// Where a response stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Position {
    /// In the command.
    Initial,
    /// Alone.
    Later,
}

/// What a server with faults does.
impl Session<'_> {
    fn fails(&self, fault: AuthFault) -> bool {
        self.config.faults.has(fault)
    }

    /// Whether a mechanism is denied that is there.
    fn hides(&self, mechanism: &str) -> bool {
        let listed = self.fails(AuthFault::SmtpListedIsMissing) && mechanism.eq_ignore_ascii_case("SCRAM-SHA-1");
        listed
            || (self.fails(AuthFault::SmtpMechanismCase) && mechanism.bytes().any(|octet| octet.is_ascii_lowercase()))
    }

    /// The refusal of a response that should be looked at.
    fn refuses(&self, encoded: &[u8]) -> Option<&'static str> {
        const SHORT: usize = 512;
        if self.fails(AuthFault::SmtpShortResponses) && encoded.len() > SHORT {
            return Some("500 5.5.6 response too long");
        }
        let barred = (self.fails(AuthFault::SmtpCancelLasts) && self.logins.cancelled > 0)
            || (self.fails(AuthFault::SmtpGarbledLasts) && self.logins.garbled > 0);
        barred.then_some(WRONG)
    }

    /// As much of a response as is decoded.
    fn readable<'t>(&self, encoded: &'t [u8]) -> Cow<'t, [u8]> {
        if self.fails(AuthFault::SmtpPassesOver) {
            return Cow::Owned(readable(encoded));
        }
        let pad =
            encoded.iter().position(|octet| *octet == b'=').filter(|_| self.fails(AuthFault::SmtpBase64EndsAtPad));
        let end = pad.map_or(encoded.len(), |at| at.next_multiple_of(4));
        Cow::Borrowed(encoded.get(..end).unwrap_or(encoded))
    }

    fn not_base64(&self) -> &'static str {
        if self.fails(AuthFault::SmtpUndecodable535) {
            WRONG
        } else if self.fails(AuthFault::SmtpUndecodableCode) {
            "501 5.7.8 not base64"
        } else {
            NOT_BASE64
        }
    }

    /// Who is let in with a wrong password: anybody after a failure. The message is that of PLAIN.
    fn forgiven(&self, message: &[u8]) -> Option<String> {
        let again = self.fails(AuthFault::SmtpSecondPassword) && self.logins.failures > 0;
        self.named(message).filter(|_| again)
    }

    fn refused(&mut self, message: &[u8]) -> &'static str {
        self.logins.failures += 1;
        if self.fails(AuthFault::SmtpTellsNames) && self.named(message).is_none() {
            "550 5.7.8 nobody has that name"
        } else if self.fails(AuthFault::SmtpWrong550) {
            "550 5.7.8 wrong name or password"
        } else {
            WRONG
        }
    }

    /// The user whose name stands in a PLAIN message.
    fn named(&self, message: &[u8]) -> Option<String> {
        let user = message.split(|octet| *octet == 0).nth(1)?;
        self.config.account(str::from_utf8(user).ok()?).map(|account| account.user.clone())
    }

    /// Whether the octets behind a login in a group are thrown away.
    pub(super) fn has_eaten(&self, reply: &str) -> bool {
        self.fails(AuthFault::SmtpEatsGroup) && reply.starts_with("235 ")
    }

    /// Whether failed logins end the connection.
    pub(super) fn is_fed_up(&self) -> bool {
        self.fails(AuthFault::SmtpDropsEarly) && self.logins.failures > 1
    }

    /// Whether the client counts as a user who has logged in.
    pub(super) fn is_trusted(&self) -> bool {
        let failed = self.logins.failures > 0 && self.fails(AuthFault::SmtpFailureOpens);
        failed || self.client.as_ref().is_some_and(|client| client.user.is_some())
    }

    /// Whether the login made SIZE unknown.
    pub(super) fn forgot_size(&self) -> bool {
        let user = self.client.as_ref().is_some_and(|client| client.user.is_some());
        user && self.fails(AuthFault::SmtpForgetsSize)
    }

    /// Whether the AUTH parameter of MAIL is refused that has the right form.
    pub(super) fn refuses_parameter(&self, value: Option<&str>) -> bool {
        let user = self.client.as_ref().and_then(|client| client.user.as_deref());
        let own = |value: &str| value.split('@').next() == user;
        value.is_some_and(|value| {
            (self.fails(AuthFault::SmtpParameterWithoutPlus) && value.contains('+'))
                || (self.fails(AuthFault::SmtpParameterOwnOnly) && !own(value))
        })
    }
}
