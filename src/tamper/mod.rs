//! Layer 3: changes of one answer of a server, pure. docs/decisions/0013-tampering.md.

mod change;
mod forbidden;
mod form;
mod imap;
mod pop3;
mod scan;
mod smtp;

pub use change::{Change, Heard, Kind, Looks, Then, changes};
pub use forbidden::rendered;
