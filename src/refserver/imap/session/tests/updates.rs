//! What one session hears of others.

use super::client::{Client, deliver, server};
use crate::refserver::store::MailboxName;

const TEXT: &str = "a: b\r\n\r\nc\r\n";

#[tokio::test]
async fn expunges_wait_until_numbers_may_change() {
    let running = server().await;
    for _ in 0..3 {
        deliver(&running, TEXT);
    }
    let mut one = Client::in_inbox(&running).await;
    let mut two = Client::in_inbox(&running).await;
    two.talk(&[
        ("STORE 1:2 FLAGS (\\Deleted)", "* 1 FETCH (FLAGS (\\Deleted))\n* 2 FETCH (FLAGS (\\Deleted))\nOK stored"),
        ("EXPUNGE", "* 1 EXPUNGE\n* 1 EXPUNGE\nOK expunged"),
    ])
    .await;
    deliver(&running, TEXT);
    one.talk(&[
        ("FETCH 3 UID", "* 3 FETCH (UID 3)\n* 4 EXISTS\n* 4 RECENT\nOK fetched"),
        ("FETCH 1:3 UID", "* 3 FETCH (UID 3)\nNO [EXPUNGEISSUED] some of the messages are gone"),
        ("STORE 1 FLAGS ()", "NO [EXPUNGEISSUED] some of the messages are gone"),
        ("COPY 1 INBOX", "* 1 EXPUNGE\n* 1 EXPUNGE\n* 2 RECENT\nNO [EXPUNGEISSUED] some of the messages are gone"),
        ("FETCH 1:* UID", "* 1 FETCH (UID 3)\n* 2 FETCH (UID 4)\nOK fetched"),
    ])
    .await;
    two.talk(&[("NOOP", "* 2 EXISTS\n* 0 RECENT\nOK done"), ("EXPUNGE", "OK expunged")]).await;
}

#[tokio::test]
async fn searches_and_uid_commands_tell_as_they_may() {
    let running = server().await;
    for _ in 0..3 {
        deliver(&running, TEXT);
    }
    let mut one = Client::in_inbox(&running).await;
    let mut two = Client::in_inbox(&running).await;
    two.ask("STORE 2 +FLAGS.SILENT (\\Deleted)").await;
    two.ask("EXPUNGE").await;
    one.talk(&[
        ("SEARCH ALL", "* SEARCH 1 3\nOK searched"),
        ("FROB", "BAD unknown command"),
        ("UID FETCH 2:3 FLAGS", "* 3 FETCH (UID 3 FLAGS (\\Recent))\n* 2 EXPUNGE\n* 2 RECENT\nOK fetched"),
    ])
    .await;
}

#[tokio::test]
async fn flags_of_others_are_told_once_and_silence_is_for_ones_own() {
    let running = server().await;
    deliver(&running, TEXT);
    let mut one = Client::in_inbox(&running).await;
    let mut two = Client::in_inbox(&running).await;
    let keywords = "* FLAGS (\\Answered \\Deleted \\Draft \\Flagged \\Seen $x)\n\
        * OK [PERMANENTFLAGS (\\Answered \\Deleted \\Draft \\Flagged \\Seen $x \\*)] kept for good\n";
    two.ask("STORE 1 FLAGS.SILENT ($x)").await;
    one.talk(&[("NOOP", &format!("{keywords}* 1 FETCH (UID 1 FLAGS ($x \\Recent))\nOK done")), ("NOOP", "OK done")])
        .await;
    two.ask("STORE 1 +FLAGS.SILENT (\\Seen)").await;
    one.talk(&[("STORE 1 +FLAGS.SILENT (\\Draft)", "* 1 FETCH (UID 1 FLAGS ($x \\Draft \\Seen \\Recent))\nOK stored")])
        .await;
    two.talk(&[("FETCH 1 FLAGS", "* 1 FETCH (FLAGS ($x \\Draft \\Seen))\nOK fetched"), ("NOOP", "OK done")]).await;
}

