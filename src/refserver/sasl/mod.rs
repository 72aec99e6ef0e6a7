//! The server's side of SASL, pure: PLAIN (RFC 4616), LOGIN, CRAM-MD5 (RFC 2195), SCRAM-SHA-1 (RFC 5802) and SCRAM-SHA-256
//! (RFC 7677), the last two with and without channel binding.

mod channel;
mod exchange;
mod message;
mod password;
mod scram;
mod wrong;

pub use channel::Channel;
pub(in crate::refserver) use exchange::timestamp;
pub use exchange::{Exchange, Step, is_known, mechanisms, offered};
pub use password::check_password;
pub use wrong::readable;

#[cfg(test)]
mod tests;
