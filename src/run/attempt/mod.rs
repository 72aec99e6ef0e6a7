//! One run of one scenario: from values and deposits to its verdict.

mod outcome;

pub use outcome::{Attempt, Waiting, attempt};
