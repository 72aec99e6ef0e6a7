//! The IMAP side of the reference server. Only the rim of a session is not pure.

pub mod command;
mod fault;
pub mod mime;
pub mod order;
mod session;

pub use fault::Fault;
pub use session::{keywords, serve};
