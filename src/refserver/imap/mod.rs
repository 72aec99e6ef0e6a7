//! The IMAP side of the reference server. Everything here is pure.

pub mod command;
pub mod mime;
