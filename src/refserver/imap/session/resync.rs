//! What a client that comes back has missed (RFC 7162 §3.2.5, §3.2.6).

use super::reply::say;
use super::sets::{contains, set_text};
use super::view::View;
use crate::refserver::imap::command::{Resync, SequenceSet};
use crate::refserver::store::Account;

/// Tells what has gone and what has changed, right after a mailbox was selected.
pub(super) fn tell_missed(view: &mut View, account: &Account, resync: &Resync, out: &mut Vec<u8>) {
    let Some(mailbox) = account.mailbox(view.id) else { return };
    // RFC 7162 §3.2.5: UIDs of another UIDVALIDITY say nothing.
    if resync.uidvalidity != mailbox.uidvalidity() {
        return;
    }
    let after = resync.sample.as_ref().map_or(0, |(numbers, uids)| agreed(view, numbers, uids));
    tell_vanished(view, account, resync.known.as_ref(), resync.modseq, after, out);
    let known = resync.known.as_ref().map(|set| view.uid_ranges(set));
    let targets: Vec<_> = view.all().collect();
    for target in targets {
        let Some(message) = mailbox.message(target.uid) else { continue };
        if message.modified > resync.modseq && known.as_ref().is_none_or(|ranges| contains(ranges, target.uid)) {
            let flags = view.flags(target, message);
            let line =
                format!("* {} FETCH (UID {} FLAGS {flags} MODSEQ ({}))", target.number, target.uid, message.modified);
            say(out, &line);
        }
    }
}

/// Tells which UIDs of a set, or of all, have gone since a mod-sequence, if they are greater than `after`.
pub(super) fn tell_vanished(
    view: &View,
    account: &Account,
    known: Option<&SequenceSet>,
    since: u64,
    after: u32,
    out: &mut Vec<u8>,
) {
    let Some(mailbox) = account.mailbox(view.id) else { return };
    let known = known.map(|set| view.uid_ranges(set));
    let mut gone = mailbox.vanished_since(since);
    gone.retain(|uid| *uid > after && known.as_ref().is_none_or(|ranges| contains(ranges, *uid)));
    if !gone.is_empty() {
        say(out, &format!("* VANISHED (EARLIER) {}", set_text(&gone)));
    }
}

/// The last UID up to which the client knows of all that has gone: its message has the number that the client thinks.
fn agreed(view: &View, numbers: &SequenceSet, uids: &SequenceSet) -> u32 {
    let each = |set: &SequenceSet| set.ranges(0, Vec::new).into_iter().flat_map(|(low, high)| low..=high);
    let count = view.all().count();
    each(numbers)
        .zip(each(uids))
        .take_while(|(number, _)| usize::try_from(*number).is_ok_and(|number| number <= count))
        .filter(|(number, uid)| view.uid_of(*number) == Some(*uid))
        .last()
        .map_or(0, |(_, uid)| uid)
}
