//! The scenario as data: what a YAML file, a row, a generated session and a counterexample all become.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Step;
use crate::base::{ByteString, RequirementId, ScenarioId, SessionName, Span, Template, VarRef};
use crate::catalog::Requirement;

/// The deadline of a step that names none. docs/suite-language.md section 8.
pub const WITHIN_DEFAULT: Duration = Duration::from_secs(10);
/// How long a box is polled when the step names no `until`. docs/suite-language.md section 7.4.
pub const BOX_UNTIL_DEFAULT: Duration = Duration::from_secs(60);
/// Generated cases of a `forall` scenario that names no number.
pub const CASES_DEFAULT: u32 = 50;

/// One YAML file, read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suite {
    /// Path of the file below its root, without `.yaml`.
    pub id: String,
    /// One line for lists and reports.
    pub title: String,
    /// Requirements that the file brings along; their ids begin with `local-`.
    pub requirements: Vec<Requirement>,
    /// Scenarios in the order of the file, one for each row of a `for-each`.
    pub scenarios: Vec<Scenario>,
}

/// Steps on one or more sessions, with the requirements they judge and what they need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// Full id: `suite/id`, with rows `suite/id/row`.
    pub id: ScenarioId,
    /// Free text for `explain` and reports.
    pub note: Option<String>,
    /// Where a generated scenario comes from.
    pub origin: Option<Origin>,
    /// What a finding may accuse. Never empty.
    pub covers: Vec<RequirementId>,
    /// Conditions; the first that is unmet makes the scenario not applicable.
    pub needs: Vec<Need>,
    /// Generated values, in the order written.
    pub forall: Vec<(VarRef, Generator)>,
    /// Cases of `forall`.
    pub cases: u32,
    /// A limit to search.
    pub largest: Option<Largest>,
    /// Octet values, in the order written; those of the file come first.
    pub values: Vec<(VarRef, Value)>,
    /// Messages that lie there before the first session opens.
    pub deposit: Vec<Deposit>,
    /// Invariants that are not reported here.
    pub allow: Vec<RequirementId>,
    /// Invariants that judge here.
    pub watch: Vec<RequirementId>,
    /// How the accounts are leased, computed by the reader unless `lease:` says so.
    pub lease: Lease,
    /// Sessions and boxes, in the order written. With `session:` there is one, named [`ONLY_SESSION`].
    pub sessions: Vec<SessionDecl>,
    /// An unmet expectation here is inconclusive.
    pub setup: Vec<Step>,
    /// The judged part.
    pub steps: Vec<Step>,
    /// Always run, never judged.
    pub cleanup: Vec<Step>,
    /// Where the scenario stands.
    pub span: Span,
}

/// Name of the session that `session:` declares.
pub const ONLY_SESSION: &str = "session";

/// How a generated scenario came to be. Written by generation only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Name of the generator, or id of the `forall` scenario.
    pub generator: String,
    /// Seed of the run.
    pub seed: u64,
    /// Case within the run.
    pub case: u32,
    /// Size before shrinking, in the generator's own measure.
    pub shrunk_from: u32,
}

/// A condition of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// One of these capabilities is announced.
    Capability(Vec<CapabilityNeed>),
    /// The capability is not announced: `no LITERAL+`.
    NoCapability(CapabilityNeed),
    /// The fact holds: `outside`.
    Fact(String),
    /// The fact does not hold: `no catch-all`.
    NoFact(String),
    /// `slow`: runs only with `--slow`.
    Slow,
    /// `destructive`: runs only with `--allow-destructive`.
    Destructive,
}

/// One capability word: `UIDPLUS`, `imap/UIDPLUS`, `AUTH=PLAIN`, `RIGHTS=*`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CapabilityNeed {
    /// The protocol before `/`; none means any protocol of the scenario's sessions.
    pub protocol: Option<Protocol>,
    /// The word, with `=ARG` or a final `*` if written so.
    pub word: String,
}

/// The three protocols.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// SMTP and message submission.
    Smtp,
    /// POP3.
    Pop3,
    /// IMAP.
    Imap,
}

/// A generator of `forall`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Generator {
    /// 7-bit lines up to 998 octets, dots, blanks; the final CRLF may be missing.
    MailBody,
    /// Header and body, ends in CRLF.
    Message,
    /// A nested MIME tree, ends in CRLF, has `.structure`.
    Mime,
    /// A number, both ends included.
    Number {
        /// Smallest.
        from: u64,
        /// Largest.
        to: u64,
    },
    /// Where to cut, for `cut`.
    Segmentation,
    /// A pipelinable group of SMTP commands.
    SmtpGroup,
    /// Read-only POP3 commands and DELE, RSET last.
    Pop3Batch,
    /// IMAP commands that do not affect each other.
    ImapBatch,
}

