//! Pipelined groups as a server with faults answers them.

use super::super::fault::GroupFault;
use super::super::session::{Session, Then};
use super::{Answer, Said, no};
use crate::refserver::wire::Ahead;

/// What happens to input that was read beyond a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::refserver::smtp) enum Input {
    Kept,
    ThrownAway,
}

impl Session<'_> {
    /// The wrong answer to a command because others came with it.
    pub(super) fn wrong_about_groups(&mut self, said: &Said<'_>) -> Option<Answer> {
        let has = |fault: GroupFault| self.has(fault);
        let place = self.past.grouped;
        if place == 0 {
            return None;
        }
        let refused = self.past.refused > 0;
        let ready = self.transaction.as_ref().is_some_and(|begun| !begun.recipients.is_empty());
        match said.verb.as_str() {
            _ if has(GroupFault::FourthIsRefused) && place == 3 => no("550 5.5.0 too much at once"),
            "DATA" if has(GroupFault::LastRecipientDecides) && refused => no("503 5.5.1 bad sequence of commands"),
            "DATA" if has(GroupFault::GroupForNobody) && refused && !ready => {
                Some((Ok("354 end with CRLF . CRLF".to_owned()), Then::Content))
            }
            _ => None,
        }
    }

    /// What is sent now, when `reply` is the right one; `ahead` tells whether more commands of the group are there.
    pub(in crate::refserver::smtp) fn in_group(&mut self, line: &[u8], reply: String, ahead: Ahead) -> String {
        if self.config.faults.is_empty() {
            return reply;
        }
        let said = String::from_utf8_lossy(line);
        let verb = Said::new(&said).verb;
        let waits = match verb.as_str() {
            "NOOP" | "VRFY" => self.has(GroupFault::LastReplyWaits),
            "RSET" => self.has(GroupFault::ResetReplyWaits),
            other => self.has(GroupFault::UnknownReplyWaits) && !self.knows(other),
        };
        let place = self.past.grouped;
        let third = self.has(GroupFault::ThirdComesLast) && place == 2;
        // Behind BDAT, which has no reply yet, comes its chunk.
        self.past.grouped = if ahead == Ahead::More && !reply.is_empty() { place + 1 } else { 0 };
        let held = std::mem::take(&mut self.past.held);
        match ahead {
            Ahead::More if third => {
                self.past.held = reply;
                String::new()
            }
            Ahead::Nothing if waits && place > 0 => {
                self.past.held = held + &reply;
                String::new()
            }
            Ahead::More if self.has(GroupFault::ThirdComesLast) => {
                self.past.held = held;
                reply
            }
            // What waited for the end of its group comes last; what waited for input, first.
            Ahead::Nothing if self.has(GroupFault::ThirdComesLast) => reply + &held,
            Ahead::More | Ahead::Nothing => held + &reply,
        }
    }

    /// What becomes of commands that came together with this one, or with the content.
    pub(in crate::refserver::smtp) fn input_behind(&self, line: &[u8]) -> Input {
        let unknown = || !self.knows(&Said::new(&String::from_utf8_lossy(line)).verb);
        let lost = self.has(GroupFault::InputThrownAway) && self.exchange.is_none() && unknown();
        if lost { Input::ThrownAway } else { Input::Kept }
    }

    /// What becomes of commands that came together with the content.
    pub(in crate::refserver::smtp) fn input_behind_content(&self, then: Then) -> Input {
        let lost = self.has(GroupFault::CommandsBehindContentLost) && then == Then::Content;
        if lost { Input::ThrownAway } else { Input::Kept }
    }
}
