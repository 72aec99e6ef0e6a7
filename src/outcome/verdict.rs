//! The four verdicts on one scenario.

use std::fmt;

use super::Finding;

/// The verdict on one scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// All judged lines held.
    Conforms,
    /// At least one did not. Never empty.
    Violates(Vec<Finding>),
    /// The scenario does not apply to this target.
    NotApplicable(Unmet),
    /// Nothing can be said.
    Inconclusive(Doubt),
}

/// Why a scenario does not apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unmet {
    /// A word of `needs`.
    Need(String),
    /// No endpoint for a role.
    Role(String),
    /// No account, and one is needed.
    Account,
    /// One account, and two are needed.
    Accounts,
    /// The lease is exclusive and the account is not marked disposable.
    NotDisposable,
    /// `secured` where no TLS is offered.
    NoTls,
    /// A legal answer that says nothing ended the scenario: the line's remark, or its pattern.
    Skipped(String),
    /// No matching frame was seen for a watched invariant.
    NothingToWatch(String),
}

/// Why a verdict cannot be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// Setup did not come to pass: where, and what came (as a shape).
    Setup(String),
    /// The server was in trouble: 4yz, a limit, a lock.
    Trouble(String),
    /// The server takes no session now: the connection is refused, or 421, BYE or `-ERR` stands where the greeting should.
    Busy(String),
    /// 450 or 451 to RCPT: come back later. RFC 6647 §2.1.
    Greylisted(String),
    /// Connection lost.
    Connection(String),
    /// Nobody takes connections any more where somebody did.
    Gone(String),
    /// Mail did not arrive in time.
    NotArrived(String),
    /// No sink to prove relaying.
    NoSink,
    /// A mismatch that did not come again.
    Unconfirmed(String),
    /// The run was cancelled.
    Cancelled,
    /// A mistake of this program; to be reported.
    Internal(String),
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Need(word) => write!(f, "needs {word}"),
            Self::Role(role) => write!(f, "no endpoint {role}"),
            Self::Account => f.write_str("needs an account"),
            Self::Accounts => f.write_str("needs a second account"),
            Self::NotDisposable => f.write_str("needs an account marked disposable"),
            Self::NoTls => f.write_str("no TLS offered"),
            Self::Skipped(why) => write!(f, "skipped: {why}"),
            Self::NothingToWatch(id) => write!(f, "nothing to watch for {id}"),
        }
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setup(what) => write!(f, "setup: {what}"),
            Self::Trouble(what) => write!(f, "trouble at every try: {what}; see to the server, or run again later"),
            Self::Busy(what) => {
                write!(f, "busy at every try: {what}; let the server take more connections, or lower `-j` or `pace`")
            }
            Self::Greylisted(what) => {
                write!(f, "greylisted: {what}; exempt this client, or run again later or with a longer `--patience`")
            }
            Self::Connection(what) => write!(f, "connection: {what}"),
            Self::Gone(what) => write!(f, "gone: {what}"),
            Self::NotArrived(what) => write!(f, "not arrived: {what}"),
            Self::NoSink => f.write_str("accepted; whether it leaves is unknown: name a sink"),
            Self::Unconfirmed(what) => write!(f, "not seen again: {what}"),
            Self::Cancelled => f.write_str("cancelled"),
            Self::Internal(what) => write!(f, "internal error: {what}"),
        }
    }
}
