//! How much room an account has, and how much of it is taken.

use super::{Account, Full, Limits, Node};

/// What an account takes of its [`Limits`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Mailboxes that can be selected.
    pub mailboxes: usize,
    /// Messages over all mailboxes.
    pub messages: usize,
    /// Octets of messages over all mailboxes.
    pub octets: u64,
}

impl Account {
    /// The bounds.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// What is there.
    pub fn usage(&self) -> Usage {
        let mut usage = Usage::default();
        for node in self.nodes.values() {
            if let Node::Mailbox(_, mailbox) = node {
                usage.mailboxes += 1;
                usage.messages += mailbox.messages.len();
                usage.octets += mailbox.size();
            }
        }
        usage
    }

    pub(super) fn check_room(&self, messages: usize, octets: u64) -> Result<(), Full> {
        let usage = self.usage();
        let full = usage.messages + messages > self.limits.messages || usage.octets + octets > self.limits.octets;
        if full { Err(Full) } else { Ok(()) }
    }

    /// Whether there is room for so many mailboxes more. Names that cannot be selected take none.
    pub(super) fn check_mailboxes(&self, count: usize) -> Result<(), Full> {
        let there = self.nodes.values().filter(|node| matches!(node, Node::Mailbox(..))).count();
        if there + count > self.limits.mailboxes { Err(Full) } else { Ok(()) }
    }
}
