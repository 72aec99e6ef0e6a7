//! What came, held against what a step expects. Pure and sync.

mod answer;
mod check;
mod decision;
mod describe;
mod imap;
mod sequence;
#[cfg(test)]
mod tests;
mod trouble;

pub use answer::{decide, decide_at_deadline, must_wait};
pub use check::check;
pub use decision::{Decision, Ending, Extent, Failure, Heard, Taken, Wait};
pub use describe::{describe, is_timed};
pub use trouble::trouble;
