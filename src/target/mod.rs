//! Layer 3: the server under test: endpoints, accounts, facts, known deviations; and how it is started.

mod address;
mod field;
pub mod launch;
mod mistake;
mod node;
mod read;
mod secret;
mod types;
mod urls;
mod write;

#[cfg(test)]
mod tests;

pub use address::AddressError;
pub use mistake::{SecretError, TargetError, UsageError};
pub use read::{Expected, parse_duration, read_expected, read_target};
pub use secret::Environment;
pub use types::*;
pub use urls::{TargetFlags, from_urls};
pub use write::write_target;
