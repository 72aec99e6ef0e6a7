//! Client exchanges: PLAIN (RFC 4616), LOGIN, CRAM-MD5 (RFC 2195), SCRAM (RFC 5802, RFC 7677).

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use thiserror::Error;

use super::scram::{Binding, Hash, Scram};
use crate::base::Secret;

/// Who logs in.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Authentication identity.
    pub user: String,
    /// Its password.
    pub password: Secret<String>,
}

/// What an exchange makes wrong on purpose; the words are those of the suite language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spoil {
    /// Another password.
    Password,
    /// One bit of the SCRAM proof.
    Proof,
    /// The client repeats another nonce.
    Nonce,
    /// The `c=` attribute names other data.
    ChannelBinding,
}

/// What the client does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Send these octets, to be encoded in base64.
    Respond(Vec<u8>),
}

/// Something odd of the server that does not end the exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspicion {
    /// Catalogue row.
    pub requirement: &'static str,
    /// What is odd, as a lower-case fragment.
    pub what: &'static str,
}

/// Why an exchange cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SaslError {
    /// A mechanism this client does not speak.
    #[error("unknown mechanism")]
    Mechanism,
    /// A -PLUS mechanism without channel binding data.
    #[error("no channel binding data")]
    NoBinding,
    /// More challenges than the mechanism has.
    #[error("an unexpected challenge")]
    Unexpected,
    /// A message that breaks the mechanism's grammar.
    #[error("a malformed challenge")]
    Malformed,
    /// The server's nonce does not extend ours. RFC 5802 §5.1.
    #[error("the server's nonce does not extend ours")]
    Nonce,
    /// More than two million iterations.
    #[error("too many iterations")]
    Iterations,
    /// The server's signature is wrong. RFC 5802 §3.
    #[error("the server's signature is wrong")]
    Signature,
}

/// A running exchange.
#[derive(Debug)]
pub struct Exchange {
    state: State,
    credentials: Credentials,
    /// What was odd so far.
    pub suspicions: Vec<Suspicion>,
}

#[derive(Debug)]
enum State {
    Plain,
    LoginUser,
    LoginPassword,
    CramMd5,
    Scram(Box<Scram>),
    Over,
}

impl Exchange {
    /// Begins: the exchange, and the initial response if the mechanism lets the client speak first.
    pub fn start(
        mechanism: &str,
        mut credentials: Credentials,
        binding: Option<Binding>,
        spoil: Option<Spoil>,
        nonce: &str,
    ) -> Result<(Self, Option<Vec<u8>>), SaslError> {
        if spoil == Some(Spoil::Password) {
            credentials.password = Secret::new(format!("{}-not", credentials.password.reveal()));
        }
        let name = mechanism.to_ascii_uppercase();
        let plus = name.ends_with("-PLUS");
        let state = match name.trim_end_matches("-PLUS") {
            "PLAIN" => State::Plain,
            "LOGIN" => State::LoginUser,
            "CRAM-MD5" => State::CramMd5,
            scram @ ("SCRAM-SHA-1" | "SCRAM-SHA-256") => {
                let hash = if scram == "SCRAM-SHA-1" { Hash::Sha1 } else { Hash::Sha256 };
                let binding = if plus { Some(binding.ok_or(SaslError::NoBinding)?) } else { None };
                State::Scram(Box::new(Scram::new(hash, &credentials.user, binding, spoil, nonce)))
            }
            _ => return Err(SaslError::Mechanism),
        };
        let initial = match &state {
            State::Plain => Some(plain(&credentials)),
            State::Scram(scram) => Some(scram.first()),
            State::LoginUser | State::LoginPassword | State::CramMd5 | State::Over => None,
        };
        Ok((Self { state, credentials, suspicions: Vec::new() }, initial))
    }

    /// Answers a decoded challenge. If the initial response was not sent with the command, the caller sends it itself
    /// as the answer to the first, empty challenge.
    pub fn step(&mut self, challenge: &[u8]) -> Result<Step, SaslError> {
        let password = self.credentials.password.reveal();
        let (next, response) = match std::mem::replace(&mut self.state, State::Over) {
            State::Plain | State::Over => return Err(SaslError::Unexpected),
            State::LoginUser => (State::LoginPassword, self.credentials.user.clone().into_bytes()),
            State::LoginPassword => (State::Over, password.clone().into_bytes()),
            State::CramMd5 => (State::Over, cram(&self.credentials, challenge)?),
            State::Scram(mut scram) => {
                let response = scram.step(challenge, password.as_bytes(), &mut self.suspicions)?;
                (State::Scram(scram), response)
            }
        };
        self.state = next;
        Ok(Step::Respond(response))
    }
}

fn plain(credentials: &Credentials) -> Vec<u8> {
    format!("\0{}\0{}", credentials.user, credentials.password.reveal()).into_bytes()
}

fn cram(credentials: &Credentials, challenge: &[u8]) -> Result<Vec<u8>, SaslError> {
    let key = credentials.password.reveal().as_bytes();
    let mac = Hmac::<Md5>::new_from_slice(key).map_err(|_| SaslError::Malformed)?;
    let digest = mac.chain_update(challenge).finalize().into_bytes();
    let hex: String = digest.iter().map(|octet| format!("{octet:02x}")).collect();
    Ok(format!("{} {hex}", credentials.user).into_bytes())
}
