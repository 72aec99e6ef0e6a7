//! Layer 1: the client side of SASL mechanisms, pure.

mod apop;

pub use apop::apop_digest;
