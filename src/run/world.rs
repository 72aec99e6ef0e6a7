//! What all scenarios of a run share.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::attempt::Keepers;
use super::probe::Probed;
use super::redact::Redactor;
use super::tls::{TlsClient, TrustError};
use crate::base::RequirementId;
use crate::catalog::Catalog;
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
    /// Requirements that count as others: `same_as` of the catalogue, which findings and watched requirements go by.
    pub same: Arc<BTreeMap<RequirementId, RequirementId>>,
    /// Where mail that the target passes on ends up.
    pub sink: Option<Arc<Sink>>,
    /// How long a confirming run waits before it calls a server silent.
    pub patience: Duration,
    /// Deadline of connecting, in every attempt.
    pub connect_within: Duration,
    /// Deadline of each rung of a ladder and of each exchange of the runner's own.
    pub answer_within: Duration,
    /// What lies between this program and the target.
    pub distance: Distance,
    /// Sessions of the runner's own that have nothing to do.
    pub(super) keepers: Keepers,
}

/// What lies between this program and the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distance {
    /// A network, which may fail and may filter.
    Network,
    /// Nothing: this program started the server, here or in a container of this host.
    None,
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
        let (connect_within, answer_within) = (Duration::from_secs(10), Duration::from_secs(10));
        let keepers = Keepers::new(target.pace);
        Ok(Self {
            target,
            probed,
            tls,
            redactor,
            same: Arc::default(),
            sink: None,
            patience,
            connect_within,
            answer_within,
            distance: Distance::Network,
            keepers,
        })
    }

    /// Takes from the catalogue which requirements are the same.
    pub fn know(&mut self, catalog: &Catalog) {
        let rows = catalog.files().iter().flat_map(|file| &file.requirements);
        let same = rows.filter_map(|row| Some((row.id.clone(), row.same_as.clone()?)));
        self.same = Arc::new(same.collect());
    }

    /// Whether two ids count as one requirement.
    pub fn is_same(&self, one: &RequirementId, other: &RequirementId) -> bool {
        self.canonical(one) == self.canonical(other)
    }

    /// The requirement as which this one counts.
    pub fn canonical<'a>(&'a self, id: &'a RequirementId) -> &'a RequirementId {
        self.same.get(id).unwrap_or(id)
    }
}
