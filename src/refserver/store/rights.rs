//! Who may do what with a mailbox (RFC 4314 §2).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::{Account, Full, Mailbox, MailboxId, MailboxName};

/// A standard right (RFC 4314 §2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// `l`: the mailbox is listed.
    Lookup,
    /// `r`: it can be selected.
    Read,
    /// `s`: `\Seen` can be changed.
    Seen,
    /// `w`: all other flags but `\Deleted` can be changed.
    Write,
    /// `i`: messages can be put into it.
    Insert,
    /// `p`: mail can be sent to it, which IMAP has no part in.
    Post,
    /// `k`: mailboxes can be made below it.
    Create,
    /// `x`: it can be deleted.
    Delete,
    /// `t`: `\Deleted` can be changed.
    Mark,
    /// `e`: messages can be expunged.
    Expunge,
    /// `a`: its rights can be read and changed.
    Administer,
}

impl Right {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Lookup,
        Self::Read,
        Self::Seen,
        Self::Write,
        Self::Insert,
        Self::Post,
        Self::Create,
        Self::Delete,
        Self::Mark,
        Self::Expunge,
        Self::Administer,
    ];

    /// The letter that stands for it.
    pub fn letter(self) -> char {
        match self {
            Self::Lookup => 'l',
            Self::Read => 'r',
            Self::Seen => 's',
            Self::Write => 'w',
            Self::Insert => 'i',
            Self::Post => 'p',
            Self::Create => 'k',
            Self::Delete => 'x',
            Self::Mark => 't',
            Self::Expunge => 'e',
            Self::Administer => 'a',
        }
    }
}

/// What the `c` of RFC 2086 is here (RFC 4314 §2.1.1).
const OLD_CREATE: [Right; 2] = [Right::Create, Right::Delete];

/// What the `d` of RFC 2086 is here.
const OLD_DELETE: [Right; 2] = [Right::Mark, Right::Expunge];

/// What the owner of a mailbox is always granted, so that nobody is locked out of what is theirs (RFC 4314 §2).
const OWNER_ALWAYS: [Right; 4] = [Right::Lookup, Right::Create, Right::Delete, Right::Administer];

/// A set of rights.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rights(BTreeSet<Right>);

impl Rights {
    /// All there are.
    pub fn all() -> Self {
        Self(Right::ALL.into())
    }

    /// What the owner of a mailbox has whatever its list says.
    pub fn of_owner() -> Self {
        Self(OWNER_ALWAYS.into())
    }

    /// Reads lower-case letters, of which `c` and `d` stand for all that they were split into; nothing if one of them is
    /// unknown (RFC 4314 §2.1.1, §3.1).
    pub fn parse(letters: &[u8]) -> Option<Self> {
        let mut rights = Self::default();
        for letter in letters.iter().copied().map(char::from) {
            match letter {
                'c' => rights.0.extend(OLD_CREATE),
                'd' => rights.0.extend(OLD_DELETE),
                letter => {
                    rights.0.insert(Right::ALL.into_iter().find(|right| right.letter() == letter)?);
                }
            }
        }
        Some(rights)
    }

    /// Whether a right is among them.
    pub fn has(&self, right: Right) -> bool {
        self.0.contains(&right)
    }

    /// Whether any of these is among them.
    pub fn has_any(&self, rights: &[Right]) -> bool {
        rights.iter().any(|right| self.has(*right))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is in both.
    #[must_use]
    pub fn shared_with(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0).copied().collect())
    }

    /// With those of another set.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0).copied().collect())
    }

    /// Without those of another set.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        Self(self.0.difference(&other.0).copied().collect())
    }

    /// Each right by its letter, in a string of its own, and the old letters that any of these belong to.
    pub fn letters(&self) -> Vec<char> {
        let old = [('c', OLD_CREATE), ('d', OLD_DELETE)].into_iter().filter(|(_, of)| self.has_any(of));
        self.0.iter().map(|right| right.letter()).chain(old.map(|(letter, _)| letter)).collect()
    }
}

impl FromIterator<Right> for Rights {
    fn from_iter<T: IntoIterator<Item = Right>>(rights: T) -> Self {
        Self(rights.into_iter().collect())
    }
}

impl fmt::Display for Rights {
    /// RFC 4314 §2.1.1: the old letters are told too.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.letters().into_iter().collect::<String>())
    }
}

/// How SETACL changes an entry (RFC 4314 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RightsChange {
    /// No sign.
    Replace,
    /// `+`.
    Add,
    /// `-`.
    Remove,
}

/// The access control list of a mailbox: rights by identifier. What stands under `-` and an identifier is taken away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acl(BTreeMap<String, Rights>);

/// How many entries a list may have.
const ENTRIES_MAX: usize = 1000;

