//! Layer 4: scenarios against a target, async.

mod deflate;
mod tls;
mod wire;

pub use tls::{TlsClient, TlsInfo, TrustError};
pub use wire::{BUFFER_MAX_OCTETS, ReadOutcome, Wire, WireError};
