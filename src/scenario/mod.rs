//! Layer 2: scenarios as data, read from YAML and written back to it.

mod diagnostic;
mod facts;
mod read;
mod types;
pub mod write;

pub use diagnostic::{Diagnostic, Diagnostics};
pub use facts::{FACTS, Fact, FactDefault, LEVELS, fact};
pub use read::{Files, Folder, Library, NoFiles, read_fragments, read_suite};
pub use types::*;
pub use write::{write_scenario, write_suite};
