//! APPEND that is misread, and its code.

use super::said::Said;
use crate::refserver::imap::command::{Append, AppendMessage, Body};
use crate::refserver::imap::fault::MailboxFault;
use crate::refserver::imap::mime::{Part, Texts};
use crate::refserver::imap::session::mailboxes::try_create;
use crate::refserver::imap::session::reply::Reply;
use crate::refserver::imap::session::state::Session;
use crate::refserver::store::{Flag, Flags, InternalDate};

impl Session<'_> {
    /// APPEND as it is understood.
    pub(super) fn misread_append(&mut self, append: Append) -> Result<Body, Reply> {
        let Append { mailbox, mut messages } = append;
        let cancelled = messages.iter().any(|message| message.octets.is_empty());
        if cancelled && self.has(MailboxFault::MultiappendPassesOverEmpty) {
            messages.retain(|message| !message.octets.is_empty());
        }
        if messages.len() > 1 && self.has(MailboxFault::MultiappendLosesLast) {
            messages.pop();
        }
        if self.has(MailboxFault::MultiappendRepeatsFlags) {
            let mut before = Flags::new();
            for message in &mut messages {
                if message.flags.is_empty() {
                    message.flags.clone_from(&before);
                }
                before.clone_from(&message.flags);
            }
        }
        let made = self.history.made.contains(&mailbox);
        if self.has(MailboxFault::AppendCreates) && (made || !self.is_there(&mailbox)) {
            self.make(&mailbox);
            self.history.made.insert(mailbox);
            return Err(try_create());
        }
        let messages = messages.into_iter().map(|message| self.misread_message(message)).collect();
        Ok(Body::Append(Append { mailbox, messages }))
    }

    fn misread_message(&self, message: AppendMessage) -> AppendMessage {
        let AppendMessage { mut flags, mut date, form, mut octets } = message;
        if self.has(MailboxFault::AppendClearsEighthBit) {
            octets.iter_mut().for_each(|octet| *octet &= 0x7f);
        }
        if self.view.is_some() && self.has(MailboxFault::AppendTrimsLines) {
            octets = trimmed(&octets);
        }
        if date.is_some() && self.has(MailboxFault::AppendDateLosesFlags) {
            flags.clear();
        }
        if flags.is_empty() && self.view.is_some() && self.has(MailboxFault::AppendMarksSeen) {
            flags.insert(Flag::seen());
        }
        if let Some(given) = date.filter(|_| self.has(MailboxFault::AppendIgnoresZone)) {
            date = Some(InternalDate { seconds: given.seconds + i64::from(given.zone) * 60, zone: 0 });
        }
        if date.is_none() && self.has(MailboxFault::AppendTakesDateField) {
            date = sent(&octets);
        }
        AppendMessage { flags, date, form, octets }
    }

    /// The code of APPEND, and what is told of the new message.
    pub(super) fn reword_append(&mut self, append: &Append, said: &mut Said) {
        if self.has(MailboxFault::AppendWithoutTryCreate) {
            said.leave_out_code("TRYCREATE");
        }
        if self.has(MailboxFault::AppendUidOfFailure) && !said.is_ok() {
            said.leave_out_code("TRYCREATE");
            said.change_tagged(" NO ", " NO [APPENDUID 1 1] ");
        }
        if self.has(MailboxFault::AppendUntold) {
            said.lines.retain(|line| !line.ends_with(" EXISTS") && !line.ends_with(" RECENT"));
        }
        let Some((before, code, after)) = said.tagged.as_deref().and_then(code) else { return };
        let (before, after) = (before.to_owned(), after.to_owned());
        let mut code = code.to_owned();
        let (validity, uids) = code.split_once(' ').unwrap_or((&code, ""));
        let first = uids.split(':').next().unwrap_or(uids);
        if self.has(MailboxFault::AppendUidOneAhead) {
            let ahead = first.parse::<u32>().map_or(1, |uid| uid + 1);
            code = format!("{validity} {ahead}");
        } else if self.has(MailboxFault::AppendUidIsRange) && append.messages.len() == 1 {
            let next = first.parse::<u32>().map_or(2, |uid| uid + 1);
            code = format!("{validity} {first}:{next}");
        } else if self.has(MailboxFault::AppendUidIsShortRange) && append.messages.len() == 1 {
            code = format!("{validity} {first}:{first}");
        } else if self.has(MailboxFault::AppendUidOfLast) {
            let last = uids.rsplit(':').next().unwrap_or(uids);
            code = format!("{validity} {last}");
        } else if self.has(MailboxFault::AppendUidRepeated) {
            code = self.history.appended.get_or_insert(code).clone();
        }
        said.tagged = Some(format!("{before}[APPENDUID {code}]{after}"));
    }
}

/// What stands before, in and after the code APPENDUID.
fn code(line: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = line.split_once("[APPENDUID ")?;
    let (code, after) = rest.split_once(']')?;
    Some((before, code, after))
}

/// Lines without the blanks at their ends.
fn trimmed(octets: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(octets.len());
    for &octet in octets {
        if octet == b'\r' {
            out.truncate(out.trim_ascii_end().len().max(out.iter().rposition(|&c| c == b'\n').map_or(0, |at| at + 1)));
        }
        out.push(octet);
    }
    out
}

/// The moment in the Date field, taken for one in UTC.
fn sent(octets: &[u8]) -> Option<InternalDate> {
    let texts = Texts::of(octets, &Part::parse(octets));
    let field = texts.fields.iter().find(|field| field.name.eq_ignore_ascii_case(b"Date"))?;
    let clock = field.raw.split(' ').find(|word| word.contains(':'))?;
    let mut numbers = clock.split(':').map(|number| number.parse().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    let clock = (next(), next(), next());
    Some(InternalDate::from_civil(texts.sent?, clock, 0))
}
