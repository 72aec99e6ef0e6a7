//! COMPRESS (RFC 4978).

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::client::{Client, deliver, server};

/// Octets as a client sends them that has a compressor of its own.
fn deflated(octets: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(octets).unwrap();
    encoder.flush().unwrap();
    encoder.get_ref().clone()
}

#[tokio::test]
async fn after_the_answer_all_is_compressed_and_nothing_else_changes() {
    let running = server().await;
    deliver(&running, &format!("Subject: x\r\n\r\n{}", "abcdefghijklmnop\r\n".repeat(50_000)));
    let mut client = Client::in_inbox(&running).await;
    client.talk(&[("COMPRESS LZW", "BAD DEFLATE is expected"), ("compress deflate", "OK DEFLATE starts")]).await;
    let mut client = client.deflated();
    let letter = "x".repeat(100_000);
    client
        .talk(&[
            ("COMPRESS DEFLATE", "BAD [COMPRESSIONACTIVE] compression runs already"),
            ("FETCH 1 FLAGS", "* 1 FETCH (FLAGS (\\Recent))\nOK fetched"),
            (&format!("APPEND INBOX {{100000+}}\r\n{letter}"), "* 2 EXISTS\n* 2 RECENT\nOK [APPENDUID V 2] appended"),
            ("FETCH 2 BODY.PEEK[]", &format!("* 2 FETCH (BODY[] {{100000}}\n{letter})\nOK fetched")),
        ])
        .await;
    let large = client.ask("FETCH 1 BODY.PEEK[TEXT]").await;
    assert_eq!(large.iter().filter(|line| *line == "abcdefghijklmnop").count(), 50_000);
    client.send(b"t IDLE\r\n").await;
    assert_eq!(client.line().await, "+ idling");
    deliver(&running, "a: b\r\n\r\n");
    assert_eq!(client.line().await, "* 3 EXISTS");
    client.send(b"DONE\r\n").await;
    assert_eq!(client.answer().await, ["* 3 RECENT", "OK done"]);
    client.talk(&[("LOGOUT", "* BYE logging out\nOK bye")]).await;
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn only_who_has_logged_in_compresses() {
    let running = server().await;
    let mut client = Client::tls(&running).await;
    client.talk(&[("COMPRESS DEFLATE", "BAD the command is not for this state"), ("NOOP", "OK done")]).await;
}

#[tokio::test]
async fn what_comes_with_the_command_is_taken_for_compressed() {
    let running = server().await;
    let mut client = Client::alice(&running).await;
    client.send(&[b"t COMPRESS DEFLATE\r\n".as_slice(), &deflated(b"t CHECK\r\nt NOOP\r\n")].concat()).await;
    assert_eq!(client.answer().await, ["OK DEFLATE starts"]);
    let mut client = client.deflated();
    assert_eq!(client.answer().await, ["BAD the command is not for this state"]);
    assert_eq!(client.answer().await, ["OK done"]);
}

#[tokio::test]
async fn a_bomb_is_a_line_that_is_too_long_and_nothing_more() {
    let running = server().await;
    let mut client = Client::alice(&running).await;
    client.talk(&[("COMPRESS DEFLATE", "OK DEFLATE starts")]).await;
    let mut bomb = b"t NOOP ".to_vec();
    bomb.resize(30_000_000, b'x');
    bomb.extend_from_slice(b"\r\nu NOOP\r\n");
    client.send(&deflated(&bomb)).await;
    let mut client = client.deflated();
    assert_eq!(client.answer().await, ["BAD the command is too long"]);
    assert_eq!(client.line().await, "u OK done");
}

#[tokio::test]
async fn octets_that_are_not_compressed_end_the_connection() {
    let running = server().await;
    let mut client = Client::alice(&running).await;
    client.talk(&[("COMPRESS DEFLATE", "OK DEFLATE starts")]).await;
    client.send(b"\x07\xfft NOOP\r\n").await;
    assert_eq!(client.rest().await, "");
    let mut again = Client::alice(&running).await;
    again.talk(&[("NOOP", "OK done")]).await;
}
