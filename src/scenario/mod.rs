//! Layer 2: scenarios as data, read from YAML and written back to it.

mod types;

pub use types::*;
