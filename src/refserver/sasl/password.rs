//! Comparing what clients know with what accounts know.

use crate::refserver::{Account, Config};

/// The user whose name and password these are. An unknown name takes the same way as a wrong password.
pub fn check_password(config: &Config, user: &str, password: &[u8]) -> Option<String> {
    let account = config.account(user);
    let expected = account.map_or("", |account| account.password.reveal().as_str());
    let right = equal(expected.as_bytes(), password);
    account.filter(|_| right).map(|account| account.user.clone())
}

/// Whether an authorization identity is the user's own; nobody may act as somebody else. An empty one is none (RFC 4616 §2).
pub(super) fn is_own(account: &Account, identity: &str) -> bool {
    identity.is_empty() || identity.eq_ignore_ascii_case(&account.user)
}

/// Equality in a time that depends on the lengths only.
pub(super) fn equal(left: &[u8], right: &[u8]) -> bool {
    let difference = left.iter().zip(right).fold(0, |sum, (left, right)| sum | (left ^ right));
    left.len() == right.len() && difference == 0
}
