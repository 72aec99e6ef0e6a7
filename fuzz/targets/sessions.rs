//! Whole sessions: the reference server and the sink with hostile clients, and the client's side of SASL with hostile servers.
//! Whatever a client says, the reference server's answers keep to the grammar.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use flate2::Compression;
use flate2::write::{DeflateDecoder, DeflateEncoder};
use mailproof::base::Secret;
use mailproof::refserver::smtp::{Post, Service};
use mailproof::refserver::store::{Limits, Store};
use mailproof::refserver::wire::Wire;
use mailproof::refserver::{Config, Identity, Stream, imap as imap_server, pop3 as pop3_server, smtp as smtp_server};
use mailproof::sasl::{Binding, Credentials, Exchange, Spoil};
use mailproof::sink::Sink;
use mailproof::{imap, pop3, smtp};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tokio_rustls::{TlsConnector, rustls};

use super::Target;
use super::framers::error;
use super::server::{COMMANDS, messages};
use crate::check::{ensure, two};

/// Nothing here waits for anything but the peer, who is in this process.
const PATIENCE: Duration = Duration::from_secs(10);

const SMTP: &[&str] = &[
    "(EHLO|HELO) ([a-z.]{1,9}|\\[127\\.0\\.0\\.1\\]|\\[IPv6:::1\\])\r\n",
    "MAIL FROM:<([a-z.\"@]{0,9}|alice@example\\.test)>( SIZE=[0-9]{1,9}| BODY=8BITMIME| AUTH=<>| RET=HDRS| SMTPUTF8){0,2}\r\n",
    "RCPT TO:<(alice@example\\.test|bob|postmaster|@a,@b:[a-z]{1,5}@example\\.test|[a-z\"@\\\\]{1,9})>( NOTIFY=NEVER| ORCPT=rfc822;a\\+2B)?\r\n",
    "DATA\r\n((\\.\\.)?[ -~]{0,20}\r\n){0,4}\\.\r\n",
    "BDAT [0-9]{1,2}( LAST)?\r\n[a-z]{0,9}",
    "(RSET|NOOP( a)?|QUIT|HELP|VRFY [a-z]{1,5}|EXPN a|STARTTLS|AUTH (PLAIN|LOGIN|CRAM-MD5|SCRAM-SHA-256)( [A-Za-z0-9+/]{0,12}={0,2})?)\r\n",
    "(AUTH PLAIN AGFsaWNlAGFsaWNlLXNlY3JldA==|\\*)\r\n",
];
const POP3: &[&str] = &[
    "(USER alice|PASS alice-secret|STAT|LIST( [0-9]{1,4})?|RETR [0-9]{1,4}|DELE [0-9]{1,4}|RSET|NOOP|QUIT|CAPA|STLS|UIDL( [0-9])?|TOP [0-9] [0-9]{1,9})\r\n",
    "(AUTH (PLAIN|LOGIN|CRAM-MD5|SCRAM-SHA-1)?( [A-Za-z0-9+/]{0,12}={0,2})?|APOP [a-z]{1,6} [0-9a-f]{32})\r\n",
];
pub(super) const IMAP_WORDS: &[&str] =
    &["a1 ", "DONE\r\n", "{3}\r\n", "{3+}\r\nabc", "a SELECT INBOX\r\n", "(", ")", "1:*", "\r\n", "a IDLE\r\n"];
const CHALLENGES: &[&str] = &[
    "(PLAIN|LOGIN|CRAM-MD5|SCRAM-SHA-1|SCRAM-SHA-256|SCRAM-SHA-256-PLUS)\n(User Name|Password:|<1\\.2@a\\.test>){0,1}\n",
    "SCRAM-SHA-(1|256)\nr=nonce[A-Za-z0-9]{1,9},s=[A-Za-z0-9+/]{4,8}={0,2},i=[0-9]{1,4}(,x=y)?\n(v=[A-Za-z0-9+/]{8,28}=|e=other-error)\n",
    "SCRAM-SHA-1-PLUS\n(m=a,)?r=nonce[!-~]{0,5},s=QSXCR\\+Q6sek8bf92,i=[0-9]{1,4}\n",
];

