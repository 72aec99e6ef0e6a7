//! BINARY (RFC 3516).

use super::client::{Client, deliver, server};

const MIXED: &str = "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
    Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nCaf=C3=A9 =\r\nau lait\r\n\
    --b\r\nContent-Type: image/x\r\nContent-Transfer-Encoding: base64\r\n\r\nYQBiAA==\r\n\
    --b\r\nContent-Transfer-Encoding: x-odd\r\n\r\nz\r\n--b--\r\n";

#[tokio::test]
async fn sections_come_decoded_and_only_nul_makes_a_literal8() {
    let running = server().await;
    deliver(&running, MIXED);
    let mut client = Client::in_inbox(&running).await;
    let size = MIXED.len();
    client
        .talk(&[
            ("FETCH 1 BINARY.PEEK[1]", "* 1 FETCH (BINARY[1] {13}\nCafé au lait)\nOK fetched"),
            ("FETCH 1 BINARY.PEEK[1]<3.3>", "* 1 FETCH (BINARY[1]<3> {3}\né )\nOK fetched"),
            ("FETCH 1 BINARY.PEEK[1]<99.3>", "* 1 FETCH (BINARY[1]<99> {0}\n)\nOK fetched"),
            ("FETCH 1 BINARY.PEEK[2]", "* 1 FETCH (BINARY[2] ~{4}\na\0b\0)\nOK fetched"),
            ("FETCH 1 BINARY.PEEK[2]<0.1>", "* 1 FETCH (BINARY[2]<0> {1}\na)\nOK fetched"),
            ("FETCH 1 BINARY.PEEK[9]", "* 1 FETCH (BINARY[9] NIL)\nOK fetched"),
            (
                "FETCH 1 (BINARY.SIZE[1] BINARY.SIZE[2] BINARY.SIZE[9])",
                "* 1 FETCH (BINARY.SIZE[1] 13 BINARY.SIZE[2] 4 BINARY.SIZE[9] 0)\nOK fetched",
            ),
            ("FETCH 1 BINARY.SIZE[]", &format!("* 1 FETCH (BINARY.SIZE[] {size})\nOK fetched")),
            ("FETCH 1 FLAGS", "* 1 FETCH (FLAGS (\\Recent))\nOK fetched"),
            ("FETCH 1 BINARY[2]<0.1>", "* 1 FETCH (BINARY[2]<0> {1}\na FLAGS (\\Seen \\Recent))\nOK fetched"),
        ])
        .await;
}

#[tokio::test]
async fn an_encoding_that_nobody_knows_fails_the_command_and_marks_nothing() {
    let running = server().await;
    deliver(&running, MIXED);
    deliver(&running, "a: b\r\n\r\nc");
    let mut client = Client::in_inbox(&running).await;
    let failed = "NO [UNKNOWN-CTE] that encoding is not known";
    client
        .talk(&[
            ("FETCH 1 BINARY[3]", failed),
            ("UID FETCH 1 BINARY.SIZE[3]", failed),
            ("FETCH 1 FLAGS", "* 1 FETCH (FLAGS (\\Recent))\nOK fetched"),
            (
                "FETCH 1:2 (BINARY.PEEK[1] BINARY.PEEK[3])",
                &format!("* 2 FETCH (BINARY[1] {{1}}\nc BINARY[3] NIL)\n{failed}"),
            ),
        ])
        .await;
}

#[tokio::test]
async fn binary_content_is_kept_and_described_in_base64() {
    let running = server().await;
    let mut client = Client::in_inbox(&running).await;
    let header = "MIME-Version: 1.0\r\nContent-Type: image/x\r\nContent-Transfer-Encoding: binary\r\n\r\n";
    let length = header.len() + 4;
    client.send(format!("t APPEND INBOX ~{{{length}}}\r\n").as_bytes()).await;
    assert_eq!(client.line().await, "+ ready");
    client.send(&[header.as_bytes(), b"a\0b\xff\r\n"].concat()).await;
    assert_eq!(client.answer().await.last().unwrap(), "OK [APPENDUID V 1] appended");
    client.send(&[format!("t APPEND INBOX ~{{{length}+}}\r\n{header}").as_bytes(), b"a\0b\xff\r\n"].concat()).await;
    assert_eq!(client.answer().await.last().unwrap(), "OK [APPENDUID V 2] appended");
    client
        .talk(&[
            ("FETCH 1 BODY.PEEK[1]", "* 1 FETCH (BODY[1] {8}\nYQBi/w==)\nOK fetched"),
            ("FETCH 1 BODY", "* 1 FETCH (BODY (\"IMAGE\" \"X\" NIL NIL NIL \"BASE64\" 8))\nOK fetched"),
            ("FETCH 2 BINARY.SIZE[1]", "* 2 FETCH (BINARY.SIZE[1] 4)\nOK fetched"),
            ("FETCH 2 BINARY.PEEK[1]", "* 2 FETCH (BINARY[1] ~{4}\na\0b\u{fffd})\nOK fetched"),
            ("APPEND INBOX ~{8+}\r\na: \0\r\n\r\n", "NO [UNKNOWN-CTE] that encoding is not known"),
            ("APPEND INBOX {8+}\r\na: \0\r\n\r\n", "BAD a literal without NUL is expected"),
            ("STATUS INBOX (MESSAGES)", "* STATUS \"INBOX\" (MESSAGES 2)\nOK done"),
        ])
        .await;
}
