//! Changes of IMAP responses.

mod places;
mod response;

pub(super) use response::changes;
