//! The wire, sessions, ladders and the probe against small scripted peers on loopback.

mod peer;
mod session;
mod wire;
