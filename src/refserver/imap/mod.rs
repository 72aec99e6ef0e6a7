//! The IMAP side of the reference server. Only the rim of a session is not pure.

pub mod command;
pub mod mime;
pub mod order;
mod session;

pub use session::{keywords, serve};
