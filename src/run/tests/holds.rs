//! Verdicts that hold: what servers that are flaky, slow, busy or dying come to, after all the attempts that it takes.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::attempts::told;
use super::peer::Act::{self, Eof, Hear, Pause, Say, Tls, Wait};
use super::peer::Peer;
use crate::outcome::{Certainty, ScenarioResult, Verdict};
use crate::run::testing::{scenarios, world};
use crate::run::{Probed, Runner, RunnerSettings, World};
use crate::scenario::{Role, Scenario};
use crate::target::{Endpoint, Target, TlsTrust};

fn runner(endpoint: Endpoint, trust: TlsTrust, patience: Duration) -> Arc<Runner> {
    let mut target = Target::empty("t");
    target.endpoints.insert(Role::Mx, endpoint);
    target.tls = trust;
    let settings = RunnerSettings { pause: Duration::ZERO, ..RunnerSettings::default() };
    let world = World { patience, ..world(target, Probed::default()) };
    Arc::new(Runner::new(Arc::new(world), settings))
}

/// Scenarios of this name that say these lines in a session that was greeted.
fn saying(names: &[&str], steps: &str) -> Vec<Arc<Scenario>> {
    let one = |name: &&str| {
        format!(
            "  - id: {name}\n    covers: [rfc0-1-r]\n    session: {{ mx: greeted }}\n    steps:\n      - {{ {steps} }}\n"
        )
    };
    scenarios(&format!("scenarios:\n{}", names.iter().map(one).collect::<String>()))
}

/// The verdict and what invariants found, in one line.
fn line(result: &ScenarioResult) -> String {
    let mut line = told(&result.verdict);
    if let Verdict::Violates(findings) = &result.verdict {
        assert!(findings.iter().all(|finding| finding.certainty == Certainty::Confirmed));
    }
    for one in &result.invariants {
        line.push_str(&format!(" & {:?} {:?} {}", one.certainty, one.kind, one.requirement));
    }
    line
}

/// What one scenario comes to against a peer whose connections play these scripts, and that is gone after the last.
async fn judged(scenario: &Arc<Scenario>, patience: Duration, scripts: Vec<Vec<Act>>) -> String {
    let peer = Peer::start(scripts).await;
    let runner = runner(peer.endpoint(Role::Mx), peer.trust(), patience);
    let result = runner.judge(scenario, &CancellationToken::new()).await;
    peer.finish().await;
    line(&result)
}

/// Greeted, and one command answered so; nothing is said where the answer is empty.
fn answers(verb: &'static str, answer: &'static str) -> Vec<Act> {
    vec![Say("220 x\r\n"), Hear(verb), Say(answer), Wait]
}

/// Hears the command and closes.
fn closes(verb: &'static str) -> Vec<Act> {
    vec![Say("220 x\r\n"), Hear(verb)]
}

/// The connection that only asks whether the server lives.
fn probe() -> Vec<Act> {
    vec![Eof]
}

#[tokio::test]
async fn a_server_that_is_flaky_slow_or_busy_is_not_accused() {
    let noop = "C: NOOP, S: 250, within: 200ms";
    let (fine, wrong) = (|| answers("NOOP", "250 ok\r\n"), || answers("NOOP", "500 no\r\n"));
    let silent = || answers("NOOP", "");
    let busy = || vec![Say("421 4.7.0 too many connections\r\n")];
    let slow = vec![Say("220 x\r\n"), Hear("NOOP"), Pause(400), Say("250 ok\r\n"), Wait];
    let violates = "violates rfc0-1-r Steps 1";
    let unstable = "inconclusive: not seen again: rfc0-1-r";
    let closed = " & Unstable Close rfc5321-3.8-421-before-unsolicited-close";
    let dropped = format!("{unstable} <closed>{closed}");
    let table: Vec<(&str, Vec<Vec<Act>>, String)> = vec![
        ("right", vec![fine()], "conforms".to_owned()),
        ("wrong twice", vec![wrong(), wrong()], format!("{violates} 500 <text>: 250")),
        ("wrong once", vec![wrong(), fine()], format!("{unstable} 500 <text>")),
        ("silent twice", vec![silent(), probe(), silent(), probe()], format!("{violates} <silence>: 250")),
        ("silent once", vec![silent(), probe(), fine()], "conforms".to_owned()),
        ("slow", vec![silent(), probe(), slow], "conforms".to_owned()),
        ("busy three times", vec![busy(), busy(), busy(), fine()], "conforms".to_owned()),
        ("not greeted", vec![vec![], probe(), fine()], "conforms".to_owned()),
        ("drops one", [vec![closes("NOOP"), probe()], (0..5).map(|_| fine()).collect()].concat(), dropped),
    ];
    for (name, scripts, verdict) in table {
        let scenario = saying(&["one"], noop).remove(0);
        assert_eq!(judged(&scenario, Duration::from_secs(1), scripts).await, verdict, "{name}");
    }
}

