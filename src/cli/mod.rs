//! Layer 7: the command line.

mod arguments;
mod check;
mod command;
mod coverage;
mod embedded;
mod exit;
mod explain;
mod fmt;
mod hurry;
mod list;
mod mutate;
mod probe;
mod rows;
mod run;
mod selftest;
mod serve;
mod servers;
mod shipped;
mod subject;
mod suites;
mod words;

pub use command::main;
pub use exit::{Exit, FailOn, MaxInconclusive, Policy, decide};
pub use shipped::{Origin, Shipped, ShippedError};
