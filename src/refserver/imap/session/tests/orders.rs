//! SORT and THREAD.

use super::client::{Client, deliver, server};

#[tokio::test]
async fn what_is_found_is_told_in_order_and_in_threads() {
    let running = server().await;
    for header in ["Subject: c", "Subject: b\r\nMessage-ID: <b@x>", "Subject: a\r\nReferences: <b@x>", "Subject: B"] {
        deliver(&running, &format!("{header}\r\n\r\nx\r\n"));
    }
    let mut client = Client::in_inbox(&running).await;
    client.ask("STORE 1 +FLAGS.SILENT (\\Deleted)").await;
    client.ask("EXPUNGE").await;
    client.ask("STORE 2 +FLAGS.SILENT (\\Flagged)").await;
    client
        .talk(&[
            ("SORT (SUBJECT) US-ASCII ALL", "* SORT 2 1 3\nOK sorted"),
            ("UID SORT (reverse subject) utf-8 ALL", "* SORT 2 4 3\nOK sorted"),
            ("SORT (ARRIVAL) UTF-8 UNFLAGGED", "* SORT 1 3\nOK sorted"),
            ("SORT (ARRIVAL) UTF-8 SEEN", "* SORT\nOK sorted"),
            ("THREAD REFERENCES UTF-8 ALL", "* THREAD ((1 2)(3))\nOK threaded"),
            ("UID THREAD ORDEREDSUBJECT UTF-8 ALL", "* THREAD (2 4)(3)\nOK threaded"),
            ("THREAD REFERENCES UTF-8 SEEN", "* THREAD\nOK threaded"),
            ("SORT (SUBJECT) X ALL", "NO [BADCHARSET (US-ASCII UTF-8)] that charset is not known"),
            ("SORT (SUBJECT) ALL", "BAD a blank is expected"),
            ("SORT () UTF-8 ALL", "BAD a sort key is expected"),
            ("SORT (REVERSE) UTF-8 ALL", "BAD a sort key is expected"),
            ("THREAD X UTF-8 ALL", "BAD a threading algorithm is expected"),
        ])
        .await;
    let modseq = client.ask("SORT (SIZE) UTF-8 MODSEQ 1").await;
    assert!(modseq[modseq.len() - 2].contains(" (MODSEQ "), "{modseq:?}");
}
