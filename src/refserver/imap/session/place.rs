//! Which mailbox a name stands for: of the user, or of another user who lets it be seen (RFC 2342 §5, RFC 4314 §4).

use super::mailboxes::missing;
use super::reply::Reply;
use super::state::Session;
use crate::refserver::imap::fault::AclFault;
use crate::refserver::store::{Account, Mailbox, MailboxId, MailboxName, Node, Right, Rights, SEPARATOR};

/// The first level of the names of other users' mailboxes; the second one is the user. No own mailbox has such a name.
pub(super) const OTHERS: &str = "user";

/// Where a mailbox is, or might be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Whose it is, in lower case.
    pub(super) owner: String,
    /// What its owner calls it.
    pub(super) name: MailboxName,
    /// What this user calls it.
    pub(super) shown: MailboxName,
}

/// Why a mailbox is not to be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Denied {
    /// There is none, or it is hidden (RFC 4314 §6).
    Missing,
    /// A right is missing.
    Forbidden,
}

impl From<Denied> for Reply {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Missing => missing(),
            Denied::Forbidden => forbidden(),
        }
    }
}

/// A right is missing (RFC 5530 §3).
pub(super) fn forbidden() -> Reply {
    Reply::no("that is not allowed here").with("NOPERM")
}

impl Place {
    /// The name that a user has for a mailbox of another.
    pub(super) fn of_other(owner: &str, name: &MailboxName) -> Option<Self> {
        let shown = MailboxName::parse(format!("{OTHERS}{SEPARATOR}{owner}{SEPARATOR}{name}").as_bytes()).ok()?;
        Some(Self { owner: owner.to_owned(), name: name.clone(), shown })
    }
}

impl Session<'_> {
    /// Who has logged in, in lower case.
    pub(super) fn user(&self) -> Result<String, Reply> {
        self.user.as_deref().map(str::to_ascii_lowercase).ok_or_else(|| Reply::bad("log in first"))
    }

    /// Whether mailboxes of others can be seen.
    pub(super) fn has_others(&self) -> bool {
        self.config.offers("ACL")
    }

    /// What a name that a command gives stands for. What is among other users' names and no mailbox of theirs can have is missing.
    pub(super) fn place(&self, octets: &[u8]) -> Result<Place, Reply> {
        self.place_of(self.name(octets)?)
    }

    /// What a name stands for.
    pub(super) fn place_of(&self, shown: MailboxName) -> Result<Place, Reply> {
        let user = self.user()?;
        if !self.is_among_others(&shown) {
            return Ok(Place { owner: user, name: shown.clone(), shown });
        }
        let mut levels = shown.as_str().splitn(3, SEPARATOR).skip(1);
        let (Some(owner), Some(rest)) = (levels.next(), levels.next()) else { return Err(missing()) };
        let owner = owner.to_ascii_lowercase();
        if owner == user {
            return Err(missing());
        }
        let name = MailboxName::parse(rest.as_bytes()).map_err(|_| missing())?;
        Place::of_other(&owner, &name).ok_or_else(missing)
    }

    /// The same for a mailbox that is to be made.
    pub(super) fn new_place(&self, octets: &[u8]) -> Result<Place, Reply> {
        let shown = self.name(octets)?;
        let reserved = self.is_among_others(&shown) && shown.superiors().len() < 2;
        if reserved {
            return Err(Reply::no("no mailbox has that name").with("CANNOT"));
        }
        self.place_of(shown)
    }

    fn is_among_others(&self, shown: &MailboxName) -> bool {
        self.has_others() && shown.as_str().split(SEPARATOR).next() == Some(OTHERS)
    }

    /// Does something with the account that a place is in.
    pub(super) fn at<R>(
        &self,
        place: &Place,
        action: impl FnOnce(&mut Account) -> Result<R, Reply>,
    ) -> Result<R, Reply> {
        self.store.with(&place.owner, action).unwrap_or_else(|| Err(missing()))
    }

    /// The mailbox of a place, if the user has a right to it.
    pub(super) fn admit<'a>(
        &self,
        account: &'a Account,
        place: &Place,
        right: Right,
    ) -> Result<(MailboxId, &'a Mailbox), Denied> {
        let found = account.find(&place.name).ok_or(Denied::Missing)?;
        let rights = self.rights(account, found.1);
        if rights.has(right) || self.passes_over(right) {
            Ok(found)
        } else if rights.has(Right::Lookup) {
            Err(Denied::Forbidden)
        } else {
            Err(Denied::Missing)
        }
    }

    /// What the user may do with a mailbox.
    pub(super) fn rights(&self, account: &Account, mailbox: &Mailbox) -> Rights {
        self.user().map(|user| account.rights(mailbox, &user)).unwrap_or_default()
    }

    /// Whether a mailbox may be made: below others it is their matter (RFC 4314 §4).
    pub(super) fn may_create(&self, account: &Account, place: &Place) -> Result<(), Denied> {
        let own = self.user().is_ok_and(|user| user == place.owner);
        match account.nearest(&place.name).map(|above| self.rights(account, above)) {
            Some(rights) if rights.has(Right::Create) => Ok(()),
            Some(rights) if rights.has(Right::Lookup) => Err(Denied::Forbidden),
            None if own => Ok(()),
            Some(_) | None => Err(Denied::Missing),
        }
    }

    /// Whether what has a name may be deleted or renamed. Whether anything has it, the account knows.
    pub(super) fn may_remove(&self, account: &Account, place: &Place) -> Result<(), Denied> {
        match account.node(&place.name) {
            Some(Node::Mailbox(..)) => self.admit(account, place, Right::Delete).map(|_| ()),
            Some(Node::NoSelect) | None if self.user().is_ok_and(|user| user == place.owner) => Ok(()),
            Some(Node::NoSelect) | None => Err(Denied::Missing),
        }
    }

    /// The answer to a message that is to go where it cannot. RFC 3501 §6.3.11: TRYCREATE, unless the user may not.
    pub(super) fn turned_away(&self, account: &Account, place: &Place, denied: Denied) -> Reply {
        match denied {
            Denied::Missing if self.may_create(account, place).is_ok() => super::mailboxes::try_create(),
            Denied::Missing => missing(),
            Denied::Forbidden => forbidden(),
        }
    }

    fn passes_over(&self, right: Right) -> bool {
        (right == Right::Read && self.has(AclFault::SelectWithoutRight))
            || (right == Right::Insert && self.has(AclFault::AppendWithoutRight))
    }
}
