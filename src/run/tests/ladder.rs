use std::time::Duration;

use super::peer::{Act, Peer, soon};
use crate::base::{ByteString, Secret};
use crate::outcome::{Doubt, Unmet};
use crate::run::{Climb, Climbed, Fall, Log, Login, Redactor, Session, TlsClient, climb, log_in};
use crate::sasl::Spoil;
use crate::scenario::{Role, State};
use crate::target::{Account, Keeping, default_security};

const PASSWORD: &str = "wonderland";

fn alice() -> Account {
    Account {
        user: "alice".to_owned(),
        address: "alice@example.test".to_owned(),
        password: Secret::new(PASSWORD.to_owned()),
        password_source: None,
        keeping: Keeping::Kept,
    }
}

struct Run {
    climbed: Climbed,
    end: Result<(), Fall>,
    transcript: String,
}

/// Goes up against a script; the script must be played to its end.
async fn run(role: Role, state: State, script: &[Act]) -> Run {
    let peer = Peer::start(vec![script.to_vec()]).await;
    let log = Log::new(Redactor::new([("alice", PASSWORD)]));
    let tls = peer.tls();
    let mut session = connect(&peer, role, &tls, &log).await;
    let account = alice();
    let mailbox = ByteString::from("box");
    let settings = Climb {
        role,
        security: default_security(role),
        tls: &tls,
        account: Some(&account),
        login: None,
        client: "client.test",
        envelope: ("s@example.test", "alice@example.test"),
        mailbox: &mailbox,
        within: Duration::from_secs(10),
    };
    let mut climbed = Climbed::default();
    let end = climb(&mut session, state, &settings, &mut climbed).await;
    drop(session);
    peer.finish().await;
    let entries = log.transcript().entries;
    let transcript = entries.iter().map(|entry| entry.octets.escaped()).collect::<Vec<_>>().join("\n");
    assert!(!transcript.contains(PASSWORD), "{transcript}");
    Run { climbed, end, transcript }
}

async fn connect(peer: &Peer, role: Role, tls: &TlsClient, log: &Log) -> Session {
    Session::connect("s", role.protocol(), &peer.endpoint(role), tls, log, soon()).await.unwrap()
}

fn sasl(name: &str) -> Option<Login> {
    Some(Login::Sasl(name.to_owned()))
}

#[tokio::test]
async fn smtp_goes_through_tls_and_logs_in_by_plain() {
    let script = [
        Act::Say("220 hi\r\n"),
        Act::Hear("EHLO client.test\r\n"),
        Act::Say("250-hi\r\n250-STARTTLS\r\n250 SIZE 1000\r\n"),
        Act::Hear("STARTTLS\r\n"),
        Act::Say("220 go\r\n"),
        Act::Tls,
        Act::Hear("EHLO client.test\r\n"),
        Act::Say("250-hi\r\n250-SIZE 1000\r\n250 AUTH SCRAM-SHA-256 PLAIN\r\n"),
        Act::Hear("AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=\r\n"),
        Act::Say("235 in\r\n"),
        Act::Hear("MAIL FROM:<s@example.test>\r\n"),
        Act::Say("250 ok\r\n"),
        Act::Hear("RCPT TO:<alice@example.test>\r\n"),
        Act::Say("251 ok\r\n"),
        Act::Eof,
    ];
    let run = run(Role::Submission, State::Addressed, &script).await;
    assert_eq!(run.end, Ok(()));
    assert_eq!(run.climbed.login, sasl("PLAIN"));
    let announced = run.climbed.announced;
    assert!(announced.clear.unwrap().has("STARTTLS"));
    assert!(!announced.secured.as_ref().unwrap().has("STARTTLS"));
    assert!(announced.secured.unwrap().has("AUTH=PLAIN"));
    assert!(run.transcript.contains("AUTH PLAIN <secret>"), "{}", run.transcript);
}

#[tokio::test]
async fn mx_is_addressed_in_clear_without_login() {
    let script = [
        Act::Say("220 hi\r\n"),
        Act::Hear("EHLO"),
        Act::Say("250-hi\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n"),
        Act::Hear("MAIL"),
        Act::Say("250 ok\r\n"),
        Act::Hear("RCPT"),
        Act::Say("450 later\r\n"),
        Act::Eof,
    ];
    let run = run(Role::Mx, State::Addressed, &script).await;
    assert_eq!(run.end, Err(Fall::Doubt(Doubt::Greylisted("RCPT: 450".to_owned()))));
}