/// Everybody who has logged in (RFC 4314 §2).
const ANYONE: &str = "anyone";

impl Acl {
    /// The list of a mailbox that nobody but its owner may use.
    pub(super) fn of_owner(owner: &str) -> Self {
        Self([(owner.to_owned(), Rights::all())].into())
    }

    /// All entries, by identifier.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Rights)> {
        self.0.iter().map(|(identifier, rights)| (identifier.as_str(), rights))
    }

    fn rights_of(&self, user: &str) -> Rights {
        let all = |sign: &str| {
            let entries = [user, ANYONE].map(|identifier| self.0.get(&format!("{sign}{identifier}")));
            entries.into_iter().flatten().fold(Rights::default(), |sum, rights| sum.with(rights))
        };
        all("").without(&all("-"))
    }

    fn change(&mut self, identifier: &str, change: RightsChange, rights: &Rights) -> Result<(), Full> {
        let before = self.0.get(identifier).cloned().unwrap_or_default();
        let after = match change {
            RightsChange::Replace => rights.clone(),
            RightsChange::Add => before.with(rights),
            RightsChange::Remove => before.without(rights),
        };
        if after.is_empty() {
            self.0.remove(identifier);
        } else if self.0.len() < ENTRIES_MAX || self.0.contains_key(identifier) {
            self.0.insert(identifier.to_owned(), after);
        } else {
            return Err(Full);
        }
        Ok(())
    }
}

impl Account {
    /// What a user may do with one of the mailboxes here. Names of users are in lower case.
    pub fn rights(&self, mailbox: &Mailbox, user: &str) -> Rights {
        let granted = mailbox.acl.rights_of(user);
        if user == self.user { granted.with(&Rights::of_owner()) } else { granted }
    }

    /// Whose mailboxes these are, in lower case.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The nearest mailbox above a name.
    pub fn nearest(&self, name: &MailboxName) -> Option<&Mailbox> {
        name.superiors().iter().rev().find_map(|above| self.find(above)).map(|(_, mailbox)| mailbox)
    }

    /// Changes one entry of the list of a mailbox.
    pub fn change_rights(
        &mut self,
        id: MailboxId,
        identifier: &str,
        change: RightsChange,
        rights: &Rights,
    ) -> Result<(), Full> {
        if let Some(mailbox) = self.mailbox_mut(id) {
            mailbox.acl.change(identifier, change, rights)?;
            // Whoever has it selected may have to be told.
            self.touch();
        }
        Ok(())
    }

    /// RFC 4314 §4: a new mailbox has the list of the one above it.
    pub(super) fn inherited(&self, name: &MailboxName) -> Acl {
        self.nearest(name).map_or_else(|| Acl::of_owner(&self.user), |above| above.acl.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rights(letters: &str) -> Rights {
        Rights::parse(letters.as_bytes()).unwrap()
    }

    #[test]
    fn old_letters_stand_for_what_they_were_split_into() {
        for (given, told) in
            [("", ""), ("rl", "lr"), ("lrc", "lrkxc"), ("lrd", "lrted"), ("t", "td"), ("k", "kc"), ("xx", "xc")]
        {
            assert_eq!(rights(given).to_string(), told, "{given}");
        }
        assert_eq!(Rights::all().to_string(), "lrswipkxteacd");
        for unknown in ["q", "lQ", "0", "L", "l r"] {
            assert_eq!(Rights::parse(unknown.as_bytes()), None, "{unknown}");
        }
    }

    #[test]
    fn rights_of_all_identifiers_add_up_and_negative_ones_are_taken_away() {
        let mut acl = Acl::of_owner("alice");
        acl.change("anyone", RightsChange::Replace, &rights("lr")).unwrap();
        acl.change("bob", RightsChange::Add, &rights("ws")).unwrap();
        acl.change("-bob", RightsChange::Replace, &rights("sr")).unwrap();
        assert_eq!(acl.rights_of("bob"), rights("lw"));
        assert_eq!(acl.rights_of("carol"), rights("lr"));
        acl.change("bob", RightsChange::Remove, &rights("wst")).unwrap();
        assert_eq!(acl.entries().map(|(identifier, _)| identifier).collect::<Vec<_>>(), ["-bob", "alice", "anyone"]);
    }

    #[test]
    fn a_list_has_a_bound() {
        let mut acl = Acl::default();
        for number in 0..ENTRIES_MAX {
            acl.change(&number.to_string(), RightsChange::Replace, &rights("l")).unwrap();
        }
        assert_eq!(acl.change("x", RightsChange::Replace, &rights("l")), Err(Full));
        assert_eq!(acl.change("5", RightsChange::Replace, &rights("r")), Ok(()));
    }
}
