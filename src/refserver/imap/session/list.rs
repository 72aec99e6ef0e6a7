//! LIST and LSUB (RFC 3501 §6.3.8, §6.3.9, §7.2.2; RFC 3348, RFC 5258, RFC 5819, RFC 6154).

use std::collections::{BTreeMap, BTreeSet};

use super::awareness::Awareness;
use super::pattern::matches;
use super::reply::{Answer, Reply, say};
use super::state::Session;
use super::status::write_status;
use crate::refserver::Config;
use crate::refserver::imap::command::{List, ListForm, ListResult, ListSelect, StatusItem};
use crate::refserver::store::{Account, MailboxName, Node, SEPARATOR};

/// Names that fit. Every name above a mailbox is a node too, so that nothing is to be made up for a `%` at the end.
pub(super) fn list(session: &mut Session<'_>, command: &List, out: &mut Vec<u8>) -> Answer {
    if command.form == ListForm::Basic && command.patterns.iter().all(Vec::is_empty) {
        // RFC 3501 §6.3.8: the separator is asked for; no reference here has a root.
        write_separator(out, "LIST");
        return Ok(Reply::ok("done"));
    }
    // RFC 5258 §3: of several patterns an empty one fits nothing.
    let patterns: Vec<Vec<u8>> = command
        .patterns
        .iter()
        .filter(|pattern| !pattern.is_empty())
        .map(|pattern| session.unicode.pattern(&command.reference, pattern))
        .collect();
    let modseq =
        |result: &ListResult| matches!(result, ListResult::Status(items) if items.contains(&StatusItem::HighestModseq));
    if command.results.iter().any(modseq) {
        session.become_aware(Awareness::Condstore, out)?;
    }
    session.account(|account| {
        let names = names(account, command);
        let unicode = session.unicode;
        let fits = |name: &MailboxName| {
            let shown = unicode.shown(name);
            patterns.iter().any(|pattern| matches(pattern, &shown))
        };
        for name in names.iter().filter(|name| fits(name)) {
            let chosen = is_chosen(account, command, name);
            let above = command.select.contains(&ListSelect::RecursiveMatch)
                && names.iter().any(|other| other.is_below(name) && is_chosen(account, command, other));
            if chosen || above {
                let extended = if above { child_info(command) } else { String::new() };
                write_attributes(out, "LIST", &attributes(session.config, account, command, name));
                unicode.write_name(out, name);
                say(out, &extended);
            }
            for result in command.results.iter().filter(|_| chosen) {
                if let (ListResult::Status(items), Some(found)) = (result, account.find(name)) {
                    write_status(session.config, (name, unicode), found, items, out);
                }
            }
        }
    })?;
    Ok(Reply::ok("done"))
}

/// All names that may be told of. Those without a mailbox are told of only if they are subscribed, or above one that is.
fn names(account: &Account, command: &List) -> BTreeSet<MailboxName> {
    let mut names: BTreeSet<MailboxName> = account.nodes().map(|(name, _)| name.clone()).collect();
    if command.select.contains(&ListSelect::Subscribed) {
        names.extend(account.subscriptions().iter().flat_map(MailboxName::superiors));
        names.extend(account.subscriptions().iter().cloned());
    }
    names
}

/// Whether all of the selection options hold for a name by itself.
fn is_chosen(account: &Account, command: &List, name: &MailboxName) -> bool {
    command.select.iter().all(|option| match option {
        ListSelect::Subscribed => account.subscriptions().contains(name),
        ListSelect::SpecialUse => account.find(name).is_some_and(|(_, mailbox)| !mailbox.uses().is_empty()),
        // RFC 5258 §3.1: these take nothing away, and nothing here is remote.
        ListSelect::Remote | ListSelect::RecursiveMatch => true,
    })
}

/// RFC 5258 §3.5: which options hold for a name below.
fn child_info(command: &List) -> String {
    let words = command.select.iter().filter_map(|option| match option {
        ListSelect::Subscribed => Some("\"SUBSCRIBED\""),
        ListSelect::SpecialUse => Some("\"SPECIAL-USE\""),
        ListSelect::Remote | ListSelect::RecursiveMatch => None,
    });
    format!(" (\"CHILDINFO\" ({}))", words.collect::<Vec<_>>().join(" "))
}

fn attributes(config: &Config, account: &Account, command: &List, name: &MailboxName) -> String {
    let mut all = match account.node(name) {
        Some(Node::Mailbox(..)) => Vec::new(),
        Some(Node::NoSelect) => vec!["\\Noselect"],
        None => vec!["\\NonExistent"],
    };
    if config.offers("CHILDREN") || command.results.contains(&ListResult::Children) {
        all.push(if account.has_inferiors(name) { "\\HasChildren" } else { "\\HasNoChildren" });
    }
    let told = |select, result| command.select.contains(&select) || command.results.contains(&result);
    if told(ListSelect::Subscribed, ListResult::Subscribed) && account.subscriptions().contains(name) {
        all.push("\\Subscribed");
    }
    if told(ListSelect::SpecialUse, ListResult::SpecialUse)
        && let Some((_, mailbox)) = account.find(name)
    {
        all.extend(mailbox.uses().iter().map(|used| used.as_str()));
    }
    all.join(" ")
}

/// Subscribed names that fit, whether or not there is such a mailbox. For a `%` at the end also the names above subscribed ones,
/// which bear `\Noselect` if they are not subscribed themselves.
pub(super) fn lsub(session: &Session<'_>, reference: &[u8], pattern: &[u8], out: &mut Vec<u8>) -> Answer {
    if pattern.is_empty() {
        write_separator(out, "LSUB");
        return Ok(Reply::ok("done"));
    }
    let unicode = session.unicode;
    let pattern = unicode.pattern(reference, pattern);
    let fits = |name: &MailboxName| matches(&pattern, &unicode.shown(name));
    let mut found: BTreeMap<MailboxName, &str> = BTreeMap::new();
    session.account(|account| {
        for name in account.subscriptions() {
            if fits(name) {
                found.insert(name.clone(), "");
            } else if pattern.ends_with(b"%") {
                for superior in name.superiors().into_iter().filter(|superior| fits(superior)) {
                    found.entry(superior).or_insert("\\Noselect");
                }
            }
        }
    })?;
    for (name, attributes) in found {
        write_attributes(out, "LSUB", attributes);
        unicode.write_name(out, &name);
        say(out, "");
    }
    Ok(Reply::ok("done"))
}

/// The answer to an empty pattern.
fn write_separator(out: &mut Vec<u8>, response: &str) {
    write_attributes(out, response, "\\Noselect");
    say(out, "\"\"");
}

/// All that stands before a name.
fn write_attributes(out: &mut Vec<u8>, response: &str, attributes: &str) {
    out.extend_from_slice(format!("* {response} ({attributes}) \"{SEPARATOR}\" ").as_bytes());
}
