use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::super::testing::{runner, scenario, target, violation, world};
use super::super::{Probed, Switches};
use super::*;
use crate::outcome::{Certainty, Unmet};

#[tokio::test]
async fn a_violation_is_confirmed_by_a_second_attempt_as_the_same_account() {
    let users = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&users);
    let runner = runner(move |task| {
        seen.lock().unwrap().push(task.leased.alice.as_ref().map(|alice| alice.user.clone()));
        violation(&task.scenario, "500")
    });
    let result = runner.judge(&scenario("session: { imap: selected }"), &CancellationToken::new()).await;
    let Verdict::Violates(findings) = &result.verdict else { panic!("{:?}", result.verdict) };
    assert_eq!(findings[0].certainty, Certainty::Confirmed);
    assert_eq!(result.judged, result.covers);
    assert_eq!(*users.lock().unwrap(), [Some("alice".to_owned()), Some("alice".to_owned())]);
}

#[tokio::test]
async fn a_scenario_that_names_nobody_is_given_nobody() {
    let runner = runner(|task| {
        let nobody = task.leased == Leased { alice: None, bob: None };
        if nobody { Verdict::Conforms } else { violation(&task.scenario, "somebody") }
    });
    let result = runner.judge(&scenario("lease: exclusive"), &CancellationToken::new()).await;
    assert_eq!(result.verdict, Verdict::Conforms);
}

#[tokio::test]
async fn what_does_not_apply_is_not_attempted() {
    let runner = runner(|_| panic!("attempted"));
    let result = runner.judge(&scenario("needs: [slow]"), &CancellationToken::new()).await;
    assert_eq!(result.verdict, Verdict::NotApplicable(Unmet::Need("slow".to_owned())));
}

#[tokio::test]
async fn a_panic_is_an_internal_error_and_gives_the_accounts_back() {
    let runner = runner(|task| if task.leased.bob.is_some() { panic!("number {}", 7) } else { Verdict::Conforms });
    let two = scenario("lease: exclusive\nsession: { imap: authenticated, user: bob }");
    let cancel = CancellationToken::new();
    let result = runner.judge(&two, &cancel).await;
    assert_eq!(result.verdict, Verdict::Inconclusive(Doubt::Internal("number 7".to_owned())));
    let one = scenario("lease: exclusive\nsession: { imap: selected }");
    assert_eq!(runner.judge(&one, &cancel).await.verdict, Verdict::Conforms);
}

#[tokio::test]
async fn trouble_is_tried_again_and_a_single_try_is_not_confirmed() {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let runner = runner(move |_| match counted.fetch_add(1, Ordering::SeqCst) {
        0 => Verdict::Inconclusive(Doubt::Trouble("421".to_owned())),
        _ => Verdict::Conforms,
    });
    let (one, cancel) = (scenario(""), CancellationToken::new());
    assert_eq!(runner.judge(&one, &cancel).await.verdict, Verdict::Conforms);
    assert_eq!(count.swap(0, Ordering::SeqCst), 2);
    assert!(matches!(runner.try_once(&one, &cancel).await.verdict, Verdict::Inconclusive(Doubt::Trouble(_))));
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_cancelled_run_is_not_attempted() {
    let cancel = CancellationToken::new();
    cancel.cancel();
    let result = runner(|_| panic!("attempted")).judge(&scenario(""), &cancel).await;
    assert_eq!(result.verdict, Verdict::Inconclusive(Doubt::Cancelled));
}

/// Nobody listens on port 1 of loopback.
#[tokio::test]
async fn a_server_that_is_gone_is_inconclusive() {
    let settings = RunnerSettings { switches: Switches::default(), retries: 1, pause: Duration::ZERO };
    let runner = Runner::new(Arc::new(world(target(), Probed::default())), settings);
    let result = runner.judge(&scenario(""), &CancellationToken::new()).await;
    assert!(matches!(result.verdict, Verdict::Inconclusive(Doubt::Gone(_))), "{:?}", result.verdict);
}
