use std::time::Duration;

use tokio::time::Instant;

use super::peer::{Act, Peer, soon};
use crate::base::ByteString;
use crate::outcome::{Direction, Frame};
use crate::pop3;
use crate::run::{Log, Redactor, Seen, Session};
use crate::scenario::Role;

async fn open(peer: &Peer, role: Role, log: &Log) -> Session {
    Session::connect("s", role.protocol(), &peer.endpoint(role), &peer.tls(), log, soon()).await.unwrap()
}

fn raw(seen: Seen) -> String {
    seen.raw().map_or_else(|| format!("{seen:?}"), ByteString::escaped)
}

#[tokio::test]
async fn frames_come_one_by_one_and_an_ending_for_ever() {
    let peer = Peer::start(vec![vec![Act::Say("220 a\r\n250-b\r\n250 c\r\n35")]]).await;
    let mut session = open(&peer, Role::Mx, &Log::new(Redactor::default())).await;
    assert_eq!(raw(session.next(soon()).await), "220 a\\r\\n");
    assert_eq!(raw(session.next(soon()).await), "250-b\\r\\n250 c\\r\\n");
    assert_eq!(session.next(soon()).await, Seen::Closed("35".into()));
    assert_eq!(session.next(soon()).await, Seen::Closed("35".into()));
}

#[tokio::test]
async fn silence_is_no_ending() {
    let peer = Peer::start(vec![vec![Act::Say("220 "), Act::Hear("x"), Act::Say("late\r\n")]]).await;
    let mut session = open(&peer, Role::Mx, &Log::new(Redactor::default())).await;
    assert_eq!(session.next(Instant::now() + Duration::from_millis(20)).await, Seen::TimedOut);
    session.send(&["x\r\n".into()], soon()).await.unwrap();
    assert_eq!(raw(session.next(soon()).await), "220 late\\r\\n");
}

#[tokio::test]
async fn pop3_lines_are_cut_by_what_was_sent() {
    let peer = Peer::start(vec![vec![Act::Say("+OK\r\n+OK\r\na\r\n.\r\n-ERR\r\n")]]).await;
    let mut session = open(&peer, Role::Pop3, &Log::new(Redactor::default())).await;
    session.expect_forms(&[pop3::Form::Multi, pop3::Form::Multi]);
    let frames = [session.next(soon()).await, session.next(soon()).await, session.next(soon()).await];
    assert_eq!(frames.map(raw), ["+OK\\r\\n", "+OK\\r\\na\\r\\n.\\r\\n", "-ERR\\r\\n"]);
}

#[tokio::test]
async fn a_line_without_end_is_too_large() {
    let endless: &'static str = Box::leak("x".repeat(200_000).into_boxed_str());
    let peer = Peer::start(vec![vec![Act::Say(endless), Act::Wait]]).await;
    let mut session = open(&peer, Role::Mx, &Log::new(Redactor::default())).await;
    assert_eq!(session.next(soon()).await, Seen::TooLarge);
    assert_eq!(session.next(soon()).await, Seen::TooLarge);
}

#[tokio::test]
async fn the_transcript_holds_both_sides_and_no_secret() {
    let peer =
        Peer::start(vec![vec![Act::Say("+OK\r\n"), Act::Hear("PASS"), Act::Say("-ERR not wonderland\r\n")]]).await;
    let log = Log::new(Redactor::new([("alice", "wonderland")]));
    let mut session = open(&peer, Role::Pop3, &log).await;
    session.next(soon()).await;
    session.send(&["PASS wonderland\r\n".into()], soon()).await.unwrap();
    session.next(soon()).await;
    session.next(soon()).await;
    let told: Vec<(Direction, String)> =
        log.transcript().entries.into_iter().map(|entry| (entry.direction, entry.octets.escaped())).collect();
    let expected = [
        (Direction::Event, "opened"),
        (Direction::Server, "+OK\\r\\n"),
        (Direction::Client, "PASS <secret>\\r\\n"),
        (Direction::Server, "-ERR not <secret>\\r\\n"),
        (Direction::Event, "closed by the server"),
    ];
    assert_eq!(told, expected.map(|(direction, text)| (direction, text.to_owned())));
}

#[tokio::test]
async fn tags_are_never_used_twice() {
    let peer = Peer::start(vec![vec![Act::Say("* OK hi\r\n")]]).await;
    let mut session = open(&peer, Role::Imap, &Log::new(Redactor::default())).await;
    assert_eq!([session.next_tag(), session.next_tag()], ["A0001", "A0002"]);
    assert!(matches!(session.next(soon()).await, Seen::Frame(Frame::Imap(_))));
}

#[tokio::test]
async fn an_aborted_session_is_over() {
    let peer = Peer::start(vec![vec![Act::Say("220 a\r\n"), Act::Wait]]).await;
    let mut session = open(&peer, Role::Mx, &Log::new(Redactor::default())).await;
    session.next(soon()).await;
    session.abort().unwrap();
    assert_eq!(session.next(soon()).await, Seen::Closed(ByteString::default()));
    assert!(session.send(&["x".into()], soon()).await.is_err());
    peer.finish().await;
}

#[tokio::test]
async fn a_secret_that_is_cut_apart_is_hidden_all_the_same() {
    let peer = Peer::start(vec![vec![Act::Hear("PASS wonderland"), Act::Hear("NOOP")]]).await;
    let log = Log::new(Redactor::new([("alice", "wonderland")]));
    let mut session = open(&peer, Role::Pop3, &log).await;
    session.send(&["PASS wond".into(), "erland\r\n".into()], soon()).await.unwrap();
    session.send(&["NO".into(), "OP\r\n".into()], soon()).await.unwrap();
    let told: Vec<String> = log.transcript().entries.iter().map(|entry| entry.octets.escaped()).collect();
    assert_eq!(told, ["opened", "PASS <secret>\\r\\n", "NO", "OP\\r\\n"]);
    peer.finish().await;
}
