//! The integration tests, one binary: each module gives its trials.

mod catalogue;
mod trials;

use std::process::ExitCode;

use libtest_mimic::{Arguments, run};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    run(&arguments, catalogue::trials()).exit_code()
}
