//! RFC 9051 beside RFC 3501.

use super::client::{Client, deliver, server};
use crate::refserver::{Config, Running, start};

const TEXT: &str = "a: b\r\nSubject: =?utf-8?q?gr=C3=BCn?=\r\n\r\nc\r\n";

async fn rev2(running: &Running) -> Client {
    let mut client = Client::alice(running).await;
    client.talk(&[("ENABLE imap4REV2 CONDSTORE IDLE", "* ENABLED IMAP4rev2 CONDSTORE\nOK done")]).await;
    client
}

#[tokio::test]
async fn nothing_changes_before_it_is_enabled() {
    let running = server().await;
    deliver(&running, TEXT);
    let mut client = Client::alice(&running).await;
    let selected = client.ask("SELECT inbox").await;
    assert!(selected.contains(&"* 1 RECENT".to_owned()) && !selected.iter().any(|line| line.starts_with("* LIST")));
    client
        .talk(&[("SEARCH ALL", "* SEARCH 1\nOK searched"), ("UNSUBSCRIBE x", "NO that name is not subscribed")])
        .await;
}

#[tokio::test]
async fn a_mailbox_is_opened_with_its_name_and_nothing_is_recent() {
    let running = server().await;
    deliver(&running, TEXT);
    let mut client = rev2(&running).await;
    let flags = "\\Answered \\Deleted \\Draft \\Flagged \\Seen";
    let opened = |list: &str, modseq: u32| {
        format!(
            "* FLAGS ({flags})\n* OK [PERMANENTFLAGS ({flags} \\*)] kept for good\n* 1 EXISTS\n\
            * OK [UIDNEXT 2] next UID\n* OK [UIDVALIDITY V] UIDs are valid\n\
            * OK [HIGHESTMODSEQ {modseq}] all is told up to here\n* OK [MAILBOXID (F1)] its identifier\n\
            * LIST (\\HasNoChildren) \"/\" \"INBOX\"{list}\nOK [READ-WRITE] selected"
        )
    };
    client
        .talk(&[
            ("SELECT INBOX", &opened("", 2)),
            (
                "SELECT inbox",
                &format!("* OK [CLOSED] the mailbox before is closed\n{}", opened(" (\"OLDNAME\" (\"inbox\"))", 2)),
            ),
            ("FETCH 1 FLAGS", "* 1 FETCH (FLAGS () MODSEQ (2))\nOK fetched"),
            ("SELECT none", "* OK [CLOSED] the mailbox before is closed\nNO [NONEXISTENT] no such mailbox"),
        ])
        .await;
    client.ask("SELECT INBOX").await;
    deliver(&running, TEXT);
    client.talk(&[("NOOP", "* 2 EXISTS\nOK done")]).await;
    let mut other = Client::in_inbox(&running).await;
    other.ask("STORE 2 +FLAGS (\\Seen)").await;
    client.talk(&[("NOOP", "* 2 FETCH (UID 2 FLAGS (\\Seen) MODSEQ (4))\nOK done")]).await;
}

#[tokio::test]
async fn searches_have_one_form_and_speak_utf8() {
    let running = server().await;
    (0..2).for_each(|_| deliver(&running, TEXT));
    let mut client = rev2(&running).await;
    client.ask("SELECT INBOX").await;
    client
        .talk(&[
            ("SEARCH ALL", "* ESEARCH (TAG \"t\") ALL 1:2\nOK searched"),
            ("UID SEARCH 2", "* ESEARCH (TAG \"t\") UID ALL 2\nOK searched"),
            ("SEARCH SEEN", "* ESEARCH (TAG \"t\")\nOK searched"),
            ("SEARCH RETURN (COUNT) SUBJECT \"gr\u{fc}n\"", "* ESEARCH (TAG \"t\") COUNT 2\nOK searched"),
            ("SEARCH SUBJECT {5+}\r\ngr\u{fc}n", "* ESEARCH (TAG \"t\") ALL 1:2\nOK searched"),
            ("SEARCH CHARSET US-ASCII SUBJECT \"gr\u{fc}n\"", "BAD 8-bit strings need CHARSET UTF-8"),
        ])
        .await;
}

