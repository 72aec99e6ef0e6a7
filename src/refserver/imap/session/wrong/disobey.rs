//! A command that is misread, and an answer that is reworded.

use super::said::Said;
use crate::refserver::imap::command::{Body, Command};
use crate::refserver::imap::fault::{ChangeFault, SessionFault};
use crate::refserver::imap::session::state::{Session, Then};
use crate::refserver::imap::session::view::Expunges;

impl Session<'_> {
    /// What a server with faults says before its greeting.
    pub(in crate::refserver::imap::session) fn before_greeting(&self) -> &'static str {
        if self.has(SessionFault::GreetingComesSecond) { "* CAPABILITY IMAP4rev1\r\n" } else { "" }
    }

    /// Answers a command as a server with faults does.
    pub(in crate::refserver::imap::session) fn disobey(&mut self, command: Command, out: &mut Vec<u8>) -> Then {
        let Command { tag, body: asked } = command;
        if std::mem::take(&mut self.history.idles) > 0 && self.has(SessionFault::CommandAfterIdleLost) {
            return Then::Command;
        }
        let mut said = Vec::new();
        let before = self.prepare(&asked, &mut said);
        let then = match self.misread(asked.clone()) {
            Ok(body) => self.obey(Command { tag: tag.clone(), body }, &mut said),
            Err(reply) => {
                reply.write(&mut said, Some(&tag));
                Then::Command
            }
        };
        let mut said = Said::of(&said, &tag);
        self.follow_up(&asked, before, &said);
        self.reword(&asked, &mut said);
        said.write(out);
        if matches!(asked, Body::Noop) && self.view.is_some() && self.has(SessionFault::NoopEndsInLf) {
            out.truncate(out.len().saturating_sub(2));
            out.push(b'\n');
        }
        if matches!(then, Then::Close) && self.has(SessionFault::LogoutStaysOpen) { Then::Command } else { then }
    }

    /// Tells of removals where that is forbidden.
    pub(super) fn tell_too_early(&mut self, asked: &Body, out: &mut Vec<u8>) {
        let told = (matches!(asked, Body::Fetch(_)) && self.has(ChangeFault::ExpungeInFetch))
            || (matches!(asked, Body::Store(_)) && self.has(ChangeFault::ExpungeInStore))
            || (matches!(asked, Body::Search(_)) && self.has(ChangeFault::ExpungeInSearch));
        if told {
            self.update(Expunges::Told, out);
        }
    }
}
