//! COPY (RFC 3501 §6.4.7) and MOVE (RFC 6851).

use super::mailboxes::{now, refusal};
use super::place::{Denied, Place, forbidden};
use super::reply::{Answer, Reply, say};
use super::sets::set_text;
use super::state::Session;
use super::store::{expungeable, gone, with_highest};
use super::view::{View, may_change};
use crate::refserver::imap::command::{Absence, Numbering, SequenceSet};
use crate::refserver::store::{Account, Accounts, Copied, MailboxId, Right, Rights};

/// Which messages go where.
struct Errand<'e> {
    by: Numbering,
    set: &'e SequenceSet,
    place: Place,
    kind: Kind,
}

/// Whether the messages stay where they are too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Copy,
    Move,
}

pub(super) fn copy(session: &mut Session<'_>, by: Numbering, set: &SequenceSet, mailbox: &[u8]) -> Answer {
    let copied = carry(session, &Errand { by, set, place: session.place(mailbox)?, kind: Kind::Copy })?;
    Ok(match copied {
        Some((code, Codes::Told)) => Reply::ok("copied").with(code),
        Some((_, Codes::Untold)) => Reply::ok("copied"),
        None => Reply::ok("nothing to copy"),
    })
}

/// RFC 6851 §3.3: the code comes untagged, before the messages are told to be gone.
pub(super) fn transfer(
    session: &mut Session<'_>,
    by: Numbering,
    set: &SequenceSet,
    mailbox: &[u8],
    out: &mut Vec<u8>,
) -> Answer {
    let moved = carry(session, &Errand { by, set, place: session.place(mailbox)?, kind: Kind::Move })?;
    let Some((code, codes)) = moved else { return Ok(Reply::ok("done")) };
    if codes == Codes::Told {
        say(out, &format!("* OK [{code}] moved"));
    }
    session.selected(|view, account| with_highest(view, account, Reply::ok("done"), out))
}

/// Whether COPYUID is told (RFC 4315 §3): only to those who may select the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Codes {
    Told,
    Untold,
}

/// Puts the messages into the target, and says the code unless nothing was there to be put.
fn carry(session: &Session<'_>, errand: &Errand<'_>) -> Result<Option<(String, Codes)>, Reply> {
    let view = session.view.as_ref().ok_or_else(|| Reply::bad("select a mailbox first"))?;
    let (copied, rights) = session.store.with_all(|accounts| between(session, accounts, view, errand))?;
    let told = session.config.offers("UIDPLUS") && rights.has(Right::Read);
    Ok(code(&copied).map(|code| (code, if told { Codes::Told } else { Codes::Untold })))
}

fn between(
    session: &Session<'_>,
    accounts: &mut Accounts<'_>,
    view: &View,
    errand: &Errand<'_>,
) -> Result<(Copied, Rights), Reply> {
    let place = &errand.place;
    let lost = || Reply::no("the account is gone");
    let source = accounts.get(&view.owner).ok_or_else(lost)?;
    if errand.kind == Kind::Move {
        // RFC 6851 §4.2: what STORE and EXPUNGE need.
        expungeable(view, source)?;
        view.rights(source).has(Right::Mark).then_some(()).ok_or_else(forbidden)?;
    }
    let wanted = wanted(view, errand.by, errand.set)?;
    let Some(account) = accounts.get(&place.owner) else { return Err(Denied::Missing.into()) };
    let (to, rights) = target(session, account, place)?;
    let source = accounts.get(&view.owner).ok_or_else(lost)?;
    let mut messages = source.pick(view.id, &there(view, source, &wanted, errand)?).map_err(refusal)?;
    // RFC 4314 §4: flags without a right are left out, and nothing fails for them.
    messages.iter_mut().for_each(|message| message.flags.retain(|flag| may_change(&rights, flag)));
    let account = accounts.get(&place.owner).ok_or_else(lost)?;
    let copied = match errand.kind {
        Kind::Move if view.owner == place.owner => account.put_within(messages, to, now()),
        Kind::Move | Kind::Copy => account.put(messages, to, now()),
    };
    let copied = copied.map_err(refusal)?;
    if errand.kind == Kind::Move {
        let mut gone: Vec<u32> = copied.uids.iter().map(|(old, _)| *old).collect();
        gone.sort_unstable();
        accounts.get(&view.owner).ok_or_else(lost)?.remove(view.id, &gone);
    }
    Ok((copied, rights))
}

/// The mailbox that is to get the messages.
pub(super) fn target(session: &Session<'_>, account: &Account, place: &Place) -> Result<(MailboxId, Rights), Reply> {
    let found = session.admit(account, place, Right::Insert);
    let (id, mailbox) = found.map_err(|denied| session.turned_away(account, place, denied))?;
    Ok((id, session.rights(account, mailbox)))
}

/// The UIDs that are meant, whether or not they are there still.
fn wanted(view: &View, by: Numbering, set: &SequenceSet) -> Result<Vec<u32>, Reply> {
    Ok(view.resolve(by, set)?.iter().map(|target| target.uid).collect())
}

/// Those of the UIDs that are there. By message numbers it is all or nothing, by UIDs those that are there.
fn there(view: &View, source: &Account, wanted: &[u32], errand: &Errand<'_>) -> Result<Vec<u32>, Reply> {
    let mailbox = source.mailbox(view.id);
    let there = |uid: &u32| mailbox.is_some_and(|mailbox| mailbox.message(*uid).is_some());
    let uids: Vec<u32> = wanted.iter().copied().filter(there).collect();
    if errand.set.absence(errand.by) == Absence::Missed && uids.len() < wanted.len() { Err(gone()) } else { Ok(uids) }
}

/// RFC 4315 §3: COPYUID, unless nothing was copied.
fn code(copied: &Copied) -> Option<String> {
    let (from, to): (Vec<u32>, Vec<u32>) = copied.uids.iter().copied().unzip();
    (!from.is_empty()).then(|| format!("COPYUID {} {} {}", copied.uidvalidity, set_text(&from), set_text(&to)))
}
