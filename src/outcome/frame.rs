//! One unit of server output of any protocol.

use crate::base::{ByteString, SyntaxError};
use crate::{imap, pop3, smtp};

/// Octets of a shape at most. What is longer ends in `…`: a server does not fill reports.
const SHAPE_MAX: usize = 1_000;

/// One unit of server output: a whole SMTP reply, POP3 response or IMAP response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// SMTP.
    Smtp(smtp::Frame),
    /// POP3.
    Pop3(pop3::Frame),
    /// IMAP. Boxed: a parsed response is large.
    Imap(Box<imap::Frame>),
}

impl Frame {
    /// The octets as they came.
    pub fn raw(&self) -> &ByteString {
        match self {
            Self::Smtp(frame) => &frame.raw,
            Self::Pop3(frame) => &frame.raw,
            Self::Imap(frame) => &frame.raw,
        }
    }

    /// The grammar rule that the frame breaks, if it does.
    pub fn syntax_error(&self) -> Option<&SyntaxError> {
        match self {
            Self::Smtp(frame) => frame.parsed.as_ref().err(),
            Self::Pop3(frame) => frame.parsed.as_ref().err(),
            Self::Imap(frame) => frame.parsed.as_ref().err(),
        }
    }

    /// Whether the strict parser took it.
    pub fn is_parsed(&self) -> bool {
        self.syntax_error().is_none()
    }

    /// Whether the server says that it will close. POP3 has no word for it.
    pub fn is_parting(&self) -> bool {
        match self {
            Self::Smtp(frame) => frame.parsed.as_ref().is_ok_and(smtp::Reply::is_parting),
            Self::Pop3(_) => false,
            Self::Imap(frame) => frame.parsed.as_ref().is_ok_and(imap::Response::is_parting),
        }
    }

    /// Structure without values that vary from run to run; `<malformed>` for what breaks the grammar.
    pub fn shape(&self) -> String {
        let shape = match self {
            Self::Smtp(frame) => frame.parsed.as_ref().ok().map(smtp::shape),
            Self::Pop3(frame) => frame.parsed.as_ref().ok().map(pop3::shape),
            Self::Imap(frame) => frame.parsed.as_ref().ok().map(imap::shape),
        };
        let mut shape = shape.unwrap_or_else(|| "<malformed>".to_owned());
        if shape.len() > SHAPE_MAX {
            shape.truncate(shape.floor_char_boundary(SHAPE_MAX));
            shape.push('…');
        }
        shape
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_shape_is_cut() {
        let raw = format!(
            "* 1 FETCH (ENVELOPE (NIL NIL ({}) NIL NIL NIL NIL NIL NIL NIL))\r\n",
            "(NIL NIL NIL NIL)".repeat(999)
        );
        let frame = imap::Frame::read(raw, imap::Revision::Rev1);
        assert!(frame.parsed.is_ok(), "{:?}", frame.parsed);
        let shape = Frame::Imap(Box::new(frame)).shape();
        assert!(shape.len() < SHAPE_MAX + 4 && shape.ends_with('…'), "{shape}");
    }
}
