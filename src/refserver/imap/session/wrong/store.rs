//! STORE that is misread, and answers to it that are reworded.

use super::said::{Said, renumbered};
use crate::refserver::imap::command::{Body, Numbering, SequenceSet, Store, StoreAnswer};
use crate::refserver::imap::fault::{ChangeFault, SyncFault};
use crate::refserver::imap::session::reply::Reply;
use crate::refserver::imap::session::state::Session;
use crate::refserver::store::{Flag, FlagChange, Flags};

impl Session<'_> {
    /// STORE as it is understood.
    pub(super) fn misread_store(&self, store: Store) -> Result<Body, Reply> {
        let Store { mut by, set, mut unchanged_since, mut change, answer, mut flags } = store;
        if self.names_nothing(by, &set) && self.has(ChangeFault::UidOfNothingRefused) {
            return Err(Reply::no("no such messages"));
        }
        if by == Numbering::Uid && self.history.expunges > 0 && self.has(ChangeFault::UidStoreByNumber) {
            by = Numbering::Sequence;
        }
        if change == FlagChange::Replace && self.has(ChangeFault::StoreReplaceAdds) {
            change = FlagChange::Add;
        }
        if change == FlagChange::Add && flags.len() == 1 && self.has(ChangeFault::StoreLosesUpdate) {
            change = FlagChange::Replace;
        }
        if change == FlagChange::Remove && self.has(ChangeFault::StoreRemovesAllOrNone) && flags.len() > 1 {
            flags.clear();
        }
        if self.history.lists == 0 && self.has(ChangeFault::StoreTakesFirstFlag) {
            flags = flags.into_iter().take(1).collect();
        }
        if self.has(ChangeFault::NewKeywordLost) {
            flags.retain(Flag::is_system);
        }
        if self.has(ChangeFault::DraftNotKept) {
            flags.remove(&Flag::new("\\Draft"));
        }
        unchanged_since = unchanged_since.and_then(|modseq| match modseq {
            0 if self.has(SyncFault::ZeroHolds) => None,
            modseq if self.has(SyncFault::ConditionExcludes) => Some(modseq.saturating_sub(1)),
            modseq => Some(modseq),
        });
        if change == FlagChange::Add && self.has(SyncFault::IdleStoreRaises) {
            self.raise_unchanged(by, &set, &flags);
        }
        if self.has(SyncFault::FailureStopsAll)
            && unchanged_since.is_some()
            && self.fails_in_part(by, &set, unchanged_since)
        {
            unchanged_since = Some(0);
        }
        Ok(Body::Store(Store { by, set, unchanged_since, change, answer, flags }))
    }

    /// Whether a conditional STORE fails for some of its messages.
    fn fails_in_part(&self, by: Numbering, set: &SequenceSet, unchanged_since: Option<u64>) -> bool {
        let Some(view) = &self.view else { return false };
        let targets = view.resolve(by, set).unwrap_or_default();
        let changed = self.account(|account| {
            let mailbox = account.mailbox(view.id);
            targets.iter().any(|target| {
                let message = mailbox.and_then(|mailbox| mailbox.message(target.uid));
                message.is_some_and(|message| Some(message.modified) > unchanged_since)
            })
        });
        changed.unwrap_or(false)
    }

    /// Raises the mod-sequences of messages that have flags already which they are to get.
    fn raise_unchanged(&self, by: Numbering, set: &SequenceSet, flags: &Flags) {
        let Some(view) = &self.view else { return };
        let targets = view.resolve(by, set).unwrap_or_default();
        // The account is there as long as the session.
        let _raised = self.account(|account| {
            let mailbox = account.mailbox(view.id)?;
            let has_all = |uid| mailbox.message(uid).is_some_and(|message| flags.is_subset(&message.flags));
            let uids: Vec<u32> = targets.iter().map(|target| target.uid).filter(|uid| has_all(*uid)).collect();
            let modified = account.pretend(view.id);
            account.remodify(view.id, |message| uids.contains(&message.uid).then_some(modified));
            Some(())
        });
    }

    /// What else STORE does.
    pub(super) fn follow_up_store(&mut self, store: &Store, said: &Said) {
        let failed = said.tagged.as_ref().is_some_and(|line| line.contains("[MODIFIED "));
        let next = self.has(SyncFault::StoreRaisesNext);
        let stores = failed && self.has(SyncFault::FailureStores);
        // Without a mailbox nothing was stored.
        let _done = self.selected(|view, account| {
            let targets = view.resolve(store.by, &store.set).unwrap_or_default();
            let last = targets.last().map_or(u32::MAX, |target| target.uid);
            if let (Some(behind), true) = (view.all().find(|target| target.uid > last), next) {
                let modified = account.pretend(view.id);
                account.remodify(view.id, |message| (message.uid == behind.uid).then_some(modified));
            }
            for target in targets {
                if stores {
                    account.change_flags(view.id, target.uid, store.change, &store.flags);
                }
            }
        });
    }

    /// The answer to STORE.
    pub(super) fn reword_store(&mut self, store: &Store, said: &mut Said) {
        let conditional = store.unchanged_since.is_some();
        if self.has(ChangeFault::StoreTellsNothing) && store.answer == StoreAnswer::Told {
            said.leave_out("* ");
        }
        if self.has(ChangeFault::SilentStoreTells) && store.answer == StoreAnswer::Silent {
            self.tell_last(store, said);
        }
        if self.has(SyncFault::StoreTellsLowModseq) {
            said.renumber("MODSEQ (", |_| 1);
        }
        if self.has(SyncFault::StoreWithoutModseq) && !conditional {
            said.lines.iter_mut().for_each(|line| *line = without_modseq(line));
        }
        if self.has(SyncFault::SilentHidesModseq) && conditional && store.answer == StoreAnswer::Silent {
            said.leave_out("* ");
        }
        if self.has(SyncFault::FailureWithoutCode) {
            said.leave_out_code("MODIFIED");
        }
        if self.has(SyncFault::ModifiedByNumber) && store.by == Numbering::Uid {
            let number = |uid: u64| {
                let targets = self.view.iter().flat_map(|view| view.all());
                targets.filter(|target| u64::from(target.uid) == uid).map(|target| target.number as u64).next()
            };
            let tagged = said.tagged.take();
            said.tagged = tagged.map(|line| renumbered(&line, "[MODIFIED ", &|uid| number(uid).unwrap_or(uid)));
        }
        if self.has(SyncFault::StoreRepeatsModseq) {
            for line in &mut said.lines {
                let Some((before, rest)) = line.split_once("MODSEQ (") else { continue };
                let first = self.history.modseq.get_or_insert_with(|| rest.to_owned());
                *line = format!("{before}MODSEQ ({first}");
            }
        }
    }

    /// Tells the flags of the last of several messages that STORE has changed in silence.
    fn tell_last(&mut self, store: &Store, said: &mut Said) {
        let line = self.selected(|view, account| {
            let targets = view.resolve(store.by, &store.set).unwrap_or_default();
            let last = targets.last().filter(|_| targets.len() > 1)?;
            let message = account.mailbox(view.id)?.message(last.uid)?;
            Some(format!("* {} FETCH (FLAGS {})", last.number, view.flags(*last, message)))
        });
        said.lines.extend(line.ok().flatten());
    }
}

/// A line of FETCH that tells no mod-sequence.
pub(super) fn without_modseq(line: &str) -> String {
    let Some((before, rest)) = line.split_once(" MODSEQ (") else { return line.to_owned() };
    let after = rest.split_once(')').map_or("", |(_, after)| after);
    format!("{before}{after}")
}
