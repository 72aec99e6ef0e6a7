//! What a target is: where its services listen, whose accounts may be used, what is known about it.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::base::{RequirementId, Secret};
use crate::scenario::Role;

/// A server under test. docs/targets.md.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Name for reports.
    pub name: String,
    /// One endpoint a role; `Role::Smtp` is never a key.
    pub endpoints: BTreeMap<Role, Endpoint>,
    /// Whose certificates are trusted.
    pub tls: TlsTrust,
    /// Domains put into `${domain}`, `${foreign}` and `${sender}`.
    pub domains: Domains,
    /// Accounts in the order of the file; the first two are alice and bob.
    pub accounts: Vec<Account>,
    /// What a probe cannot find out, by name.
    pub facts: BTreeMap<String, bool>,
    /// Deviations that are known.
    pub known: Vec<Known>,
    /// Scenarios whose inconclusive verdict is excused.
    pub inconclusive: Vec<Excuse>,
    /// How gently the target is treated.
    pub pace: Pace,
    /// How long a confirming run waits for silence; none leaves the default.
    pub patience: Option<Duration>,
    /// Where the harness listens as the target's next hop.
    pub sink: Option<SinkConfig>,
}

/// Where one service listens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Endpoint {
    /// Host name or IP address, without brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// When TLS begins.
    pub security: Security,
}

/// When TLS begins on an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Security {
    /// Never, whatever is offered.
    Clear,
    /// By STARTTLS or STLS, where it is offered.
    Offered,
    /// With the connection.
    Implicit,
}

/// Whose certificates are trusted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TlsTrust {
    /// Certificates of authorities; empty means those of the system.
    pub authorities: Vec<Authority>,
    /// Name that the certificate must carry; none is the endpoint's host.
    pub name: Option<String>,
    /// Whether certificates are looked at.
    pub verification: Verification,
}

/// Trusted certificates from one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// Path as written, for messages and for the writer.
    pub path: String,
    /// The PEM text.
    pub pem: String,
}

/// Whether certificates are looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Verification {
    /// Chain and name are verified.
    #[default]
    Full,
    /// Any certificate will do: `-k`, `insecure`.
    Off,
}

/// Domains of a target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Domains {
    /// A domain the target serves: `${domain}`. Empty when nothing tells it.
    pub local: String,
    /// One that it does not serve: `${foreign}`.
    pub foreign: String,
    /// Domain of `${sender}`.
    pub sender: String,
}

/// One account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Login name.
    pub user: String,
    /// Mail address.
    pub address: String,
    /// Password.
    pub password: Secret<String>,
    /// Where the password was read from, as written in a target file; none for a literal.
    pub password_source: Option<String>,
    /// Whether INBOX may be emptied.
    pub keeping: Keeping,
}

/// What may happen to an account's mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// Everything in it may be deleted.
    Disposable,
    /// Only what a scenario created may be deleted.
    Kept,
}

/// A known deviation: it excuses only what matches all of requirement, scenario and shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The broken sentence, canonical or not.
    pub requirement: RequirementId,
    /// Id or prefix of scenarios, or `invariant`.
    pub scenario: String,
    /// Shape of the finding.
    pub shape: String,
    /// One precise sentence.
    pub reason: String,
    /// Where it is discussed.
    pub link: Option<String>,
    /// Last day it excuses, `YYYY-MM-DD`.
    pub until: Option<String>,
}

/// An excused inconclusive verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excuse {
    /// Id or prefix of scenarios.
    pub scenario: String,
    /// One precise sentence.
    pub reason: String,
}

/// How gently the target is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Connections open at once, at least 1.
    pub connections: u32,
    /// New connections a second, at least 1.
    pub per_second: u32,
}

/// Where the harness listens as the target's next hop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SinkConfig {
    /// Host name or address to listen on.
    pub host: String,
    /// TCP port; 0 takes any.
    pub port: u16,
}

