//! What the server says.

use std::borrow::Cow;

use crate::refserver::imap::command::ParseError;

/// How a command ended (RFC 3501 §7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Ok,
    No,
    Bad,
}

/// A tagged response without its tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    status: Status,
    /// The response code without its brackets.
    code: Option<Cow<'static, str>>,
    /// 7-bit text without line ends, at least one character.
    text: Cow<'static, str>,
}

/// What a command comes to, or why it was refused.
pub(super) type Answer = Result<Reply, Reply>;

impl Reply {
    /// The command was carried out.
    pub(super) fn ok(text: &'static str) -> Self {
        Self { status: Status::Ok, code: None, text: Cow::Borrowed(text) }
    }

    /// The command failed.
    pub(super) fn no(text: impl Into<Cow<'static, str>>) -> Self {
        Self { status: Status::No, code: None, text: text.into() }
    }

    /// The command is none.
    pub(super) fn bad(text: impl Into<Cow<'static, str>>) -> Self {
        Self { status: Status::Bad, code: None, text: text.into() }
    }

    /// Whether it is a NO.
    pub(super) fn is_no(&self) -> bool {
        self.status == Status::No
    }

    /// The human text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// With a response code.
    pub(super) fn with(self, code: impl Into<Cow<'static, str>>) -> Self {
        Self { code: Some(code.into()), ..self }
    }

    /// Writes it for the command of a tag, or untagged if there was no tag to be read.
    pub(super) fn write(&self, out: &mut Vec<u8>, tag: Option<&str>) {
        let status = match self.status {
            Status::Ok => "OK",
            Status::No => "NO",
            Status::Bad => "BAD",
        };
        let tag = tag.unwrap_or("*");
        match &self.code {
            Some(code) => say(out, &format!("{tag} {status} [{code}] {}", self.text)),
            None => say(out, &format!("{tag} {status} {}", self.text)),
        }
    }
}

impl From<ParseError> for Reply {
    fn from(error: ParseError) -> Self {
        Self::bad(error.to_string())
    }
}

/// Writes one line.
pub(super) fn say(out: &mut Vec<u8>, line: &str) {
    out.extend_from_slice(line.as_bytes());
    out.extend_from_slice(b"\r\n");
}