#[tokio::test]
async fn names_are_in_utf8_to_one_client_and_in_utf7_to_the_other() {
    let running = server().await;
    let (mut new, mut old) = (rev2(&running).await, Client::alice(&running).await);
    new.talk(&[
        ("CREATE \"R&D/\u{e9}\u{e8}\"", "OK [MAILBOXID (F3)] created"),
        (
            "CREATE \"e\u{301}\"",
            "* LIST (\\HasNoChildren) \"/\" \"\u{e9}\" (\"OLDNAME\" (\"e\u{301}\"))\nOK [MAILBOXID (F4)] created",
        ),
        ("LIST \"\" \"R&D/\u{e9}*\"", "* LIST (\\HasNoChildren) \"/\" \"R&D/\u{e9}\u{e8}\"\nOK done"),
        ("STATUS \"R&D/\u{e9}\u{e8}\" (DELETED)", "* STATUS \"R&D/\u{e9}\u{e8}\" (DELETED 0)\nOK done"),
        ("SUBSCRIBE {8+}\r\nR&D/\u{e9}\u{e8}", "OK subscribed"),
        ("LSUB \"\" *", "* LSUB () \"/\" \"R&D/\u{e9}\u{e8}\"\nOK done"),
        ("MYRIGHTS \"R&D/\u{e9}\u{e8}\"", "* MYRIGHTS \"R&D/\u{e9}\u{e8}\" lrswipkxteacd\nOK done"),
    ])
    .await;
    old.talk(&[
        (
            "LIST \"\" R*",
            "* LIST (\\HasChildren) \"/\" \"R&-D\"\n* LIST (\\HasNoChildren) \"/\" \"R&-D/&AOkA6A-\"\nOK done",
        ),
        ("RENAME R&-D/&AOkA6A- &ZeVnLIqe-", "OK renamed"),
        ("CREATE &AGE-", "NO [CANNOT] `&` begins no well-formed modified UTF-7"),
    ])
    .await;
    new.send(b"t CREATE \"\xc3\"\r\n").await;
    assert_eq!(new.answer().await, ["BAD UTF-8 in quotes is expected"]);
    new.send(b"t CREATE {1+}\r\n\xc3\r\n").await;
    assert_eq!(new.answer().await, ["NO [CANNOT] the name is not in UTF-8"]);
    new.talk(&[
        ("LIST \"\" \"\u{65e5}%\"", "* LIST (\\HasNoChildren) \"/\" \"\u{65e5}\u{672c}\u{8a9e}\"\nOK done"),
        ("DELETE \"\u{65e5}\u{672c}\u{8a9e}\"", "OK deleted"),
    ])
    .await;
}

#[tokio::test]
async fn refusals_follow_the_revision() {
    let running = server().await;
    let mut client = rev2(&running).await;
    client.ask("CREATE a/b").await;
    client
        .talk(&[
            ("DELETE a", "OK deleted"),
            ("DELETE a", "NO [HASCHILDREN] there are mailboxes below that name"),
            ("UNSUBSCRIBE a", "OK unsubscribed"),
            ("LIST (SUBSCRIBED) \"\" *", "OK done"),
        ])
        .await;
}

#[tokio::test]
async fn it_is_there_only_with_all_that_it_is_made_of() {
    for (withheld, announced) in [("IMAP4REV2", false), ("ESEARCH", false), ("LITERAL+", true), ("QUOTA", true)] {
        let config = Config { withheld: [withheld].into_iter().collect(), ..Config::default() };
        let running = start(config).await.unwrap();
        let mut client = Client::alice(&running).await;
        assert_eq!(client.ask("CAPABILITY").await[0].contains("IMAP4rev2"), announced, "{withheld}");
        let enabled = if announced { "* ENABLED IMAP4rev2\nOK done" } else { "* ENABLED\nOK done" };
        client.talk(&[("ENABLE IMAP4rev2", enabled)]).await;
    }
}
