//! Lines that a server with faults takes for what they are not: it refuses commands that are right, and accepts wrong ones.

use crate::refserver::Fault;
use crate::refserver::imap::command::Command;
use crate::refserver::imap::command::Phase;
use crate::refserver::imap::fault::{ChangeFault, MailboxFault, OrderFault, SearchFault, SessionFault, SyncFault};
use crate::refserver::imap::session::mailboxes::now;
use crate::refserver::imap::session::reader::{Input, Refusal};
use crate::refserver::imap::session::reply::{Reply, say};
use crate::refserver::imap::session::state::Session;
use crate::refserver::store::{Flags, NewMessage};

/// A command line of more octets is too long for a server with [`SessionFault::LongLineRefused`].
const LONG_OCTETS: usize = 8000;

/// A line by its words.
struct Heard<'a> {
    tag: &'a str,
    /// In upper case, with the second word if the first one is UID.
    name: String,
    /// All that follows.
    rest: &'a str,
    line: &'a str,
}

impl<'a> Heard<'a> {
    fn of(line: &'a str) -> Self {
        let (tag, rest) = line.split_once(' ').unwrap_or((line, ""));
        let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
        let mut heard = Self { tag, name: word.to_ascii_uppercase(), rest: after, line };
        if heard.name == "UID" {
            let (word, after) = after.split_once(' ').unwrap_or((after, ""));
            heard.name = format!("UID {}", word.to_ascii_uppercase());
            heard.rest = after;
        }
        heard
    }

    fn has_mixed_case(&self) -> bool {
        let word = self.line.split(' ').nth(1).unwrap_or_default();
        word.bytes().any(|c| c.is_ascii_lowercase()) && word.bytes().any(|c| c.is_ascii_uppercase())
    }
}

