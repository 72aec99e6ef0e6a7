//! COPY (RFC 3501 §6.4.7) and MOVE (RFC 6851).

use super::mailboxes::{name, now, refusal, try_create};
use super::reply::{Answer, Reply, say};
use super::sets::set_text;
use super::state::Session;
use super::store::{gone, with_highest, writable};
use super::view::View;
use crate::refserver::imap::command::{Absence, Numbering, SequenceSet};
use crate::refserver::store::{Account, Copied, MailboxId, MailboxName};

pub(super) fn copy(session: &mut Session<'_>, by: Numbering, set: &SequenceSet, mailbox: &[u8]) -> Answer {
    let name = name(mailbox)?;
    let copied = session.selected(|view, account| {
        let (uids, to) = prepare(view, account, by, set, &name)?;
        account.copy(view.id, &uids, to, now()).map_err(refusal)
    })??;
    Ok(match code(&copied) {
        Some(code) if session.config.offers("UIDPLUS") => Reply::ok("copied").with(code),
        Some(_) => Reply::ok("copied"),
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
    let name = name(mailbox)?;
    let codes = session.config.offers("UIDPLUS");
    session.selected(|view, account| {
        writable(view)?;
        let (uids, to) = prepare(view, account, by, set, &name)?;
        let moved = account.transfer(view.id, &uids, to, now()).map_err(refusal)?;
        let reply = Reply::ok("done");
        let Some(code) = code(&moved) else { return Ok(reply) };
        if codes {
            say(out, &format!("* OK [{code}] moved"));
        }
        Ok(with_highest(view, account, reply, out))
    })?
}

/// The UIDs that are meant and the mailbox that is to get them. By message numbers it is all or nothing, by UIDs those that are
/// there.
fn prepare(
    view: &View,
    account: &Account,
    by: Numbering,
    set: &SequenceSet,
    to: &MailboxName,
) -> Result<(Vec<u32>, MailboxId), Reply> {
    let wanted = view.resolve(by, set)?;
    let (to, _) = account.find(to).ok_or_else(try_create)?;
    let source = account.mailbox(view.id);
    let there = |uid: u32| source.is_some_and(|mailbox| mailbox.message(uid).is_some());
    let uids: Vec<u32> = wanted.iter().map(|target| target.uid).filter(|uid| there(*uid)).collect();
    if set.absence(by) == Absence::Missed && uids.len() < wanted.len() { Err(gone()) } else { Ok((uids, to)) }
}

/// RFC 4315 §3: COPYUID, unless nothing was copied.
fn code(copied: &Copied) -> Option<String> {
    let (from, to): (Vec<u32>, Vec<u32>) = copied.uids.iter().copied().unzip();
    (!from.is_empty()).then(|| format!("COPYUID {} {} {}", copied.uidvalidity, set_text(&from), set_text(&to)))
}
