//! Whole scenarios against peers that play a script: what correct but unusual servers do, and what hostile ones do.

use std::time::Duration;

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::attempts::{scenarios, told};
use super::peer::Act::{self, Flood, Hear, Pause, Say, Tls, Wait};
use super::peer::{Peer, soon};
use crate::base::Secret;
use crate::outcome::{Doubt, FindingKind, Verdict};
use crate::pop3;
use crate::run::talk::{Fall, Talk};
use crate::run::{Attempt, Leased, Log, Probed, Redactor, Session, Tamper, Waiting, World, attempt};
use crate::scenario::{Protocol, Role};
use crate::target::{Account, Keeping, Target};

/// Runs one scenario, written from its `covers` on, against a peer in this role.
async fn run(role: Role, keys: &str, scripts: Vec<Vec<Act>>) -> Attempt {
    run_as(None, role, keys, scripts).await
}

/// Runs it with an account.
async fn run_as(alice: Option<Account>, role: Role, keys: &str, scripts: Vec<Vec<Act>>) -> Attempt {
    let peer = Peer::start(scripts).await;
    let mut target = Target::empty("scripted");
    target.endpoints.insert(role, peer.endpoint(role));
    let world = World::new(target, Probed::default(), Duration::from_millis(100)).unwrap();
    let keys: String = keys.lines().map(|line| format!("    {line}\n")).collect();
    let text = format!("suite: attempts\ntitle: T\nscenarios:\n  - id: one\n{keys}");
    let scenario = scenarios(&text).remove(0);
    let leased = Leased { alice, bob: None };
    let cancel = CancellationToken::new();
    let tamper = Tamper::default();
    let attempt = attempt(&scenario, &world, &leased, Waiting::Ordinary, &tamper, &cancel);
    timeout(Duration::from_secs(60), attempt).await.unwrap()
}

const NOOP: &str = "covers: [rfc5321-4.1.1.9-noop-250]\nsession: { mx: greeted }\nsteps:\n";

#[tokio::test]
async fn the_close_after_a_421_that_a_line_named_is_trouble() {
    let keys = format!("{NOOP}  - {{ C: NOOP, S: '4xx | 250' }}\n  - {{ C: NOOP, S: 250 }}");
    let script = vec![Say("220 x\r\n"), Hear("NOOP"), Say("421 4.3.2 bye\r\n")];
    let attempt = run(Role::Mx, &keys, vec![script]).await;
    assert_eq!(
        told(&attempt.verdict),
        "inconclusive: trouble at every try: step 2: closed after 421 4.3.2 <text>; see to the server, or run again later"
    );
}

#[tokio::test]
async fn a_line_that_says_open_means_it_whatever_the_server_says_when_it_closes() {
    let keys = format!("{NOOP}  - C: NOOP\n    S: |\n      250\n      open 5s");
    let script = vec![Say("220 x\r\n"), Hear("NOOP"), Say("250 ok\r\n421 4.3.2 bye\r\n")];
    let attempt = run(Role::Mx, &keys, vec![script]).await;
    assert!(told(&attempt.verdict).starts_with("violates"), "{}", told(&attempt.verdict));
}

#[tokio::test]
async fn a_step_that_hears_nothing_judges_nothing() {
    let keys = format!("{NOOP}  - C: NOOP\n  - S: 250, skip | 251");
    let script = vec![Say("220 x\r\n"), Hear("NOOP"), Say("250 ok\r\n"), Wait];
    let attempt = run(Role::Mx, &keys, vec![script]).await;
    assert_eq!(told(&attempt.verdict), "not applicable: skipped: 250 | 251");
}

#[tokio::test]
async fn a_check_without_values_judges_nothing() {
    let keys = "covers: [rfc1939-5-stat-format, rfc1939-5-noop-ok]\nsession: { pop3: greeted }\nsteps:\n  - C: STAT\n    \
                S: +OK ${n} _ @rfc1939-5-stat-format | -ERR, done\n    check: ${n} = 1 @rfc1939-5-noop-ok\n  - C: NOOP\n    S: \
                +OK @rfc1939-5-noop-ok";
    let keys = keys
        .replace("+OK ${n} _ @rfc1939-5-stat-format | -ERR, done", "+OK ${n} _ | -ERR, done @rfc1939-5-stat-format");
    let script = vec![Say("+OK x\r\n"), Hear("STAT"), Say("-ERR no\r\n"), Wait];
    let attempt = run(Role::Pop3, &keys, vec![script]).await;
    let judged: Vec<&str> = attempt.judged.iter().map(|id| id.as_str()).collect();
    assert_eq!(judged, ["rfc1939-5-stat-format"], "{}", told(&attempt.verdict));
}

