use std::sync::Arc;
use std::time::Duration;

use md5::{Digest, Md5};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::login::digest_of;
use super::maildrop::Transaction;
use super::serve;
use super::session::{Session, Then};
use super::unicode::Mode;
use crate::base::Secret;
use crate::refserver::sasl::Channel;
use crate::refserver::store::{InternalDate, Limits, Store};
use crate::refserver::wire::Wire;
use crate::refserver::{Account, Config, Faults, Identity, Stream, Tenure};

fn store() -> Store {
    let store = Store::new(Limits::default());
    store.add_account("alice");
    let octets: &[u8] = b"Subject: x\r\n\r\n.a\r\nb\r\n";
    store.deliver("alice", octets, InternalDate { seconds: 0, zone: 0 }).unwrap();
    store
}

#[test]
fn answers_are_byte_stuffed_and_deletion_waits_for_the_update() {
    let store = store();
    let mut transaction = Transaction::new(store.open_maildrop("alice").unwrap(), Mode::Ascii, Faults::default());
    assert_eq!(transaction.answer("STAT", &[]), b"+OK 1 21\r\n");
    assert_eq!(transaction.answer("RETR", &["1"]), b"+OK\r\nSubject: x\r\n\r\n..a\r\nb\r\n.\r\n");
    assert_eq!(transaction.answer("TOP", &["1", "1"]), b"+OK\r\nSubject: x\r\n\r\n..a\r\n.\r\n");
    assert_eq!(transaction.answer("RETR", &["2"]), b"-ERR no such message\r\n");
    assert!(store.open_maildrop("alice").is_err());
    transaction.answer("DELE", &["1"]);
    assert_eq!(transaction.answer("LIST", &[]), b"+OK\r\n.\r\n");
    transaction.update();
    assert!(store.open_maildrop("alice").unwrap().messages().is_empty());
}

#[test]
fn sizes_count_what_retr_sends() {
    let stored: [(&[u8], &str); 5] = [
        (b"a: b\n\n.c\n", "a: b\r\n\r\n..c\r\n"),
        (b"a: b\r\n\r\nc", "a: b\r\n\r\nc\r\n"),
        (b"a: b\r\n\nc\rd\n", "a: b\r\n\r\nc\rd\r\n"),
        (b"a: b\r\n\r\nc\r", "a: b\r\n\r\nc\r\r\n"),
        (b"", ""),
    ];
    for (octets, sent) in stored {
        let store = Store::new(Limits::default());
        store.add_account("alice");
        store.deliver("alice", octets, InternalDate { seconds: 0, zone: 0 }).unwrap();
        let mut transaction = Transaction::new(store.open_maildrop("alice").unwrap(), Mode::Ascii, Faults::default());
        let size = sent.replace("..c", ".c").len();
        assert_eq!(transaction.answer("STAT", &[]), format!("+OK 1 {size}\r\n").into_bytes());
        assert_eq!(transaction.answer("LIST", &["1"]), format!("+OK 1 {size}\r\n").into_bytes());
        assert_eq!(transaction.answer("RETR", &["1"]), format!("+OK\r\n{sent}.\r\n").into_bytes());
    }
}

/// Runs lines through one session and gives the beginning of each answer.
fn run(session: &mut Session<'_>, table: &[(&str, &str)]) {
    for (line, expected) in table {
        let (answer, _) = session.answer(line.as_bytes());
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.starts_with(expected), "{line:?}: {answer:?} instead of {expected}");
        assert!(answer.ends_with("\r\n") && answer.lines().all(|line| line.len() <= 510));
    }
}

fn tls() -> Channel {
    Channel::Tls { exporter: None, end_point: Vec::new() }
}

