//! The typed SMTP reply. RFC 5321 §4.2.

use crate::base::ByteString;

/// One whole reply: all its lines have the same code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// 200 to 559.
    pub code: u16,
    /// Enhanced status code of the first line (RFC 2034 §3), if there is one.
    pub enhanced: Option<EnhancedCode>,
    /// Text of each line without code, separator and CRLF, the enhanced code included.
    pub lines: Vec<ByteString>,
}

impl Reply {
    /// Whether the server says that it will close. RFC 5321 §3.8.
    pub fn is_parting(&self) -> bool {
        self.code == 421
    }
}

/// An enhanced status code: class, subject, detail. RFC 3463 §2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnhancedCode {
    /// 2, 4 or 5.
    pub class: u16,
    /// 0 to 999.
    pub subject: u16,
    /// 0 to 999.
    pub detail: u16,
}
