//! Whether a scenario applies to a target. docs/suite-language.md sections 5 and 9.

use super::world::World;
use crate::outcome::{Doubt, Unmet};
use crate::scenario::Scenario;

/// Levels of danger and duration that the user must switch on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Switches {
    /// `--slow`
    pub slow: bool,
    /// `--allow-destructive`
    pub destructive: bool,
}

/// Why a scenario is not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// It does not apply.
    Unmet(Unmet),
    /// Whether it applies is not known, since an endpoint could not be reached.
    Doubt(Doubt),
}

/// The first obstacle, if there is one.
pub fn unmet(scenario: &Scenario, world: &World, switches: Switches) -> Option<Obstacle> {
    let _ = (scenario, world, switches);
    None
}
