//! One row of the catalogue. `docs/catalog.md` describes the file format.

use serde::{Deserialize, Serialize};

use crate::base::RequirementId;

/// The RFC 2119 force of a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// MUST, or the force of the grammar.
    Must,
    /// MUST NOT.
    MustNot,
    /// SHOULD.
    Should,
    /// SHOULD NOT.
    ShouldNot,
    /// MAY: only reported.
    May,
}

/// Whether a black-box client can judge a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Observable {
    /// A client alone.
    Yes,
    /// Only with the delivered message read back.
    Delivery,
    /// Only under a known configuration of the server.
    Config,
    /// Not from outside.
    No,
}

/// What a requirements file is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    /// SMTP.
    Smtp,
    /// Message submission.
    Submission,
    /// LMTP.
    Lmtp,
    /// POP3.
    Pop3,
    /// IMAP.
    Imap,
    /// SASL, in any protocol.
    Sasl,
    /// TLS, in any protocol.
    Tls,
    /// Messages as such.
    Message,
}

/// One requirement on a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// Stable key.
    pub id: RequirementId,
    /// Section of the RFC.
    pub section: String,
    /// Its force.
    pub level: Level,
    /// Capabilities that must be announced for it to apply.
    #[serde(default)]
    pub needs: Vec<String>,
    /// The requirement in one sentence of our own.
    pub text: String,
    /// How a client finds out.
    #[serde(default)]
    pub probe: String,
    /// Who can judge it.
    pub observable: Observable,
    /// Why nobody can, with `observable: no`.
    #[serde(default)]
    pub why_not: String,
    /// 3 interoperability, data or security; 2 clients affected; 1 cosmetic.
    pub weight: u8,
    /// Whether generated input expresses it better than one example.
    #[serde(default)]
    pub generative: bool,
    /// The row that is counted in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_as: Option<RequirementId>,
}

impl Level {
    /// Whether a breach fails a run by default.
    pub fn is_must(self) -> bool {
        match self {
            Self::Must | Self::MustNot => true,
            Self::Should | Self::ShouldNot | Self::May => false,
        }
    }
}

impl Level {
    /// Whether a breach fails a run only under `--fail-on should`.
    pub fn is_should(self) -> bool {
        match self {
            Self::Should | Self::ShouldNot => true,
            Self::Must | Self::MustNot | Self::May => false,
        }
    }

    /// Whether a breach is only information.
    pub fn is_may(self) -> bool {
        self == Self::May
    }
}

impl Observable {
    /// Whether the row belongs to the denominator.
    pub fn counts(self) -> bool {
        match self {
            Self::Yes | Self::Delivery | Self::Config => true,
            Self::No => false,
        }
    }
}
