//! REPLACE (RFC 8508).

use super::client::{Client, deliver, server};
use crate::refserver::{Config, start};

const OLD: &str = "Subject: old\r\n\r\nold\r\n";

#[tokio::test]
async fn a_message_comes_in_the_place_of_another() {
    let running = server().await;
    (0..3).for_each(|_| deliver(&running, OLD));
    let mut client = Client::in_inbox(&running).await;
    client
        .talk(&[
            ("STORE 3 +FLAGS.SILENT (\\Deleted \\Flagged)", "OK stored"),
            (
                "REPLACE 1 INBOX (\\Draft) \"01-Feb-2003 04:05:06 +0700\" {3+}\r\na\r\n",
                "* OK [APPENDUID V 4] the new message is there\n* 1 EXPUNGE\n* 3 EXISTS\n* 3 RECENT\nOK replaced",
            ),
            (
                "UID FETCH 1:* (FLAGS INTERNALDATE)",
                "* 1 FETCH (UID 2 FLAGS (\\Recent) INTERNALDATE \"29-Feb-2000 00:00:00 +0000\")\n\
                * 2 FETCH (UID 3 FLAGS (\\Deleted \\Flagged \\Recent) INTERNALDATE \"29-Feb-2000 00:00:00 +0000\")\n\
                * 3 FETCH (UID 4 FLAGS (\\Draft \\Recent) INTERNALDATE \" 1-Feb-2003 04:05:06 +0700\")\nOK fetched",
            ),
            ("CREATE x", "OK [MAILBOXID (F6)] created"),
            (
                "UID REPLACE 3 x ~{24+}\r\nMIME-Version: 1.0\r\n\r\n\0b\r",
                "* OK [APPENDUID V 1] the new message is there\n* 2 EXPUNGE\n* 2 RECENT\nOK replaced",
            ),
            ("STATUS x (MESSAGES)", "* STATUS \"x\" (MESSAGES 1)\nOK done"),
            ("FETCH 1:* UID", "* 1 FETCH (UID 2)\n* 2 FETCH (UID 4)\nOK fetched"),
            ("FETCH 1:* EMAILID", "* 1 FETCH (EMAILID (M3))\n* 2 FETCH (EMAILID (M5))\nOK fetched"),
        ])
        .await;
}

#[tokio::test]
async fn what_fails_leaves_all_as_it_was() {
    let running = server().await;
    (0..2).for_each(|_| deliver(&running, OLD));
    let mut client = Client::in_inbox(&running).await;
    let mut other = Client::in_inbox(&running).await;
    other.talk(&[("STORE 2 +FLAGS.SILENT (\\Deleted)", "OK stored"), ("EXPUNGE", "* 2 EXPUNGE\nOK expunged")]).await;
    client
        .talk(&[
            ("REPLACE 3 INBOX {1+}\r\nx", "* 2 EXPUNGE\n* 1 RECENT\nBAD no such message number"),
            ("REPLACE 1 nowhere {1+}\r\nx", "NO [TRYCREATE] no such mailbox"),
            ("UID REPLACE 2 INBOX {1+}\r\nx", "NO no message has that UID"),
            ("UID REPLACE 9 INBOX {1+}\r\nx", "NO no message has that UID"),
            ("REPLACE 1 INBOX {0+}\r\n", "NO a message without octets cancels all"),
            ("REPLACE 1 INBOX {10485761}", "NO [TOOBIG] the literal is too big"),
            ("UID REPLACE 1 INBOX {70000}\u{0}", "BAD a string is expected"),
            ("EXAMINE INBOX", &client_examines()),
            ("REPLACE 1 INBOX {1+}\r\nx", "NO the mailbox is read-only"),
            ("STATUS INBOX (MESSAGES UIDNEXT)", "* STATUS \"INBOX\" (MESSAGES 1 UIDNEXT 3)\nOK done"),
            ("UNSELECT", "OK unselected"),
            ("REPLACE 1 INBOX {1+}\r\nx", "BAD the command is not for this state"),
        ])
        .await;
}

fn client_examines() -> String {
    "* OK [CLOSED] the mailbox before is closed\n* FLAGS (\\Answered \\Deleted \\Draft \\Flagged \\Seen)\n\
    * OK [PERMANENTFLAGS ()] nothing is kept\n* 1 EXISTS\n* 0 RECENT\n* OK [UNSEEN 1] first unseen message\n\
    * OK [UIDNEXT 3] next UID\n* OK [UIDVALIDITY V] UIDs are valid\n* OK [HIGHESTMODSEQ 5] all is told up to here\n\
    * OK [MAILBOXID (F1)] its identifier\nOK [READ-ONLY] selected"
        .to_owned()
}

