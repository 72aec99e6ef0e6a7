//! Steps: what is sent and done.

use std::time::Duration;

use super::{Answer, Check, User};
use crate::base::{RequirementId, SessionName, Span, Template, VarRef};
pub use crate::sasl::Spoil;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The session it acts on.
    pub session: SessionName,
    /// What it does, if anything.
    pub action: Option<Action>,
    /// Where the octets are cut.
    pub cut: Option<Cut>,
    /// What must come.
    pub answer: Option<Answer>,
    /// What must hold of the captures.
    pub checks: Vec<Check>,
    /// Whom a mismatch accuses.
    pub judges: Judges,
    /// Deadline of the step.
    pub within: Duration,
    /// The step is repeated until `answer` and `checks` hold, at most so long.
    pub until: Option<Duration>,
    /// Free text.
    pub note: Option<String>,
    /// Where the step stands.
    pub span: Span,
}

/// Whom a step accuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judges {
    /// Nobody: a mismatch is inconclusive.
    Setup,
    /// This requirement.
    Requirement(RequirementId),
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// `C`: lines, each with CRLF, in one write.
    Commands(Vec<Command>),
    /// `send`: exactly these octets, one segment each.
    Send(Vec<Template>),
    /// `data`: message content, dot-stuffed, with its end.
    Data(Template),
    /// `bdat`: the message in chunks.
    Bdat(Template),
    /// `each`: a generated group line by line, each answer awaited.
    Each(VarRef),
    /// `auth`.
    Auth(Auth),
    /// `do: open`.
    Open,
    /// `do: tls`.
    StartTls,
    /// `do: deflate`.
    Deflate,
    /// `do: close`, with FIN.
    Close,
    /// `do: abort`, with RST.
    Abort,
}

/// One command line: text, with literals in IMAP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// In order. SMTP and POP3 lines are one text.
    pub parts: Vec<CommandPart>,
    /// Where the line stands.
    pub span: Span,
}

/// A part of a command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandPart {
    /// Text; inside double quotes the values of variables get a backslash before `"` and `\`.
    Text(Template),
    /// An IMAP literal by its content.
    Literal {
        /// What it holds.
        content: LiteralContent,
        /// How it is announced.
        form: LiteralForm,
    },
}

/// The content of a literal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LiteralContent {
    /// `{${m}}`: one variable.
    Var(VarRef),
    /// `{"text"}`: a quoted text with its escapes and variables.
    Text(Template),
}

/// How a literal is announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiteralForm {
    /// `{n}`: wait for `+`.
    Synchronising,
    /// `{n+}`.
    NonSynchronising,
    /// `~{n}`.
    Literal8,
    /// `~{n+}`.
    Literal8NonSynchronising,
}

/// Where octets are cut into segments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cut {
    /// At these offsets, ascending.
    At(Vec<u64>),
    /// A generated segmentation.
    Var(VarRef),
}

/// `auth: { mechanism, user, spoil }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Auth {
    /// None: the login of the ladder.
    pub mechanism: Option<String>,
    /// Whose account.
    pub user: User,
    /// What is made wrong on purpose.
    pub spoil: Option<Spoil>,
}
