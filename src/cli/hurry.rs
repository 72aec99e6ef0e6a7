//! Scenarios for a server on loopback that answers at once or never.

use std::time::Duration;

use crate::scenario::{Expect, Scenario, Step};

/// How long an answer is waited for.
const WITHIN: Duration = Duration::from_millis(500);
/// How long silence is listened to.
const SILENCE: Duration = Duration::from_millis(200);

/// The same scenario, with less time to wait.
pub(super) fn hurried(mut scenario: Scenario) -> Scenario {
    let lists: [&mut Vec<Step>; 3] = [&mut scenario.setup, &mut scenario.steps, &mut scenario.cleanup];
    for step in lists.into_iter().flatten() {
        step.within = step.within.min(WITHIN);
        let alternatives = step.answer.iter_mut().flat_map(|answer| &mut answer.alternatives);
        for item in alternatives.flat_map(|alternative| &mut alternative.lines).flat_map(|line| &mut line.items) {
            if let Expect::Silence(lasts) | Expect::Open(lasts) = &mut item.expect {
                *lasts = (*lasts).min(SILENCE);
            }
        }
    }
    scenario
}