#[test]
fn the_digest_of_apop_is_that_of_the_rfc() {
    let password = Secret::new("tanstaaf".to_owned());
    let account = Account { user: "mrose".to_owned(), password, tenure: Tenure::Disposable };
    let config = Config { accounts: vec![account], ..Config::default() };
    let timestamp = "<1896.697170952@dbc.mtview.ca.us>";
    let digest = "c4c9334bac560ecc979e58001b3e22fb";
    assert_eq!(digest_of(&config, timestamp, "MRose"), digest);
    assert_ne!(digest_of(&config, "<1896.697170953@dbc.mtview.ca.us>", "mrose"), digest);
    assert_ne!(digest_of(&config, timestamp, "nobody"), digest);
}

#[test]
fn each_greeting_has_its_own_timestamp_and_apop_its_digest() {
    let (config, store) = (Arc::new(Config::default()), store());
    let mut session = Session::new(&config, &store, Channel::Clear).unwrap();
    let other = Session::new(&config, &store, Channel::Clear).unwrap();
    assert!(
        session.greeting().starts_with("+OK POP3 ready <") && session.greeting().ends_with("@mail.example.test>\r\n")
    );
    assert_ne!(session.greeting(), other.greeting());
    let digest = |session: &Session<'_>| {
        let hash = Md5::new().chain_update(&session.timestamp).chain_update("alice-secret").finalize();
        hash.iter().map(|octet| format!("{octet:02x}")).collect::<String>()
    };
    let (right, wrong) = (format!("APOP alice {}", digest(&session)), format!("APOP alice {}", digest(&other)));
    run(
        &mut session,
        &[
            ("APOP alice", "-ERR "),
            (&wrong, "-ERR [AUTH]"),
            ("STAT", "-ERR "),
            (&right, "+OK"),
            ("STAT", "+OK 1 21\r\n"),
        ],
    );
}

#[test]
fn passwords_are_taken_in_tls_only_and_right_after_the_name() {
    let (config, store) = (Arc::new(Config::default()), store());
    let clear = [
        ("USER alice", "-ERR TLS"),
        ("PASS alice-secret", "-ERR TLS"),
        ("AUTH PLAIN AGFsaWNlAGFsaWNlLXNlY3JldA==", "-ERR mechanism"),
        ("NOOP", "-ERR unknown"),
        ("STAT", "-ERR unknown"),
        ("STLS now", "-ERR unknown"),
        ("stls", "+OK begin TLS"),
    ];
    let mut session = Session::new(&config, &store, Channel::Clear).unwrap();
    run(&mut session, &clear);
    session.secure(tls());
    let secured = [
        ("STLS", "-ERR unknown"),
        ("PASS alice-secret", "-ERR USER"),
        ("USER alice", "+OK"),
        ("PASS bob-secret", "-ERR [AUTH]"),
        ("PASS alice-secret", "-ERR USER"),
        ("USER alice", "+OK"),
        ("CAPA", "+OK"),
        ("PASS alice-secret", "-ERR USER"),
        ("USER nobody", "+OK"),
        ("PASS x", "-ERR [AUTH]"),
        ("USER \u{e9}", "-ERR printable"),
        ("USER a\nb", "-ERR printable"),
        ("user Alice", "+OK"),
        ("pass alice-secret", "+OK"),
        ("USER alice", "-ERR unknown"),
        ("APOP alice x", "-ERR unknown"),
        ("AUTH PLAIN", "-ERR unknown"),
        ("STLS", "-ERR unknown"),
        ("CAPA x", "-ERR unknown"),
        ("RETR 0", "-ERR no such"),
        ("RETR", "-ERR unknown"),
        ("TOP 1", "-ERR unknown"),
        ("NOOP", "+OK"),
    ];
    run(&mut session, &secured);
    let mut second = Session::new(&config, &store, tls()).unwrap();
    run(
        &mut second,
        &[
            ("USER alice", "+OK"),
            ("PASS alice-secret", "-ERR [IN-USE]"),
            ("USER alice", "+OK"),
            ("PASS x", "-ERR [AUTH]"),
        ],
    );
    assert_eq!(session.answer(b"QUIT"), (b"+OK bye\r\n".to_vec(), Then::Close));
    run(&mut second, &[("USER alice", "+OK"), ("PASS alice-secret", "+OK")]);
}

