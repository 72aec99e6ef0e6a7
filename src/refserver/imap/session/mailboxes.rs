//! Commands that make, change and fill mailboxes (RFC 3501 §6.3.3 to §6.3.7, §6.3.11).

use std::collections::BTreeSet;
use std::time::SystemTime;

use super::binary::unknown_encoding;
use super::list;
use super::place::Place;
use super::reply::{Answer, Reply};
use super::sets::set_text;
use super::state::Session;
use super::status::mailbox_id;
use super::unicode::Unicode;
use super::view::may_change;
use crate::refserver::imap::command::{Append, AppendMessage, MessageForm};
use crate::refserver::imap::mime::{has_eight_bits, without_nul};
use crate::refserver::store::{Full, InternalDate, NameError, NewMessage, NodeError, Right, SEPARATOR, SpecialUse};

/// That can be no name (RFC 5530 §3).
pub(super) fn cannot(error: NameError) -> Reply {
    Reply::no(error.to_string()).with("CANNOT")
}

/// There is no such mailbox (RFC 5530 §3).
pub(super) fn missing() -> Reply {
    Reply::no("no such mailbox").with("NONEXISTENT")
}

/// RFC 3501 §6.3.11 and §6.4.7: the client is told that it may create the mailbox.
pub(super) fn try_create() -> Reply {
    Reply::no("no such mailbox").with("TRYCREATE")
}

/// Why the store would not do it, with codes of RFC 5530 §3.
pub(super) fn refusal(error: NodeError) -> Reply {
    match error {
        NodeError::Missing => missing(),
        NodeError::Exists => Reply::no(error.to_string()).with("ALREADYEXISTS"),
        NodeError::Inbox | NodeError::BelowItself | NodeError::TooLong => Reply::no(error.to_string()).with("CANNOT"),
        NodeError::HasInferiors => Reply::no(error.to_string()),
        NodeError::Full(full) => no_room(full),
    }
}

fn no_room(full: Full) -> Reply {
    Reply::no(full.to_string()).with("OVERQUOTA")
}

/// RFC 3501 §6.3.3: a separator at the end only says that there will be names below.
pub(super) fn create(session: &Session<'_>, mailbox: &[u8], uses: &[String], out: &mut Vec<u8>) -> Answer {
    let separator = u8::try_from(SEPARATOR).unwrap_or(b'/');
    let mailbox = mailbox.strip_suffix(&[separator]).unwrap_or(mailbox);
    let place = session.new_place(mailbox)?;
    let uses: Option<BTreeSet<SpecialUse>> = uses.iter().map(|used| SpecialUse::parse(used)).collect();
    // RFC 6154 §3: a mailbox that cannot be used so is not made.
    let uses = uses.ok_or_else(|| Reply::no("no mailbox has that use").with("USEATTR"))?;
    let made = session.at(&place, |account| {
        session.may_create(account, &place)?;
        account.create_for(&place.name, uses).map_err(refusal)?;
        Ok(account.find(&place.name).map(|(id, _)| mailbox_id(id)))
    })?;
    tell_other_name(session, &place, mailbox, out)?;
    let reply = Reply::ok("created");
    // RFC 8474 §4.1.
    Ok(match made {
        Some(id) if session.config.offers("OBJECTID") => reply.with(format!("MAILBOXID ({id})")),
        Some(_) | None => reply,
    })
}

pub(super) fn delete(session: &Session<'_>, mailbox: &[u8]) -> Answer {
    let place = session.place(mailbox)?;
    // RFC 9051 §6.3.5.
    let refused = |error| {
        let told = error == NodeError::HasInferiors && session.is_rev2();
        if told { refusal(error).with("HASCHILDREN") } else { refusal(error) }
    };
    session.at(&place, |account| {
        session.may_remove(account, &place)?;
        account.delete(&place.name).map_err(refused)
    })?;
    Ok(Reply::ok("deleted"))
}

pub(super) fn rename(session: &Session<'_>, from: &[u8], given: &[u8], out: &mut Vec<u8>) -> Answer {
    let (from, to) = (session.place(from)?, session.new_place(given)?);
    session.at(&from, |account| {
        session.may_remove(account, &from)?;
        if from.owner != to.owner {
            return Err(Reply::no("a mailbox stays with its owner").with("CANNOT"));
        }
        session.may_create(account, &to)?;
        account.rename(&from.name, &to.name).map_err(refusal)
    })?;
    tell_other_name(session, &to, given, out)?;
    Ok(Reply::ok("renamed"))
}

