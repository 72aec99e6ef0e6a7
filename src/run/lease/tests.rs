use std::time::Duration;

use tokio::time::timeout;

use super::super::cast::Accounts;
use super::*;
use crate::base::Secret;

fn account(user: &str, keeping: Keeping) -> Account {
    Account {
        user: user.to_owned(),
        address: format!("{user}@example.test"),
        password: Secret::new("x".to_owned()),
        password_source: None,
        keeping,
    }
}

fn pool(keepings: &[Keeping]) -> Arc<Pool> {
    let accounts = keepings.iter().enumerate().map(|(at, keeping)| account(&format!("u{at}"), *keeping));
    Pool::new(accounts.collect())
}

fn request(accounts: Accounts, class: Class) -> Request {
    Request { cast: Cast { accounts, sink: SinkUse::Leaves }, class }
}

fn names(loan: &Loan) -> Vec<String> {
    let leased = loan.leased();
    leased.alice.into_iter().chain(leased.bob).map(|account| account.user).collect()
}

const D: Keeping = Keeping::Disposable;
const K: Keeping = Keeping::Kept;
const ONE: Accounts = Accounts::One;
const TWO: Accounts = Accounts::Two;

/// Runs until nothing moves any more, so that whoever waits is in the queue.
async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn shared_loans_are_spread_and_run_side_by_side() {
    let pool = pool(&[D, D]);
    let mut loans = Vec::new();
    for _ in 0..4 {
        loans.push(pool.lease(request(ONE, Class::Shared)).await.unwrap());
    }
    assert_eq!(loans.iter().flat_map(names).collect::<Vec<_>>(), ["u0", "u1", "u0", "u1"]);
}

#[tokio::test]
async fn exclusive_loans_take_disposable_accounts_only() {
    let pool = pool(&[K, D, K]);
    assert_eq!(names(&pool.lease(request(ONE, Class::Exclusive)).await.unwrap()), ["u1"]);
    assert!(pool.lease(request(TWO, Class::Exclusive)).await.is_none());
    assert!(Pool::new(Vec::new()).lease(request(ONE, Class::Shared)).await.is_none());
    assert!(Pool::new(Vec::new()).lease(request(Accounts::None, Class::Exclusive)).await.is_some());
}

#[tokio::test]
async fn nobody_is_with_an_exclusive_loan() {
    let pool = pool(&[D]);
    let alone = pool.lease(request(ONE, Class::Exclusive)).await.unwrap();
    for class in [Class::Exclusive, Class::Shared] {
        assert!(timeout(Duration::from_millis(5), pool.lease(request(ONE, class))).await.is_err());
    }
    drop(alone);
    // Those who gave up are out of the queue.
    let shared = pool.lease(request(ONE, Class::Shared)).await.unwrap();
    assert!(timeout(Duration::from_millis(5), pool.lease(request(ONE, Class::Exclusive))).await.is_err());
    drop(shared);
    assert!(pool.lease(request(ONE, Class::Exclusive)).await.is_some());
}

#[tokio::test]
async fn an_exclusive_request_is_not_starved_by_shared_ones_behind_it() {
    let pool = pool(&[D]);
    let first = pool.lease(request(ONE, Class::Shared)).await.unwrap();
    let ask = |class| {
        let pool = Arc::clone(&pool);
        tokio::spawn(async move { pool.lease(request(ONE, class)).await.unwrap() })
    };
    let exclusive = ask(Class::Exclusive);
    settle().await;
    let shared = ask(Class::Shared);
    settle().await;
    assert!(!exclusive.is_finished() && !shared.is_finished());
    drop(first);
    let alone = exclusive.await.unwrap();
    settle().await;
    assert!(!shared.is_finished());
    drop(alone);
    shared.await.unwrap();
}

#[tokio::test]
async fn whoever_waits_does_not_hold_up_those_it_does_not_need() {
    let pool = pool(&[D, K]);
    let first = pool.lease(request(ONE, Class::Shared)).await.unwrap();
    assert_eq!(names(&first), ["u0"]);
    let waiting = {
        let pool = Arc::clone(&pool);
        tokio::spawn(async move { pool.lease(request(ONE, Class::Exclusive)).await.unwrap() })
    };
    settle().await;
    assert_eq!(names(&pool.lease(request(ONE, Class::Shared)).await.unwrap()), ["u1"]);
    drop(first);
    assert_eq!(names(&waiting.await.unwrap()), ["u0"]);
}

#[tokio::test]
async fn two_accounts_are_taken_at_once_and_never_in_a_circle() {
    let pool = pool(&[D, D, D]);
    let mut all = Vec::new();
    for at in 0..60 {
        let pool = Arc::clone(&pool);
        let accounts = if at % 3 == 0 { ONE } else { TWO };
        let class = if at % 2 == 0 { Class::Exclusive } else { Class::Shared };
        all.push(tokio::spawn(async move {
            let loan = pool.lease(request(accounts, class)).await.unwrap();
            settle().await;
            let names = names(&loan);
            assert_eq!(names.len(), accounts.count());
            assert_ne!(names.first(), names.get(1));
        }));
    }
    for task in all {
        timeout(Duration::from_secs(10), task).await.unwrap().unwrap();
    }
    let state = pool.lock();
    assert!(state.users.iter().all(|users| users.now == 0 && users.ever > 0) && state.waiting.is_empty());
}

#[tokio::test]
async fn one_scenario_at_a_time_looks_into_the_sink() {
    let pool = pool(&[D]);
    let reads = Request { cast: Cast { accounts: Accounts::None, sink: SinkUse::Reads }, class: Class::Exclusive };
    let first = pool.lease(reads).await.unwrap();
    assert!(timeout(Duration::from_millis(5), pool.lease(reads)).await.is_err());
    assert!(pool.lease(request(ONE, Class::Exclusive)).await.is_some());
    drop(first);
    assert!(pool.lease(reads).await.is_some());
}