#[tokio::test]
async fn imap_selects_after_a_login_without_initial_response() {
    let script = [
        Act::Say("* OK hi\r\n"),
        Act::Hear("A0001 CAPABILITY\r\n"),
        Act::Say("* CAPABILITY IMAP4rev1 AUTH=PLAIN LOGINDISABLED\r\nA0001 OK done\r\n"),
        Act::Hear("A0002 AUTHENTICATE PLAIN\r\n"),
        Act::Say("+ \r\n"),
        Act::Hear("AGFsaWNlAHdvbmRlcmxhbmQ=\r\n"),
        Act::Say("A0002 OK [CAPABILITY IMAP4rev1 UIDPLUS] in\r\n"),
        Act::Hear("A0003 SELECT \"box\"\r\n"),
        Act::Say("* 0 EXISTS\r\nA0003 OK [READ-WRITE] selected\r\n"),
        Act::Eof,
    ];
    let run = run(Role::Imap, State::Selected, &script).await;
    assert_eq!(run.end, Ok(()));
    assert!(run.climbed.announced.authenticated.unwrap().has("UIDPLUS"));
}

#[tokio::test]
async fn imap_sends_the_initial_response_only_with_sasl_ir() {
    let script = [
        Act::Say("* OK hi\r\n"),
        Act::Hear("A0001 CAPABILITY\r\n"),
        Act::Say("* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\nA0001 OK done\r\n"),
        Act::Hear("A0002 AUTHENTICATE PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=\r\n"),
        Act::Say("A0002 NO [AUTHENTICATIONFAILED] no\r\n"),
        Act::Hear("A0003 LOGIN \"alice\" \"wonderland\"\r\n"),
        Act::Say("A0003 OK in\r\n"),
        Act::Hear("A0004 CAPABILITY\r\n"),
        Act::Say("* CAPABILITY IMAP4rev1\r\nA0004 OK done\r\n"),
        Act::Eof,
    ];
    let run = run(Role::Imap, State::Authenticated, &script).await;
    assert_eq!(run.end, Ok(()));
    assert_eq!(run.climbed.login, Some(Login::ImapLogin));
    assert_eq!(run.climbed.refused[0].1, "NO [AUTHENTICATIONFAILED]");
}

#[tokio::test]
async fn pop3_without_capa_logs_in_by_apop_or_user() {
    let script = [
        Act::Say("+OK <1.2@host> hi\r\n"),
        Act::Hear("CAPA\r\n"),
        Act::Say("-ERR what\r\n"),
        Act::Hear("APOP alice "),
        Act::Say("-ERR no\r\n"),
        Act::Hear("USER alice\r\n"),
        Act::Say("+OK\r\n"),
        Act::Hear("PASS wonderland\r\n"),
        Act::Say("+OK in\r\n"),
        Act::Eof,
    ];
    let run = run(Role::Pop3, State::Authenticated, &script).await;
    assert_eq!(run.end, Ok(()));
    assert_eq!(run.climbed.login, Some(Login::UserPass));
    assert!(run.transcript.contains("APOP alice <secret>"), "{}", run.transcript);
}

#[tokio::test]
async fn a_locked_maildrop_is_trouble_and_no_refusal() {
    let script = [
        Act::Say("+OK hi\r\n"),
        Act::Hear("CAPA\r\n"),
        Act::Say("+OK\r\nUSER\r\nSASL PLAIN\r\n.\r\n"),
        Act::Hear("AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=\r\n"),
        Act::Say("-ERR [IN-USE] locked\r\n"),
        Act::Eof,
    ];
    let run = run(Role::Pop3, State::Authenticated, &script).await;
    assert_eq!(run.end, Err(Fall::Doubt(Doubt::Trouble("login: -ERR [IN-USE]".to_owned()))));
}

type Case = (Role, State, Vec<Act>, Result<(), Fall>);

