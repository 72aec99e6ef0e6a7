//! Answers: what a step accepts, and what must hold of its captures.

use std::fmt;
use std::time::Duration;

use crate::base::{RequirementId, Span, Template, VarRef};
use crate::{imap, pop3, smtp};

/// What a step accepts: the first alternative that holds is taken, and if none does the first is reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Never empty.
    pub alternatives: Vec<Alternative>,
    /// Where the answer stands.
    pub span: Span,
}

/// Lines that must all hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// In order.
    pub lines: Vec<Line>,
    /// Whether this answer ends the scenario.
    pub end: Option<End>,
}

/// How an answer ends the scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// `done`: right, and nothing more to see.
    Done,
    /// `skip`: legal, but it says nothing.
    Skip,
}

/// One line of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How it counts.
    pub mark: Mark,
    /// Alternatives within the line; the first that fits counts. Never empty.
    pub items: Vec<Item>,
    /// `@ID`: whom this line accuses, before the step.
    pub judges: Option<RequirementId>,
    /// Text after ` ;`.
    pub remark: Option<String>,
    /// Where the line stands.
    pub span: Span,
}

/// How a line counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// It must come.
    Plain,
    /// `!`: nothing in the answer matches it.
    Not,
    /// `then`: it comes after the line above.
    Then,
    /// `no other`: whatever matches it also fits another line.
    NoOther,
}

/// One alternative of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What is awaited.
    pub expect: Expect,
    /// Whether it ends the scenario.
    pub end: Option<End>,
}

/// What an item awaits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expect {
    /// A part of an SMTP reply.
    Smtp(smtp::Pattern),
    /// A part of a POP3 response.
    Pop3(pop3::Pattern),
    /// An IMAP response.
    Imap(imap::Pattern),
    /// Something about a box.
    Box(BoxPattern),
    /// The server closes and sends nothing more.
    Closed,
    /// Nothing arrives and the connection stays.
    Silence(Duration),
    /// The connection stays, whatever arrives.
    Open(Duration),
    /// The TLS handshake succeeds.
    Tls,
    /// `${name}` alone: the codes or status words that answered the step.
    Codes(VarRef),
}

impl Answer {
    /// The lines of all alternatives.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.alternatives.iter().flat_map(|alternative| &alternative.lines)
    }

    /// The items of all lines.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.lines().flat_map(|line| &line.items)
    }
}

impl Line {
    /// Whether it says how long the connection stands or keeps silent.
    pub fn is_timed(&self) -> bool {
        self.items.iter().any(|item| item.expect.lasts().is_some())
    }
}

impl Expect {
    /// The pattern of an SMTP reply.
    pub fn smtp(&self) -> Option<&smtp::Pattern> {
        if let Self::Smtp(pattern) = self { Some(pattern) } else { None }
    }

    /// The pattern of a POP3 response.
    pub fn pop3(&self) -> Option<&pop3::Pattern> {
        if let Self::Pop3(pattern) = self { Some(pattern) } else { None }
    }

    /// The pattern of an IMAP response.
    pub fn imap(&self) -> Option<&imap::Pattern> {
        if let Self::Imap(pattern) = self { Some(pattern) } else { None }
    }

    /// The pattern of a box.
    pub fn mailbox(&self) -> Option<&BoxPattern> {
        if let Self::Box(pattern) = self { Some(pattern) } else { None }
    }

    /// How long `silence` or `open` lasts.
    pub fn lasts(&self) -> Option<Duration> {
        if let Self::Silence(duration) | Self::Open(duration) = self { Some(*duration) } else { None }
    }
}

/// A pattern of a box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BoxPattern {
    /// `3 messages`.
    Count(u64),
    /// `message "subject" ${octets}`.
    Message {
        /// Exactly the Subject.
        subject: Template,
        /// Captures the message's octets.
        capture: Option<VarRef>,
    },
}

/// `term op term`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Left side.
    pub left: Term,
    /// Operator.
    pub op: Operator,
    /// Right side.
    pub right: Term,
    /// `@ID`.
    pub judges: Option<RequirementId>,
    /// Text after ` ;`.
    pub remark: Option<String>,
    /// Where the check stands.
    pub span: Span,
}

/// Operators of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operator {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `in`
    In,
    /// `not in`
    NotIn,
    /// `delivers`
    Delivers,
}

/// Factors joined by ` + `: numbers add, octets join. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term(pub Vec<Factor>);

/// A part of a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Factor {
    /// Digits.
    Number(u64),
    /// A quoted string with its escapes and variables.
    Text(Template),
    /// A variable.
    Var(VarRef),
    /// `count(set)`.
    Count(VarRef),
    /// `slice(octets, from, length)`.
    Slice {
        /// Whose octets.
        of: VarRef,
        /// First octet.
        from: Box<Self>,
        /// How many at most.
        length: Box<Self>,
    },
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.left, self.op, self.right)
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::In => "in",
            Self::NotIn => "not in",
            Self::Delivers => "delivers",
        })
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, factor) in self.0.iter().enumerate() {
            let plus = if index == 0 { "" } else { " + " };
            write!(f, "{plus}{factor}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => write!(f, "\"{}\"", text.to_octets_text().replace('"', "\\\"")),
            Self::Var(name) => write!(f, "{name}"),
            Self::Count(name) => write!(f, "count({name})"),
            Self::Slice { of, from, length } => write!(f, "slice({of}, {from}, {length})"),
        }
    }
}
