//! The server as a whole, over loopback.

use std::net::SocketAddr;
use std::time::Duration;

use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::tls::tests::connector;
use super::{Config, Listener, Role, Running, start};

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
    assert!(message.contains("\r\nMessage-ID: <") && message.contains("\r\nDate: "), "{message}");
}

/// A server for the domain far.test, at `address`.
async fn far(address: SocketAddr) -> Running {
    let listeners = vec![Listener { role: Role::Mx, address }];
    start(Config { listeners, domains: vec!["far.test".to_owned()], ..Config::default() }).await.unwrap()
}

/// Submits one message as alice. Recipients may have parameters.
async fn submit(running: &Running, sender: &str, recipients: &[&str], content: &str) {
    let recipients: Vec<String> = recipients.iter().map(|recipient| format!("<{recipient}>")).collect();
    submit_with(running, &format!("<{sender}>"), &recipients, content).await;
}

/// The same, with parameters behind the paths.
async fn submit_with(running: &Running, sender: &str, recipients: &[String], content: &str) {
    let tcp = TcpStream::connect(running.endpoints()[&Role::Submissions]).await.unwrap();
    let name = ServerName::try_from("mail.example.test").unwrap();
    let mut tls = connector(&running.ca_pem).connect(name, tcp).await.unwrap();
    let recipients: String = recipients.iter().map(|recipient| format!("RCPT TO:{recipient}\r\n")).collect();
    let said = format!(
        "EHLO c.test\r\nAUTH PLAIN AGFsaWNlAGFsaWNlLXNlY3JldA==\r\nMAIL FROM:{sender}\r\n{recipients}DATA\r\n{content}.\r\nQUIT\r\n"
    );
    tls.write_all(said.as_bytes()).await.unwrap();
    let mut heard = String::new();
    tls.read_to_string(&mut heard).await.unwrap();
    assert!(heard.contains("250 2.0.0 delivered\r\n221 "), "{heard}");
}

/// The only message of a user, when it is there.
async fn arrival(running: &Running, user: &str) -> String {
    let mut changes = running.store.subscribe(user).unwrap();
    let wait = async {
        loop {
            let maildrop = running.store.open_maildrop(user).unwrap();
            if let [message] = maildrop.messages() {
                return String::from_utf8_lossy(&message.octets).into_owned();
            }
            drop(maildrop);
            changes.changed().await.unwrap();
        }
    };
    timeout(Duration::from_secs(60), wait).await.unwrap()
}

#[tokio::test]
async fn mail_of_users_goes_to_the_next_hop_which_may_be_down_at_first() {
    // It hangs up on the first attempt.
    let down = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = down.local_addr().unwrap();
    let running = start(Config { next_hop: Some(address), ..Config::default() }).await.unwrap();
    submit(&running, "alice@example.test", &["bob@far.test", "bob@example.test"], "a: \u{e9}\r\n\r\n..x\r\n").await;
    drop(down.accept().await.unwrap());
    drop(down);
    let far = far(address).await;
    let there = arrival(&far, "bob").await;
    let trace = there.strip_prefix("Return-Path: <alice@example.test>\r\nReceived: from mail.example.test ").unwrap();
    assert_eq!(trace.matches("Received: from c.test").count(), 1);
    assert!(trace.ends_with("@mail.example.test>\r\na: \u{e9}\r\n\r\n.x\r\n"), "{there}");
    assert!(!there[20..].contains("Return-Path:"));
    assert!(arrival(&running, "bob").await.starts_with("Return-Path: <alice@example.test>\r\nReceived: from c.test "));
}

