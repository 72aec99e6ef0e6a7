//! SCRAM-SHA-1 and SCRAM-SHA-256 (RFC 5802, RFC 7677).

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::channel::Channel;
use super::message::{First, Flag, Last};
use super::password::{equal, is_own};
use crate::refserver::security::SaslFault;
use crate::refserver::{Config, Faults};

/// RFC 5802 §5.1 and RFC 7677 §3: at least 4096.
const ITERATIONS: u32 = 4096;

/// The hash function of a mechanism.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hash {
    Sha1,
    Sha256,
}

/// Whether a mechanism is one of the -PLUS ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binding {
    Without,
    Plus,
}

/// What the server chooses for one exchange.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub(super) nonce: String,
    pub(super) salt: Vec<u8>,
}

/// A server that has sent its first message.
#[derive(Debug)]
pub(super) struct Scram {
    hash: Hash,
    /// Who has authenticated if the proof is right; without an account it never is.
    user: Option<String>,
    salted: Vec<u8>,
    nonce: String,
    /// What `c=` must hold.
    bound: Vec<u8>,
    /// The two first messages.
    begun: String,
    faults: Faults,
}

impl Scram {
    /// Answers `client-first-message` with `server-first-message`, or refuses. A name without an account is refused later,
    /// together with wrong proofs.
    pub(super) fn begin(
        (hash, binding): (Hash, Binding),
        config: &Config,
        channel: &Channel,
        message: &[u8],
        choose: impl FnOnce(&str) -> Option<Choice>,
    ) -> Option<(Self, Vec<u8>)> {
        let first = First::parse(message)?;
        let data = match (&first.flag, binding, channel) {
            (Flag::Bound(name), Binding::Plus, _) => channel.data(name)?,
            // RFC 5802 §6: the server offers -PLUS in TLS, so somebody took it out of the list.
            (Flag::Unoffered, Binding::Without, Channel::Tls { .. }) => return None,
            (Flag::Unable, Binding::Without, _) | (Flag::Unoffered, Binding::Without, Channel::Clear) => &[],
            (Flag::Bound(_), Binding::Without, _) | (Flag::Unable | Flag::Unoffered, Binding::Plus, _) => return None,
        };
        let Choice { nonce, salt } = choose(&first.user)?;
        let account = config.account(&first.user).filter(|account| is_own(account, &first.identity));
        let password = account.map_or("", |account| account.password.reveal().as_str());
        let faults = config.faults.clone();
        let own = if faults.has(SaslFault::ScramClientNonce) && hash == Hash::Sha1 { "" } else { &nonce };
        let alone = faults.has(SaslFault::ScramServerNonce) && hash == Hash::Sha256;
        let nonce = format!("{}{own}", if alone { "" } else { &first.nonce });
        let few = match hash {
            Hash::Sha1 => faults.has(SaslFault::ScramSha1FewRounds),
            Hash::Sha256 => faults.has(SaslFault::ScramFewRounds),
        };
        let rounds = if few { ITERATIONS - 1 } else { ITERATIONS };
        let reply = format!("r={nonce},s={},i={rounds}", STANDARD.encode(&salt));
        let scram = Self {
            hash,
            user: account.map(|account| account.user.clone()),
            salted: hash.salted(password.as_bytes(), &salt, rounds),
            bound: [first.header.as_bytes(), data].concat(),
            begun: format!("{},{reply}", first.bare),
            nonce,
            faults,
        };
        Some((scram, reply.into_bytes()))
    }

    /// Who has authenticated if the proof is right.
    pub(super) fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// Judges `client-final-message`: the user and `server-final-message`.
    pub(super) fn finish(self, message: &[u8]) -> Option<(String, Vec<u8>)> {
        let last = Last::parse(message)?;
        let signed = format!("{},{}", self.begun, last.without_proof);
        let key = self.hash.mac(&self.salted, b"Client Key")?;
        let stored = self.hash.digest(&key);
        let signature = self.hash.mac(&stored, signed.as_bytes())?;
        let proof: Vec<u8> = key.iter().zip(&signature).map(|(left, right)| left ^ right).collect();
        let any_proof = match self.hash {
            Hash::Sha1 => self.faults.has(SaslFault::ScramAnyProof),
            Hash::Sha256 => self.faults.has(SaslFault::ScramLengthOfProof) && last.proof.len() == proof.len(),
        };
        let longer = self.faults.has(SaslFault::ScramLongerNonce) && last.nonce.starts_with(&self.nonce);
        let right = (equal(&proof, &last.proof) | any_proof)
            & ((last.nonce == self.nonce) | longer)
            & (equal(&self.bound, &last.binding) | self.faults.has(SaslFault::ScramAnyBinding));
        let wrong = self.faults.has(SaslFault::ScramWrongSignature) && self.hash == Hash::Sha256;
        let signed = if wrong { self.begun.as_str() } else { signed.as_str() };
        let mistaken = self.faults.has(SaslFault::ScramClientKeySigns) && self.hash == Hash::Sha1;
        let key: &[u8] = if mistaken { b"Client Key" } else { b"Server Key" };
        let server = self.hash.mac(&self.hash.mac(&self.salted, key)?, signed.as_bytes())?;
        let user = self.user.filter(|_| right)?;
        Some((user, format!("v={}", STANDARD.encode(server)).into_bytes()))
    }
}

/// A fresh nonce and the salt of a name. Names with and without an account get theirs alike, and always the same one.
pub(super) fn choose(user: &str) -> Option<Choice> {
    static KEY: LazyLock<Option<[u8; 32]>> = LazyLock::new(random);
    let key = (*KEY)?;
    let mut salt = Hash::Sha256.mac(&key, user.to_ascii_lowercase().as_bytes())?;
    salt.truncate(16);
    Some(Choice { nonce: STANDARD.encode(random::<18>()?), salt })
}

/// Random octets, if the system has any.
pub(super) fn random<const COUNT: usize>() -> Option<[u8; COUNT]> {
    let mut octets = [0; COUNT];
    getrandom::fill(&mut octets).ok().map(|()| octets)
}

impl Hash {
    /// `Hi(password, salt, i)`. Passwords count as octets: SASLprep leaves ASCII as it is, and accounts have no other.
    fn salted(self, password: &[u8], salt: &[u8], rounds: u32) -> Vec<u8> {
        match self {
            Self::Sha1 => pbkdf2::pbkdf2_hmac_array::<Sha1, 20>(password, salt, rounds).to_vec(),
            Self::Sha256 => pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(password, salt, rounds).to_vec(),
        }
    }

    fn digest(self, octets: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => Sha1::digest(octets).to_vec(),
            Self::Sha256 => Sha256::digest(octets).to_vec(),
        }
    }

    fn mac(self, key: &[u8], octets: &[u8]) -> Option<Vec<u8>> {
        Some(match self {
            Self::Sha1 => Hmac::<Sha1>::new_from_slice(key).ok()?.chain_update(octets).finalize().into_bytes().to_vec(),
            Self::Sha256 => {
                Hmac::<Sha256>::new_from_slice(key).ok()?.chain_update(octets).finalize().into_bytes().to_vec()
            }
        })
    }
}
