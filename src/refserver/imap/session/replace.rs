//! REPLACE (RFC 8508).

use super::copy::target;
use super::mailboxes::{now, received, refusal};
use super::place::{Denied, Place, forbidden};
use super::reply::{Answer, Reply, say};
use super::state::Session;
use super::store::{expungeable, gone, with_highest};
use super::view::{Target, View, may_change};
use crate::refserver::imap::command::{Replace, SequenceSet};
use crate::refserver::store::{Account, Accounts, Mailbox, NewMessage, NodeError, Right, Rights};

/// Puts a message in the place of another. RFC 8508 §4.3: the code comes untagged, before the old message is told to be gone.
pub(super) fn replace(session: &mut Session<'_>, command: Replace, out: &mut Vec<u8>) -> Answer {
    let place = session.place(&command.mailbox)?;
    let old = session.selected(|view, account| allowed(view, account).and_then(|()| named(view, &command)))??;
    let new = received(session, command.message, now())?;
    let view = session.view.as_ref().ok_or_else(|| Reply::bad("select a mailbox first"))?;
    let (code, rights) = session.store.with_all(|accounts| put(session, accounts, (view, old.uid), (&place, new)))?;
    // RFC 4315 §3: whoever cannot select the mailbox is told no UID.
    if session.config.offers("UIDPLUS") && rights.has(Right::Read) {
        say(out, &format!("* OK [{code}] the new message is there"));
    }
    session.selected(|view, account| with_highest(view, account, Reply::ok("replaced"), out))
}

/// RFC 8508 §4.1: what STORE and EXPUNGE need.
fn allowed(view: &View, account: &Account) -> Result<(), Reply> {
    expungeable(view, account)?;
    view.rights(account).has(Right::Mark).then_some(()).ok_or_else(forbidden)
}

/// The message that is to go. There has to be one, by whatever number.
fn named(view: &View, command: &Replace) -> Result<Target, Reply> {
    let set = SequenceSet::Ranges(vec![(command.number, command.number)]);
    view.resolve(command.by, &set)?.into_iter().next().ok_or_else(|| Reply::no("no message has that UID"))
}

/// The code, and what the user may do with the target. Only within one account is room made by what goes.
fn put(
    session: &Session<'_>,
    accounts: &mut Accounts<'_>,
    (view, old): (&View, u32),
    (place, mut new): (&Place, NewMessage),
) -> Result<(String, Rights), Reply> {
    let lost = || Reply::no("the account is gone");
    let source = accounts.get(&view.owner).ok_or_else(lost)?;
    if source.mailbox(view.id).is_none_or(|mailbox| mailbox.message(old).is_none()) {
        return Err(gone());
    }
    let Some(account) = accounts.get(&place.owner) else { return Err(Denied::Missing.into()) };
    let (to, rights) = target(session, account, place)?;
    let uidvalidity = account.mailbox(to).map(Mailbox::uidvalidity).ok_or(Denied::Missing)?;
    // RFC 4314 §4: flags without a right are left out, and nothing fails for them.
    new.flags.retain(|flag| may_change(&rights, flag));
    let uid = if view.owner == place.owner {
        account.replace((view.id, old), to, new).map_err(refusal)?
    } else {
        let uids = account.append(to, vec![new]).map_err(refusal)?;
        accounts.get(&view.owner).ok_or_else(lost)?.remove(view.id, &[old]);
        uids.first().copied().ok_or_else(|| refusal(NodeError::Missing))?
    };
    Ok((format!("APPENDUID {uidvalidity} {uid}"), rights))
}