#[test]
fn auth_challenges_and_takes_initial_responses() {
    let (config, store) = (Arc::new(Config::default()), store());
    let mut session = Session::new(&config, &store, tls()).unwrap();
    let table = [
        ("AUTH", "-ERR unknown"),
        ("AUTH X", "-ERR mechanism"),
        ("AUTH X YQ==", "-ERR mechanism"),
        ("AUTH CRAM-MD5 YQ==", "-ERR the server"),
        ("AUTH CRAM-MD5", "+ PD"),
        ("*", "-ERR cancelled"),
        ("AUTH PLAIN", "+ \r\n"),
        ("QUIT", "-ERR [AUTH]"),
        ("AUTH PLAIN", "+ \r\n"),
        ("AGFsaWNlAGFsaWNlLXNlY3JldA", "-ERR not base64"),
        ("AUTH PLAIN =", "-ERR [AUTH]"),
        ("AUTH PLAIN AGFsaWNlAGFsaWNlLXNlY3JldA== x", "-ERR unknown"),
        ("AUTH LOGIN", "+ VXNlcm5hbWU6\r\n"),
        ("YWxpY2U=", "+ UGFzc3dvcmQ6\r\n"),
        ("YWxpY2U=", "-ERR [AUTH]"),
        ("auth plain AGFsaWNlAGFsaWNlLXNlY3JldA==", "+OK"),
        ("STAT", "+OK 1 21"),
    ];
    run(&mut session, &table);
}

#[test]
fn what_is_announced_depends_on_tls_and_hardly_on_the_state() {
    let (config, store) = (Arc::new(Config::default()), store());
    let mut announced = Vec::new();
    for channel in [Channel::Clear, tls()] {
        let mut session = Session::new(&config, &store, channel.clone()).unwrap();
        announced.push(format!("{:?} AUTHORIZATION\n{}", channel.protection(), text(session.answer(b"CAPA"))));
        session.transaction =
            Some(Transaction::new(store.open_maildrop("alice").unwrap(), Mode::Ascii, Faults::default()));
        announced.push(format!("{:?} TRANSACTION\n{}", channel.protection(), text(session.answer(b"CAPA"))));
    }
    insta::assert_snapshot!(announced.join("\n"));
}

fn text((answer, _): (Vec<u8>, Then)) -> String {
    String::from_utf8(answer).unwrap().replace('\r', "")
}

#[test]
fn what_is_withheld_is_neither_announced_nor_known() {
    let withheld = ["TOP", "UIDL", "STLS", "SASL", "APOP", "AUTH-RESP-CODE", "EXPIRE"].iter().collect();
    let (config, store) = (Arc::new(Config { withheld, ..Config::default() }), store());
    let mut session = Session::new(&config, &store, Channel::Clear).unwrap();
    assert_eq!(session.greeting(), "+OK POP3 ready\r\n");
    assert_eq!(
        text(session.answer(b"CAPA")),
        "+OK\nRESP-CODES\nPIPELINING\nUTF8\nLANG\nIMPLEMENTATION mailproof-0.1.0\n.\n"
            .replace("0.1.0", env!("CARGO_PKG_VERSION"))
    );
    let unknown = ["STLS", "AUTH CRAM-MD5", "APOP alice x"].map(|command| (command, "-ERR unknown"));
    run(&mut session, &unknown);
    session.secure(tls());
    run(
        &mut session,
        &[
            ("USER alice", "+OK"),
            ("PASS x", "-ERR wrong"),
            ("USER alice", "+OK"),
            ("PASS alice-secret", "+OK"),
            ("TOP 1 0", "-ERR unknown"),
            ("UIDL", "-ERR unknown"),
            ("LIST", "+OK"),
        ],
    );
    let withheld = ["CAPA", "RESP-CODES", "USER"].iter().collect();
    let config = Arc::new(Config { withheld, ..Config::default() });
    let mut second = Session::new(&config, &store, tls()).unwrap();
    let table = [
        ("CAPA", "-ERR unknown"),
        ("USER alice", "-ERR unknown"),
        ("PASS alice-secret", "-ERR unknown"),
        ("AUTH PLAIN AGFsaWNlAGFsaWNlLXNlY3JldA==", "-ERR the maildrop"),
    ];
    run(&mut second, &table);
}

