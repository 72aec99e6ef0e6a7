//! One line of an IMAP answer.

use std::fmt;

use super::actual::show;
use super::leaf::Matcher;
use super::node::{Node, joined};
use super::text::Text;
use super::{place, read};
use crate::base::{Bindings, ByteString, Captures, Mismatch, Mistake, VarUse};
use crate::imap::{Response, Status};

/// One line of an IMAP answer: tagged, untagged, or a continuation request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(pub(super) Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// `+`, with a challenge that is compared after base64.
    Continue(Option<Node>),
    /// `OK`, `evil NO [CODE]`, `_`; no status is `_`.
    Tagged { tag: Option<Text>, status: Option<Status>, code: Option<Code> },
    /// `* OK [CODE]`.
    Status { status: Status, code: Option<Code> },
    /// `* 3 EXISTS`, `* LIST …`; the name in upper case.
    Data { number: Option<Node>, name: String, args: Vec<Node> },
}

/// `[NAME …]`, the name in upper case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Code {
    pub(super) name: String,
    pub(super) args: Vec<Node>,
}

impl Pattern {
    /// Reads one item of an `S` line, without marks, `@id` and remark. Offsets of a mistake are octets of `text`.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        read::pattern(text).map(Self)
    }

    /// Whether this line is the tagged answer of a command.
    pub fn is_tagged(&self) -> bool {
        matches!(self.0, Kind::Tagged { .. })
    }

    /// Whether it is an untagged response.
    pub fn is_untagged(&self) -> bool {
        matches!(self.0, Kind::Status { .. } | Kind::Data { .. })
    }

    /// Whether it is a continuation request.
    pub fn is_continuation(&self) -> bool {
        matches!(self.0, Kind::Continue(_))
    }

    /// Whether it is an untagged EXPUNGE, of which each response is taken once only.
    pub fn is_expunge(&self) -> bool {
        matches!(&self.0, Kind::Data { name, .. } if name == "EXPUNGE")
    }

    /// The response code that it names, in upper case.
    pub fn code_name(&self) -> Option<&str> {
        match &self.0 {
            Kind::Tagged { code, .. } | Kind::Status { code, .. } => code.as_ref().map(|code| code.name.as_str()),
            Kind::Continue(_) | Kind::Data { .. } => None,
        }
    }

    /// Whether the response fits. A bare variable without a value is captured; one that has a value must be equal. A
    /// tagged pattern without a tag of its own takes any tagged status: whose answer it is, the judge knows.
    pub fn matches(&self, response: &Response, env: &Bindings) -> Result<Captures, Mismatch> {
        let mut matcher = Matcher::new(env);
        match matcher.response(&self.0, response) {
            Ok(()) => Ok(matcher.captures),
            Err(miss) => Err(Mismatch { expected: format!("`{self}`: {miss}"), at: None, actual: shown(response) }),
        }
    }

    /// As [`Pattern::matches`], without an account of what does not fit: for looking through many responses.
    pub fn fits(&self, response: &Response, env: &Bindings) -> Option<Captures> {
        let mut matcher = Matcher::new(env);
        matcher.response(&self.0, response).ok().map(|()| matcher.captures)
    }

    /// The variables in it with the types of their places, for the reader's checks.
    pub fn vars(&self) -> Vec<VarUse> {
        place::uses(&self.0)
    }
}

/// What came, for a failure message; long responses are cut.
fn shown(response: &Response) -> ByteString {
    const LONGEST: usize = 300;
    let text = match response {
        Response::Continue { text } => format!("+ {text}"),
        Response::Status { tag, status, code, text } => {
            let code = code.as_ref().map_or_else(String::new, |code| {
                let args: String = code.args.iter().map(|arg| format!(" {}", show(arg))).collect();
                format!("[{}{args}] ", code.name)
            });
            format!("{} {} {code}{text}", tag.as_deref().unwrap_or("*"), word(Some(*status)))
        }
        Response::Data { number, name, args, .. } => {
            let number = number.map_or_else(String::new, |number| format!("{number} "));
            let args: String = args.iter().map(|arg| format!(" {}", show(arg))).collect();
            format!("* {number}{name}{args}")
        }
    };
    text.chars().take(LONGEST).collect::<String>().into()
}

/// The word of a status.
pub(super) fn word(status: Option<Status>) -> &'static str {
    match status {
        None => "_",
        Some(Status::Ok) => "OK",
        Some(Status::No) => "NO",
        Some(Status::Bad) => "BAD",
        Some(Status::Bye) => "BYE",
        Some(Status::Preauth) => "PREAUTH",
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " [{}", self.name)?;
        if !self.args.is_empty() {
            f.write_str(" ")?;
        }
        joined(f, &self.args)?;
        f.write_str("]")
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = |f: &mut fmt::Formatter<'_>, code: &Option<Code>| match code {
            Some(code) => write!(f, "{code}"),
            None => Ok(()),
        };
        match &self.0 {
            Kind::Continue(None) => f.write_str("+"),
            Kind::Continue(Some(challenge)) => write!(f, "+ {challenge}"),
            Kind::Tagged { tag, status, code: named } => {
                tag.as_ref().map_or(Ok(()), |tag| write!(f, "{tag} "))?;
                f.write_str(word(*status))?;
                code(f, named)
            }
            Kind::Status { status, code: named } => {
                write!(f, "* {}", word(Some(*status)))?;
                code(f, named)
            }
            Kind::Data { number, name, args } => {
                f.write_str("* ")?;
                number.as_ref().map_or(Ok(()), |number| write!(f, "{number} "))?;
                f.write_str(name)?;
                if !args.is_empty() {
                    f.write_str(" ")?;
                }
                joined(f, args)
            }
        }
    }
}
