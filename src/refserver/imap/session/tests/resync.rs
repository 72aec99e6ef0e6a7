//! Mod-sequences and what clients that come back are told.

use super::client::{Client, deliver, server};
use crate::refserver::Running;
use crate::refserver::store::MailboxName;

const TEXT: &str = "a: b\r\n\r\nc\r\n";

/// Where INBOX stands.
fn highest(running: &Running) -> u64 {
    let inbox = MailboxName::inbox();
    running.store.with("alice", |account| account.find(&inbox).unwrap().1.highest_modseq()).unwrap()
}

/// An answer with the mod-sequences as differences to a number.
async fn told(client: &mut Client, command: &str, from: u64) -> String {
    let text = client.ask(command).await.join("\n");
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find("MODSEQ ") {
        let (head, tail) = rest.split_at(at + "MODSEQ ".len());
        let number = tail.trim_start_matches('(');
        let digits = number.chars().take_while(char::is_ascii_digit).count();
        let value: i64 = number[..digits].parse().unwrap();
        out.push_str(&format!(
            "{head}{}{:+}",
            &tail[..tail.len() - number.len()],
            value - i64::try_from(from).unwrap()
        ));
        rest = &number[digits..];
    }
    out + rest
}

#[tokio::test]
async fn aware_clients_are_told_mod_sequences() {
    let running = server().await;
    (0..3).for_each(|_| deliver(&running, TEXT));
    let base = highest(&running);
    let mut one = Client::in_inbox(&running).await;
    let mut two = Client::in_inbox(&running).await;
    let table = [
        ("STORE 1 +FLAGS (\\Seen)", "* 1 FETCH (FLAGS (\\Seen \\Recent))\nOK stored"),
        (
            "FETCH 1:2 MODSEQ",
            "* OK [HIGHESTMODSEQ +1] all is told up to here\n* 1 FETCH (MODSEQ (+1))\n* 2 FETCH (MODSEQ (-1))\nOK fetched",
        ),
        ("FETCH 2 FLAGS", "* 2 FETCH (FLAGS (\\Recent) MODSEQ (-1))\nOK fetched"),
        ("STORE 2 FLAGS.SILENT (\\Draft)", "* 2 FETCH (MODSEQ (+2))\nOK stored"),
        ("STORE 3 FLAGS (\\Draft)", "* 3 FETCH (FLAGS (\\Draft \\Recent) MODSEQ (+3))\nOK stored"),
        (
            "FETCH 1:3 BODY[TEXT]<0.1>",
            "* 1 FETCH (BODY[TEXT]<0> {1}\nc)\n\
            * 2 FETCH (BODY[TEXT]<0> {1}\nc FLAGS (\\Draft \\Seen \\Recent) MODSEQ (+4))\n\
            * 3 FETCH (BODY[TEXT]<0> {1}\nc FLAGS (\\Draft \\Seen \\Recent) MODSEQ (+5))\nOK fetched",
        ),
        ("STATUS INBOX (HIGHESTMODSEQ)", "* STATUS \"INBOX\" (HIGHESTMODSEQ +5)\nOK done"),
        ("SEARCH RETURN (MIN COUNT) ALL", "* ESEARCH (TAG \"t\") MIN 1 COUNT 3\nOK searched"),
    ];
    for (command, expected) in table {
        assert_eq!(told(&mut one, command, base).await, expected, "{command}");
    }
    let since = base + 3;
    let table = [
        (
            format!("FETCH 1:* (UID) (CHANGEDSINCE {since})"),
            "* 2 FETCH (UID 2 MODSEQ (+4))\n* 3 FETCH (UID 3 MODSEQ (+5))\nOK fetched",
        ),
        (format!("SEARCH MODSEQ {since}"), "* SEARCH 2 3 (MODSEQ +5)\nOK searched"),
        (
            format!("SEARCH RETURN (MIN) MODSEQ \"/flags/\\\\draft\" all {since}"),
            "* ESEARCH (TAG \"t\") MIN 2 MODSEQ +4\nOK searched",
        ),
        (format!("SEARCH MODSEQ {}", since + 9), "* SEARCH\nOK searched"),
    ];
    for (command, expected) in table {
        assert_eq!(told(&mut one, &command, base).await, expected, "{command}");
    }
    two.ask("STORE 1 +FLAGS.SILENT (\\Flagged)").await;
    let expected = "* 1 FETCH (UID 1 FLAGS (\\Flagged \\Seen \\Recent) MODSEQ (+6))\nOK done";
    assert_eq!(told(&mut one, "NOOP", base).await, expected);
}

