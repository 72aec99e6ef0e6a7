//! Parses arguments, calls the library, returns the exit code; nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    mailproof::cli::main().into()
}
