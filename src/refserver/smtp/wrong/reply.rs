//! Replies as a server with faults words them.

use super::super::fault::{ChunkFault, ReplyFault};
use super::super::session::Session;
use super::super::trace::Greeting;
use super::Said;

/// Replies to a command that begin otherwise than they should.
const REWORDED: &[(ReplyFault, &str, &str, &str)] = &[
    (ReplyFault::CodeOutOfRange, "VRFY", "252", "262"),
    (ReplyFault::CodeOfAnotherClass, "RCPT", "501 5.1.3", "501 4.1.3"),
    (ReplyFault::CodeWithoutSpace, "VRFY", "252 2.5.0 ", "252 2.5.0-"),
    (ReplyFault::SequenceWithoutDetail, "RCPT", "503 5.5.1", "503 5.0.0"),
    (ReplyFault::RecipientOkAsSender, "RCPT", "250 2.1.5", "250 2.1.0"),
    (ReplyFault::UnknownMailboxWithoutDetail, "RCPT", "550 5.1.1", "550 5.0.0"),
    (ReplyFault::UnknownMailboxAs501, "RCPT", "550 5.1.1", "501 5.1.1"),
    (ReplyFault::TooBigWithoutDetail, "MAIL", "552 5.3.4", "552 5.0.0"),
    (ReplyFault::HelloRefusedBy555, "EHLO", "501 ", "555 "),
];

impl Session<'_> {
    /// What is sent in place of the right reply to what the client said; the right one if nothing is wrong with it.
    pub(in crate::refserver::smtp) fn misspoken(&self, said: &Said<'_>, right: String) -> String {
        if self.config.faults.is_empty() {
            return right;
        }
        let reworded = REWORDED.iter().find_map(|(fault, verb, right_begin, wrong_begin)| {
            let rest = right.strip_prefix(right_begin).filter(|_| said.verb == *verb && self.has(*fault))?;
            Some(format!("{wrong_begin}{rest}"))
        });
        let wrong = reworded
            .or_else(|| self.misformed(said, &right))
            .or_else(|| self.miscoded(said, &right))
            .or_else(|| self.misnumbered(said, &right));
        wrong.unwrap_or(right)
    }

    /// Replies that are no replies, or too many.
    fn misformed(&self, said: &Said<'_>, right: &str) -> Option<String> {
        let has = |fault: ReplyFault| self.has(fault);
        match said.verb.as_str() {
            "RSET" if has(ReplyFault::RsetEndsInLf) => Some(format!("{}\n", right.trim_end())),
            "RSET" if has(ReplyFault::BareCode) && self.past.dropped.is_some() => Some("250\r\n".to_owned()),
            "HELP" if has(ReplyFault::HelpCodesDiffer) => Some("211-2.0.0 see\r\n214 2.0.0 RFC 5321\r\n".to_owned()),
            "HELP" if has(ReplyFault::HelpEnhancedCodesDiffer) => {
                Some("214-2.0.0 see\r\n214 2.1.0 RFC 5321\r\n".to_owned())
            }
            "HELP" if has(ReplyFault::HelpWithColon) => Some(right.replacen(' ', ":", 1)),
            "NOOP" if has(ReplyFault::NoopGivesArgumentBack) => Some(format!("250 2.0.0 {}\r\n", said.argument)),
            "NOOP" if has(ReplyFault::NoopAnsweredTwice) && said.text == "NOOP" && self.past.since_hello == 0 => {
                (self.past.hellos > 0).then(|| right.repeat(2))
            }
            "QUIT" if has(ReplyFault::FarewellNotAscii) => Some(right.replacen("goodbye", "\u{e0} bient\u{f4}t", 1)),
            "." if has(ReplyFault::ReplyForEachRecipient) => {
                Some(right.repeat(usize::try_from(self.past.recipients).unwrap_or(1).max(1)))
            }
            _ => None,
        }
    }

    /// Enhanced codes that are missing or of another form.
    fn miscoded(&self, said: &Said<'_>, right: &str) -> Option<String> {
        let has = |fault: ReplyFault| self.has(fault);
        let after_helo = self.client.as_ref().is_some_and(|client| client.greeting == Greeting::Helo);
        match said.verb.as_str() {
            "RCPT" if has(ReplyFault::CodeWithLeadingZero) && self.past.recipients == 1 => {
                right.starts_with("250").then(|| right.replacen("2.1.5", "2.01.5", 1))
            }
            "MAIL" if has(ReplyFault::NoCodeInSecondTransaction) && self.past.finished > 0 => {
                right.starts_with("250").then(|| right.replacen("2.1.0 ", "", 1))
            }
            "NOOP" if has(ReplyFault::CodeOfTwoNumbers) && self.transaction.is_some() => {
                Some("250 2.0 nothing done\r\n".to_owned())
            }
            verb if has(ReplyFault::NoCodesAfterHelo) && after_helo && verb != "HELO" => {
                let (code, (_, text)) =
                    right.split_once(' ').and_then(|(code, rest)| Some((code, rest.split_once(' ')?)))?;
                Some(format!("{code} {text}"))
            }
            _ => None,
        }
    }

    /// Replies with the code of another one.
    fn misnumbered(&self, said: &Said<'_>, right: &str) -> Option<String> {
        let has = |fault: ReplyFault| self.has(fault);
        let past = &self.past;
        match said.verb.as_str() {
            "RCPT" if has(ReplyFault::OutOfOrderAs550) && past.mails == 0 && right.starts_with("503") => {
                Some("550 5.5.1 no such mailbox\r\n".to_owned())
            }
            "MAIL" if has(ReplyFault::QuotedSenderBy251) && said.argument.contains('"') => {
                right.strip_prefix("250").map(|rest| format!("251{rest}"))
            }
            "VRFY" if has(ReplyFault::VrfyBy253) => {
                let (local, _) = said.argument.split_once('@').unwrap_or((said.argument, ""));
                let rest = self.config.account(local).and_then(|_| right.strip_prefix("252"));
                rest.map(|rest| format!("253{rest}"))
            }
            "DATA" if has(ReplyFault::DataBy250) && said.text == "DATA" => {
                let first = past.finished == 0 && past.refused == 0 && past.since_hello == 2;
                right.strip_prefix("354").filter(|_| first).map(|rest| format!("250 2.0.0{rest}"))
            }
            "BDAT" if self.has(ChunkFault::ChunkBy354) && right.contains("octets taken") => {
                right.strip_prefix("250 2.0.0").map(|rest| format!("354{rest}"))
            }
            "QUIT" if has(ReplyFault::QuitBy250) && said.text == "QUIT" && self.transaction.is_none() => {
                right.strip_prefix("221").filter(|_| self.client.is_some()).map(|rest| format!("250{rest}"))
            }
            _ if has(ReplyFault::UnknownWithoutDetail) => {
                right.strip_prefix("500 5.5.2 unknown").map(|rest| format!("500 5.0.0 unknown{rest}"))
            }
            verb if has(ReplyFault::UnknownAs502) && !verb.contains('\n') => {
                right.strip_prefix("500 5.5.2 unknown").map(|rest| format!("502 5.5.1 unknown{rest}"))
            }
            _ => None,
        }
    }
}
