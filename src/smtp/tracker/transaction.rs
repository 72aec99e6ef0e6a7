//! Where a session stands: mail transaction and login. RFC 5321 §4.1.4, RFC 3030 §2, RFC 4954 §4.

use super::super::invariant::Sheet;
use super::super::{Chunk, CommandLine, Verb};

const OUT_OF_ORDER: &str = "rfc5321-4.1.4-out-of-order-503";
const DATA_AFTER_BDAT: &str = "rfc3030-2-data-after-bdat-503";
const BDAT_AFTER_LAST: &str = "rfc3030-2-bdat-after-last-503";
const DATA_WITH_BINARY: &str = "rfc3030-3-data-with-binarymime-503";
const SECOND_AUTH: &str = "rfc4954-4-second-auth-503";
const AUTH_INSIDE: &str = "rfc4954-4-auth-in-transaction-503";
const ETRN_INSIDE: &str = "rfc1985-5-not-in-transaction";

/// What this file judges.
pub(super) const BEHIND: &[&str] =
    &[OUT_OF_ORDER, DATA_AFTER_BDAT, BDAT_AFTER_LAST, DATA_WITH_BINARY, SECOND_AUTH, AUTH_INSIDE, ETRN_INSIDE];

/// The mail transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Transaction {
    /// There is none.
    Closed,
    /// There is none, and the last one ended with BDAT LAST.
    ClosedByChunk,
    Open(Body, Chunks),
    Unknown,
}

/// What MAIL announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Body {
    Text,
    Binary,
}

/// Whether BDAT was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chunks {
    None,
    Some,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Login {
    NotYet,
    Done,
}

/// What is known of a session from the commands and their replies.
#[derive(Debug)]
pub(super) struct State {
    transaction: Transaction,
    login: Login,
}

impl State {
    /// At the start of a connection, or of TLS. RFC 3207 §4.2.
    pub(super) fn new() -> Self {
        Self { transaction: Transaction::Closed, login: Login::NotYet }
    }

    /// Something happened that nobody followed. A login is never undone but by TLS.
    pub(super) fn lose(&mut self) {
        self.transaction = Transaction::Unknown;
    }

    /// A reply to this command: what it breaks, and what follows from it.
    pub(super) fn answered(&mut self, command: &CommandLine, code: u16, sheet: &mut Sheet) {
        self.judge(command, code, sheet);
        let yes = code < 300;
        self.transaction = match (command.verb, self.transaction) {
            (Verb::Ehlo | Verb::Helo | Verb::Rset, _) if yes => Transaction::Closed,
            (Verb::Mail, _) if yes => {
                let body = if command.has("BODY=BINARYMIME") { Body::Binary } else { Body::Text };
                Transaction::Open(body, Chunks::None)
            }
            (Verb::EndOfData, _) if yes => Transaction::Closed,
            (Verb::Bdat(_, Chunk::Last), _) if yes => Transaction::ClosedByChunk,
            (Verb::Bdat(_, Chunk::More), Transaction::Open(body, _)) if yes => Transaction::Open(body, Chunks::Some),
            // A failed end of data or chunk leaves open what there is. RFC 5321 §4.1.4, RFC 3030 §2.
            (Verb::EndOfData | Verb::Bdat(..), _) => Transaction::Unknown,
            (Verb::Data, Transaction::Open(_, Chunks::Some)) => Transaction::Unknown,
            (_, now) => now,
        };
        if code == 235 && matches!(command.verb, Verb::Auth | Verb::Response) {
            self.login = Login::Done;
        }
    }

    fn judge(&self, command: &CommandLine, code: u16, sheet: &mut Sheet) {
        let yes = (code < 400).then_some(());
        let open = matches!(self.transaction, Transaction::Open(..));
        match command.verb {
            Verb::Rcpt if matches!(self.transaction, Transaction::Closed | Transaction::ClosedByChunk) => {
                sheet.look(OUT_OF_ORDER, yes.map(|()| "RCPT is accepted without MAIL"));
            }
            Verb::Data if matches!(self.transaction, Transaction::Open(_, Chunks::Some)) => {
                sheet.look(DATA_AFTER_BDAT, yes.map(|()| "DATA is accepted after BDAT"));
            }
            Verb::Data if matches!(self.transaction, Transaction::Open(Body::Binary, _)) => {
                sheet.look(DATA_WITH_BINARY, yes.map(|()| "DATA is accepted after MAIL with BODY=BINARYMIME"));
            }
            Verb::Bdat(..) if self.transaction == Transaction::ClosedByChunk => {
                sheet.look(BDAT_AFTER_LAST, yes.map(|()| "BDAT is accepted after BDAT LAST"));
            }
            Verb::Auth if self.login == Login::Done => {
                sheet.look(SECOND_AUTH, yes.map(|()| "AUTH is accepted after a successful AUTH"));
            }
            Verb::Auth if open => {
                sheet.look(AUTH_INSIDE, yes.map(|()| "AUTH is accepted within a transaction"));
            }
            Verb::Etrn if open => {
                sheet.look(ETRN_INSIDE, yes.map(|()| "ETRN is accepted within a transaction"));
            }
            Verb::Greeting
            | Verb::Ehlo
            | Verb::Helo
            | Verb::Mail
            | Verb::Rcpt
            | Verb::Data
            | Verb::EndOfData
            | Verb::Bdat(..)
            | Verb::Rset
            | Verb::Noop
            | Verb::Quit
            | Verb::Vrfy
            | Verb::Expn
            | Verb::Help
            | Verb::Etrn
            | Verb::Auth
            | Verb::Response
            | Verb::StartTls
            | Verb::Other => {}
        }
    }
}