#[tokio::test]
async fn a_conditional_store_leaves_what_has_changed() {
    let running = server().await;
    (0..3).for_each(|_| deliver(&running, TEXT));
    let base = highest(&running);
    let mut one = Client::in_inbox(&running).await;
    let mut two = Client::in_inbox(&running).await;
    two.ask("STORE 2 +FLAGS.SILENT (\\Flagged)").await;
    let command = format!("STORE 1:3 (UNCHANGEDSINCE {base}) +FLAGS.SILENT (\\Seen)");
    assert_eq!(
        told(&mut one, &command, base).await,
        "* OK [HIGHESTMODSEQ +0] all is told up to here\n* 1 FETCH (MODSEQ (+2))\n* 3 FETCH (MODSEQ (+3))\n\
        * 2 FETCH (UID 2 FLAGS (\\Flagged \\Recent) MODSEQ (+1))\nOK [MODIFIED 2] some have changed"
    );
    let command = "UID STORE 2:3 (UNCHANGEDSINCE 0) FLAGS (\\Seen)";
    assert_eq!(told(&mut one, command, base).await, "OK [MODIFIED 2:3] some have changed");
    two.ask("STORE 3 +FLAGS.SILENT (\\Deleted)").await;
    two.ask("EXPUNGE").await;
    let command = "STORE 2:3 (UNCHANGEDSINCE 0) FLAGS (\\Seen)";
    assert_eq!(told(&mut one, command, base).await, "NO [MODIFIED 2] some have changed, and some are gone");
}

#[tokio::test]
async fn a_client_that_comes_back_is_told_what_it_missed() {
    let running = server().await;
    (0..5).for_each(|_| deliver(&running, TEXT));
    let mut two = Client::in_inbox(&running).await;
    let base = highest(&running);
    two.ask("STORE 2,4 FLAGS.SILENT (\\Deleted)").await;
    two.ask("EXPUNGE").await;
    two.ask("STORE 3 FLAGS.SILENT (\\Seen)").await;
    let mut one = Client::alice(&running).await;
    let inbox = MailboxName::inbox();
    let validity = running.store.with("alice", |account| account.find(&inbox).unwrap().1.uidvalidity()).unwrap();
    let select = |rest: &str| format!("SELECT INBOX (QRESYNC ({rest}))");
    let again = format!("{validity} {base}");
    one.talk(&[(&select(&again), "BAD ENABLE QRESYNC comes first")]).await;
    one.talk(&[("ENABLE QRESYNC", "* ENABLED QRESYNC\nOK done")]).await;
    let missed = |lines: Vec<String>| {
        let after = lines.iter().position(|line| line.starts_with("* OK [MAILBOXID")).unwrap();
        lines[after + 1..lines.len() - 1].join("\n")
    };
    let changed = format!("* 3 FETCH (UID 5 FLAGS (\\Seen) MODSEQ ({}))", base + 4);
    let table = [
        (again.clone(), format!("* VANISHED (EARLIER) 2,4\n{changed}")),
        (format!("{again} 1:3"), "* VANISHED (EARLIER) 2".to_owned()),
        (format!("{again} 1:5 (1:3 1,3,5)"), changed.clone()),
        (format!("{again} 1:5 (1:2 1,3)"), format!("* VANISHED (EARLIER) 4\n{changed}")),
        (format!("{again} (1:3 1:3)"), format!("* VANISHED (EARLIER) 2,4\n{changed}")),
        (format!("1 {base}"), String::new()),
        (format!("{validity} {}", highest(&running)), String::new()),
    ];
    for (parameters, expected) in table {
        assert_eq!(missed(one.ask(&select(&parameters)).await), expected, "{parameters}");
    }
    assert_eq!(one.ask("EXAMINE INBOX").await[0], "* OK [CLOSED] the mailbox before is closed");
    let vanished = format!("UID FETCH 1:4 UID (CHANGEDSINCE {base} VANISHED)");
    one.talk(&[(&vanished, "* VANISHED (EARLIER) 2,4\nOK fetched")]).await;
    two.talk(&[(&vanished, "BAD ENABLE QRESYNC comes first")]).await;
    deliver(&running, TEXT);
    two.ask("STORE 1:2 FLAGS.SILENT (\\Deleted)").await;
    two.ask("EXPUNGE").await;
    one.talk(&[
        (
            "FETCH 3 UID",
            &format!(
                "* 3 FETCH (UID 5)\n* OK [HIGHESTMODSEQ {}] all is told up to here\n* 4 EXISTS\n* 0 RECENT\nOK fetched",
                base + 4
            ),
        ),
        ("NOOP", "* VANISHED 1,3\nOK done"),
    ])
    .await;
    one.ask("SELECT INBOX").await;
    let lines = one.ask("UID MOVE 5 INBOX").await;
    assert!(lines[0].starts_with("* OK [COPYUID"), "{lines:?}");
    assert!(lines.contains(&"* VANISHED 5".to_owned()), "{lines:?}");
    assert_eq!(*lines.last().unwrap(), format!("OK [HIGHESTMODSEQ {}] done", highest(&running)));
    one.ask("STORE 1 FLAGS.SILENT (\\Deleted)").await;
    let lines = one.ask("EXPUNGE").await;
    assert_eq!(lines, ["* VANISHED 6".to_owned(), format!("OK [HIGHESTMODSEQ {}] expunged", highest(&running))]);
    one.talk(&[("EXPUNGE", "OK expunged"), ("CLOSE", "OK closed")]).await;
}

