//! What a server with faults does to an account that no right one does.

use super::{Account, MailboxId, MailboxName, Message, Node};

/// So much greater are UIDs that were given anew.
const RENUMBERED_BY: u32 = 100;

impl Account {
    /// Passes over a UID that no message gets.
    pub fn skip_uid(&mut self, id: MailboxId) {
        if let Some(mailbox) = self.mailbox_mut(id) {
            mailbox.uidnext += 1;
        }
    }

    /// Gives the UIDs of messages that were the last ones to the next messages.
    pub fn free_uids(&mut self, id: MailboxId) {
        if let Some(mailbox) = self.mailbox_mut(id) {
            mailbox.uidnext = mailbox.messages.last().map_or(1, |message| message.uid + 1);
        }
    }

    /// Gives the messages of a mailbox other UIDs.
    pub fn renumber(&mut self, id: MailboxId) {
        if let Some(mailbox) = self.mailbox_mut(id) {
            mailbox.messages.iter_mut().for_each(|message| message.uid += RENUMBERED_BY);
            mailbox.uidnext += RENUMBERED_BY;
        }
        self.touch();
    }

    /// Gives a mailbox a UIDVALIDITY that its name had before.
    pub fn revive(&mut self, name: &MailboxName, uidvalidity: u32) {
        if let Some(Node::Mailbox(_, mailbox)) = self.nodes.get_mut(name) {
            mailbox.uidvalidity = uidvalidity;
        }
    }

    /// Gives messages another mod-sequence, where there is one.
    pub fn remodify(&mut self, id: MailboxId, modified: impl Fn(&Message) -> Option<u64>) {
        let Some(mailbox) = self.mailbox_mut(id) else { return };
        for message in &mut mailbox.messages {
            message.modified = modified(message).unwrap_or(message.modified);
        }
    }

    /// Counts a change that none was, and tells its mod-sequence.
    pub fn pretend(&mut self, id: MailboxId) -> u64 {
        let modified = self.touch();
        if let Some(mailbox) = self.mailbox_mut(id) {
            mailbox.modified = modified;
        }
        modified
    }

    /// Lowers the highest mod-sequence of a mailbox by one.
    pub fn lower(&mut self, id: MailboxId) {
        if let Some(mailbox) = self.mailbox_mut(id) {
            mailbox.modified = mailbox.modified.saturating_sub(1).max(1);
        }
    }
}
