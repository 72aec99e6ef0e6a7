//! SORT and THREAD (RFC 5256).

use super::awareness::Awareness;
use super::found::{Found, Modseqs};
use super::reply::{Answer, Reply, say};
use super::search::{asks_modseq, find};
use super::state::Session;
use super::view::Target;
use super::wrong::{misheaded, missized};
use crate::refserver::imap::command::{Numbering, Search, Sort, Thread};
use crate::refserver::imap::mime::{Heading, Part};
use crate::refserver::imap::order::{self, Letter};

/// Finds messages and tells them in order, with their mod-sequence if that was asked for (RFC 7162 §7).
pub(super) fn sort(session: &mut Session<'_>, command: &Sort, out: &mut Vec<u8>) -> Answer {
    let modseqs = become_aware(session, &command.search, out)?;
    let found = find(session, &command.search)?;
    let mut letters = letters(session, &found, command.search.by)?;
    order::sort(&mut letters, &command.criteria);
    let names: String = letters.iter().map(|letter| format!(" {}", letter.name)).collect();
    say(out, &format!("* SORT{names}{}", found.modseq_text(modseqs)));
    Ok(Reply::ok("sorted"))
}

/// Finds messages and tells their threads.
pub(super) fn thread(session: &mut Session<'_>, command: &Thread, out: &mut Vec<u8>) -> Answer {
    become_aware(session, &command.search, out)?;
    let found = find(session, &command.search)?;
    let letters = letters(session, &found, command.search.by)?;
    say(out, &format!("* {}", order::thread(&letters, command.by).to_response()));
    Ok(Reply::ok("threaded"))
}

/// RFC 7162 §3.1: whoever searches for mod-sequences knows of them.
fn become_aware(session: &mut Session<'_>, search: &Search, out: &mut Vec<u8>) -> Result<Modseqs, Reply> {
    if !asks_modseq(&search.key) {
        return Ok(Modseqs::Untold);
    }
    session.become_aware(Awareness::Condstore, out)?;
    Ok(Modseqs::Told)
}

fn letters(session: &mut Session<'_>, found: &Found, by: Numbering) -> Result<Vec<Letter>, Reply> {
    session.selected(|view, account| {
        let Some(mailbox) = account.mailbox(view.id) else { return Vec::new() };
        let letter = |target: Target| {
            let message = mailbox.message(target.uid)?;
            let number = u32::try_from(target.number).unwrap_or(u32::MAX);
            let name = match by {
                Numbering::Sequence => number,
                Numbering::Uid => target.uid,
            };
            let octets = &message.octets;
            let heading = misheaded(&view.faults, octets, Heading::of(octets, &Part::parse(octets)));
            let size = missized(&view.faults, octets.len() as u64);
            Some(Letter::new(number, name, (message.date.seconds, size), heading))
        };
        found.targets().filter_map(letter).collect()
    })
}
