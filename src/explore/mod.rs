//! Layer 5: generated scenarios: expand, shrink, write.

mod counterexample;
mod drive;
mod expand;
mod limit;
mod property;
mod shrinker;
mod total;

pub use drive::{DriveSettings, FailureLimit, Shrinking, run_all};
pub use expand::{draw, expand, lower, seed_of, with_number};
pub use shrinker::{Outcome, Shrinker};
