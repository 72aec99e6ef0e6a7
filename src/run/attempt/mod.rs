//! One run of one scenario: from values and deposits to its verdict.
//!
//! `play` goes through the steps; `act` and `login` send, `octets` says what; `listen` waits and asks the judge; `verdict`
//! tells whom an answer accuses. `account` and `boxes` use sessions of their own; `watch` sees all of them.

mod account;
mod act;
mod boxes;
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

pub use outcome::{Attempt, Waiting, attempt};
