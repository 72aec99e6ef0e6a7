use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::maildrop::Transaction;
use super::serve;
use crate::refserver::store::{InternalDate, Limits, Store};
use crate::refserver::wire::Wire;
use crate::refserver::{Config, Identity, Stream};

fn store() -> Store {
    let store = Store::new(Limits::default());
    store.add_account("alice");
    let octets: &[u8] = b"Subject: x\r\n\r\n.a\r\nb\r\n";
    store.deliver("alice", octets, InternalDate { seconds: 0, zone: 0 }).unwrap();
    store
}

#[test]
fn answers_are_byte_stuffed_and_deletion_waits_for_the_update() {
    let store = store();
    let mut transaction = Transaction::new(store.open_maildrop("alice").unwrap());
    assert_eq!(transaction.answer("STAT", &[]), b"+OK 1 21\r\n");
    assert_eq!(transaction.answer("RETR", &["1"]), b"+OK\r\nSubject: x\r\n\r\n..a\r\nb\r\n.\r\n");
    assert_eq!(transaction.answer("TOP", &["1", "1"]), b"+OK\r\nSubject: x\r\n\r\n..a\r\n.\r\n");
    assert_eq!(transaction.answer("RETR", &["2"]), b"-ERR no such message\r\n");
    assert!(store.open_maildrop("alice").is_err());
    transaction.answer("DELE", &["1"]);
    assert_eq!(transaction.answer("LIST", &[]), b"+OK\r\n.\r\n");
    transaction.update();
    assert!(store.open_maildrop("alice").unwrap().messages().is_empty());
}

#[test]
fn sizes_count_what_retr_sends() {
    let stored: [(&[u8], &str); 5] = [
        (b"a: b\n\n.c\n", "a: b\r\n\r\n..c\r\n"),
        (b"a: b\r\n\r\nc", "a: b\r\n\r\nc\r\n"),
        (b"a: b\r\n\nc\rd\n", "a: b\r\n\r\nc\rd\r\n"),
        (b"a: b\r\n\r\nc\r", "a: b\r\n\r\nc\r\r\n"),
        (b"", ""),
    ];
    for (octets, sent) in stored {
        let store = Store::new(Limits::default());
        store.add_account("alice");
        store.deliver("alice", octets, InternalDate { seconds: 0, zone: 0 }).unwrap();
        let mut transaction = Transaction::new(store.open_maildrop("alice").unwrap());
        let size = sent.replace("..c", ".c").len();
        assert_eq!(transaction.answer("STAT", &[]), format!("+OK 1 {size}\r\n").into_bytes());
        assert_eq!(transaction.answer("LIST", &["1"]), format!("+OK 1 {size}\r\n").into_bytes());
        assert_eq!(transaction.answer("RETR", &["1"]), format!("+OK\r\n{sent}.\r\n").into_bytes());
    }
}

#[tokio::test]
async fn passwords_in_clear_are_refused() {
    let (mut client, server) = tokio::io::duplex(4096);
    let identity = Identity::generate("mail.example.test").unwrap();
    client.write_all(b"USER alice\r\nSTAT\r\nQUIT\r\n").await.unwrap();
    let wire = Wire::new(Stream::plain(server), Duration::from_secs(5));
    serve(wire, &Config::default(), &store(), &identity).await.unwrap();
    let mut said = String::new();
    client.read_to_string(&mut said).await.unwrap();
    assert!(said.contains("-ERR TLS is needed first\r\n-ERR unknown command"));
    assert!(said.ends_with("+OK bye\r\n"));
}