#[tokio::test]
async fn several_messages_are_appended_at_once_or_none() {
    let running = server().await;
    let mut client = Client::alice(&running).await;
    client
        .talk(&[
            (
                "APPEND INBOX {1+}\r\na (\\Seen) {1+}\r\nb \"01-Jan-2024 00:00:00 +0000\" {1+}\r\nc",
                "OK [APPENDUID V 1:3] appended",
            ),
            ("APPEND INBOX {1+}\r\na {0+}\r\n", "NO a message without octets cancels all"),
            ("APPEND x {1+}\r\na {1+}\r\nb", "NO [TRYCREATE] no such mailbox"),
            ("STATUS INBOX (MESSAGES UNSEEN UIDNEXT)", "* STATUS \"INBOX\" (MESSAGES 3 UNSEEN 2 UIDNEXT 4)\nOK done"),
        ])
        .await;
}

#[tokio::test]
async fn identifiers_follow_messages_and_mailboxes() {
    let running = server().await;
    (0..2).for_each(|_| deliver(&running, TEXT));
    let mut client = Client::alice(&running).await;
    let created = client.ask("CREATE x").await;
    let id = created[0].strip_prefix("OK [").unwrap().strip_suffix("] created").unwrap().to_owned();
    client
        .talk(&[
            ("STATUS x (MAILBOXID)", &format!("* STATUS \"x\" ({id})\nOK done")),
            ("RENAME x y", "OK renamed"),
            ("STATUS y (MAILBOXID)", &format!("* STATUS \"y\" ({id})\nOK done")),
        ])
        .await;
    client.ask("SELECT INBOX").await;
    let emails = client.ask("FETCH 1:2 (EMAILID)").await;
    assert_ne!(emails[0].replace("* 1", ""), emails[1].replace("* 2", ""));
    let id = emails[1].strip_prefix("* 2 FETCH (EMAILID (").unwrap().strip_suffix("))").unwrap();
    client
        .talk(&[
            ("COPY 2 y", "OK [COPYUID V 2 1] copied"),
            (&format!("SEARCH EMAILID {id}"), "* SEARCH 2\nOK searched"),
            ("SEARCH THREADID T1", "* SEARCH\nOK searched"),
            ("SEARCH SAVEDON 29-Feb-2000", "* SEARCH 1 2\nOK searched"),
            (
                "FETCH 1 (THREADID SAVEDATE)",
                "* 1 FETCH (THREADID NIL SAVEDATE \"29-Feb-2000 00:00:00 +0000\")\nOK fetched",
            ),
        ])
        .await;
    client.ask("SELECT y").await;
    client
        .talk(&[
            ("FETCH 1 EMAILID", &format!("* 1 FETCH (EMAILID ({id}))\nOK fetched")),
            ("SEARCH SAVEDBEFORE 01-Jan-2020", "* SEARCH\nOK searched"),
            ("SEARCH SAVEDSINCE 01-Jan-2020 SAVEDATESUPPORTED", "* SEARCH 1\nOK searched"),
            ("SEARCH BEFORE 01-Jan-2020", "* SEARCH 1\nOK searched"),
        ])
        .await;
}
