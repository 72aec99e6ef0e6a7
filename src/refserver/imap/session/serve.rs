//! One IMAP connection.

use std::io;

use crate::refserver::Identity;

use super::auth::Authenticated;
use super::fetching::{Fetching, Progress};
use super::idle::{Idled, idle};
use super::reader::{Input, Reader};
use super::state::{Session, Then};
use super::view::Expunges;
use crate::refserver::Config;
use crate::refserver::store::Store;
use crate::refserver::wire::Wire;

/// So much of a long answer is sent at once, in octets.
const PIECE_OCTETS: usize = 64 * 1024;

/// Serves a connection from its greeting to its end.
pub async fn serve(wire: Wire, config: &Config, store: &Store, tls: &Identity) -> io::Result<()> {
    let mut session = Session::new(config, store, wire.protection());
    let mut reader = Reader::new(wire);
    let greeting = format!("* OK [CAPABILITY {}] {} ready\r\n", session.capabilities(), config.hostname);
    reader.wire.send(greeting.as_bytes()).await?;
    loop {
        let mut out = Vec::new();
        let command = match reader.command(session.phase(), config.size_limit).await? {
            Input::Command(command) => command,
            Input::Refused(tag, reply) => {
                if tag.is_some() {
                    // Whatever command it was meant to be may have been one by message numbers.
                    session.update(Expunges::Held, &mut out);
                }
                reply.write(&mut out, tag.as_deref());
                reader.wire.send(&out).await?;
                continue;
            }
            Input::Flood => return say_bye(reader, "the literal is too big").await,
            Input::Closed => return Ok(()),
            Input::Idle => return say_bye(reader, "waited too long").await,
        };
        let then = session.run(command, &mut out);
        reader.wire.send(&out).await?;
        match then {
            Then::Command => {}
            Then::Close => return reader.wire.close().await,
            Then::Tls => {
                // What was read ahead in clear goes with the old reader.
                reader = Reader::new(reader.wire.upgrade(tls).await?);
                session = Session::new(config, store, reader.wire.protection());
            }
            Then::Fetch(fetching) => send_messages(&mut session, &mut reader, fetching).await?,
            Then::Authenticate { tag, mechanism, initial } => {
                let reply = match session.authenticate(&mut reader, &mechanism, initial).await? {
                    Authenticated::Answered(reply) => reply,
                    Authenticated::Closed => return Ok(()),
                    Authenticated::Idle => return say_bye(reader, "waited too long").await,
                };
                let mut out = Vec::new();
                reply.write(&mut out, Some(&tag));
                reader.wire.send(&out).await?;
            }
            Then::Idle { tag } => {
                let reply = match idle(&mut session, &mut reader).await? {
                    Idled::Answered(reply) => reply,
                    Idled::Closed => return Ok(()),
                    Idled::Idle => return say_bye(reader, "waited too long").await,
                };
                let mut out = Vec::new();
                reply.write(&mut out, Some(&tag));
                reader.wire.send(&out).await?;
            }
        }
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

/// RFC 3501 §3.4: a server that closes by itself says so.
async fn say_bye(mut reader: Reader, why: &str) -> io::Result<()> {
    reader.wire.send(format!("* BYE {why}\r\n").as_bytes()).await?;
    reader.wire.close().await
}