pub(super) fn targets() -> Vec<Target> {
    vec![
        Target {
            name: "server-smtp",
            grammar: SMTP,
            words: &["\r\n.\r\n", "\r\n", "<", ">", "@", "\"", "SIZE="],
            seeds: smtp_seeds,
            check: smtp_session,
        },
        Target {
            name: "server-pop3",
            grammar: POP3,
            words: &["\r\n", "RETR 1", "TOP 1 0", "AUTH "],
            seeds: pop3_seeds,
            check: pop3_session,
        },
        Target { name: "server-imap", grammar: COMMANDS, words: IMAP_WORDS, seeds: imap_seeds, check: imap_session },
        Target {
            name: "server-deflate",
            grammar: COMMANDS,
            words: IMAP_WORDS,
            seeds: || [imap_seeds(), vec![b"!\x07\xff".to_vec(), b"!\x00\x00\x00\xff\xff\x03\x00".to_vec()]].concat(),
            check: deflate_session,
        },
        Target {
            name: "sink",
            grammar: SMTP,
            words: &["\r\n.\r\n", "\n.\n", "\r\n.\n", "DATA\r\n"],
            seeds: smtp_seeds,
            check: sink,
        },
        Target {
            name: "sasl",
            grammar: CHALLENGES,
            words: &["r=", "s=", "i=", ",", "v=", "m=", "="],
            seeds: Vec::new,
            check: sasl,
        },
    ]
}

pub(super) fn smtp_seeds() -> Vec<Vec<u8>> {
    vec![
        b"EHLO a.test\r\nMAIL FROM:<a@example.test>\r\nRCPT TO:<alice@example.test>\r\nDATA\r\nSubject: x\r\n\r\n..a\r\n.\r\nQUIT\r\n".to_vec(),
        b"EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<bob@example.test>\r\nBDAT 3\r\na\r\nBDAT 2 LAST\r\n\r\nRSET\r\nQUIT\r\n".to_vec(),
    ]
}

pub(super) fn pop3_seeds() -> Vec<Vec<u8>> {
    vec![
        b"USER alice\r\nPASS alice-secret\r\nSTAT\r\nLIST\r\nUIDL\r\nRETR 1\r\nTOP 2 1\r\nDELE 1\r\nRSET\r\nQUIT\r\n"
            .to_vec(),
    ]
}

fn imap_seeds() -> Vec<Vec<u8>> {
    vec![
        b"a SELECT INBOX\r\nb FETCH 1:* (UID FLAGS ENVELOPE BODYSTRUCTURE BODY[])\r\nc STORE 1 +FLAGS (\\Deleted)\r\nd EXPUNGE\r\ne LOGOUT\r\n".to_vec(),
        b"a CREATE x/y\r\nb APPEND x (\\Seen) {3+}\r\nabc\r\nc SELECT x\r\nd UID SEARCH ALL\r\ne IDLE\r\nDONE\r\nf UID MOVE 1:* INBOX\r\n".to_vec(),
        b"a SELECT INBOX\r\nb SEARCH RETURN (MIN ALL) OR FROM a NOT BODY b\r\nc FETCH 1 BODY.PEEK[1.MIME]<0.4>\r\nd STATUS INBOX (MESSAGES)\r\n".to_vec(),
    ]
}

pub(super) struct World {
    pub(super) runtime: Runtime,
    pub(super) config: Arc<Config>,
    pub(super) identity: Identity,
    connector: TlsConnector,
    messages: Vec<Vec<u8>>,
}

static WORLD: LazyLock<Result<World, String>> = LazyLock::new(|| {
    let told = |error: std::io::Error| error.to_string();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(told)?;
    let config = Arc::new(Config { size_limit: 100_000, ..Config::default() });
    let identity = Identity::generate(&config.hostname).map_err(told)?;
    let mut roots = rustls::RootCertStore::empty();
    for certificate in rustls_pemfile::certs(&mut identity.ca_pem.as_bytes()) {
        roots.add(certificate.map_err(told)?).map_err(|error| error.to_string())?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(World { runtime, config, identity, connector: TlsConnector::from(Arc::new(client)), messages: messages() })
});

impl World {
    pub(super) fn get() -> Result<&'static Self, String> {
        WORLD.as_ref().map_err(Clone::clone)
    }

    /// Accounts with some mail for alice.
    pub(super) fn store(&self) -> Store {
        let store = Store::new(Limits::default());
        self.config.accounts.iter().for_each(|account| store.add_account(&account.user));
        let date = mailproof::refserver::store::InternalDate { seconds: 951_782_400, zone: 0 };
        for message in self.messages.iter().take(3) {
            // An empty mailbox has room for three.
            let _room = store.deliver("alice", message.clone(), date);
        }
        store
    }

    /// A connection under TLS within this process: the client's end, and the server's.
    pub(super) async fn secured(&self) -> Result<(impl AsyncRead + AsyncWrite + Send + use<>, Wire), String> {
        let (near, far) = tokio::io::duplex(1 << 16);
        let name = ServerName::try_from("mail.example.test").map_err(|error| error.to_string())?;
        let (client, server) =
            tokio::join!(self.connector.connect(name, near), Stream::plain(far).upgrade(&self.identity));
        let wire = Wire::new(server.map_err(|error| error.to_string())?, PATIENCE);
        Ok((client.map_err(|error| error.to_string())?, wire))
    }
}