#[tokio::test]
async fn ladders_end_where_the_server_ends_them() {
    let capability = Act::Say("* CAPABILITY IMAP4rev1\r\nA0001 OK done\r\n");
    let setup = |what: &str| Err(Fall::Doubt(Doubt::Setup(what.to_owned())));
    let trouble = |what: &str| Err(Fall::Doubt(Doubt::Trouble(what.to_owned())));
    let busy = |what: &str| Err(Fall::Doubt(Doubt::Busy(what.to_owned())));
    let cases: Vec<Case> = vec![
        (Role::Mx, State::Connected, vec![Act::Eof], Ok(())),
        (Role::Mx, State::Greeted, vec![Act::Say("220 hi\r\n")], Ok(())),
        (Role::Mx, State::Greeted, vec![Act::Say("554 no\r\n")], setup("greeting: 554")),
        (Role::Mx, State::Greeted, vec![Act::Say("421 busy\r\n")], busy("greeting: 421")),
        (Role::Mx, State::Greeted, vec![], busy("greeting: closed by the server")),
        (Role::Imap, State::Greeted, vec![Act::Say("* BYE busy\r\n")], busy("greeting: BYE")),
        (Role::Imap, State::Greeted, vec![Act::Say("* PREAUTH in\r\n")], Ok(())),
        (Role::Pop3, State::Greeted, vec![Act::Say("-ERR no\r\n")], busy("greeting: -ERR")),
        (
            Role::Imap,
            State::Secured,
            vec![Act::Say("* OK hi\r\n"), Act::Hear("A0001"), capability, Act::Eof],
            Err(Fall::Unmet(Unmet::NoTls)),
        ),
        (
            Role::Imap,
            State::Secured,
            vec![Act::Say("* PREAUTH hi\r\n"), Act::Hear("A0001"), capability, Act::Eof],
            Err(Fall::Unmet(Unmet::NoTls)),
        ),
        (
            Role::Mx,
            State::Secured,
            vec![
                Act::Say("220 hi\r\n"),
                Act::Hear("EHLO"),
                Act::Say("250-hi\r\n250 STARTTLS\r\n"),
                Act::Hear("STARTTLS"),
                Act::Say("454 no\r\n"),
                Act::Eof,
            ],
            trouble("STARTTLS: 454"),
        ),
        (
            Role::Submission,
            State::Authenticated,
            vec![Act::Say("220 hi\r\n"), Act::Hear("EHLO"), Act::Say("250 hi\r\n"), Act::Eof],
            setup("login: nothing offered"),
        ),
    ];
    for (role, state, script, expected) in cases {
        assert_eq!(run(role, state, &script).await.end, expected, "{role:?} {state:?} {script:?}");
    }
}

#[tokio::test]
async fn a_malformed_ehlo_line_does_not_stop_the_ladder() {
    let script = [
        Act::Say("220 hi\r\n"),
        Act::Hear("EHLO"),
        Act::Say("250-hi\r\n250-SIZE  \x07 \r\n250-8BITMIME\r\n250 HELP\r\n"),
        Act::Eof,
    ];
    let run = run(Role::Mx, State::Ready, &script).await;
    assert_eq!(run.end, Ok(()));
    assert!(run.climbed.announced.clear.unwrap().has("8BITMIME"));
}

#[tokio::test]
async fn a_long_initial_response_waits_for_the_challenge() {
    let long = "a".repeat(300);
    let peer = Peer::start(vec![vec![
        Act::Say("+OK hi\r\n"),
        Act::Hear("AUTH PLAIN\r\n"),
        Act::Say("+ \r\n"),
        Act::Hear("AGFhYWFh"),
        Act::Say("-ERR no\r\n"),
        Act::Eof,
    ]])
    .await;
    let log = Log::new(Redactor::default());
    let tls = peer.tls();
    let mut session = connect(&peer, Role::Pop3, &tls, &log).await;
    session.next(soon()).await;
    let account = Account { user: long, ..alice() };
    let login = Login::Sasl("PLAIN".to_owned());
    let mut climbed = Climbed::default();
    let outcome = log_in(&mut session, &login, &account, None, &mut climbed, soon()).await.unwrap();
    assert!(!outcome.accepted);
    drop(session);
    peer.finish().await;
}

#[tokio::test]
async fn a_spoiled_password_is_sent_and_a_bad_challenge_cancelled() {
    let peer = Peer::start(vec![vec![
        Act::Say("220 hi\r\n"),
        Act::Hear("AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQtbm90\r\n"),
        Act::Say("535 no\r\n"),
        Act::Hear("AUTH CRAM-MD5\r\n"),
        Act::Say("334 ***\r\n"),
        Act::Hear("*\r\n"),
        Act::Say("501 cancelled\r\n"),
        Act::Eof,
    ]])
    .await;
    let log = Log::new(Redactor::new([("alice", PASSWORD)]));
    let tls = peer.tls();
    let mut session = connect(&peer, Role::Mx, &tls, &log).await;
    session.next(soon()).await;
    let mut climbed = Climbed::default();
    let plain = Login::Sasl("PLAIN".to_owned());
    let spoiled = log_in(&mut session, &plain, &alice(), Some(Spoil::Password), &mut climbed, soon()).await.unwrap();
    assert_eq!((spoiled.accepted, spoiled.word.as_str()), (false, "535"));
    let cram = Login::Sasl("CRAM-MD5".to_owned());
    let cancelled = log_in(&mut session, &cram, &alice(), None, &mut climbed, soon()).await.unwrap();
    assert_eq!(cancelled.word, "501");
    assert!(cancelled.cancelled.is_some());
    drop(session);
    peer.finish().await;
}
