//! MAIL, RCPT, DATA and BDAT: the commands of a mail transaction.

use std::collections::BTreeSet;

use super::content::Chunks;
use super::parameter::{check_auth, check_body, check_size, parameters};
use super::path::Path;
use super::recipient::{Recipient, Refused, resolve};
use super::session::{Reply, SEQUENCE, SYNTAX, Service, Session, after_keyword, bare};
use super::trace::Greeting;

/// RFC 5321 §4.5.3.1.8 wants room for 100 recipients at least. Only foreign ones count here: local ones are users, each
/// once, so that accounts bound their number.
const FOREIGN_MAX: usize = 1000;

/// A mail transaction.
#[derive(Debug)]
pub(super) struct Transaction {
    /// The mailbox of the reverse-path; empty for the null one.
    pub(super) reverse: String,
    /// Users who get the message.
    pub(super) users: BTreeSet<String>,
    /// Mailboxes that the next hop is told.
    pub(super) foreign: BTreeSet<String>,
    /// What BDAT brought so far, once there was one.
    pub(super) chunks: Option<Chunks>,
}

/// One chunk that is announced (RFC 3030 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chunk {
    /// Octets that follow, whatever the reply will be.
    pub(super) size: u64,
    pub(super) place: Place,
    /// What the reply will be, if the chunk cannot be taken.
    pub(super) refused: Option<&'static str>,
}

/// Whether more chunks follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Without LAST.
    Middle,
    /// With LAST.
    Last,
}

impl Session<'_> {
    pub(super) fn mail(&mut self, argument: &str) -> Reply {
        self.permit()?;
        let greeting = self.client.as_ref().ok_or(SEQUENCE)?.greeting;
        if self.transaction.is_some() {
            return Err(SEQUENCE);
        }
        let path = after_keyword(argument, "FROM:").ok_or(SYNTAX)?;
        let (path, rest) = Path::parse(path).ok_or("501 5.1.7 bad sender address")?;
        let reverse = match path {
            Path::Null => String::new(),
            // A mailbox without a domain is for RCPT only (RFC 5321 §4.1.1.3).
            Path::Postmaster => return Err("501 5.1.7 bad sender address"),
            Path::Mailbox(mailbox) => mailbox.text,
        };
        let mut seen = BTreeSet::new();
        for (name, value) in parameters(rest).ok_or(SYNTAX)? {
            // Parameters belong to extensions, which HELO does not offer (RFC 5321 §4.1.1.11).
            match (name.as_str(), greeting, self.service) {
                ("SIZE", Greeting::Ehlo, _) if self.offers("SIZE") => check_size(value, self.config.size_limit)?,
                ("BODY", Greeting::Ehlo, _) if self.offers("8BITMIME") => check_body(value)?,
                ("AUTH", Greeting::Ehlo, Service::Submission) if self.offers("AUTH") => check_auth(value)?,
                _ => return Err("555 5.5.4 unknown parameter"),
            }
            if !seen.insert(name) {
                return Err(SYNTAX);
            }
        }
        let (users, foreign) = (BTreeSet::new(), BTreeSet::new());
        self.transaction = Some(Transaction { reverse, users, foreign, chunks: None });
        Ok("250 2.1.0 sender accepted".to_owned())
    }

    pub(super) fn rcpt(&mut self, argument: &str) -> Reply {
        self.permit()?;
        // Recipients come before the content, and BDAT has begun it.
        let transaction = self.transaction.as_mut().filter(|transaction| transaction.chunks.is_none());
        let transaction = transaction.ok_or(SEQUENCE)?;
        let path = after_keyword(argument, "TO:").ok_or(SYNTAX)?;
        let (path, rest) = Path::parse(path).ok_or("501 5.1.3 bad recipient address")?;
        if !parameters(rest).ok_or(SYNTAX)?.is_empty() {
            return Err("555 5.5.4 unknown parameter");
        }
        let onward = self.service == Service::Submission && self.config.next_hop.is_some();
        match resolve(&path, self.config) {
            Ok(Recipient::User(user)) => {
                transaction.users.insert(user);
            }
            Ok(Recipient::Foreign(mailbox)) if onward => {
                if transaction.foreign.len() >= FOREIGN_MAX {
                    return Err("452 4.5.3 too many recipients");
                }
                transaction.foreign.insert(mailbox);
            }
            Ok(Recipient::Foreign(_)) | Err(Refused::Relay) => return Err("550 5.7.1 relaying refused"),
            Err(Refused::Unknown) => return Err("550 5.1.1 no such mailbox"),
            Err(Refused::Null) => return Err("501 5.1.3 bad recipient address"),
        }
        Ok("250 2.1.5 recipient accepted".to_owned())
    }

    pub(super) fn data(&self, argument: &str) -> Reply {
        self.permit()?;
        let reply = bare(argument, "354 end with CRLF . CRLF")?;
        let ready = self.transaction.as_ref().is_some_and(|transaction| transaction.chunks.is_none());
        if ready && self.has_recipient() { Ok(reply) } else { Err(SEQUENCE) }
    }

    /// Reads BDAT. Its octets follow even if it is refused, unless nobody can tell how many there are.
    pub(super) fn bdat(&self, argument: &str) -> Result<Chunk, &'static str> {
        let (size, place) = match argument.split_once(' ') {
            None => (argument, Place::Middle),
            Some((size, last)) if last.eq_ignore_ascii_case("LAST") => (size, Place::Last),
            Some(_) => return Err(SYNTAX),
        };
        let digits = !size.is_empty() && size.len() <= 20 && size.bytes().all(|octet| octet.is_ascii_digit());
        let size = size.parse().ok().filter(|_| digits).ok_or(SYNTAX)?;
        // Like every extension it wants EHLO.
        let asked = self.client.as_ref().is_some_and(|client| client.greeting == Greeting::Ehlo);
        let refused = self.permit().err().or_else(|| (!asked || !self.has_recipient()).then_some(SEQUENCE));
        Ok(Chunk { size, place, refused })
    }

    fn has_recipient(&self) -> bool {
        let transaction = self.transaction.as_ref();
        transaction.is_some_and(|transaction| !transaction.users.is_empty() || !transaction.foreign.is_empty())
    }
}
