//! Layer 2: scenarios as data, read from YAML and written back to it.

mod answer;
mod step;
mod types;
pub mod write;

pub use answer::*;
pub use step::*;
pub use types::*;
pub use write::{write_scenario, write_suite};
