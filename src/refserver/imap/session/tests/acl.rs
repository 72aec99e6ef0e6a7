//! Rights of other users.

use super::client::{Client, deliver, server};
use crate::refserver::{Config, start};

const TEXT: &str = "a: b\r\n\r\nc\r\n";

/// Alice with a mailbox `box` of one message, and bob.
async fn two(running: &crate::refserver::Running) -> (Client, Client) {
    let mut alice = Client::alice(running).await;
    for command in ["CREATE box", "APPEND box {1+}\r\na"] {
        assert!(alice.ask(command).await[0].starts_with("OK"), "{command}");
    }
    (alice, Client::bob(running).await)
}

#[tokio::test]
async fn lists_are_changed_and_shown() {
    let running = server().await;
    let (mut alice, _) = two(&running).await;
    alice
        .talk(&[
            ("MYRIGHTS box", "* MYRIGHTS \"box\" lrswipkxteacd\nOK done"),
            ("GETACL box", "* ACL \"box\" \"alice\" lrswipkxteacd\nOK done"),
            ("SETACL box BOB lrs", "OK done"),
            ("SETACL box bob +ws", "OK done"),
            ("SETACL box bob -rq", "BAD rights that are known is expected"),
            ("SETACL box bob -rx", "OK done"),
            ("SETACL box -bob t", "OK done"),
            ("SETACL box \"gr\u{f6}up 1\" c", "OK done"),
            (
                "GETACL box",
                "* ACL \"box\" \"-bob\" td \"alice\" lrswipkxteacd \"bob\" lsw {8}\ngr\u{f6}up 1 kxc\nOK done",
            ),
            ("DELETEACL box bob", "OK done"),
            ("DELETEACL box \"gr\u{f6}up 1\"", "OK done"),
            ("DELETEACL box alice", "OK done"),
            ("GETACL box", "* ACL \"box\" \"-bob\" td\nOK done"),
            ("SETACL box -bob \"\"", "OK done"),
            ("GETACL box", "* ACL \"box\"\nOK done"),
            ("MYRIGHTS box", "* MYRIGHTS \"box\" lkxac\nOK done"),
            ("LISTRIGHTS box Alice", "* LISTRIGHTS \"box\" \"Alice\" lkxac r s w i p t e d\nOK done"),
            ("LISTRIGHTS box bob", "* LISTRIGHTS \"box\" \"bob\" \"\" l r s w i p k x t e a c d\nOK done"),
            ("SETACL gone bob lr", "NO [NONEXISTENT] no such mailbox"),
            ("GETACL gone", "NO [NONEXISTENT] no such mailbox"),
            ("SELECT box", "NO [NOPERM] that is not allowed here"),
        ])
        .await;
}

#[tokio::test]
async fn who_may_not_see_a_mailbox_learns_nothing_of_it() {
    let running = server().await;
    let (mut alice, mut bob) = two(&running).await;
    let missing = "NO [NONEXISTENT] no such mailbox";
    for name in ["user/alice/box", "user/alice/gone", "user/nobody/box", "user/bob/INBOX", "user/alice", "user"] {
        for command in ["SELECT", "GETACL", "MYRIGHTS", "DELETE"] {
            bob.talk(&[(&format!("{command} {name}"), missing)]).await;
        }
        bob.talk(&[
            (&format!("SETACL {name} bob lr"), missing),
            (&format!("LISTRIGHTS {name} bob"), missing),
            (&format!("STATUS {name} (MESSAGES)"), missing),
            (&format!("APPEND {name} {{1+}}\r\na"), missing),
            (&format!("LIST \"\" {name}"), "OK done"),
        ])
        .await;
    }
    bob.talk(&[
        ("CREATE user", "NO [CANNOT] no mailbox has that name"),
        ("CREATE user/alice", "NO [CANNOT] no mailbox has that name"),
        ("CREATE user/alice/x", missing),
        ("LIST \"\" *", "* LIST (\\HasNoChildren) \"/\" \"INBOX\"\nOK done"),
        ("LIST \"\" %", "* LIST (\\HasNoChildren) \"/\" \"INBOX\"\nOK done"),
    ])
    .await;
    alice.talk(&[("SETACL box bob l", "OK done")]).await;
    let forbidden = "NO [NOPERM] that is not allowed here";
    bob.talk(&[
        ("SELECT user/ALICE/box", forbidden),
        ("STATUS user/alice/box (MESSAGES)", forbidden),
        ("GETACL user/alice/box", forbidden),
        ("SETACL user/alice/box bob lra", forbidden),
        ("APPEND user/alice/box {1+}\r\na", forbidden),
        ("DELETE user/alice/box", forbidden),
        ("CREATE user/alice/box/x", forbidden),
        ("MYRIGHTS user/alice/box", "* MYRIGHTS \"user/alice/box\" l\nOK done"),
        ("LIST \"\" user/*", "* LIST (\\Noselect \\HasNoChildren) \"/\" \"user/alice/box\"\nOK done"),
        ("LIST user/ %", "* LIST (\\Noselect \\HasChildren) \"/\" \"user/alice\"\nOK done"),
    ])
    .await;
}

