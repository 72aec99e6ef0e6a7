//! Layer 5: generated scenarios: expand, shrink, write.

mod drive;
mod expand;
mod shrinker;

pub use drive::{DriveSettings, FailureLimit, Shrinking, run_all};
pub use expand::{draw, expand, lower, seed_of, with_number};
pub use shrinker::{Outcome, Shrinker};
