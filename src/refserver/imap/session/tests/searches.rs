//! SEARCH with results, saved results and ages.

use super::client::{Client, deliver, server};

const TEXT: &str = "a: b\r\n\r\nc\r\n";

#[tokio::test]
async fn results_are_those_asked_for() {
    let running = server().await;
    (0..4).for_each(|_| deliver(&running, TEXT));
    let mut client = Client::in_inbox(&running).await;
    client.ask("STORE 1:2,4 +FLAGS.SILENT (\\Flagged)").await;
    client.ask("STORE 1 +FLAGS.SILENT (\\Deleted)").await;
    client.ask("EXPUNGE").await;
    client
        .talk(&[
            ("SEARCH RETURN () FLAGGED", "* ESEARCH (TAG \"t\") ALL 1,3\nOK searched"),
            ("UID SEARCH RETURN (MIN MAX) FLAGGED", "* ESEARCH (TAG \"t\") UID MIN 2 MAX 4\nOK searched"),
            ("SEARCH RETURN (COUNT ALL) ALL", "* ESEARCH (TAG \"t\") ALL 1:3 COUNT 3\nOK searched"),
            ("SEARCH RETURN (min count max all) SEEN", "* ESEARCH (TAG \"t\") COUNT 0\nOK searched"),
            ("SEARCH RETURN (ALL) CHARSET UTF-8 SEEN", "* ESEARCH (TAG \"t\")\nOK searched"),
            ("SEARCH RETURN (ALL) CHARSET X SEEN", "NO [BADCHARSET (US-ASCII UTF-8)] that charset is not known"),
        ])
        .await;
}

#[tokio::test]
async fn a_saved_result_is_used_wherever_a_set_is() {
    let running = server().await;
    (0..3).for_each(|_| deliver(&running, TEXT));
    let mut one = Client::in_inbox(&running).await;
    let mut two = Client::in_inbox(&running).await;
    one.talk(&[
        ("FETCH $ UID", "OK fetched"),
        ("SEARCH RETURN (SAVE) 2:3", "OK searched"),
        ("FETCH $ UID", "* 2 FETCH (UID 2)\n* 3 FETCH (UID 3)\nOK fetched"),
        ("SEARCH NOT $", "* SEARCH 1\nOK searched"),
        ("UID SEARCH UID $ 3", "* SEARCH 3\nOK searched"),
        ("SEARCH RETURN (MIN) ALL", "* ESEARCH (TAG \"t\") MIN 1\nOK searched"),
        ("SEARCH OR $ 1", "* SEARCH 1 2 3\nOK searched"),
        ("SEARCH RETURN (SAVE MAX) ALL", "* ESEARCH (TAG \"t\") MAX 3\nOK searched"),
        ("SEARCH $", "* SEARCH 3\nOK searched"),
        ("SEARCH RETURN (SAVE MIN COUNT) 2:3", "* ESEARCH (TAG \"t\") MIN 2 COUNT 2\nOK searched"),
        ("SEARCH $", "* SEARCH 2 3\nOK searched"),
        ("SEARCH RETURN (SAVE) BODY \"\u{e9}\"", "BAD 8-bit strings need CHARSET UTF-8"),
        ("SEARCH $", "* SEARCH 2 3\nOK searched"),
    ])
    .await;
    two.ask("STORE 2 +FLAGS.SILENT (\\Deleted)").await;
    two.ask("EXPUNGE").await;
    one.talk(&[
        // What another has expunged is in it no more, though the client does not know.
        ("FETCH $ UID", "* 3 FETCH (UID 3)\nOK fetched"),
        ("STORE $ +FLAGS.SILENT (\\Seen)", "OK stored"),
        ("UID COPY $ INBOX", "* 2 EXPUNGE\n* 3 EXISTS\n* 3 RECENT\nOK [COPYUID V 3 4] copied"),
        ("SEARCH $", "* SEARCH 2\nOK searched"),
        ("SEARCH RETURN (SAVE) CHARSET X ALL", "NO [BADCHARSET (US-ASCII UTF-8)] that charset is not known"),
        ("COPY $ INBOX", "OK nothing to copy"),
        ("SEARCH RETURN (SAVE) ALL", "OK searched"),
    ])
    .await;
    one.ask("EXAMINE INBOX").await;
    one.talk(&[("SEARCH $", "* SEARCH\nOK searched")]).await;
}

#[tokio::test]
async fn ages_count_from_now() {
    let running = server().await;
    deliver(&running, TEXT);
    let mut client = Client::in_inbox(&running).await;
    client.ask("APPEND INBOX {1+}\r\nx").await;
    client.ask("APPEND INBOX \"01-Jan-2100 00:00:00 +0000\" {1+}\r\nx").await;
    client
        .talk(&[
            ("SEARCH YOUNGER 600", "* SEARCH 2 3\nOK searched"),
            ("SEARCH OLDER 600", "* SEARCH 1\nOK searched"),
            ("SEARCH OLDER 4294967295", "* SEARCH\nOK searched"),
        ])
        .await;
}
