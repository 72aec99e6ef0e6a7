//! Servers in containers: `fixtures/servers/<name>` built, started, waited for, and removed. docs/servers.md.

mod certificate;
mod engine;
mod error;
mod greeting;
mod image;
mod owner;
mod server;
mod shipped;
mod start;
mod sweep;

#[cfg(test)]
mod tests;

pub use engine::{engine, gateway};
pub use error::LaunchError;
pub use owner::{OWNER_LABEL, Owner};
pub use server::{Passing, Server};
pub use shipped::servers;
pub use start::{LaunchSettings, Launched, start};
pub use sweep::sweep;
