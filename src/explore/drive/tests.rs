use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::mpsc::unbounded_channel;

use super::*;
use crate::outcome::{Replay, Unmet};
use crate::run::testing::{catalog, runner, scenarios, violation};
use crate::scenario::Value;

/// All events of a run.
async fn events(
    text: &str,
    runner: Arc<Runner>,
    settings: DriveSettings,
    cancel: CancellationToken,
) -> (Vec<String>, BTreeMap<String, ScenarioResult>) {
    let (sender, mut receiver) = unbounded_channel();
    run_all(scenarios(text), runner, settings, sender, cancel).await;
    let (mut told, mut results) = (Vec::new(), BTreeMap::new());
    while let Some(event) = receiver.recv().await {
        told.push(match event {
            Event::RunStarted { scenarios } => format!("run of {scenarios}"),
            Event::ScenarioStarted { id } => format!("{id} starts"),
            Event::ScenarioFinished(result) => {
                let line = format!("{} {}", result.id, words(&result.verdict));
                results.insert(result.id.to_string(), *result);
                line
            }
            Event::RunFinished => "end".to_owned(),
        });
    }
    (told, results)
}

fn words(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Conforms => "conforms".to_owned(),
        Verdict::Violates(findings) => format!("violates {}", findings[0].shape),
        Verdict::NotApplicable(unmet) => unmet.to_string(),
        Verdict::Inconclusive(doubt) => doubt.to_string(),
    }
}

async fn one(keys: &str, runner: Arc<Runner>, settings: DriveSettings) -> ScenarioResult {
    let (_, mut results) = events(&property(keys), runner, settings, CancellationToken::new()).await;
    results.remove("t/t/one").unwrap()
}

/// A scenario with these keys that sends `${n}`.
fn property(keys: &str) -> String {
    format!(
        "scenarios:\n  - id: one\n    covers: [rfc0-1-r]\n    {keys}\n    session: {{ mx: ready }}\n    \
         steps: [{{ C: 'NOOP ${{n}}', S: 250 }}]\n"
    )
}

fn three() -> String {
    let one = |id: &str| {
        format!(
            "  - id: {id}\n    covers: [rfc0-1-r]\n    session: {{ mx: ready }}\n    steps: [{{ C: NOOP, S: 250 }}]\n"
        )
    };
    format!("scenarios:\n{}{}{}", one("a"), one("b"), one("c"))
}

fn settings() -> DriveSettings {
    DriveSettings::new(Arc::new(catalog()))
}

/// What a concrete scenario has in the place of `${n}`.
fn number(scenario: &Scenario) -> u64 {
    let Some((_, Value::Octets(text))) = scenario.values.first() else { panic!("{:?}", scenario.values) };
    String::from_utf8_lossy(&text.as_text().unwrap()).parse().unwrap()
}

