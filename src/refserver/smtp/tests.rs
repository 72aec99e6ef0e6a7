use std::net::IpAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::serve;
use super::session::{Service, Session, Then};
use crate::refserver::store::{Limits, Store};
use crate::refserver::wire::Wire;
use crate::refserver::{Config, Identity, Protection, Stream};

/// Runs lines through one session and gives the beginning of each reply.
fn dialogue(protection: Protection, service: Service, table: &[(&str, &str)]) {
    let config = Config::default();
    let mut session = Session::new(&config, protection, service);
    for (line, expected) in table {
        let (reply, _) = session.answer(line.as_bytes());
        assert!(reply.starts_with(expected), "{line:?}: {reply:?} instead of {expected}");
        assert!(reply.ends_with("\r\n") && reply.trim_end().lines().all(|line| line.len() <= 510));
    }
}

#[test]
fn commands_out_of_order_are_refused_and_change_nothing() {
    dialogue(
        Protection::Clear,
        Service::Transfer,
        &[
            ("MAIL FROM:<a@b.test>", "503 5.5.1"),
            ("STARTTLS", "503 5.5.1"),
            ("EHLO", "501 5.5.4"),
            ("EHLO a b", "501 5.5.4"),
            ("MAIL FROM:<a@b.test>", "503 5.5.1"),
            ("ehlo [127.0.0.1]", "250-mail.example.test\r\n250-PIPELINING\r\n250-SIZE 10485760\r\n"),
            ("RCPT TO:<alice@example.test>", "503 5.5.1"),
            ("DATA", "503 5.5.1"),
            ("mail from:<> ", "250 2.1.0"),
            ("MAIL FROM:<a@b.test>", "503 5.5.1"),
            ("DATA", "503 5.5.1"),
            ("RCPT TO:<nobody@example.test>", "550 5.1.1"),
            ("RCPT TO:<alice@foreign.test>", "550 5.7.1"),
            ("RCPT TO:<alice@foreign.test@example.test>", "501 5.1.3"),
            ("RCPT TO:<alice@example.test> NOTIFY=NEVER", "555 5.5.4"),
            ("DATA", "503 5.5.1"),
            ("RCPT TO:<alice@example.test>", "250 2.1.5"),
            ("DATA now", "501 5.5.4"),
            ("RSET now", "501 5.5.4"),
            ("DATA", "354 "),
            ("EHLO again.test", "250-"),
            ("RCPT TO:<alice@example.test>", "503 5.5.1"),
            ("MAIL FROM:<a@b.test>", "250 2.1.0"),
            ("RSET", "250 2.0.0"),
            ("RCPT TO:<alice@example.test>", "503 5.5.1"),
        ],
    );
}

#[test]
fn parameters_and_the_lesser_commands_are_answered_by_the_book() {
    dialogue(
        Protection::Tls,
        Service::Transfer,
        &[
            ("NOOP whatever", "250 2.0.0"),
            ("HELP", "214 2.0.0"),
            ("VRFY", "501 5.5.4"),
            ("VRFY alice", "252 2."),
            ("EXPN list", "502 5.5.1"),
            ("TURN", "500 5.5.2"),
            ("", "500 5.5.2"),
            ("NOOP\nRSET", "500 5.5.2"),
            ("NOOP a\nb", "501 5.5.4"),
            ("VRFY \u{e9}", "501 5.5.4"),
            ("HELO client.test", "250 mail.example.test\r\n"),
            ("MAIL FROM:<a@b.test> SIZE=1", "555 5.5.4"),
            ("EHLO client.test", "250-"),
            ("STARTTLS", "503 5.5.1"),
            ("AUTH PLAIN", "502 5.5.1"),
            ("MAIL FROM:<a@b.test> AUTH=<>", "555 5.5.4"),
            ("MAIL FROM: <a@b.test>", "501 5.1.7"),
            ("MAIL FROM:<postmaster>", "501 5.1.7"),
            ("MAIL TO:<a@b.test>", "501 5.5.4"),
            ("MAIL FROM:<a@b.test>SIZE=1", "501 5.5.4"),
            ("MAIL FROM:<a@b.test> X=1", "555 5.5.4"),
            ("MAIL FROM:<a@b.test> SIZE=10485761", "552 5.3.4"),
            ("MAIL FROM:<a@b.test> SIZE=99999999999999999999", "552 5.3.4"),
            ("MAIL FROM:<a@b.test> SIZE=-1", "501 5.5.4"),
            ("MAIL FROM:<a@b.test> SIZE", "501 5.5.4"),
            ("MAIL FROM:<a@b.test> SIZE=1 size=1", "501 5.5.4"),
            ("MAIL FROM:<a@b.test> BODY=9BIT", "501 5.5.4"),
            ("MAIL FROM:<a@b.test> body=8bitmime SIZE=10485760", "250 2.1.0"),
        ],
    );
}

