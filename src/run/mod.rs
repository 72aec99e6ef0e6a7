//! Layer 4: scenarios against a target, async.

mod announced;
mod attempt;
mod cast;
mod confirm;
mod contact;
mod deflate;
mod facts;
mod framer;
mod health;
pub mod judge;
mod ladder;
mod lease;
mod log;
mod login;
mod needs;
mod pace;
mod postpone;
mod probe;
mod redact;
mod runner;
mod session;
mod talk;
mod tamper;
mod tls;
mod wire;
mod world;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use announced::{Announced, Capabilities};
pub use attempt::{Attempt, Waiting, attempt};
pub use confirm::{Confirmation, Next, RERUNS_MAX, RETRIES_DEFAULT};
pub use deflate::Deflate;
pub use ladder::{Climb, Climbed, climb, log_in, secure};
pub use log::Log;
pub use login::{LOGIN_INVARIANTS, Login, LoginOutcome, offered, timestamp};
pub use needs::{Obstacle, Switches, unmet};
pub use probe::{ProbeError, ProbeSettings, Probed, Proof, RoleProbe, before_login, probe};
pub use redact::{REPLACEMENT, Redactor};
pub use runner::{Runner, RunnerSettings};
pub use session::{Seen, Session};
pub use talk::{Fall, Said};
pub use tamper::{Observed, Place, Plan, Recorded, Tamper, Way};
pub use tls::{TlsClient, TlsInfo, TrustError};
pub use wire::{BUFFER_MAX_OCTETS, ReadOutcome, Wire, WireError};
pub use world::{CLIENT, Distance, Leased, World};
