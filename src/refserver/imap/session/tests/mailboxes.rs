//! Commands on mailboxes.

use super::client::{Client, server};

#[tokio::test]
async fn mailboxes_are_made_listed_renamed_and_deleted() {
    let running = server().await;
    let mut client = Client::alice(&running).await;
    client
        .talk(&[
            ("LIST \"\" \"\"", "* LIST (\\Noselect) \"/\" \"\"\nOK done"),
            ("LIST a/ \"\"", "* LIST (\\Noselect) \"/\" \"\"\nOK done"),
            ("LIST \"\" *", "* LIST (\\HasNoChildren) \"/\" \"INBOX\"\nOK done"),
            ("CREATE inbox", "NO [ALREADYEXISTS] a mailbox of that name exists"),
            ("CREATE a/b/", "OK [MAILBOXID (F3)] created"),
            ("CREATE a/b", "NO [ALREADYEXISTS] a mailbox of that name exists"),
            ("CREATE a//b", "NO [CANNOT] a level of the name is empty"),
            ("CREATE \"x y\\\"\\\\\"", "OK [MAILBOXID (F4)] created"),
            (
                "LIST \"\" %",
                "* LIST (\\HasNoChildren) \"/\" \"INBOX\"\n* LIST (\\HasChildren) \"/\" \"a\"\n\
                * LIST (\\HasNoChildren) \"/\" \"x y\\\"\\\\\"\nOK done",
            ),
            ("LIST a/ %", "* LIST (\\HasNoChildren) \"/\" \"a/b\"\nOK done"),
            ("LIST \"\" a*", "* LIST (\\HasChildren) \"/\" \"a\"\n* LIST (\\HasNoChildren) \"/\" \"a/b\"\nOK done"),
            ("LIST \"\" iNb%", "* LIST (\\HasNoChildren) \"/\" \"INBOX\"\nOK done"),
            ("LIST \"\" nothing", "OK done"),
            ("DELETE a", "OK deleted"),
            ("LIST \"\" a", "* LIST (\\Noselect \\HasChildren) \"/\" \"a\"\nOK done"),
            ("SELECT a", "NO [NONEXISTENT] no such mailbox"),
            ("STATUS a (MESSAGES)", "NO [NONEXISTENT] no such mailbox"),
            ("APPEND a {1+}\r\nx", "NO [TRYCREATE] no such mailbox"),
            ("DELETE a", "NO there are mailboxes below that name"),
            ("RENAME a c/d", "OK renamed"),
            (
                "LIST \"\" c*",
                "* LIST (\\HasChildren) \"/\" \"c\"\n* LIST (\\Noselect \\HasChildren) \"/\" \"c/d\"\n\
                * LIST (\\HasNoChildren) \"/\" \"c/d/b\"\nOK done",
            ),
            ("RENAME c c/x", "NO [CANNOT] a mailbox cannot lie below itself"),
            ("RENAME gone x", "NO [NONEXISTENT] no such mailbox"),
            ("RENAME c INBOX", "NO [ALREADYEXISTS] a mailbox of that name exists"),
            ("DELETE INBOX", "NO [CANNOT] INBOX stays"),
            ("DELETE gone", "NO [NONEXISTENT] no such mailbox"),
        ])
        .await;
}

#[tokio::test]
async fn subscriptions_outlive_mailboxes_and_percent_shows_what_is_above() {
    let running = server().await;
    let mut client = Client::alice(&running).await;
    client
        .talk(&[
            ("SUBSCRIBE a/b", "OK subscribed"),
            ("LSUB \"\" *", "* LSUB () \"/\" \"a/b\"\nOK done"),
            ("LSUB \"\" %", "* LSUB (\\Noselect) \"/\" \"a\"\nOK done"),
            ("LSUB a/ %", "* LSUB () \"/\" \"a/b\"\nOK done"),
            ("SUBSCRIBE a", "OK subscribed"),
            ("LSUB \"\" %", "* LSUB () \"/\" \"a\"\nOK done"),
            ("LSUB \"\" a", "* LSUB () \"/\" \"a\"\nOK done"),
            ("UNSUBSCRIBE a", "OK unsubscribed"),
            ("UNSUBSCRIBE a", "NO that name is not subscribed"),
            ("LSUB \"\" a", "OK done"),
            ("LSUB \"\" \"\"", "* LSUB (\\Noselect) \"/\" \"\"\nOK done"),
        ])
        .await;
    let mut again = Client::alice(&running).await;
    again.talk(&[("LSUB \"\" *", "* LSUB () \"/\" \"a/b\"\nOK done")]).await;
}

