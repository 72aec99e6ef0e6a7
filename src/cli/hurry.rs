//! Scenarios for a server on loopback that answers at once or never.

use std::time::Duration;

use crate::base::SessionName;
use crate::scenario::{Expect, Scenario, SessionKind, Step};

/// How long an answer is waited for.
const WITHIN: Duration = Duration::from_millis(500);
/// How long a step is repeated: mail on loopback is there at once, and a server with a fault that loses it would cost minutes.
const UNTIL: Duration = Duration::from_secs(2);
/// How long silence is listened to.
const SILENCE: Duration = Duration::from_millis(200);

/// The same scenario, with less time to wait.
pub(super) fn hurried(mut scenario: Scenario) -> Scenario {
    let boxes: Vec<SessionName> = scenario
        .sessions
        .iter()
        .filter(|session| matches!(session.kind, SessionKind::Inbox(_) | SessionKind::Sink))
        .map(|session| session.name.clone())
        .collect();
    let lists: [&mut Vec<Step>; 3] = [&mut scenario.setup, &mut scenario.steps, &mut scenario.cleanup];
    for step in lists.into_iter().flatten() {
        step.within = step.within.min(WITHIN);
        let polls = boxes.contains(&step.session).then_some(UNTIL);
        step.until = step.until.or(polls).map(|until| until.min(UNTIL));
        let alternatives = step.answer.iter_mut().flat_map(|answer| &mut answer.alternatives);
        for item in alternatives.flat_map(|alternative| &mut alternative.lines).flat_map(|line| &mut line.items) {
            if let Expect::Silence(lasts) | Expect::Open(lasts) = &mut item.expect {
                *lasts = (*lasts).min(SILENCE);
            }
        }
    }
    scenario
}
