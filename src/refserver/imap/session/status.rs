//! STATUS (RFC 3501 §6.3.10, §7.2.4; RFC 7889, RFC 8438).

use super::mailboxes::{missing, name};
use super::reply::{Answer, Reply, say};
use super::state::Session;
use crate::refserver::Config;
use crate::refserver::imap::command::StatusItem;
use crate::refserver::imap::mime::write_string;
use crate::refserver::store::{Flag, Mailbox, MailboxName};

/// Tells about a mailbox without selecting it; an item that is asked for twice is told once.
pub(super) fn status(session: &Session<'_>, mailbox: &[u8], items: &[StatusItem], out: &mut Vec<u8>) -> Answer {
    let name = name(mailbox)?;
    let told = session.account(|account| {
        let (_, mailbox) = account.find(&name)?;
        write_status(session.config, &name, mailbox, items, out);
        Some(())
    })?;
    told.ok_or_else(missing)?;
    Ok(Reply::ok("done"))
}

/// The untagged response.
pub(super) fn write_status(
    config: &Config,
    name: &MailboxName,
    mailbox: &Mailbox,
    items: &[StatusItem],
    out: &mut Vec<u8>,
) {
    let mut told: Vec<String> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        if !items.iter().take(at).any(|before| before == item) {
            told.push(describe(config, mailbox, *item));
        }
    }
    out.extend_from_slice(b"* STATUS ");
    write_string(out, name.as_str().as_bytes());
    say(out, &format!(" ({})", told.join(" ")));
}

fn describe(config: &Config, mailbox: &Mailbox, item: StatusItem) -> String {
    let messages = mailbox.messages();
    match item {
        // RFC 7889 §2: one limit for all mailboxes.
        StatusItem::AppendLimit => format!("APPENDLIMIT {}", config.size_limit),
        StatusItem::Messages => format!("MESSAGES {}", messages.len()),
        StatusItem::Recent => {
            let recent = messages.iter().filter(|message| message.uid >= mailbox.recent_from()).count();
            format!("RECENT {recent}")
        }
        StatusItem::Size => format!("SIZE {}", mailbox.size()),
        StatusItem::UidNext => format!("UIDNEXT {}", mailbox.uidnext()),
        StatusItem::UidValidity => format!("UIDVALIDITY {}", mailbox.uidvalidity()),
        StatusItem::Unseen => {
            let unseen = messages.iter().filter(|message| !message.flags.contains(&Flag::seen())).count();
            format!("UNSEEN {unseen}")
        }
    }
}
