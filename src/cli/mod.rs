//! Layer 7: the command line.

mod arguments;
mod check;
mod command;
mod coverage;
mod exit;
mod explain;
mod list;
mod probe;
mod serve;
mod servers;
mod shipped;

pub use command::main;
pub use exit::{Exit, FailOn, MaxInconclusive, Policy, decide};
pub use shipped::{Origin, Shipped, ShippedError};
