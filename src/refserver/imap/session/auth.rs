//! Logging in, and what is announced before and after (RFC 3501 §6.1.1, §6.2).

use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::reader::{Next, Reader};
use super::reply::{Answer, Reply};
use super::state::Session;
use crate::refserver::{Config, Protection};

/// What is announced always.
const CAPABILITIES: &str = "IMAP4rev1 LITERAL+ SASL-IR ID ENABLE IDLE NAMESPACE CHILDREN UIDPLUS MOVE UNSELECT";

/// What an authentication comes to.
#[derive(Debug)]
pub(super) enum Authenticated {
    /// The tagged response.
    Answered(Reply),
    /// The client closed.
    Closed,
    /// The client said nothing for too long.
    Idle,
}

impl Session<'_> {
    /// The words after CAPABILITY. Passwords are for TLS only.
    pub(super) fn capabilities(&self) -> String {
        let login = match (&self.user, self.protection) {
            (Some(_), _) => "",
            (None, Protection::Clear) => " STARTTLS LOGINDISABLED",
            (None, Protection::Tls) => " AUTH=PLAIN",
        };
        format!("{CAPABILITIES}{login}")
    }

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
        let user = check(self.config, user, password).ok_or_else(refused)?;
        Ok(self.accept(user))
    }

    fn accept(&mut self, user: String) -> Reply {
        self.user = Some(user);
        Reply::ok("logged in").with(format!("CAPABILITY {}", self.capabilities()))
    }

    /// Runs AUTHENTICATE up to its tagged response (RFC 3501 §6.2.2, RFC 4959).
    pub(super) async fn authenticate(
        &mut self,
        reader: &mut Reader,
        mechanism: &str,
        initial: Option<Vec<u8>>,
    ) -> io::Result<Authenticated> {
        if self.protection == Protection::Clear {
            return Ok(Authenticated::Answered(tls_first()));
        }
        if mechanism != "PLAIN" {
            return Ok(Authenticated::Answered(Reply::no("no such mechanism")));
        }
        let response = match initial {
            Some(initial) => initial,
            None => match challenge(reader, b"").await? {
                Response::Octets(octets) => octets,
                Response::Cancelled(reply) => return Ok(Authenticated::Answered(reply)),
                Response::Closed => return Ok(Authenticated::Closed),
                Response::Idle => return Ok(Authenticated::Idle),
            },
        };
        let parts: Vec<&[u8]> = response.split(|octet| *octet == 0).collect();
        let user = match parts.as_slice() {
            [identity, user, password] => check(self.config, user, password)
                .filter(|user| identity.is_empty() || identity.eq_ignore_ascii_case(user.as_bytes())),
            _ => None,
        };
        Ok(Authenticated::Answered(user.map_or_else(refused, |user| self.accept(user))))
    }
}

/// What the client says to a challenge.
enum Response {
    Octets(Vec<u8>),
    Cancelled(Reply),
    Closed,
    Idle,
}

async fn challenge(reader: &mut Reader, octets: &[u8]) -> io::Result<Response> {
    reader.wire.send(format!("+ {}\r\n", STANDARD.encode(octets)).as_bytes()).await?;
    let line = match reader.response().await? {
        Next::Line(line) => line.octets,
        Next::Closed => return Ok(Response::Closed),
        Next::Idle => return Ok(Response::Idle),
    };
    if line == b"*" {
        return Ok(Response::Cancelled(Reply::bad("cancelled")));
    }
    Ok(match STANDARD.decode(line) {
        Ok(octets) => Response::Octets(octets),
        Err(_) => Response::Cancelled(Reply::bad("not base64")),
    })
}

/// The user, if the password is theirs.
fn check(config: &Config, user: &[u8], password: &[u8]) -> Option<String> {
    let account = config.account(str::from_utf8(user).ok()?)?;
    (account.password.reveal().as_bytes() == password).then(|| account.user.clone())
}

/// RFC 5530 §3.
fn refused() -> Reply {
    Reply::no("wrong name or password").with("AUTHENTICATIONFAILED")
}

fn tls_first() -> Reply {
    Reply::no("TLS is needed first").with("PRIVACYREQUIRED")
}
