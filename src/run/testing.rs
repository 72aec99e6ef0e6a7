//! Small worlds and scenarios for tests of this layer and the next.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::attempt::Attempt;
use super::probe::Probed;
use super::runner::{Runner, RunnerSettings, Task};
use super::world::World;
use crate::base::{Secret, SourceFile};
use crate::catalog::Catalog;
use crate::outcome::{Certainty, Evidence, Finding, FindingKind, Part, StepRef, Verdict};
use crate::scenario::{Diagnostics, Library, NoFiles, Scenario, read_suite};
use crate::target::{Account, Endpoint, Keeping, Target, Verification};

/// One requirement, `rfc0-1-r`.
pub(crate) fn catalog() -> Catalog {
    let text = "title: T\nprotocol: smtp\nrequirements:\n  - { id: rfc0-1-r, section: \"1\", level: must, text: t, \
                observable: \"yes\", weight: 1 }\n";
    Catalog::read([("rfc0", text)]).unwrap()
}

/// The scenarios of a file, which is written from `scenarios:` on.
pub(crate) fn scenarios(text: &str) -> Vec<Arc<Scenario>> {
    let text = format!("suite: t/t\ntitle: T\n{text}");
    let source = Arc::new(SourceFile { name: "t/t.yaml".to_owned(), text });
    let (catalog, fragments) = (catalog(), BTreeMap::new());
    let library = Library { catalog: &catalog, fragments: &fragments, files: &NoFiles, invariants: &[] };
    let suite = read_suite(&source, "t/t", &library);
    let suite = suite.unwrap_or_else(|mistakes| panic!("{}", Diagnostics::new(mistakes)));
    suite.scenarios.into_iter().map(Arc::new).collect()
}

/// One scenario that sends NOOP, with these keys and sessions before its steps.
pub(crate) fn scenario(keys: &str) -> Arc<Scenario> {
    let mut keys = keys.lines().map(|line| format!("    {line}\n")).collect::<String>();
    let one = if keys.contains("sessions:") { "in: a, " } else { "" };
    if !keys.contains("session") {
        keys.push_str("    session: { mx: ready }\n");
    }
    let steps = format!("    steps: [{{ {one}C: NOOP, S: 250 }}]\n");
    let text = format!("scenarios:\n  - id: one\n    covers: [rfc0-1-r]\n{keys}{steps}");
    let first = |role: &str| keys.find(&format!("{{ {role}")).unwrap_or(usize::MAX);
    let others = first("mx").min(first("smtp")).min(first("submission"));
    let answer = [("imap", "S: OK"), ("pop3", "S: +OK")].into_iter().find(|(role, _)| first(role) < others);
    scenarios(&text.replace("S: 250", answer.map_or("S: 250", |(_, answer)| answer))).remove(0)
}

/// An account of the test's target.
pub(crate) fn account(user: &str, keeping: Keeping) -> Account {
    Account {
        user: user.to_owned(),
        address: format!("{user}@example.test"),
        password: Secret::new("wonderland".to_owned()),
        password_source: None,
        keeping,
    }
}

/// A target with an endpoint for each role, which nobody listens on, and two disposable accounts.
pub(crate) fn target() -> Target {
    let mut target = Target::empty("t");
    for (port, (_, role)) in (1..).zip(crate::target::ROLES) {
        target.endpoints.insert(role, Endpoint::of(role, "127.0.0.1", port));
    }
    target.accounts = ["alice", "bob"].map(|user| account(user, Keeping::Disposable)).to_vec();
    target.domains.local = "example.test".to_owned();
    target.domains.sender = "example.test".to_owned();
    target.tls.verification = Verification::Off;
    target.pace.per_second = 1_000_000;
    target
}

/// A world around it.
pub(crate) fn world(target: Target, probed: Probed) -> World {
    World::new(target, probed, Duration::from_millis(1)).unwrap()
}

/// A runner in that world, whose attempts come to what `verdict` says.
pub(crate) fn runner(verdict: impl Fn(&Task) -> Verdict + Send + Sync + 'static) -> Arc<Runner> {
    let verdict = Arc::new(verdict);
    let attempts = move |task: Task| -> std::pin::Pin<Box<dyn Future<Output = Attempt> + Send>> {
        let verdict = Arc::clone(&verdict);
        Box::pin(async move { attempt(&task.scenario, verdict(&task)) })
    };
    let settings = RunnerSettings { pause: Duration::ZERO, ..RunnerSettings::default() };
    Arc::new(Runner::with_attempts(Arc::new(world(target(), Probed::default())), settings, Arc::new(attempts)))
}

/// An attempt that saw nothing but its verdict.
pub(crate) fn attempt(scenario: &Scenario, verdict: Verdict) -> Attempt {
    let judged = match &verdict {
        Verdict::Conforms | Verdict::Violates(_) => scenario.covers.clone(),
        Verdict::NotApplicable(_) | Verdict::Inconclusive(_) => Vec::new(),
    };
    Attempt { judged, ..Attempt::bare(verdict) }
}

/// A violation of this shape.
pub(crate) fn violation(scenario: &Scenario, shape: &str) -> Verdict {
    Verdict::Violates(vec![Finding {
        requirement: scenario.covers[0].clone(),
        scenario: scenario.id.clone(),
        step: StepRef { part: Part::Steps, number: 1 },
        kind: FindingKind::Mismatch,
        shape: shape.to_owned(),
        certainty: Certainty::Unstable,
        evidence: Evidence { expected: scenario.id.to_string(), ..Evidence::default() },
    }])
}
