//! The embedded reference server under our own judge.

use std::sync::Arc;
use std::time::Duration;

use libtest_mimic::Trial;
use mailproof::imap::{Framer, Response, Revision, Status, Tracker};
use mailproof::refserver::{self, Config, Running};
use mailproof::run::{Log, ProbeSettings, Redactor, probe};
use mailproof::scenario::Role;
use mailproof::target::{Authority, TargetFlags, from_urls};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_rustls::{TlsConnector, rustls};

use crate::trials::claim;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        claim("refserver::a_probe_logs_in_over_imap_and_imaps", probed),
        claim("refserver::no_imap_session_breaks_an_invariant_of_the_judge", judged),
    ]
}

fn block_on<T>(future: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    tokio::runtime::Runtime::new().map_err(|error| error.to_string())?.block_on(future)
}

async fn server() -> Result<Running, String> {
    refserver::start(Config::default()).await.map_err(|error| error.to_string())
}

fn probed() -> Result<(), String> {
    block_on(async {
        let running = server().await?;
        for (role, scheme, key) in
            [(Role::Imap, "imap", refserver::Role::Imap), (Role::Imaps, "imaps", refserver::Role::Imaps)]
        {
            let urls = [format!("{scheme}://{}", running.endpoints()[&key])];
            let flags = TargetFlags {
                accounts: vec!["alice,alice@example.test=env:x".to_owned()],
                name: Some(running.config.hostname.clone()),
                ..TargetFlags::default()
            };
            let password = |_: &str| Some("alice-secret".to_owned());
            let mut target = from_urls(&urls, &flags, &password).map_err(|error| error.to_string())?;
            target.tls.authorities.push(Authority { path: "embedded".to_owned(), pem: running.ca_pem.clone() });
            let log = Log::new(Redactor::default());
            let settings = ProbeSettings { client: "client.test", within: Duration::from_secs(10), log: &log };
            let found = probe(&target, settings).await.map_err(|error| error.to_string())?;
            let told = found.describe().join("\n");
            let proof = found.proofs.first().ok_or_else(|| format!("no login: {told}"))?;
            let separator = found.roles.get(&role).and_then(|role| role.separator.clone());
            if !proof.refused.is_empty() || !proof.doubtful.is_empty() || separator.as_deref() != Some("/") {
                return Err(told);
            }
        }
        Ok(())
    })
}

/// A session and all that the judge knows of it.
struct Client {
    stream: TlsStream<TcpStream>,
    framer: Framer,
    number: usize,
    tag: usize,
}

impl Client {
    async fn connect(running: &Running, number: usize) -> Result<Self, String> {
        let mut roots = RootCertStore::empty();
        for certificate in rustls_pemfile::certs(&mut running.ca_pem.as_bytes()) {
            let certificate = certificate.map_err(|error| error.to_string())?;
            roots.add(certificate).map_err(|error| error.to_string())?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let tcp = TcpStream::connect(running.endpoints()[&refserver::Role::Imaps]).await;
        let name = ServerName::try_from("localhost").map_err(|error| error.to_string())?;
        let connector = TlsConnector::from(Arc::new(config));
        let stream = connector.connect(name, tcp.map_err(|error| error.to_string())?).await;
        let framer = Framer::new(Revision::Rev1);
        Ok(Self { stream: stream.map_err(|error| error.to_string())?, framer, number, tag: 0 })
    }

    /// Sends a command and hears the server out. What breaks an invariant is an error.
    async fn ask(&mut self, tracker: &mut Tracker, command: &str) -> Result<Status, String> {
        self.tag += 1;
        let tag = format!("t{}", self.tag);
        let line = format!("{tag} {command}\r\n");
        tracker.sent(self.number, line.as_bytes());
        self.stream.write_all(line.as_bytes()).await.map_err(|error| error.to_string())?;
        loop {
            let response = self.response(tracker, command).await?;
            if let Response::Status { tag: Some(answered), status, .. } = response
                && answered == tag
            {
                return Ok(status);
            }
        }
    }

    async fn response(&mut self, tracker: &mut Tracker, after: &str) -> Result<Response, String> {
        let frame = loop {
            if let Some(frame) = self.framer.next() {
                break frame.map_err(|error| error.to_string())?;
            }
            let mut octets = Vec::with_capacity(8192);
            if self.stream.read_buf(&mut octets).await.map_err(|error| error.to_string())? == 0 {
                return Err(format!("the server closed after {after}"));
            }
            self.framer.push(&octets);
        };
        let breaches = tracker.received(self.number, &frame);
        if let Some(breach) = breaches.first() {
            return Err(format!("{}: {} in {} after {after}", breach.requirement.as_str(), breach.what, frame.raw));
        }
        frame.parsed.map_err(|error| format!("{error:?} in {}", frame.raw))
    }
}

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound
    }

    fn one_of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words.get(self.below(words.len())).copied().unwrap_or_default()
    }
}

