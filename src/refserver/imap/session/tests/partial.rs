//! PARTIAL (RFC 9394).

use super::client::{Client, deliver, server};

const TEXT: &str = "a: b\r\n\r\nc\r\n";

#[tokio::test]
async fn a_search_tells_a_window_of_what_it_found() {
    let running = server().await;
    (0..6).for_each(|_| deliver(&running, TEXT));
    let mut client = Client::in_inbox(&running).await;
    client.ask("STORE 1 +FLAGS.SILENT (\\Deleted)").await;
    client.ask("EXPUNGE").await;
    client
        .talk(&[
            ("SEARCH RETURN (PARTIAL 1:2) ALL", "* ESEARCH (TAG \"t\") PARTIAL (1:2 1:2)\nOK searched"),
            ("UID SEARCH RETURN (partial -1:-2) ALL", "* ESEARCH (TAG \"t\") UID PARTIAL (-1:-2 5:6)\nOK searched"),
            ("SEARCH RETURN (PARTIAL 9:4) ALL", "* ESEARCH (TAG \"t\") PARTIAL (9:4 4:5)\nOK searched"),
            ("SEARCH RETURN (PARTIAL 6:7) ALL", "* ESEARCH (TAG \"t\") PARTIAL (6:7 NIL)\nOK searched"),
            (
                "SEARCH RETURN (MIN PARTIAL -2:-2 COUNT MAX) OR 1:2 4:5",
                "* ESEARCH (TAG \"t\") MIN 1 MAX 5 COUNT 4 PARTIAL (-2:-2 4)\nOK searched",
            ),
            ("SEARCH RETURN (PARTIAL 1:2) SEEN", "* ESEARCH (TAG \"t\") PARTIAL (1:2 NIL)\nOK searched"),
            ("SEARCH RETURN (PARTIAL 2:3 ALL) ALL", "BAD one of PARTIAL and ALL is expected"),
        ])
        .await;
}

#[tokio::test]
async fn what_is_saved_is_the_window_with_the_ends_that_are_asked_for() {
    let running = server().await;
    (0..6).for_each(|_| deliver(&running, TEXT));
    let mut client = Client::in_inbox(&running).await;
    let table = [
        ("SAVE PARTIAL 2:3", "2 3"),
        ("SAVE PARTIAL 2:3 MIN", "1 2 3"),
        ("PARTIAL -3:-2 SAVE MAX", "4 5 6"),
        ("SAVE PARTIAL 3:3 MIN MAX", "1 3 6"),
        ("SAVE PARTIAL 3:3 COUNT", "1 2 3 4 5 6"),
        ("SAVE PARTIAL 3:3 COUNT MIN", "1 2 3 4 5 6"),
    ];
    for (options, saved) in table {
        let told = client.ask(&format!("SEARCH RETURN ({options}) ALL")).await;
        assert!(told[0].contains("PARTIAL (") && told.last().unwrap() == "OK searched", "{told:?}");
        client.talk(&[("SEARCH $", &format!("* SEARCH {saved}\nOK searched"))]).await;
    }
}

#[tokio::test]
async fn a_fetch_by_uid_tells_a_window_of_its_messages() {
    let running = server().await;
    (0..6).for_each(|_| deliver(&running, TEXT));
    let mut client = Client::in_inbox(&running).await;
    client.ask("STORE 3 +FLAGS.SILENT (\\Deleted)").await;
    client.ask("EXPUNGE").await;
    client.ask("STORE 5 +FLAGS.SILENT (\\Flagged)").await;
    client
        .talk(&[
            ("UID FETCH 2:99 UID (PARTIAL 1:2)", "* 2 FETCH (UID 2)\n* 3 FETCH (UID 4)\nOK fetched"),
            ("UID FETCH 2:5 UID (PARTIAL -1:-2)", "* 3 FETCH (UID 4)\n* 4 FETCH (UID 5)\nOK fetched"),
            ("UID FETCH 2:5 UID (PARTIAL 4:9)", "OK fetched"),
            ("UID FETCH 1:* UID (PARTIAL 9:5)", "* 5 FETCH (UID 6)\nOK fetched"),
            ("FETCH 1:2 UID (PARTIAL 1:2)", "BAD a modifier of FETCH is expected"),
        ])
        .await;
    let window = client.ask("UID FETCH 1:* UID (CHANGEDSINCE 7 PARTIAL -1:-3)").await;
    assert_eq!(window.iter().filter(|line| line.contains("FETCH (UID 6 MODSEQ")).count(), 1, "{window:?}");
    let outside = client.ask("UID FETCH 1:* UID (PARTIAL 1:4 CHANGEDSINCE 7)").await;
    assert!(!outside.iter().any(|line| line.contains("FETCH (UID 6")), "{outside:?}");
}
