//! Starting and stopping the server.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::smtp::{Post, Service};
use super::store::{Limits, Store};
use super::tap::Tap;
use super::wire::{Tail, Wire};
use super::{Config, Identity, Role, Stream, imap, pop3, smtp};

/// A server that runs until it is dropped.
#[derive(Debug)]
pub struct Running {
    endpoints: BTreeMap<Role, SocketAddr>,
    /// The certificate that clients trust, in PEM.
    pub ca_pem: String,
    /// What the server was told.
    pub config: Arc<Config>,
    /// Its messages.
    pub store: Store,
    _tasks: JoinSet<()>,
}

impl Running {
    /// Where each role listens.
    pub fn endpoints(&self) -> &BTreeMap<Role, SocketAddr> {
        &self.endpoints
    }
}

/// What every connection is served with.
#[derive(Debug, Clone)]
struct Server {
    config: Arc<Config>,
    identity: Identity,
    store: Store,
    post: Post,
    room: Arc<Semaphore>,
    tap: Option<Tap>,
}

/// Starts all configured listeners. Fails when an address is taken.
pub async fn start(config: Config) -> io::Result<Running> {
    start_with(config, None).await
}

/// The same, with a tap on all connections.
pub async fn start_tapped(config: Config, tap: Tap) -> io::Result<Running> {
    start_with(config, Some(tap)).await
}

async fn start_with(config: Config, tap: Option<Tap>) -> io::Result<Running> {
    let config = Arc::new(config);
    let identity = Identity::generate(&config.hostname)?;
    let store = Store::new(Limits { first_uidvalidity: uidvalidity(), ..config.limits });
    for account in &config.accounts {
        store.add_account(&account.user);
    }
    let (mut endpoints, mut tasks) = (BTreeMap::new(), JoinSet::new());
    let post = Post::open(&config, &store, &mut tasks);
    let room = Arc::new(Semaphore::new(config.connections));
    let server = Server { config, identity, store, post, room, tap };
    for listener in &server.config.listeners {
        let socket = TcpListener::bind(listener.address).await?;
        endpoints.insert(listener.role, socket.local_addr()?);
        tasks.spawn(server.clone().accept(socket, listener.role));
    }
    let Server { config, identity, store, .. } = server;
    Ok(Running { endpoints, ca_pem: identity.ca_pem, config, store, _tasks: tasks })
}

/// RFC 3501 §2.3.1.1 proposes the time: a mailbox of a later server never has the UIDVALIDITY of one of an earlier server.
#[expect(clippy::disallowed_methods, reason = "a server that keeps nothing has no other source of rising numbers")]
fn uidvalidity() -> u32 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.ok().and_then(|since| u32::try_from(since.as_secs()).ok()).map_or(1, |seconds| seconds.max(1))
}

impl Server {
    async fn accept(self, socket: TcpListener, role: Role) {
        let mut sessions = JoinSet::new();
        while let Ok(permit) = Arc::clone(&self.room).acquire_owned().await {
            while sessions.try_join_next().is_some() {}
            let Ok((client, _)) = socket.accept().await else { continue };
            let server = self.clone();
            sessions.spawn(async move {
                // A client that breaks off is no matter of the server's.
                let _ended = server.session(client, role).await;
                drop(permit);
            });
        }
    }

    async fn session(&self, client: TcpStream, role: Role) -> io::Result<()> {
        // Answers are written whole; to wait for more would only delay them.
        client.set_nodelay(true)?;
        let peer = client.peer_addr()?.ip();
        let Self { config, identity, store, post, .. } = self;
        let idle = match role {
            Role::Mx | Role::Submission | Role::Submissions => config.idle.smtp,
            Role::Pop3 | Role::Pop3s => config.idle.pop3,
            Role::Imap | Role::Imaps => config.idle.imap,
        };
        let ear = self.tap.as_ref().map(|tap| tap.ear(role));
        let mut wire = Wire::new(Stream::plain(client), idle).tapped(ear);
        if matches!(role, Role::Submissions | Role::Pop3s | Role::Imaps) {
            wire = wire.upgrade(identity, Tail::Dropped).await?;
        }
        match role {
            Role::Mx => smtp::serve(wire, post, identity, peer, Service::Transfer).await,
            Role::Submission | Role::Submissions => smtp::serve(wire, post, identity, peer, Service::Submission).await,
            Role::Pop3 | Role::Pop3s => pop3::serve(wire, config, store, identity).await,
            Role::Imap | Role::Imaps => imap::serve(wire, config, store, identity).await,
        }
    }
}