#[tokio::test]
async fn the_sender_is_told_what_the_next_hop_refused() {
    let far = far(SocketAddr::from(([127, 0, 0, 1], 0))).await;
    let next_hop = Some(far.endpoints()[&Role::Mx]);
    let running = start(Config { next_hop, ..Config::default() }).await.unwrap();
    submit(&running, "alice@example.test", &["nobody@far.test", "bob@far.test"], "Subject: s\r\n\r\nt\r\n").await;
    let notice = arrival(&running, "alice").await;
    assert!(notice.starts_with("Return-Path: <>\r\nFrom: "), "{notice}");
    assert!(notice.contains("Final-Recipient: rfc822; nobody@far.test\r\nAction: failed\r\nStatus: 5.1.1\r\n"));
    assert!(notice.contains("\r\nSubject: s\r\n") && !notice.contains("bob@far.test"));
    // A foreign sender is told through the next hop, and it again has nobody to tell.
    submit(&running, "alice@far.test", &["nobody@far.test"], "Subject: s\r\n\r\nt\r\n").await;
    assert!(arrival(&far, "alice").await.starts_with("Return-Path: <>\r\nReceived: from mail.example.test "));
}

/// A server whose next hop is another one, and that one, which withholds these capabilities.
async fn pair(withheld: &[&str]) -> (Running, Running) {
    let listeners = vec![Listener { role: Role::Mx, address: SocketAddr::from(([127, 0, 0, 1], 0)) }];
    let domains = vec!["far.test".to_owned()];
    let hop = Config { listeners, domains, withheld: withheld.iter().collect(), ..Config::default() };
    let hop = start(hop).await.unwrap();
    let next_hop = Some(hop.endpoints()[&Role::Mx]);
    (start(Config { next_hop, ..Config::default() }).await.unwrap(), hop)
}

const LETTER: &str = "Subject: s\r\n\r\nt\r\n";

#[tokio::test]
async fn who_asks_is_told_of_delivery_here_and_gets_back_what_was_given() {
    let running = start(Config::default()).await.unwrap();
    let recipients =
        ["<Bob@example.test> NOTIFY=SUCCESS ORCPT=rfc822;b+2Bo@example.test", "<user1@example.test> NOTIFY=FAILURE"];
    let sender = "<alice@example.test> RET=FULL ENVID=a+2Bb";
    submit_with(&running, sender, &recipients.map(str::to_owned), LETTER).await;
    let notice = arrival(&running, "alice").await;
    assert!(notice.starts_with("Return-Path: <>\r\n"), "{notice}");
    let fields = "\r\nOriginal-Recipient: rfc822; b+o@example.test\r\nFinal-Recipient: rfc822; Bob@example.test\r\n\
        Action: delivered\r\nStatus: 2.1.5\r\n\r\n--notice";
    assert!(notice.contains(fields) && notice.contains("\r\nOriginal-Envelope-Id: a+b\r\n"), "{notice}");
    assert!(!notice.contains("user1@") && notice.contains("Content-Type: text/rfc822-headers"), "{notice}");
    arrival(&running, "bob").await;
    // Nobody tells the null sender.
    submit_with(&running, "<>", &["<user2@example.test> NOTIFY=SUCCESS".to_owned()], LETTER).await;
    assert_eq!(running.store.open_maildrop("alice").unwrap().messages().len(), 1);
}

#[tokio::test]
async fn the_next_hop_gets_the_parameters_of_dsn_and_then_tells_by_itself() {
    let (running, hop) = pair(&[]).await;
    let recipients = ["<bob@far.test> NOTIFY=SUCCESS,DELAY", "<nobody@far.test> NOTIFY=NEVER", "<gone@far.test>"];
    submit_with(&running, "<user1@example.test> RET=FULL", &recipients.map(str::to_owned), LETTER).await;
    arrival(&hop, "bob").await;
    // The hop has no way back, so that only what was refused at once is told of.
    let notice = arrival(&running, "user1").await;
    assert_eq!(notice.matches("Action: ").count(), 1, "{notice}");
    let fields = "\r\nFinal-Recipient: rfc822; gone@far.test\r\nAction: failed\r\nStatus: 5.1.1\r\n\
        Remote-MTA: dns; mail.example.test\r\nDiagnostic-Code: smtp; 550 5.1.1 no such mailbox\r\n";
    assert!(notice.contains(fields), "{notice}");
    assert!(notice.contains("Content-Type: message/rfc822") && notice.contains("\r\n\r\nt\r\n"), "{notice}");
}

