//! Whole scenarios against the embedded server.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::base::{Secret, SourceFile};
use crate::catalog::Catalog;
use crate::outcome::Verdict;
use crate::refserver::{self, Config, Running};
use crate::run::{CLIENT, Leased, Log, ProbeSettings, Redactor, Tamper, Waiting, World, attempt, probe};
use crate::scenario::{Library, NoFiles, Scenario, read_suite};
use crate::target::{Account, Authority, Endpoint, Keeping, ROLES, Target};
use crate::{imap, pop3, smtp};

/// The embedded server as a target.
pub(super) fn target(running: &Running) -> Target {
    let mut target = Target::empty("embedded");
    for (role, address) in running.endpoints() {
        let (_, role) = ROLES.into_iter().find(|(word, _)| *word == role.as_str()).unwrap();
        target.endpoints.insert(role, Endpoint::of(role, address.ip().to_string(), address.port()));
    }
    target.tls.authorities = vec![Authority { path: "ca.pem".to_owned(), pem: running.ca_pem.clone() }];
    target.tls.name = Some(running.config.hostname.clone());
    target.accounts = ["alice", "bob"].map(|user| account(running, user)).into();
    target.domains.local = "example.test".to_owned();
    target.domains.sender = "example.test".to_owned();
    target.domains.foreign = "foreign.example".to_owned();
    target
}

fn account(running: &Running, user: &str) -> Account {
    let account = running.config.account(user).unwrap();
    Account {
        user: user.to_owned(),
        address: running.config.address(account),
        password: Secret::new(account.password.reveal().clone()),
        password_source: None,
        keeping: Keeping::Disposable,
    }
}

/// A world around it, which was probed.
pub(super) async fn world(target: Target) -> World {
    let log = Log::new(Redactor::default());
    let settings = ProbeSettings { client: CLIENT, within: Duration::from_secs(10), log: &log };
    let probed = probe(&target, settings).await.unwrap();
    World::new(target, probed, Duration::from_secs(2)).unwrap()
}

fn catalog() -> Catalog {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/suites/requirements");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let texts: Vec<(String, String)> = files
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    Catalog::read(texts.iter().map(|(name, text)| (name.as_str(), text.as_str()))).unwrap()
}

pub(super) fn scenarios(text: &str) -> Vec<Scenario> {
    let catalog = catalog();
    let invariants: Vec<&str> = smtp::behind().iter().chain(pop3::behind()).chain(imap::behind()).copied().collect();
    let fragments = BTreeMap::new();
    let library = Library { catalog: &catalog, fragments: &fragments, files: &NoFiles, invariants: &invariants };
    let source = Arc::new(SourceFile { name: "t.yaml".to_owned(), text: text.to_owned() });
    read_suite(&source, "attempts", &library).unwrap().scenarios
}

/// The verdict in one line, with the shape or the reason.
pub(super) fn told(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Conforms => "conforms".to_owned(),
        Verdict::Violates(findings) => {
            let told: Vec<String> = findings
                .iter()
                .map(|one| {
                    format!(
                        "{} {:?} {} {}: {}",
                        one.requirement, one.step.part, one.step.number, one.shape, one.evidence.expected
                    )
                })
                .collect();
            format!("violates {}", told.join("; "))
        }
        Verdict::NotApplicable(unmet) => format!("not applicable: {unmet}"),
        Verdict::Inconclusive(doubt) => format!("inconclusive: {doubt}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_way_to_a_verdict_is_taken() {
    let running = refserver::start(Config::default()).await.unwrap();
    let world = world(target(&running)).await;
    let [alice, bob] = ["alice", "bob"].map(|user| Some(account(&running, user)));
    let leased = Leased { alice, bob };
    let mut lines = String::new();
    for scenario in scenarios(include_str!("attempts.yaml")) {
        let attempt =
            attempt(&scenario, &world, &leased, Waiting::Ordinary, &Tamper::default(), &CancellationToken::new()).await;
        let name = scenario.id.as_str().trim_start_matches("attempts/");
        let judged: Vec<&str> = attempt.judged.iter().map(|id| id.as_str()).collect();
        lines.push_str(&format!("{name}: {}\n  judged [{}]\n", told(&attempt.verdict), judged.join(", ")));
        for one in &attempt.invariants {
            lines.push_str(&format!("  invariant {} {}\n", one.requirement, one.shape));
        }
        for entry in &attempt.transcript.entries {
            let octets = entry.octets.escaped();
            assert!(!octets.contains("-secret"), "{octets}");
        }
    }
    insta::assert_snapshot!(lines);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_attempt_says_so() {
    let running = refserver::start(Config::default()).await.unwrap();
    let world = world(target(&running)).await;
    let leased = Leased { alice: Some(account(&running, "alice")), bob: None };
    let cancel = CancellationToken::new();
    cancel.cancel();
    let scenario = scenarios(include_str!("attempts.yaml")).remove(0);
    let attempt = attempt(&scenario, &world, &leased, Waiting::Ordinary, &Tamper::default(), &cancel).await;
    assert_eq!(told(&attempt.verdict), "inconclusive: cancelled");
}
