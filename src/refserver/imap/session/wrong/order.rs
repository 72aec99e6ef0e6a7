//! Commands in the order in which they are carried out.

use crate::refserver::imap::fault::SessionFault;
use crate::refserver::imap::session::reader::{Input, Reader, Stop};
use crate::refserver::imap::session::state::Session;
use crate::refserver::wire::Ahead;

/// Commands that wait: none but for a server that carries out the fourth of a pipelined group before the third.
#[derive(Debug, Default)]
pub(in crate::refserver::imap::session) struct Order {
    /// How many of the group were taken.
    taken: usize,
    held: Option<Input>,
}

impl Order {
    /// The next command.
    pub(in crate::refserver::imap::session) async fn next(
        &mut self,
        session: &mut Session<'_>,
        reader: &mut Reader,
    ) -> Result<Input, Stop> {
        if let Some(held) = self.held.take() {
            return Ok(held);
        }
        session.tell_unasked(reader).await?;
        let input = reader.command(session.phase(), session.welcome()).await?;
        if !session.has(SessionFault::FourthBeforeThird) {
            return Ok(input);
        }
        self.taken = match reader.wire.has_ahead() {
            Ahead::More => self.taken + 1,
            Ahead::Nothing => 0,
        };
        if self.taken == 3 {
            let fourth = reader.command(session.phase(), session.welcome()).await?;
            self.held = Some(input);
            return Ok(fourth);
        }
        Ok(input)
    }
}
