//! Layer 3: the server under test: endpoints, accounts, facts, known deviations; and how it is started.

mod address;
mod mistake;
mod node;
mod secret;
mod types;

pub use address::AddressError;
pub use mistake::{SecretError, TargetError, UsageError};
pub use secret::Environment;
pub use types::*;
