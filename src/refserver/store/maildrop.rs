//! INBOX as POP3 sees it.

use std::sync::Arc;

use thiserror::Error;

use super::{Mailbox, Message};

/// One message of a maildrop.
#[derive(Debug, Clone)]
pub struct MaildropMessage {
    /// Its UID, by which it is deleted.
    pub uid: u32,
    /// RFC 1939 §7: 1 to 70 characters, never used for another message.
    pub unique_id: String,
    /// Its octets.
    pub octets: Arc<[u8]>,
}

/// Why a maildrop cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MaildropError {
    /// Nobody has that name.
    #[error("no such account")]
    Missing,
    /// Another session has it (RFC 1939 §4, RFC 2449 §8.1.2 `[IN-USE]`).
    #[error("the maildrop is in use")]
    InUse,
}

/// The messages of a mailbox in the order of their UIDs.
pub(super) fn messages_of(mailbox: &Mailbox) -> Vec<MaildropMessage> {
    let unique = |message: &Message| format!("{:08x}{:08x}", mailbox.uidvalidity(), message.uid);
    mailbox
        .messages()
        .iter()
        .map(|message| MaildropMessage {
            uid: message.uid,
            unique_id: unique(message),
            octets: Arc::clone(&message.octets),
        })
        .collect()
}
