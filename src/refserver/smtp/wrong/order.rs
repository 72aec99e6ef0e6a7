//! Commands that a server with faults takes at the wrong time, or of which it forgets or keeps too much.

use super::super::envelope::Transaction;
use super::super::fault::OrderFault;
use super::super::letter::Envelope;
use super::super::path::{Path, is_host};
use super::super::session::{Reply, SEQUENCE, SYNTAX, Service, Session, Then};
use super::super::trace::Greeting;
use super::{Answer, Said, no, yes};

const TOO_MANY: &str = "452 4.5.3 too many recipients";
const UNKNOWN: &str = "500 5.5.2 unknown command";
const UNKNOWN_PARAMETER: &str = "555 5.5.4 unknown parameter";

/// RFC 5321 §4.5.3.1.4, CRLF included.
const LINE_MAX: usize = 512;

impl Session<'_> {
    /// The wrong answer to a command, if there is one. Some only leave something behind and let the right answer follow.
    pub(super) fn wrong_about_order(&mut self, said: &Said<'_>) -> Option<Answer> {
        self.wrong_about_words(said)
            .or_else(|| self.wrong_about_resets(said))
            .or_else(|| self.wrong_about_mail(said))
            .or_else(|| self.wrong_about_recipients(said))
            .or_else(|| self.wrong_about_content(said))
    }

    fn wrong_about_words(&mut self, said: &Said<'_>) -> Option<Answer> {
        let has = |fault: OrderFault| self.has(fault);
        let word = said.text.split(' ').next().unwrap_or_default();
        let mixed = word.to_ascii_uppercase() != word && word.to_ascii_lowercase() != word;
        let unknown = !self.knows(&said.verb);
        if self.lacks(&said.verb) {
            return no("502 5.5.1 not implemented");
        }
        match said.verb.as_str() {
            "RCPT" if has(OrderFault::MixedCaseUnknown) && mixed => no(UNKNOWN),
            "RCPT" if has(OrderFault::TrailingBlankRefused) && said.line != said.text => no(SYNTAX),
            "RSET" | "VRFY" | "HELP" if has(OrderFault::OthersNeedHello) && self.client.is_none() => no(SEQUENCE),
            "QUIT" if has(OrderFault::QuitNeedsHello) && self.client.is_none() => no(SEQUENCE),
            "NOOP" if has(OrderFault::NoopNeedsHello) && self.client.is_none() => no(SEQUENCE),
            "NOOP" if has(OrderFault::NoopArgumentRefused) && !said.argument.is_empty() => no(SYNTAX),
            "TURN" if has(OrderFault::TurnTaken) => yes("250 2.0.0 it is your turn"),
            "QUIT" if has(OrderFault::QuitNeedsRset) && self.transaction.is_some() => no(SEQUENCE),
            "QUIT" if has(OrderFault::QuitStaysOpen) && said.argument.is_empty() => {
                yes(&format!("221 2.0.0 {} goodbye", self.config.hostname))
            }
            "EHLO" | "HELO" | "MAIL" | "RCPT" => None,
            _ if has(OrderFault::LineOf512Refused) && said.line.len() + 2 >= LINE_MAX => no("500 5.5.2 line too long"),
            verb if has(OrderFault::PrivateCommandTaken) && unknown && verb.starts_with('X') => yes("250 2.0.0 done"),
            _ => {
                let resets = unknown && has(OrderFault::UnknownCommandResets);
                self.transaction = self.transaction.take().filter(|_| !resets);
                None
            }
        }
    }

    /// Whether a command that every server has is missing between servers.
    fn lacks(&self, verb: &str) -> bool {
        let first = self.past.hellos > 0 && self.past.since_hello == 0;
        verb == "RSET" && self.has(OrderFault::RsetUnknown) && first && self.service == Service::Transfer
    }

    fn wrong_about_resets(&mut self, said: &Said<'_>) -> Option<Answer> {
        let has = |fault: OrderFault| self.has(fault);
        let inside = self.transaction.is_some();
        match said.verb.as_str() {
            "RSET" if has(OrderFault::SecondRsetRefused) && self.past.resets > 0 && !inside => no(SEQUENCE),
            "RSET" if has(OrderFault::RefusedRsetResets) && !said.argument.is_empty() => {
                self.transaction = None;
                no(SYNTAX)
            }
            "HELO" if has(OrderFault::HeloKeepsTransaction) => Some(self.greet_within(said, Greeting::Helo)),
            "EHLO" if has(OrderFault::EhloKeepsTransaction) => Some(self.greet_within(said, Greeting::Ehlo)),
            "EHLO" if has(OrderFault::EhloKeepsRecipients) && is_host(said.argument) => {
                self.past.interrupted = self.transaction.take();
                None
            }
            "EHLO" if has(OrderFault::RefusedHelloResets) && !is_host(said.argument) => {
                self.transaction = None;
                no(SYNTAX)
            }
            "VRFY" if has(OrderFault::VrfyEndsTransaction) => {
                self.transaction = None;
                None
            }
            "NOOP" if has(OrderFault::NoopEndsTransaction) => {
                self.transaction = None;
                None
            }
            "HELP" if has(OrderFault::HelpForgetsRecipients) => {
                self.forget_recipients();
                None
            }
            _ => None,
        }
    }

    /// A greeting that leaves the transaction as it is.
    fn greet_within(&mut self, said: &Said<'_>, greeting: Greeting) -> Answer {
        let kept = self.transaction.take();
        let reply = self.greet(said.argument, greeting);
        self.transaction = kept;
        (reply, Then::Command)
    }

    fn wrong_about_mail(&mut self, said: &Said<'_>) -> Option<Answer> {
        if said.verb != "MAIL" {
            return None;
        }
        let has = |fault: OrderFault| self.has(fault);
        let bad_path = said.path().is_none_or(|path| Path::parse(path).is_none());
        if has(OrderFault::LowerCaseSizeUnknown) && said.argument.contains(" size=") {
            return no(UNKNOWN_PARAMETER);
        }
        let used = self.past.resets > 0 && self.past.sized > 0;
        if has(OrderFault::RsetForgetsSize) && used && said.argument.contains(" SIZE=") {
            return no(UNKNOWN_PARAMETER);
        }
        if has(OrderFault::BadMailBlocks) && self.past.bad_mails > 0 {
            return no(SEQUENCE);
        }
        if self.transaction.is_some() {
            return self.wrong_about_nested_mail(said);
        }
        if has(OrderFault::BadMailBegins) && bad_path && self.client.is_some() {
            self.begin_unasked();
            return no("501 5.1.7 bad sender address");
        }
        let (begins, ignored) = (has(OrderFault::UnknownParameterBegins), has(OrderFault::UnknownMailParameterIgnored));
        let keeps = has(OrderFault::RsetKeepsRecipients) || has(OrderFault::EhloKeepsRecipients);
        if !(begins || ignored || keeps) {
            return None;
        }
        let reply = self.mail(said.argument);
        match reply {
            Err(UNKNOWN_PARAMETER) if begins => self.begin_unasked(),
            Err(UNKNOWN_PARAMETER) if ignored => return Some((self.mail(before_parameters(said)), Then::Command)),
            Ok(_) if keeps => {
                let dropped = match self.has(OrderFault::RsetKeepsRecipients) {
                    true => self.past.dropped.take(),
                    false => self.past.interrupted.take(),
                };
                let kept = dropped.map(|dropped| dropped.recipients);
                self.transaction.iter_mut().zip(kept).for_each(|(begun, kept)| begun.recipients = kept);
            }
            Ok(_) | Err(_) => {}
        }
        Some((reply, Then::Command))
    }

    fn wrong_about_nested_mail(&mut self, said: &Said<'_>) -> Option<Answer> {
        if self.has(OrderFault::NestedMailForgets) {
            self.forget_recipients();
            return no(SEQUENCE);
        }
        if !self.has(OrderFault::NestedMailTaken) {
            return None;
        }
        let before = self.transaction.take();
        let reply = self.mail(said.argument);
        match &mut self.transaction {
            Some(begun) => begun.recipients = before.map_or_else(Vec::new, |before| before.recipients),
            None => self.transaction = before,
        }
        Some((reply, Then::Command))
    }

    fn wrong_about_recipients(&mut self, said: &Said<'_>) -> Option<Answer> {
        if said.verb != "RCPT" {
            return None;
        }
        let has = |fault: OrderFault| self.has(fault);
        if has(OrderFault::HundredthRecipientRefused) && self.past.recipients >= 99 {
            return no(TOO_MANY);
        }
        let outside = self.transaction.is_none() && self.client.is_some();
        if has(OrderFault::RcptAfterData) && outside && self.past.finished > 0 {
            self.begin_unasked();
        } else if has(OrderFault::RsetLeavesOpen) && outside {
            self.transaction = self.past.dropped.take().filter(|dropped| !dropped.recipients.is_empty());
        }
        let (ignored, added, emptied) = (
            self.has(OrderFault::UnknownRcptParameterIgnored),
            self.has(OrderFault::UnknownParameterAddsRecipient),
            self.has(OrderFault::RefusedRecipientEmpties),
        );
        if !(ignored || added || emptied) {
            return None;
        }
        let reply: Reply = self.rcpt(said.argument);
        match reply {
            Err(UNKNOWN_PARAMETER) if ignored => return Some((self.rcpt(before_parameters(said)), Then::Command)),
            Err(UNKNOWN_PARAMETER) if added => drop(self.rcpt(before_parameters(said))),
            Err(_) if emptied => self.forget_recipients(),
            Ok(_) | Err(_) => {}
        }
        Some((reply, Then::Command))
    }

    fn wrong_about_content(&mut self, said: &Said<'_>) -> Option<Answer> {
        if said.verb == "DATA" && !said.argument.is_empty() && self.has(OrderFault::DataArgumentTaken) {
            return Some((self.data(""), Then::Content));
        }
        if !said.text.eq_ignore_ascii_case("DATA") {
            return None;
        }
        let nobody = self.transaction.as_ref().is_some_and(|begun| begun.recipients.is_empty());
        let again = self.has(OrderFault::DataAgainForTheSame) && self.past.finished > 0;
        let refused = self.has(OrderFault::DataForNobody) && self.past.refused > 0;
        if !nobody || !(again || refused) {
            return None;
        }
        if again {
            let last = self.past.last.clone();
            self.transaction.iter_mut().for_each(|begun| begun.recipients.clone_from(&last));
        }
        Some((Ok("354 end with CRLF . CRLF".to_owned()), Then::Content))
    }

    /// Begins a transaction that nobody asked for.
    fn begin_unasked(&mut self) {
        self.transaction = Some(Transaction { envelope: Envelope::plain(""), recipients: Vec::new(), chunks: None });
    }

    fn forget_recipients(&mut self) {
        self.transaction.iter_mut().for_each(|begun| begun.recipients.clear());
    }
}

/// MAIL or RCPT without its parameters.
fn before_parameters<'t>(said: &Said<'t>) -> &'t str {
    said.argument
        .rsplit_once('>')
        .map_or(said.argument, |(before, _)| said.argument.get(..=before.len()).unwrap_or(said.argument))
}
