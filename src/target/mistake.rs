//! Mistakes of a target file and of the command line.

use std::fmt;

use thiserror::Error;

use super::address::AddressError;
use crate::base::{Excerpt, Span, as_shown};

/// A mistake in a target file. `Display` shows place, message, line and caret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct TargetError {
    /// Where.
    pub at: Span,
    /// What is wrong and what to write instead, as a lower-case fragment.
    pub message: String,
}

/// A mistake on the command line where a target is named.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UsageError {
    /// Something without `://`, or with an unknown scheme.
    #[error("`{url}` names no service: write `smtp://`, `submission://`, `submissions://`, `pop3://`, `pop3s://`, `imap://` or `imaps://` and a host{}", did_you_mean(*.meant))]
    Scheme {
        /// As written.
        url: String,
        /// The scheme it resembles.
        meant: Option<&'static str>,
    },
    /// A URL whose host or port is wrong.
    #[error("`{url}`: {error}")]
    Address {
        /// As written.
        url: String,
        /// What is wrong.
        error: AddressError,
    },
    /// A password or user in a URL.
    #[error("`{0}` holds a user: name accounts with `--account USER=env:VAR`")]
    Userinfo(String),
    /// Something after the port.
    #[error("`{0}` ends after the port: nothing may follow")]
    Path(String),
    /// Two URLs for one role.
    #[error("`{url}` is a second endpoint for `{role}`: a target has one for each role")]
    SecondEndpoint {
        /// As written.
        url: String,
        /// The role.
        role: &'static str,
    },
    /// No URL at all.
    #[error("a target needs at least one URL")]
    NoEndpoint,
    /// `--account` without `=`.
    #[error("account `{0}` has no password: write `USER=env:VAR` or `USER=file:PATH`")]
    NoPassword(String),
    /// A password that was written down on the command line; it is not repeated.
    #[error("the password of `{0}` may not stand on the command line: write `{0}=env:VAR` or `{0}=file:PATH`")]
    LiteralPassword(String),
    /// The variable or file is not there.
    #[error("password of `{user}`: {error}")]
    Secret {
        /// Whose.
        user: String,
        /// What is wrong.
        error: SecretError,
    },
    /// An account whose address nothing tells.
    #[error("account `{0}` needs its address, since the user name is none: write `{0},ADDRESS=env:VAR`")]
    NoAddress(String),
    /// An account named twice.
    #[error("account `{0}` is named twice")]
    SecondAccount(String),
    /// `--disposable` without an account.
    #[error("`--disposable {user}`: no such account{}", did_you_mean(.meant.as_deref()))]
    NoSuchAccount {
        /// As written.
        user: String,
        /// The account it resembles.
        meant: Option<String>,
    },
    /// `--cacert` cannot be read.
    #[error("cannot read `{path}`: {reason}")]
    Authority {
        /// As written.
        path: String,
        /// Why.
        reason: String,
    },
}

/// A secret that is not where it should be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SecretError {
    /// `env:VAR` and no such variable.
    #[error("the environment has no variable `{0}`")]
    NoVariable(String),
    /// `file:PATH` and no such file.
    #[error("cannot read `{path}`: {reason}")]
    NoFile {
        /// As written.
        path: String,
        /// Why.
        reason: String,
    },
    /// Nothing in it.
    #[error("`{0}` is empty")]
    Empty(String),
}

/// `; did you mean …?`, or nothing.
pub(super) fn did_you_mean(meant: Option<&str>) -> String {
    meant.map(|word| format!("; did you mean `{word}`?")).unwrap_or_default()
}

impl TargetError {
    /// A mistake at `at`.
    pub(super) fn new(at: Span, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }
}

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", as_shown(&self.at.place()), as_shown(&self.message))?;
        let Some(Excerpt { line, text, indent, width }) = self.at.excerpt() else { return Ok(()) };
        let gutter = " ".repeat(line.to_string().len());
        let shown = as_shown(&text);
        write!(f, "\n{gutter} |\n{line} | {shown}\n{gutter} | {:indent$}{}", "", "^".repeat(width))
    }
}
