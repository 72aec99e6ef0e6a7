//! The fuzz driver: every parser, framer and reader against generated, damaged and random octets. docs/fuzzing.md.
//!
//! Each target runs in a process of its own, so that an overflow of the stack is a finding too.

mod case;
mod check;
mod corpus;
mod dice;
mod process;
mod shrink;
mod targets;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    if let Some(code) = process::child() {
        return code;
    }
    let mut arguments = Arguments::from_args();
    arguments.test_threads = arguments.test_threads.or_else(|| Some(process::jobs()));
    let trials = targets::all().into_iter().map(|target| {
        Trial::test(format!("fuzz::{}", target.name), move || process::run(target.name).map_err(Into::into))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}
