//! UTF8=ACCEPT (RFC 6855).

use super::client::{Client, deliver, server};
use crate::refserver::{Config, start};

#[tokio::test]
async fn each_client_reads_names_in_the_form_that_it_knows() {
    let running = server().await;
    let mut legacy = Client::alice(&running).await;
    let mut client = Client::alice(&running).await;
    client
        .talk(&[
            ("ENABLE utf8=accept", "* ENABLED UTF8=ACCEPT\nOK done"),
            ("CREATE \"é/R&D/\"", "OK [MAILBOXID (F3)] created"),
            ("CREATE \"e\u{301}\"", "NO [ALREADYEXISTS] a mailbox of that name exists"),
            ("CREATE {3+}\r\n日", "OK [MAILBOXID (F4)] created"),
            ("CREATE \"a\u{85}\"", "NO [CANNOT] the name has a control character or a wildcard"),
            ("CREATE \"\u{2028}\"", "NO [CANNOT] the name has a control character or a wildcard"),
            (
                "LIST \"\" *",
                "* LIST (\\HasChildren) \"/\" \"é\"\n* LIST (\\HasNoChildren) \"/\" \"é/R&D\"\n\
                * LIST (\\HasNoChildren) \"/\" \"日\"\n* LIST (\\HasNoChildren) \"/\" \"INBOX\"\nOK done",
            ),
            ("LIST \"e\u{301}/\" \"R&%\"", "* LIST (\\HasNoChildren) \"/\" \"é/R&D\"\nOK done"),
            ("SUBSCRIBE \"é\"", "OK subscribed"),
            ("LSUB \"\" \"é*\"", "* LSUB () \"/\" \"é\"\nOK done"),
            ("STATUS \"é\" (MESSAGES)", "* STATUS \"é\" (MESSAGES 0)\nOK done"),
            (
                "LIST \"\" \"日\" RETURN (STATUS (MESSAGES))",
                "* LIST (\\HasNoChildren) \"/\" \"日\"\n* STATUS \"日\" (MESSAGES 0)\nOK done",
            ),
            ("SELECT &AOk-", "NO [NONEXISTENT] no such mailbox"),
            ("RENAME \"日\" \"月\"", "OK renamed"),
            ("APPEND \"月\" {1+}\r\nx", "OK [APPENDUID V 1] appended"),
        ])
        .await;
    legacy
        .talk(&[
            (
                "LIST \"\" *",
                "* LIST (\\HasChildren) \"/\" \"&AOk-\"\n* LIST (\\HasNoChildren) \"/\" \"&AOk-/R&-D\"\n\
                * LIST (\\HasNoChildren) \"/\" \"&Zwg-\"\n* LIST (\\HasNoChildren) \"/\" \"INBOX\"\nOK done",
            ),
            ("STATUS &Zwg- (MESSAGES)", "* STATUS \"&Zwg-\" (MESSAGES 1)\nOK done"),
            ("CREATE \"é\"", "NO [CANNOT] mailbox names are 7-bit"),
            ("CREATE \"R&D\"", "NO [CANNOT] `&` begins no well-formed modified UTF-7"),
            ("LSUB \"\" *", "* LSUB () \"/\" \"&AOk-\"\nOK done"),
        ])
        .await;
}

#[tokio::test]
async fn quoted_strings_are_utf8_and_searches_have_no_charset() {
    let running = server().await;
    deliver(&running, "Subject: =?utf-8?Q?gr=C3=BCn?=\r\n\r\nx\r\n");
    let mut client = Client::alice(&running).await;
    client.ask("ENABLE UTF8=ACCEPT").await;
    client.send(b"t CREATE \"\xe9\"\r\n").await;
    assert_eq!(client.answer().await, ["BAD UTF-8 in quotes is expected"]);
    client.ask("SELECT INBOX").await;
    client
        .talk(&[
            ("SEARCH SUBJECT \"grün\"", "* SEARCH 1\nOK searched"),
            ("SEARCH CHARSET UTF-8 SUBJECT \"grün\"", "BAD strings are in UTF-8, as was enabled"),
            ("UID SEARCH RETURN (COUNT) CHARSET US-ASCII ALL", "BAD strings are in UTF-8, as was enabled"),
            ("SORT (DATE) UTF-8 ALL", "* SORT 1\nOK sorted"),
        ])
        .await;
}

#[tokio::test]
async fn headers_with_eight_bits_are_for_clients_that_know_them() {
    let running = server().await;
    let mut legacy = Client::alice(&running).await;
    let refused = "NO ENABLE UTF8=ACCEPT comes before a header with 8 bits";
    let message = "Subject: é\r\n\r\nx\r\n";
    let (plain, unicode) = (
        format!("APPEND INBOX {{{}+}}\r\n{message}", message.len()),
        format!("APPEND INBOX UTF8 (~{{{}+}}\r\n{message})", message.len()),
    );
    legacy
        .talk(&[
            (&plain, refused),
            (&unicode, refused),
            ("APPEND INBOX {10+}\r\na: b\r\n\r\né", "OK [APPENDUID V 1] appended"),
        ])
        .await;
    let mut client = Client::alice(&running).await;
    client.ask("ENABLE UTF8=ACCEPT").await;
    client.ask("SELECT INBOX").await;
    client
        .talk(&[
            (&unicode, "* 2 EXISTS\n* 2 RECENT\nOK [APPENDUID V 2] appended"),
            ("FETCH 2 BODY.PEEK[HEADER]", "* 2 FETCH (BODY[HEADER] {15}\nSubject: é\n\n)\nOK fetched"),
        ])
        .await;
    let withheld = Config { withheld: ["UTF8=ACCEPT"].into_iter().collect(), ..Config::default() };
    let running = start(withheld).await.unwrap();
    let mut client = Client::alice(&running).await;
    client.talk(&[(&plain, "OK [APPENDUID V 1] appended"), ("ENABLE UTF8=ACCEPT", "* ENABLED\nOK done")]).await;
}

#[tokio::test]
async fn it_is_enabled_before_a_mailbox_is_selected() {
    let running = server().await;
    let mut client = Client::in_inbox(&running).await;
    client
        .talk(&[
            ("ENABLE UTF8=ACCEPT", "BAD ENABLE UTF8=ACCEPT comes before a mailbox is selected"),
            ("UNSELECT", "OK unselected"),
            ("ENABLE CONDSTORE UTF8=ACCEPT", "* ENABLED CONDSTORE UTF8=ACCEPT\nOK done"),
        ])
        .await;
}
