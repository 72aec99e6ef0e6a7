//! An exchange from its mechanism's name to its end.

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;

use super::channel::Channel;
use super::password::{check_password, equal, is_own};
use super::scram::{Binding, Hash, Scram, choose, random};
use super::wrong::misread_plain;
use crate::refserver::security::SaslFault;
use crate::refserver::{Config, Protection};

/// More octets than any honest response of these mechanisms has.
const RESPONSE_MAX: usize = 2048;

/// RFC 4616 §2: octets of each part of a PLAIN message.
const PART_MAX: usize = 255;

/// What the server does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Sends this challenge, which may be empty, and gives the response to [`Exchange::step`].
    Challenge(Vec<u8>),
    /// This user has authenticated.
    Accepted(String),
    /// Nobody has, whatever the reason.
    Refused,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mechanism {
    Plain,
    Login,
    CramMd5,
    Scram(Hash, Binding),
}

impl Mechanism {
    /// All mechanisms, the strongest first.
    const ALL: [(&'static str, Self); 7] = [
        ("SCRAM-SHA-256-PLUS", Self::Scram(Hash::Sha256, Binding::Plus)),
        ("SCRAM-SHA-1-PLUS", Self::Scram(Hash::Sha1, Binding::Plus)),
        ("SCRAM-SHA-256", Self::Scram(Hash::Sha256, Binding::Without)),
        ("SCRAM-SHA-1", Self::Scram(Hash::Sha1, Binding::Without)),
        ("CRAM-MD5", Self::CramMd5),
        ("PLAIN", Self::Plain),
        ("LOGIN", Self::Login),
    ];

    fn find(config: &Config, name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.filter(|(known, _)| is_offered(config, known)).map(|(_, mechanism)| *mechanism)
    }

    /// RFC 4954 §4: no cleartext passwords in clear, and there is nothing to bind to.
    fn works(self, protection: Protection) -> bool {
        match (self, protection) {
            (_, Protection::Tls) | (Self::CramMd5 | Self::Scram(_, Binding::Without), Protection::Clear) => true,
            (Self::Plain | Self::Login | Self::Scram(_, Binding::Plus), Protection::Clear) => false,
        }
    }
}

/// The names of all mechanisms, the strongest first.
pub fn mechanisms() -> impl Iterator<Item = &'static str> {
    Mechanism::ALL.into_iter().map(|(name, _)| name)
}

/// The names of the mechanisms that are offered, the strongest first.
pub fn offered(config: &Config, protection: Protection) -> impl Iterator<Item = &'static str> {
    let works = move |(name, mechanism): &(&str, Mechanism)| mechanism.works(protection) && is_offered(config, name);
    Mechanism::ALL.into_iter().filter(works).map(|(name, _)| name)
}

/// Whether nobody withholds a mechanism, given by its own name.
fn is_offered(config: &Config, name: &str) -> bool {
    config.offers(&format!("AUTH={name}"))
}

/// Whether a mechanism of this name is spoken, in clear or in TLS. Names compare in any case.
pub fn is_known(config: &Config, mechanism: &str) -> bool {
    Mechanism::find(config, mechanism).is_some()
}

/// A running exchange.
#[derive(Debug)]
pub struct Exchange {
    state: State,
    config: Arc<Config>,
    channel: Channel,
}

#[derive(Debug)]
enum State {
    Plain,
    LoginUser,
    LoginPassword(String),
    CramMd5(Vec<u8>),
    Scram(Hash, Binding),
    ScramProof(Box<Scram>),
    /// The server's signature is sent; an empty response follows.
    ScramEnd(String),
    Over,
}

impl Exchange {
    /// An exchange by a mechanism that is [`offered`] on this channel; there is no other.
    pub fn start(mechanism: &str, config: &Arc<Config>, channel: Channel) -> Option<Self> {
        let state =
            match Mechanism::find(config, mechanism).filter(|mechanism| mechanism.works(channel.protection()))? {
                Mechanism::Plain => State::Plain,
                Mechanism::Login => State::LoginUser,
                Mechanism::CramMd5 if config.faults.has(SaslFault::CramSameChallenge) => {
                    State::CramMd5(format!("<1.1@{}>", config.hostname).into_bytes())
                }
                Mechanism::CramMd5 => State::CramMd5(timestamp(&config.hostname)?.into_bytes()),
                Mechanism::Scram(hash, binding) => State::Scram(hash, binding),
            };
        Some(Self { state, config: Arc::clone(config), channel })
    }

    /// The first challenge, for a client that sent no initial response: empty where the client speaks first.
    pub fn challenge(&self) -> Vec<u8> {
        match &self.state {
            State::LoginUser => b"Username:".to_vec(),
            State::CramMd5(challenge) => challenge.clone(),
            State::Plain | State::Scram(..) => Vec::new(),
            State::LoginPassword(_) | State::ScramProof(_) | State::ScramEnd(_) | State::Over => Vec::new(),
        }
    }

    /// Whether its command may hold an initial response, since the client speaks first (RFC 4422 §3). No RFC defines LOGIN, whose
    /// draft has the server speak first; clients such as curl and Python's smtplib send the user name at once all the same, and
    /// servers take it.
    pub fn takes_initial_response(&self) -> bool {
        matches!(self.state, State::Plain | State::LoginUser | State::Scram(..))
    }