/// The reserved domain that stands for strangers when no other is named. RFC 2606 §2.
pub const FOREIGN_DEFAULT: &str = "foreign.example";

/// Roles that have endpoints of their own, with the words they are written by.
pub const ROLES: [(&str, Role); 7] = [
    ("mx", Role::Mx),
    ("submission", Role::Submission),
    ("submissions", Role::Submissions),
    ("pop3", Role::Pop3),
    ("pop3s", Role::Pop3s),
    ("imap", Role::Imap),
    ("imaps", Role::Imaps),
];

/// The port a role listens on unless another is named.
pub fn default_port(role: Role) -> u16 {
    match role {
        Role::Mx | Role::Smtp => 25,
        Role::Submission => 587,
        Role::Submissions => 465,
        Role::Pop3 => 110,
        Role::Pop3s => 995,
        Role::Imap => 143,
        Role::Imaps => 993,
    }
}

/// When TLS begins for a role unless something else is said.
pub fn default_security(role: Role) -> Security {
    match role {
        Role::Submissions | Role::Pop3s | Role::Imaps => Security::Implicit,
        Role::Mx | Role::Submission | Role::Pop3 | Role::Imap | Role::Smtp => Security::Offered,
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self { connections: 20, per_second: 50 }
    }
}

impl Target {
    /// A target with nothing but a name.
    pub fn empty(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            endpoints: BTreeMap::new(),
            tls: TlsTrust::default(),
            domains: Domains::default(),
            accounts: Vec::new(),
            facts: BTreeMap::new(),
            known: Vec::new(),
            inconclusive: Vec::new(),
            pace: Pace::default(),
            patience: None,
            sink: None,
        }
    }

    /// The endpoint that a session of this role connects to, and the role it really has: `smtp` is mx or else
    /// submission, `imap` and `pop3` are the cleartext port or else the TLS one. docs/suite-language.md section 5.
    pub fn endpoint(&self, role: Role) -> Option<(Role, &Endpoint)> {
        let candidates: &[Role] = match role {
            Role::Smtp => &[Role::Mx, Role::Submission],
            Role::Imap => &[Role::Imap, Role::Imaps],
            Role::Pop3 => &[Role::Pop3, Role::Pop3s],
            Role::Mx => &[Role::Mx],
            Role::Submission => &[Role::Submission],
            Role::Submissions => &[Role::Submissions],
            Role::Pop3s => &[Role::Pop3s],
            Role::Imaps => &[Role::Imaps],
        };
        candidates.iter().find_map(|candidate| self.endpoints.get(candidate).map(|endpoint| (*candidate, endpoint)))
    }

    /// Fills in the domains that nothing named: local from alice's address, sender as local, foreign reserved.
    pub(super) fn complete_domains(&mut self) {
        let alices = self.accounts.first().and_then(|alice| alice.address.rsplit_once('@')).map(|(_, domain)| domain);
        if self.domains.local.is_empty() {
            self.domains.local = alices.unwrap_or_default().to_owned();
        }
        if self.domains.sender.is_empty() {
            self.domains.sender = alices.map_or_else(|| self.domains.local.clone(), str::to_owned);
        }
        if self.domains.foreign.is_empty() {
            FOREIGN_DEFAULT.clone_into(&mut self.domains.foreign);
        }
    }

    /// All passwords, for redaction.
    pub fn secrets(&self) -> impl Iterator<Item = (&str, &Secret<String>)> {
        self.accounts.iter().map(|account| (account.user.as_str(), &account.password))
    }
}

impl Endpoint {
    /// An endpoint of this role at `host:port`, with the role's own security.
    pub fn of(role: Role, host: impl Into<String>, port: u16) -> Self {
        Self { host: host.into(), port, security: default_security(role) }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_address(f, &self.host, self.port)
    }
}

impl fmt::Display for SinkConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_address(f, &self.host, self.port)
    }
}

fn write_address(f: &mut fmt::Formatter<'_>, host: &str, port: u16) -> fmt::Result {
    if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
}
