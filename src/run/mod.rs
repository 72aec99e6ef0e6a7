//! Layer 4: scenarios against a target, async.

mod announced;
mod deflate;
mod log;
mod redact;
mod tls;
mod wire;

pub use announced::{Announced, Capabilities};
pub use log::Log;
pub use redact::{REPLACEMENT, Redactor};
pub use tls::{TlsClient, TlsInfo, TrustError};
pub use wire::{BUFFER_MAX_OCTETS, ReadOutcome, Wire, WireError};
