//! A peer that plays a script: what it says, and what it waits for.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsAcceptor;

use crate::run::TlsClient;
use crate::scenario::Role;
use crate::target::{Authority, Endpoint, TlsTrust};

/// One act of a script.
#[derive(Debug, Clone, Copy)]
pub(super) enum Act {
    /// Sends these octets.
    Say(&'static str),
    /// Reads one line and checks how it begins.
    Hear(&'static str),
    /// The server side of a handshake.
    Tls,
    /// Waits for the client's end of file.
    Eof,
    /// Resets the connection.
    Reset,
    /// Says nothing until the client is gone.
    Wait,
    /// Says nothing for so many milliseconds.
    Pause(u64),
    /// Says this again and again until the client is gone.
    Flood(&'static str),
}

/// A running peer; its scripts are played by one connection after the other.
pub(super) struct Peer {
    pub(super) address: SocketAddr,
    pub(super) pem: String,
    task: tokio::task::JoinHandle<()>,
}

trait Duplex: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Duplex for T {}

/// A certificate for `localhost` and 127.0.0.1, and the server settings that use it.
pub(super) fn certificate() -> (String, Arc<ServerConfig>) {
    let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    (made.cert.pem(), Arc::new(config))
}

impl Peer {
    pub(super) async fn start(scripts: Vec<Vec<Act>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (pem, config) = certificate();
        let task = tokio::spawn(async move {
            for script in scripts {
                let (stream, _) = listener.accept().await.unwrap();
                play(stream, &script, &config).await;
            }
        });
        Self { address, pem, task }
    }

    /// The same, but each connection plays as soon as it is there, whatever others do.
    pub(super) async fn start_side_by_side(scripts: Vec<Vec<Act>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (pem, config) = certificate();
        let task = tokio::spawn(async move {
            let mut playing = JoinSet::new();
            for script in scripts {
                let (stream, _) = listener.accept().await.unwrap();
                let config = Arc::clone(&config);
                playing.spawn(async move { play(stream, &script, &config).await });
            }
            playing.join_all().await;
        });
        Self { address, pem, task }
    }

    pub(super) fn endpoint(&self, role: Role) -> Endpoint {
        Endpoint::of(role, "127.0.0.1", self.address.port())
    }

    pub(super) fn trust(&self) -> TlsTrust {
        let authorities = vec![Authority { path: "ca.pem".to_owned(), pem: self.pem.clone() }];
        TlsTrust { authorities, ..TlsTrust::default() }
    }

    pub(super) fn tls(&self) -> TlsClient {
        TlsClient::new(&self.trust()).unwrap()
    }

    /// The script was played to its end.
    pub(super) async fn finish(self) {
        timeout(Duration::from_secs(20), self.task).await.unwrap().unwrap();
    }
}

async fn play(stream: TcpStream, script: &[Act], config: &Arc<ServerConfig>) {
    if let [acts @ .., Act::Reset] = script {
        let mut stream = stream;
        act_all(&mut stream, acts).await;
        stream.set_zero_linger().unwrap();
        return;
    }
    let mut stream: Box<dyn Duplex> = Box::new(stream);
    for part in script.split_inclusive(|act| matches!(act, Act::Tls)) {
        match part {
            [acts @ .., Act::Tls] => {
                act_all(&mut stream, acts).await;
                match TlsAcceptor::from(Arc::clone(config)).accept(stream).await {
                    Ok(secured) => stream = Box::new(secured),
                    Err(_) => return,
                }
            }
            acts => act_all(&mut stream, acts).await,
        }
    }
    let _ = stream.shutdown().await;
}

async fn act_all(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), acts: &[Act]) {
    for act in acts {
        match act {
            Act::Say(text) => {
                stream.write_all(text.as_bytes()).await.unwrap();
                stream.flush().await.unwrap();
            }
            Act::Hear(begin) => {
                let line = line(stream).await;
                assert!(line.starts_with(begin), "heard {line:?}, not {begin:?}");
            }
            Act::Eof | Act::Wait => {
                let mut rest = Vec::new();
                let _ = stream.read_to_end(&mut rest).await;
            }
            Act::Pause(milliseconds) => {
                let _ = timeout(Duration::from_millis(*milliseconds), std::future::pending::<()>()).await;
            }
            Act::Flood(text) => while stream.write_all(text.as_bytes()).await.is_ok() {},
            Act::Tls | Act::Reset => unreachable!("played by the caller"),
        }
    }
}

async fn line(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut line = Vec::new();
    while !line.ends_with(b"\n") {
        match timeout(Duration::from_secs(20), stream.read_u8()).await.unwrap() {
            Ok(octet) => line.push(octet),
            Err(_) => break,
        }
    }
    String::from_utf8(line).unwrap()
}

/// A deadline that a working test never meets.
pub(super) fn soon() -> Instant {
    Instant::now() + Duration::from_secs(20)
}