#[tokio::test]
async fn a_reader_reads_and_changes_nothing() {
    let running = server().await;
    let (mut alice, mut bob) = two(&running).await;
    alice.talk(&[("SETACL box anyone lr", "OK done"), ("CREATE box/in", "OK [MAILBOXID (F4)] created")]).await;
    let selected = bob.ask("SELECT user/alice/box").await;
    assert!(selected.contains(&"* OK [PERMANENTFLAGS ()] nothing is kept".to_owned()), "{selected:?}");
    assert_eq!(selected.last().unwrap(), "OK [READ-ONLY] selected");
    bob.talk(&[
        ("STORE 1 +FLAGS (\\Seen)", "NO the mailbox is read-only"),
        ("EXPUNGE", "NO the mailbox is read-only"),
        ("FETCH 1 BODY[]", "* 1 FETCH (BODY[] {1}\na)\nOK fetched"),
        ("COPY 1 INBOX", "OK [COPYUID V 1 1] copied"),
        ("MOVE 1 INBOX", "NO the mailbox is read-only"),
        (
            "LIST \"\" user* RETURN (STATUS (MESSAGES))",
            "* LIST (\\HasChildren) \"/\" \"user/alice/box\"\n* STATUS \"user/alice/box\" (MESSAGES 1)\n\
            * LIST (\\HasNoChildren) \"/\" \"user/alice/box/in\"\n* STATUS \"user/alice/box/in\" (MESSAGES 0)\nOK done",
        ),
        ("SUBSCRIBE user/alice/box", "OK subscribed"),
        ("LIST (SUBSCRIBED) \"\" *", "* LIST (\\HasChildren \\Subscribed) \"/\" \"user/alice/box\"\nOK done"),
    ])
    .await;
    alice
        .talk(&[
            ("SELECT box", &selected_box(&alice_flags())),
            ("FETCH 1 FLAGS", "* 1 FETCH (FLAGS (\\Recent))\nOK fetched"),
            ("SETACL box anyone \"\"", "OK done"),
            ("SETACL box/in -bob lr", "OK done"),
        ])
        .await;
    bob.talk(&[
        (
            "LIST (SUBSCRIBED) \"\" *",
            "* LIST (\\NonExistent \\HasNoChildren \\Subscribed) \"/\" \"user/alice/box\"\nOK done",
        ),
        ("UNSUBSCRIBE user/alice/box", "OK unsubscribed"),
    ])
    .await;
}

fn alice_flags() -> String {
    "\\Answered \\Deleted \\Draft \\Flagged \\Seen".to_owned()
}

fn selected_box(flags: &str) -> String {
    format!(
        "* FLAGS ({flags})\n* OK [PERMANENTFLAGS ({flags} \\*)] kept for good\n* 1 EXISTS\n* 1 RECENT\n\
        * OK [UNSEEN 1] first unseen message\n* OK [UIDNEXT 2] next UID\n* OK [UIDVALIDITY V] UIDs are valid\n\
        * OK [HIGHESTMODSEQ 3] all is told up to here\n* OK [MAILBOXID (F2)] its identifier\nOK [READ-WRITE] selected"
    )
}

