//! Servers in containers: started, spoken to, and gone afterwards.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use libtest_mimic::Trial;
use mailproof::run::{Log, ProbeSettings, Redactor, probe};
use mailproof::scenario::Role;
use mailproof::sink::{Caught, Sink};
use mailproof::target::Target;
use mailproof::target::launch::{self, LaunchError, LaunchSettings, Launched, OWNER_LABEL, Owner};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use testcontainers::bollard::query_parameters::ListContainersOptionsBuilder;
use testcontainers::core::client::docker_client_instance;
use testcontainers::runners::AsyncRunner;
use testcontainers::{GenericImage, ImageExt};

use crate::trials::{claim_with_docker, root};

/// Time in which a message passes through a server.
const PASSING: Duration = Duration::from_secs(20);

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        claim_with_docker("servers::dovecot_starts_and_leaves_nothing", || block_on(dovecot())),
        claim_with_docker("servers::only_containers_of_dead_owners_are_swept", || block_on(sweeps())),
        claim_with_docker("servers::dovecot_of_debian_13_starts", || block_on(starts("dovecot-2.4"))),
        claim_with_docker("servers::postfix_relays_for_its_users_alone", || block_on(closed_relay("postfix", "554"))),
        claim_with_docker("servers::postfix_of_debian_13_does_too", || block_on(closed_relay("postfix-3.10", "554"))),
        claim_with_docker("servers::exim_relays_for_its_users_alone", || block_on(closed_relay("exim", "550"))),
        claim_with_docker("servers::an_open_relay_is_caught", || block_on(open_relay("postfix-open"))),
        claim_with_docker("servers::an_open_relay_of_exim_is_caught", || block_on(open_relay("exim-open"))),
        claim_with_docker("servers::smtp_smuggling_is_caught", smuggling),
    ]
}

