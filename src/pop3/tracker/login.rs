//! Where a session stands: AUTHORIZATION or TRANSACTION, and whose maildrop it is. RFC 1939 §3, RFC 5034 §4.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::invariant::{Phase, Sheet};
use super::super::{CommandLine, Keyword, Status};

const BEFORE: &str = "rfc1939-3-transaction-command-in-authorization-err";
const NOOP_BEFORE: &str = "rfc1939-3-noop-rset-in-authorization-err";
const AFTER: &str = "rfc1939-3-authorization-command-in-transaction-err";
const PASS_ALONE: &str = "rfc1939-7-pass-without-user-err";
const QUIT: &str = "rfc1939-4-quit-in-authorization";
const SECOND_AUTH: &str = "rfc5034-4-no-second-auth";
const AUTH_AFTER: &str = "rfc5034-4-only-in-authorization";
const STLS_AFTER: &str = "rfc2595-4-pop3-only-in-authorization";
const UTF8_AFTER: &str = "rfc6856-2-utf8-only-in-authorization";

/// What this file judges.
pub(super) const BEHIND: &[&str] =
    &[BEFORE, NOOP_BEFORE, AFTER, PASS_ALONE, QUIT, SECOND_AUTH, AUTH_AFTER, STLS_AFTER, UTF8_AFTER];

/// What USER said last.
#[derive(Debug, Clone, PartialEq, Eq)]
enum User {
    /// It was not accepted, for certain.
    None,
    Named(String),
    Unknown,
}

/// By which commands the session was authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Auth,
    Other,
}

/// What is known of a session from the commands and their responses.
#[derive(Debug)]
pub(super) struct Login {
    phase: Phase,
    user: User,
    way: Way,
    /// Whoever logged in, if that can be told.
    account: Option<String>,
    /// The mechanism of the exchange in progress.
    mechanism: String,
}

impl Login {
    /// At the start of a connection.
    pub(super) fn new() -> Self {
        Self { phase: Phase::Authorization, user: User::None, way: Way::Other, account: None, mechanism: String::new() }
    }

    pub(super) fn phase(&self) -> Phase {
        self.phase
    }

    /// The name under which the session was authenticated.
    pub(super) fn account(&self) -> Option<&String> {
        self.account.as_ref()
    }

    /// Something happened that nobody followed.
    pub(super) fn lose(&mut self) {
        self.phase = Phase::Unknown;
        self.user = User::Unknown;
        self.account = None;
    }

    /// TLS began; the session remains in AUTHORIZATION. RFC 2595 §4 does not say what a USER from before is worth.
    pub(super) fn secured(&mut self) {
        self.user = User::Unknown;
    }

    /// A response to this command: what it breaks, and what follows from it.
    pub(super) fn answered(&mut self, command: &CommandLine, status: Status, sheet: &mut Sheet) {
        self.judge(command, status, sheet);
        match (command.keyword, status) {
            (Keyword::User, Status::Ok) => self.user = User::Named(command.args.join(" ")),
            (Keyword::User | Keyword::Pass, Status::Err) => self.user = User::None,
            (Keyword::Pass, Status::Ok) => {
                let name = if let User::Named(name) = &self.user { Some(name.clone()) } else { None };
                self.enter(Way::Other, name);
            }
            (Keyword::Apop, Status::Ok) => self.enter(Way::Other, command.args.first().cloned()),
            (Keyword::Auth, Status::Continue) => self.mechanism = command.args.join(" ").to_ascii_uppercase(),
            (Keyword::Auth, Status::Ok) if !command.args.is_empty() => {
                let plain = command.args.first().is_some_and(|name| name.eq_ignore_ascii_case("PLAIN"));
                let name = command.args.get(1).filter(|_| plain).and_then(|text| plain_name(text));
                self.enter(Way::Auth, name);
            }
            (Keyword::Response, Status::Ok) => {
                let name = command.args.first().filter(|_| self.mechanism == "PLAIN").and_then(|text| plain_name(text));
                self.enter(Way::Auth, name);
            }
            (Keyword::Quit, _) => self.lose(),
            (_, _) => {}
        }
    }

    fn enter(&mut self, way: Way, account: Option<String>) {
        if self.phase == Phase::Authorization {
            (self.phase, self.way, self.account) = (Phase::Transaction, way, account);
        } else {
            self.lose();
        }
    }

    fn judge(&self, command: &CommandLine, status: Status, sheet: &mut Sheet) {
        use Keyword::{Apop, Auth, Dele, List, Noop, Pass, Quit, Retr, Rset, Stat, Stls, Top, Uidl, User, Utf8};
        let yes = (status == Status::Ok).then_some(());
        let begun = (status != Status::Err).then_some(());
        match (self.phase, command.keyword) {
            (Phase::Authorization, Stat | List | Retr | Dele | Top | Uidl) => {
                sheet.look(BEFORE, yes.map(|()| "a command of TRANSACTION is accepted before the login"));
            }
            (Phase::Authorization, Noop | Rset) => {
                sheet.look(NOOP_BEFORE, yes.map(|()| "NOOP or RSET is accepted before the login"));
            }
            (Phase::Authorization, Pass) if self.user == self::User::None => {
                sheet.look(PASS_ALONE, yes.map(|()| "PASS is accepted without USER"));
            }
            (Phase::Authorization, Quit) if command.args.is_empty() => {
                sheet.look(QUIT, (status != Status::Ok).then_some("QUIT is refused before the login"));
            }
            (Phase::Transaction, User | Pass | Apop) => {
                sheet.look(AFTER, yes.map(|()| "a command of AUTHORIZATION is accepted after the login"));
            }
            (Phase::Transaction, Auth) if !command.args.is_empty() => {
                let id = if self.way == Way::Auth { SECOND_AUTH } else { AUTH_AFTER };
                sheet.look(id, begun.map(|()| "AUTH is accepted after the login"));
            }
            (Phase::Transaction, Stls) => sheet.look(STLS_AFTER, yes.map(|()| "STLS is accepted after the login")),
            (Phase::Transaction, Utf8) => sheet.look(UTF8_AFTER, yes.map(|()| "UTF8 is accepted after the login")),
            (Phase::Authorization | Phase::Transaction | Phase::Unknown, _) => {}
        }
    }
}

/// The authentication identity of a PLAIN message. RFC 4616 §2. One that acts for another is nobody's.
fn plain_name(text: &str) -> Option<String> {
    let message = STANDARD.decode(text).ok()?;
    let mut parts = message.split(|octet| *octet == 0);
    let (authzid, authcid) = (parts.next()?, parts.next()?);
    (authzid.is_empty() || authzid == authcid).then(|| String::from_utf8_lossy(authcid).into_owned())
}
