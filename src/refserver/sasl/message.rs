//! The messages of a SCRAM client, taken apart (RFC 5802 §7).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What the client says of channel binding: the beginning of the `gs2-header`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Flag {
    /// `n`: the client cannot bind.
    Unable,
    /// `y`: the client can, and believes that the server cannot.
    Unoffered,
    /// `p`: the client binds to this type.
    Bound(String),
}

/// `client-first-message`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct First {
    pub(super) flag: Flag,
    /// The authorization identity; empty for none.
    pub(super) identity: String,
    /// The `gs2-header` as sent.
    pub(super) header: String,
    pub(super) user: String,
    pub(super) nonce: String,
    /// `client-first-message-bare` as sent.
    pub(super) bare: String,
}

/// `client-final-message`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Last {
    /// The decoded `c=`.
    pub(super) binding: Vec<u8>,
    pub(super) nonce: String,
    pub(super) proof: Vec<u8>,
    /// `client-final-message-without-proof` as sent.
    pub(super) without_proof: String,
}

impl First {
    pub(super) fn parse(message: &[u8]) -> Option<Self> {
        let text = str::from_utf8(message).ok()?;
        let (flag, rest) = text.split_once(',')?;
        let (identity, bare) = rest.split_once(',')?;
        let header = text.get(..text.len() - bare.len())?;
        let flag = match flag {
            "n" => Flag::Unable,
            "y" => Flag::Unoffered,
            other => Flag::Bound(other.strip_prefix("p=").filter(|name| is_binding_name(name))?.to_owned()),
        };
        let identity = match identity {
            "" => String::new(),
            other => sasl_name(other.strip_prefix("a=")?)?,
        };
        // A mandatory extension `m=` would come first; none is known, so it fails (RFC 5802 §5.1).
        let mut attributes = bare.split(',');
        let user = sasl_name(attributes.next()?.strip_prefix("n=")?)?;
        let nonce = attributes.next()?.strip_prefix("r=").filter(|nonce| is_nonce(nonce))?.to_owned();
        attributes.all(is_extension).then(|| Self {
            flag,
            identity,
            header: header.to_owned(),
            user,
            nonce,
            bare: bare.to_owned(),
        })
    }
}

impl Last {
    pub(super) fn parse(message: &[u8]) -> Option<Self> {
        let text = str::from_utf8(message).ok()?;
        let (without_proof, proof) = text.rsplit_once(',')?;
        let proof = STANDARD.decode(proof.strip_prefix("p=")?).ok()?;
        let mut attributes = without_proof.split(',');
        let binding = STANDARD.decode(attributes.next()?.strip_prefix("c=")?).ok()?;
        let nonce = attributes.next()?.strip_prefix("r=").filter(|nonce| is_nonce(nonce))?.to_owned();
        attributes.all(is_extension).then(|| Self { binding, nonce, proof, without_proof: without_proof.to_owned() })
    }
}

/// `cb-name`
fn is_binding_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|octet| octet.is_ascii_alphanumeric() || b".-".contains(&octet))
}

/// `saslname`: a comma is written `=2C`, an equals sign `=3D`, and no other `=` stands in it.
fn sasl_name(text: &str) -> Option<String> {
    let mut pieces = text.split('=');
    let mut name = pieces.next()?.to_owned();
    for piece in pieces {
        let (code, rest) = piece.split_at_checked(2)?;
        name.push(match code {
            "2C" => ',',
            "3D" => '=',
            _ => return None,
        });
        name.push_str(rest);
    }
    (!name.is_empty() && !name.contains('\0')).then_some(name)
}

/// `1*printable`; the comma has been split at.
fn is_nonce(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_graphic())
}

/// `attr-val`: what is not understood is ignored, but it must have its form, and `m` is not ignored (RFC 5802 §5.1).
fn is_extension(text: &str) -> bool {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    let letter = name.len() == 1 && name.bytes().all(|octet| octet.is_ascii_alphabetic());
    letter && name != "m" && !value.is_empty() && !value.contains('\0')
}
