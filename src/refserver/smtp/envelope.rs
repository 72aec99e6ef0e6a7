//! MAIL, RCPT, DATA and BDAT: the commands of a mail transaction.

use std::collections::BTreeSet;

use super::content::Chunks;
use super::letter::{Body, Charset, Envelope};
use super::notify::{Addressee, Notify, Returned, is_original};
use super::parameter::{body, check_auth, check_size, envelope_id, parameters};
use super::path::Path;
use super::recipient::{Recipient, Refused, resolve};
use super::session::{Reply, SEQUENCE, SYNTAX, Session, after_keyword, bare};
use super::trace::Greeting;

/// RFC 5321 §4.5.3.1.8 wants room for 100 recipients at least.
const RECIPIENTS_MAX: usize = 1000;

const UNKNOWN_PARAMETER: &str = "555 5.5.4 unknown parameter";

/// A mail transaction.
#[derive(Debug, Clone)]
pub(super) struct Transaction {
    pub(super) envelope: Envelope,
    /// Who gets the message: users here, and mailboxes that the next hop is told. No address comes twice.
    pub(super) recipients: Vec<(Addressee, Recipient)>,
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
        if self.client.is_none() || self.transaction.is_some() {
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
        let mut envelope = Envelope { charset: Charset::Ascii, ..Envelope::plain(&reverse) };
        self.each_parameter(rest, |name, value| {
            match name {
                "SIZE" if self.forgot_size() => return Err(UNKNOWN_PARAMETER),
                "SIZE" => check_size(value, self.config.size_limit)?,
                "BODY" => envelope.body = body(value)?,
                "SMTPUTF8" if value.is_none() => envelope.charset = Charset::Utf8,
                "RET" => envelope.returned = Some(value.and_then(Returned::parse).ok_or(SYNTAX)?),
                "ENVID" => envelope.id = Some(envelope_id(value)?),
                "AUTH" if self.refuses_parameter(value) => return Err(SYNTAX),
                "AUTH" => check_auth(value)?,
                "SMTPUTF8" => return Err(SYNTAX),
                // These are for RCPT.
                _ => return Err(UNKNOWN_PARAMETER),
            }
            Ok(())
        })?;
        if envelope.body == Body::Binary && !self.offers("BINARYMIME") {
            return Err(SYNTAX);
        }
        match (envelope.charset, argument.is_ascii(), rest.is_ascii()) {
            (Charset::Utf8, _, _) | (Charset::Ascii, true, _) => {}
            // RFC 6531 §3.5.
            (Charset::Ascii, false, true) => return Err("550 5.6.7 not without SMTPUTF8"),
            (Charset::Ascii, false, false) => return Err(SYNTAX),
        }
        self.transaction = Some(Transaction { envelope, recipients: Vec::new(), chunks: None });
        Ok("250 2.1.0 sender accepted".to_owned())
    }

    /// Gives each parameter, which no name has twice, to `take`. Parameters belong to extensions, which HELO does not offer
    /// (RFC 5321 §4.1.1.11).
    fn each_parameter<'t>(
        &self,
        text: &'t str,
        mut take: impl FnMut(&str, Option<&'t str>) -> Result<(), &'static str>,
    ) -> Result<(), &'static str> {
        let extended = self.client.as_ref().is_some_and(|client| client.greeting == Greeting::Ehlo);
        let mut seen = BTreeSet::new();
        for (name, value) in parameters(text).ok_or(SYNTAX)? {
            let keyword = match name.as_str() {
                "BODY" => "8BITMIME",
                "RET" | "ENVID" | "NOTIFY" | "ORCPT" => "DSN",
                "SIZE" | "SMTPUTF8" | "AUTH" => name.as_str(),
                _ => return Err(UNKNOWN_PARAMETER),
            };
            if !extended || !self.offers(keyword) {
                return Err(UNKNOWN_PARAMETER);
            }
            take(&name, value)?;
            if !seen.insert(name) {
                return Err(SYNTAX);
            }
        }
        Ok(())
    }

    pub(super) fn rcpt(&mut self, argument: &str) -> Reply {
        self.permit()?;
        // Recipients come before the content, and BDAT has begun it.
        let transaction = self.transaction.as_ref().filter(|transaction| transaction.chunks.is_none());
        let transaction = transaction.ok_or(SEQUENCE)?;
        let path = after_keyword(argument, "TO:").ok_or(SYNTAX)?;
        let (path, rest) = Path::parse(path).ok_or("501 5.1.3 bad recipient address")?;
        let (mut notify, mut original) = (None, None);
        self.each_parameter(rest, |name, value| {
            match name {
                "NOTIFY" => notify = Some(value.and_then(Notify::parse).ok_or(SYNTAX)?),
                "ORCPT" => original = Some(value.filter(|value| is_original(value)).ok_or(SYNTAX)?.to_owned()),
                // These are for MAIL.
                _ => return Err(UNKNOWN_PARAMETER),
            }
            Ok(())
        })?;
        match (transaction.envelope.charset, argument.is_ascii(), rest.is_ascii()) {
            (Charset::Utf8, _, _) | (Charset::Ascii, true, _) => {}
            // RFC 6531 §3.5.
            (Charset::Ascii, false, true) => return Err("553 5.6.7 not without SMTPUTF8"),
            (Charset::Ascii, false, false) => return Err(SYNTAX),
        }
        let recipient = match resolve(&path, self.config) {
            Ok(Recipient::Foreign) if !self.relays() => return Err("550 5.7.1 relaying refused"),
            Ok(recipient) => recipient,
            Err(Refused::Relay) => return Err("550 5.7.1 relaying refused"),
            Err(Refused::Unknown) => return Err("550 5.1.1 no such mailbox"),
            Err(Refused::Null) => return Err("501 5.1.3 bad recipient address"),
        };
        self.add(Addressee { address: path.text(), notify, original }, recipient)
    }

    /// Takes a recipient into the transaction; one that is there already stays as it is.
    pub(super) fn add(&mut self, addressee: Addressee, recipient: Recipient) -> Reply {
        let recipients = &mut self.transaction.as_mut().ok_or(SEQUENCE)?.recipients;
        if recipients.iter().all(|(known, _)| known.address != addressee.address) {
            if recipients.len() >= RECIPIENTS_MAX {
                return Err("452 4.5.3 too many recipients");
            }
            recipients.push((addressee, recipient));
        }
        Ok("250 2.1.5 recipient accepted".to_owned())
    }

    /// Whether mail for other domains is taken: from users only, and where there is a way.
    fn relays(&self) -> bool {
        self.is_trusted() && self.config.next_hop.is_some()
    }

    pub(super) fn data(&self, argument: &str) -> Reply {
        self.permit()?;
        let reply = bare(argument, "354 end with CRLF . CRLF")?;
        // RFC 3030 §3: binary content comes by BDAT only.
        let lines = |transaction: &Transaction| transaction.envelope.body == Body::Lines;
        let ready = self.transaction.as_ref().is_some_and(|begun| begun.chunks.is_none() && lines(begun));
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
        transaction.is_some_and(|transaction| !transaction.recipients.is_empty())
    }
}
