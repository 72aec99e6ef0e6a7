use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinSet;

use super::session::{Service, Session, Then};
use super::{Post, serve};
use crate::base::Secret;
use crate::refserver::sasl::Channel;
use crate::refserver::store::{Limits, Store};
use crate::refserver::wire::Wire;
use crate::refserver::{Account, Config, Identity, Lookup, Stream, Tenure};

fn tls() -> Channel {
    Channel::Tls { exporter: None, end_point: Vec::new() }
}

/// Runs lines through one session and gives the beginning of each reply.
fn dialogue(channel: Channel, service: Service, table: &[(&str, &str)]) {
    run(&Arc::new(Config::default()), channel, service, table);
}

fn run(config: &Arc<Config>, channel: Channel, service: Service, table: &[(&str, &str)]) {
    let mut session = Session::new(config, channel, service);
    for (line, expected) in table {
        let (reply, _) = session.answer(line.as_bytes());
        assert!(reply.starts_with(expected), "{line:?}: {reply:?} instead of {expected}");
        assert!(reply.ends_with("\r\n") && reply.trim_end().lines().all(|line| line.len() <= 510));
    }
}

#[test]
fn commands_out_of_order_are_refused_and_change_nothing() {
    dialogue(
        Channel::Clear,
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
            ("RCPT TO:<alice@example.test> NOTIFY=NEVER X=1", "555 5.5.4"),
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
        tls(),
        Service::Transfer,
        &[
            ("NOOP whatever", "250 2.0.0"),
            ("HELP", "214 2.0.0"),
            ("VRFY", "501 5.5.4"),
            ("VRFY alice", "252 2.5.0"),
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
            ("MAIL FROM:<a@b.test> AUTH=+3", "501 5.5.4"),
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
fn mail_is_submitted_by_users_only() {
    let clear = [
        ("EHLO c.test", "250-mail.example.test\r\n250-PIPELINING\r\n"),
        ("AUTH PLAIN AGFsaWNlAGFsaWNlLXNlY3JldA==", "504 5.5.4"),
        ("AUTH LOGIN", "504 5.5.4"),
        ("AUTH SCRAM-SHA-256-PLUS", "504 5.5.4"),
        ("MAIL FROM:<alice@example.test>", "530 5.7.0"),
        ("RCPT TO:<alice@example.test>", "530 5.7.0"),
        ("AUTH CRAM-MD5", "334 PD"),
        ("*", "501 5.7.0"),
        ("AUTH SCRAM-SHA-1", "334 \r\n"),
        ("eSwsbj1hbGljZSxyPWFiYw==", "334 cj1hYm"),
        ("Yz1lU3dzLHI9YWJjLHA9YWJj", "535 5.7.8"),
        ("STARTTLS", "220 2.0.0"),
    ];
    dialogue(Channel::Clear, Service::Submission, &clear);
    let secured = [
        ("AUTH PLAIN AGFsaWNlAGFsaWNlLXNlY3JldA==", "503 5.5.1"),
        ("HELO c.test", "250 "),
        ("AUTH PLAIN AGFsaWNlAGFsaWNlLXNlY3JldA==", "503 5.5.1"),
        ("EHLO c.test", "250-"),
        ("MAIL FROM:<alice@example.test>", "530 5.7.0"),
        ("DATA", "530 5.7.0"),
        ("AUTH", "501 5.5.4"),
        ("AUTH X", "504 5.5.4"),
        ("AUTH PLAIN AGFsaWNlAGJvYi1zZWNyZXQ=", "535 5.7.8"),
        ("AUTH PLAIN =", "535 5.7.8"),
        ("AUTH PLAIN AGFsaWNlAGFsaWNlLXNlY3JldA", "501 5.5.2"),
        ("AUTH PLAIN !", "501 5.5.2"),
        ("AUTH PLAIN AGFs aWNl", "501 5.5.4"),
        ("AUTH CRAM-MD5 YQ==", "501 5.7.0"),
        ("AUTH LOGIN YWxpY2U=", "334 UGFzc3dvcmQ6\r\n"),
        ("*", "501 5.7.0"),
        ("AUTH LOGIN", "334 VXNlcm5hbWU6\r\n"),
        ("YWxpY2U=", "334 UGFzc3dvcmQ6\r\n"),
        ("*", "501 5.7.0"),
        ("AUTH PLAIN", "334 \r\n"),
        ("=", "501 5.5.2"),
        ("AUTH PLAIN", "334 \r\n"),
        ("RSET", "535 5.7.8"),
        ("AUTH PLAIN", "334 \r\n"),
        ("", "535 5.7.8"),
        ("AUTH plain", "334 \r\n"),
        ("AGFsaWNlAGFsaWNlLXNlY3JldA==", "235 2.7.0"),
        ("AUTH PLAIN AGFsaWNlAGFsaWNlLXNlY3JldA==", "503 5.5.1"),
        ("EHLO c.test", "250-"),
        ("AUTH PLAIN AGFsaWNlAGFsaWNlLXNlY3JldA==", "503 5.5.1"),
        ("MAIL FROM:<alice@example.test> AUTH=+3", "501 5.5.4"),
        ("MAIL FROM:<alice@example.test> AUTH=<>", "250 2.1.0"),
        ("AUTH PLAIN AGFsaWNlAGFsaWNlLXNlY3JldA==", "503 5.5.1"),
        ("RCPT TO:<bob@example.test>", "250 2.1.5"),
        ("RCPT TO:<bob@foreign.test>", "550 5.7.1"),
    ];
    dialogue(tls(), Service::Submission, &secured);
}

#[test]
fn no_auth_begins_within_a_transaction() {
    let config = Arc::new(Config::default());
    let mut session = Session::new(&config, tls(), Service::Submission);
    session.answer(b"EHLO c.test");
    session.answer(b"AUTH PLAIN AGFsaWNlAGFsaWNlLXNlY3JldA==");
    session.answer(b"MAIL FROM:<>");
    session.client.as_mut().unwrap().user = None;
    assert!(session.answer(b"AUTH PLAIN AGFsaWNlAGFsaWNlLXNlY3JldA==").0.starts_with("503 5.5.1"));
}

#[test]
fn only_users_reach_the_next_hop_and_never_by_a_disguised_address() {
    let config = Arc::new(Config { next_hop: Some(([127, 0, 0, 1], 25).into()), ..Config::default() });
    let hello = [("EHLO c.test", "250-"), ("MAIL FROM:<alice@example.test>", "250 2.1.0")];
    let submitted = [
        ("RCPT TO:<x@foreign.test>", "250 2.1.5"),
        ("RCPT TO:<x%y.test@foreign.test>", "250 2.1.5"),
        ("RCPT TO:<x%foreign.test@example.test>", "550 5.7.1"),
        ("DATA", "354 "),
    ];
    let auth = [hello[0], ("AUTH PLAIN AGFsaWNlAGFsaWNlLXNlY3JldA==", "235 "), hello[1]];
    run(&config, tls(), Service::Submission, &[auth.as_slice(), &submitted].concat());
    let refused = [("RCPT TO:<x@foreign.test>", "550 5.7.1"), ("RCPT TO:<@example.test:x@foreign.test>", "550 5.7.1")];
    run(&config, tls(), Service::Transfer, &[hello.as_slice(), &refused].concat());
}

#[test]
fn what_is_announced_depends_on_the_service_and_on_tls() {
    let config = Arc::new(Config::default());
    let announced: Vec<String> = [Service::Transfer, Service::Submission]
        .into_iter()
        .flat_map(|service| [Channel::Clear, tls()].map(|channel| (service, channel)))
        .map(|(service, channel)| {
            let reply = Session::new(&config, channel.clone(), service).answer(b"EHLO a").0;
            format!("{service:?} {:?}\n{reply}", channel.protection())
        })
        .collect();
    insta::assert_snapshot!(announced.join("\n").replace('\r', ""));
    for (channel, offered) in [(Channel::Clear, true), (tls(), false)] {
        let mut session = Session::new(&config, channel, Service::Transfer);
        session.answer(b"EHLO a");
        assert_eq!(session.answer(b"STARTTLS").1 == Then::Tls, offered);
    }
    assert_eq!(Session::new(&config, Channel::Clear, Service::Transfer).answer(b"QUIT").1, Then::Close);
}

#[test]
fn what_is_withheld_is_neither_announced_nor_known() {
    let withheld = ["SIZE", "8BITMIME", "CHUNKING", "HELP", "STARTTLS", "PIPELINING", "AUTH=LOGIN"].iter().collect();
    let config = Arc::new(Config { withheld, ..Config::default() });
    let mut session = Session::new(&config, Channel::Clear, Service::Submission);
    let announced = session.answer(b"EHLO c.test").0;
    assert_eq!(
        announced,
        "250-mail.example.test\r\n250-DSN\r\n250-AUTH SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5\r\n\
         250 ENHANCEDSTATUSCODES\r\n"
    );
    let table = [
        ("HELP", "500 5.5.2"),
        ("STARTTLS", "500 5.5.2"),
        ("BDAT 0 LAST", "500 5.5.2"),
        ("EHLO c.test", "250-"),
        ("MAIL FROM:<> SIZE=1", "555 5.5.4"),
        ("MAIL FROM:<> BODY=7BIT", "555 5.5.4"),
    ];
    run(&config, Channel::Clear, Service::Transfer, &table);
    let withheld = ["AUTH", "ENHANCEDSTATUSCODES"].iter().collect();
    let config = Arc::new(Config { withheld, ..Config::default() });
    let table = [
        ("EHLO c.test", "250-"),
        ("AUTH PLAIN", "500 unknown"),
        ("MAIL FROM:<> AUTH=<>", "530 "),
        ("MAIL FROM:<>", "530 authentication"),
        ("NOOP", "250 nothing"),
        ("QUIT", "221 mail.example.test"),
    ];
    run(&config, tls(), Service::Submission, &table);
}

#[test]
fn the_parameters_of_dsn_are_held_to_their_syntax() {
    let hello = ("EHLO c.test", "250-");
    let mail = [
        ("RET=FULL", "250 2.1.0"),
        ("ret=hdrs ENVID=QQ314159+2B", "250 2.1.0"),
        ("RET=FOO", "501 5.5.4"),
        ("RET", "501 5.5.4"),
        ("RET=", "501 5.5.4"),
        ("RET=FULL RET=FULL", "501 5.5.4"),
        ("ENVID=a+zz", "501 5.5.4"),
        ("ENVID", "501 5.5.4"),
        ("ENVID=x ENVID=x", "501 5.5.4"),
        ("NOTIFY=NEVER", "555 5.5.4"),
    ];
    for (parameters, reply) in mail {
        let line = format!("MAIL FROM:<> {parameters}");
        dialogue(tls(), Service::Transfer, &[hello, (&line, reply)]);
    }
    let rcpt = [
        ("NOTIFY=NEVER", "250 2.1.5"),
        ("notify=success,DELAY,Failure ORCPT=rfc822;user+2Btag@example.org", "250 2.1.5"),
        ("ORCPT=utf-8;\\x{5B57}@example.org", "250 2.1.5"),
        ("NOTIFY=NEVER,SUCCESS", "501 5.5.4"),
        ("NOTIFY=SUCCESS,", "250 2.1.5"),
        ("NOTIFY=,", "501 5.5.4"),
        ("NOTIFY", "501 5.5.4"),
        ("NOTIFY=NEVER NOTIFY=NEVER", "501 5.5.4"),
        ("ORCPT=rfc822", "501 5.5.4"),
        ("ORCPT=;x", "501 5.5.4"),
        ("ORCPT=rfc822;a+zz", "501 5.5.4"),
        ("ORCPT=utf-8;\u{e9}@example.org", "501 5.5.4"),
        ("ORCPT=rfc822;a ORCPT=rfc822;a", "501 5.5.4"),
        ("RET=FULL", "555 5.5.4"),
        ("SIZE=1", "555 5.5.4"),
    ];
    for (parameters, reply) in rcpt {
        let line = format!("RCPT TO:<alice@example.test> {parameters}");
        dialogue(tls(), Service::Transfer, &[hello, ("MAIL FROM:<>", "250"), (&line, reply)]);
    }
}

#[test]
fn utf8_is_taken_where_it_was_announced_by_the_client_only() {
    let wide = "MAIL FROM:<\u{5b57}@b.test>";
    let (with, valued) = (format!("{wide} BODY=8BITMIME SMTPUTF8"), format!("{wide} SMTPUTF8=1"));
    let table = [
        ("HELO c.test", "250 "),
        (wide, "501 5.5.4"),
        ("EHLO c.test", "250-"),
        (wide, "550 5.6.7"),
        (&valued, "501 5.5.4"),
        ("MAIL FROM:<a@b.test>", "250 2.1.0"),
        ("RCPT TO:<\u{5b57}@example.test>", "553 5.6.7"),
        ("RSET", "250 "),
        (&with, "250 2.1.0"),
        ("RCPT TO:<\u{5b57}@example.test>", "550 5.1.1"),
        ("RCPT TO:<\"\u{5b57} \"@example.test>", "550 5.1.1"),
        ("RCPT TO:<alice@example.test> ORCPT=utf-8;\u{5b57}@example.org", "250 2.1.5"),
        ("VRFY \u{5b57}", "501 5.5.4"),
        ("VRFY \u{5b57} SMTPUTF8", "252 2.5.0"),
        ("VRFY alice SMTPUTF8", "252 2.5.0"),
        ("NOOP \u{5b57}", "501 5.5.4"),
        ("EHLO \u{5b57}.test", "501 5.5.4"),
    ];
    dialogue(tls(), Service::Transfer, &table);
    let config = Arc::new(Config::default());
    let mut session = Session::new(&config, tls(), Service::Transfer);
    session.answer(b"EHLO c.test");
    assert!(session.answer(b"MAIL FROM:<a\xff@b.test> SMTPUTF8").0.starts_with("501 5.5.4"));
    let withheld = ["8BITMIME"].iter().collect();
    let config = Arc::new(Config { withheld, ..Config::default() });
    run(&config, tls(), Service::Transfer, &[("EHLO c.test", "250-"), ("MAIL FROM:<> SMTPUTF8", "555 5.5.4")]);
}

#[test]
fn lookups_tell_who_is_here_or_nothing() {
    let told = [
        ("VRFY", "501 5.5.4"),
        ("VRFY Alice", "250 2.1.5 <alice@example.test>"),
        ("VRFY <bob@example.test>", "250 2.1.5 <bob@example.test>"),
        ("VRFY nobody", "550 5.1.1"),
        ("VRFY a b", "501 5.5.4"),
        ("VRFY x@foreign.test", "252 2.5.0"),
        ("EXPN", "501 5.5.4"),
        ("EXPN bob", "250 2.1.5 <bob@example.test>"),
    ];
    let answered = Arc::new(Config { lookup: Lookup::Answered, ..Config::default() });
    run(&answered, tls(), Service::Transfer, &told);
    let declined = Arc::new(Config::default());
    let table = [("VRFY alice", "252 2.5.0"), ("VRFY", "501 5.5.4"), ("EXPN bob", "502 5.5.1")];
    run(&declined, tls(), Service::Transfer, &table);
    for (config, announced) in [(&answered, true), (&declined, false)] {
        let reply = Session::new(config, tls(), Service::Transfer).answer(b"EHLO c.test").0;
        assert_eq!(reply.contains("250-EXPN\r\n"), announced);
    }
    let password = Secret::new("x".to_owned());
    let wide = Account { user: "\u{e9}".to_owned(), password, tenure: Tenure::Disposable };
    let config = Config { accounts: vec![wide], catch_all: Some("\u{e9}".to_owned()), ..Config::default() };
    let config = Arc::new(Config { lookup: Lookup::Answered, ..config });
    let table = [
        ("EHLO c.test", "250-"),
        ("VRFY anybody", "252 2.6.8"),
        ("VRFY anybody SMTPUTF8", "250 2.1.5 <\u{e9}@example.test>"),
    ];
    run(&config, tls(), Service::Transfer, &table);
}

/// What a server answers to all of this at once, code by code, and what alice has then.
async fn talk(said: &[u8]) -> (String, Vec<Vec<u8>>) {
    let (mut client, server) = tokio::io::duplex(1_000_000);
    let config = Arc::new(Config { size_limit: 100_000, ..Config::default() });
    let store = Store::new(Limits::default());
    store.add_account("alice");
    let identity = Identity::generate("mail.example.test").unwrap();
    client.write_all(said).await.unwrap();
    let wire = Wire::new(Stream::plain(server), Duration::from_secs(5));
    let post = Post::open(&config, &store, &mut JoinSet::new());
    serve(wire, &post, &identity, IpAddr::from([127, 0, 0, 1]), Service::Transfer).await.unwrap();
    let mut heard = String::new();
    client.read_to_string(&mut heard).await.unwrap();
    let last = |line: &&str| line.as_bytes()[3] == b' ';
    let codes: Vec<&str> = heard.lines().filter(last).map(|line| &line[..3]).collect();
    let maildrop = store.open_maildrop("alice").unwrap();
    (codes.join(" "), maildrop.messages().iter().map(|message| message.octets.to_vec()).collect())
}

const MAIL: &str = "MAIL FROM:<a@b.test>\r\nRCPT TO:<alice@example.test>\r\n";

#[tokio::test]
async fn pipelined_mail_is_taken_and_a_smuggled_end_is_refused() {
    let long = "x".repeat(2000);
    let said = format!(
        "{long}\r\nEHLO c.test\r\n{MAIL}DATA\r\na\r\n.\nMAIL\r\n.\r\n{MAIL}DATA\r\n..b\r\n.\r\nQUIT\r\nNOOP\r\n"
    );
    let (codes, messages) = talk(said.as_bytes()).await;
    assert_eq!(codes, "220 500 250 250 250 354 554 250 250 354 250 221");
    assert_eq!(messages.len(), 1);
    assert!(messages[0].ends_with(b"+0000\r\n.b\r\n"));
}

#[tokio::test]
async fn chunks_make_one_message_and_refused_ones_are_thrown_away() {
    let said = format!(
        "BDAT 6\r\nQUIT\r\nEHLO c.test\r\nBDAT 6 LAST\r\nQUIT\r\n\
         {MAIL}BDAT 3\r\n.a\rDATA\r\nRCPT TO:<bob@example.test>\r\nBDAT 0\r\nBDAT 5 last\r\n\n.\r\n.\
         BDAT 1\r\nxBDAT\r\nBDAT x\r\nBDAT -1\r\nBDAT 1 FIRST\r\nBDAT 99999999999999999999\r\n\
         {MAIL}BDAT 3\r\na\nbBDAT 6 LAST\r\nQUIT\r\n{MAIL}BDAT 1\r\naRSET\r\n{MAIL}BDAT 0 LAST\r\nQUIT\r\n"
    );
    let (codes, messages) = talk(said.as_bytes()).await;
    let refused = "220 503 250 503";
    let message = "250 250 250 503 503 250 250";
    let syntax = "503 501 501 501 501 501";
    let bare = "250 250 554 503";
    let reset = "250 250 250 250 250 250 250 221";
    assert_eq!(codes, [refused, message, syntax, bare, reset].join(" "));
    assert_eq!(messages.len(), 2);
    assert!(messages[0].ends_with(b"+0000\r\n.a\r\n.\r\n."));
    assert!(messages[1].ends_with(b"+0000\r\n"));
}

#[tokio::test]
async fn the_size_limit_holds_for_data_and_for_chunks() {
    let big = "x".repeat(99_999);
    let said = format!(
        "EHLO c.test\r\n{MAIL}DATA\r\n{big}\r\n.\r\n{MAIL}BDAT 60000\r\n{}BDAT 60000\r\n{}BDAT 1 LAST\r\nxQUIT\r\n",
        &big[..60_000],
        &big[..60_000],
    );
    let (codes, messages) = talk(said.as_bytes()).await;
    assert_eq!(codes, "220 250 250 250 354 552 250 250 250 552 503 221");
    assert!(messages.is_empty());
}
