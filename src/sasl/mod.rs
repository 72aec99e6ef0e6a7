//! Layer 1: the client side of SASL mechanisms, pure.

mod apop;
mod exchange;
mod scram;

#[cfg(test)]
mod tests;

pub use apop::apop_digest;
pub use exchange::{Credentials, Exchange, SaslError, Spoil, Step, Suspicion};
pub use scram::Binding;