const MESSAGES: [&str; 4] = [
    "Subject: a\r\nFrom: \"A \\\"B\" <a@b.test>, group: c@d.test;\r\nDate: Mon, 1 Jan 2024 00:00:00 +0000\r\n\r\nbody\r\n",
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nx\r\n--b--\r\n",
    "Subject: =?utf-8?Q?=C3=A9?= \u{e9}\r\nContent-Type: text/plain; charset=\"\u{fc}\"\r\nContent-Disposition: attachment; filename=\"a\\\"b\"\r\n\r\n\u{e9}\r\n",
    "no header at all",
];

fn command(numbers: &mut Numbers) -> String {
    let set = numbers.one_of(&["1", "2", "1:*", "*", "2:3", "1,3", "4:2"]);
    let flags = numbers.one_of(&["\\Seen", "\\Deleted", "\\Deleted", "\\Flagged $One", "$Two \\Draft", "\\Answered"]);
    let mailbox = numbers.one_of(&["INBOX", "box", "box/in", "\"other one\""]);
    let uid = numbers.one_of(&["", "", "UID "]);
    match numbers.below(24) {
        0 | 1 => format!("SELECT {mailbox}"),
        2 => format!("EXAMINE {mailbox}"),
        3..=5 => {
            let message = numbers.one_of(&MESSAGES);
            format!("APPEND {mailbox} ({flags}) {{{}+}}\r\n{message}", message.len())
        }
        6 | 7 => {
            let items = numbers.one_of(&[
                "FULL",
                "FLAGS",
                "(UID BODYSTRUCTURE)",
                "(FLAGS BODY[])",
                "BODY[TEXT]<1.5>",
                "(BODY.PEEK[HEADER.FIELDS (Subject \"x y\")] RFC822.SIZE)",
                "(BODY[2.1] BODY[2.HEADER] BODY[1.MIME])",
                "RFC822",
            ]);
            format!("{uid}FETCH {set} {items}")
        }
        8..=10 => {
            let how = numbers.one_of(&["FLAGS", "+FLAGS", "-FLAGS", "+FLAGS.SILENT", "FLAGS.SILENT"]);
            format!("{uid}STORE {set} {how} ({flags})")
        }
        11 => format!("{uid}COPY {set} {mailbox}"),
        12 => format!("{uid}MOVE {set} {mailbox}"),
        13 => format!(
            "{uid}SEARCH {}",
            numbers.one_of(&["ALL", "DELETED", "NEW", "OR SEEN TEXT body", "SENTSINCE 1-Jan-2000"])
        ),
        14 | 15 => "EXPUNGE".to_owned(),
        16 => format!("UID EXPUNGE {set}"),
        17 => numbers.one_of(&["CLOSE", "UNSELECT", "CHECK"]).to_owned(),
        18 => format!("CREATE {mailbox}"),
        19 => format!("DELETE {mailbox}"),
        20 => format!("RENAME {mailbox} {}", numbers.one_of(&["box", "moved/away", "box/in"])),
        21 => format!("STATUS {mailbox} (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN)"),
        22 => numbers
            .one_of(&["LIST \"\" *", "LSUB \"\" %", "SUBSCRIBE box/in", "NAMESPACE", "ID NIL", "ENABLE X"])
            .to_owned(),
        _ => "NOOP".to_owned(),
    }
}

/// Four sessions of one user do what comes up; the judge finds nothing, and each command is good for something.
fn judged() -> Result<(), String> {
    block_on(async {
        let running = server().await?;
        let (mut tracker, mut clients, mut numbers) = (Tracker::new(), Vec::new(), Numbers(7));
        for number in 0..4 {
            let mut client = Client::connect(&running, number).await?;
            tracker.opened(number, Revision::Rev1);
            client.response(&mut tracker, "the greeting").await?;
            client.ask(&mut tracker, "LOGIN alice alice-secret").await?;
            clients.push(client);
        }
        let mut well = 0;
        for _ in 0..3000 {
            let chosen = numbers.below(clients.len());
            let command = command(&mut numbers);
            let Some(client) = clients.get_mut(chosen) else { continue };
            if client.ask(&mut tracker, &command).await? == Status::Ok {
                well += 1;
            }
        }
        let watched = tracker.watched().len();
        if well > 1000 && watched > 20 { Ok(()) } else { Err(format!("{well} commands went well, {watched} watched")) }
    })
}
