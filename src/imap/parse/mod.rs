//! The strict parser of responses. RFC 3501 §9, RFC 9051 §9 and the extensions' formal syntaxes.
//!
//! One file a theme of the grammar; each function is named after its ABNF rule or names it in its comment. It follows the
//! revision where the two differ, except that what only the other revision or an extension defines is read as well: whether
//! a server may send it is not a matter of grammar.

mod body;
mod cursor;
mod envelope;
mod extension;
mod fetch;
mod generic;
mod lexical;
mod mailbox;
mod response;
mod rule;
mod search;
mod section;
mod status;

pub use response::parse;
pub use rule::requirements;

pub(in crate::imap) use cursor::TOO_DEEP;
pub(in crate::imap) use response::read;
pub(in crate::imap) use rule::RuleSet;
