//! Commands on messages.

use super::client::{Client, deliver, server};

const FIRST: &str = "From: =?utf-8?Q?J=C3=B6rg?= <joerg@example.test>\r\nTo: Alice <alice@example.test>\r\n\
    Subject: Hello\r\n there\r\nDate: Tue, 29 Feb 2000 23:59:59 -0900\r\nMessage-ID: <1@x>\r\n\r\nFirst body\r\n";
const MIXED: &str = "Subject: two\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\n\r\none\r\n\
    --b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <c>\r\n\
    Content-Disposition: attachment; filename=x\r\n\r\nTmFkZWw=\r\n--b--\r\n";

#[tokio::test]
async fn fetch_answers_every_item() {
    let running = server().await;
    deliver(&running, FIRST);
    let mut client = Client::in_inbox(&running).await;
    let envelope = "ENVELOPE (\"Tue, 29 Feb 2000 23:59:59 -0900\" \"Hello there\" \
        ((\"=?utf-8?Q?J=C3=B6rg?=\" NIL \"joerg\" \"example.test\")) ((\"=?utf-8?Q?J=C3=B6rg?=\" NIL \"joerg\" \"example.test\")) \
        ((\"=?utf-8?Q?J=C3=B6rg?=\" NIL \"joerg\" \"example.test\")) ((\"Alice\" NIL \"alice\" \"example.test\")) \
        NIL NIL NIL \"<1@x>\")";
    let size = FIRST.len();
    let fast = format!("FLAGS (\\Recent) INTERNALDATE \"29-Feb-2000 00:00:00 +0000\" RFC822.SIZE {size}");
    let body = "BODY (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 12 1)";
    client
        .talk(&[
            ("FETCH 1 FAST", &format!("* 1 FETCH ({fast})\nOK fetched")),
            ("FETCH 1 ALL", &format!("* 1 FETCH ({fast} {envelope})\nOK fetched")),
            ("FETCH 1:* full", &format!("* 1 FETCH ({fast} {envelope} {body})\nOK fetched")),
            ("FETCH 1 (UID UID FLAGS)", "* 1 FETCH (UID 1 FLAGS (\\Recent))\nOK fetched"),
            (
                "FETCH 1 BODY.PEEK[HEADER.FIELDS (subject \"X y\")]",
                "* 1 FETCH (BODY[HEADER.FIELDS (subject \"X y\")] {26}\nSubject: Hello\n there\n\n)\nOK fetched",
            ),
            ("FETCH 1 BODY.PEEK[TEXT]<6.100>", "* 1 FETCH (BODY[TEXT]<6> {6}\nbody\n)\nOK fetched"),
            ("FETCH 1 BODY.PEEK[1]<0.5>", "* 1 FETCH (BODY[1]<0> {5}\nFirst)\nOK fetched"),
            ("FETCH 1 BODY.PEEK[]<9999.5>", "* 1 FETCH (BODY[]<9999> {0}\n)\nOK fetched"),
            ("FETCH 1 BODY.PEEK[2]", "* 1 FETCH (BODY[2] NIL)\nOK fetched"),
            (
                "FETCH 1 RFC822.HEADER",
                &format!(
                    "* 1 FETCH (RFC822.HEADER {{{}}}\n{}\n\n)\nOK fetched",
                    size - 12,
                    FIRST[..size - 16].replace("\r\n", "\n")
                ),
            ),
            ("FETCH 1 RFC822.TEXT", "* 1 FETCH (RFC822.TEXT {12}\nFirst body\n FLAGS (\\Seen \\Recent))\nOK fetched"),
            ("FETCH 1 BODY[TEXT]", "* 1 FETCH (BODY[TEXT] {12}\nFirst body\n)\nOK fetched"),
            ("FETCH 2 FLAGS", "BAD no such message number"),
            ("FETCH 1:2 FLAGS", "BAD no such message number"),
            ("UID FETCH 2:9,7 FLAGS", "OK fetched"),
            ("UID FETCH 9:* FLAGS", "* 1 FETCH (UID 1 FLAGS (\\Seen \\Recent))\nOK fetched"),
            ("FETCH 1 (FAST)", "BAD an item of FETCH is expected"),
        ])
        .await;
}

