//! Sessions that prepare accounts and clean them up stay from one scenario to the next, and no scenario can tell.

use std::time::Duration;

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::attempts::{scenarios, target, told, world};
use super::peer::Act::{self, Hear, Say, Wait};
use super::peer::Peer;
use crate::base::Secret;
use crate::refserver::{self, Config, Tap};
use crate::run::{Attempt, Leased, Probed, Tamper, Waiting, World, attempt};
use crate::scenario::{Role, Scenario};
use crate::target::{Account, Keeping, Pace, Target};

/// A scenario that needs a mailbox of its own and says NOOP.
const WITH_A_BOX: &str = "suite: attempts\ntitle: T\nscenarios:\n  - id: one\n    covers: [rfc3501-6.1.2-noop-ok]\n    session: { imap: \
                          greeted }\n    let: { name: '${box}' }\n    steps: [{ C: NOOP, S: OK }]\n";

async fn attempted(world: &World, alice: &Account, scenario: &Scenario) -> Attempt {
    let leased = Leased { alice: Some(alice.clone()), bob: None };
    let cancel = CancellationToken::new();
    let honest = Tamper::default();
    let attempt = attempt(scenario, world, &leased, Waiting::Ordinary, &honest, &cancel);
    timeout(Duration::from_secs(60), attempt).await.unwrap()
}

/// IMAP connections that the embedded server has seen after so many runs, beside those of the probe.
async fn connections(scenario: &Scenario, pace: Pace, runs: usize) -> usize {
    let tap = Tap::default();
    let running = refserver::start_tapped(Config::default(), tap.clone()).await.unwrap();
    let world = world(Target { pace, ..target(&running) }).await;
    let alice = world.target.accounts[0].clone();
    let imap = || tap.conversations().iter().filter(|one| one.role == refserver::Role::Imap).count();
    let before = imap();
    for _ in 0..runs {
        assert_eq!(told(&attempted(&world, &alice, scenario).await.verdict), "conforms");
    }
    imap() - before
}

#[tokio::test(flavor = "multi_thread")]
async fn one_keeper_serves_many_scenarios() {
    let alone = WITH_A_BOX.replace("    steps", "    lease: exclusive\n    steps");
    let [with_a_box, alone] = [WITH_A_BOX, &alone].map(|text| scenarios(text).remove(0));
    let wide = Pace { connections: 40, per_second: 1000 };
    assert_eq!(connections(&with_a_box, wide, 3).await, 3 + 1);
    // Emptying INBOX leaves nothing selected.
    assert_eq!(connections(&alone, wide, 3).await, 3 + 1);
    // Where few connections are allowed none is kept: each run prepares and cleans up on one of its own.
    assert_eq!(connections(&with_a_box, Pace { connections: 3, per_second: 1000 }, 3).await, 3 + 2 * 3);
}

fn alice() -> Account {
    Account {
        user: "alice".to_owned(),
        address: "alice@example.test".to_owned(),
        password: Secret::new("wonderland".to_owned()),
        password_source: None,
        keeping: Keeping::Kept,
    }
}

/// A login that a bare LF precedes, and nothing to prepare or clean up.
const KEEPER: [Act; 5] = [
    Say("* OK hi\n"),
    Hear("A0001 CAPABILITY"),
    Say("* CAPABILITY IMAP4rev1\r\nA0001 OK done\r\n"),
    Hear("A0002 LOGIN"),
    Say("A0002 OK [CAPABILITY IMAP4rev1] in\r\n"),
];

fn task(create: [&'static str; 2], lsub: [&'static str; 2], list: [&'static str; 2]) -> Vec<Act> {
    [create, lsub, list].into_iter().flat_map(|[command, answer]| [Hear(command), Say(answer)]).collect()
}

async fn world_of(peer: &Peer) -> World {
    let mut target = Target::empty("scripted");
    target.endpoints.insert(Role::Imap, peer.endpoint(Role::Imap));
    World::new(target, Probed::default(), Duration::from_millis(100)).unwrap()
}

#[tokio::test]
async fn who_takes_a_keeper_over_hears_what_its_opening_broke() {
    let first = task(
        ["A0003 CREATE", "A0003 OK done\r\n"],
        ["A0004 LSUB", "A0004 OK done\r\n"],
        ["A0005 LIST", "A0005 OK done\r\n"],
    );
    let second = task(
        ["A0006 CREATE", "A0006 OK done\r\n"],
        ["A0007 LSUB", "A0007 OK done\r\n"],
        ["A0008 LIST", "A0008 OK done\r\n"],
    );
    let keeper = [&KEEPER[..], &first, &second, &[Wait]].concat();
    let judged = || vec![Say("* OK hi\r\n"), Hear("A0001 NOOP"), Say("A0001 OK done\r\n"), Wait];
    let peer = Peer::start_side_by_side(vec![keeper, judged(), judged()]).await;
    let world = world_of(&peer).await;
    let scenario = scenarios(WITH_A_BOX).remove(0);
    let new = attempted(&world, &alice(), &scenario).await;
    let kept = attempted(&world, &alice(), &scenario).await;
    let broken: Vec<&str> = new.invariants.iter().map(|finding| finding.requirement.as_str()).collect();
    assert_eq!(broken, ["rfc3501-2.2-crlf-output"]);
    assert_eq!(
        (told(&new.verdict), &new.invariants, &new.watched),
        (told(&kept.verdict), &kept.invariants, &kept.watched)
    );
    let told = kept.transcript.entries.iter().find(|entry| entry.session == "keeper").unwrap();
    assert_eq!(told.octets.escaped(), "open since an earlier scenario");
}

#[tokio::test]
async fn a_keeper_to_whom_the_server_had_more_to_say_leaves() {
    let prepare = [Hear("A0003 CREATE"), Say("A0003 OK done\r\n* BYE I am tired\r\n"), Wait];
    let clean = [Hear("A0003 LSUB"), Say("A0003 OK done\r\n"), Hear("A0004 LIST"), Say("A0004 OK done\r\n"), Wait];
    let judged = vec![Say("* OK hi\r\n"), Hear("A0001 NOOP"), Say("A0001 OK done\r\n"), Wait];
    let scripts = vec![[&KEEPER[..], &prepare].concat(), judged, [&KEEPER[..], &clean].concat()];
    let peer = Peer::start_side_by_side(scripts).await;
    let world = world_of(&peer).await;
    let scenario = scenarios(WITH_A_BOX).remove(0);
    assert_eq!(told(&attempted(&world, &alice(), &scenario).await.verdict), "conforms");
    world.keepers.dismiss().await;
    peer.finish().await;
}
