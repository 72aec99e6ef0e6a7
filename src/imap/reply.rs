//! The typed IMAP response: one tree of values for every response, on which the strict parser, the patterns and the
//! tracker all work. RFC 3501 §9, RFC 9051 §9.

use super::Frame;
use crate::base::ByteString;

/// The grammar that a session's responses are held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Revision {
    /// RFC 3501.
    Rev1,
    /// RFC 9051.
    Rev2,
}

/// One response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response {
    /// `+ text`: go on.
    Continue {
        /// Text after `+ `.
        text: ByteString,
    },
    /// `* OK`, `A1 NO [CODE] text`, `* BYE`, `* PREAUTH`.
    Status {
        /// None for `*`.
        tag: Option<String>,
        /// The word.
        status: Status,
        /// The bracketed code.
        code: Option<Code>,
        /// Human text, never judged beyond its grammar.
        text: ByteString,
    },
    /// Any other untagged response.
    Data {
        /// The number before the name, as in `* 3 EXISTS`.
        number: Option<u64>,
        /// In upper case.
        name: String,
        /// What follows.
        args: Vec<Value>,
        /// Whether a grammar was known for it, or it was only cut into values.
        grammar: Grammar,
    },
}

impl Response {
    /// Whether the server says that it will close. RFC 3501 §7.1.5.
    pub fn is_parting(&self) -> bool {
        matches!(self, Self::Status { tag: None, status: Status::Bye, .. })
    }
}

/// Whether a response carries this tag. It is recognised even in one that breaks the grammar: it has come, though it fits no
/// line. RFC 3501 §2.2.2.
pub fn has_tag(frame: &Frame, tag: &[u8]) -> bool {
    match &frame.parsed {
        Ok(Response::Status { tag: Some(own), .. }) => own.as_bytes() == tag,
        Ok(Response::Status { tag: None, .. } | Response::Continue { .. } | Response::Data { .. }) => false,
        Err(_) => {
            let rest = frame.raw.strip_prefix(tag);
            rest.and_then(<[u8]>::first).is_some_and(u8::is_ascii_whitespace)
        }
    }
}

/// Status words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// OK
    Ok,
    /// NO
    No,
    /// BAD
    Bad,
    /// BYE, untagged only.
    Bye,
    /// PREAUTH, greeting only.
    Preauth,
}

/// A response code: `[UIDNEXT 4]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// In upper case.
    pub name: String,
    /// What follows the name.
    pub args: Vec<Value>,
}

/// Whether a response was held against a grammar of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grammar {
    /// Parsed by its own rule.
    Known,
    /// An extension this program knows no rule for: only cut into values.
    Generic,
}

/// One value of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// NIL, not quoted.
    Nil,
    /// Digits that stand alone.
    Number(u64),
    /// Atoms, flags, sets, and whatever else stands without quotes.
    Atom(ByteString),
    /// A quoted string, unescaped.
    Quoted(ByteString),
    /// `{n}` and n octets.
    Literal(ByteString),
    /// `~{n}` and n octets. RFC 3516 §4.1.
    Literal8(ByteString),
    /// A parenthesised list.
    List(Vec<Self>),
    /// `BODY[…]<n>`, `BINARY[…]<n>`, `BINARY.SIZE[…]` in FETCH.
    Section {
        /// `BODY`, `BINARY` or `BINARY.SIZE`.
        item: String,
        /// What stands between the brackets, as sent, without the brackets.
        spec: ByteString,
        /// `<n>`.
        origin: Option<u64>,
    },
}

/// Response codes with which a refusal speaks of the server's trouble, not of the command. RFC 5530 §3.
pub const TROUBLE_CODES: [&str; 5] = ["UNAVAILABLE", "INUSE", "LIMIT", "OVERQUOTA", "CONTACTADMIN"];
