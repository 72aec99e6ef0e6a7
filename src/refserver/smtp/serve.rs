//! One SMTP connection.

use std::io;
use std::net::IpAddr;
use std::time::SystemTime;

use super::content::{Content, Fault};
use super::session::{Service, Session, Then};
use super::trace::{Trace, loops};
use crate::refserver::store::{InternalDate, Store};
use crate::refserver::wire::{Fed, Line, Wire};
use crate::refserver::{Config, Identity};

/// RFC 5321 §4.5.3.1.4, and what SIZE (RFC 1870 §3) and BODY (RFC 6152 §2) add to MAIL; CRLF included.
const COMMAND_MAX: usize = 512 + 26 + 17;

/// RFC 4954 §4: so long may a response of AUTH be, within a command or alone; CRLF included.
const RESPONSE_MAX: usize = 12288;

/// Serves a connection from its greeting to its end. `peer` is the client's address, for the trace fields.
pub async fn serve(
    mut wire: Wire,
    config: &Config,
    store: &Store,
    tls: &Identity,
    peer: IpAddr,
    service: Service,
) -> io::Result<()> {
    let mut session = Session::new(config, wire.protection(), service);
    let max = match service {
        Service::Transfer => COMMAND_MAX,
        Service::Submission => RESPONSE_MAX,
    };
    let mut expected = Then::Command;
    wire.send(format!("220 {} ESMTP ready\r\n", config.hostname).as_bytes()).await?;
    loop {
        let line = match wire.line(max).await? {
            Line::Whole(line) => line,
            Line::TooLong => {
                expected = Then::Command;
                wire.send(b"500 5.5.2 line too long\r\n").await?;
                continue;
            }
            Line::Closed => return Ok(()),
            Line::Idle => return give_up(wire, config).await,
        };
        let (reply, then) =
            if expected == Then::Response { (session.respond(&line), Then::Command) } else { session.answer(&line) };
        expected = then;
        wire.send(reply.as_bytes()).await?;
        match then {
            Then::Command | Then::Response => {}
            Then::Close => return wire.close().await,
            Then::Tls => {
                wire = wire.upgrade(tls).await?;
                session = Session::new(config, wire.protection(), service);
            }
            Then::Content => {
                let mut content = Content::new(config.size_limit);
                match wire.feed(|piece| content.take(piece)).await? {
                    Fed::Ended => {}
                    Fed::Closed => return Ok(()),
                    Fed::Idle => return give_up(wire, config).await,
                }
                let reply = settle(&mut session, content, &wire, config, store, peer);
                wire.send(reply.as_bytes()).await?;
            }
        }
    }
}

/// RFC 5321 §3.8: a server that closes by itself says so.
async fn give_up(mut wire: Wire, config: &Config) -> io::Result<()> {
    wire.send(format!("421 4.4.2 {} waited too long\r\n", config.hostname).as_bytes()).await?;
    wire.close().await
}

/// The reply after the content, and with it the end of the transaction.
fn settle(
    session: &mut Session<'_>,
    content: Content,
    wire: &Wire,
    config: &Config,
    store: &Store,
    peer: IpAddr,
) -> &'static str {
    match content.finish() {
        Ok(octets) => deliver(session, wire, config, store, peer, &octets),
        Err(fault) => {
            let _ended = session.take();
            refusal(fault)
        }
    }
}

fn refusal(fault: Fault) -> &'static str {
    match fault {
        Fault::BareLineBreak => "554 5.6.0 bare CR or LF in the message\r\n",
        Fault::TooBig => "552 5.3.4 message too big\r\n",
    }
}

/// Puts the message into each INBOX. When one of them is full the client is told to try again, which may bring the others a
/// second copy: better than none (RFC 5321 §6.1).
#[expect(clippy::disallowed_methods, reason = "a trace field says when the server took the message")]
fn deliver(
    session: &mut Session<'_>,
    wire: &Wire,
    config: &Config,
    store: &Store,
    peer: IpAddr,
    octets: &[u8],
) -> &'static str {
    let Some((client, transaction)) = session.take() else { return "503 5.5.1 bad sequence of commands\r\n" };
    if loops(octets) {
        return "554 5.4.6 the message goes round in circles\r\n";
    }
    let date = InternalDate::from_system(SystemTime::now());
    let trace = Trace {
        reverse: &transaction.reverse,
        client: &client.name,
        greeting: client.greeting,
        protection: wire.protection(),
        user: client.user.as_deref(),
        peer,
        hostname: &config.hostname,
        date,
    };
    let mut message = trace.fields().into_bytes();
    message.extend_from_slice(octets);
    let mut all = true;
    for user in &transaction.recipients {
        all &= store.deliver(user, message.clone(), date).is_ok();
    }
    if all { "250 2.0.0 delivered\r\n" } else { "452 4.3.1 no room left\r\n" }
}
