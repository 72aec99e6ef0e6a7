//! What came, held against what a step expects. Pure and sync. SMTP and POP3: one reply per command, in order.

mod answer;
mod check;
mod decision;
mod describe;
mod sequence;
#[cfg(test)]
mod tests;
mod trouble;

pub use answer::{decide, decide_at_deadline};
pub use check::check;
pub use decision::{Decision, Ending, Extent, Failure, Heard, Taken, Wait};
pub use describe::describe;
pub use trouble::trouble;
