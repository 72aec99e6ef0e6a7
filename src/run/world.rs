//! What all scenarios of a run share.

use std::sync::Arc;
use std::time::Duration;

use super::probe::Probed;
use super::redact::Redactor;
use super::tls::{TlsClient, TrustError};
use crate::sink::Sink;
use crate::target::{Account, Target};

/// The EHLO name that stands for `${client}`: a reserved name (RFC 2606 §2).
pub const CLIENT: &str = "client.example";

/// A target that was probed, and what is needed to talk to it.
#[derive(Debug)]
pub struct World {
    /// The server under test.
    pub target: Target,
    /// What the probe found out.
    pub probed: Probed,
    /// Settings of TLS handshakes.
    pub tls: TlsClient,
    /// Hides the passwords of all accounts.
    pub redactor: Redactor,
    /// Where mail that the target passes on ends up.
    pub sink: Option<Arc<Sink>>,
    /// How long a confirming run waits before it calls a server silent.
    pub patience: Duration,
    /// Deadline of connecting, in every attempt.
    pub connect_within: Duration,
}

/// The accounts of one scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leased {
    /// None where the target has no accounts; then the scenario names none.
    pub alice: Option<Account>,
    /// The second account, if the scenario names it.
    pub bob: Option<Account>,
}

impl World {
    /// A world without a sink, for a probed target.
    pub fn new(target: Target, probed: Probed, patience: Duration) -> Result<Self, TrustError> {
        let tls = TlsClient::new(&target.tls)?;
        let redactor = Redactor::new(target.secrets().map(|(user, secret)| (user, secret.reveal().as_str())));
        Ok(Self { target, probed, tls, redactor, sink: None, patience, connect_within: Duration::from_secs(10) })
    }
}
