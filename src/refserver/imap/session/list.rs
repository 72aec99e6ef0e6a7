//! LIST and LSUB (RFC 3501 §6.3.8, §6.3.9, §7.2.2; RFC 3348, RFC 5258, RFC 5819, RFC 6154).

use std::collections::BTreeMap;

use super::awareness::Awareness;
use super::names::{Kind, Names};
use super::pattern::matches;
use super::reply::{Answer, Reply, say};
use super::state::Session;
use super::status::write_status;
use super::unicode::write_given;
use crate::refserver::Config;
use crate::refserver::imap::command::{List, ListForm, ListResult, ListSelect, StatusItem};
use crate::refserver::imap::mime::write_string;
use crate::refserver::store::{MailboxName, Right, SEPARATOR};

/// Names that fit. Every name above a mailbox is a node too, so that nothing is to be made up for a `%` at the end.
pub(super) fn list(session: &mut Session<'_>, command: &List, out: &mut Vec<u8>) -> Answer {
    if command.form == ListForm::Basic && command.patterns.iter().all(Vec::is_empty) {
        // RFC 3501 §6.3.8: the separator is asked for; no reference here has a root.
        write_name(out, ("LIST", "\\Noselect"), "", |out| write_string(out, b""));
        return Ok(Reply::ok("done"));
    }
    // RFC 5258 §3: of several patterns an empty one fits nothing.
    let patterns: Vec<Vec<u8>> = command
        .patterns
        .iter()
        .filter(|pattern| !pattern.is_empty())
        .map(|pattern| session.names().pattern(&command.reference, pattern))
        .collect();
    let modseq =
        |result: &ListResult| matches!(result, ListResult::Status(items) if items.contains(&StatusItem::HighestModseq));
    if command.results.iter().any(modseq) {
        session.become_aware(Awareness::Condstore, out)?;
    }
    let (names, form) = (Names::of(session, command)?, session.names());
    for (name, kind) in names.iter() {
        let shown = form.shown(name);
        let fitting = patterns.iter().filter(|pattern| matches(pattern, &shown));
        // RFC 3501 §6.3.8: a level where there is no mailbox is told of for a `%` at the end.
        let fits = fitting.clone().any(|pattern| *kind != Kind::Level || pattern.ends_with(b"%"));
        if !fits {
            continue;
        }
        let chosen = is_chosen(&names, command, (name, kind));
        let above = command.select.contains(&ListSelect::RecursiveMatch)
            && names.iter().any(|other| other.0.is_below(name) && is_chosen(&names, command, other));
        if chosen || above {
            let extended = if above { child_info(command) } else { String::new() };
            let attributes = attributes(session.config, &names, command, (name, kind));
            write_name(out, ("LIST", &attributes), &extended, |out| form.write_name(out, name));
        }
        if chosen && matches!(kind, Kind::Mailbox(_)) {
            tell_status(session, command, name, out)?;
        }
    }
    Ok(Reply::ok("done"))
}

/// RFC 5819 §2: the status of a mailbox that is told of.
fn tell_status(session: &Session<'_>, command: &List, name: &MailboxName, out: &mut Vec<u8>) -> Result<(), Reply> {
    let place = session.place_of(name.clone())?;
    for result in &command.results {
        if let ListResult::Status(items) = result {
            session.at(&place, |account| {
                // It may have gone since.
                if let Ok(found) = session.admit(account, &place, Right::Read) {
                    write_status(session, name, found, items, out);
                }
                Ok(())
            })?;
        }
    }
    Ok(())
}

/// Whether all of the selection options hold for a name by itself.
fn is_chosen(names: &Names, command: &List, (name, kind): (&MailboxName, &Kind)) -> bool {
    command.select.iter().all(|option| match option {
        ListSelect::Subscribed => names.is_subscribed(name),
        ListSelect::SpecialUse => matches!(kind, Kind::Mailbox(uses) if !uses.is_empty()),
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

fn attributes(config: &Config, names: &Names, command: &List, (name, kind): (&MailboxName, &Kind)) -> String {
    let mut all = match kind {
        Kind::Mailbox(_) => Vec::new(),
        Kind::NoSelect | Kind::Level => vec!["\\Noselect"],
        Kind::Absent => vec!["\\NonExistent"],
    };
    if config.offers("CHILDREN") || command.results.contains(&ListResult::Children) {
        all.push(if names.has_inferiors(name) { "\\HasChildren" } else { "\\HasNoChildren" });
    }
    let told = |select, result| command.select.contains(&select) || command.results.contains(&result);
    if told(ListSelect::Subscribed, ListResult::Subscribed) && names.is_subscribed(name) {
        all.push("\\Subscribed");
    }
    if told(ListSelect::SpecialUse, ListResult::SpecialUse)
        && let Kind::Mailbox(uses) = kind
    {
        all.extend(uses.iter().map(|used| used.as_str()));
    }
    all.join(" ")
}

/// Subscribed names that fit, whether or not there is such a mailbox. For a `%` at the end also the names above subscribed ones,
/// which bear `\Noselect` if they are not subscribed themselves.
pub(super) fn lsub(session: &Session<'_>, reference: &[u8], pattern: &[u8], out: &mut Vec<u8>) -> Answer {
    if pattern.is_empty() {
        write_name(out, ("LSUB", "\\Noselect"), "", |out| write_string(out, b""));
        return Ok(Reply::ok("done"));
    }
    let form = session.names();
    let pattern = form.pattern(reference, pattern);
    let fits = |name: &MailboxName| matches(&pattern, &form.shown(name));
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
        write_name(out, ("LSUB", attributes), "", |out| form.write_name(out, &name));
    }
    Ok(Reply::ok("done"))
}

/// RFC 9051 §6.3.2: the name of a mailbox, and what the client called it if that is something else (§6.3.9.7).
pub(super) fn tell_name(
    session: &Session<'_>,
    name: &MailboxName,
    given: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), Reply> {
    let plain = List {
        form: ListForm::Basic,
        select: Vec::new(),
        reference: Vec::new(),
        patterns: Vec::new(),
        results: Vec::new(),
    };
    let below = Names::of(session, &plain)?.has_inferiors(name);
    let attributes = if below { "\\HasChildren" } else { "\\HasNoChildren" };
    write_name(out, ("LIST", attributes), "", |out| {
        session.names().write_name(out, name);
        if session.names().shown(name).as_bytes() != given {
            out.extend_from_slice(b" (\"OLDNAME\" (");
            write_given(out, given);
            out.extend_from_slice(b"))");
        }
    });
    Ok(())
}

fn write_name(
    out: &mut Vec<u8>,
    (response, attributes): (&str, &str),
    extended: &str,
    name: impl FnOnce(&mut Vec<u8>),
) {
    out.extend_from_slice(format!("* {response} ({attributes}) \"{SEPARATOR}\" ").as_bytes());
    name(out);
    say(out, extended);
}
