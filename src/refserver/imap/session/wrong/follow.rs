//! What follows from a command on a server with faults.

use super::misread::Before;
use super::said::Said;
use crate::refserver::imap::command::{Body, SelectMode};
use crate::refserver::imap::fault::{ChangeFault, MailboxFault, SearchFault, SessionFault, SyncFault};
use crate::refserver::imap::session::state::Session;
use crate::refserver::store::{Account, Flag, FlagChange, Flags, Mailbox, MailboxId};

impl Session<'_> {
    /// What a command leads to.
    pub(super) fn follow_up(&mut self, asked: &Body, before: Before, said: &Said) {
        if let Body::Store(store) = asked {
            self.follow_up_store(store, said);
        }
        if let Some(kept) = before.kept {
            self.view.get_or_insert(kept);
        }
        if !said.is_ok() {
            if matches!(asked, Body::Copy { .. }) && self.has(SessionFault::RefusedCopyClosesMailbox) {
                self.view = None;
            }
            return;
        }
        self.count_changes(asked);
        self.follow_up_mailbox(asked);
        self.follow_up_messages(asked, &before.marked);
        if let Some(id) = before.mailbox {
            self.follow_up_end(asked, id, &before.marked);
        }
        if let Body::Select { mailbox, mode, .. } = asked {
            self.remember_selected();
            if *mode == SelectMode::ReadOnly && self.has(MailboxFault::ExamineClaimsRecent) {
                self.in_mailbox(mailbox, |account, id| {
                    account.claim_recent(id);
                });
            }
            if let (Some(view), true) = (&mut self.view, self.config.faults.has(SearchFault::SavedOutlivesSelect)) {
                view.save(before.saved);
            }
        }
    }

    fn follow_up_mailbox(&mut self, asked: &Body) {
        if let Body::Rename { from, to } = asked {
            self.history.created.insert(String::from_utf8_lossy(to).into_owned());
            self.history.renamed.insert(to.clone());
            self.history.deleted.extend(self.uidvalidity(to).map(|validity| (from.clone(), validity)));
            self.follow_up_rename(from, to);
        }
        if let Body::Create { mailbox, .. } = asked {
            self.history.created.insert(String::from_utf8_lossy(mailbox).into_owned());
            if let (Some(validity), Ok(name), true) =
                (self.history.deleted.get(mailbox), self.name(mailbox), self.has(MailboxFault::RecreateReusesUids))
            {
                // CREATE was carried out, so somebody has logged in.
                let _revived = self.account(|account| account.revive(&name, *validity));
            }
        }
        if let (Body::Delete { mailbox }, true) = (asked, self.has(MailboxFault::DeleteUnsubscribes))
            && let Ok(name) = self.name(mailbox)
        {
            // It may not have been subscribed.
            let _unsubscribed = self.account(|account| account.unsubscribe(&name));
        }
        if let Body::Subscribe { mailbox } = asked {
            self.history.subscribed.insert(mailbox.clone());
        }
        if matches!(asked, Body::Status { .. }) && self.has(MailboxFault::StatusClosesMailbox) {
            self.view = None;
        }
    }

    fn follow_up_messages(&mut self, asked: &Body, marked: &[u32]) {
        if let Body::Search(search) = asked {
            self.follow_up_search(search);
        }
        if let Body::Append(append) = asked {
            self.follow_up_append(&append.mailbox);
            if self.has(SearchFault::NewMessageSaved) {
                self.save_also(&append.mailbox);
            }
        }
        if let Body::Expunge { .. } = asked {
            self.history.expunges += 1;
            if let ([first, .., last], true) = (marked, self.has(ChangeFault::ExpungeRemovesBetween)) {
                // EXPUNGE was carried out, so there is a mailbox.
                let _removed = self.selected(|view, account| {
                    let between = view.all().map(|target| target.uid).filter(|uid| first < uid && uid < last);
                    account.remove(view.id, &between.collect::<Vec<u32>>())
                });
            }
        }
        if let Body::Move { mailbox, .. } = asked {
            if self.has(ChangeFault::MoveExpunges) {
                // MOVE was carried out, so there is a mailbox.
                let _expunged = self.selected(|view, account| account.expunge(view.id, None));
            }
            if self.has(ChangeFault::MoveRemoves) {
                self.in_mailbox(mailbox, |account, id| {
                    let last = last_of(account, id);
                    account.remove(id, last.as_slice());
                });
            }
        }
        self.follow_up_flags(asked);
    }

    /// Changes flags of what was copied or moved last.
    fn follow_up_flags(&self, asked: &Body) {
        let (mailbox, flags) = match asked {
            Body::Copy { mailbox, .. } if self.has(ChangeFault::CopyLosesFlags) => (mailbox, Flags::new()),
            Body::Move { mailbox, .. } if self.has(ChangeFault::MoveLosesFlags) => (mailbox, Flags::new()),
            Body::Move { mailbox, .. } if self.has(ChangeFault::MoveMarksDeleted) => {
                (mailbox, Flags::from([Flag::deleted()]))
            }
            _other => return,
        };
        self.in_mailbox(mailbox, |account, id| {
            if let Some(last) = last_of(account, id) {
                account.change_flags(id, last, FlagChange::Replace, &flags);
            }
        });
    }

    fn follow_up_append(&self, mailbox: &[u8]) {
        let selected = self.view.as_ref().map(|view| view.id);
        self.in_mailbox(mailbox, |account, id| {
            if selected != Some(id) && self.has(MailboxFault::AppendIsOld) {
                account.claim_recent(id);
            }
            if self.has(SyncFault::AppendedIsLowest) {
                let last = last_of(account, id);
                account.remodify(id, |message| (Some(message.uid) == last).then_some(1));
            }
        });
    }

    /// Saves a new message with what was saved.
    fn save_also(&mut self, mailbox: &[u8]) {
        let selected = self.view.as_ref().map(|view| view.id);
        let mut last = None;
        self.in_mailbox(mailbox, |account, id| last = last_of(account, id).filter(|_| selected == Some(id)));
        if let Some(view) = &mut self.view {
            let saved = view.saved().into_iter().chain(last).collect();
            view.save(saved);
        }
    }

    /// What follows from the end of a selection.
    fn follow_up_end(&self, asked: &Body, id: MailboxId, marked: &[u32]) {
        let closed = matches!(asked, Body::Close) && !marked.is_empty();
        let left = matches!(asked, Body::Logout);
        // Somebody has logged in who had a mailbox.
        let _done = self.account(|account| {
            if closed && self.has(MailboxFault::ClosePassesOverUid) {
                account.skip_uid(id);
            }
            if closed && self.has(MailboxFault::CloseFreesUids) {
                account.free_uids(id);
            }
            if left && self.has(MailboxFault::LogoutRenumbers) {
                account.renumber(id);
            }
            if left && self.has(SyncFault::LogoutLowersHighest) {
                account.lower(id);
            }
        });
    }

    /// Does something with the mailbox of a name, if there is one.
    fn in_mailbox(&self, mailbox: &[u8], action: impl FnOnce(&mut Account, MailboxId)) {
        let Ok(name) = self.name(mailbox) else { return };
        // Without an account there is no mailbox.
        let _done = self.account(|account| {
            if let Some((id, _)) = account.find(&name) {
                action(account, id);
            }
        });
    }
}

fn last_of(account: &Account, id: MailboxId) -> Option<u32> {
    account.mailbox(id).map(Mailbox::messages).and_then(|messages| messages.last()).map(|message| message.uid)
}
