//! STATUS (RFC 3501 §6.3.10, §7.2.4; RFC 7889, RFC 8438).

use super::awareness::Awareness;
use super::reply::{Answer, Reply, say};
use super::state::Session;
use crate::refserver::imap::command::StatusItem;
use crate::refserver::store::{Flag, Mailbox, MailboxId, MailboxName, Message, Right};

/// Tells about a mailbox without selecting it; an item that is asked for twice is told once.
pub(super) fn status(session: &mut Session<'_>, mailbox: &[u8], items: &[StatusItem], out: &mut Vec<u8>) -> Answer {
    let place = session.place(mailbox)?;
    if items.contains(&StatusItem::HighestModseq) {
        session.become_aware(Awareness::Condstore, out)?;
    }
    session.at(&place, |account| {
        let found = session.admit(account, &place, Right::Read)?;
        write_status(session, &place.shown, found, items, out);
        Ok(())
    })?;
    Ok(Reply::ok("done"))
}

/// The untagged response.
pub(super) fn write_status(
    session: &Session<'_>,
    name: &MailboxName,
    (id, mailbox): (MailboxId, &Mailbox),
    items: &[StatusItem],
    out: &mut Vec<u8>,
) {
    let mut told: Vec<String> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        if !items.iter().take(at).any(|before| before == item) {
            told.push(describe(session.config.size_limit, id, mailbox, *item));
        }
    }
    out.extend_from_slice(b"* STATUS ");
    session.names().write_name(out, name);
    say(out, &format!(" ({})", told.join(" ")));
}

/// The object identifier of a mailbox (RFC 8474 §4).
pub(super) fn mailbox_id(id: MailboxId) -> String {
    format!("F{id}")
}

/// What EXPUNGE would remove (RFC 9208 §4.1.4).
fn deleted(mailbox: &Mailbox) -> impl Iterator<Item = &Message> {
    mailbox.messages().iter().filter(|message| Mailbox::is_deleted(message))
}

fn describe(size_limit: u64, id: MailboxId, mailbox: &Mailbox, item: StatusItem) -> String {
    let messages = mailbox.messages();
    match item {
        // RFC 7889 §2: one limit for all mailboxes.
        StatusItem::AppendLimit => format!("APPENDLIMIT {size_limit}"),
        StatusItem::Deleted => format!("DELETED {}", deleted(mailbox).count()),
        StatusItem::DeletedStorage => {
            let octets: u64 = deleted(mailbox).map(|message| message.octets.len() as u64).sum();
            format!("DELETED-STORAGE {octets}")
        }
        StatusItem::HighestModseq => format!("HIGHESTMODSEQ {}", mailbox.highest_modseq()),
        StatusItem::MailboxId => format!("MAILBOXID ({})", mailbox_id(id)),
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