#[tokio::test]
async fn a_server_that_closes_after_the_client_did_was_asked_to() {
    let keys = format!("{NOOP}  - C: NOOP\n  - do: close\n    S: 250");
    let script = vec![Say("220 x\r\n"), Hear("NOOP"), Act::Eof];
    let attempt = run(Role::Mx, &keys, vec![script]).await;
    assert_eq!(attempt.invariants, []);
}

#[tokio::test]
async fn answers_of_an_earlier_connection_are_none_of_the_next() {
    let keys = "covers: [rfc3501-6.1.2-noop-ok]\nsession: { imap: greeted }\nsteps:\n  - C: NOOP\n    S: |\n      * 1 \
                EXISTS\n      OK\n    until: 2s";
    let script = |answer| vec![Say("* OK x\r\n"), Hear("A0001 NOOP"), Say(answer)];
    let scripts = vec![script("A0001 OK done\r\n"), script("* 1 EXISTS\r\nA0001 OK done\r\n")];
    assert_eq!(told(&run(Role::Imap, keys, scripts).await.verdict), "conforms");
}

#[tokio::test]
async fn smtputf8_that_was_sent_raw_permits_utf_8() {
    let keys = format!("{NOOP}  - send: 'MAIL FROM:<a@example.test> SMTPUTF8\\r\\n'\n    S: 250");
    let script = vec![Say("220 x\r\n"), Hear("MAIL"), Say("250 grüße\r\n"), Wait];
    let attempt = run(Role::Mx, &keys, vec![script]).await;
    assert_eq!((told(&attempt.verdict).as_str(), attempt.invariants), ("conforms", vec![]));
}

#[tokio::test]
async fn a_go_ahead_that_comes_late_is_silence() {
    let keys = "covers: [rfc3501-6.2.3-login-success]\nsession: { imap: greeted }\nsteps:\n  - C: LOGIN {\"a\"} {\"b\"}\n    S: OK\n    \
                within: 200ms";
    let script = vec![Say("* OK x\r\n"), Hear("A0001 LOGIN"), Pause(300), Say("+ go\r\n"), Wait];
    let verdict = told(&run(Role::Imap, keys, vec![script]).await.verdict);
    assert!(verdict.contains("<silence>"), "{verdict}");
}

