//! Layer 7: the command line.

mod shipped;

pub use shipped::{Origin, Shipped, ShippedError};
