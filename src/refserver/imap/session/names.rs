//! All names that LIST may tell a user of (RFC 3501 §6.3.8, RFC 4314 §4).

use std::collections::{BTreeMap, BTreeSet};

use super::place::Place;
use super::reply::Reply;
use super::state::Session;
use crate::refserver::imap::command::{List, ListSelect};
use crate::refserver::store::{Account, MailboxName, Node, Right, SpecialUse};

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// A mailbox that can be selected, with its special uses.
    Mailbox(BTreeSet<SpecialUse>),
    /// A name that cannot be selected: for want of a mailbox, or of the right to read it.
    NoSelect,
    /// A level above other users' mailboxes, none of which it is.
    Level,
    /// Nothing but a subscription has the name, or one below it.
    Absent,
}

/// Names in order.
#[derive(Debug)]
pub(super) struct Names {
    all: BTreeMap<MailboxName, Kind>,
    subscriptions: BTreeSet<MailboxName>,
}

impl Names {
    /// All that a command may be about. Those without a mailbox are there only if they are subscribed, or above one that is.
    pub(super) fn of(session: &Session<'_>, command: &List) -> Result<Self, Reply> {
        let user = session.user()?;
        let mut names = session.account(|account| Self {
            all: account.nodes().map(|(name, node)| (name.clone(), own(node))).collect(),
            subscriptions: account.subscriptions().clone(),
        })?;
        if session.has_others() {
            let others = session.store.users().into_iter().filter(|owner| *owner != user);
            for owner in others {
                // An account that is gone has no mailboxes.
                let visible = session.store.with(&owner, |account| visible(account, &user)).unwrap_or_default();
                visible.into_iter().for_each(|(name, kind)| names.add(name, kind));
            }
        }
        if command.select.contains(&ListSelect::Subscribed) {
            for name in names.subscriptions.clone() {
                for absent in name.superiors().into_iter().chain([name]) {
                    let kind = names.all.entry(absent).or_insert(Kind::Absent);
                    if *kind == Kind::Level {
                        *kind = Kind::Absent;
                    }
                }
            }
        }
        Ok(names)
    }

    fn add(&mut self, name: MailboxName, kind: Kind) {
        for level in name.superiors() {
            self.all.entry(level).or_insert(Kind::Level);
        }
        self.all.insert(name, kind);
    }

    /// Every name with what it stands for.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&MailboxName, &Kind)> {
        self.all.iter()
    }

    /// Whether anything but a subscription lies below a name.
    pub(super) fn has_inferiors(&self, name: &MailboxName) -> bool {
        self.all.iter().any(|(other, kind)| *kind != Kind::Absent && other.is_below(name))
    }

    /// Whether a name is subscribed.
    pub(super) fn is_subscribed(&self, name: &MailboxName) -> bool {
        self.subscriptions.contains(name)
    }
}

fn own(node: &Node) -> Kind {
    match node {
        Node::Mailbox(_, mailbox) => Kind::Mailbox(mailbox.uses().clone()),
        Node::NoSelect => Kind::NoSelect,
    }
}

/// The mailboxes of another that a user may see. Special uses are those of their owner.
fn visible(account: &Account, user: &str) -> Vec<(MailboxName, Kind)> {
    let seen = |(name, node): (&MailboxName, &Node)| {
        let Node::Mailbox(_, mailbox) = node else { return None };
        let rights = account.rights(mailbox, user);
        let kind = if rights.has(Right::Read) { Kind::Mailbox(BTreeSet::new()) } else { Kind::NoSelect };
        Some((Place::of_other(account.user(), name)?.shown, kind)).filter(|_| rights.has(Right::Lookup))
    };
    account.nodes().filter_map(seen).collect()
}
