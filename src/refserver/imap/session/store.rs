//! STORE and EXPUNGE (RFC 3501 §6.4.3, §6.4.6; UID EXPUNGE: RFC 4315 §2.1).

use super::reply::{Answer, Reply, say};
use super::sets::contains;
use super::state::Session;
use super::view::View;
use crate::refserver::imap::command::{Absence, Numbering, SelectMode, SequenceSet, Store, StoreAnswer};
use crate::refserver::store::{Account, Mailbox};

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

/// Whether messages were left out by the way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Whole,
    Partial,
}

pub(super) fn store(session: &mut Session<'_>, command: &Store, out: &mut Vec<u8>) -> Answer {
    let outcome = session.selected(|view, account| change(view, account, command, out))??;
    match (command.set.absence(command.by), outcome) {
        (Absence::Ignored, _) | (Absence::Missed, Outcome::Whole) => Ok(Reply::ok("stored")),
        (Absence::Missed, Outcome::Partial) => Err(gone()),
    }
}

fn change(view: &mut View, account: &mut Account, command: &Store, out: &mut Vec<u8>) -> Result<Outcome, Reply> {
    writable(view)?;
    let mut outcome = Outcome::Whole;
    for target in view.resolve(command.by, &command.set)? {
        let before = account.mailbox(view.id).and_then(|mailbox| mailbox.message(target.uid));
        let Some(before) = before else {
            outcome = Outcome::Partial;
            continue;
        };
        let stale = view.is_stale(target, before);
        let after = account.change_flags(view.id, target.uid, command.change, &command.flags).cloned();
        let Some(after) = after else { continue };
        match command.answer {
            StoreAnswer::Told => {
                if let Some(mailbox) = account.mailbox(view.id) {
                    view.tell_keywords(mailbox, out);
                }
                view.settle(target, &after);
                let flags = view.flags(target, &after);
                let uid = match command.by {
                    Numbering::Sequence => String::new(),
                    Numbering::Uid => format!("UID {} ", target.uid),
                };
                say(out, &format!("* {} FETCH ({uid}FLAGS {flags})", target.number));
            }
            // RFC 3501 §6.4.6: silence is for this change; what another session did is told in the end.
            StoreAnswer::Silent if !stale => view.settle(target, &after),
            StoreAnswer::Silent => {}
        }
    }
    Ok(outcome)
}

/// Which messages went is told with all other changes.
pub(super) fn expunge(session: &mut Session<'_>, uids: Option<&SequenceSet>) -> Answer {
    session.selected(|view, account| {
        writable(view)?;
        let only: Option<Vec<u32>> = uids.map(|set| {
            let ranges = view.uid_ranges(set);
            let all = account.mailbox(view.id).map(Mailbox::messages).unwrap_or_default();
            all.iter().map(|message| message.uid).filter(|uid| contains(&ranges, *uid)).collect()
        });
        account.expunge(view.id, only.as_deref());
        Ok(Reply::ok("expunged"))
    })?
}
