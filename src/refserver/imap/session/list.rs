//! LIST and LSUB (RFC 3501 §6.3.8, §6.3.9, §7.2.2).

use std::collections::BTreeMap;

use super::pattern::matches;
use super::reply::{Answer, Reply, say};
use super::state::Session;
use crate::refserver::imap::mime::write_string;
use crate::refserver::store::{MailboxName, Node, SEPARATOR};

/// Names that fit, with the attributes of RFC 3348. Every name above a mailbox is a node too, so that nothing is to be made up
/// for a `%` at the end.
pub(super) fn list(session: &Session<'_>, reference: &[u8], pattern: &[u8], out: &mut Vec<u8>) -> Answer {
    if pattern.is_empty() {
        // RFC 3501 §6.3.8: the separator is asked for; no reference here has a root.
        write_name(out, "LIST", "\\Noselect", b"");
        return Ok(Reply::ok("done"));
    }
    let pattern = [reference, pattern].concat();
    session.account(|account| {
        for (name, node) in account.nodes().filter(|(name, _)| matches(&pattern, name)) {
            let children = if account.has_inferiors(name) { "\\HasChildren" } else { "\\HasNoChildren" };
            match node {
                Node::Mailbox(..) => write_name(out, "LIST", children, name.as_str().as_bytes()),
                Node::NoSelect => {
                    write_name(out, "LIST", &format!("\\Noselect {children}"), name.as_str().as_bytes());
                }
            }
        }
    })?;
    Ok(Reply::ok("done"))
}

/// Subscribed names that fit, whether or not there is such a mailbox. For a `%` at the end also the names above subscribed ones,
/// which bear `\Noselect` if they are not subscribed themselves.
pub(super) fn lsub(session: &Session<'_>, reference: &[u8], pattern: &[u8], out: &mut Vec<u8>) -> Answer {
    if pattern.is_empty() {
        write_name(out, "LSUB", "\\Noselect", b"");
        return Ok(Reply::ok("done"));
    }
    let pattern = [reference, pattern].concat();
    let mut found: BTreeMap<MailboxName, &str> = BTreeMap::new();
    session.account(|account| {
        for name in account.subscriptions() {
            if matches(&pattern, name) {
                found.insert(name.clone(), "");
            } else if pattern.ends_with(b"%") {
                for superior in name.superiors().into_iter().filter(|superior| matches(&pattern, superior)) {
                    found.entry(superior).or_insert("\\Noselect");
                }
            }
        }
    })?;
    for (name, attributes) in found {
        write_name(out, "LSUB", attributes, name.as_str().as_bytes());
    }
    Ok(Reply::ok("done"))
}

fn write_name(out: &mut Vec<u8>, response: &str, attributes: &str, name: &[u8]) {
    out.extend_from_slice(format!("* {response} ({attributes}) \"{SEPARATOR}\" ").as_bytes());
    write_string(out, name);
    say(out, "");
}
