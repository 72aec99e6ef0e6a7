//! Responses as a server with faults takes them.

use crate::refserver::security::SaslFault;
use crate::refserver::{Account, Config};

/// What is left of base64 if everything else is passed over.
pub fn readable(response: &[u8]) -> Vec<u8> {
    let alphabet = |octet: &u8| octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/');
    let mut kept: Vec<u8> = response.iter().copied().filter(alphabet).collect();
    if kept.len() % 4 == 1 {
        kept.pop();
    }
    kept.resize(kept.len().next_multiple_of(4), b'=');
    kept
}

/// Who is let in by a PLAIN message that a server with faults takes apart in its own way.
pub(super) fn misread_plain(config: &Config, message: &[u8]) -> Option<String> {
    let without_nul: Vec<u8> = message.iter().copied().filter(|octet| *octet != 0).collect();
    let name_and_password = |account: &&Account| {
        let password = account.password.reveal().as_bytes();
        without_nul.strip_prefix(account.user.as_bytes()) == Some(password)
    };
    let accounts = || config.accounts.iter();
    let nameless = message.starts_with(b"\0\0") && config.faults.has(SaslFault::PlainEmptyName);
    let joined = accounts().filter(|_| config.faults.has(SaslFault::PlainNulsPassedOver)).find(name_and_password);
    joined.or_else(|| accounts().next().filter(|_| nameless)).map(|account| account.user.clone())
}
