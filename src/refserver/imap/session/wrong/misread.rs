//! What is done before a command, and how it is understood.

use crate::refserver::imap::command::{Body, Numbering, SelectMode};
use crate::refserver::imap::fault::{ChangeFault, MailboxFault, ReadFault, SessionFault, SyncFault};
use crate::refserver::imap::session::awareness::Awareness;
use crate::refserver::imap::session::reply::{Reply, say};
use crate::refserver::imap::session::state::Session;
use crate::refserver::imap::session::view::{Target, View};
use crate::refserver::store::{Mailbox, MailboxId};

/// What there was before a command.
#[derive(Debug)]
pub(super) struct Before {
    pub(super) mailbox: Option<MailboxId>,
    /// What stays selected whatever happens.
    pub(super) kept: Option<View>,
    /// UIDs that were marked as deleted.
    pub(super) marked: Vec<u32>,
    pub(super) saved: Vec<u32>,
}

impl Session<'_> {
    /// What is done before a command is read.
    pub(super) fn prepare(&mut self, asked: &Body, out: &mut Vec<u8>) -> Before {
        self.tell_too_early(asked, out);
        if let Body::Delete { mailbox } = asked {
            self.history.deleted.extend(self.uidvalidity(mailbox).map(|validity| (mailbox.clone(), validity)));
        }
        let saved = self.view.as_ref().map(View::saved).unwrap_or_default();
        let mailbox = self.view.as_ref().map(|view| view.id);
        let marked = self.marked();
        if matches!(asked, Body::Close) && !self.only_reads() && !marked.is_empty() {
            self.tell_closed(&marked, out);
        }
        let leaves = matches!(asked, Body::Select { mailbox, .. } if !self.is_selected(mailbox));
        let expunges = (leaves && self.has(ChangeFault::SelectExpunges))
            || (matches!(asked, Body::Logout) && self.has(ChangeFault::LogoutExpunges))
            || (matches!(asked, Body::Unselect) && self.has(ChangeFault::UnselectExpunges));
        if let (Some(id), true) = (mailbox, expunges) {
            // The account is there as long as the session.
            let _expunged = self.account(|account| account.expunge(id, None));
        }
        let fails = matches!(asked, Body::Select { mailbox, .. } if !self.is_there(mailbox));
        let kept = self.view.take_if(|_| fails && self.config.faults.has(MailboxFault::FailedSelectKeepsMailbox));
        Before { mailbox, kept, marked, saved }
    }

    /// Tells which messages CLOSE removes.
    fn tell_closed(&self, marked: &[u32], out: &mut Vec<u8>) {
        let by_uid = self.awareness == Awareness::Qresync;
        if by_uid && self.has(SyncFault::CloseTellsVanished) {
            let uids: Vec<String> = marked.iter().map(u32::to_string).collect();
            say(out, &format!("* VANISHED {}", uids.join(",")));
        }
        if !by_uid && self.has(ChangeFault::CloseTells) {
            let targets: Vec<Target> = self.view.iter().flat_map(View::all).collect();
            for gone in targets.iter().rev().filter(|target| marked.contains(&target.uid)) {
                say(out, &format!("* {} EXPUNGE", gone.number));
            }
        }
    }

    /// UIDs that are marked as deleted in the selected mailbox.
    pub(super) fn marked(&self) -> Vec<u32> {
        let Some(view) = &self.view else { return Vec::new() };
        let marked = self.account(|account| {
            let messages = account.mailbox(view.id).map(Mailbox::messages).unwrap_or_default();
            messages.iter().filter(|message| Mailbox::is_deleted(message)).map(|message| message.uid).collect()
        });
        marked.unwrap_or_default()
    }

    /// A command as it is understood, or the answer to what is not carried out.
    pub(super) fn misread(&mut self, body: Body) -> Result<Body, Reply> {
        match body {
            Body::Search(search) => self.misread_search(search),
            Body::Fetch(fetch)
                if self.names_nothing(fetch.by, &fetch.set) && self.has(ReadFault::UidFetchOfNothingRefused) =>
            {
                Err(Reply::no("no such messages"))
            }
            Body::Fetch(fetch) => Ok(self.misread_fetch(fetch)),
            Body::Sort(sort) => Ok(self.misread_sort(sort)),
            Body::Store(mut store) => {
                store.set = self.misread_set(store.by, store.set);
                self.misread_store(store)
            }
            Body::Append(append) => self.misread_append(append),
            Body::Select { mailbox, mode, parameters } => Ok(self.misread_select(mailbox, mode, parameters)),
            Body::List(list) => Ok(self.misread_list(list)),
            Body::Create { mailbox, uses } => self.misread_create(mailbox, uses),
            Body::Delete { mailbox } => self.misread_delete(mailbox),
            Body::Rename { from, to } => self.misread_rename(from, to),
            Body::Status { mailbox, items } => self.misread_status(mailbox, items),
            Body::Copy { by, set, mailbox } => self.misread_copy(by, set, mailbox),
            Body::Move { by, set, mailbox } => self.misread_move(by, set, mailbox),
            Body::Enable { capabilities } => Ok(self.misread_enable(capabilities)),
            Body::Expunge { uids } => {
                let nothing = uids.as_ref().is_some_and(|set| self.names_nothing(Numbering::Uid, set));
                if nothing && self.has(ChangeFault::UidExpungeOfNothingRefused) {
                    return Err(Reply::no("no such messages"));
                }
                Ok(Body::Expunge { uids: uids.filter(|_| !self.has(ChangeFault::UidExpungeIgnoresSet)) })
            }
            Body::Close if self.has(ChangeFault::CloseKeepsMailbox) => {
                Ok(if self.only_reads() { Body::Noop } else { Body::Expunge { uids: None } })
            }
            Body::Close if self.has(ChangeFault::CloseRemovesNothing) => Ok(Body::Unselect),
            Body::Unselect if self.has(ChangeFault::UnselectKeepsMailbox) => Ok(Body::Noop),
            Body::Unselect if self.only_reads() && self.has(ChangeFault::UnselectNeedsWriting) => {
                Err(Reply::no("the mailbox is read-only"))
            }
            Body::Unsubscribe { .. } if self.has(MailboxFault::UnsubscribeKeeps) => Err(Reply::ok("unsubscribed")),
            body => self.misread_session(body),
        }
    }

    /// A command that is about no mailbox, as it is understood.
    fn misread_session(&self, body: Body) -> Result<Body, Reply> {
        match body {
            Body::Noop if self.is_empty() && self.has(SessionFault::NoopRefusedWhenEmpty) => {
                Err(Reply::no("nothing is here"))
            }
            Body::Check if self.has(SessionFault::CheckRefused) => Err(Reply::bad("unknown command")),
            Body::Id { .. } if self.view.is_some() && self.has(SessionFault::IdRefusedInMailbox) => {
                Err(Reply::bad("unknown command"))
            }
            Body::Id { .. } if self.user.is_none() && self.has(SessionFault::IdBeforeLoginRefused) => {
                Err(Reply::bad("log in first"))
            }
            Body::Id { .. } if self.user.is_some() && self.has(SessionFault::IdAfterLoginRefused) => {
                Err(Reply::bad("unknown command"))
            }
            Body::Id { parameters } if parameters.is_empty() && self.has(SessionFault::IdNilRefused) => {
                Err(Reply::bad("a list is expected"))
            }
            body => Ok(body),
        }
    }

    fn is_empty(&self) -> bool {
        self.view.as_ref().is_some_and(|view| view.all().next().is_none())
    }

    fn only_reads(&self) -> bool {
        self.view.as_ref().is_some_and(|view| view.mode == SelectMode::ReadOnly)
    }
}
