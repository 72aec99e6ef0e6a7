//! Layer 4: scenarios against a target, async.

pub mod judge;
