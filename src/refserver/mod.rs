//! Side branch: the embedded reference server. It imports `base` only and shares no parser and no model with the judge.

mod config;
pub mod imap;
pub mod store;
mod stream;

pub use config::{Account, Config, IdleTimeouts, Listener, Role, Tenure};
pub use stream::{Protection, Stream, Transport};
