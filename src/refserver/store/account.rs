//! One user's mailboxes and subscriptions.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use thiserror::Error;

use super::{Full, Limits, Mailbox, MailboxName, Message, NewMessage, SpecialUse};

/// Identity of a mailbox through renames; no two mailboxes ever share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailboxId(u64);

impl fmt::Display for MailboxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a name stands for.
#[derive(Debug, Clone)]
pub enum Node {
    /// A mailbox.
    Mailbox(MailboxId, Mailbox),
    /// A deleted mailbox that had names below it: `\Noselect` (RFC 3501 §6.3.4).
    NoSelect,
}

/// Why a mailbox cannot be made, deleted or renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NodeError {
    /// The name is taken.
    #[error("a mailbox of that name exists")]
    Exists,
    /// Nothing has the name.
    #[error("no such mailbox")]
    Missing,
    /// INBOX cannot be deleted (RFC 3501 §6.3.4).
    #[error("INBOX stays")]
    Inbox,
    /// RFC 3501 §6.3.4: a `\Noselect` name with names below it.
    #[error("there are mailboxes below that name")]
    HasInferiors,
    /// A mailbox would lie below itself.
    #[error("a mailbox cannot lie below itself")]
    BelowItself,
    /// A name would grow too long.
    #[error("a name below it would be too long")]
    TooLong,
    /// No room.
    #[error(transparent)]
    Full(#[from] Full),
}

/// One user's mailboxes. All changes count up [`Account::modified`].
#[derive(Debug)]
pub struct Account {
    /// In lower case.
    pub(super) user: String,
    pub(super) nodes: BTreeMap<MailboxName, Node>,
    subscriptions: BTreeSet<MailboxName>,
    pub(super) limits: Limits,
    modified: u64,
    /// What no mailbox and no message has had.
    next_id: u64,
    next_uidvalidity: u32,
    /// The last UIDVALIDITY of each name that has become free.
    freed: BTreeMap<MailboxName, u32>,
    /// What `freed` says of names it no longer remembers.
    freed_floor: u32,
}

/// How many freed names are remembered one by one.
const FREED_MAX: usize = 10_000;

impl Account {
    /// The account of a user, in lower case, with an empty INBOX. Mailboxes and messages are numbered from `first_id` on.
    pub(super) fn new(user: &str, limits: Limits, first_id: u64) -> Self {
        let mut account = Self {
            user: user.to_owned(),
            nodes: BTreeMap::new(),
            subscriptions: BTreeSet::new(),
            limits,
            modified: 1,
            next_id: first_id,
            next_uidvalidity: limits.first_uidvalidity,
            freed: BTreeMap::new(),
            freed_floor: 0,
        };
        account.insert_new(MailboxName::inbox());
        account
    }

    /// The number of the last change. It only grows.
    pub fn modified(&self) -> u64 {
        self.modified
    }

    /// All names in order.
    pub fn nodes(&self) -> impl Iterator<Item = (&MailboxName, &Node)> {
        self.nodes.iter()
    }

    /// What a name stands for.
    pub fn node(&self, name: &MailboxName) -> Option<&Node> {
        self.nodes.get(name)
    }

    /// The mailbox of a name, unless it is `\Noselect`.
    pub fn find(&self, name: &MailboxName) -> Option<(MailboxId, &Mailbox)> {
        match self.nodes.get(name)? {
            Node::Mailbox(id, mailbox) => Some((*id, mailbox)),
            Node::NoSelect => None,
        }
    }

    /// A mailbox by identity; nothing once it is deleted.
    pub fn mailbox(&self, id: MailboxId) -> Option<&Mailbox> {
        self.nodes.values().find_map(|node| match node {
            Node::Mailbox(this, mailbox) if *this == id => Some(mailbox),
            Node::Mailbox(..) | Node::NoSelect => None,
        })
    }

    pub(super) fn mailbox_mut(&mut self, id: MailboxId) -> Option<&mut Mailbox> {
        self.nodes.values_mut().find_map(|node| match node {
            Node::Mailbox(this, mailbox) if *this == id => Some(mailbox),
            Node::Mailbox(..) | Node::NoSelect => None,
        })
    }

    /// Whether any name lies below this one.
    pub fn has_inferiors(&self, name: &MailboxName) -> bool {
        self.nodes.keys().any(|other| other.is_below(name))
    }