/// Commands that are accepted though they are wrong: by which fault, in which state, by what name.
fn accepted() -> [(Fault, Phase, &'static str); 25] {
    use Phase::{Authenticated, NotAuthenticated, Selected};
    [
        (SessionFault::StatusBeforeLogin.into(), NotAuthenticated, "STATUS"),
        (SessionFault::IdleBeforeLogin.into(), NotAuthenticated, "IDLE"),
        (SessionFault::NamespaceBeforeLogin.into(), NotAuthenticated, "NAMESPACE"),
        (SessionFault::EnableBeforeLogin.into(), NotAuthenticated, "ENABLE"),
        (SessionFault::SecondLoginAccepted.into(), Authenticated, "LOGIN"),
        (SessionFault::EnableWithoutNames.into(), Authenticated, "ENABLE"),
        (SessionFault::ExpungeWithoutMailbox.into(), Authenticated, "EXPUNGE"),
        (SessionFault::UidExpungeWithoutMailbox.into(), Authenticated, "UID EXPUNGE"),
        (SessionFault::MoveWithoutMailbox.into(), Authenticated, "MOVE"),
        (SessionFault::MailboxesBeforeLogin.into(), NotAuthenticated, "SELECT"),
        (SessionFault::MailboxesBeforeLogin.into(), NotAuthenticated, "EXAMINE"),
        (SessionFault::MailboxesBeforeLogin.into(), NotAuthenticated, "CREATE"),
        (SessionFault::MailboxesBeforeLogin.into(), NotAuthenticated, "FETCH"),
        (SessionFault::MessagesWithoutMailbox.into(), Authenticated, "CLOSE"),
        (SessionFault::MessagesWithoutMailbox.into(), Authenticated, "COPY"),
        (SessionFault::MessagesWithoutMailbox.into(), Authenticated, "EXPUNGE"),
        (SessionFault::MessagesWithoutMailbox.into(), Authenticated, "FETCH"),
        (SessionFault::MessagesWithoutMailbox.into(), Authenticated, "SEARCH"),
        (SessionFault::MessagesWithoutMailbox.into(), Authenticated, "STORE"),
        (SessionFault::MessagesWithoutMailbox.into(), Authenticated, "UID COPY"),
        (SessionFault::MessagesWithoutMailbox.into(), Authenticated, "UID FETCH"),
        (SessionFault::MessagesWithoutMailbox.into(), Authenticated, "UID SEARCH"),
        (SessionFault::MessagesWithoutMailbox.into(), Authenticated, "UID STORE"),
        (SessionFault::UnselectWithoutMailbox.into(), Authenticated, "UNSELECT"),
        (ChangeFault::UidExpungeWithoutSet.into(), Selected, "UID EXPUNGE"),
    ]
}

/// What else is accepted though it is wrong: by which fault, by what name, for which reason it is refused otherwise.
fn overlooked() -> [(Fault, &'static str, &'static str); 7] {
    [
        (SessionFault::OpenListAccepted.into(), "FETCH", "a closing parenthesis is expected"),
        (MailboxFault::AppendTakesAnyDate.into(), "APPEND", "a month is expected"),
        (MailboxFault::ListTakesAnySelection.into(), "LIST", "a selection option is expected"),
        (MailboxFault::ListTakesAnyReturn.into(), "LIST", "a return option is expected"),
        (OrderFault::SortWithoutCharset.into(), "SORT", "a blank is expected"),
        (SyncFault::VanishedWithoutUid.into(), "FETCH", "a modifier of FETCH is expected"),
        (SyncFault::VanishedAlone.into(), "UID FETCH", "CHANGEDSINCE is expected"),
    ]
}

impl Session<'_> {
    /// What a line is taken for.
    pub(in crate::refserver::imap::session) fn misheard(
        &mut self,
        input: Input,
        out: &mut Vec<u8>,
    ) -> Result<Command, Refusal> {
        let Input { octets, command } = input;
        if self.config.faults.is_empty() {
            return command;
        }
        let command = self.without_initial(&octets, command);
        let line = octets.split(|&octet| octet == b'\r').next().unwrap_or_default();
        let line = String::from_utf8_lossy(line);
        let heard = Heard::of(&line);
        let instead = match &command {
            Ok(_) => self.refused(&heard, &octets, out),
            Err(refusal) => self.excused(&heard, &refusal.reply, out),
        };
        match self.misheard_login(&heard.name, heard.line, out).or(instead) {
            Some(reply) => Err(Refusal { tag: Some(heard.tag.to_owned()), reply }),
            None => command,
        }
    }

    /// The answer to a command that is right, if it is a wrong one.
    fn refused(&mut self, heard: &Heard<'_>, octets: &[u8], out: &mut Vec<u8>) -> Option<Reply> {
        let has = |fault| self.has(fault);
        let unasked = heard.line.ends_with("+}");
        let search = heard.name == "SEARCH";
        if heard.has_mixed_case() && has(SessionFault::MixedCaseUnknown) {
            return Some(Reply::bad("unknown command"));
        }
        if heard.line.len() > LONG_OCTETS && has(SessionFault::LongLineRefused) {
            return Some(Reply::bad("the command is too long"));
        }
        if heard.line.contains("4294967295") && has(SessionFault::LargestNumberRefused) {
            return Some(Reply::bad("a number of 31 bits is expected"));
        }
        if heard.line.ends_with("{0+}") && has(SessionFault::EmptyLiteralRefused) {
            return Some(Reply::bad("a literal with octets is expected"));
        }
        if heard.name == "IDLE" && self.phase() == Phase::Authenticated && has(SessionFault::IdleNeedsMailbox) {
            return Some(Reply::bad("select a mailbox first"));
        }
        if heard.name == "CREATE" && !heard.line.is_ascii() && self.has(MailboxFault::CreateTakesEightBits) {
            return Some(Reply::ok("created"));
        }
        if search && heard.line.contains("SENTON \"") && self.has(SearchFault::QuotedDateRefused) {
            return Some(Reply::bad("a date is expected"));
        }
        if search && heard.line.contains("RETURN (min") && self.has(SearchFault::OptionsInUpperCase) {
            return Some(Reply::bad("a result option is expected"));
        }
        if search && has_literal(octets) && self.has(SearchFault::LiteralFindsNothing) {
            say(out, "* SEARCH");
            return Some(Reply::ok("searched"));
        }
        if heard.name == "STATUS" && heard.rest.starts_with('"') && self.has(MailboxFault::StatusKeepsQuotes) {
            return Some(Reply::no("no such mailbox"));
        }
        if heard.name != "APPEND" && unasked_literals(octets) > 1 && has(SessionFault::TwoPlusLiteralsRefused) {
            return Some(Reply::bad("one literal is enough"));
        }
        self.history.lists = heard.rest.matches('(').count();
        if heard.name == "APPEND" {
            self.history.unasked += usize::from(unasked);
            if unasked && self.history.unasked == 2 && self.has(SessionFault::PipelinedLiteralRefused) {
                return Some(Reply::bad("a literal is expected"));
            }
            if self.has(SessionFault::LiteralIsRun) {
                run_lines(octets, out);
            }
        }
        None
    }

    /// The answer to a command that is wrong, if it is not the right one.
    fn excused(&mut self, heard: &Heard<'_>, right: &Reply, out: &mut Vec<u8>) -> Option<Reply> {
        let reason = right.text();
        let phase = self.phase();
        let accepted = accepted().into_iter().any(|row| row.1 == phase && row.2 == heard.name && self.has(row.0));
        let overlooked = overlooked().into_iter().any(|row| row.1 == heard.name && row.2 == reason && self.has(row.0));
        if accepted || overlooked {
            return Some(tell_nothing(&heard.name, phase, out));
        }
        if reason == "unknown command" && self.has(SessionFault::UnknownCommandNo) {
            return Some(Reply::no("unknown command"));
        }
        if reason == "a blank is expected" && self.has(SessionFault::MissingArgumentNo) {
            return Some(Reply::no("an argument is missing"));
        }
        let unknown = reason == "an item of FETCH is expected" || reason == "a section is expected";
        if unknown && self.has(SessionFault::UnknownItemNo) {
            return Some(Reply::no("there is no such item"));
        }
        if heard.name == "APPEND" && reason == "a month is expected" && self.has(MailboxFault::AppendKeepsRefused) {
            self.keep(heard.rest.split(' ').next().unwrap_or_default());
        }
        if self.has(SessionFault::BadClosesMailbox) {
            self.view = None;
        }
        None
    }

    /// Puts a message into a mailbox that nobody appended.
    fn keep(&self, mailbox: &str) {
        let message = NewMessage { octets: (*b"\r\n").into(), flags: Flags::new(), date: now(), saved: now() };
        let Ok(name) = self.name(mailbox.trim_matches('"').as_bytes()) else { return };
        // There may be no such mailbox.
        let _kept = self.account(|account| {
            let (id, _) = account.find(&name)?;
            account.append(id, vec![message]).ok()
        });
    }
}

