//! Side branch: the embedded reference server. It imports `base` only and shares no parser and no model with the judge.

mod config;
mod deflate;
mod fault;
pub mod imap;
pub mod pop3;
pub mod sasl;
pub mod security;
pub mod smtp;
mod start;
pub mod store;
mod stream;
mod tap;
mod tls;
pub mod wire;

pub use config::{Account, Config, IdleTimeouts, Listener, Lookup, Role, Tenure, Withheld, keywords};
pub use fault::{Fault, FaultRow, Faults, UnknownFault};
pub use start::{Running, start, start_tapped};
pub use stream::{Protection, Stream, Transport};
pub use tap::{Conversation, Speaker, Tap};
pub use tls::Identity;

#[cfg(test)]
mod tests;
