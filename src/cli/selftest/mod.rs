//! `selftest`: suites against servers that break one requirement each. A suite that lets a fault pass proves nothing.

mod choose;
mod command;
mod matrix;

pub(super) use command::selftest;