#[tokio::test]
async fn append_says_where_the_message_lies_and_select_what_is_there() {
    let running = server().await;
    let mut client = Client::alice(&running).await;
    client
        .talk(&[
            ("APPEND nowhere {1+}\r\nx", "NO [TRYCREATE] no such mailbox"),
            ("APPEND a* {1+}\r\nx", "BAD a blank is expected"),
            ("APPEND INBOX {3+}\r\na\0b", "BAD a literal without NUL is expected"),
            ("APPEND INBOX (\\Seen $New) \"01-Feb-2003 04:05:06 +0700\" {3+}\r\na\r\n", "OK [APPENDUID V 1] appended"),
            ("APPEND INBOX () {3+}\r\nb\r\n", "OK [APPENDUID V 2] appended"),
            (
                "STATUS inbox (UNSEEN RECENT UIDNEXT MESSAGES UIDVALIDITY UNSEEN)",
                "* STATUS \"INBOX\" (UNSEEN 1 RECENT 2 UIDNEXT 3 MESSAGES 2 UIDVALIDITY V)\nOK done",
            ),
            (
                "EXAMINE INBOX",
                "* FLAGS (\\Answered \\Deleted \\Draft \\Flagged \\Seen $New)\n\
                * OK [PERMANENTFLAGS ()] nothing is kept\n* 2 EXISTS\n* 2 RECENT\n* OK [UNSEEN 2] first unseen message\n\
                * OK [UIDNEXT 3] next UID\n* OK [UIDVALIDITY V] UIDs are valid\n\
                * OK [HIGHESTMODSEQ 3] all is told up to here\n* OK [MAILBOXID (F1)] its identifier\nOK [READ-ONLY] selected",
            ),
            (
                "FETCH 1 FAST",
                "* 1 FETCH (FLAGS ($New \\Seen \\Recent) INTERNALDATE \" 1-Feb-2003 04:05:06 +0700\" RFC822.SIZE 3)\n\
                OK fetched",
            ),
            ("STORE 1 FLAGS (\\Deleted)", "NO the mailbox is read-only"),
            ("EXPUNGE", "NO the mailbox is read-only"),
            ("FETCH 2 BODY[]", "* 2 FETCH (BODY[] {3}\nb\n)\nOK fetched"),
            ("CLOSE", "OK closed"),
            (
                "SELECT INBOX",
                "* FLAGS (\\Answered \\Deleted \\Draft \\Flagged \\Seen $New)\n\
                * OK [PERMANENTFLAGS (\\Answered \\Deleted \\Draft \\Flagged \\Seen $New \\*)] kept for good\n\
                * 2 EXISTS\n* 2 RECENT\n* OK [UNSEEN 2] first unseen message\n\
                * OK [UIDNEXT 3] next UID\n* OK [UIDVALIDITY V] UIDs are valid\n\
                * OK [HIGHESTMODSEQ 3] all is told up to here\n* OK [MAILBOXID (F1)] its identifier\nOK [READ-WRITE] selected",
            ),
            ("STATUS INBOX (RECENT)", "* STATUS \"INBOX\" (RECENT 0)\nOK done"),
            ("SELECT nowhere", "* OK [CLOSED] the mailbox before is closed\nNO [NONEXISTENT] no such mailbox"),
            ("FETCH 1 FLAGS", "BAD the command is not for this state"),
        ])
        .await;
}

#[tokio::test]
async fn a_mailbox_made_again_has_a_greater_uidvalidity() {
    let running = server().await;
    let mut client = Client::alice(&running).await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        client.ask("CREATE x").await;
        let name = crate::refserver::store::MailboxName::parse(b"x").unwrap();
        seen.extend(running.store.with("alice", |account| account.find(&name).unwrap().1.uidvalidity()));
        client.talk(&[("DELETE x", "OK deleted")]).await;
    }
    assert!(seen.is_sorted_by(|a, b| a < b) && seen[0] > 1_000_000_000, "{seen:?}");
}

#[tokio::test]
async fn inbox_gives_its_messages_away_when_it_is_renamed() {
    let running = server().await;
    super::client::deliver(&running, "a: b\r\n\r\nc\r\n");
    let mut client = Client::in_inbox(&running).await;
    client
        .talk(&[
            ("RENAME INBOX old/mail", "* 1 EXPUNGE\n* 0 RECENT\nOK renamed"),
            ("STATUS old/mail (MESSAGES)", "* STATUS \"old/mail\" (MESSAGES 1)\nOK done"),
            ("STATUS INBOX (MESSAGES UIDNEXT)", "* STATUS \"INBOX\" (MESSAGES 0 UIDNEXT 2)\nOK done"),
        ])
        .await;
}
