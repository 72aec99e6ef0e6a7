//! Logging in (RFC 3501 §6.2).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::reader::{Reader, Stop};
use super::reply::{Answer, Reply};
use super::state::Session;
use crate::refserver::Protection;
use crate::refserver::sasl::{Exchange, Step, check_password, is_known};

impl Session<'_> {
    pub(super) fn start_tls(&self) -> Answer {
        match self.protection {
            Protection::Clear => Ok(Reply::ok("begin TLS")),
            Protection::Tls => Err(Reply::bad("TLS runs already")),
        }
    }

    pub(super) fn log_in(&mut self, user: &[u8], password: &[u8]) -> Answer {
        if self.protection == Protection::Clear {
            return Err(tls_first());
        }
        let user = str::from_utf8(user).ok().and_then(|user| check_password(self.config, user, password));
        let user = user.ok_or_else(refused)?;
        Ok(self.accept(user))
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
            return Ok(if is_known(self.config, mechanism) { tls_first() } else { Reply::no("no such mechanism") });
        };
        let mut step = match initial {
            // RFC 4959 §3: here the server speaks first.
            Some(_) if !exchange.takes_initial_response() => {
                return Ok(Reply::bad("this mechanism has no initial response"));
            }
            Some(initial) => exchange.step(&initial),
            None => Step::Challenge(exchange.challenge()),
        };
        loop {
            let challenge = match step {
                Step::Challenge(challenge) => challenge,
                Step::Accepted(user) => return Ok(self.accept(user)),
                Step::Refused => return Ok(refused()),
            };
            reader.wire.send(format!("+ {}\r\n", STANDARD.encode(challenge)).as_bytes()).await?;
            let response = reader.response().await?;
            if response == b"*" {
                return Ok(Reply::bad("cancelled"));
            }
            let Ok(response) = STANDARD.decode(response) else { return Ok(Reply::bad("not base64")) };
            step = exchange.step(&response);
        }
    }
}

/// RFC 5530 §3.
fn refused() -> Reply {
    Reply::no("wrong name or password").with("AUTHENTICATIONFAILED")
}

fn tls_first() -> Reply {
    Reply::no("TLS is needed first").with("PRIVACYREQUIRED")
}
