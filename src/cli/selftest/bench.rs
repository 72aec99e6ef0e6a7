//! A server with faults, and the suites against it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::choose::{Breadth, Broken, choose};
use super::matrix::{Fate, Outcome, Red};
use crate::catalog::Catalog;
use crate::cli::embedded::{self, Embedded};
use crate::cli::hurry::hurried;
use crate::explore::{DriveSettings, Shrinking, run_all};
use crate::refserver::{Fault, Faults};
use crate::report::{Context, Report, fold};
use crate::run::{CLIENT, Log, ProbeSettings, Probed, Redactor, Runner, RunnerSettings, World, probe};
use crate::scenario::Scenario;

/// How long a server on loopback may say nothing in the confirming run. Longer than the first run waits, for several servers
/// share the machine.
const PATIENCE: Duration = Duration::from_millis(1500);
/// Deadline of what the runner asks by itself: a server that does not answer it has a fault that shows in the ladder.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);
/// How long a probe waits for each answer.
const PROBE_WITHIN: Duration = Duration::from_secs(5);
/// Generated cases of each scenario that generates.
const CASES: u32 = 10;
/// Nobody recovers on loopback while somebody waits.
const PAUSE: Duration = Duration::from_millis(50);

/// All that is the same for each fault.
pub(super) struct Bench {
    pub(super) scenarios: Vec<Arc<Scenario>>,
    pub(super) catalog: Arc<Catalog>,
    jobs: usize,
    /// What the server without faults is. A fault may be the login, so no other server is probed, and no account proved.
    probed: Probed,
}

impl Bench {
    /// Probes a server without faults.
    pub(super) async fn open(scenarios: Vec<Scenario>, catalog: Catalog, jobs: usize) -> Result<Self, String> {
        let server = embedded::start(jobs, Faults::default()).await?;
        let log = log_for(&server);
        let settings = ProbeSettings { client: CLIENT, within: PROBE_WITHIN, log: &log };
        let probed = probe(&server.target, settings).await.map_err(|error| error.to_string())?;
        let scenarios = scenarios.into_iter().map(|scenario| Arc::new(hurried(scenario))).collect();
        Ok(Self { scenarios, catalog: Arc::new(catalog), jobs, probed })
    }

    /// What comes of one fault. `before` is red without any.
    pub(super) async fn outcome(&self, fault: Fault, before: &Red, breadth: Breadth) -> Outcome {
        let row = fault.row();
        let chosen = choose(fault, &self.scenarios, &self.catalog, breadth);
        match self.judge(Faults::from_iter([fault]), chosen).await {
            Ok(report) => Outcome::of(row, &Broken::by(row, &self.catalog), before, &report),
            Err(why) => Outcome { fault: row, fate: Fate::Untested { why } },
        }
    }

    /// Runs scenarios against a fresh embedded server with these faults.
    pub(super) async fn judge(&self, faults: Faults, scenarios: Vec<Arc<Scenario>>) -> Result<Report, String> {
        self.judge_at(&embedded::start(self.jobs, faults).await?, scenarios).await
    }

    /// Runs scenarios against this server.
    async fn judge_at(&self, server: &Embedded, scenarios: Vec<Arc<Scenario>>) -> Result<Report, String> {
        let runner = RunnerSettings { retries: 1, pause: PAUSE, ..RunnerSettings::default() };
        let runner = Runner::new(Arc::new(self.world(server)?), runner);
        let settings = DriveSettings {
            jobs: self.jobs,
            cases: Some(CASES),
            shrinking: Shrinking::AsDrawn,
            ..DriveSettings::new(Arc::clone(&self.catalog))
        };
        let (sender, mut receiver) = mpsc::unbounded_channel();
        run_all(scenarios, Arc::new(runner), settings, sender, CancellationToken::new()).await;
        let mut events = Vec::new();
        while let Some(event) = receiver.recv().await {
            events.push(event);
        }
        Ok(fold(events, &Context { catalog: &self.catalog, known: &[], excused: &[] }))
    }

    fn world(&self, server: &Embedded) -> Result<World, String> {
        let world = World::new(server.target.clone(), self.probed.clone(), PATIENCE);
        let mut world = world.map_err(|error| error.to_string())?;
        world.sink = Some(Arc::clone(&server.sink));
        (world.connect_within, world.answer_within) = (ANSWER_WITHIN, ANSWER_WITHIN);
        world.know(&self.catalog);
        Ok(world)
    }
}

fn log_for(server: &Embedded) -> Log {
    let secrets = server.target.secrets().map(|(user, secret)| (user, secret.reveal().as_str()));
    Log::new(Redactor::new(secrets))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::net::TcpListener;

    use super::*;
    use crate::cli::selftest::choose::meets;
    use crate::cli::suites::{Wanted, load};
    use crate::report::ScenarioStanding;
    use crate::scenario::Protocol;

    /// `selftest --full` leaves out what cannot meet a fault. It is all the same to these scenarios whether anybody listens where
    /// the fault would be.
    #[tokio::test(flavor = "multi_thread")]
    async fn what_cannot_meet_a_fault_does_not_need_its_service() {
        let loaded = load(&Wanted::default()).unwrap();
        let scenarios = loaded.suites.into_iter().flat_map(|suite| suite.scenarios).collect();
        let bench = Bench::open(scenarios, loaded.catalog, 2).await.unwrap();
        for protocol in [Protocol::Smtp, Protocol::Pop3, Protocol::Imap] {
            let mut server = embedded::start(2, Faults::default()).await.unwrap();
            let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            for (role, endpoint) in &mut server.target.endpoints {
                if role.protocol() == protocol {
                    endpoint.port = nobody;
                }
            }
            let apart = |scenario: &&Arc<Scenario>| !meets(scenario, &BTreeSet::from([protocol]));
            let apart: Vec<_> = bench.scenarios.iter().filter(apart).cloned().collect();
            assert!(apart.len() > 100, "{protocol:?}");
            let report = bench.judge_at(&server, apart).await.unwrap();
            for row in &report.scenarios {
                let fine = matches!(row.standing, ScenarioStanding::Conforms | ScenarioStanding::NotApplicable);
                assert!(fine, "without {protocol:?}: {row:?}");
            }
        }
    }
}
