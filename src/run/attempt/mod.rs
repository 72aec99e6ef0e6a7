//! One run of one scenario: from values and deposits to its verdict.
//!
//! `play` goes through the steps; `act` and `login` send, `octets` says what; `listen` waits and asks the judge; `verdict`
//! tells whom an answer accuses. `account` and `boxes` use sessions of their own, of which `keeper` keeps
//! some from one scenario to the next; `watch` sees all of them.

mod account;
mod act;
mod boxes;
mod keeper;
mod listen;
mod live;
mod login;
mod mailbox;
mod octets;
mod outcome;
mod play;
mod stop;
mod values;
mod verdict;
mod watch;

pub(super) use keeper::{Keepers, share};
pub use outcome::{Attempt, Waiting, attempt};
