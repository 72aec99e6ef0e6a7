use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::peer::{Act, Peer};
use crate::outcome::{Certainty, ScenarioResult, Verdict};
use crate::run::testing::{scenario, world};
use crate::run::{Probed, Runner, RunnerSettings};
use crate::scenario::Role;
use crate::target::Target;

/// Judges a NOOP against a peer that plays these scripts.
async fn judge(scripts: Vec<Vec<Act>>) -> ScenarioResult {
    let peer = Peer::start(scripts).await;
    let mut target = Target::empty("t");
    target.endpoints.insert(Role::Mx, peer.endpoint(Role::Mx));
    target.tls = peer.trust();
    let settings = RunnerSettings { pause: Duration::ZERO, ..RunnerSettings::default() };
    let runner = Runner::new(Arc::new(world(target, Probed::default())), settings);
    let result = runner.judge(&scenario(""), &CancellationToken::new()).await;
    peer.finish().await;
    result
}

fn script(answer: &'static str) -> Vec<Act> {
    let mut acts = vec![Act::Say("220 a\r\n"), Act::Hear("EHLO"), Act::Say("250 a\r\n"), Act::Hear("NOOP")];
    acts.extend([Act::Say(answer), Act::Wait]);
    acts
}

#[tokio::test]
async fn a_right_answer_conforms_at_the_first_attempt() {
    let result = judge(vec![script("250 fine\r\n")]).await;
    assert_eq!((result.verdict, result.judged), (Verdict::Conforms, result.covers));
    assert!(!result.transcript.entries.is_empty());
}

#[tokio::test]
async fn a_wrong_answer_is_reported_when_it_comes_twice() {
    let result = judge(vec![script("500 no\r\n"), script("500 never\r\n")]).await;
    let Verdict::Violates(findings) = result.verdict else { panic!("{:?}", result.verdict) };
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].certainty, Certainty::Confirmed);
}

#[tokio::test]
async fn a_server_that_was_busy_is_asked_again() {
    let result = judge(vec![vec![Act::Say("421 busy\r\n")], script("250 fine\r\n")]).await;
    assert_eq!(result.verdict, Verdict::Conforms);
}
