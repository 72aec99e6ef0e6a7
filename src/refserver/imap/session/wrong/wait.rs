//! What a server with faults does while it waits for a client.

use crate::refserver::imap::fault::ChangeFault;
use crate::refserver::imap::session::reader::{Reader, Stop};
use crate::refserver::imap::session::state::Session;
use crate::refserver::imap::session::view::Expunges;
use crate::refserver::wire::Wire;

/// Waits until the client has sent something, which is still there to be read, or has gone.
async fn something(wire: &mut Wire) -> Result<(), Stop> {
    let any = |piece: &[u8]| (!piece.is_empty()).then_some(0);
    wire.feed(any).await?;
    Ok(())
}

impl Session<'_> {
    /// Tells what changes until the next command comes.
    pub(super) async fn tell_unasked(&mut self, reader: &mut Reader) -> Result<(), Stop> {
        let owner = self.view.as_ref().map(|view| view.owner.clone());
        let Some(mut changes) = owner.and_then(|owner| self.store.subscribe(&owner)) else { return Ok(()) };
        if !self.has(ChangeFault::ExpungeUnasked) {
            return Ok(());
        }
        loop {
            // What changes from here on wakes the loop once more.
            changes.mark_unchanged();
            let mut out = Vec::new();
            self.update(Expunges::Told, &mut out);
            if !out.is_empty() {
                reader.wire.send(&out).await?;
            }
            tokio::select! {
                changed = changes.changed() => if changed.is_err() {
                    return Ok(());
                },
                ready = something(&mut reader.wire) => return ready,
            }
        }
    }
}
