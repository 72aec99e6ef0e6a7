//! Every way to log in, proved at the embedded server, which shares no code with the client.

use std::time::Duration;

use super::attempts::target;
use crate::refserver::{self, Config};
use crate::run::{CLIENT, Log, ProbeSettings, Redactor, probe};
use crate::scenario::Role;
use crate::target::{Security, Target};

/// Where one account was proved, and how; a line for each protocol.
async fn proofs(target: &Target) -> String {
    let log = Log::new(Redactor::default());
    let settings = ProbeSettings { client: CLIENT, within: Duration::from_secs(30), log: &log };
    let probed = probe(target, settings).await.unwrap();
    assert!(probed.unreachable.is_empty() && probed.proofs.iter().all(|proof| proof.doubtful.is_empty()));
    let lines: Vec<String> = probed.describe().into_iter().filter(|line| line.contains("accepted [")).collect();
    lines.join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_to_log_in_is_proved() {
    let running = refserver::start(Config::default()).await.unwrap();
    let mut target = target(&running);
    target.accounts.truncate(1);
    let secured = proofs(&target).await;
    target.endpoints.retain(|role, _| matches!(role, Role::Submission | Role::Pop3));
    for endpoint in target.endpoints.values_mut() {
        endpoint.security = Security::Clear;
    }
    let clear = proofs(&target).await;
    insta::assert_snapshot!(format!("in TLS\n{secured}\nin clear\n{clear}"));
}
