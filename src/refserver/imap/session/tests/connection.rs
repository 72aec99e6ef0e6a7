//! Greeting, capabilities, login, TLS, literals, lines that are no commands.

use super::client::{Client, deliver, server};
use crate::refserver::{Config, start};

const BASE: &str = "IMAP4rev1 IMAP4rev2 LITERAL+ SASL-IR ID ENABLE IDLE NAMESPACE CHILDREN UIDPLUS MOVE UNSELECT ESEARCH \
    SEARCHRES WITHIN SORT THREAD=ORDEREDSUBJECT THREAD=REFERENCES LIST-EXTENDED LIST-STATUS SPECIAL-USE CREATE-SPECIAL-USE STATUS=SIZE APPENDLIMIT=10485760 \
    MULTIAPPEND CONDSTORE QRESYNC OBJECTID SAVEDATE BINARY PREVIEW REPLACE PARTIAL COMPRESS=DEFLATE UTF8=ACCEPT ACL RIGHTS=kxte \
    QUOTA QUOTA=RES-STORAGE QUOTA=RES-MESSAGE QUOTA=RES-MAILBOX";

#[tokio::test]
async fn capabilities_follow_tls_and_login() {
    let running = server().await;
    let mut client = Client::clear(&running).await;
    let clear = format!("CAPABILITY {BASE} STARTTLS LOGINDISABLED AUTH=SCRAM-SHA-256 AUTH=SCRAM-SHA-1 AUTH=CRAM-MD5");
    assert_eq!(client.line().await, format!("* OK [{clear}] mail.example.test ready"));
    let refused = "NO [PRIVACYREQUIRED] TLS is needed first";
    client
        .talk(&[
            ("CAPABILITY", &format!("* {clear}\nOK done")),
            ("LOGIN alice alice-secret", refused),
            ("AUTHENTICATE PLAIN AGFsaWNlAGFsaWNlLXNlY3JldA==", refused),
            ("STARTTLS now", "BAD the end of the command is expected"),
            ("STARTTLS", "OK begin TLS"),
        ])
        .await;
    let mut client = client.secured(&running).await;
    let announced = client.ask("CAPABILITY").await;
    assert!(announced[0].starts_with(&format!("* CAPABILITY {BASE} AUTH=")), "{announced:?}");
    assert!(!announced[0].contains("STARTTLS") && !announced[0].contains("LOGINDISABLED"));
    client
        .talk(&[
            ("STARTTLS", "BAD TLS runs already"),
            ("LOGIN alice wrong", "NO [AUTHENTICATIONFAILED] wrong name or password"),
            ("SELECT INBOX", "BAD the command is not for this state"),
            ("LOGIN \"ALICE\" {12+}\r\nalice-secret", &format!("OK [CAPABILITY {BASE}] logged in")),
            ("CAPABILITY", &format!("* CAPABILITY {BASE}\nOK done")),
            ("LOGIN alice alice-secret", "BAD the command is not for this state"),
            ("STARTTLS", "BAD the command is not for this state"),
            ("FETCH 1 FLAGS", "BAD the command is not for this state"),
            ("ID NIL", "* ID (\"name\" \"mailproof\")\nOK done"),
            ("ENABLE X", "* ENABLED\nOK done"),
            ("ENABLE condstore X", "* ENABLED CONDSTORE\nOK done"),
            ("NAMESPACE", "* NAMESPACE ((\"\" \"/\")) ((\"user/\" \"/\")) NIL\nOK done"),
            ("LOGOUT", "* BYE logging out\nOK bye"),
        ])
        .await;
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn what_is_pipelined_behind_starttls_is_never_executed() {
    let running = server().await;
    let mut client = Client::clear(&running).await;
    client.line().await;
    client.send(b"t STARTTLS\r\nu CAPABILITY\r\nv LOGOUT\r\n").await;
    assert_eq!(client.answer().await, ["OK begin TLS"]);
    let mut client = client.secured(&running).await;
    client.talk(&[("NOOP", "OK done")]).await;
}

#[tokio::test]
async fn authentication_has_challenges_and_can_be_given_up() {
    let running = server().await;
    let mut client = Client::tls(&running).await;
    client.talk(&[("AUTHENTICATE X-NONE", "NO no such mechanism")]).await;
    client.send(b"t AUTHENTICATE PLAIN\r\n").await;
    assert_eq!(client.line().await, "+ ");
    client.send(b"*\r\n").await;
    assert!(client.answer().await[0].starts_with("BAD "));
    client.send(b"t AUTHENTICATE PLAIN\r\n").await;
    assert_eq!(client.line().await, "+ ");
    client.send(b"!\r\n").await;
    assert!(client.answer().await[0].starts_with("BAD "));
    assert!(
        client.ask("AUTHENTICATE PLAIN AGFsaWNlAGJvYi1zZWNyZXQ=").await[0].starts_with("NO [AUTHENTICATIONFAILED]")
    );
    client.talk(&[("AUTHENTICATE CRAM-MD5 =", "BAD this mechanism has no initial response")]).await;
    client.send(b"t AUTHENTICATE LOGIN\r\n").await;
    assert_eq!(client.line().await, "+ VXNlcm5hbWU6");
    client.send(b"YWxpY2U=\r\n").await;
    assert_eq!(client.line().await, "+ UGFzc3dvcmQ6");
    client.send(b"Ym9iLXNlY3JldA==\r\n").await;
    assert!(client.answer().await[0].starts_with("NO [AUTHENTICATIONFAILED]"));
    client.send(b"t AUTHENTICATE plain\r\n").await;
    assert_eq!(client.line().await, "+ ");
    client.send(b"AGFsaWNlAGFsaWNlLXNlY3JldA==\r\n").await;
    assert_eq!(client.answer().await, [format!("OK [CAPABILITY {BASE}] logged in")]);
    let mut client = Client::tls(&running).await;
    assert!(client.ask("AUTHENTICATE PLAIN AGFsaWNlAGFsaWNlLXNlY3JldA==").await[0].starts_with("OK "));
}

#[tokio::test]
async fn lines_without_a_tag_and_ill_formed_commands_are_bad() {
    let running = server().await;
    let mut client = Client::alice(&running).await;
    for line in ["", " NOOP", "+ NOOP", "\u{e9} NOOP", "a\"b NOOP", "{3}", "t{x NOOP"] {
        client.send(format!("{line}\r\n").as_bytes()).await;
        assert!(client.line().await.starts_with("* BAD "), "{line}");
    }
    client
        .talk(&[
            ("", "BAD unknown command"),
            ("FROB", "BAD unknown command"),
            ("NOOP x", "BAD the end of the command is expected"),
            ("NOOP\nt NOOP", "BAD the end of the command is expected"),
            ("SELECT", "BAD a blank is expected"),
            ("SELECT \"a\0\"", "BAD a quoted string is expected"),
            ("SELECT \u{e9}", "BAD an atom or string is expected"),
            ("CREATE \"\u{e9}\"", "NO [CANNOT] mailbox names are 7-bit"),
            ("SELECT {3+}\r\na\0b", "BAD a literal without NUL is expected"),
        ])
        .await;
    client.send(b"t\r\n").await;
    assert_eq!(client.answer().await, ["BAD a blank is expected"]);
    client.talk(&[("NOOP", "OK done")]).await;
}

#[tokio::test]
async fn literals_are_asked_for_only_when_all_is_well_so_far() {
    let running = server().await;
    let mut client = Client::alice(&running).await;
    client.send(b"t CREATE {1}\r\n").await;
    assert_eq!(client.line().await, "+ ready");
    client.send(b"x\r\n").await;
    assert_eq!(client.answer().await, ["OK [MAILBOXID (F2)] created"]);
    client
        .talk(&[
            ("FROB {5}", "BAD unknown command"),
            ("NOOP {5}", "BAD the end of the command is expected"),
            ("FETCH 1 {5}", "BAD the command is not for this state"),
            ("APPEND INBOX {10485761}", "NO [TOOBIG] the literal is too big"),
            ("CREATE {65537}", "NO [TOOBIG] the literal is too big"),
            // The octets of these come anyway, and are no commands.
            ("FROB {10+}\r\nt LOGOUT\r\n", "BAD unknown command"),
            ("CREATE \"x{11+}\r\n\r\nt LOGOUT\r\n {10+}\r\nt LOGOUT\r\n", "BAD a quoted string is expected"),
            ("CREATE {99999999999999999999}", "BAD a string is expected"),
        ])
        .await;
    let big = format!("t CREATE {{70000+}}\r\n{}\r\nu NOOP\r\n", "t LOGOUT\r\n".repeat(7000));
    client.send(big.as_bytes()).await;
    assert_eq!(client.answer().await, ["NO [TOOBIG] the literal is too big"]);
    assert_eq!(client.line().await, "u OK done");
    let long = format!("t CREATE {}{{10+}}\r\nt LOGOUT\r\n\r\nu NOOP\r\n", "x".repeat(70_000));
    client.send(long.as_bytes()).await;
    assert_eq!(client.answer().await, ["BAD the command is too long"]);
    assert_eq!(client.line().await, "u OK done");
    client.send(b"t CREATE {999999999999+}\r\n").await;
    assert!(client.rest().await.starts_with("* BYE "));
    // The tag itself is beyond the bound: nobody knows it.
    let mut client = Client::alice(&running).await;
    client.send(&[vec![b't'; 70_000], b" NOOP\r\n".to_vec()].concat()).await;
    assert_eq!(client.line().await, "* BAD the command is too long");
}

#[tokio::test]
async fn a_client_that_hangs_up_within_a_command_leaves_nothing_behind() {
    let running = server().await;
    let mut client = Client::alice(&running).await;
    client.send(b"t APPEND INBOX {5+}\r\nab").await;
    drop(client);
    let mut client = Client::in_inbox(&running).await;
    client.talk(&[("STATUS INBOX (MESSAGES)", "* STATUS \"INBOX\" (MESSAGES 0)\nOK done")]).await;
}

#[tokio::test]
async fn what_is_withheld_is_neither_announced_nor_known() {
    let table = [
        ("MOVE", "MOVE 1 INBOX"),
        ("UNSELECT", "UNSELECT"),
        ("IDLE", "IDLE"),
        ("ESEARCH", "SEARCH RETURN (ALL) ALL"),
        ("SEARCHRES", "FETCH $ UID"),
        ("WITHIN", "SEARCH NOT OLDER 5"),
        ("SORT", "SORT (SIZE) UTF-8 ALL"),
        ("THREAD=ORDEREDSUBJECT", "THREAD ORDEREDSUBJECT UTF-8 ALL"),
        ("THREAD=REFERENCES", "THREAD REFERENCES UTF-8 ALL"),
        ("LIST-EXTENDED", "LIST (SUBSCRIBED) \"\" *"),
        ("LIST-STATUS", "LIST \"\" * RETURN (STATUS (MESSAGES))"),
        ("SPECIAL-USE", "LIST (SPECIAL-USE) \"\" *"),
        ("CREATE-SPECIAL-USE", "CREATE x (USE (\\Sent))"),
        ("STATUS=SIZE", "STATUS INBOX (SIZE)"),
        ("APPENDLIMIT", "STATUS INBOX (APPENDLIMIT)"),
        ("MULTIAPPEND", "APPEND INBOX {1+}\r\na {1+}\r\nb"),
        ("QRESYNC", "SELECT INBOX (QRESYNC (1 1))"),
        ("OBJECTID", "FETCH 1 EMAILID"),
        ("SAVEDATE", "SEARCH SAVEDON 1-Jan-2024"),
        ("UIDPLUS", "UID EXPUNGE 1"),
        ("ENABLE", "ENABLE CONDSTORE"),
        ("COMPRESS=DEFLATE", "COMPRESS DEFLATE"),
        ("UTF8=ACCEPT", "APPEND INBOX UTF8 (~{1+}\r\na)"),
        ("PARTIAL", "SEARCH RETURN (PARTIAL 1:2) ALL"),
        ("PARTIAL", "UID FETCH 1 UID (PARTIAL -1:-2)"),
        ("REPLACE", "REPLACE 1 INBOX {1+}\r\na"),
        ("PREVIEW", "FETCH 1 (UID PREVIEW (LAZY))"),
        ("BINARY", "FETCH 1 BINARY.PEEK[1]"),
        ("BINARY", "APPEND INBOX ~{1+}\r\na"),
    ];
    for (word, command) in table {
        let config = Config { withheld: [word].into_iter().collect(), ..Config::default() };
        let running = start(config).await.unwrap();
        deliver(&running, "a: b\r\n\r\n");
        let mut client = Client::in_inbox(&running).await;
        let announced = client.ask("CAPABILITY").await;
        assert!(
            !announced[0].split(' ').any(|has| has == word || has.starts_with(&format!("{word}="))),
            "{announced:?}"
        );
        client.talk(&[(command, "BAD unknown command")]).await;
    }
}

#[tokio::test]
async fn literals_that_do_not_wait_may_be_short_only_or_none() {
    let withheld = |words: &[&str]| Config { withheld: words.iter().collect(), ..Config::default() };
    let running = start(withheld(&["LITERAL+"])).await.unwrap();
    let mut client = Client::in_inbox(&running).await;
    let announced = client.ask("CAPABILITY").await;
    assert!(announced[0].split(' ').any(|word| word == "LITERAL-"), "{announced:?}");
    let (short, long) = ("x".repeat(4096), "x".repeat(4097));
    client
        .talk(&[
            (&format!("APPEND INBOX {{4097+}}\r\n{long}"), "BAD that literal has to wait"),
            (&format!("APPEND INBOX {{4096+}}\r\n{short}"), "* 1 EXISTS\n* 1 RECENT\nOK [APPENDUID V 1] appended"),
        ])
        .await;
    let running = start(withheld(&["LITERAL+", "LITERAL-"])).await.unwrap();
    let mut client = Client::in_inbox(&running).await;
    client.talk(&[("CREATE {1+}\r\nx", "BAD that literal has to wait"), ("NOOP", "OK done")]).await;
}