#[tokio::test]
async fn only_the_first_session_sees_a_message_as_recent() {
    let running = server().await;
    deliver(&running, TEXT);
    let mut looks = Client::alice(&running).await;
    assert!(looks.ask("EXAMINE INBOX").await.contains(&"* 1 RECENT".to_owned()));
    let mut one = Client::in_inbox(&running).await;
    let mut two = Client::in_inbox(&running).await;
    deliver(&running, TEXT);
    two.talk(&[("NOOP", "* 2 EXISTS\n* 1 RECENT\nOK done"), ("SEARCH RECENT", "* SEARCH 2\nOK searched")]).await;
    one.talk(&[("NOOP", "* 2 EXISTS\n* 1 RECENT\nOK done"), ("SEARCH RECENT", "* SEARCH 1\nOK searched")]).await;
    looks.talk(&[("SEARCH RECENT", "* SEARCH 1\n* 2 EXISTS\n* 1 RECENT\nOK searched")]).await;
}

#[tokio::test]
async fn idle_tells_changes_until_done() {
    let running = server().await;
    deliver(&running, TEXT);
    let mut one = Client::in_inbox(&running).await;
    let mut two = Client::in_inbox(&running).await;
    one.send(b"t IDLE\r\n").await;
    assert_eq!(one.line().await, "+ idling");
    deliver(&running, TEXT);
    assert_eq!([one.line().await, one.line().await], ["* 2 EXISTS", "* 2 RECENT"]);
    two.ask("STORE 1 +FLAGS.SILENT (\\Deleted)").await;
    assert_eq!(one.line().await, "* 1 FETCH (UID 1 FLAGS (\\Deleted \\Recent))");
    two.ask("EXPUNGE").await;
    assert_eq!(one.line().await, "* 1 EXPUNGE");
    one.send(b"dOnE\r\n").await;
    assert_eq!(one.answer().await.last().unwrap(), "OK done");
    one.send(b"t IDLE\r\nt NOOP\r\nu NOOP\r\n").await;
    assert_eq!(one.line().await, "+ idling");
    assert_eq!(one.answer().await, ["BAD DONE is expected"]);
    assert_eq!(one.line().await, "u OK done");
    let mut unselected = Client::alice(&running).await;
    unselected.send(b"t IDLE\r\nDONE\r\n").await;
    assert_eq!(unselected.answer().await, ["+ idling", "OK done"]);
}

#[tokio::test]
async fn a_mailbox_deleted_by_another_loses_its_messages() {
    let running = server().await;
    let mut one = Client::alice(&running).await;
    one.talk(&[("CREATE x", "OK [MAILBOXID (F2)] created"), ("APPEND x {1+}\r\na", "OK [APPENDUID V 1] appended")])
        .await;
    one.ask("SELECT x").await;
    let mut two = Client::alice(&running).await;
    two.talk(&[("DELETE x", "OK deleted"), ("CREATE x", "OK [MAILBOXID (F4)] created")]).await;
    one.talk(&[
        ("FETCH 1 FLAGS", "NO [EXPUNGEISSUED] some of the messages are gone"),
        ("EXPUNGE", "* 1 EXPUNGE\n* 0 RECENT\nOK expunged"),
        ("SEARCH ALL", "* SEARCH\nOK searched"),
        ("CLOSE", "OK closed"),
    ])
    .await;
}

#[tokio::test]
async fn a_maildrop_survives_what_imap_expunges() {
    let running = server().await;
    deliver(&running, TEXT);
    deliver(&running, TEXT);
    let maildrop = running.store.open_maildrop("alice").unwrap();
    let mut client = Client::in_inbox(&running).await;
    client.ask("STORE 1 FLAGS.SILENT (\\Deleted)").await;
    client.ask("EXPUNGE").await;
    assert_eq!(maildrop.messages().len(), 2);
    assert_eq!(&*maildrop.messages()[0].octets, TEXT.as_bytes());
    maildrop.update(&[1, 2].into());
    client.talk(&[("NOOP", "* 1 EXPUNGE\n* 0 RECENT\nOK done")]).await;
    let inbox = MailboxName::inbox();
    assert_eq!(running.store.with("alice", |account| account.find(&inbox).unwrap().1.uidnext()), Some(3));
}