/// Says all of the input, closes, and gives what came, while `serve` runs.
async fn talk(
    client: impl AsyncRead + AsyncWrite,
    said: &[u8],
    serve: impl Future<Output = std::io::Result<()>>,
) -> Result<Vec<u8>, String> {
    let (mut read, mut write) = tokio::io::split(client);
    let mut heard = Vec::new();
    let all = async {
        let say = async {
            // A server may close while it is still spoken to.
            let _closed = write.write_all(said).await;
            let _closed = write.shutdown().await;
        };
        tokio::join!(say, read.read_to_end(&mut heard), serve)
    };
    let ended = tokio::time::timeout(PATIENCE, all).await;
    // Whether the server went on to the end of what was said is its own affair.
    let ((), _read, _served) = ended.map_err(|_| "hangs: the session does not end".to_owned())?;
    Ok(heard)
}

fn smtp_session(input: &[u8]) -> Result<(), String> {
    let world = World::get()?;
    let (first, rest) = input.split_first().unwrap_or((&0, &[]));
    let heard = world.runtime.block_on(async {
        let (client, wire) = world.secured().await?;
        let (store, mut tasks) = (world.store(), JoinSet::new());
        let post = Post::open(&world.config, &store, &mut tasks);
        let service = if first % 2 == 0 { Service::Transfer } else { Service::Submission };
        let peer = IpAddr::V4(Ipv4Addr::LOCALHOST);
        talk(client, rest, smtp_server::serve(wire, &post, &world.identity, peer, service)).await
    })?;
    let mut framer = smtp::Framer::new();
    framer.push(&heard);
    while let Some(frame) = framer.next() {
        let frame = frame.map_err(|error| format!("frame: {error}"))?;
        if let Err(wrong) = &frame.parsed {
            error(wrong, &frame.raw, smtp::requirements())?;
            return Err(format!("answer: {wrong}: {}", frame.raw));
        }
        let faults = smtp::faults(&frame.raw, smtp::Charset::Ascii);
        ensure(faults.is_empty(), || format!("answer faults: {faults:?}: {}", frame.raw))?;
    }
    ensure(framer.take_rest().is_empty(), || "answer: no line end".to_owned())
}

fn pop3_session(input: &[u8]) -> Result<(), String> {
    let world = World::get()?;
    // The framer has to know what was asked, so what is said ends with lines only.
    let said = [b"USER alice\r\nPASS alice-secret\r\n", input, b"\r\n"].concat();
    let heard = world.runtime.block_on(async {
        let (client, wire) = world.secured().await?;
        let store = world.store();
        talk(client, &said, pop3_server::serve(wire, &world.config, &store, &world.identity)).await
    })?;
    ensure(heard.is_empty() || heard.ends_with(b"\r\n"), || "answer: no line end".to_owned())?;
    let bare = heard.windows(2).any(|two| matches!(two, [first, b'\n'] if *first != b'\r'));
    let first = heard.split_inclusive(|octet| *octet == b'\n').next().unwrap_or_default();
    let greeting = pop3::parse(first, pop3::Form::Single).map_err(|wrong| format!("greeting: {wrong}"))?;
    // The messages that lie there are of CRLF lines.
    ensure(!bare && greeting.status == pop3::Status::Ok, || "answer: a bare LF".to_owned())
}

fn imap_session(input: &[u8]) -> Result<(), String> {
    keeps_to_the_grammar(&imap_talk(input)?)
}

