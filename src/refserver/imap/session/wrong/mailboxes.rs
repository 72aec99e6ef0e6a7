//! Commands about whole mailboxes that are misread, and what follows from them.

use crate::refserver::imap::command::{Body, Numbering, SelectMode, SelectParameter, SequenceSet, StatusItem};
use crate::refserver::imap::fault::{ChangeFault, MailboxFault, SessionFault, SyncFault};
use crate::refserver::imap::session::awareness::Awareness;
use crate::refserver::imap::session::mailboxes::{missing, try_create};
use crate::refserver::imap::session::reply::Reply;
use crate::refserver::imap::session::state::Session;
use crate::refserver::store::MailboxName;

impl Session<'_> {
    /// Whether a mailbox has the name.
    pub(super) fn is_there(&self, mailbox: &[u8]) -> bool {
        let Ok(name) = self.name(mailbox) else { return false };
        self.account(|account| account.find(&name).is_some()).unwrap_or(false)
    }

    /// Whether it is the selected one.
    pub(super) fn is_selected(&self, mailbox: &[u8]) -> bool {
        let Ok(name) = self.name(mailbox) else { return false };
        let found = self.account(|account| account.find(&name).map(|(id, _)| id)).ok().flatten();
        found.is_some() && found == self.view.as_ref().map(|view| view.id)
    }

    /// Makes a mailbox that nobody wanted.
    pub(super) fn make(&self, mailbox: &[u8]) {
        if let Ok(name) = self.name(mailbox) {
            // It may be there.
            let _made = self.account(|account| account.create(&name));
        }
    }

    fn inferiors(&self, mailbox: &[u8]) -> Vec<MailboxName> {
        let Ok(name) = self.name(mailbox) else { return Vec::new() };
        let below = self.account(|account| {
            account.nodes().map(|(other, _)| other).filter(|other| other.is_below(&name)).cloned().collect()
        });
        below.unwrap_or_default()
    }

    /// SELECT or EXAMINE as it is understood.
    pub(super) fn misread_select(
        &self,
        mailbox: Vec<u8>,
        mode: SelectMode,
        mut parameters: Vec<SelectParameter>,
    ) -> Body {
        if !self.is_there(&mailbox) && self.has(MailboxFault::SelectCreates) {
            self.make(&mailbox);
        }
        if self.awareness < Awareness::Qresync && self.has(SyncFault::ResyncWithoutEnable) {
            parameters.retain(|parameter| *parameter == SelectParameter::Condstore);
        }
        for parameter in &mut parameters {
            if let SelectParameter::Resync(resync) = parameter
                && self.has(SyncFault::ResyncAnyUidvalidity)
            {
                resync.uidvalidity = self.uidvalidity(&mailbox).unwrap_or(resync.uidvalidity);
            }
        }
        let mode = if self.has(MailboxFault::ExamineWrites) { SelectMode::ReadWrite } else { mode };
        Body::Select { mailbox, mode, parameters }
    }

    pub(super) fn uidvalidity(&self, mailbox: &[u8]) -> Option<u32> {
        let name = self.name(mailbox).ok()?;
        self.account(|account| account.find(&name).map(|(_, mailbox)| mailbox.uidvalidity())).ok()?
    }

    /// CREATE as it is understood.
    pub(super) fn misread_create(&self, mailbox: Vec<u8>, mut uses: Vec<String>) -> Result<Body, Reply> {
        let made = (self.is_there(&mailbox) && self.has(MailboxFault::CreateTwice))
            || (mailbox.len() > 100 && self.has(MailboxFault::CreateMakesNothing));
        if made {
            return Err(Reply::ok("created"));
        }
        if self.has(MailboxFault::CreateForgetsUse) {
            uses.clear();
        }
        Ok(Body::Create { mailbox, uses })
    }

    /// DELETE as it is understood.
    pub(super) fn misread_delete(&self, mailbox: Vec<u8>) -> Result<Body, Reply> {
        let inferiors = self.inferiors(&mailbox);
        let left = (!inferiors.is_empty() && self.has(MailboxFault::DeleteLeavesParent))
            || (self.is_there(&mailbox) && self.has(MailboxFault::DeleteRemovesNothing))
            || (!self.is_there(&mailbox) && self.has(MailboxFault::DeleteOfNothing));
        if left {
            return Err(Reply::ok("deleted"));
        }
        if self.has(MailboxFault::DeleteRemovesInferiors) {
            for name in inferiors.iter().rev() {
                // They are there.
                let _deleted = self.account(|account| account.delete(name));
            }
        }
        Ok(Body::Delete { mailbox })
    }

    /// RENAME as it is understood.
    pub(super) fn misread_rename(&self, from: Vec<u8>, to: Vec<u8>) -> Result<Body, Reply> {
        let done = (!self.is_there(&from) && self.has(MailboxFault::RenameOfNothing))
            || (self.is_there(&to) && self.has(MailboxFault::RenameOverAnother));
        if done {
            return Err(Reply::ok("renamed"));
        }
        let superior = to.iter().rposition(|&c| c == b'/').and_then(|at| to.get(..at));
        if superior.is_some_and(|above| !self.is_there(above)) && self.has(MailboxFault::RenameNeedsSuperiors) {
            return Err(missing());
        }
        if self.is_there(&from) && self.has(MailboxFault::RenameMovesNothing) {
            return Ok(Body::Create { mailbox: to, uses: Vec::new() });
        }
        Ok(Body::Rename { from, to })
    }

    /// What lies below a mailbox after RENAME.
    pub(super) fn follow_up_rename(&self, from: &[u8], to: &[u8]) {
        let (Ok(from), Ok(new)) = (self.name(from), self.name(to)) else { return };
        if !self.has(MailboxFault::RenameLeavesInferiors) {
            return;
        }
        for below in self.inferiors(to) {
            let Some(old) = below.moved(&new, &from) else { continue };
            // A deeper one goes with the one above it.
            let _renamed = self.account(|account| account.rename(&below, &old));
        }
    }

    /// STATUS as it is understood.
    pub(super) fn misread_status(&self, mailbox: Vec<u8>, mut items: Vec<StatusItem>) -> Result<Body, Reply> {
        if mailbox.eq_ignore_ascii_case(b"INBOX") && mailbox != b"INBOX" && self.has(MailboxFault::InboxInUpperCaseOnly)
        {
            return Err(missing());
        }
        if !self.is_there(&mailbox) && self.has(MailboxFault::StatusOfNothing) {
            return Err(Reply::ok("done"));
        }
        if items.len() == 4 && self.has(MailboxFault::StatusLeavesOutFourth) {
            items.pop();
        }
        Ok(Body::Status { mailbox, items })
    }

    /// COPY as it is understood.
    pub(super) fn misread_copy(&self, by: Numbering, set: SequenceSet, mailbox: Vec<u8>) -> Result<Body, Reply> {
        if !self.is_there(&mailbox) && self.has(ChangeFault::CopyCreates) {
            self.make(&mailbox);
            return Err(try_create());
        }
        if self.names_nothing(by, &set) && self.has(ChangeFault::UidOfNothingRefused) {
            return Err(Reply::no("no such messages"));
        }
        if self.has(ChangeFault::CopyMoves) {
            return Ok(Body::Move { by, set, mailbox });
        }
        Ok(Body::Copy { by, set, mailbox })
    }

    /// MOVE as it is understood.
    pub(super) fn misread_move(&self, by: Numbering, set: SequenceSet, mailbox: Vec<u8>) -> Result<Body, Reply> {
        let nothing = self.names_nothing(by, &set);
        let refused = (by == Numbering::Uid && !nothing && self.has(ChangeFault::UidMoveRefused))
            || (nothing && self.has(ChangeFault::UidMoveOfNothingRefused));
        if refused {
            return Err(Reply::no("no such messages"));
        }
        let marked = self.marked();
        if !marked.is_empty() && self.has(ChangeFault::MovePassesOverDeleted) {
            return Err(Reply::ok("nothing to move"));
        }
        if !self.is_there(&mailbox) && self.has(ChangeFault::MoveLosesMessages) {
            self.remove(by, &set);
            return Err(try_create());
        }
        if self.has(ChangeFault::MoveCopies) {
            return Ok(Body::Copy { by, set, mailbox });
        }
        Ok(Body::Move { by, set, mailbox })
    }

    /// Whether a set of UIDs is one of no message.
    pub(super) fn names_nothing(&self, by: Numbering, set: &SequenceSet) -> bool {
        let Some(view) = &self.view else { return false };
        by == Numbering::Uid && view.resolve(by, set).is_ok_and(|targets| targets.is_empty())
    }

    /// Removes messages that nobody wanted to be removed.
    fn remove(&self, by: Numbering, set: &SequenceSet) {
        let Some(view) = &self.view else { return };
        let Ok(targets) = view.resolve(by, set) else { return };
        let uids: Vec<u32> = targets.iter().map(|target| target.uid).collect();
        // The account is there as long as the session.
        let _removed = self.account(|account| account.remove(view.id, &uids));
    }

    /// ENABLE as it is understood.
    pub(super) fn misread_enable(&self, mut capabilities: Vec<String>) -> Body {
        if self.has(SessionFault::EnableInUpperCaseOnly) {
            capabilities.retain(|name| !name.bytes().any(|c| c.is_ascii_lowercase()));
        }
        Body::Enable { capabilities }
    }
}
