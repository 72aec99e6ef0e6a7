//! Whom a forward-path reaches.

use super::path::{Mailbox, Path};
use crate::refserver::Config;

/// Why a recipient is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// No such mailbox here.
    Unknown,
    /// The mailbox is somewhere else, openly or by a local part that hides another address.
    Relay,
    /// A forward-path cannot be null.
    Null,
}

/// The user who gets the mail.
pub(super) fn resolve(path: &Path, config: &Config) -> Result<String, Refused> {
    match path {
        Path::Null => Err(Refused::Null),
        Path::Postmaster => postmaster(config),
        Path::Mailbox(mailbox) => local(mailbox, config),
    }
}

fn local(mailbox: &Mailbox, config: &Config) -> Result<String, Refused> {
    if !config.domains.iter().any(|domain| domain.eq_ignore_ascii_case(&mailbox.domain)) {
        return Err(Refused::Relay);
    }
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
        let table = [
            ("<alice@example.test>", Ok("alice")),
            ("<ALICE@Example.TEST>", Ok("alice")),
            ("<\"al\\ice\"@example.test>", Ok("alice")),
            ("<@relay.test,@other.test:bob@example.test>", Ok("bob")),
            ("<POSTmaster>", Ok("alice")),
            ("<PostMaster@example.test>", Ok("alice")),
            ("<>", Err(Refused::Null)),
            ("<nobody@example.test>", Err(Refused::Unknown)),
            ("<alice@sub.example.test>", Err(Refused::Relay)),
            ("<postmaster@foreign.test>", Err(Refused::Relay)),
            ("<alice@[127.0.0.1]>", Err(Refused::Relay)),
            ("<x%foreign.test@example.test>", Err(Refused::Relay)),
            ("<foreign.test!x@example.test>", Err(Refused::Relay)),
            ("<\"x@foreign.test\"@example.test>", Err(Refused::Relay)),
            ("<\"x\\@foreign.test\"@example.test>", Err(Refused::Relay)),
            ("<@example.test:x@foreign.test>", Err(Refused::Relay)),
        ];
        for (text, expected) in table {
            let (path, _) = Path::parse(text).unwrap();
            assert_eq!(resolve(&path, &Config::default()), expected.map(str::to_owned), "{text}");
        }
    }
}
