//! Exit codes. docs/verdicts.md.

use std::process::ExitCode;

/// What the process says to whoever called it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All went well.
    Ok,
    /// A usage error, or a file that cannot be used.
    Usage,
    /// Nothing answers.
    Inconclusive,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Ok => Self::SUCCESS,
            Exit::Usage => Self::from(2),
            Exit::Inconclusive => Self::from(3),
        }
    }
}
