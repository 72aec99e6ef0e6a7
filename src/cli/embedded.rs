//! The embedded reference server as a target: what a run tests when it is given no other.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;

use crate::base::Secret;
use crate::refserver::{self, Config, Faults, Running, Tenure};
use crate::scenario::Role;
use crate::sink::Sink;
use crate::target::{Account, Authority, Domains, Endpoint, FOREIGN_DEFAULT, Keeping, Pace, ROLES, SinkConfig, Target};

/// A server on loopback answers at once or never.
const PATIENCE: Duration = Duration::from_secs(2);

/// A running server and the target that describes it. It ends when it is dropped.
#[derive(Debug)]
pub(super) struct Embedded {
    pub(super) target: Target,
    pub(super) sink: Arc<Sink>,
    _running: Running,
    _threads: Threads,
}

/// The threads of the server: it takes no time from those that talk to it.
#[derive(Debug)]
struct Threads(Option<Runtime>);

impl Drop for Threads {
    fn drop(&mut self) {
        // A runtime may not wait for its end within another.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Starts the server with the harness as its next hop, and with two accounts for each of so many scenarios at once: all
/// may lease theirs exclusively, and none is proved in vain.
pub(super) async fn start(lanes: usize, faults: Faults) -> Result<Embedded, String> {
    let sink = Sink::bind("127.0.0.1:0").await.map_err(|error| format!("cannot listen on loopback: {error}"))?;
    let config = Config { accounts: accounts(lanes), next_hop: Some(sink.address()), faults, ..Config::default() };
    let cannot = |error: std::io::Error| format!("cannot start the reference server: {error}");
    let runtime = Runtime::new().map_err(cannot)?;
    let starting = runtime.spawn(refserver::start(config));
    let threads = Threads(Some(runtime));
    let running = starting.await.map_err(|error| cannot(error.into()))?.map_err(cannot)?;
    let target = target(&running, &sink);
    Ok(Embedded { target, sink: Arc::new(sink), _running: running, _threads: threads })
}

/// Names of fixed length, so that nothing in a report depends on who got which account.
fn accounts(lanes: usize) -> Vec<refserver::Account> {
    let named = ["alice".to_owned(), "bob".to_owned()];
    let pool = (1..lanes.saturating_mul(2).saturating_sub(1)).map(|number| format!("user{number:03}"));
    named
        .into_iter()
        .chain(pool)
        .map(|user| refserver::Account {
            password: Secret::new(format!("{user}-secret")),
            user,
            tenure: Tenure::Disposable,
        })
        .collect()
}

/// What is true of this server.
fn target(running: &Running, sink: &Sink) -> Target {
    let mut target = Target::empty("embedded");
    for (role, address) in running.endpoints() {
        let named = ROLES.iter().find(|(word, _)| *word == role.as_str());
        let role = named.map_or(Role::Mx, |(_, role)| *role);
        target.endpoints.insert(role, Endpoint::of(role, address.ip().to_string(), address.port()));
    }
    target.tls.authorities.push(Authority { path: "embedded".to_owned(), pem: running.ca_pem.clone() });
    target.tls.name = Some(running.config.hostname.clone());
    let local = running.config.domains.first().cloned().unwrap_or_default();
    target.domains = Domains { sender: local.clone(), local, foreign: FOREIGN_DEFAULT.to_owned() };
    let accounts = running.config.accounts.iter().map(|account| Account {
        user: account.user.clone(),
        address: running.config.address(account),
        password: account.password.clone(),
        password_source: None,
        // Whatever lies in a server that lives as long as this run may be deleted.
        keeping: Keeping::Disposable,
    });
    target.accounts = accounts.collect();
    let facts = [
        ("catch-all", running.config.catch_all.is_some()),
        ("outside", true),
        ("prompt", true),
        ("quota", false),
        ("shared-secret", true),
        ("sink", true),
    ];
    target.facts = facts.map(|(name, holds)| (name.to_owned(), holds)).into();
    target.pace = Pace { connections: 150, per_second: 10_000 };
    target.patience = Some(PATIENCE);
    target.sink = Some(SinkConfig { host: sink.address().ip().to_string(), port: sink.address().port() });
    target
}
