//! REPLACE (RFC 8508).

use super::mailboxes::{name, now, received, refusal, try_create};
use super::reply::{Answer, Reply, say};
use super::state::Session;
use super::store::{gone, with_highest, writable};
use super::view::{Target, View};
use crate::refserver::imap::command::{Replace, SequenceSet};

/// Puts a message in the place of another. RFC 8508 §4.3: the code comes untagged, before the old message is told to be gone.
pub(super) fn replace(session: &mut Session<'_>, command: Replace, out: &mut Vec<u8>) -> Answer {
    let name = name(&command.mailbox)?;
    let old = session.selected(|view, _| writable(view).and_then(|()| named(view, &command)))??;
    let new = received(session, command.message, now())?;
    let codes = session.config.offers("UIDPLUS");
    session.selected(|view, account| {
        if account.mailbox(view.id).is_none_or(|mailbox| mailbox.message(old.uid).is_none()) {
            return Err(gone());
        }
        let (to, mailbox) = account.find(&name).ok_or_else(try_create)?;
        let uidvalidity = mailbox.uidvalidity();
        let uid = account.replace((view.id, old.uid), to, new).map_err(refusal)?;
        if codes {
            say(out, &format!("* OK [APPENDUID {uidvalidity} {uid}] the new message is there"));
        }
        Ok(with_highest(view, account, Reply::ok("replaced"), out))
    })?
}

/// The message that is to go. There has to be one, by whatever number.
fn named(view: &View, command: &Replace) -> Result<Target, Reply> {
    let set = SequenceSet::Ranges(vec![(command.number, command.number)]);
    view.resolve(command.by, &set)?.into_iter().next().ok_or_else(|| Reply::no("no message has that UID"))
}
