//! What the embedded server is told before it starts.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

use super::store::Limits;
use super::{Faults, imap, pop3, sasl, smtp};
use crate::base::Secret;

/// One service of the server, as targets name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// SMTP between servers (RFC 5321).
    Mx,
    /// Message submission (RFC 6409).
    Submission,
    /// Message submission with TLS from the first octet (RFC 8314 §3.3).
    Submissions,
    /// POP3 (RFC 1939).
    Pop3,
    /// POP3 with TLS from the first octet.
    Pop3s,
    /// IMAP4rev1 (RFC 3501).
    Imap,
    /// IMAP with TLS from the first octet.
    Imaps,
}

impl Role {
    /// Every role, in the order of reports.
    pub const ALL: [Self; 7] =
        [Self::Mx, Self::Submission, Self::Submissions, Self::Pop3, Self::Pop3s, Self::Imap, Self::Imaps];

    /// The word that targets use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mx => "mx",
            Self::Submission => "submission",
            Self::Submissions => "submissions",
            Self::Pop3 => "pop3",
            Self::Pop3s => "pop3s",
            Self::Imap => "imap",
            Self::Imaps => "imaps",
        }
    }
}

/// Where one role listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listener {
    /// What is spoken there.
    pub role: Role,
    /// The address; port 0 takes any free one.
    pub address: SocketAddr,
}

/// Somebody who has a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The name to log in with, which is also the local part of the address. Lower case.
    pub user: String,
    /// The password.
    pub password: Secret<String>,
    /// Whether tests may delete whatever lies in it.
    pub tenure: Tenure,
}

/// What tests may do with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tenure {
    /// A named account that stays as it is.
    Standing,
    /// One of a pool, lent to a scenario and emptied before.
    Disposable,
}

/// How long a client may say nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdleTimeouts {
    /// RFC 5321 §4.5.3.2.7: at least 5 minutes.
    pub smtp: Duration,
    /// RFC 1939 §3: at least 10 minutes.
    pub pop3: Duration,
    /// RFC 9051 §5.4: at least 30 minutes.
    pub imap: Duration,
}

/// What VRFY and EXPN tell (RFC 5321 §3.5, §7.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup {
    /// Who has a mailbox.
    Answered,
    /// Nothing: VRFY says 252, and there is no EXPN.
    Declined,
}

/// Capabilities that the server has and yet neither announces nor takes: words of EHLO, CAPA and CAPABILITY, in upper case.
/// A word that two protocols share is withheld in both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Withheld(BTreeSet<String>);

impl<S: AsRef<str>> FromIterator<S> for Withheld {
    fn from_iter<I: IntoIterator<Item = S>>(words: I) -> Self {
        Self(words.into_iter().map(|word| word.as_ref().to_ascii_uppercase()).collect())
    }
}

impl Withheld {
    /// Whether a capability is withheld; `word` is in upper case. Mechanisms of SASL are `AUTH=` and their name, as IMAP
    /// announces them; without `AUTH` or `SASL` the mechanisms stay, but SMTP or POP3 has no command for them.
    pub fn has(&self, word: &str) -> bool {
        self.0.contains(word)
    }
}

/// All settings of the server. [`Config::default`] is the server that a run without a target tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// What listens; a role may stand there once.
    pub listeners: Vec<Listener>,
    /// Who has a mailbox.
    pub accounts: Vec<Account>,
    /// Domains whose mail is delivered here, in lower case.
    pub domains: Vec<String>,
    /// The name in greetings and trace header fields.
    pub hostname: String,
    /// The user who gets mail for unknown local parts; without one they are refused.
    pub catch_all: Option<String>,
    /// The largest message, in octets.
    pub size_limit: u64,
    /// How much one account may hold; the UIDVALIDITY to begin with is that of the time.
    pub limits: Limits,
    /// Where mail of authenticated users for foreign domains goes, and what has to be told to foreign senders; without it
    /// that mail is refused, and they are told nothing.
    pub next_hop: Option<SocketAddr>,
    /// How long a client may say nothing.
    pub idle: IdleTimeouts,
    /// How many connections may be open at once, over all roles.
    pub connections: usize,
    /// What VRFY and EXPN tell.
    pub lookup: Lookup,
    /// Capabilities that are neither announced nor taken.
    pub withheld: Withheld,
    /// What the server does wrong on purpose.
    pub faults: Faults,
}

/// How many disposable accounts the default has.
const POOL: usize = 8;

impl Default for Config {
    fn default() -> Self {
        let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
        let named = ["alice", "bob"].into_iter().map(|user| (user.to_owned(), Tenure::Standing));
        let pool = (1..=POOL).map(|number| (format!("user{number}"), Tenure::Disposable));
        Self {
            listeners: Role::ALL.map(|role| Listener { role, address: loopback }).to_vec(),
            accounts: named
                .chain(pool)
                .map(|(user, tenure)| Account { password: Secret::new(format!("{user}-secret")), user, tenure })
                .collect(),
            domains: vec!["example.test".to_owned()],
            hostname: "mail.example.test".to_owned(),
            catch_all: None,
            size_limit: 10 * 1024 * 1024,
            limits: Limits::default(),
            next_hop: None,
            idle: IdleTimeouts {
                smtp: Duration::from_secs(5 * 60),
                pop3: Duration::from_secs(10 * 60),
                imap: Duration::from_secs(30 * 60),
            },
            connections: 200,
            lookup: Lookup::Declined,
            withheld: Withheld::default(),
            faults: Faults::default(),
        }
    }
}

impl Config {
    /// Whether a capability may be announced and taken; `word` is in upper case.
    pub fn offers(&self, word: &str) -> bool {
        !self.withheld.has(word)
    }

    /// The account of a user; names compare in any case.
    pub fn account(&self, user: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.user.eq_ignore_ascii_case(user))
    }

    /// The address of an account in the first local domain.
    pub fn address(&self, account: &Account) -> String {
        let domain = self.domains.first().map_or("localhost", String::as_str);
        format!("{}@{domain}", account.user)
    }
}

/// Every capability that the server may announce, and so [`Withheld`] may hold.
pub fn keywords() -> impl Iterator<Item = String> {
    let announced = smtp::KEYWORDS.into_iter().chain(pop3::KEYWORDS).chain(imap::keywords());
    announced.map(str::to_owned).chain(sasl::mechanisms().map(|name| format!("AUTH={name}")))
}
