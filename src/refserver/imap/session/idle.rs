//! IDLE (RFC 2177).

use std::io;

use super::buffer::Length;
use super::reader::{Next, Reader};
use super::reply::Reply;
use super::state::Session;
use super::view::Expunges;

/// The longest line that ends IDLE, in octets.
const DONE_MAX_OCTETS: usize = 64;

/// How IDLE ended.
#[derive(Debug)]
pub(super) enum Idled {
    /// The tagged response.
    Answered(Reply),
    /// The client closed.
    Closed,
    /// The client said nothing for too long.
    Idle,
}

/// Tells changes until the client says DONE. The client has been told to wait already.
pub(super) async fn idle(session: &mut Session<'_>, reader: &mut Reader) -> io::Result<Idled> {
    let changes = session.user.as_deref().and_then(|user| session.store.subscribe(user));
    let Some(mut changes) = changes else { return Ok(Idled::Answered(Reply::no("the account is gone"))) };
    loop {
        // What changes from here on wakes the loop once more.
        changes.mark_unchanged();
        let mut out = Vec::new();
        session.update(Expunges::Told, &mut out);
        if !out.is_empty() {
            reader.wire.send(&out).await?;
        }
        tokio::select! {
            changed = changes.changed() => if changed.is_err() {
                return Ok(Idled::Answered(Reply::no("the account is gone")));
            },
            next = reader.line(DONE_MAX_OCTETS) => return Ok(match next? {
                Next::Line(line) if line.length == Length::Within && line.octets.eq_ignore_ascii_case(b"DONE") => {
                    Idled::Answered(Reply::ok("done"))
                }
                Next::Line(_) => Idled::Answered(Reply::bad("DONE is expected")),
                Next::Closed => Idled::Closed,
                Next::Idle => Idled::Idle,
            }),
        }
    }
}
