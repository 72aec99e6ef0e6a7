use std::time::Duration;

use tokio::time::Instant;

use super::peer::{Act, Peer, soon};
use crate::base::ByteString;
use crate::run::{ReadOutcome, TlsClient, Wire, WireError};
use crate::scenario::Role;
use crate::target::{TlsTrust, Verification};

async fn all(wire: &mut Wire) -> String {
    while let ReadOutcome::Octets(_) = wire.read_some(soon()).await.unwrap() {}
    String::from_utf8(wire.take(usize::MAX)).unwrap()
}

#[tokio::test]
async fn segments_arrive_and_answers_are_read_to_the_end() {
    let peer = Peer::start(vec![vec![Act::Hear("ab\r\n"), Act::Say("x\r\n"), Act::Say("y")]]).await;
    let mut wire = Wire::connect(&peer.endpoint(Role::Mx), &peer.tls(), soon()).await.unwrap();
    wire.write_segments(&["a".into(), "b\r".into(), "\n".into()], soon()).await.unwrap();
    assert_eq!(all(&mut wire).await, "x\r\ny");
    assert_eq!(wire.read_some(soon()).await.unwrap(), ReadOutcome::Eof);
    peer.finish().await;
}

#[tokio::test]
async fn a_deadline_ends_the_wait_and_loses_nothing() {
    let peer = Peer::start(vec![vec![Act::Say("1"), Act::Hear("go"), Act::Say("2")]]).await;
    let mut wire = Wire::connect(&peer.endpoint(Role::Mx), &peer.tls(), soon()).await.unwrap();
    while wire.buffered().is_empty() {
        wire.read_some(soon()).await.unwrap();
    }
    let short = Instant::now() + Duration::from_millis(20);
    assert!(matches!(wire.read_some(short).await, Err(WireError::Timeout)));
    wire.write_segments(&["go\r\n".into()], soon()).await.unwrap();
    assert_eq!(all(&mut wire).await, "12");
}

#[tokio::test]
async fn what_lies_unread_is_bounded() {
    let peer = Peer::start(vec![vec![Act::Say("0123456789"), Act::Wait]]).await;
    let mut wire = Wire::connect(&peer.endpoint(Role::Mx), &peer.tls(), soon()).await.unwrap();
    wire.limit(10);
    let error = loop {
        match wire.read_some(soon()).await {
            Ok(_) => {}
            Err(error) => break error,
        }
    };
    assert!(matches!(error, WireError::TooMuch(10)), "{error}");
}

#[tokio::test]
async fn a_reset_is_told_from_a_close() {
    let peer = Peer::start(vec![vec![Act::Hear("hi"), Act::Reset]]).await;
    let mut wire = Wire::connect(&peer.endpoint(Role::Mx), &peer.tls(), soon()).await.unwrap();
    wire.write_segments(&["hi\r\n".into()], soon()).await.unwrap();
    assert!(matches!(wire.read_some(soon()).await, Err(WireError::Reset)));
}

#[tokio::test]
async fn nobody_listening_is_refused() {
    let peer = Peer::start(vec![]).await;
    let (endpoint, tls) = (peer.endpoint(Role::Mx), peer.tls());
    peer.finish().await;
    assert!(matches!(Wire::connect(&endpoint, &tls, soon()).await, Err(WireError::Refused)));
}

#[tokio::test]
async fn implicit_tls_tells_version_and_bindings() {
    let peer = Peer::start(vec![vec![Act::Tls, Act::Say("* OK\r\n"), Act::Eof]]).await;
    let mut wire = Wire::connect(&peer.endpoint(Role::Imaps), &peer.tls(), soon()).await.unwrap();
    let info = wire.tls().unwrap();
    assert_eq!(info.version, "TLSv1.3");
    let names: Vec<&str> = info.bindings.iter().map(|binding| binding.name).collect();
    assert_eq!(names, ["tls-exporter", "tls-server-end-point"]);
    wire.read_some(soon()).await.unwrap();
    wire.close(soon()).await.unwrap();
    peer.finish().await;
}

#[tokio::test]
async fn an_unknown_certificate_is_refused_unless_nobody_looks() {
    let strangers = Peer::start(vec![]).await;
    let peer = Peer::start(vec![vec![Act::Tls], vec![Act::Tls, Act::Say("hello")]]).await;
    let endpoint = peer.endpoint(Role::Imaps);
    let error = Wire::connect(&endpoint, &strangers.tls(), soon()).await.unwrap_err();
    assert!(matches!(error, WireError::Tls(_)), "{error}");
    let trust = TlsTrust { verification: Verification::Off, ..TlsTrust::default() };
    let mut wire = Wire::connect(&endpoint, &TlsClient::new(&trust).unwrap(), soon()).await.unwrap();
    assert_eq!(all(&mut wire).await, "hello");
}

#[tokio::test]
async fn plaintext_after_the_go_ahead_is_kept_aside() {
    let script = vec![Act::Hear("STARTTLS"), Act::Say("220 go\r\n250 injected\r\n"), Act::Tls, Act::Say("in tls")];
    let peer = Peer::start(vec![script]).await;
    let mut wire = Wire::connect(&peer.endpoint(Role::Mx), &peer.tls(), soon()).await.unwrap();
    wire.write_segments(&["STARTTLS\r\n".into()], soon()).await.unwrap();
    while wire.buffered().len() < 8 {
        wire.read_some(soon()).await.unwrap();
    }
    let leftover = wire.take(usize::MAX).split_off("220 go\r\n".len());
    let info = wire.start_tls(&peer.tls(), leftover, soon()).await.unwrap();
    assert_eq!(info.plaintext_after_go_ahead, ByteString::from("250 injected\r\n"));
    assert_eq!(all(&mut wire).await, "in tls");
}

#[tokio::test]
async fn text_in_place_of_a_handshake_is_a_tls_failure() {
    let peer =
        Peer::start(vec![vec![Act::Hear("STARTTLS"), Act::Say("220 go\r\n"), Act::Say("no handshake\r\n"), Act::Eof]])
            .await;
    let mut wire = Wire::connect(&peer.endpoint(Role::Mx), &peer.tls(), soon()).await.unwrap();
    wire.write_segments(&["STARTTLS\r\n".into()], soon()).await.unwrap();
    while wire.buffered().is_empty() {
        wire.read_some(soon()).await.unwrap();
    }
    wire.take(usize::MAX);
    let short = Instant::now() + Duration::from_secs(2);
    let error = wire.start_tls(&peer.tls(), Vec::new(), short).await.unwrap_err();
    assert!(matches!(error, WireError::Tls(_) | WireError::Timeout), "{error}");
}

#[tokio::test]
async fn two_sides_that_both_write_much_do_not_block_each_other() {
    let large: &'static str = Box::leak("x".repeat(4_000_000).into_boxed_str());
    let peer = Peer::start(vec![vec![Act::Say(large), Act::Eof]]).await;
    let mut wire = Wire::connect(&peer.endpoint(Role::Mx), &peer.tls(), soon()).await.unwrap();
    // The peer reads nothing before it has written all.
    wire.write_segments(&[ByteString::from(vec![b'y'; 4_000_000])], soon()).await.unwrap();
    wire.close(soon()).await.unwrap();
    assert_eq!(all(&mut wire).await.len(), 4_000_000);
    peer.finish().await;
}