#[test]
fn utf8_is_a_mode_that_headers_beyond_ascii_need() {
    let store = Store::new(Limits::default());
    store.add_account("alice");
    let octets = "Subject: \u{e9}\r\n\r\nx\r\n";
    store.deliver("alice", octets.as_bytes(), InternalDate { seconds: 0, zone: 0 }).unwrap();
    let config = Arc::new(Config::default());
    let login = [("USER alice", "+OK"), ("PASS alice-secret", "+OK")];
    let narrow = [
        ("LIST 1", "+OK 1 18"),
        ("UIDL 1", "+OK 1 "),
        ("RETR 1", "-ERR [UTF8] "),
        ("TOP 1 0", "-ERR [UTF8] "),
        ("UTF8", "-ERR unknown"),
        ("LANG *", "+OK en "),
    ];
    let mut session = Session::new(&config, &store, Channel::Clear).unwrap();
    run(&mut session, &[("UTF8 x", "-ERR unknown"), ("UTF8", "+OK"), ("STLS", "+OK")]);
    // What was said before TLS does not count.
    session.secure(tls());
    run(&mut session, &[login.as_slice(), &narrow].concat());
    drop(session);
    let mut session = Session::new(&config, &store, tls()).unwrap();
    run(
        &mut session,
        &[
            ("LANG de", "-ERR "),
            ("LANG en-GB", "+OK en "),
            ("LANG a b", "-ERR "),
            ("LANG", "+OK\r\nen English\r\ni-default "),
            ("UTF8", "+OK"),
            login[0],
            login[1],
            ("RETR 1", &format!("+OK\r\n{octets}.\r\n")),
        ],
    );
    drop(session);
    let withheld = ["UTF8", "LANG"].iter().collect();
    let config = Arc::new(Config { withheld, ..Config::default() });
    let mut session = Session::new(&config, &store, tls()).unwrap();
    let less = [("UTF8", "-ERR unknown"), ("LANG", "-ERR unknown"), login[0], login[1], ("RETR 1", "+OK\r\nSubject")];
    run(&mut session, &less);
}

#[tokio::test]
async fn pipelined_commands_are_answered_in_order_and_long_lines_once() {
    let (mut client, server) = tokio::io::duplex(65536);
    let identity = Identity::generate("mail.example.test").unwrap();
    let said =
        format!("CAPA\r\nUSER {}\r\nAUTH CRAM-MD5\r\n{}\r\nSTAT\r\nQUIT\r\n", "x".repeat(250), "x".repeat(20_000));
    client.write_all(said.as_bytes()).await.unwrap();
    let wire = Wire::new(Stream::plain(server), Duration::from_secs(5));
    serve(wire, &Arc::new(Config::default()), &store(), &identity).await.unwrap();
    let mut heard = String::new();
    client.read_to_string(&mut heard).await.unwrap();
    let (_, after) = heard.split_once("\r\n.\r\n").unwrap();
    let begins: Vec<&str> =
        after.lines().map(|line| line.split(['<', ',']).next().unwrap().get(..9).unwrap_or(line)).collect();
    assert_eq!(begins[0], "-ERR line");
    assert!(begins[1].starts_with("+ PD"));
    assert_eq!(begins[2..], ["-ERR line", "-ERR unkn", "+OK bye"]);
}
