//! Layer 3: the harness as next hop: an SMTP listener that keeps octets as received.

mod data;
mod session;
mod store;

pub use store::{Bounds, Caught, Sink};
