//! One IMAP connection.

use std::io;
use std::sync::Arc;

use super::fetching::{Fetching, Progress};
use super::idle::idle;
use super::reader::{Reader, Refusal, Stop};
use super::state::{Session, Then};
use super::wrong::Order;
use crate::refserver::security::TlsFault;
use crate::refserver::store::Store;
use crate::refserver::wire::{Tail, Wire};
use crate::refserver::{Config, Identity};

/// So much of a long answer is sent at once, in octets.
const PIECE_OCTETS: usize = 64 * 1024;

/// Why the octets of a connection are read no longer as they were.
enum End {
    /// The client logged out.
    Logout,
    /// TLS is to start.
    Tls,
    /// Compression is to start.
    Compress,
}

/// Serves a connection from its greeting to its end.
pub async fn serve(wire: Wire, config: &Arc<Config>, store: &Store, tls: &Identity) -> io::Result<()> {
    let mut session = Session::new(config, store, wire.protection());
    let mut reader = Reader::new(wire, &config.faults);
    let before = session.before_greeting();
    let greeting = format!("{before}* OK [CAPABILITY {}] {} ready\r\n", session.capabilities(), config.hostname);
    reader.wire.send(greeting.as_bytes()).await?;
    let tail = Tail::by(&config.faults, [TlsFault::ImapRunsTail, TlsFault::ImapKeepsHalfLine]);
    loop {
        match converse(&mut session, &mut reader).await {
            Ok(End::Logout) => return reader.wire.close().await,
            Ok(End::Tls) => {
                // What was read ahead in clear goes with the old reader.
                reader = Reader::new(reader.wire.upgrade(tls, tail).await?, &config.faults);
                session = session.secured(reader.wire.protection());
            }
            // What was read ahead was compressed by a client that was too sure of the answer.
            Ok(End::Compress) => reader = Reader::new(reader.wire.deflated(), &config.faults),
            Err(Stop::Closed) => return Ok(()),
            Err(Stop::Io(error)) => return Err(error),
            // RFC 3501 §3.4: a server that closes by itself says so.
            Err(why @ (Stop::Idle | Stop::Flood)) => {
                reader.wire.send(format!("* BYE {why}\r\n").as_bytes()).await?;
                return reader.wire.close().await;
            }
        }
    }
}

/// Answers commands as long as there are some.
async fn converse(session: &mut Session<'_>, reader: &mut Reader) -> Result<End, Stop> {
    let mut order = Order::default();
    loop {
        let mut out = Vec::new();
        let input = order.next(session, reader).await?;
        let command = match session.misheard(input, &mut out) {
            Ok(command) => command,
            Err(Refusal { tag, reply }) => {
                reply.write(&mut out, tag.as_deref());
                reader.wire.send(&out).await?;
                continue;
            }
        };
        let tag = command.tag.clone();
        let then = session.run(command, &mut out);
        reader.wire.send(&out).await?;
        let reply = match then {
            Then::Command => continue,
            Then::Close => return Ok(End::Logout),
            Then::Tls => return Ok(End::Tls),
            Then::Compress => return Ok(End::Compress),
            Then::Fetch(fetching) => {
                send_messages(session, reader, *fetching).await?;
                continue;
            }
            Then::Authenticate { mechanism, initial } => session.authenticate(reader, &mechanism, initial).await?,
            Then::Idle => idle(session, reader).await?,
        };
        let mut out = Vec::new();
        reply.write(&mut out, Some(&tag));
        reader.wire.send(&out).await?;
    }
}

async fn send_messages(session: &mut Session<'_>, reader: &mut Reader, mut fetching: Fetching) -> io::Result<()> {
    let mut out = Vec::new();
    loop {
        let progress = fetching.step(session, &mut out);
        if progress == Progress::Done || out.len() >= PIECE_OCTETS {
            reader.wire.send(&out).await?;
            out.clear();
        }
        if progress == Progress::Done {
            return Ok(());
        }
    }
}
