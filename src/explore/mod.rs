//! Layer 5: generated scenarios: expand, shrink, write.

mod expand;
mod shrinker;

pub use expand::{draw, expand, lower, seed_of, with_number};
pub use shrinker::{Outcome, Shrinker};
