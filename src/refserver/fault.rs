//! Named ways in which the server breaks one requirement each. They are chosen when it starts, several at once if need be,
//! and show that what judges a server can say no.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use thiserror::Error;

use super::{Role, imap, pop3, security, smtp};

/// What there is to know of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FaultRow {
    /// Its name, such as `pop3-stat-counts-deleted`.
    pub id: &'static str,
    /// What the server does wrong, in one sentence.
    pub what: &'static str,
    /// The requirement that is broken.
    pub breaks: &'static str,
    /// Requirements that are broken with it, at most 5.
    pub also: &'static [&'static str],
}

/// Makes an enum of faults with the table of what each breaks. The doc comment of a variant is one sentence.
macro_rules! faults {
    ($(#[$of:meta])* $name:ident { $(#[doc = $what:literal] $fault:ident = $id:literal, breaks $breaks:literal $(, also [$($also:literal),+])?;)+ }) => {
        $(#[$of])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $(
                #[doc = $what]
                #[doc = concat!("Breaks `", $breaks, "`.")]
                $fault,
            )+
        }

        impl $name {
            /// All of them, in the order of the source.
            pub const ALL: &'static [Self] = &[$(Self::$fault),+];

            /// What there is to know of it.
            pub fn row(self) -> $crate::refserver::FaultRow {
                match self {
                    $(Self::$fault => $crate::refserver::FaultRow {
                        id: $id,
                        what: $what.trim_ascii(),
                        breaks: $breaks,
                        also: &[$($($also),+)?],
                    },)+
                }
            }
        }
    };
}
pub(in crate::refserver) use faults;

/// Makes one enum of the enums of several subjects, all of one variant of [`Fault`].
macro_rules! subjects {
    ($(#[$of:meta])* $protocol:ident { $($(#[doc = $what:literal])+ $subject:ident($faults:ident);)+ }) => {
        $(#[$of])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Fault {
            $($(#[doc = $what])+ $subject($faults),)+
        }

        impl Fault {
            /// All of them, by subject.
            pub fn all() -> impl Iterator<Item = Self> {
                std::iter::empty()$(.chain($faults::ALL.iter().copied().map(Self::$subject)))+
            }

            /// What there is to know of it.
            pub fn row(self) -> $crate::refserver::FaultRow {
                match self {
                    $(Self::$subject(fault) => fault.row(),)+
                }
            }
        }

        $(
            impl From<$faults> for $crate::refserver::Fault {
                fn from(fault: $faults) -> Self {
                    Self::$protocol(Fault::$subject(fault))
                }
            }
        )+
    };
}
pub(in crate::refserver) use subjects;

/// One named violation of one requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Of POP3.
    Pop3(pop3::Fault),
    /// Of SMTP.
    Smtp(smtp::Fault),
    /// Of TLS and logins, in all protocols.
    Security(security::Fault),
    /// Of IMAP.
    Imap(imap::Fault),
}

impl Fault {
    /// All faults, by protocol.
    pub fn all() -> impl Iterator<Item = Self> {
        let pop3 = pop3::Fault::all().map(Self::Pop3);
        let smtp = smtp::Fault::all().map(Self::Smtp);
        let imap = imap::Fault::all().map(Self::Imap);
        pop3.chain(smtp).chain(imap).chain(security::Fault::all().map(Self::Security))
    }

    /// What there is to know of it.
    pub fn row(self) -> FaultRow {
        match self {
            Self::Pop3(fault) => fault.row(),
            Self::Smtp(fault) => fault.row(),
            Self::Security(fault) => fault.row(),
            Self::Imap(fault) => fault.row(),
        }
    }
}

impl Fault {
    /// The services that a client has to talk to in order to see it.
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::Pop3(_) => &[Role::Pop3, Role::Pop3s],
            Self::Smtp(_) => &[Role::Mx, Role::Submission, Role::Submissions],
            Self::Security(_) => &Role::ALL,
            Self::Imap(_) => &[Role::Imap, Role::Imaps],
        }
    }
}

/// The faults of one server. Clones are cheap.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Faults(Arc<BTreeSet<Fault>>);

/// A name that no fault has.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("there is no fault `{0}`")]
pub struct UnknownFault(pub String);

impl Faults {
    /// The faults with these names.
    pub fn named<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, UnknownFault> {
        let find = |name: &'a str| Fault::all().find(|fault| fault.row().id == name);
        let found: Result<_, _> =
            names.into_iter().map(|name| find(name).ok_or_else(|| UnknownFault(name.to_owned()))).collect();
        found.map(|faults| Self(Arc::new(faults)))
    }

    /// Whether the server has no fault at all.
    pub(in crate::refserver) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the server has this fault.
    pub(in crate::refserver) fn has(&self, fault: impl Into<Fault>) -> bool {
        self.0.contains(&fault.into())
    }
}

impl FromIterator<Fault> for Faults {
    fn from_iter<T: IntoIterator<Item = Fault>>(faults: T) -> Self {
        Self(Arc::new(faults.into_iter().collect()))
    }
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.iter().map(|fault| fault.row().id)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_have_names_of_their_own_and_one_sentence_each() {
        let mut names = BTreeSet::new();
        for row in Fault::all().map(Fault::row) {
            assert!(names.insert(row.id), "{} is there twice", row.id);
            assert!(row.id.bytes().all(|octet| octet.is_ascii_lowercase() || octet.is_ascii_digit() || octet == b'-'));
            assert!(row.what.ends_with('.') && row.also.len() <= 5, "{row:?}");
        }
    }

    #[test]
    fn a_server_has_the_faults_that_are_named_and_no_other() {
        let faults = Faults::named(["pop3-noop-unmarks"]).unwrap();
        let has = |name: &str| Fault::all().any(|fault| fault.row().id == name && faults.has(fault));
        assert!(has("pop3-noop-unmarks") && !has("pop3-rset-keeps-marks"));
        assert_eq!(Faults::named(["pop3-nop"]), Err(UnknownFault("pop3-nop".to_owned())));
    }
}
