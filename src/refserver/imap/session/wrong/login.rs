//! Logins that a server with faults mishears.

use crate::refserver::Protection;
use crate::refserver::imap::command::{Command, Extent, Phase, parse};
use crate::refserver::imap::session::reader::Refusal;
use crate::refserver::imap::session::reply::{Reply, say};
use crate::refserver::imap::session::state::Session;
use crate::refserver::security::{AuthFault, TlsFault};

/// What SELECT says of a mailbox without messages.
const EMPTY_MAILBOX: [&str; 6] = [
    "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)",
    "* 0 EXISTS",
    "* 0 RECENT",
    "* OK [PERMANENTFLAGS (\\Seen)] these stay",
    "* OK [UIDVALIDITY 1] of nobody",
    "* OK [UIDNEXT 1] next",
];

impl Session<'_> {
    /// AUTHENTICATE whose initial response counts as none if it is not base64.
    pub(super) fn without_initial(&self, octets: &[u8], command: Result<Command, Refusal>) -> Result<Command, Refusal> {
        let base64 = command.as_ref().is_err_and(|refusal| refusal.reply.text() == "base64 is expected");
        let end = octets.iter().rposition(|octet| *octet == b' ').filter(|_| base64);
        match end.and_then(|end| octets.get(..end)) {
            Some(begun) if self.has(AuthFault::ImapInitialInAnyForm) => {
                parse(begun, Extent::Whole, self.phase()).or(command)
            }
            Some(_) | None => command,
        }
    }

    /// The wrong answer to a command that has to do with TLS or a login, by its name in upper case and its line.
    pub(super) fn misheard_login(&self, name: &str, line: &str, out: &mut Vec<u8>) -> Option<Reply> {
        let before_login = self.phase() == Phase::NotAuthenticated;
        let inside = self.protection == Protection::Tls;
        match name {
            "STARTTLS" if before_login && !line.ends_with("STARTTLS") && self.has(TlsFault::ImapArgument) => {
                Some(Reply::ok("begin TLS"))
            }
            "SELECT" if before_login && inside && self.has(TlsFault::ImapOpensMailbox) => {
                EMPTY_MAILBOX.iter().for_each(|line| say(out, line));
                Some(Reply::ok("selected"))
            }
            "LOGIN" if before_login && line.ends_with('"') && self.has(AuthFault::ImapQuotesCount) => {
                Some(Reply::no("wrong name or password"))
            }
            _name => None,
        }
    }
}