#[tokio::test]
async fn structure_and_sections_of_a_multipart() {
    let running = server().await;
    deliver(&running, MIXED);
    deliver(&running, "a: \0\r\n\r\n\0\r\n");
    let mut client = Client::in_inbox(&running).await;
    client
        .talk(&[
            (
                "FETCH 1 BODYSTRUCTURE",
                "* 1 FETCH (BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 3 1 NIL NIL NIL NIL)\
                (\"TEXT\" \"HTML\" (\"CHARSET\" \"utf-8\") \"<c>\" NIL \"BASE64\" 8 1 NIL (\"ATTACHMENT\" (\"FILENAME\" \"x\")) NIL NIL) \
                \"MIXED\" (\"BOUNDARY\" \"b\") NIL NIL NIL))\nOK fetched",
            ),
            ("FETCH 1 BODY.PEEK[2]", "* 1 FETCH (BODY[2] {8}\nTmFkZWw=)\nOK fetched"),
            ("FETCH 1 BODY.PEEK[1.MIME]", "* 1 FETCH (BODY[1.MIME] {2}\n\n)\nOK fetched"),
            ("FETCH 1 BODY.PEEK[2.TEXT]", "* 1 FETCH (BODY[2.TEXT] NIL)\nOK fetched"),
            // NUL never goes out.
            ("FETCH 2 BODY.PEEK[TEXT]", "* 2 FETCH (BODY[TEXT] {3}\n\u{fffd}\n)\nOK fetched"),
        ])
        .await;
}

#[tokio::test]
async fn store_changes_flags_and_tells_them_unless_silent() {
    let running = server().await;
    deliver(&running, FIRST);
    deliver(&running, MIXED);
    let mut client = Client::in_inbox(&running).await;
    let keyword = "* FLAGS (\\Answered \\Deleted \\Draft \\Flagged \\Seen $Work)\n\
        * OK [PERMANENTFLAGS (\\Answered \\Deleted \\Draft \\Flagged \\Seen $Work \\*)] kept for good\n";
    client
        .talk(&[
            ("STORE 1 FLAGS (\\seen $Work)", &format!("{keyword}* 1 FETCH (FLAGS ($Work \\Seen \\Recent))\nOK stored")),
            ("STORE 1 +FLAGS.SILENT (\\Flagged $WORK)", "OK stored"),
            ("STORE 1 -FLAGS \\Seen $work", "* 1 FETCH (FLAGS (\\Flagged \\Recent))\nOK stored"),
            (
                "UID STORE 1:9 +FLAGS (\\Deleted)",
                "* 1 FETCH (UID 1 FLAGS (\\Deleted \\Flagged \\Recent))\n\
                * 2 FETCH (UID 2 FLAGS (\\Deleted \\Recent))\nOK stored",
            ),
            ("STORE 3 FLAGS ()", "BAD no such message number"),
            ("STORE 1 FLAGS (\\Recent)", "BAD a flag is expected"),
            ("UID EXPUNGE 2:7", "* 2 EXPUNGE\n* 1 RECENT\nOK expunged"),
            ("EXPUNGE", "* 1 EXPUNGE\n* 0 RECENT\nOK expunged"),
            ("FETCH 1:* FLAGS", "BAD no such message number"),
            ("UID FETCH 1:* FLAGS", "OK fetched"),
            ("SEARCH ALL", "* SEARCH\nOK searched"),
            ("CHECK", "OK done"),
        ])
        .await;
}

#[tokio::test]
async fn copy_and_move_say_the_new_uids() {
    let running = server().await;
    for text in [FIRST, MIXED, FIRST, MIXED] {
        deliver(&running, text);
    }
    let mut client = Client::in_inbox(&running).await;
    client
        .talk(&[
            ("COPY 1 x", "NO [TRYCREATE] no such mailbox"),
            ("COPY 5 INBOX", "BAD no such message number"),
            ("CREATE x", "OK [MAILBOXID (F6)] created"),
            ("STORE 2 +FLAGS.SILENT (\\Deleted)", "OK stored"),
            ("COPY 4,1:2 x", "OK [COPYUID V 1:2,4 1:3] copied"),
            ("UID COPY 9 x", "OK nothing to copy"),
            ("MOVE 1,3 x", "* OK [COPYUID V 1,3 4:5] moved\n* 1 EXPUNGE\n* 2 EXPUNGE\n* 2 RECENT\nOK done"),
            ("UID MOVE 1:3 x", "* OK [COPYUID V 2 6] moved\n* 1 EXPUNGE\n* 1 RECENT\nOK done"),
            ("COPY 1 INBOX", "* 2 EXISTS\n* 2 RECENT\nOK [COPYUID V 4 5] copied"),
            ("STORE 1:2 +FLAGS.SILENT (\\Deleted)", "OK stored"),
            ("CLOSE", "OK closed"),
            ("STATUS INBOX (MESSAGES)", "* STATUS \"INBOX\" (MESSAGES 0)\nOK done"),
        ])
        .await;
    let selected = client.ask("SELECT x").await;
    assert!(selected.contains(&"* 6 EXISTS".to_owned()) && selected.contains(&"* 6 RECENT".to_owned()), "{selected:?}");
    client.talk(&[("SEARCH DELETED", "* SEARCH 2 6\nOK searched"), ("UNSELECT", "OK unselected")]).await;
    client.talk(&[("STATUS x (MESSAGES)", "* STATUS \"x\" (MESSAGES 6)\nOK done")]).await;
}

