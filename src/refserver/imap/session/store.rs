//! STORE and EXPUNGE (RFC 3501 §6.4.3, §6.4.6; UID EXPUNGE: RFC 4315 §2.1).

use super::awareness::Awareness;
use super::place::forbidden;
use super::reply::{Answer, Reply, say};
use super::sets::{contains, set_text};
use super::state::Session;
use super::view::{Expunges, Target, View, modseq_text};
use crate::refserver::imap::command::{Absence, Numbering, SelectMode, SequenceSet, Store, StoreAnswer};
use crate::refserver::store::{Account, FlagChange, Flags, Mailbox, Message, Right};

/// The mailbox was opened by EXAMINE.
fn read_only() -> Reply {
    Reply::no("the mailbox is read-only")
}

/// A message that the client still sees is gone (RFC 2180 §4; the code: RFC 5530 §3).
pub(super) fn gone() -> Reply {
    Reply::no("some of the messages are gone").with("EXPUNGEISSUED")
}

/// Refuses what changes a mailbox that was opened to be read.
pub(super) fn writable(view: &View) -> Result<(), Reply> {
    match view.mode {
        SelectMode::ReadWrite => Ok(()),
        SelectMode::ReadOnly => Err(read_only()),
    }
}

/// Refuses what expunges without the right to it (RFC 4314 §4).
pub(super) fn expungeable(view: &View, account: &Account) -> Result<(), Reply> {
    writable(view)?;
    if view.rights(account).has(Right::Expunge) { Ok(()) } else { Err(forbidden()) }
}

/// What became of the messages of a STORE.
#[derive(Default)]
struct Outcome {
    /// Some are gone.
    lost: bool,
    /// Numbers of those that have changed too lately (RFC 7162 §3.1.3).
    modified: Vec<u32>,
}

pub(super) fn store(session: &mut Session<'_>, command: &Store, out: &mut Vec<u8>) -> Answer {
    session.selected(|view, account| permitted(view, account, command))??;
    if command.unchanged_since.is_some() {
        session.become_aware(Awareness::Condstore, out)?;
    }
    let outcome = session.selected(|view, account| change(view, account, command, out))??;
    let missed = outcome.lost && command.set.absence(command.by) == Absence::Missed;
    let code = format!("MODIFIED {}", set_text(&outcome.modified));
    match (outcome.modified.is_empty(), missed) {
        (true, false) => Ok(Reply::ok("stored")),
        (true, true) => Err(gone()),
        (false, false) => Ok(Reply::ok("some have changed").with(code)),
        (false, true) => Err(Reply::no("some have changed, and some are gone").with(code)),
    }
}

/// RFC 4314 §4: one flag that may be changed is enough.
fn permitted(view: &View, account: &Account, command: &Store) -> Result<(), Reply> {
    if view.passes_over_rights() {
        return Ok(());
    }
    writable(view)?;
    let none = !command.flags.is_empty() && view.changeable(account, &command.flags).is_empty();
    let any = view.rights(account).has_any(&[Right::Seen, Right::Write, Right::Mark]);
    if none || !any { Err(forbidden()) } else { Ok(()) }
}

/// The flags that a change is about, as far as the user may change them: what is to be replaced keeps all others.
fn changed_flags(view: &View, account: &Account, command: &Store, before: &Message) -> Flags {
    let mut flags = view.changeable(account, &command.flags);
    if command.change == FlagChange::Replace {
        let free = view.changeable(account, &before.flags);
        flags.extend(before.flags.difference(&free).cloned());
    }
    flags
}

fn change(view: &mut View, account: &mut Account, command: &Store, out: &mut Vec<u8>) -> Result<Outcome, Reply> {
    let mut outcome = Outcome::default();
    for target in view.resolve(command.by, &command.set)? {
        let before = account.mailbox(view.id).and_then(|mailbox| mailbox.message(target.uid));
        let Some(before) = before else {
            outcome.lost = true;
            continue;
        };
        if command.unchanged_since.is_some_and(|limit| before.modified > limit) {
            outcome.modified.push(match command.by {
                Numbering::Sequence => u32::try_from(target.number).unwrap_or(u32::MAX),
                Numbering::Uid => target.uid,
            });
            continue;
        }
        let stale = view.is_stale(target, before);
        let flags = changed_flags(view, account, command, before);
        let after = account.change_flags(view.id, target.uid, command.change, &flags).cloned();
        let Some(after) = after else { continue };
        if command.answer == StoreAnswer::Told
            && let Some(mailbox) = account.mailbox(view.id)
        {
            view.tell_keywords(mailbox, out);
        }
        tell(view, command, target, &after, out);
        // RFC 3501 §6.4.6: silence is for this change; what another session did is told in the end.
        if command.answer == StoreAnswer::Told || !stale {
            view.settle(target, &after);
        }
    }
    Ok(outcome)
}

/// Tells flags unless they are to be silent, and to an aware client the mod-sequence in any case (RFC 7162 §3.1.3).
fn tell(view: &View, command: &Store, target: Target, after: &Message, out: &mut Vec<u8>) {
    let uid = match (command.by, view.awareness) {
        (Numbering::Uid, _) | (Numbering::Sequence, Awareness::Qresync) => format!("UID {} ", target.uid),
        (Numbering::Sequence, Awareness::Plain | Awareness::Condstore) => String::new(),
    };
    let flags = match command.answer {
        StoreAnswer::Told => format!("FLAGS {}", view.flags(target, after)),
        StoreAnswer::Silent => String::new(),
    };
    let told = format!("{flags}{}", modseq_text(view.awareness, after));
    if !told.is_empty() {
        say(out, &format!("* {} FETCH ({uid}{})", target.number, told.trim_start()));
    }
}

/// Which messages went is told with all other changes; to a client with QRESYNC also up to where it knows all (RFC 7162
/// §3.2.7).
pub(super) fn expunge(session: &mut Session<'_>, uids: Option<&SequenceSet>, out: &mut Vec<u8>) -> Answer {
    session.selected(|view, account| {
        expungeable(view, account)?;
        let only: Option<Vec<u32>> = uids.map(|set| {
            let ranges = view.uid_ranges(set);
            let all = account.mailbox(view.id).map(Mailbox::messages).unwrap_or_default();
            all.iter().map(|message| message.uid).filter(|uid| contains(&ranges, *uid)).collect()
        });
        let gone = account.expunge(view.id, only.as_deref());
        let reply = Reply::ok("expunged");
        Ok(if gone.is_empty() { reply } else { with_highest(view, account, reply, out) })
    })?
}

/// After messages have gone: tells a client with QRESYNC up to where it knows all (RFC 7162 §3.2.7, RFC 6851 §4.4).
pub(super) fn with_highest(view: &mut View, account: &mut Account, reply: Reply, out: &mut Vec<u8>) -> Reply {
    if view.awareness != Awareness::Qresync {
        return reply;
    }
    view.update(account, Expunges::Told, out);
    match view.highest(account) {
        Some(highest) => reply.with(format!("HIGHESTMODSEQ {highest}")),
        None => reply,
    }
}
