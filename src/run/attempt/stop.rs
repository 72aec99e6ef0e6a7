//! Why the steps of a scenario end before the last one.

use crate::outcome::{Doubt, Finding, Unmet};
use crate::run::talk::Fall;

/// An early end.
#[derive(Debug, Clone)]
pub(super) enum Stop {
    /// `done`: an answer that is right, and nothing more to see.
    Done,
    /// `skip`: an answer that is legal and says nothing, with its line.
    Skipped(String),
    /// A judged line or check did not hold.
    Failed(Box<Finding>),
    /// The scenario does not apply.
    Unmet(Unmet),
    /// Nothing can be said.
    Doubt(Doubt),
}

impl From<Fall> for Stop {
    fn from(fall: Fall) -> Self {
        match fall {
            Fall::Unmet(unmet) => Self::Unmet(unmet),
            Fall::Doubt(doubt) => Self::Doubt(doubt),
        }
    }
}

impl Stop {
    /// A mistake of this program.
    pub(super) fn internal(what: impl Into<String>) -> Self {
        Self::Doubt(Doubt::Internal(what.into()))
    }
}