    /// Whose name the client has given, or gives in this response by PLAIN.
    pub fn claimed(&self, response: &[u8]) -> Option<String> {
        let plain = || str::from_utf8(response.split(|octet| *octet == 0).nth(1)?).ok();
        match &self.state {
            State::Plain => plain().map(str::to_owned),
            State::LoginPassword(user) => Some(user.clone()),
            State::ScramProof(scram) => scram.user().map(str::to_owned),
            State::LoginUser | State::CramMd5(_) | State::Scram(..) | State::ScramEnd(_) | State::Over => None,
        }
    }

    /// Takes a decoded response: the initial one, or the answer to the last challenge. After its end an exchange refuses.
    pub fn step(&mut self, response: &[u8]) -> Step {
        let state = std::mem::replace(&mut self.state, State::Over);
        if response.len() > RESPONSE_MAX {
            return Step::Refused;
        }
        let accepted = match state {
            State::Plain => plain(&self.config, response).or_else(|| misread_plain(&self.config, response)),
            State::LoginUser => {
                // A name that is no text is nobody's.
                let user = String::from_utf8_lossy(response).into_owned();
                if self.config.faults.has(SaslFault::LoginTellsNames) && self.config.account(&user).is_none() {
                    return Step::Refused;
                }
                self.state = State::LoginPassword(user);
                return Step::Challenge(b"Password:".to_vec());
            }
            State::LoginPassword(first) => check_password(&self.config, &first, response).or_else(|| {
                if self.config.faults.has(SaslFault::LoginAnyPassword) {
                    return self.config.account(&first).map(|account| account.user.clone());
                }
                let second =
                    str::from_utf8(response).ok().filter(|_| self.config.faults.has(SaslFault::LoginSwapped))?;
                check_password(&self.config, second, first.as_bytes())
            }),
            State::CramMd5(challenge) => cram_md5(&self.config, &challenge, response),
            State::Scram(hash, binding) => {
                let begun = Scram::begin((hash, binding), &self.config, &self.channel, response, choose);
                let Some((scram, challenge)) = begun else { return Step::Refused };
                self.state = State::ScramProof(Box::new(scram));
                return Step::Challenge(challenge);
            }
            State::ScramProof(scram) => {
                let Some((user, signature)) = scram.finish(response) else { return Step::Refused };
                self.state = State::ScramEnd(user);
                return Step::Challenge(signature);
            }
            State::ScramEnd(user) => response.is_empty().then_some(user),
            State::Over => None,
        };
        accepted.map_or(Step::Refused, Step::Accepted)
    }
}

/// `<random@hostname>`: an identifier that never comes twice, as CRAM-MD5 (RFC 2195 §2), APOP (RFC 1939 §7) and messages
/// need one.
pub(in crate::refserver) fn timestamp(hostname: &str) -> Option<String> {
    let number = u128::from_be_bytes(random()?);
    Some(format!("<{number}@{hostname}>"))
}

/// RFC 4616 §2.
fn plain(config: &Config, message: &[u8]) -> Option<String> {
    let message = if config.faults.has(SaslFault::PlainAnyOctets) { without_odd_identity(message) } else { message };
    let parts: Vec<&str> = str::from_utf8(message).ok()?.split('\0').collect();
    let [identity, user, password] = match *parts.as_slice() {
        [identity, user, password] => [identity, user, password],
        [user, password] if config.faults.has(SaslFault::PlainOneNul) => ["", user, password],
        _ => return None,
    };
    let bounded = parts.iter().all(|part| part.len() <= PART_MAX);
    if password.is_empty() && config.faults.has(SaslFault::PlainEmptyPassword) {
        return config.account(user).map(|account| account.user.clone());
    }
    if user.is_empty() || password.is_empty() || !bounded {
        return None;
    }
    let user = check_password(config, user, password.as_bytes())?;
    let own = config.account(&user).is_some_and(|account| is_own(account, identity));
    (own || config.faults.has(SaslFault::PlainAnyIdentity)).then_some(user)
}

/// A PLAIN message for a server that takes an identity for none if it is not UTF-8.
fn without_odd_identity(message: &[u8]) -> &[u8] {
    let at = message.iter().position(|octet| *octet == 0).unwrap_or(0);
    let (identity, rest) = message.split_at(at);
    if str::from_utf8(identity).is_ok() { message } else { rest }
}

/// RFC 2195 §2: the name, a blank and the digest in lower-case hex.
pub(super) fn cram_md5(config: &Config, challenge: &[u8], response: &[u8]) -> Option<String> {
    let (user, digest) = str::from_utf8(response).ok()?.rsplit_once(' ')?;
    let account = config.account(user);
    let key = account.map_or("", |account| account.password.reveal().as_str());
    let mac = Hmac::<Md5>::new_from_slice(key.as_bytes()).ok()?.chain_update(challenge).finalize().into_bytes();
    let expected: String = mac.iter().map(|octet| format!("{octet:02x}")).collect();
    let right = equal(expected.as_bytes(), digest.as_bytes());
    let long = config.faults.has(SaslFault::CramAnyDigest) && digest.len() == expected.len();
    account.filter(|_| right || long).map(|account| account.user.clone())
}
