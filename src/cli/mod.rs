//! Layer 7: the command line.

mod args;
mod coverage;
mod execute;
mod exit;
mod explain;
mod probe;
mod serve;
mod shipped;
#[cfg(test)]
mod tests;

pub use args::{Arguments, Command, ProbeArguments, TlsMode};
pub use execute::execute;
pub use exit::Exit;
pub use shipped::{Origin, Shipped, ShippedError};
