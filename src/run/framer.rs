//! The framers of the three protocols as one.

use super::session::Seen;
use super::wire::BUFFER_MAX_OCTETS;
use crate::outcome::Frame;
use crate::scenario::Protocol;
use crate::{imap, pop3, smtp};

/// Octets of memory that a line of a POP3 response takes beside its own.
const LINE_COST: usize = 64;

/// Cuts octets into frames.
#[derive(Debug)]
pub(super) enum Framer {
    Smtp(smtp::Framer),
    Pop3(pop3::Framer),
    Imap(Box<imap::Framer>),
}

impl Framer {
    /// A framer at the start of a connection.
    pub(super) fn new(protocol: Protocol) -> Self {
        match protocol {
            Protocol::Smtp => Self::Smtp(smtp::Framer::new()),
            Protocol::Pop3 => {
                let mut framer = pop3::Framer::new();
                // The greeting, also where commands are sent before it was read.
                framer.expect(pop3::Form::Single);
                framer.set_lines(BUFFER_MAX_OCTETS / LINE_COST);
                Self::Pop3(framer)
            }
            Protocol::Imap => Self::Imap(Box::new(imap::Framer::new(imap::Revision::Rev1))),
        }
    }

    /// How many octets one frame may have.
    pub(super) fn set_limit(&mut self, octets: usize) {
        match self {
            Self::Smtp(_) => {}
            Self::Pop3(framer) => framer.set_lines(octets / LINE_COST),
            Self::Imap(framer) => framer.set_limit(octets),
        }
    }

    /// IMAP: the grammar of what follows.
    pub(super) fn set_revision(&mut self, revision: imap::Revision) {
        if let Self::Imap(framer) = self {
            framer.set_revision(revision);
        }
    }

    /// POP3: what the next responses are.
    pub(super) fn expect_forms(&mut self, forms: &[pop3::Form]) {
        if let Self::Pop3(framer) = self {
            forms.iter().for_each(|form| framer.expect(*form));
        }
    }

    /// POP3: no form is expected any more.
    pub(super) fn forget_forms(&mut self) {
        if let Self::Pop3(framer) = self {
            framer.forget();
        }
    }

    pub(super) fn push(&mut self, octets: &[u8]) {
        match self {
            Self::Smtp(framer) => framer.push(octets),
            Self::Pop3(framer) => framer.push(octets),
            Self::Imap(framer) => framer.push(octets),
        }
    }

    /// The next frame; the error is that one is too large.
    pub(super) fn next(&mut self) -> Option<Result<Seen, String>> {
        match self {
            Self::Smtp(framer) => {
                framer.next().map(|next| next.map(Frame::Smtp).map(Seen::Frame).map_err(|error| error.to_string()))
            }
            Self::Pop3(framer) => {
                framer.next().map(|next| next.map(Frame::Pop3).map(Seen::Frame).map_err(|error| error.to_string()))
            }
            Self::Imap(framer) => {
                let next = framer.next()?;
                Some(next.map(Box::new).map(Frame::Imap).map(Seen::Frame).map_err(|error| error.to_string()))
            }
        }
    }

    pub(super) fn take_rest(&mut self) -> Vec<u8> {
        match self {
            Self::Smtp(framer) => framer.take_rest(),
            Self::Pop3(framer) => framer.take_rest(),
            Self::Imap(framer) => framer.take_rest(),
        }
    }
}
