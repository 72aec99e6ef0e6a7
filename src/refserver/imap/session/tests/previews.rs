//! PREVIEW (RFC 8970).

use super::client::{Client, deliver, server};

#[tokio::test]
async fn previews_are_text_in_utf8_and_mark_nothing() {
    let running = server().await;
    deliver(&running, "Subject: one\r\n\r\nFirst line,\r\n second  line.\r\n");
    deliver(
        &running,
        "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGr=FC=DFe\r\n",
    );
    deliver(&running, "Content-Type: image/x\r\n\r\nx\r\n");
    let mut client = Client::in_inbox(&running).await;
    client
        .talk(&[
            ("FETCH 1 PREVIEW", "* 1 FETCH (PREVIEW \"First line, second line.\")\nOK fetched"),
            ("UID FETCH 2 PREVIEW", "* 2 FETCH (UID 2 PREVIEW {7}\nGrüße)\nOK fetched"),
            (
                "FETCH 1:* (PREVIEW (LAZY) UID)",
                "* 1 FETCH (PREVIEW \"First line, second line.\" UID 1)\n* 2 FETCH (PREVIEW {7}\nGrüße UID 2)\n\
                * 3 FETCH (PREVIEW \"\" UID 3)\nOK fetched",
            ),
            ("FETCH 1 FLAGS", "* 1 FETCH (FLAGS (\\Recent))\nOK fetched"),
            ("FETCH 1 (PREVIEW PREVIEW (LAZY))", "* 1 FETCH (PREVIEW \"First line, second line.\")\nOK fetched"),
        ])
        .await;
}

#[tokio::test]
async fn a_long_message_has_a_short_preview() {
    let running = server().await;
    deliver(&running, &format!("Subject: long\r\n\r\n{}\r\n", "word ".repeat(100_000)));
    let mut client = Client::in_inbox(&running).await;
    let preview = ["word"; 40].join(" ");
    client.talk(&[("FETCH 1 PREVIEW", &format!("* 1 FETCH (PREVIEW \"{preview}\")\nOK fetched"))]).await;
}