    /// Makes a mailbox, and those above it that are missing (RFC 3501 §6.3.3). A `\Noselect` name becomes a mailbox.
    pub fn create(&mut self, name: &MailboxName) -> Result<(), NodeError> {
        if self.find(name).is_some() {
            return Err(NodeError::Exists);
        }
        self.insert_with_superiors(name)
    }

    /// Makes a mailbox for special uses (RFC 6154 §3), as [`Account::create`] makes others.
    pub fn create_for(&mut self, name: &MailboxName, uses: BTreeSet<SpecialUse>) -> Result<(), NodeError> {
        self.create(name)?;
        if let Some(Node::Mailbox(_, mailbox)) = self.nodes.get_mut(name) {
            mailbox.uses = uses;
        }
        Ok(())
    }

    /// Deletes a mailbox with its messages. The name stays as `\Noselect` while others lie below it (RFC 3501 §6.3.4).
    pub fn delete(&mut self, name: &MailboxName) -> Result<(), NodeError> {
        let inferiors = self.has_inferiors(name);
        match self.nodes.get(name) {
            None => return Err(NodeError::Missing),
            Some(_) if name.is_inbox() => return Err(NodeError::Inbox),
            Some(Node::NoSelect) if inferiors => return Err(NodeError::HasInferiors),
            Some(Node::NoSelect | Node::Mailbox(..)) => {}
        }
        let gone = self.nodes.remove(name);
        self.remember_freed(name, gone.as_ref());
        if inferiors {
            self.nodes.insert(name.clone(), Node::NoSelect);
        }
        self.touch();
        Ok(())
    }

    /// Renames a mailbox and all below it. INBOX gives its messages to a new mailbox and stays, empty (RFC 3501 §6.3.5).
    pub fn rename(&mut self, from: &MailboxName, to: &MailboxName) -> Result<(), NodeError> {
        if !self.nodes.contains_key(from) {
            return Err(NodeError::Missing);
        }
        if self.nodes.contains_key(to) {
            return Err(NodeError::Exists);
        }
        if from.is_inbox() {
            return self.rename_inbox(to);
        }
        if to.is_below(from) {
            return Err(NodeError::BelowItself);
        }
        let moves: Vec<(MailboxName, MailboxName)> =
            self.nodes.keys().filter_map(|name| Some((name.clone(), name.moved(from, to)?))).collect();
        if moves.iter().any(|(_, new)| MailboxName::parse(new.as_str().as_bytes()).is_err()) {
            return Err(NodeError::TooLong);
        }
        for superior in to.superiors() {
            if !self.nodes.contains_key(&superior) {
                self.insert_checked(superior)?;
            }
        }
        for (old, new) in moves {
            let Some(node) = self.nodes.remove(&old) else { continue };
            self.remember_freed(&old, Some(&node));
            let node = self.revalidated(&new, node);
            self.nodes.insert(new, node);
        }
        self.touch();
        Ok(())
    }

    /// Names that LSUB lists.
    pub fn subscriptions(&self) -> &BTreeSet<MailboxName> {
        &self.subscriptions
    }

    /// Adds a name to the subscriptions, whether or not a mailbox has it.
    pub fn subscribe(&mut self, name: &MailboxName) -> Result<(), Full> {
        if self.subscriptions.len() >= self.limits.mailboxes && !self.subscriptions.contains(name) {
            return Err(Full);
        }
        self.subscriptions.insert(name.clone());
        Ok(())
    }

    /// Takes a name from the subscriptions; says whether it was there.
    pub fn unsubscribe(&mut self, name: &MailboxName) -> bool {
        self.subscriptions.remove(name)
    }

    /// Puts messages into a mailbox, all or none, and says their UIDs.
    pub fn append(&mut self, id: MailboxId, new: Vec<NewMessage>) -> Result<Vec<u32>, NodeError> {
        self.check_room(new.len(), new.iter().map(|message| message.octets.len() as u64).sum())?;
        self.insert(id, new)
    }

