//! `check --mutate`: each scenario with one answer changed at a time. docs/decisions/0013-tampering.md.

mod command;
mod fate;
mod judging;
mod plan;
mod report;
mod table;

pub(super) use command::mutate;
