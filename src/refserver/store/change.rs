//! Changes to the messages of a mailbox: flags, copies, removal.

use super::{Account, Flags, Full, InternalDate, Mailbox, MailboxId, Message, NewMessage, NodeError};

/// What STORE does with its flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlagChange {
    /// `FLAGS`.
    Replace,
    /// `+FLAGS`.
    Add,
    /// `-FLAGS`.
    Remove,
}

/// What COPY or MOVE did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// UIDVALIDITY of the target.
    pub uidvalidity: u32,
    /// UIDs of source and target, one pair a message.
    pub uids: Vec<(u32, u32)>,
}

impl Account {
    /// Changes flags of one message; says what it is like now, or nothing if it is gone.
    pub fn change_flags(&mut self, id: MailboxId, uid: u32, change: FlagChange, flags: &Flags) -> Option<&Message> {
        let modified = self.modified() + 1;
        let mailbox = self.mailbox_mut(id)?;
        let admitted = if change == FlagChange::Remove { flags.clone() } else { mailbox.admit(flags.clone()) };
        let message = mailbox.message_mut(uid)?;
        let new: Flags = match change {
            FlagChange::Replace => admitted,
            FlagChange::Add => message.flags.union(&admitted).cloned().collect(),
            FlagChange::Remove => message.flags.difference(&admitted).cloned().collect(),
        };
        if new != message.flags {
            message.flags = new;
            message.modified = modified;
            mailbox.modified = modified;
            self.touch();
        }
        self.mailbox(id)?.message(uid)
    }

    /// Claims all messages that are recent still: says the least UID of them, or nothing if there are none.
    pub fn claim_recent(&mut self, id: MailboxId) -> Option<u32> {
        let mailbox = self.mailbox_mut(id)?;
        let from = mailbox.recent_from;
        mailbox.recent_from = mailbox.uidnext;
        (from < mailbox.uidnext).then_some(from)
    }

    /// Removes messages that bear `\Deleted`, of all or of these sorted UIDs; says which.
    pub fn expunge(&mut self, id: MailboxId, uids: Option<&[u32]>) -> Vec<u32> {
        let Some(mailbox) = self.mailbox_mut(id) else { return Vec::new() };
        let all: Vec<u32> = mailbox.messages.iter().map(|message| message.uid).collect();
        let gone = mailbox.take(uids.unwrap_or(&all), Mailbox::is_deleted);
        self.report_gone(id, &gone)
    }

    /// Removes messages with these sorted UIDs whatever their flags; says which.
    pub fn remove(&mut self, id: MailboxId, uids: &[u32]) -> Vec<u32> {
        let Some(mailbox) = self.mailbox_mut(id) else { return Vec::new() };
        let gone = mailbox.take(uids, |_| true);
        self.report_gone(id, &gone)
    }

    /// The messages with these UIDs, to be put elsewhere. UIDs that are gone are left out.
    pub fn pick(&self, from: MailboxId, uids: &[u32]) -> Result<Vec<Message>, NodeError> {
        let source = self.mailbox(from).ok_or(NodeError::Missing)?;
        Ok(uids.iter().filter_map(|&uid| source.message(uid)).cloned().collect())
    }

    /// Puts messages of another mailbox into one, with flags and dates, all or none (RFC 3501 §6.4.7).
    pub fn put(&mut self, messages: Vec<Message>, to: MailboxId, now: InternalDate) -> Result<Copied, NodeError> {
        let octets = messages.iter().map(|message| message.octets.len() as u64).sum();
        self.check_room(messages.len(), octets)?;
        self.put_within(messages, to, now)
    }

    /// Puts one message in the place of another, which may lie in another mailbox, or does nothing (RFC 8508 §3.4); says the UID
    /// of the new one. Only what it takes more than the old one needs room.
    pub fn replace(&mut self, (from, old): (MailboxId, u32), to: MailboxId, new: NewMessage) -> Result<u32, NodeError> {
        let before = self.mailbox(from).and_then(|mailbox| mailbox.message(old)).ok_or(NodeError::Missing)?;
        self.check_room(0, (new.octets.len() as u64).saturating_sub(before.octets.len() as u64))?;
        let uids = self.insert(to, vec![new])?;
        self.remove(from, &[old]);
        uids.first().copied().ok_or(NodeError::Full(Full))
    }

    /// Puts messages that lie here already and are to be removed where they lie (RFC 6851): they need no more room.
    pub fn put_within(
        &mut self,
        messages: Vec<Message>,
        to: MailboxId,
        saved: InternalDate,
    ) -> Result<Copied, NodeError> {
        let modified = self.touch();
        let target = self.mailbox_mut(to).ok_or(NodeError::Missing)?;
        let count = u32::try_from(messages.len()).map_err(|_| Full)?;
        target.uidnext.checked_add(count).ok_or(Full)?;
        let mut uids = Vec::with_capacity(messages.len());
        for message in messages {
            let uid = target.uidnext;
            target.uidnext += 1;
            uids.push((message.uid, uid));
            let flags = target.admit(message.flags);
            target.modified = modified;
            target.messages.push(Message { uid, flags, saved, modified, ..message });
        }
        Ok(Copied { uidvalidity: target.uidvalidity, uids })
    }

    fn report_gone(&mut self, id: MailboxId, gone: &[Message]) -> Vec<u32> {
        if !gone.is_empty() {
            let modified = self.touch();
            if let Some(mailbox) = self.mailbox_mut(id) {
                mailbox.vanished.remember(gone.iter().map(|message| message.uid), modified);
                mailbox.modified = modified;
            }
        }
        gone.iter().map(|message| message.uid).collect()
    }
}