#[tokio::test]
async fn every_scenario_starts_and_ends_in_order() {
    let (told, _) = events(&three(), runner(|_| Verdict::Conforms), settings(), CancellationToken::new()).await;
    let expected = [
        "run of 3",
        "t/t/a starts",
        "t/t/a conforms",
        "t/t/b starts",
        "t/t/b conforms",
        "t/t/c starts",
        "t/t/c conforms",
        "end",
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn no_more_scenarios_run_at_once_than_there_are_jobs() {
    let text = three();
    let settings = DriveSettings { jobs: 2, ..settings() };
    let (told, results) = events(&text, runner(|_| Verdict::Conforms), settings, CancellationToken::new()).await;
    assert_eq!(told[..3], ["run of 3", "t/t/a starts", "t/t/b starts"]);
    assert_eq!(results.len(), 3);
    let mut open = 0_i32;
    for line in &told {
        open += i32::from(line.ends_with("starts")) - i32::from(line.ends_with("conforms"));
        assert!((0..=2).contains(&open), "{told:?}");
    }
}

#[tokio::test]
async fn enough_failures_cancel_the_rest() {
    let counts: Arc<dyn Fn(&ScenarioResult) -> bool + Send + Sync> =
        Arc::new(|result| matches!(result.verdict, Verdict::Violates(_)));
    let settings = DriveSettings { failures: Some(FailureLimit { max: 1, counts }), ..settings() };
    let runner = runner(|task| violation(&task.scenario, "500"));
    let cancel = CancellationToken::new();
    let (told, _) = events(&three(), runner, settings, cancel.clone()).await;
    assert_eq!(told[1..], ["t/t/a starts", "t/t/a violates 500", "t/t/b cancelled", "t/t/c cancelled", "end"]);
    assert!(!cancel.is_cancelled());
}

#[tokio::test]
async fn a_cancelled_or_overdue_run_ends_every_scenario() {
    let cancel = CancellationToken::new();
    cancel.cancel();
    let (told, _) = events(&three(), runner(|_| Verdict::Conforms), settings(), cancel).await;
    assert_eq!(told, ["run of 3", "t/t/a cancelled", "t/t/b cancelled", "t/t/c cancelled", "end"]);
    let settings = DriveSettings { max_time: Some(Duration::ZERO), jobs: 9, ..settings() };
    let (told, results) = events(&three(), runner(|_| Verdict::Conforms), settings, CancellationToken::new()).await;
    assert_eq!((told.last().map(String::as_str), results.len()), (Some("end"), 3));
}

#[tokio::test]
async fn all_cases_of_a_property_are_run_and_each_has_its_value() {
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let numbers = Arc::clone(&seen);
    let runner = runner(move |task| {
        numbers.lock().unwrap().push(number(&task.scenario));
        Verdict::Conforms
    });
    let keys = "forall: { n: { number: { from: 0, to: 100000 } } }\n    cases: 20";
    let result = one(keys, Arc::clone(&runner), settings()).await;
    assert_eq!((result.verdict, result.counterexample), (Verdict::Conforms, None));
    let first: Vec<u64> = std::mem::take(&mut *seen.lock().unwrap());
    assert_eq!(first.len(), 20);
    one(keys, Arc::clone(&runner), DriveSettings { cases: Some(3), ..settings() }).await;
    assert_eq!(std::mem::take(&mut *seen.lock().unwrap()), first[..3]);
    one(keys, runner, DriveSettings { seed: Some(7), ..settings() }).await;
    assert_ne!(*seen.lock().unwrap(), first);
}

#[tokio::test]
async fn a_failing_case_is_made_smaller_written_read_back_and_run_again() {
    let folder = std::env::temp_dir().join(format!("mailproof-counterexamples-{}", std::process::id()));
    let runner = runner(|task| match number(&task.scenario) {
        n if n >= 700 => violation(&task.scenario, "500"),
        n if n >= 600 => violation(&task.scenario, "other"),
        _ => Verdict::Conforms,
    });
    let keys = "forall: { n: { number: { from: 0, to: 100000 } } }";
    let with = DriveSettings { counterexamples: Some(folder.clone()), ..settings() };
    let result = one(keys, Arc::clone(&runner), with.clone()).await;
    assert_eq!(words(&result.verdict), "violates 500");
    let found = result.counterexample.unwrap();
    assert_eq!(found.replay, Replay::Reproducible);
    let text = std::fs::read_to_string(found.file.unwrap()).unwrap();
    assert!(text.contains("    let:\n      n: 700\n"), "{text}");
    insta::assert_snapshot!(text);

    let plain = DriveSettings { shrinking: Shrinking::AsDrawn, counterexamples: None, ..with };
    let drawn = one(keys, runner, plain).await;
    assert_eq!(drawn.counterexample.map(|found| (found.case, found.replay)), Some((found.case, Replay::NotTried)));
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_case_that_fails_otherwise_from_its_file_is_not_called_reproducible() {
    let folder = std::env::temp_dir().join(format!("mailproof-flaky-{}", std::process::id()));
    let runner = runner(|task| {
        let from_file = task.scenario.id.as_str().starts_with("counterexamples/");
        if from_file { Verdict::Conforms } else { violation(&task.scenario, "500") }
    });
    let settings = DriveSettings { counterexamples: Some(folder.clone()), ..settings() };
    let result = one("forall: { n: { number: { from: 0, to: 9 } } }", runner, settings).await;
    assert_eq!(result.counterexample.unwrap().replay, Replay::Differs("it conforms".to_owned()));
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn cases_that_say_nothing_do_not_hide_those_that_do() {
    let skip = || Verdict::NotApplicable(Unmet::Skipped("k".to_owned()));
    let doubt = || Verdict::Inconclusive(Doubt::NoSink);
    for (name, script, expected, runs) in [
        ("skips", vec![skip(), skip(), skip(), skip()], "skipped: k", 4),
        ("one holds", vec![skip(), Verdict::Conforms, skip(), skip()], "conforms", 4),
        ("a doubt", vec![doubt(), Verdict::Conforms, Verdict::Conforms, skip()], &Doubt::NoSink.to_string(), 4),
        ("doubts", vec![doubt(), doubt(), doubt(), doubt()], &Doubt::NoSink.to_string(), 3),
        ("not applicable", vec![Verdict::NotApplicable(Unmet::NoTls); 4], "no TLS offered", 1),
    ] {
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        let runner = runner(move |_| script[counted.fetch_add(1, Ordering::SeqCst)].clone());
        let keys = "forall: { n: { number: { from: 0, to: 9 } } }\n    cases: 4";
        let result = one(keys, runner, settings()).await;
        assert_eq!((words(&result.verdict).as_str(), count.load(Ordering::SeqCst)), (expected, runs), "{name}");
    }
}

#[tokio::test]
async fn a_limit_is_found_and_is_no_finding() {
    let runner = runner(|task| match number(&task.scenario) {
        n if n <= 4321 => Verdict::Conforms,
        _ => violation(&task.scenario, "500"),
    });
    let result = one("largest: { n: 505..100000 }", Arc::clone(&runner), settings()).await;
    assert_eq!((result.verdict, result.largest), (Verdict::Conforms, Some(4321)));
    let result = one("largest: { n: 5000..100000 }", runner, settings()).await;
    assert_eq!((words(&result.verdict).as_str(), result.largest), ("violates 500", None));
}

#[tokio::test]
async fn one_slip_of_the_network_is_no_limit() {
    let slipped = std::sync::atomic::AtomicBool::new(false);
    let runner = runner(move |task| match number(&task.scenario) {
        n if n > 2000 && !slipped.swap(true, Ordering::SeqCst) => {
            Verdict::Inconclusive(Doubt::Connection("reset".to_owned()))
        }
        n if n <= 4321 => Verdict::Conforms,
        _ => Verdict::Inconclusive(Doubt::Setup("552".to_owned())),
    });
    assert_eq!(one("largest: { n: 505..100000 }", runner, settings()).await.largest, Some(4321));
}