/// Keys and the numbers of the messages that they find, of the two that the test leaves.
const KEYS: [(&str, &str); 47] = [
    ("ALL", " 1 2"),
    ("1", " 1"),
    ("*", " 2"),
    ("2:*", " 2"),
    ("UID 3", " 2"),
    ("UID 2", ""),
    ("UID 9:*", " 2"),
    ("ANSWERED", " 1"),
    ("UNANSWERED", " 2"),
    ("DRAFT", " 1"),
    ("UNDRAFT", " 2"),
    ("DELETED", " 2"),
    ("UNDELETED", " 1"),
    ("FLAGGED", " 2"),
    ("UNFLAGGED", " 1"),
    ("SEEN", " 2"),
    ("UNSEEN", " 1"),
    ("NEW", " 1"),
    ("OLD", ""),
    ("RECENT", " 1 2"),
    ("KEYWORD $K", " 1"),
    ("UNKEYWORD $k", " 2"),
    ("FROM joerg@EXAMPLE", " 1"),
    ("FROM nobody", ""),
    ("TO alice", " 1"),
    ("CC Carol", " 2"),
    ("BCC \"\"", " 2"),
    ("SUBJECT \"hello there\"", " 1"),
    ("HEADER message-id \"\"", " 1"),
    ("HEADER Cc car", " 2"),
    ("BODY \"FIRST b\"", " 1"),
    ("BODY Subject", ""),
    ("TEXT subject", " 1"),
    ("TEXT third", " 2"),
    ("ON 29-Feb-2000", " 1 2"),
    ("BEFORE 29-Feb-2000", ""),
    ("SINCE \"1-Mar-2000\"", ""),
    ("SENTON 29-Feb-2000", " 1"),
    ("SENTBEFORE 1-Mar-2000", " 1"),
    ("SENTSINCE 1-Mar-2000", ""),
    ("NOT SEEN", " 1"),
    ("OR SEEN ANSWERED", " 1 2"),
    ("(SEEN ANSWERED)", ""),
    ("NOT (SEEN ANSWERED) 1", " 1"),
    ("CHARSET us-ascii ALL", " 1 2"),
    ("CHARSET UTF-8 FROM {5+}\r\nJ\u{d6}RG", " 1"),
    ("CHARSET UTF-8 SUBJECT =?utf", ""),
];

#[tokio::test]
async fn search_knows_every_key() {
    let running = server().await;
    deliver(&running, FIRST);
    deliver(&running, MIXED);
    deliver(&running, "Bcc: \r\nCc: carol\r\n\r\nthird\r\n");
    let mut client = Client::in_inbox(&running).await;
    client.ask("STORE 1 FLAGS (\\Answered \\Draft $k)").await;
    client.ask("STORE 3 FLAGS (\\Deleted \\Flagged \\Seen)").await;
    client.ask("UID STORE 2 +FLAGS (\\Deleted)").await;
    client.ask("UID EXPUNGE 2").await;
    let size = FIRST.len();
    let sizes =
        [(format!("LARGER {}", size - 1), " 1"), (format!("LARGER {size}"), ""), (format!("SMALLER {size}"), " 2")];
    let sizes = sizes.iter().map(|(keys, found)| (keys.as_str(), *found));
    for (keys, found) in KEYS.into_iter().chain(sizes) {
        let told = client.ask(&format!("SEARCH {keys}")).await.join("\n");
        assert_eq!(told, format!("* SEARCH{found}\nOK searched"), "{keys}");
    }
    client
        .talk(&[
            ("UID SEARCH SEEN", "* SEARCH 3\nOK searched"),
            ("SEARCH CHARSET KOI8-R ALL", "NO [BADCHARSET (US-ASCII UTF-8)] that charset is not known"),
            ("SEARCH", "BAD a blank is expected"),
            ("SEARCH FOO", "BAD a search key is expected"),
            ("SEARCH SUBJECT {2+}\r\n\u{d6}", "BAD 8-bit strings need CHARSET UTF-8"),
        ])
        .await;
}
