//! Commands about access control lists (RFC 4314 §3).

use super::place::{Denied, Place};
use super::reply::{Answer, Reply, say};
use super::state::Session;
use crate::refserver::imap::command::AclCommand;
use crate::refserver::imap::mime::write_string;
use crate::refserver::store::{Account, Mailbox, MailboxId, Right, Rights, RightsChange};

/// Any of these lets a user ask for the own rights (RFC 4314 §4).
const ANY: [Right; 6] = [Right::Lookup, Right::Read, Right::Insert, Right::Create, Right::Delete, Right::Administer];

pub(super) fn acl(session: &Session<'_>, command: AclCommand, out: &mut Vec<u8>) -> Answer {
    match command {
        AclCommand::SetAcl { mailbox, identifier, change, rights } => {
            change_entry(session, &mailbox, &identifier, (change, rights))
        }
        AclCommand::DeleteAcl { mailbox, identifier } => {
            change_entry(session, &mailbox, &identifier, (RightsChange::Replace, Rights::default()))
        }
        AclCommand::GetAcl { mailbox } => get(session, &mailbox, out),
        AclCommand::ListRights { mailbox, given, identifier } => {
            list_rights(session, &mailbox, (&given, &identifier), out)
        }
        AclCommand::MyRights { mailbox } => my_rights(session, &mailbox, out),
    }
}

/// The mailbox, if the user may administer it. RFC 4314 §6: else the answer says no more than that of LIST.
fn administered<'a>(
    session: &Session<'_>,
    account: &'a Account,
    place: &Place,
) -> Result<(MailboxId, &'a Mailbox), Denied> {
    session.admit(account, place, Right::Administer)
}

/// An identifier that is the name of a user, in any case, is that user (RFC 4314 §2).
fn canonical(session: &Session<'_>, identifier: &str) -> String {
    let (sign, name) = identifier.strip_prefix('-').map_or(("", identifier), |name| ("-", name));
    if session.store.has_account(name) { format!("{sign}{}", name.to_ascii_lowercase()) } else { identifier.to_owned() }
}

fn change_entry(
    session: &Session<'_>,
    mailbox: &[u8],
    identifier: &str,
    (change, rights): (RightsChange, Rights),
) -> Answer {
    let place = session.place(mailbox)?;
    let identifier = canonical(session, identifier);
    session.at(&place, |account| {
        let (id, _) = administered(session, account, &place)?;
        let full = |_| Reply::no("the list is full").with("LIMIT");
        account.change_rights(id, &identifier, change, &rights).map_err(full)
    })?;
    Ok(Reply::ok("done"))
}

fn get(session: &Session<'_>, mailbox: &[u8], out: &mut Vec<u8>) -> Answer {
    let place = session.place(mailbox)?;
    session.at(&place, |account| {
        let (_, mailbox) = administered(session, account, &place)?;
        begin(session, out, "ACL", &place);
        for (identifier, rights) in mailbox.acl().entries() {
            out.push(b' ');
            write_string(out, identifier.as_bytes());
            out.extend_from_slice(format!(" {rights}").as_bytes());
        }
        say(out, "");
        Ok(())
    })?;
    Ok(Reply::ok("done"))
}

/// No two rights are tied here.
fn list_rights(session: &Session<'_>, mailbox: &[u8], (given, identifier): (&[u8], &str), out: &mut Vec<u8>) -> Answer {
    let place = session.place(mailbox)?;
    let owns = canonical(session, identifier) == place.owner;
    session.at(&place, |account| {
        administered(session, account, &place)?;
        let always = if owns { Rights::of_owner() } else { Rights::default() };
        begin(session, out, "LISTRIGHTS", &place);
        out.push(b' ');
        write_string(out, given);
        let always = always.letters();
        let first: String = if always.is_empty() { "\"\"".to_owned() } else { always.iter().collect() };
        let others = Rights::all().letters().into_iter().filter(|letter| !always.contains(letter));
        say(out, &format!(" {first}{}", others.map(|letter| format!(" {letter}")).collect::<String>()));
        Ok(())
    })?;
    Ok(Reply::ok("done"))
}

fn my_rights(session: &Session<'_>, mailbox: &[u8], out: &mut Vec<u8>) -> Answer {
    let place = session.place(mailbox)?;
    session.at(&place, |account| {
        let (_, mailbox) = account.find(&place.name).ok_or(Denied::Missing)?;
        let rights = session.rights(account, mailbox);
        if !rights.has_any(&ANY) {
            return Err(Denied::Missing.into());
        }
        begin(session, out, "MYRIGHTS", &place);
        say(out, &format!(" {rights}"));
        Ok(())
    })?;
    Ok(Reply::ok("done"))
}

fn begin(session: &Session<'_>, out: &mut Vec<u8>, response: &str, place: &Place) {
    out.extend_from_slice(format!("* {response} ").as_bytes());
    session.names().write_name(out, &place.shown);
}
