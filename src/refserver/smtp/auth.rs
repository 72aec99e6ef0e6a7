//! AUTH (RFC 4954).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::session::{Reply, SEQUENCE, SYNTAX, Session, Then};
use super::trace::Greeting;
use crate::refserver::sasl::{Exchange, Step};

impl Session<'_> {
    /// Answers AUTH: with a challenge, or with the end of an exchange that had an initial response.
    pub(super) fn auth(&mut self, argument: &str) -> (Reply, Then) {
        let begun = self.begin(argument);
        match begun {
            Ok((exchange, None)) => {
                let challenge = exchange.challenge();
                self.exchange = Some(exchange);
                ask(&challenge)
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
    pub(super) fn too_long(&mut self) -> &'static str {
        match self.exchange.take() {
            Some(_) => "500 5.5.6 response too long\r\n",
            None => "500 5.5.2 line too long\r\n",
        }
    }

    fn begin<'t>(&self, argument: &'t str) -> Result<(Exchange, Option<&'t str>), &'static str> {
        let ready = self.client.as_ref().is_some_and(|client| {
            client.greeting == Greeting::Ehlo && client.user.is_none() && self.transaction.is_none()
        });
        if !ready {
            return Err(SEQUENCE);
        }
        let (mechanism, initial) =
            argument.split_once(' ').map_or((argument, None), |(mechanism, initial)| (mechanism, Some(initial)));
        if mechanism.is_empty() || initial.is_some_and(|initial| initial.is_empty() || initial.contains(' ')) {
            return Err(SYNTAX);
        }
        // RFC 4954 §4 has this code also for a mechanism that works in TLS only.
        let exchange = Exchange::start(mechanism, self.config, self.channel.clone());
        let exchange = exchange.ok_or("504 5.5.4 mechanism not available")?;
        if initial.is_some() && !exchange.takes_initial_response() {
            return Err("501 5.7.0 the server speaks first in this mechanism");
        }
        Ok((exchange, initial))
    }

    fn take_response(&mut self, response: &[u8], position: Position) -> (Reply, Then) {
        let Some(mut exchange) = self.exchange.take() else { return (Err(SEQUENCE), Then::Command) };
        let encoded = match (response, position) {
            (b"*", _) => return (Err("501 5.7.0 authentication cancelled"), Then::Command),
            // An initial response without octets; later ones are empty lines.
            (b"=", Position::Initial) => b"",
            (other, _) => other,
        };
        let Ok(message) = STANDARD.decode(encoded) else { return (Err("501 5.5.2 not base64"), Then::Command) };
        match exchange.step(&message) {
            Step::Challenge(challenge) => {
                self.exchange = Some(exchange);
                ask(&challenge)
            }
            Step::Accepted(user) => {
                if let Some(client) = &mut self.client {
                    client.user = Some(user);
                }
                (Ok("235 2.7.0 authenticated".to_owned()), Then::Command)
            }
            Step::Refused => (Err("535 5.7.8 wrong name or password"), Then::Command),
        }
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

fn ask(challenge: &[u8]) -> (Reply, Then) {
    (Ok(format!("334 {}", STANDARD.encode(challenge))), Then::Response)
}
