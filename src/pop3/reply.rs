//! The typed POP3 response. RFC 1939 §3, RFC 2449 §8, RFC 5034 §4.

use crate::base::ByteString;

/// One whole response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The first line.
    pub status: Status,
    /// `[CODE]` after the status indicator, without brackets. RFC 2449 §8.
    pub code: Option<String>,
    /// Text after the indicator and one space, the code included.
    pub text: ByteString,
    /// Lines of a multi-line response, unstuffed and without CRLF; none for a single-line one.
    pub body: Option<Vec<ByteString>>,
}

/// What the first line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// `+OK`
    Ok,
    /// `-ERR`
    Err,
    /// `+ `: a SASL challenge. RFC 5034 §4.
    Continue,
}

/// Response codes with which a refusal speaks of the server's trouble, not of the command. RFC 2449 §8.1, RFC 3206 §4.
pub const TROUBLE_CODES: [&str; 3] = ["IN-USE", "LOGIN-DELAY", "SYS/TEMP"];