#[tokio::test]
async fn flags_need_their_rights() {
    let running = server().await;
    let (mut alice, mut bob) = two(&running).await;
    alice.talk(&[("SETACL box bob lrs", "OK done")]).await;
    let selected = bob.ask("SELECT user/alice/box").await;
    assert!(selected.contains(&"* OK [PERMANENTFLAGS (\\Seen)] kept for good".to_owned()), "{selected:?}");
    assert_eq!(selected.last().unwrap(), "OK [READ-WRITE] selected");
    let forbidden = "NO [NOPERM] that is not allowed here";
    bob.talk(&[
        ("STORE 1 +FLAGS (\\Deleted $x)", forbidden),
        ("STORE 1 +FLAGS (\\Seen \\Flagged)", "* 1 FETCH (FLAGS (\\Seen \\Recent))\nOK stored"),
        ("EXPUNGE", forbidden),
        ("UID MOVE 1 INBOX", forbidden),
    ])
    .await;
    alice.ask("SELECT box").await;
    alice.ask("STORE 1 FLAGS.SILENT (\\Flagged \\Deleted)").await;
    bob.talk(&[
        ("NOOP", "* 1 FETCH (UID 1 FLAGS (\\Deleted \\Flagged \\Recent))\nOK done"),
        ("STORE 1 FLAGS (\\Seen)", "* 1 FETCH (FLAGS (\\Deleted \\Flagged \\Seen \\Recent))\nOK stored"),
        ("STORE 1 FLAGS ()", "* 1 FETCH (FLAGS (\\Deleted \\Flagged \\Recent))\nOK stored"),
        ("CLOSE", "OK closed"),
        ("STATUS user/alice/box (MESSAGES)", "* STATUS \"user/alice/box\" (MESSAGES 1)\nOK done"),
    ])
    .await;
    bob.ask("SELECT user/alice/box").await;
    alice.talk(&[("SETACL box bob lrte", "* 1 FETCH (UID 1 FLAGS (\\Deleted \\Flagged))\nOK done")]).await;
    let flags = alice_flags();
    bob.talk(&[
        ("NOOP", &format!("* FLAGS ({flags})\n* OK [PERMANENTFLAGS (\\Deleted)] kept for good\nOK done")),
        ("FETCH 1 BODY[]", "* 1 FETCH (BODY[] {1}\na)\nOK fetched"),
        ("STORE 1 -FLAGS (\\Deleted)", "* 1 FETCH (FLAGS (\\Flagged))\nOK stored"),
        ("MOVE 1 INBOX", "* OK [COPYUID V 1 1] moved\n* 1 EXPUNGE\nOK done"),
        ("SELECT INBOX", &bob_inbox()),
        ("FETCH 1 FLAGS", "* 1 FETCH (FLAGS (\\Flagged \\Recent))\nOK fetched"),
    ])
    .await;
    alice.talk(&[("NOOP", "* 1 EXPUNGE\nOK done")]).await;
}

fn bob_inbox() -> String {
    let closed = "* OK [CLOSED] the mailbox before is closed\n";
    let mailbox = "* OK [MAILBOXID (FV)] its identifier";
    format!("{closed}{}", selected_box(&alice_flags()).replace("* OK [MAILBOXID (F2)] its identifier", mailbox))
        .replace("HIGHESTMODSEQ 3", "HIGHESTMODSEQ 2")
}

#[tokio::test]
async fn what_is_put_elsewhere_loses_flags_without_a_right() {
    let running = server().await;
    let (mut alice, mut bob) = two(&running).await;
    deliver_to_bob(&running);
    alice.talk(&[("SETACL box bob i", "OK done")]).await;
    bob.ask("SELECT INBOX").await;
    bob.ask("STORE 1 FLAGS (\\Seen \\Deleted $x)").await;
    bob.talk(&[
        ("APPEND user/alice/box (\\Seen \\Flagged) {1+}\r\nb", "OK appended"),
        ("COPY 1 user/alice/box", "OK copied"),
        ("SELECT user/alice/box", "* OK [CLOSED] the mailbox before is closed\nNO [NONEXISTENT] no such mailbox"),
    ])
    .await;
    alice.talk(&[("SETACL box bob lrit", "OK done")]).await;
    bob.ask("SELECT INBOX").await;
    bob.talk(&[
        ("UID COPY 1 user/alice/box", "OK [COPYUID V 1 4] copied"),
        ("MOVE 1 user/alice/box", "* OK [COPYUID V 1 5] moved\n* 1 EXPUNGE\nOK done"),
        ("COPY 1 user/alice/none", "BAD no such message number"),
        ("APPEND user/alice/box/none {1+}\r\nb", "NO [NONEXISTENT] no such mailbox"),
    ])
    .await;
    alice.ask("SELECT box").await;
    alice
        .talk(&[(
            "FETCH 2:5 FLAGS",
            "* 2 FETCH (FLAGS (\\Recent))\n* 3 FETCH (FLAGS (\\Recent))\n* 4 FETCH (FLAGS (\\Deleted \\Recent))\n\
            * 5 FETCH (FLAGS (\\Deleted \\Recent))\nOK fetched",
        )])
        .await;
}

