//! SCRAM-SHA-1 and SCRAM-SHA-256, with and without channel binding. RFC 5802, RFC 7677.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::{SaslError, Spoil, Suspicion};

/// Beyond this an iteration count is an attack on our time: about a second. RFC 5802 §9 speaks of such servers.
const MOST_ITERATIONS: u32 = 2_000_000;

/// Channel binding data of the TLS connection. RFC 5929, RFC 9266.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// `tls-exporter` or `tls-server-end-point`.
    pub name: &'static str,
    /// The data.
    pub data: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hash {
    Sha1,
    Sha256,
}

#[derive(Debug)]
pub(super) struct Scram {
    hash: Hash,
    header: String,
    binding: Vec<u8>,
    bare: String,
    nonce: String,
    spoil: Option<Spoil>,
    signature: Option<Vec<u8>>,
    finished: Option<()>,
}

impl Scram {
    pub(super) fn new(hash: Hash, user: &str, binding: Option<Binding>, spoil: Option<Spoil>, nonce: &str) -> Self {
        let user = user.replace('=', "=3D").replace(',', "=2C");
        let header = binding.as_ref().map_or_else(|| "n,,".to_owned(), |binding| format!("p={},,", binding.name));
        let bare = format!("n={user},r={nonce}");
        let binding = binding.map(|binding| binding.data).unwrap_or_default();
        Self { hash, header, binding, bare, nonce: nonce.to_owned(), spoil, signature: None, finished: None }
    }

    pub(super) fn first(&self) -> Vec<u8> {
        format!("{}{}", self.header, self.bare).into_bytes()
    }

    pub(super) fn step(
        &mut self,
        challenge: &[u8],
        password: &[u8],
        odd: &mut Vec<Suspicion>,
    ) -> Result<Vec<u8>, SaslError> {
        let text = std::str::from_utf8(challenge).map_err(|_| SaslError::Malformed)?;
        if self.finished.is_some() {
            return Err(SaslError::Unexpected);
        }
        let Some(signature) = &self.signature else { return self.last(text, password, odd) };
        let sent = text.strip_prefix("v=").and_then(|rest| rest.split(',').next()).ok_or(SaslError::Malformed)?;
        self.finished = Some(());
        if STANDARD.decode(sent).ok().as_ref() == Some(signature) { Ok(Vec::new()) } else { Err(SaslError::Signature) }
    }

    fn last(&mut self, text: &str, password: &[u8], odd: &mut Vec<Suspicion>) -> Result<Vec<u8>, SaslError> {
        let mut parts = text.split(',');
        let mut attribute =
            |name: &str| parts.next().and_then(|part| part.strip_prefix(name)).ok_or(SaslError::Malformed);
        let nonce = attribute("r=")?;
        let salt = STANDARD.decode(attribute("s=")?).map_err(|_| SaslError::Malformed)?;
        let rounds: u32 = attribute("i=")?.parse().map_err(|_| SaslError::Malformed)?;
        if !nonce.starts_with(&self.nonce) || nonce.len() == self.nonce.len() {
            return Err(SaslError::Nonce);
        }
        if rounds == 0 || rounds > MOST_ITERATIONS {
            return Err(SaslError::Iterations);
        }
        if rounds < 4096 {
            let requirement = match self.hash {
                Hash::Sha1 => "rfc5802-5.1-iteration-count-4096",
                Hash::Sha256 => "rfc7677-3-iteration-count-4096",
            };
            odd.push(Suspicion { requirement, what: "an iteration count below 4096" });
        }
        let mut bound = [self.header.as_bytes(), &self.binding].concat();
        if self.spoil == Some(Spoil::ChannelBinding) {
            bound.push(b'x');
        }
        let other = if self.spoil == Some(Spoil::Nonce) { "x" } else { "" };
        let without = format!("c={},r={nonce}{other}", STANDARD.encode(bound));
        let message = format!("{},{text},{without}", self.bare);
        let salted = self.salted(password, &salt, rounds);
        let client = self.mac(&salted, b"Client Key")?;
        let signature = self.mac(&self.digest(&client), message.as_bytes())?;
        let mut proof: Vec<u8> = client.iter().zip(&signature).map(|(left, right)| left ^ right).collect();
        if let (Some(Spoil::Proof), Some(first)) = (self.spoil, proof.first_mut()) {
            *first ^= 1;
        }
        self.signature = Some(self.mac(&self.mac(&salted, b"Server Key")?, message.as_bytes())?);
        Ok(format!("{without},p={}", STANDARD.encode(proof)).into_bytes())
    }

    fn salted(&self, password: &[u8], salt: &[u8], rounds: u32) -> Vec<u8> {
        match self.hash {
            Hash::Sha1 => pbkdf2::pbkdf2_hmac_array::<Sha1, 20>(password, salt, rounds).to_vec(),
            Hash::Sha256 => pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(password, salt, rounds).to_vec(),
        }
    }

    fn digest(&self, octets: &[u8]) -> Vec<u8> {
        match self.hash {
            Hash::Sha1 => Sha1::digest(octets).to_vec(),
            Hash::Sha256 => Sha256::digest(octets).to_vec(),
        }
    }

    fn mac(&self, key: &[u8], octets: &[u8]) -> Result<Vec<u8>, SaslError> {
        let bad = |_| SaslError::Malformed;
        Ok(match self.hash {
            Hash::Sha1 => {
                Hmac::<Sha1>::new_from_slice(key).map_err(bad)?.chain_update(octets).finalize().into_bytes().to_vec()
            }
            Hash::Sha256 => {
                Hmac::<Sha256>::new_from_slice(key).map_err(bad)?.chain_update(octets).finalize().into_bytes().to_vec()
            }
        })
    }
}
