//! Whom a forward-path reaches.

use super::path::{Mailbox, Path};
use crate::refserver::Config;

/// Whom a forward-path names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Recipient {
    /// A user here.
    User(String),
    /// A mailbox somewhere else: its local part means nothing here (RFC 5321 §2.3.11).
    Foreign,
}

/// Why a recipient is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// No such mailbox here.
    Unknown,
    /// The local part hides another address.
    Relay,
    /// A forward-path cannot be null.
    Null,
}

/// Who gets the mail.
pub(super) fn resolve(path: &Path, config: &Config) -> Result<Recipient, Refused> {
    match path {
        Path::Null => Err(Refused::Null),
        Path::Postmaster => postmaster(config).map(Recipient::User),
        Path::Mailbox(mailbox) if is_local(&mailbox.domain, config) => local(mailbox, config).map(Recipient::User),
        Path::Mailbox(_) => Ok(Recipient::Foreign),
    }
}

/// The user of a mailbox, given as an address without angle brackets, if it is one of this server.
pub(super) fn local_user(address: &str, config: &Config) -> Option<String> {
    let path = format!("<{address}>");
    match resolve(&Path::parse(&path)?.0, config) {
        Ok(Recipient::User(user)) => Some(user),
        Ok(Recipient::Foreign) | Err(Refused::Unknown | Refused::Relay | Refused::Null) => None,
    }
}

fn is_local(domain: &str, config: &Config) -> bool {
    config.domains.iter().any(|local| local.eq_ignore_ascii_case(domain))
}

fn local(mailbox: &Mailbox, config: &Config) -> Result<String, Refused> {
    // Local parts that older systems took apart to route mail onward (RFC 5321 §3.6.1 lets a server decline that).
    if mailbox.local.contains(['@', '%', '!']) {
        return Err(Refused::Relay);
    }
    match config.account(&mailbox.local) {
        Some(account) => Ok(account.user.clone()),
        None if mailbox.local.eq_ignore_ascii_case("postmaster") => postmaster(config),
        None => config.catch_all.clone().ok_or(Refused::Unknown),
    }
}

/// Mail for the postmaster is always taken (RFC 5321 §4.5.1): the first account gets it if nobody else is named.
fn postmaster(config: &Config) -> Result<String, Refused> {
    let named = config.account("postmaster").map(|account| account.user.clone());
    let first = || config.accounts.first().map(|account| account.user.clone());
    named.or_else(|| config.catch_all.clone()).or_else(first).ok_or(Refused::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_local_mailboxes_are_reached_however_a_foreign_one_is_disguised() {
        let user = |name: &str| Ok(Recipient::User(name.to_owned()));
        let table = [
            ("<alice@example.test>", user("alice")),
            ("<ALICE@Example.TEST>", user("alice")),
            ("<\"al\\ice\"@example.test>", user("alice")),
            ("<@relay.test,@other.test:bob@example.test>", user("bob")),
            ("<POSTmaster>", user("alice")),
            ("<PostMaster@example.test>", user("alice")),
            ("<>", Err(Refused::Null)),
            ("<nobody@example.test>", Err(Refused::Unknown)),
            ("<alice@sub.example.test>", Ok(Recipient::Foreign)),
            ("<postmaster@foreign.test>", Ok(Recipient::Foreign)),
            ("<alice@[127.0.0.1]>", Ok(Recipient::Foreign)),
            ("<x%foreign.test@example.test>", Err(Refused::Relay)),
            ("<foreign.test!x@example.test>", Err(Refused::Relay)),
            ("<\"x@foreign.test\"@example.test>", Err(Refused::Relay)),
            ("<\"x\\@foreign.test\"@example.test>", Err(Refused::Relay)),
            ("<@example.test:x@foreign.test>", Ok(Recipient::Foreign)),
            ("<x%y@foreign.test>", Ok(Recipient::Foreign)),
        ];
        for (text, expected) in table {
            let (path, _) = Path::parse(text).unwrap();
            assert_eq!(resolve(&path, &Config::default()), expected, "{text}");
        }
    }
}
