//! Parses arguments, calls the library, returns the exit code; nothing else.

use std::process::ExitCode;

use clap::Parser;
use mailproof::cli::{Arguments, execute};

fn main() -> ExitCode {
    execute(&Arguments::parse()).into()
}
