//! One POP3 connection.

use std::io;
use std::sync::Arc;

use super::fault::CommandFault;
use super::session::{Session, Then};
use crate::refserver::security::TlsFault;
use crate::refserver::store::Store;
use crate::refserver::wire::{Ahead, Line, Tail, Wire};
use crate::refserver::{Config, Identity, Protection};

/// RFC 2449 §4: 255 octets, CRLF included.
const COMMAND_MAX: usize = 255;

/// RFC 5034 §4 lets responses be as long as mechanisms need; as with SMTP (RFC 4954 §4) that is not more. CRLF included.
const RESPONSE_MAX: usize = 12288;

/// Serves a connection from its greeting to its end. When the client is silent for too long the connection ends without a
/// word and without the UPDATE state (RFC 1939 §3).
pub async fn serve(mut wire: Wire, config: &Arc<Config>, store: &Store, identity: &Identity) -> io::Result<()> {
    let Some(mut session) = Session::new(config, store, wire.channel()) else {
        return Err(io::Error::other("no random numbers"));
    };
    if wire.protection() == Protection::Clear && session.has(CommandFault::NoGreetingInClear) {
        return wire.close().await;
    }
    wire.send(session.greeting().as_bytes()).await?;
    let tail = Tail::by(&config.faults, [TlsFault::Pop3RunsTail, TlsFault::Pop3KeepsHalfLine]);
    let mut max = COMMAND_MAX;
    let mut group = Group::default();
    loop {
        let (answer, then) = match wire.line(max).await {
            Ok(Line::Whole(line)) => session.answer(&line),
            Ok(Line::TooLong) => session.too_long(),
            Ok(Line::Closed | Line::Idle) => {
                session.lost();
                return Ok(());
            }
            Err(error) => {
                session.lost();
                return Err(error);
            }
        };
        let late = session.has(CommandFault::FourthComesLast);
        wire.send(&if late { group.reordered(answer, wire.has_ahead()) } else { answer }).await?;
        max = COMMAND_MAX;
        match then {
            Then::Command => {}
            Then::Response => max = RESPONSE_MAX,
            Then::Tls => {
                wire = wire.upgrade(identity, tail).await?;
                session.secure(wire.channel());
            }
            Then::Close => return wire.close().await,
        }
    }
}

/// Answers to a pipelined group, for a server that gives the fourth one last.
#[derive(Debug, Default)]
struct Group {
    answers: usize,
    held: Vec<u8>,
}

impl Group {
    /// What is sent now; more commands wait if `ahead`.
    fn reordered(&mut self, answer: Vec<u8>, ahead: Ahead) -> Vec<u8> {
        self.answers += 1;
        match (ahead, self.answers) {
            (Ahead::More, 4) => {
                self.held = answer;
                Vec::new()
            }
            (Ahead::More, _) => answer,
            (Ahead::Nothing, _) => {
                let all = [answer, std::mem::take(&mut self.held)].concat();
                *self = Self::default();
                all
            }
        }
    }
}