fn deliver_to_bob(running: &crate::refserver::Running) {
    let date = crate::refserver::store::InternalDate { seconds: 951_782_400, zone: 0 };
    running.store.deliver("bob", TEXT.as_bytes(), date).unwrap();
}

#[tokio::test]
async fn mailboxes_below_another_are_made_and_removed_by_right() {
    let running = server().await;
    let (mut alice, mut bob) = two(&running).await;
    alice.talk(&[("SETACL box bob lrk", "OK done")]).await;
    let forbidden = "NO [NOPERM] that is not allowed here";
    assert!(bob.ask("CREATE user/alice/box/a/b").await[0].starts_with("OK [MAILBOXID"));
    bob.talk(&[
        ("MYRIGHTS user/alice/box/a/b", "* MYRIGHTS \"user/alice/box/a/b\" lrkc\nOK done"),
        ("APPEND user/alice/box/none {1+}\r\nb", "NO [TRYCREATE] no such mailbox"),
        ("DELETE user/alice/box/a/b", forbidden),
        ("RENAME user/alice/box/a/b user/alice/box/c", forbidden),
    ])
    .await;
    alice.talk(&[("SETACL box/a/b bob +x", "OK done")]).await;
    bob.talk(&[
        ("RENAME user/alice/box/a/b mine", "NO [CANNOT] a mailbox stays with its owner"),
        ("RENAME user/alice/box/a/b user/alice/top", "NO [NONEXISTENT] no such mailbox"),
        ("RENAME user/alice/box/a/b user/alice/box/c", "OK renamed"),
        ("RENAME INBOX user/alice/box/d", "NO [CANNOT] a mailbox stays with its owner"),
        ("DELETE user/alice/box/c", "OK deleted"),
    ])
    .await;
    alice
        .talk(&[(
            "LIST \"\" box*",
            "* LIST (\\HasChildren) \"/\" \"box\"\n* LIST (\\HasNoChildren) \"/\" \"box/a\"\nOK done",
        )])
        .await;
}

#[tokio::test]
async fn idle_tells_what_happens_in_a_mailbox_of_another() {
    let running = server().await;
    let (mut alice, mut bob) = two(&running).await;
    deliver(&running, TEXT);
    alice.talk(&[("SETACL INBOX bob lr", "OK done")]).await;
    bob.ask("SELECT user/alice/inbox").await;
    bob.send(b"t IDLE\r\n").await;
    assert_eq!(bob.line().await, "+ idling");
    deliver(&running, TEXT);
    assert_eq!([bob.line().await, bob.line().await], ["* 2 EXISTS", "* 2 RECENT"]);
    bob.send(b"DONE\r\n").await;
    assert_eq!(bob.answer().await, ["OK done"]);
}

#[tokio::test]
async fn without_the_extension_nobody_has_other_users() {
    let config = Config { withheld: ["ACL"].into_iter().collect(), ..Config::default() };
    let running = start(config).await.unwrap();
    let mut client = Client::alice(&running).await;
    client
        .talk(&[
            ("NAMESPACE", "* NAMESPACE ((\"\" \"/\")) NIL NIL\nOK done"),
            ("MYRIGHTS INBOX", "BAD unknown command"),
            ("CREATE user/bob/x", "OK [MAILBOXID (F4)] created"),
            ("LIST \"\" user/%", "* LIST (\\HasChildren) \"/\" \"user/bob\"\nOK done"),
        ])
        .await;
    let announced = client.ask("CAPABILITY").await;
    assert!(!announced[0].contains("ACL") && !announced[0].contains("RIGHTS="), "{announced:?}");
}