/// Accepts a command that is carried out on no messages.
fn tell_nothing(name: &str, phase: Phase, out: &mut Vec<u8>) -> Reply {
    let reply = Reply::ok("done");
    match name {
        "SELECT" | "EXAMINE" if phase == Phase::NotAuthenticated => {
            let lines = [
                "FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)",
                "0 EXISTS",
                "0 RECENT",
                "OK [PERMANENTFLAGS ()] none",
                "OK [UIDNEXT 1] next",
            ];
            lines.iter().chain(&["OK [UIDVALIDITY 1] valid"]).for_each(|line| say(out, &format!("* {line}")));
            reply.with(if name == "SELECT" { "READ-WRITE" } else { "READ-ONLY" })
        }
        "SEARCH" | "UID SEARCH" => {
            say(out, "* SEARCH");
            reply
        }
        _name => reply,
    }
}

fn has_literal(octets: &[u8]) -> bool {
    octets.windows(3).any(|window| window == b"}\r\n")
}

/// How many literals came without waiting.
fn unasked_literals(octets: &[u8]) -> usize {
    octets.windows(4).filter(|window| *window == b"+}\r\n").count()
}

/// Answers what looks like a NOOP in the octets of a command.
fn run_lines(octets: &[u8], out: &mut Vec<u8>) {
    let text = String::from_utf8_lossy(octets);
    for tag in text.split("\r\n").filter_map(|line| line.strip_suffix(" NOOP")) {
        say(out, &format!("{tag} OK done"));
    }
}
