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
        ("imap-unknown-item-no", "FETCH 1 FROBNICATE", "NO there is no such item"),
        ("imap-unknown-item-no", "FETCH 3 FLAGS", "BAD no such message number"),
        ("imap-range-begins-at-first", "FETCH 2 UID", "* 2 FETCH (UID 2)\nOK fetched"),
        ("imap-range-begins-at-first", "FETCH 2:* UID", "* 1 FETCH (UID 1)\n* 2 FETCH (UID 2)\nOK fetched"),
        ("imap-reading-marks-seen", "FETCH 1 UID", "* 1 FETCH (UID 1)\nOK fetched"),
        (
            "imap-reading-marks-seen",
            "FETCH 1 RFC822.SIZE",
            "* 1 FETCH (RFC822.SIZE 19 FLAGS (\\Seen \\Recent))\nOK fetched",
        ),
        ("imap-absent-is-present", "SEARCH UNSEEN", "* SEARCH\nOK searched"),
        ("imap-absent-is-present", "SEARCH NEW", "* SEARCH 1 2\nOK searched"),
        ("imap-all-is-extended", "SEARCH ALL", "* ESEARCH (TAG \"t\") ALL 1,2\nOK searched"),
        ("imap-all-is-extended", "SEARCH 1:2", "* SEARCH 1 2\nOK searched"),
        ("imap-sorts-all", "SORT (REVERSE SIZE) UTF-8 FLAGGED", "* SORT 1 2\nOK sorted"),
        ("imap-uid-fetch-of-nothing-refused", "UID FETCH 9 UID", "NO no such messages"),
        ("imap-uid-fetch-of-nothing-refused", "UID FETCH 2:9 UID", "* 2 FETCH (UID 2)\nOK fetched"),
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

#[tokio::test]
async fn removals_are_told_unasked_by_the_fault_for_it() {
    let running = with("imap-expunge-unasked").await;
    deliver(&running, TEXT);
    let mut watcher = Client::in_inbox(&running).await;
    let mut actor = Client::in_inbox(&running).await;
    actor.ask("STORE 1 +FLAGS.SILENT (\\Deleted)").await;
    actor.ask("EXPUNGE").await;
    let told = watcher.line().await;
    let told = if told.contains("FETCH") { watcher.line().await } else { told };
    assert_eq!(told, "* 1 EXPUNGE");
}

#[tokio::test]
async fn what_a_mailbox_was_like_is_remembered_by_the_faults_for_it() {
    let running = with("imap-earlier-flags-hidden").await;
    deliver(&running, TEXT);
    let mut first = Client::in_inbox(&running).await;
    first.talk(&[("STORE 1 +FLAGS.SILENT (\\Flagged)", "OK stored")]).await;
    first.talk(&[("FETCH 1 FLAGS", "* 1 FETCH (FLAGS (\\Flagged \\Recent))\nOK fetched")]).await;
    let mut second = Client::in_inbox(&running).await;
    second.talk(&[("FETCH 1 FLAGS", "* 1 FETCH (FLAGS ())\nOK fetched")]).await;
    let running = with("imap-fields-of-first-mailbox").await;
    deliver(&running, TEXT);
    let mut client = Client::in_inbox(&running).await;
    client.ask("CREATE other").await;
    client.ask("APPEND other {14+}\r\nSubject: y\r\n\r\n").await;
    client.ask("SELECT other").await;
    let fields = client.ask("FETCH 1 BODY.PEEK[HEADER.FIELDS (SUBJECT)]").await;
    assert_eq!(fields.get(1).map(String::as_str), Some("Subject: x"));
}

#[tokio::test]
async fn commands_are_accepted_in_the_wrong_state_by_the_faults_for_it() {
    let running = with("imap-mailboxes-before-login").await;
    let mut client = Client::tls(&running).await;
    assert_eq!(client.ask("SELECT INBOX").await.last().map(String::as_str), Some("OK [READ-WRITE] done"));
    assert!(client.ask("STATUS INBOX (MESSAGES)").await[0].starts_with("BAD"));
    let running = with("imap-messages-without-mailbox").await;
    let mut client = Client::alice(&running).await;
    client.talk(&[("SEARCH ALL", "* SEARCH\nOK done"), ("COPY 1 INBOX", "OK done")]).await;
    assert!(client.ask("MOVE 1 INBOX").await[0].starts_with("BAD"));
}