/// A line that is long enough to fill every bound soon.
fn flood(start: &str) -> Act {
    Flood(Box::leak(format!("{start} {}\r\n", "a".repeat(50_000)).into_boxed_str()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_replies_ends() {
    let keys = format!("{NOOP}  - send: 'NOOP\\r\\n'\n    S: open 30s");
    let attempt = run(Role::Mx, &keys, vec![vec![Say("220 x\r\n"), Hear("NOOP"), flood("250")]]).await;
    assert_eq!(told(&attempt.verdict), "inconclusive: connection: an answer beyond every bound");
}

#[tokio::test]
async fn a_flood_on_the_way_up_ends() {
    let peer = Peer::start(vec![vec![Hear("A0001 CAPABILITY"), Flood("* OK still here\r\n")]]).await;
    let log = Log::new(Redactor::default());
    let endpoint = peer.endpoint(Role::Imap);
    let session = Session::connect("s", Protocol::Imap, &endpoint, &peer.tls(), &log, soon()).await;
    let mut session = session.unwrap();
    session.set_limit(20_000);
    let mut said = Vec::new();
    let mut talk = Talk { session: &mut session, said: &mut said, deadline: soon() };
    let fall = talk.tagged("CAPABILITY").await.unwrap_err();
    assert_eq!(fall, Fall::Doubt(Doubt::Connection("an answer without end".to_owned())));
}

#[tokio::test]
async fn words_of_a_hostile_server_are_not_repeated() {
    let keys = "covers: [rfc1939-5-stat-format]\nsession: { pop3: secured }\nsteps:\n  - { C: NOOP, S: +OK }";
    let attempt = run(Role::Pop3, keys, vec![vec![Say("\x1b[31m+OK hello\r\n"), Wait]]).await;
    assert_eq!(told(&attempt.verdict), "inconclusive: setup: greeting: <malformed>");
}

#[tokio::test]
async fn a_certificate_that_the_target_file_does_not_trust_accuses_nobody() {
    let keys = format!("{NOOP}  - {{ C: STARTTLS, S: 220 }}\n  - do: tls");
    let script = vec![Say("220 x\r\n"), Hear("STARTTLS"), Say("220 go\r\n"), Tls];
    let attempt = run(Role::Mx, &keys, vec![script]).await;
    assert_eq!(told(&attempt.verdict), "inconclusive: setup: step 2: the certificate is not trusted");
}

#[tokio::test]
async fn what_a_line_names_still_counts_for_a_watched_requirement() {
    let keys = "covers: [rfc3501-5.2-exists-never-shrinks]\nwatch: [rfc3501-5.2-exists-never-shrinks]\nsession: { imap: greeted \
                }\nsteps:\n  - { C: SELECT INBOX, S: OK, for: setup }\n  - C: NOOP\n    S: |\n      * _ EXISTS\n      OK\n    for: setup";
    let script = vec![
        Say("* OK x\r\n"),
        Hear("A0001 SELECT"),
        Say("* 3 EXISTS\r\nA0001 OK done\r\n"),
        Hear("A0002 NOOP"),
        Say("* 2 EXISTS\r\nA0002 OK done\r\n"),
        Wait,
    ];
    let verdict = told(&run(Role::Imap, keys, vec![script]).await.verdict);
    assert!(verdict.starts_with("violates rfc3501-5.2-exists-never-shrinks"), "{verdict}");
}

#[tokio::test]
async fn a_greeting_is_one_line_even_if_a_command_went_before_it() {
    let peer = Peer::start(vec![vec![Say("+OK x\r\n+OK list\r\n1 2\r\n.\r\n"), Wait]]).await;
    let log = Log::new(Redactor::default());
    let endpoint = peer.endpoint(Role::Pop3);
    let session = Session::connect("s", Protocol::Pop3, &endpoint, &peer.tls(), &log, soon()).await;
    let mut session = session.unwrap();
    session.expect_forms(&[pop3::Form::Multi]);
    let raw = [session.next(soon()).await, session.next(soon()).await];
    let raw = raw.map(|seen| seen.raw().unwrap().to_string());
    assert_eq!(raw, ["+OK x\\r\\n", "+OK list\\r\\n1 2\\r\\n.\\r\\n"]);
}

#[tokio::test]
async fn the_second_half_of_a_line_is_no_line_of_its_own() {
    let keys = "covers: [rfc1939-5-noop-ok]\nsession: { pop3: greeted }\nsteps:\n  - { send: 'NO', for: setup }\n  - send: \
                'OP\\r\\n'\n    S: +OK\n  - C: LIST\n    S: |\n      +OK\n      ...\n      .";
    let script =
        vec![Say("+OK x\r\n"), Hear("NOOP"), Say("+OK\r\n"), Hear("LIST"), Say("+OK list\r\n1 2\r\n.\r\n"), Wait];
    let attempt = run(Role::Pop3, keys, vec![script]).await;
    assert_eq!((told(&attempt.verdict).as_str(), attempt.invariants), ("conforms", vec![]));
}

#[tokio::test]
async fn who_says_logout_asks_for_bye() {
    let keys = "covers: [rfc3501-6.1.2-noop-ok]\nsession: { imap: greeted }\nsteps:\n  - { C: LOGOUT, S: OK }";
    let script = vec![Say("* OK x\r\n"), Hear("A0001 LOGOUT"), Say("* BYE so long\r\n")];
    let verdict = told(&run(Role::Imap, keys, vec![script]).await.verdict);
    assert!(verdict.starts_with("violates"), "{verdict}");
}

#[tokio::test]
async fn a_line_more_or_less_after_a_bare_lf_is_forgotten_with_the_next_command() {
    let keys = "covers: [rfc1939-5-noop-ok]\nsession: { pop3: greeted }\nsteps:\n  - { send: 'NOOP\\nLIST\\r\\n', S: -ERR }\n  - { C: \
                NOOP, S: +OK }";
    let script = vec![
        Say("+OK x\r\n"),
        Hear("NOOP"),
        Hear("LIST"),
        Say("-ERR one line\r\n"),
        Hear("NOOP"),
        Say("+OK\r\n"),
        Wait,
    ];
    let attempt = run(Role::Pop3, keys, vec![script]).await;
    assert_eq!((told(&attempt.verdict).as_str(), attempt.invariants), ("conforms", vec![]));
}

/// An IMAP login by alice, and what comes after it.
fn as_alice(after: &[Act]) -> Vec<Act> {
    let login = [
        Say("* OK hi\r\n"),
        Hear("A0001 CAPABILITY"),
        Say("* CAPABILITY IMAP4rev1\r\nA0001 OK done\r\n"),
        Hear("A0002 LOGIN"),
        Say("A0002 OK [CAPABILITY IMAP4rev1 NAMESPACE] in\r\n"),
    ];
    [&login[..], after].concat()
}

#[tokio::test]
async fn mailboxes_lie_in_the_personal_namespace_also_in_values_of_let() {
    let keys = "covers: [rfc3501-6.1.2-noop-ok]\nsession: { imap: authenticated }\nlet: { name: '${box}' }\nsteps:\n  - { C: \
                'SELECT ${name}', S: OK, for: setup }\n  - { C: NOOP, S: OK }";
    let prepare = [
        Hear("A0003 NAMESPACE"),
        Say("* NAMESPACE ((\"INBOX.\" \".\")) NIL NIL\r\nA0003 OK done\r\n"),
        Hear("A0004 CREATE \"INBOX.mailproof-"),
        // The name is new, so the mailbox that exists is the one that was asked for.
        Say("A0004 NO [ALREADYEXISTS] it is there\r\n"),
    ];
    let play = [
        Hear("A0003 SELECT INBOX.mailproof-"),
        Say("* 0 EXISTS\r\n* 0 RECENT\r\n* FLAGS ()\r\nA0003 OK [READ-WRITE] done\r\n"),
        Hear("A0004 NOOP"),
        Say("A0004 OK done\r\n"),
    ];
    let remove = [
        Hear("A0003 LSUB \"\" \"INBOX.mailproof-"),
        Say("A0003 OK done\r\n"),
        Hear("A0004 LIST \"\" \"INBOX.mailproof-"),
        Say("A0004 OK done\r\n"),
    ];
    let alice = Account {
        user: "alice".to_owned(),
        address: "alice@example.test".to_owned(),
        password: Secret::new("wonderland".to_owned()),
        password_source: None,
        keeping: Keeping::Kept,
    };
    let scripts = vec![as_alice(&prepare), as_alice(&play), as_alice(&remove)];
    let attempt = run_as(Some(alice), Role::Imap, keys, scripts).await;
    assert_eq!(told(&attempt.verdict), "conforms");
}

#[tokio::test]
async fn what_does_not_come_until_then_is_silence_and_is_waited_for_with_patience() {
    let keys = "covers: [rfc3501-6.1.2-noop-ok]\nsession: { imap: greeted }\nsteps:\n  - C: NOOP\n    S: |\n      * 1 \
                EXISTS\n      OK\n    until: 10ms";
    let answers = ["A0001", "A0002", "A0003", "A0004", "A0005", "A0006", "A0007", "A0008"];
    let replies = [
        "A0001 OK x\r\n",
        "A0002 OK x\r\n",
        "A0003 OK x\r\n",
        "A0004 OK x\r\n",
        "A0005 OK x\r\n",
        "A0006 OK x\r\n",
        "A0007 OK x\r\n",
        "A0008 OK x\r\n",
    ];
    let noops = answers.into_iter().zip(replies).flat_map(|(tag, reply)| [Hear(tag), Say(reply)]);
    let script: Vec<Act> = std::iter::once(Say("* OK hi\r\n")).chain(noops).chain([Wait]).collect();
    let attempt = run(Role::Imap, keys, vec![script]).await;
    let Verdict::Violates(findings) = &attempt.verdict else { panic!("{}", told(&attempt.verdict)) };
    assert_eq!(findings[0].kind, FindingKind::Silence);
}
