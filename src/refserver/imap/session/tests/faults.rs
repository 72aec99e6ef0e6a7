//! Servers that break one requirement each.

use super::client::{Client, deliver};
use crate::refserver::{Config, Faults, Running, start};

const TEXT: &str = "Subject: x\r\n\r\n.\u{e9}\r\n";

async fn with(fault: &str) -> Running {
    let faults = Faults::named([fault]).unwrap();
    start(Config { faults, ..Config::default() }).await.unwrap()
}

#[tokio::test]
async fn a_fault_shows_where_it_should_and_nowhere_else() {
    let table = [
        ("imap-star-is-first", "FETCH * UID", "* 1 FETCH (UID 1)\nOK fetched"),
        ("imap-star-is-first", "FETCH 1:* UID", "* 1 FETCH (UID 1)\n* 2 FETCH (UID 2)\nOK fetched"),
        ("imap-not-ignored", "SEARCH NOT SUBJECT x", "* SEARCH 1 2\nOK searched"),
        ("imap-not-ignored", "SEARCH UNSEEN", "* SEARCH 1 2\nOK searched"),
        ("imap-copyuid-swapped", "COPY 2 INBOX", "* 3 EXISTS\n* 3 RECENT\nOK [COPYUID V 3 2] copied"),
        ("imap-status-closes-mailbox", "STATUS INBOX (MESSAGES)", "* STATUS \"INBOX\" (MESSAGES 2)\nOK done"),
        ("imap-size-counts-one-for-crlf", "FETCH 1 RFC822.SIZE", "* 1 FETCH (RFC822.SIZE 16)\nOK fetched"),
        ("imap-dots-stuffed", "FETCH 1 RFC822.SIZE", "* 1 FETCH (RFC822.SIZE 19)\nOK fetched"),
        ("imap-open-list-accepted", "FETCH 1 (FLAGS", "OK done"),
        ("imap-missing-argument-no", "COPY 1", "NO an argument is missing"),
        ("imap-mixed-case-unknown", "nOOP", "BAD unknown command"),
        ("imap-mixed-case-unknown", "noop", "OK done"),
    ];
    for (fault, command, expected) in table {
        let running = with(fault).await;
        deliver(&running, TEXT);
        deliver(&running, TEXT);
        let mut client = Client::in_inbox(&running).await;
        client.talk(&[(command, expected)]).await;
    }
}

#[tokio::test]
async fn some_faults_need_a_history() {
    let running = with("imap-status-remembers-uidnext").await;
    let mut client = Client::alice(&running).await;
    client.ask("STATUS INBOX (UIDNEXT)").await;
    deliver(&running, TEXT);
    client.talk(&[("STATUS INBOX (UIDNEXT)", "* STATUS \"INBOX\" (UIDNEXT 1)\nOK done")]).await;
    let running = with("imap-later-id-silent").await;
    let mut client = Client::alice(&running).await;
    client.talk(&[("ID NIL", "* ID (\"name\" \"mailproof\")\nOK done"), ("ID NIL", "OK done")]).await;
    let running = with("imap-status-closes-mailbox").await;
    let mut client = Client::in_inbox(&running).await;
    client.ask("STATUS INBOX (MESSAGES)").await;
    assert!(client.ask("FETCH 1 UID").await[0].starts_with("BAD"));
}
