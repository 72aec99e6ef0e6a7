//! Layer 2: scenarios as data, read from YAML and written back to it.

mod answer;
mod diagnostic;
mod facts;
mod format;
mod read;
mod schema;
mod step;
mod types;
mod variables;
pub mod write;

pub use answer::*;
pub use diagnostic::{Diagnostic, Diagnostics};
pub use facts::{FACTS, Fact, FactDefault, LEVELS, fact};
pub use format::{Unsure, format};
pub use read::{Files, Folder, Library, NoFiles, read_fragments, read_suite};
pub use schema::schema;
pub use step::*;
pub use types::*;
pub use variables::variables;
pub use write::{write_scenario, write_suite};