fn block_on(work: impl Future<Output = Result<(), String>>) -> Result<(), String> {
    tokio::runtime::Runtime::new().map_err(text)?.block_on(work)
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

#[expect(clippy::fn_params_excessive_bools, reason = "an assertion is about whether something holds")]
fn ensure(holds: bool, claim: impl std::fmt::Display) -> Result<(), String> {
    if holds { Ok(()) } else { Err(format!("not so: {claim}")) }
}

async fn is_there(id: &str) -> Result<bool, String> {
    let docker = docker_client_instance().await.map_err(text)?;
    Ok(docker.inspect_container(id, None).await.is_ok())
}

async fn dovecot() -> Result<(), String> {
    let launched = launch::start("dovecot", &LaunchSettings::default()).await.map_err(text)?;
    let id = launched.container().to_owned();
    ensure(is_there(&id).await?, "the container runs")?;

    probes(&launched.target, &["IMAP4rev1", "STLS", "SCRAM-SHA-256", "APOP", "TLSv1.3"]).await?;
    let packages = launched.packages().await.map_err(text)?;
    let core = packages.iter().find(|(package, _)| package == "dovecot-core");
    ensure(core.is_some_and(|(_, version)| version.contains("2.3")), format!("{packages:?}"))?;

    launched.stop().await.map_err(text)?;
    ensure(!is_there(&id).await?, "a stopped server leaves no container")?;

    let launched = launch::start("dovecot", &LaunchSettings::default()).await.map_err(text)?;
    let id = launched.container().to_owned();
    drop(launched);
    ensure(!is_there(&id).await?, "a dropped server leaves no container")?;
    fails().await
}

/// A probe sees these words, and every account logs in by every mechanism.
async fn probes(target: &Target, words: &[&str]) -> Result<(), String> {
    let log = Log::new(Redactor::new(target.secrets().map(|(user, secret)| (user, secret.reveal().as_str()))));
    let settings = ProbeSettings { client: "mailproof.test", within: Duration::from_secs(10), log: &log };
    let lines = probe(target, settings).await.map_err(text)?.describe();
    let all = lines.join("\n");
    for word in words {
        ensure(all.contains(word), format!("{word} in\n{all}"))?;
    }
    let logins: Vec<&String> = lines.iter().filter(|line| line.contains(": accepted [")).collect();
    ensure(logins.len() >= target.accounts.len(), format!("each account logs in:\n{all}"))?;
    ensure(logins.iter().all(|line| line.ends_with("refused []")), format!("nothing is refused:\n{all}"))
}

/// A server that gets no time to greet.
async fn fails() -> Result<(), String> {
    let settings = LaunchSettings { within: Duration::from_millis(1), ..LaunchSettings::default() };
    match launch::start("dovecot", &settings).await {
        Ok(_) => return Err("no server greets within a millisecond".to_owned()),
        Err(LaunchError::Silent { .. } | LaunchError::Docker { .. }) => {}
        Err(error) => return Err(format!("another reason than silence: {error}")),
    }
    // No other trial of this process starts this server.
    let own = Owner::current().ok_or("no /proc here")?.to_string();
    let docker = docker_client_instance().await.map_err(text)?;
    let options = ListContainersOptionsBuilder::new().all(true).build();
    let left = docker.list_containers(Some(options)).await.map_err(text)?.into_iter().filter(|container| {
        let image = container.image.as_deref().unwrap_or_default();
        let owner = container.labels.as_ref().and_then(|labels| labels.get(OWNER_LABEL));
        image.starts_with("mailproof-dovecot:") && owner == Some(&own)
    });
    ensure(left.count() == 0, "a start that failed leaves no container")?;

    let unknown = launch::start("dovecott", &settings).await.map(|_| "started".to_owned()).unwrap_or_else(text);
    ensure(unknown.contains("did you mean `dovecot`?"), unknown)
}

async fn sweeps() -> Result<(), String> {
    let own = Owner::current().ok_or("no /proc here")?;
    let dead = Owner { started: own.started + 1, ..own.clone() };
    let labelled = |owner: String| {
        let image = GenericImage::new("debian", "bookworm-slim").with_cmd(["sleep", "600"]);
        image.with_label(OWNER_LABEL, owner).start()
    };
    let swept = match labelled(dead.to_string()).await {
        Ok(container) => Some(container),
        // Tests that start servers sweep too: one of them was faster than the start.
        Err(error) if error.to_string().contains("No such container") => None,
        Err(error) => return Err(text(error)),
    };
    let kept = [labelled(own.to_string()).await, labelled("of another version".to_owned()).await];
    launch::sweep().await.map_err(text)?;
    // Another test may be removing it just now.
    if let Some(swept) = &swept {
        let gone = async { while is_there(swept.id()).await.unwrap_or(true) {} };
        tokio::time::timeout(PASSING, gone).await.map_err(|_| "what a dead owner left stays")?;
    }
    for (container, whose) in kept.into_iter().zip(["the living", "unknown owners"]) {
        ensure(is_there(container.map_err(text)?.id()).await?, format!("a container of {whose} stays"))?;
    }
    Ok(())
}

/// A server with a sink as its next hop.
async fn with_sink(name: &str) -> Result<(Launched, Sink), String> {
    let gateway = launch::gateway().await.map_err(text)?;
    let sink = Sink::bind((gateway, 0)).await.map_err(text)?;
    let settings = LaunchSettings { sink: Some(sink.address()), ..LaunchSettings::default() };
    Ok((launch::start(name, &settings).await.map_err(text)?, sink))
}

/// Waits for the only message that gets into the sink.
async fn caught(sink: &Sink) -> Result<Arc<Caught>, String> {
    let mut news = sink.news();
    let arrived = tokio::time::timeout(PASSING, news.wait_for(|number| *number > 0));
    arrived.await.map_err(|_| "no message arrived")?.map_err(text)?;
    match sink.messages().as_slice() {
        [message] => Ok(Arc::clone(message)),
        messages => Err(format!("one message: {messages:?}")),
    }
}

async fn starts(name: &str) -> Result<(), String> {
    let launched = launch::start(name, &LaunchSettings::default()).await.map_err(text)?;
    probes(&launched.target, &["IMAP4rev1", "STLS", "SCRAM-SHA-256", "APOP", "TLSv1.3"]).await?;
    launched.stop().await.map_err(text)
}

/// A stranger who wants mail relayed gets a reply with this code.
async fn closed_relay(name: &str, code: &str) -> Result<(), String> {
    let (launched, sink) = with_sink(name).await?;
    let target = &launched.target;
    ensure(target.sink.is_some(), "the target names its sink")?;
    let words = ["CHUNKING", "SMTPUTF8", "submissions", "IMAP4rev1"];
    probes(target, &words).await?;
    let mut stranger = Smtp::clear(target)?;
    let refusal = stranger.offer("alice@example.test", "eve@elsewhere.example", "from a stranger")?;
    ensure(refusal.starts_with(code), format!("a stranger is refused: {refusal}"))?;

    // The control: the same message by a user does arrive, so that nothing arriving means something.
    let mut user = Smtp::authenticated(target)?;
    let accepted = user.offer("alice@example.test", "eve@elsewhere.example", "from a user")?;
    ensure(accepted.starts_with("250"), format!("a user is served: {accepted}"))?;
    let message = caught(&sink).await?;
    ensure(message.to == ["eve@elsewhere.example"], format!("{:?}", message.to))?;
    let octets = String::from_utf8_lossy(&message.octets).into_owned();
    ensure(octets.ends_with("\r\n\r\nfrom a user\r\n"), octets)?;
    launched.stop().await.map_err(text)
}

async fn open_relay(name: &str) -> Result<(), String> {
    let (launched, sink) = with_sink(name).await?;
    let mut stranger = Smtp::clear(&launched.target)?;
    let accepted = stranger.offer("alice@example.test", "eve@elsewhere.example", "from a stranger")?;
    ensure(accepted.starts_with("250"), format!("an open relay accepts: {accepted}"))?;
    let message = caught(&sink).await?;
    ensure(message.to == ["eve@elsewhere.example"], format!("{:?}", message.to))?;
    launched.stop().await.map_err(text)
}

/// A bare LF around the period ends the data here, and what follows is delivered (CVE-2023-51764).
fn smuggling() -> Result<(), String> {
    const REQUIREMENT: &str = "rfc5321-4.1.1.4-no-smuggled-transaction";
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_mailproof"))
        .args(["run", "--server", "postfix-bare-lf", "smtp/rfc5321/4.1.1.4-data/nothing-is-smuggled"])
        .current_dir(root())
        .output()
        .map_err(text)?;
    let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    for form in ["lf-dot-lf", "lf-dot-crlf", "crlf-dot-lf"] {
        let line = format!("VIOLATES smtp/rfc5321/4.1.1.4-data/nothing-is-smuggled/{form}: {REQUIREMENT}");
        ensure(told.contains(&line), format!("{line} in\n{told}"))?;
    }
    ensure(told.contains("2 conform, 3 violate"), &told)?;
    ensure(output.status.code() == Some(1), told)
}

/// A client that can say just what these trials need.
struct Smtp {
    stream: BufReader<Box<dyn Stream>>,
}

trait Stream: Read + Write {}

impl<T: Read + Write> Stream for T {}

impl Smtp {
    /// A stranger on `mx`.
    fn clear(target: &Target) -> Result<Self, String> {
        Self::greeted(Box::new(connect(target, Role::Mx)?))
    }

    /// Logged in as alice on `submissions`.
    fn authenticated(target: &Target) -> Result<Self, String> {
        let stream = connect(target, Role::Submissions)?;
        let mut roots = RootCertStore::empty();
        let pem = target.tls.authorities.first().map(|authority| authority.pem.as_str()).unwrap_or_default();
        for certificate in rustls_pemfile::certs(&mut pem.as_bytes()) {
            roots.add(certificate.map_err(text)?).map_err(text)?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(text)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("mail.example.test").map_err(text)?;
        let connection = ClientConnection::new(Arc::new(config), name).map_err(text)?;
        let mut smtp = Self::greeted(Box::new(StreamOwned::new(connection, stream)))?;
        let reply = smtp.say("AUTH PLAIN AGFsaWNlAHNlY3JldC1h")?;
        ensure(reply.starts_with("235"), reply)?;
        Ok(smtp)
    }

    fn greeted(stream: Box<dyn Stream>) -> Result<Self, String> {
        let mut smtp = Self { stream: BufReader::new(stream) };
        let greeting = smtp.reply()?;
        ensure(greeting.starts_with("220"), greeting)?;
        smtp.say("EHLO mailproof.test")?;
        Ok(smtp)
    }

    /// Offers a message and returns the first reply that is not positive, or the last one.
    fn offer(&mut self, from: &str, to: &str, body: &str) -> Result<String, String> {
        for command in [format!("MAIL FROM:<{from}>"), format!("RCPT TO:<{to}>"), "DATA".to_owned()] {
            let reply = self.say(&command)?;
            if !reply.starts_with(['2', '3']) {
                return Ok(reply);
            }
        }
        self.say(&format!("From: <{from}>\r\nTo: <{to}>\r\nSubject: relay\r\n\r\n{body}\r\n."))
    }

    fn say(&mut self, command: &str) -> Result<String, String> {
        self.stream.get_mut().write_all(format!("{command}\r\n").as_bytes()).map_err(text)?;
        self.stream.get_mut().flush().map_err(text)?;
        self.reply()
    }

    /// The last line of a reply.
    fn reply(&mut self) -> Result<String, String> {
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line).map_err(text)? == 0 {
                return Err("closed".to_owned());
            }
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(line.trim_end().to_owned());
            }
        }
    }
}

fn connect(target: &Target, role: Role) -> Result<TcpStream, String> {
    let endpoint = target.endpoints.get(&role).ok_or_else(|| format!("no {}", role.word()))?;
    let stream = TcpStream::connect((endpoint.host.as_str(), endpoint.port)).map_err(text)?;
    stream.set_read_timeout(Some(PASSING)).map_err(text)?;
    Ok(stream)
}