    /// Puts messages into a mailbox, all or none, whatever room there is.
    pub(super) fn insert(&mut self, id: MailboxId, new: Vec<NewMessage>) -> Result<Vec<u32>, NodeError> {
        let count = u32::try_from(new.len()).map_err(|_| Full)?;
        self.mailbox(id).ok_or(NodeError::Missing)?.uidnext.checked_add(count).ok_or(Full)?;
        let modified = self.touch();
        let first_id = self.next_id;
        self.next_id += u64::from(count);
        let mailbox = self.mailbox_mut(id).ok_or(NodeError::Missing)?;
        let mut uids = Vec::with_capacity(new.len());
        for (email_id, NewMessage { octets, flags, date, saved }) in (first_id..).zip(new) {
            let uid = mailbox.uidnext;
            mailbox.uidnext += 1;
            let flags = mailbox.admit(flags);
            mailbox.messages.push(Message { uid, octets, flags, date, saved, email_id, modified });
            mailbox.modified = modified;
            uids.push(uid);
        }
        Ok(uids)
    }

    /// Makes the account as new, but never uses a UIDVALIDITY again.
    pub fn clear(&mut self) {
        let names: Vec<MailboxName> = self.nodes.keys().cloned().collect();
        for name in names {
            let gone = self.nodes.remove(&name);
            self.remember_freed(&name, gone.as_ref());
        }
        self.subscriptions.clear();
        self.insert_new(MailboxName::inbox());
        self.touch();
    }

    pub(super) fn touch(&mut self) -> u64 {
        self.modified += 1;
        self.modified
    }

    fn rename_inbox(&mut self, to: &MailboxName) -> Result<(), NodeError> {
        self.insert_with_superiors(to)?;
        let Some((from, _)) = self.find(&MailboxName::inbox()) else { return Err(NodeError::Missing) };
        let Some((id, _)) = self.find(to) else { return Err(NodeError::Missing) };
        let modified = self.touch();
        let (messages, keywords) = match self.mailbox_mut(from) {
            Some(inbox) => {
                let messages = std::mem::take(&mut inbox.messages);
                inbox.vanished.remember(messages.iter().map(|message| message.uid), modified);
                inbox.modified = modified;
                (messages, inbox.keywords.clone())
            }
            None => return Err(NodeError::Missing),
        };
        if let Some(target) = self.mailbox_mut(id) {
            target.keywords = keywords;
            target.modified = modified;
            for message in messages {
                let uid = target.uidnext;
                target.uidnext += 1;
                target.messages.push(Message { uid, modified, ..message });
            }
        }
        Ok(())
    }

    /// All of them or none.
    fn insert_with_superiors(&mut self, name: &MailboxName) -> Result<(), NodeError> {
        let missing = name.superiors().into_iter().filter(|superior| !self.nodes.contains_key(superior));
        let missing: Vec<MailboxName> = missing.collect();
        self.check_mailboxes(missing.len() + 1)?;
        for superior in missing {
            self.insert_checked(superior)?;
        }
        self.insert_checked(name.clone())?;
        self.touch();
        Ok(())
    }

    fn insert_checked(&mut self, name: MailboxName) -> Result<(), Full> {
        self.check_mailboxes(1)?;
        if self.next_uidvalidity == u32::MAX {
            return Err(Full);
        }
        self.insert_new(name);
        Ok(())
    }

    fn insert_new(&mut self, name: MailboxName) {
        let acl = self.inherited(&name);
        let mailbox = Mailbox::new(self.fresh_uidvalidity(), self.modified, acl);
        let id = MailboxId(self.next_id);
        self.next_id += 1;
        self.nodes.insert(name, Node::Mailbox(id, mailbox));
    }

    fn fresh_uidvalidity(&mut self) -> u32 {
        let fresh = self.next_uidvalidity;
        self.next_uidvalidity = fresh.saturating_add(1);
        fresh
    }

    /// RFC 3501 §2.3.1.1: under its new name a mailbox needs a greater UIDVALIDITY than any that the name had.
    fn revalidated(&mut self, name: &MailboxName, node: Node) -> Node {
        match node {
            Node::Mailbox(id, mut mailbox) => {
                let before = self.freed.get(name).copied().unwrap_or(0).max(self.freed_floor);
                if mailbox.uidvalidity <= before {
                    mailbox.uidvalidity = self.fresh_uidvalidity();
                }
                Node::Mailbox(id, mailbox)
            }
            Node::NoSelect => Node::NoSelect,
        }
    }

    fn remember_freed(&mut self, name: &MailboxName, node: Option<&Node>) {
        let Some(Node::Mailbox(_, mailbox)) = node else { return };
        if self.freed.len() >= FREED_MAX {
            self.freed.clear();
            self.freed_floor = self.next_uidvalidity.saturating_sub(1);
        }
        self.freed.insert(name.clone(), mailbox.uidvalidity);
    }
}
