//! The wire, sessions, ladders and the probe against small scripted peers on loopback.

mod attempts;
mod holds;
mod keepers;
mod ladder;
mod logins;
mod peer;
mod probe;
mod runner;
mod scripted;
mod session;
mod wire;