/// `largest: { n: 505..100000 }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Largest {
    /// The variable.
    pub var: VarRef,
    /// Judged at this number.
    pub from: u64,
    /// Searched up to this one.
    pub to: u64,
}

/// A value of `let`. Evaluated where it is used, so captures may stand in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Octets with escapes and variables.
    Octets(Template),
    /// `{ repeat: OCTETS, times: N }`.
    Repeat {
        /// What is repeated.
        what: Template,
        /// How often: digits or one variable.
        times: Template,
    },
    /// `{ base64: OCTETS }`.
    Base64(Template),
    /// `{ md5: OCTETS }`, in hex.
    Md5(Template),
    /// `{ file: PATH }`, octet for octet.
    File {
        /// As written, relative to the suite file.
        path: String,
        /// What was in it when the suite was read.
        octets: ByteString,
    },
    /// A generated segmentation or group that generation put in: one string a line.
    Lines(Vec<Template>),
}

/// Messages put in a mailbox before the first session opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deposit {
    /// Where.
    pub mailbox: Mailbox,
    /// What.
    pub messages: Messages,
}

/// The mailbox of a deposit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mailbox {
    /// `${box}`.
    Box,
    /// `INBOX`.
    Inbox,
}

/// The messages of a deposit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Messages {
    /// So many letters, with Subjects `${token.1}`, `${token.2}`, …
    Letters(u32),
    /// Values of `let` or `forall`, in order.
    Values(Vec<VarRef>),
}

/// How accounts are leased. docs/suite-language.md section 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lease {
    /// Nobody else uses the account meanwhile; its INBOX is emptied before.
    Exclusive(LeaseReason),
    /// Several scenarios use it, each with its own `${box}`.
    Shared,
}

/// Why a lease is exclusive; `explain` shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaseReason {
    /// `lease: exclusive` is written.
    Written,
    /// A POP3 session is used.
    Pop3,
    /// A box is read.
    Inbox,
    /// INBOX is selected or filled.
    InboxMailbox,
    /// A command touches the whole account: SUBSCRIBE, ACL, quota, METADATA, NOTIFY, a wide LIST.
    AccountWide,
}

/// A declared session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionDecl {
    /// Its name in `in:`.
    pub name: SessionName,
    /// What it is.
    pub kind: SessionKind,
    /// Where it is declared.
    pub span: Span,
}

/// A connection or a box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionKind {
    /// One connection to an endpoint of the target.
    Connection {
        /// The endpoint.
        role: Role,
        /// How far the ladder goes before the first step.
        state: State,
        /// Whose account.
        user: User,
        /// For `selected`: the mailbox; none is `${box}`.
        mailbox: Option<Template>,
    },
    /// `inbox: alice`: where mail for an account ends up.
    Inbox(User),
    /// `sink: all`: what the target passes on to its next hop.
    Sink,
}

/// The two leased accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum User {
    /// The first account.
    Alice,
    /// The second one.
    Bob,
}

/// What a session connects to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Port 25.
    Mx,
    /// Port 587.
    Submission,
    /// Port 465, implicit TLS.
    Submissions,
    /// Port 110.
    Pop3,
    /// Port 995, implicit TLS.
    Pop3s,
    /// Port 143.
    Imap,
    /// Port 993, implicit TLS.
    Imaps,
    /// mx, or else submission.
    Smtp,
}

/// How far a session has come when the first step begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// TCP, on a TLS port TLS; nothing read.
    Connected,
    /// Greeting read.
    Greeted,
    /// SMTP: EHLO answered.
    Ready,
    /// TLS; SMTP: EHLO again.
    Secured,
    /// Logged in.
    Authenticated,
    /// SMTP: MAIL and RCPT accepted.
    Addressed,
    /// IMAP: a mailbox is selected.
    Selected,
}

impl Role {
    /// Its word in suites, target files and reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mx => "mx",
            Self::Submission => "submission",
            Self::Submissions => "submissions",
            Self::Pop3 => "pop3",
            Self::Pop3s => "pop3s",
            Self::Imap => "imap",
            Self::Imaps => "imaps",
            Self::Smtp => "smtp",
        }
    }

    /// The protocol spoken there.
    pub fn protocol(self) -> Protocol {
        match self {
            Self::Mx | Self::Submission | Self::Submissions | Self::Smtp => Protocol::Smtp,
            Self::Pop3 | Self::Pop3s => Protocol::Pop3,
            Self::Imap | Self::Imaps => Protocol::Imap,
        }
    }
}

impl Scenario {
    /// The declared session of this name.
    pub fn session(&self, name: &SessionName) -> Option<&SessionDecl> {
        self.sessions.iter().find(|session| session.name == *name)
    }
}