#[test]
fn submission_wants_tls_and_then_a_user() {
    let clear = [
        ("EHLO c.test", "250-mail.example.test\r\n250-PIPELINING\r\n"),
        ("AUTH PLAIN AGFsaWNlAGFsaWNlLXNlY3JldA==", "530 5.7.0"),
        ("MAIL FROM:<alice@example.test>", "530 5.7.0"),
        ("RCPT TO:<alice@example.test>", "530 5.7.0"),
        ("STARTTLS", "220 2.0.0"),
    ];
    dialogue(Protection::Clear, Service::Submission, &clear);
    let tls = [
        ("AUTH PLAIN AGFsaWNlAGFsaWNlLXNlY3JldA==", "503 5.5.1"),
        ("EHLO c.test", "250-"),
        ("MAIL FROM:<alice@example.test>", "530 5.7.0"),
        ("DATA", "530 5.7.0"),
        ("AUTH", "501 5.5.4"),
        ("AUTH X", "504 5.5.4"),
        ("AUTH PLAIN AGFsaWNlAGJvYi1zZWNyZXQ=", "535 5.7.8"),
        ("AUTH PLAIN", "334 \r\n"),
        ("AUTH plain AGFsaWNlAGFsaWNlLXNlY3JldA==", "235 2.7.0"),
        ("AUTH PLAIN AGFsaWNlAGFsaWNlLXNlY3JldA==", "503 5.5.1"),
        ("EHLO c.test", "250-"),
        ("MAIL FROM:<alice@example.test> AUTH=+3", "501 5.5.4"),
        ("MAIL FROM:<alice@example.test> AUTH=<>", "250 2.1.0"),
        ("RCPT TO:<bob@example.test>", "250 2.1.5"),
        ("RCPT TO:<bob@foreign.test>", "550 5.7.1"),
    ];
    dialogue(Protection::Tls, Service::Submission, &tls);
    let config = Config::default();
    let offers =
        |protection, service| Session::new(&config, protection, service).answer(b"EHLO a").0.contains("AUTH PLAIN");
    assert!(offers(Protection::Tls, Service::Submission));
    assert!(!offers(Protection::Clear, Service::Submission));
    assert!(!offers(Protection::Tls, Service::Transfer));
}

#[test]
fn tls_is_offered_in_clear_only() {
    let config = Config::default();
    for (protection, offered) in [(Protection::Clear, true), (Protection::Tls, false)] {
        let mut session = Session::new(&config, protection, Service::Transfer);
        assert_eq!(session.answer(b"EHLO a").0.contains("250-STARTTLS\r\n"), offered);
        assert_eq!(session.answer(b"STARTTLS").1 == Then::Tls, offered);
    }
    assert_eq!(Session::new(&config, Protection::Clear, Service::Transfer).answer(b"QUIT").1, Then::Close);
}

#[tokio::test]
async fn pipelined_mail_is_taken_and_a_smuggled_end_is_refused() {
    let (mut client, server) = tokio::io::duplex(65536);
    let (config, store) = (Config::default(), Store::new(Limits::default()));
    store.add_account("alice");
    let identity = Identity::generate("mail.example.test").unwrap();
    let long = "x".repeat(2000);
    let mail = "MAIL FROM:<a@b.test>\r\nRCPT TO:<alice@example.test>\r\nDATA\r\n";
    let said = format!("{long}\r\nEHLO c.test\r\n{mail}a\r\n.\nMAIL\r\n.\r\n{mail}..b\r\n.\r\nQUIT\r\nNOOP\r\n");
    client.write_all(said.as_bytes()).await.unwrap();
    let wire = Wire::new(Stream::plain(server), Duration::from_secs(5));
    serve(wire, &config, &store, &identity, IpAddr::from([127, 0, 0, 1]), Service::Transfer).await.unwrap();
    let mut heard = String::new();
    client.read_to_string(&mut heard).await.unwrap();
    let codes: Vec<&str> = heard.lines().filter(|line| line.as_bytes()[3] == b' ').map(|line| &line[..3]).collect();
    assert_eq!(codes.join(" "), "220 500 250 250 250 354 554 250 250 354 250 221");
    let maildrop = store.open_maildrop("alice").unwrap();
    assert_eq!(maildrop.messages().len(), 1);
    assert!(maildrop.messages()[0].octets.ends_with(b"+0000\r\n.b\r\n"));
}