/// RFC 9051 §6.3.9.7: the name that a mailbox has got, if the client spelt it in another way.
fn tell_other_name(session: &Session<'_>, place: &Place, given: &[u8], out: &mut Vec<u8>) -> Result<(), Reply> {
    if session.is_rev2() && session.names().shown(&place.shown).as_bytes() != given {
        list::tell_name(session, &place.shown, given, out)?;
    }
    Ok(())
}

pub(super) fn subscribe(session: &Session<'_>, mailbox: &[u8]) -> Answer {
    let name = session.name(mailbox)?;
    session.account(|account| account.subscribe(&name))?.map_err(no_room)?;
    Ok(Reply::ok("subscribed"))
}

pub(super) fn unsubscribe(session: &Session<'_>, mailbox: &[u8]) -> Answer {
    let name = session.name(mailbox)?;
    // RFC 9051 §6.3.8: to that revision it is no error.
    if session.account(|account| account.unsubscribe(&name))? || session.is_rev2() {
        Ok(Reply::ok("unsubscribed"))
    } else {
        Err(Reply::no("that name is not subscribed"))
    }
}

/// RFC 3501 §6.3.11, RFC 3502 and RFC 3516 §4.4, with the code of RFC 4315 §3.
pub(super) fn append(session: &Session<'_>, append: Append) -> Answer {
    let place = session.place(&append.mailbox)?;
    let saved = now();
    let mut messages = Vec::with_capacity(append.messages.len());
    for message in append.messages {
        messages.push(received(session, message, saved)?);
    }
    let (code, rights) = session.at(&place, |account| {
        let target = session.admit(account, &place, Right::Insert);
        let (id, mailbox) = target.map_err(|denied| session.turned_away(account, &place, denied))?;
        let (uidvalidity, rights) = (mailbox.uidvalidity(), session.rights(account, mailbox));
        // RFC 4314 §4: flags without a right are left out, and nothing fails for them.
        messages.iter_mut().for_each(|message| message.flags.retain(|flag| may_change(&rights, flag)));
        let uids = account.append(id, messages).map_err(refusal)?;
        Ok((format!("APPENDUID {uidvalidity} {}", set_text(&uids)), rights))
    })?;
    let reply = Reply::ok("appended");
    // RFC 4315 §3: whoever cannot select the mailbox is told no UID.
    Ok(if session.config.offers("UIDPLUS") && rights.has(Right::Read) { reply.with(code) } else { reply })
}

/// The message that a client sends, as it is to be stored now.
pub(super) fn received(
    session: &Session<'_>,
    message: AppendMessage,
    saved: InternalDate,
) -> Result<NewMessage, Reply> {
    let AppendMessage { flags, date, form, octets } = message;
    // RFC 7889 §4.
    if octets.len() as u64 > session.config.size_limit {
        return Err(Reply::no("the message is too big").with("TOOBIG"));
    }
    // RFC 3502 §6.3.11: so a client gives up.
    if octets.is_empty() && session.config.offers("MULTIAPPEND") {
        return Err(Reply::no("a message without octets cancels all"));
    }
    // RFC 6855 §4: in whatever form it comes.
    let unicode = session.unicode == Unicode::Accepted || !session.config.offers("UTF8=ACCEPT");
    if !unicode && has_eight_bits(&octets) {
        return Err(Reply::no("ENABLE UTF8=ACCEPT comes before a header with 8 bits"));
    }
    let octets = match form {
        MessageForm::Literal => octets,
        // What IMAP cannot show otherwise is kept in base64, and what not even that hides is refused.
        MessageForm::Literal8 | MessageForm::Utf8 => without_nul(&octets).ok_or_else(unknown_encoding)?,
    };
    Ok(NewMessage { octets: octets.into(), flags, date: date.unwrap_or(saved), saved })
}

#[expect(clippy::disallowed_methods, reason = "a message without a date of its own came now, and ages are up to now")]
pub(super) fn now() -> InternalDate {
    InternalDate::from_system(SystemTime::now())
}
