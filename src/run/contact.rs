//! The connections of one attempt and how they ended, for whoever asks afterwards whether the server still lives.

use std::sync::{Arc, Mutex, PoisonError};

use crate::base::ByteString;
use crate::scenario::Protocol;
use crate::target::Endpoint;

/// Octets of what was sent last that are kept: the end of it.
const LAST_MAX_OCTETS: usize = 4096;

/// One connection, or one that did not come about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Contact {
    pub(super) endpoint: Endpoint,
    pub(super) protocol: Protocol,
    pub(super) end: ContactEnd,
}

/// How a connection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ContactEnd {
    /// It stands, the client ended it, or it was to end: after QUIT, LOGOUT, 421 or BYE.
    Fair,
    /// It was refused, or did not come about otherwise.
    Refused,
    /// The server ended it without a word. These octets were sent last on it, secrets replaced.
    Fell(ByteString),
}

/// Shared by the sessions of an attempt.
#[derive(Debug, Clone, Default)]
pub(super) struct Contacts(Arc<Mutex<Vec<Contact>>>);

impl Contacts {
    /// A connection came about: its number.
    pub(super) fn opened(&self, endpoint: &Endpoint, protocol: Protocol) -> usize {
        self.add(endpoint, protocol, ContactEnd::Fair)
    }

    /// A connection did not come about.
    pub(super) fn refused(&self, endpoint: &Endpoint, protocol: Protocol) {
        self.add(endpoint, protocol, ContactEnd::Refused);
    }

    /// The server ended a connection on which `last` was sent last, without saying that it would. Who says QUIT or LOGOUT
    /// asks for it.
    pub(super) fn fell(&self, number: usize, last: &ByteString) {
        let words = last.get(..LAST_MAX_OCTETS.min(last.len())).unwrap_or_default().to_ascii_uppercase();
        let asked = |verb: &[u8]| words.windows(verb.len()).any(|word| word == verb);
        if asked(b"QUIT\r\n") || asked(b"LOGOUT\r\n") {
            return;
        }
        let from = last.len().saturating_sub(LAST_MAX_OCTETS);
        let end = ContactEnd::Fell(last.get(from..).unwrap_or_default().into());
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(contact) = all.get_mut(number) {
            contact.end = end;
        }
    }

    /// All of them, in the order in which they were opened.
    pub(super) fn all(&self) -> Vec<Contact> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn add(&self, endpoint: &Endpoint, protocol: Protocol, end: ContactEnd) -> usize {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(Contact { endpoint: endpoint.clone(), protocol, end });
        all.len() - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Role;

    #[test]
    fn who_says_goodbye_asks_for_the_close() {
        let endpoint = Endpoint::of(Role::Mx, "h", 25);
        let fell = |last: &str| ContactEnd::Fell(last.into());
        for (last, end) in [
            ("NOOP\r\n", fell("NOOP\r\n")),
            ("", fell("")),
            ("MAIL FROM:<quit>\r\n", fell("MAIL FROM:<quit>\r\n")),
            ("quit\r\n", ContactEnd::Fair),
            ("RSET\r\nQUIT\r\n", ContactEnd::Fair),
            ("A0001 LOGOUT\r\n", ContactEnd::Fair),
        ] {
            let contacts = Contacts::default();
            let number = contacts.opened(&endpoint, Protocol::Smtp);
            contacts.fell(number, &last.into());
            assert_eq!(contacts.all()[0].end, end, "{last}");
        }
        let contacts = Contacts::default();
        let number = contacts.opened(&endpoint, Protocol::Smtp);
        let long = [vec![b'a'; 1 << 20], b"end".to_vec()].concat();
        contacts.fell(number, &long.into());
        let ContactEnd::Fell(last) = &contacts.all()[0].end else { panic!() };
        assert!(last.len() == LAST_MAX_OCTETS && last.ends_with(b"end"));
    }
}