#[tokio::test]
async fn a_next_hop_without_dsn_is_told_of_as_relayed() {
    let (running, hop) = pair(&["DSN"]).await;
    let recipients = ["<bob@far.test> NOTIFY=SUCCESS ORCPT=rfc822;bob@far.test", "<alice@far.test>"];
    submit_with(&running, "<user1@example.test> ENVID=x", &recipients.map(str::to_owned), LETTER).await;
    arrival(&hop, "bob").await;
    let notice = arrival(&running, "user1").await;
    let fields = "\r\nAction: relayed\r\nStatus: 2.0.0\r\nRemote-MTA: dns; mail.example.test\r\n\
        Diagnostic-Code: smtp; 250 2.0.0 delivered\r\n";
    assert!(notice.contains(fields) && !notice.contains("alice@far.test"), "{notice}");
}

#[tokio::test]
async fn what_a_next_hop_cannot_take_comes_back_or_is_converted() {
    let (running, hop) = pair(&["SMTPUTF8", "BINARYMIME"]).await;
    let wide = "Subject: \u{5b57}\r\n\r\nt\r\n";
    submit_with(&running, "<user1@example.test> SMTPUTF8", &["<bob@far.test>".to_owned()], wide).await;
    let notice = arrival(&running, "user1").await;
    assert!(notice.contains("Action: failed\r\nStatus: 5.6.9\r\n") && notice.is_ascii(), "{notice}");
    assert!(hop.store.open_maildrop("bob").unwrap().messages().is_empty());

    let tcp = TcpStream::connect(running.endpoints()[&Role::Submissions]).await.unwrap();
    let name = ServerName::try_from("mail.example.test").unwrap();
    let mut tls = connector(&running.ca_pem).connect(name, tcp).await.unwrap();
    let content = "Content-Transfer-Encoding: binary\r\n\r\n\0\n\r";
    let said = format!(
        "EHLO c.test\r\nAUTH PLAIN AGFsaWNlAGFsaWNlLXNlY3JldA==\r\nMAIL FROM:<alice@example.test> BODY=BINARYMIME\r\n\
         RCPT TO:<bob@far.test>\r\nRCPT TO:<user2@example.test>\r\nDATA\r\nBDAT {} LAST\r\n{content}QUIT\r\n",
        content.len()
    );
    tls.write_all(said.as_bytes()).await.unwrap();
    let mut heard = String::new();
    tls.read_to_string(&mut heard).await.unwrap();
    assert!(heard.contains("503 5.5.1 bad sequence of commands\r\n250 2.0.0 delivered\r\n221 "), "{heard}");
    let converted = "\r\nContent-Transfer-Encoding: base64\r\n\r\nAAoN\r\n";
    for (server, user) in [(&hop, "bob"), (&running, "user2")] {
        assert!(arrival(server, user).await.ends_with(converted), "{user}");
    }
}

#[tokio::test]
async fn a_delay_is_told_of_once_to_whom_it_was_promised() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let next_hop = Some(nobody.local_addr().unwrap());
    drop(nobody);
    let running = start(Config { next_hop, ..Config::default() }).await.unwrap();
    let recipients = ["<bob@far.test> NOTIFY=DELAY", "<alice@far.test> NOTIFY=NEVER"];
    submit_with(&running, "<user1@example.test>", &recipients.map(str::to_owned), LETTER).await;
    let notice = arrival(&running, "user1").await;
    assert!(notice.contains("\r\nAction: delayed\r\nStatus: 4.4.1\r\nRemote-MTA: dns; [127.0.0.1]\r\n"), "{notice}");
    assert!(notice.contains("\r\nWill-Retry-Until: ") && !notice.contains("alice@far.test"), "{notice}");
}
