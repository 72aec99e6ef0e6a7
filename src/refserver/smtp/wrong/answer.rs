//! Answers of a server with faults.

use super::super::session::{Reply, Session, Then};
use super::Said;
use crate::refserver::Fault;

/// A reply, and what happens once it is sent.
pub(super) type Answer = (Reply, Then);

/// A refusal.
pub(super) fn no(text: &'static str) -> Option<Answer> {
    Some((Err(text), Then::Command))
}

/// A positive reply.
pub(super) fn yes(text: &str) -> Option<Answer> {
    Some((Ok(text.to_owned()), Then::Command))
}

impl Session<'_> {
    /// Whether the server has this fault.
    pub(in crate::refserver::smtp) fn has(&self, fault: impl Into<Fault>) -> bool {
        self.config.faults.has(fault)
    }

    /// Answers a line as a server with faults does.
    pub(in crate::refserver::smtp) fn answer_wrongly(&mut self, line: &[u8]) -> (String, Then) {
        let text = String::from_utf8_lossy(line).into_owned();
        let parts = self.parted(&text);
        if self.exchange.is_some() || parts.len() == 1 {
            return self.one(parts.first().copied().unwrap_or_default(), line);
        }
        let mut all = String::new();
        let mut then = Then::Command;
        for part in parts {
            let (reply, next) = self.one(part, part.as_bytes());
            all.push_str(&reply);
            then = next;
        }
        (all, then)
    }

    /// Answers one command, or the response that AUTH waits for.
    fn one(&mut self, text: &str, octets: &[u8]) -> (String, Then) {
        let said = Said::new(text);
        let wrong = if self.exchange.is_some() { None } else { self.wrong(&said) };
        let answer = match wrong {
            Some(answer) => answer,
            None if said.line.len() < octets.len() => self.right(said.line.as_bytes()),
            None => self.right(octets),
        };
        let (reply, then) = self.written(answer);
        let reply = if reply.is_empty() { reply } else { self.misspoken(&said, reply) };
        if reply.starts_with("235") {
            let user = self.client.as_ref().and_then(|client| client.user.clone());
            user.into_iter().for_each(|user| self.past.rumours.spread(user));
        }
        self.past.note(&said, &reply);
        (reply, then)
    }

    /// The wrong answer to a command, if there is one.
    fn wrong(&mut self, said: &Said<'_>) -> Option<Answer> {
        if said.verb == "RSET" && said.argument.is_empty() {
            self.past.dropped = self.transaction.clone();
        }
        if ["MAIL", "RCPT", "DATA", "BDAT"].contains(&said.verb.as_str()) && self.permit().is_err() {
            return None;
        }
        self.wrong_about_groups(said)
            .or_else(|| self.wrong_about_hello(said))
            .or_else(|| self.wrong_about_order(said))
            .or_else(|| self.wrong_about_parameters(said))
            .or_else(|| self.wrong_about_addresses(said))
            .or_else(|| self.wrong_about_relaying(said))
            .or_else(|| self.wrong_about_chunks(said))
    }
}
