//! Whole scenarios against the embedded server.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::base::{Secret, SourceFile};
use crate::catalog::Catalog;
use crate::outcome::Verdict;
use crate::refserver::{self, Config, Running};
use crate::run::{
    Attempt, CLIENT, Leased, Log, ProbeSettings, Redactor, Waiting, World, attempt, probe,
};
use crate::scenario::{Library, NoFiles, Role, Scenario, read_suite};
use crate::target::{Account, Authority, Endpoint, Keeping, ROLES, Target};
use crate::{imap, pop3, smtp};

/// The embedded server as a target.
fn target(running: &Running) -> Target {
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

async fn world(running: &Running) -> World {
    let target = target(running);
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

fn scenarios(text: &str) -> Vec<Scenario> {
    let catalog = catalog();
    let invariants: Vec<&str> =
        smtp::behind().iter().chain(pop3::behind()).chain(imap::behind()).copied().collect();
    let fragments = BTreeMap::new();
    let library = Library { catalog: &catalog, fragments: &fragments, files: &NoFiles, invariants: &invariants };
    let source = Arc::new(SourceFile { name: "t.yaml".to_owned(), text: text.to_owned() });
    read_suite(&source, "t", &library).unwrap().scenarios
}

#[tokio::test(flavor = "multi_thread")]
async fn dump() {
    let running = refserver::start(Config::default()).await.unwrap();
    let world = world(&running).await;
    let leased = Leased { alice: world.target.accounts.first().cloned(), bob: world.target.accounts.get(1).cloned() };
    let catalog = catalog();
    let invariants: Vec<&str> =
        smtp::behind().iter().chain(pop3::behind()).chain(imap::behind()).copied().collect();
    let mut fragments = BTreeMap::new();
    for name in ["smtp", "imap"] {
        let text = std::fs::read_to_string(format!("suites/std/{name}.yaml")).unwrap();
        fragments.insert(name.to_owned(), Arc::new(SourceFile { name: name.to_owned(), text }));
    }
    let only = std::env::var("ONLY").unwrap_or_default();
    for file in std::fs::read_dir("suites/examples").unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|e| e != "yaml") { continue }
        let text = std::fs::read_to_string(&path).unwrap();
        let source = Arc::new(SourceFile { name: path.display().to_string(), text });
        let files = crate::scenario::Folder::new("suites/examples");
        let library = Library { catalog: &catalog, fragments: &fragments, files: &files, invariants: &invariants };
        let suite = read_suite(&source, &format!("examples/{}", path.file_stem().unwrap().to_string_lossy()), &library).unwrap();
        for scenario in suite.scenarios {
            if !scenario.id.as_str().contains(&only) { continue }
            if !scenario.forall.is_empty() || scenario.largest.is_some() { continue }
            let start = std::time::Instant::now();
            let a = tokio::time::timeout(Duration::from_secs(20), attempt(&scenario, &world, &leased, Waiting::Ordinary, &CancellationToken::new())).await;
            let Ok(a) = a else { println!("TIMEOUT {}", scenario.id); continue };
            println!("{:?} {} {:?}", start.elapsed(), scenario.id, match &a.verdict { Verdict::Violates(f) => format!("VIOLATES {} {:?} {} exp {} got {}", f[0].requirement, f[0].step, f[0].shape, f[0].evidence.expected, f[0].evidence.actual.escaped()), v => format!("{v:?}") });
            for f in &a.invariants { println!("   INV {} {:?} {} {}", f.requirement, f.step, f.shape, f.evidence.actual.escaped()); }
            if !only.is_empty() { for e in &a.transcript.entries { println!("   {:?} {} {:?} {}", e.at, e.session, e.direction, e.octets.escaped()); } }
        }
    }
}
