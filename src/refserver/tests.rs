//! The server as a whole, over loopback.

use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::tls::tests::connector;
use super::{Config, Role, start};

#[tokio::test]
async fn what_comes_in_by_smtp_is_read_by_pop3_octet_for_octet() {
    let running = start(Config::default()).await.unwrap();
    let message = "Subject: \tx \r\n\r\n.dot\r\n..dots\r\n\u{e9} \0\r\n\r\n";
    let stuffed = message.replace("\r\n.", "\r\n..");

    let mut smtp = TcpStream::connect(running.endpoints()[&Role::Mx]).await.unwrap();
    let said = format!(
        "EHLO c.test\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<alice@example.test>\r\nDATA\r\n{stuffed}.\r\nQUIT\r\n"
    );
    smtp.write_all(said.as_bytes()).await.unwrap();
    let mut heard = String::new();
    smtp.read_to_string(&mut heard).await.unwrap();
    assert!(heard.contains("250 2.0.0 delivered\r\n221 "), "{heard}");

    let tcp = TcpStream::connect(running.endpoints()[&Role::Pop3s]).await.unwrap();
    let name = ServerName::try_from("mail.example.test").unwrap();
    let mut pop3 = connector(&running.ca_pem).connect(name, tcp).await.unwrap();
    pop3.write_all(b"USER alice\r\nPASS alice-secret\r\nRETR 1\r\nQUIT\r\n").await.unwrap();
    let mut heard = String::new();
    pop3.read_to_string(&mut heard).await.unwrap();
    let (_, from_trace) = heard.split_once("Return-Path: <a@b.test>\r\nReceived: from c.test ").unwrap();
    assert!(from_trace.ends_with(&format!(" +0000\r\n{stuffed}.\r\n+OK bye\r\n")), "{heard}");
}

#[tokio::test]
async fn tls_starts_within_smtp_and_forgets_what_was_said_in_clear() {
    let running = start(Config::default()).await.unwrap();
    let mut tcp = TcpStream::connect(running.endpoints()[&Role::Mx]).await.unwrap();
    // What follows STARTTLS in clear must not be answered under TLS.
    tcp.write_all(b"EHLO c.test\r\nSTARTTLS\r\nVRFY injected\r\n").await.unwrap();
    let mut clear = Vec::new();
    while !clear.ends_with(b"220 2.0.0 begin TLS\r\n") {
        assert_ne!(tcp.read_buf(&mut clear).await.unwrap(), 0);
    }
    let name = ServerName::try_from("mail.example.test").unwrap();
    let mut tls = connector(&running.ca_pem).connect(name, tcp).await.unwrap();
    tls.write_all(b"MAIL FROM:<>\r\nEHLO c.test\r\nQUIT\r\n").await.unwrap();
    let mut heard = String::new();
    tls.read_to_string(&mut heard).await.unwrap();
    assert!(heard.starts_with("503 5.5.1") && !heard.contains("STARTTLS") && !heard.contains("252"), "{heard}");
    assert!(heard.ends_with("221 2.0.0 mail.example.test goodbye\r\n"), "{heard}");
}

#[tokio::test]
async fn a_user_submits_after_a_challenge_and_may_give_up() {
    let running = start(Config::default()).await.unwrap();
    let tcp = TcpStream::connect(running.endpoints()[&Role::Submissions]).await.unwrap();
    let name = ServerName::try_from("mail.example.test").unwrap();
    let mut tls = connector(&running.ca_pem).connect(name, tcp).await.unwrap();
    let said = "EHLO c.test\r\nAUTH PLAIN\r\n*\r\nAUTH PLAIN\r\nAGFsaWNlAGFsaWNlLXNlY3JldA==\r\n\
        MAIL FROM:<alice@example.test>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\na: b\r\n.\r\nQUIT\r\n";
    tls.write_all(said.as_bytes()).await.unwrap();
    let mut heard = String::new();
    tls.read_to_string(&mut heard).await.unwrap();
    let codes: Vec<&str> = heard.lines().filter(|line| line.as_bytes()[3] == b' ').map(|line| &line[..3]).collect();
    assert_eq!(codes.join(" "), "220 250 334 501 334 235 250 250 354 250 221");
    let maildrop = running.store.open_maildrop("bob").unwrap();
    let message = String::from_utf8_lossy(&maildrop.messages()[0].octets).into_owned();
    assert!(message.contains(" with ESMTPSA;") && message.ends_with("\r\na: b\r\n"), "{message}");
}