#[tokio::test]
async fn who_is_greylisted_comes_back() {
    let steps = "C: 'RCPT TO:<a@example.test>', S: 250";
    let later = || answers("RCPT", "450 4.7.1 come back later\r\n");
    let fine = || answers("RCPT", "250 ok\r\n");
    let scenario = saying(&["one"], steps).remove(0);
    let minute = Duration::from_secs(60);
    assert_eq!(judged(&scenario, minute, (0..7).map(|_| later()).chain([fine()]).collect()).await, "conforms");
    // Patience is over at once: the usual retries are left.
    let put_off = "inconclusive: greylisted: step 1: 450 4.7.1 <text>; exempt this client, or run again later or with a \
                   longer `--patience`";
    assert_eq!(judged(&scenario, Duration::ZERO, vec![later(), later(), later()]).await, put_off);
    // Only RCPT is greylisted.
    let noop = saying(&["one"], "C: NOOP, S: 250").remove(0);
    let troubled = || answers("NOOP", "451 4.3.0 no\r\n");
    let trouble = "inconclusive: trouble at every try: step 1: 451 4.3.0 <text>; see to the server, or run again later";
    assert_eq!(judged(&noop, minute, vec![troubled(), troubled(), troubled()]).await, trouble);
}

#[tokio::test]
async fn tls_that_fails_once_is_tried_again() {
    let text = "scenarios:\n  - id: one\n    covers: [rfc0-1-r]\n    session: { mx: secured }\n    steps: [{ C: NOOP, S: 250 }]\n";
    let scenario = scenarios(text).remove(0);
    let offers =
        [Say("220 x\r\n"), Hear("EHLO"), Say("250-x\r\n250 STARTTLS\r\n"), Hear("STARTTLS"), Say("220 go\r\n")];
    let broken = || offers.to_vec();
    let secured = [Tls, Hear("EHLO"), Say("250 x\r\n"), Hear("NOOP"), Say("250 ok\r\n"), Wait];
    let whole = [offers.as_slice(), &secured].concat();
    let patience = Duration::from_secs(1);
    assert_eq!(judged(&scenario, patience, vec![broken(), probe(), whole]).await, "conforms");
    let fails = judged(&scenario, patience, vec![broken(), probe(), broken(), probe()]).await;
    assert_eq!(fails, "inconclusive: setup: STARTTLS: TLS failed");
}

#[tokio::test]
async fn a_server_that_dies_is_one_finding_and_what_follows_is_inconclusive() {
    let scenarios = saying(&["one", "two"], "C: NOOP, S: 250");
    let peer = Peer::start(vec![closes("NOOP")]).await;
    let runner = runner(peer.endpoint(Role::Mx), peer.trust(), Duration::from_millis(200));
    let cancel = CancellationToken::new();
    let died = runner.judge(&scenarios[0], &cancel).await;
    assert_eq!(
        line(&died),
        "inconclusive: gone: mx takes no connection any more: the server died here & Confirmed Crash \
         rfc5321-4.2-one-reply-per-command"
    );
    let crash = &died.invariants[0];
    assert_eq!((crash.scenario.as_str(), crash.evidence.actual.escaped().as_str()), ("t/t/one", "NOOP\\r\\n"));
    let after = runner.judge(&scenarios[1], &cancel).await;
    assert_eq!(line(&after), "inconclusive: gone: mx takes no connection any more: the server died in t/t/one");
    peer.finish().await;
}