#[tokio::test]
async fn a_message_that_another_removed_is_not_replaced() {
    let running = server().await;
    (0..2).for_each(|_| deliver(&running, OLD));
    let mut one = Client::in_inbox(&running).await;
    let mut two = Client::in_inbox(&running).await;
    two.ask("STORE 1 +FLAGS.SILENT (\\Deleted)").await;
    two.ask("EXPUNGE").await;
    one.talk(&[
        ("REPLACE 1 INBOX {1+}\r\nx", "* 1 EXPUNGE\n* 1 RECENT\nNO [EXPUNGEISSUED] some of the messages are gone"),
        ("STATUS INBOX (MESSAGES)", "* STATUS \"INBOX\" (MESSAGES 1)\nOK done"),
    ])
    .await;
}

#[tokio::test]
async fn a_client_that_resynchronises_is_told_of_a_vanished_message() {
    let running = server().await;
    (0..2).for_each(|_| deliver(&running, OLD));
    let mut client = Client::alice(&running).await;
    client.ask("ENABLE QRESYNC").await;
    client.ask("SELECT INBOX").await;
    client
        .talk(&[(
            "REPLACE 2 INBOX {1+}\r\nx",
            "* OK [APPENDUID V 3] the new message is there\n* VANISHED 2\n* 2 EXISTS\n* 2 RECENT\nOK [HIGHESTMODSEQ 5] replaced",
        )])
        .await;
}

#[tokio::test]
async fn without_uidplus_there_is_no_code() {
    let running = start(Config { withheld: ["UIDPLUS"].into_iter().collect(), ..Config::default() }).await.unwrap();
    deliver(&running, OLD);
    let mut client = Client::in_inbox(&running).await;
    client.talk(&[("REPLACE * INBOX {1+}\r\nx", "* 1 EXPUNGE\n* 1 EXISTS\n* 1 RECENT\nOK replaced")]).await;
}

#[tokio::test]
async fn rights_are_needed_where_a_message_goes_and_where_one_comes() {
    let running = server().await;
    let (mut alice, mut bob) = (Client::alice(&running).await, Client::bob(&running).await);
    let to = |mailbox: &str| format!("REPLACE 1 {mailbox} (\\Flagged) {{1+}}\r\nx");
    for command in ["CREATE box", "APPEND box {1+}\r\na", "APPEND box {1+}\r\nb", "SETACL box bob lrt"] {
        assert!(alice.ask(command).await[0].starts_with("OK"), "{command}");
    }
    assert_eq!(bob.ask("SELECT user/alice/box").await.last().unwrap(), "OK [READ-WRITE] selected");
    let forbidden = "NO [NOPERM] that is not allowed here";
    assert_eq!(bob.ask(&to("INBOX")).await.last().unwrap(), forbidden);
    alice.talk(&[("SETACL box bob lrte", "OK done")]).await;
    assert_eq!(bob.ask(&to("user/alice/box")).await.last().unwrap(), forbidden);
    let replaced = bob.ask(&to("INBOX")).await;
    assert!(replaced.contains(&"* 1 EXPUNGE".to_owned()), "{replaced:?}");
    assert_eq!(replaced.last().unwrap(), "OK replaced");
    alice.talk(&[("SETACL box bob lrtei", "OK done")]).await;
    assert_eq!(bob.ask(&to("user/alice/box")).await.last().unwrap(), "OK replaced");
    // RFC 4314 §4: without the right to it the flag is left out.
    alice.talk(&[("STATUS box (MESSAGES UIDNEXT)", "* STATUS \"box\" (MESSAGES 1 UIDNEXT 4)\nOK done")]).await;
    let flags = bob.ask("FETCH 1 FLAGS").await;
    assert!(!flags.iter().any(|line| line.contains("\\Flagged")), "{flags:?}");
    let mine = bob.ask("EXAMINE INBOX").await;
    assert!(mine.contains(&"* 1 EXISTS".to_owned()), "{mine:?}");
    assert!(bob.ask("FETCH 1 FLAGS").await.iter().any(|line| line.contains("\\Flagged")));
}
