//! The integration tests, one binary: each module gives its trials.

mod catalogue;
mod cli;
mod layering;
mod refserver;
mod servers;
mod trials;

use std::process::ExitCode;

use libtest_mimic::{Arguments, run};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = [catalogue::trials(), cli::trials(), layering::trials(), refserver::trials(), servers::trials()];
    run(&arguments, trials.into_iter().flatten().collect()).exit_code()
}