#[tokio::test]
async fn a_server_that_says_that_it_goes_has_not_crashed() {
    let scenario = saying(&["one"], "C: NOOP, S: 250").remove(0);
    let script = vec![Say("220 x\r\n"), Hear("NOOP"), Say("421 4.3.2 shutting down\r\n")];
    let gone = "inconclusive: gone: mx takes no connection any more, and nobody's octets were the last: start the server \
                and run again";
    assert_eq!(judged(&scenario, Duration::from_millis(200), vec![script]).await, gone);
}

/// What a server with many connections makes of a line.
enum Turn {
    Answers,
    /// Says nothing until it dies.
    Waits,
    /// Dies once so many wait.
    Dies(usize),
}

/// Serves any number of connections, `most` at once, until it dies.
async fn serve(listener: TcpListener, most: usize, turn: fn(&str) -> Turn) {
    let (waiting, _) = watch::channel(0_usize);
    let waiting = Arc::new(waiting);
    let (death, mut dead) = tokio::sync::mpsc::channel::<()>(1);
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            _ = dead.recv() => return,
            accepted = listener.accept() => {
                while open.try_join_next().is_some() {}
                let (mut stream, _) = accepted.unwrap();
                if open.len() >= most {
                    let _ = stream.write_all(b"421 4.7.0 too many connections\r\n").await;
                } else {
                    open.spawn(connection(stream, Arc::clone(&waiting), death.clone(), turn));
                }
            }
        }
    }
}

async fn connection(
    mut stream: TcpStream,
    waiting: Arc<watch::Sender<usize>>,
    death: tokio::sync::mpsc::Sender<()>,
    turn: fn(&str) -> Turn,
) {
    let (read, mut write) = stream.split();
    let mut lines = BufReader::new(read).lines();
    let _ = write.write_all(b"220 x\r\n").await;
    while let Ok(Some(line)) = lines.next_line().await {
        match turn(&line) {
            Turn::Answers => {
                let _ = write.write_all(b"250 ok\r\n").await;
            }
            Turn::Waits => waiting.send_modify(|waiting| *waiting += 1),
            Turn::Dies(others) => {
                let _ = waiting.subscribe().wait_for(|waiting| *waiting >= others).await;
                let _ = death.send(()).await;
                return std::future::pending().await;
            }
        }
    }
}

/// What scenarios that run side by side come to.
async fn side_by_side(scenarios: &[Arc<Scenario>], most: usize, turn: fn(&str) -> Turn) -> Vec<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = Endpoint::of(Role::Mx, "127.0.0.1", listener.local_addr().unwrap().port());
    let server = tokio::spawn(serve(listener, most, turn));
    let runner = runner(endpoint, TlsTrust::default(), Duration::from_millis(200));
    let cancel = CancellationToken::new();
    let tasks: Vec<_> = scenarios
        .iter()
        .map(|scenario| {
            let (runner, scenario, cancel) = (Arc::clone(&runner), Arc::clone(scenario), cancel.clone());
            tokio::spawn(async move { line(&runner.judge(&scenario, &cancel).await) })
        })
        .collect();
    let mut lines = Vec::new();
    for task in tasks {
        lines.push(task.await.unwrap());
    }
    server.abort();
    lines
}

#[tokio::test]
async fn of_several_scenarios_none_is_blamed_for_the_death_of_the_server() {
    let scenarios = [saying(&["a", "b", "c"], "C: WAIT, S: 250"), saying(&["d"], "C: BOOM, S: 250")].concat();
    let lines = side_by_side(&scenarios, usize::MAX, |line| match line {
        "BOOM" => Turn::Dies(3),
        "WAIT" => Turn::Waits,
        _ => Turn::Answers,
    });
    let unclear = "inconclusive: gone: mx takes no connection any more, and several scenarios were running: `-j 1` tells in \
                   which it died";
    assert_eq!(lines.await, [unclear; 4]);
}

#[tokio::test]
async fn a_server_with_few_connections_is_given_few() {
    let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let lines = side_by_side(&saying(&names, "C: NOOP, S: 250"), 1, |_| Turn::Answers).await;
    assert_eq!(lines, ["conforms"; 8]);
}
