//! IDLE (RFC 2177).

use super::buffer::Length;
use super::reader::{Reader, Stop};
use super::reply::Reply;
use super::state::Session;
use super::view::Expunges;

/// The longest line that ends IDLE, in octets.
const DONE_MAX_OCTETS: usize = 64;

/// Tells changes until the client says DONE, and gives the tagged response. The client has been told to wait already.
pub(super) async fn idle(session: &mut Session<'_>, reader: &mut Reader) -> Result<Reply, Stop> {
    let gone = || Reply::no("the account is gone");
    let owner = session.view.as_ref().map(|view| &view.owner).or(session.user.as_ref());
    let changes = owner.and_then(|user| session.store.subscribe(user));
    let Some(mut changes) = changes else { return Ok(gone()) };
    loop {
        // What changes from here on wakes the loop once more.
        changes.mark_unchanged();
        let mut out = Vec::new();
        session.update(Expunges::Told, &mut out);
        let out = session.mistold(out);
        if !out.is_empty() {
            reader.wire.send(&out).await?;
            if session.tires_of_idling() {
                return Ok(Reply::ok("done"));
            }
        }
        tokio::select! {
            changed = changes.changed() => if changed.is_err() {
                return Ok(gone());
            },
            line = reader.line(DONE_MAX_OCTETS) => {
                let line = line?;
                if let Some(answer) = session.overheard(&line.octets) {
                    reader.wire.send(answer.as_bytes()).await?;
                    continue;
                }
                let done = line.length == Length::Within && line.octets.eq_ignore_ascii_case(b"DONE");
                let reply = if done { Reply::ok("done") } else { Reply::bad("DONE is expected") };
                return Ok(session.ended_idle(&line.octets, reply));
            }
        }
    }
}
