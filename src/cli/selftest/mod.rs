//! `selftest`: suites against servers that break one requirement each. A suite that lets a fault pass proves nothing.

mod bench;
mod choose;
mod command;
#[cfg(test)]
mod committed;
mod matrix;
mod table;

pub(super) use command::selftest;