/// All that the IMAP server answers to somebody who has logged in.
fn imap_talk(input: &[u8]) -> Result<Vec<u8>, String> {
    let world = World::get()?;
    let said = [b"z LOGIN alice alice-secret\r\n", input].concat();
    world.runtime.block_on(async {
        let (client, wire) = world.secured().await?;
        let store = world.store();
        talk(client, &said, imap_server::serve(wire, &world.config, &store, &world.identity)).await
    })
}

/// Input after `!` is said as it stands where DEFLATE is due, all other is compressed first.
fn deflate_session(input: &[u8]) -> Result<(), String> {
    let octets = match input.strip_prefix(b"!") {
        Some(octets) => octets.to_vec(),
        None => {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(input).and_then(|()| encoder.flush()).map_err(|error| error.to_string())?;
            encoder.get_ref().clone()
        }
    };
    let heard = imap_talk(&[b"y COMPRESS DEFLATE\r\n", octets.as_slice()].concat())?;
    let starts: &[u8] = b"y OK DEFLATE starts\r\n";
    let at = heard.windows(starts.len()).position(|part| part == starts).ok_or("answer: no DEFLATE")? + starts.len();
    let (plain, compressed) = heard.split_at(at);
    keeps_to_the_grammar(plain)?;
    let mut decoder = DeflateDecoder::new(Vec::new());
    decoder.write_all(compressed).and_then(|()| decoder.flush()).map_err(|error| format!("answer: {error}"))?;
    keeps_to_the_grammar(decoder.get_ref())
}

fn keeps_to_the_grammar(heard: &[u8]) -> Result<(), String> {
    let mut framer = imap::Framer::new(imap::Revision::Rev1);
    framer.push(heard);
    while let Some(frame) = framer.next() {
        let frame = frame.map_err(|error| format!("frame: {error}"))?;
        if let Err(wrong) = &frame.parsed {
            error(wrong, &frame.raw, imap::requirements())?;
            return Err(format!("answer: {wrong}: {}", frame.raw));
        }
    }
    ensure(framer.take_rest().is_empty(), || "answer: no line end".to_owned())
}

fn sink(input: &[u8]) -> Result<(), String> {
    let world = World::get()?;
    let heard = world.runtime.block_on(async {
        let sink = Sink::bind("127.0.0.1:0").await.map_err(|error| error.to_string())?;
        let client = TcpStream::connect(sink.address()).await.map_err(|error| error.to_string())?;
        let heard = talk(client, input, async { Ok(()) }).await?;
        let most = sink.messages().iter().map(|caught| caught.octets.len()).sum::<usize>();
        ensure(most <= input.len(), || format!("caught: {most} octets of {}", input.len()))?;
        Ok::<_, String>(heard)
    })?;
    let mut framer = smtp::Framer::new();
    framer.push(&heard);
    while let Some(frame) = framer.next() {
        let frame = frame.map_err(|error| format!("frame: {error}"))?;
        frame.parsed.map_err(|wrong| format!("answer: {wrong}: {}", frame.raw))?;
    }
    Ok(())
}

fn sasl(input: &[u8]) -> Result<(), String> {
    let (mechanism, challenges) = two(input);
    for spoil in [None, Some(Spoil::Password), Some(Spoil::Proof), Some(Spoil::Nonce), Some(Spoil::ChannelBinding)] {
        let credentials = Credentials { user: "a=b,c".to_owned(), password: Secret::new("p\u{e9}".to_owned()) };
        let binding = Some(Binding { name: "tls-exporter", data: vec![7; 32] });
        let mechanism = String::from_utf8_lossy(mechanism);
        let Ok((mut exchange, _)) = Exchange::start(&mechanism, credentials, binding, spoil, "nonce") else { continue };
        for challenge in challenges.split(|octet| *octet == b'\n').take(4) {
            // The work that a server asks for is bounded, but at ten million rounds; here it would only cost time.
            let text = String::from_utf8_lossy(challenge);
            let digits = text.rsplit("i=").next().unwrap_or_default().bytes().take_while(u8::is_ascii_digit).count();
            if text.contains("i=") && (5..9).contains(&digits) {
                break;
            }
            if exchange.step(challenge).is_err() {
                break;
            }
        }
    }
    Ok(())
}
