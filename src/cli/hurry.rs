//! Scenarios for a server on loopback that answers at once or never.

use std::time::Duration;

use crate::base::SessionName;
use crate::scenario::{Expect, Scenario, SessionDecl, SessionKind, Step};

/// How long an answer is waited for.
const WITHIN: Duration = Duration::from_millis(500);
/// How long silence is listened to.
const SILENCE: Duration = Duration::from_millis(200);
/// How long something is waited for that takes several attempts, such as mail in a box.
const UNTIL: Duration = Duration::from_secs(1);

/// The same scenario, with less time to wait.
pub(super) fn hurried(mut scenario: Scenario) -> Scenario {
    let polled = |decl: &SessionDecl| match decl.kind {
        SessionKind::Inbox(_) | SessionKind::Sink => Some(decl.name.clone()),
        SessionKind::Connection { .. } => None,
    };
    let boxes: Vec<SessionName> = scenario.sessions.iter().filter_map(polled).collect();
    let lists: [&mut Vec<Step>; 3] = [&mut scenario.setup, &mut scenario.steps, &mut scenario.cleanup];
    for step in lists.into_iter().flatten() {
        step.within = step.within.min(WITHIN);
        let boxed = boxes.contains(&step.session).then_some(UNTIL);
        step.until = step.until.or(boxed).map(|until| until.min(UNTIL));
        let alternatives = step.answer.iter_mut().flat_map(|answer| &mut answer.alternatives);
        for item in alternatives.flat_map(|alternative| &mut alternative.lines).flat_map(|line| &mut line.items) {
            if let Expect::Silence(lasts) | Expect::Open(lasts) = &mut item.expect {
                *lasts = (*lasts).min(SILENCE);
            }
        }
    }
    scenario
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::suites::{Wanted, load};

    #[test]
    fn nothing_in_the_suites_waits_long_and_what_is_short_stays() {
        let loaded = load(&Wanted::default()).unwrap();
        let all: Vec<Scenario> = loaded.suites.into_iter().flat_map(|suite| suite.scenarios).collect();
        let steps = |scenario: &Scenario| [&scenario.setup[..], &scenario.steps, &scenario.cleanup].concat();
        let lasts = |step: &Step| {
            let items = step.answer.iter().flat_map(crate::scenario::Answer::items);
            items.filter_map(|item| item.expect.lasts()).collect::<Vec<_>>()
        };
        let (mut within, mut until, mut silent) = (0, 0, 0);
        for scenario in all {
            let before = steps(&scenario);
            let after = steps(&hurried(scenario.clone()));
            for (slow, fast) in before.iter().zip(&after) {
                assert_eq!(fast.within, slow.within.min(WITHIN), "{}", scenario.id);
                within += usize::from(slow.within > WITHIN);
                assert!(fast.until.is_none_or(|until| until <= UNTIL), "{}", scenario.id);
                until += usize::from(fast.until != slow.until);
                for (slow, fast) in lasts(slow).into_iter().zip(lasts(fast)) {
                    assert!(fast <= slow && fast <= SILENCE, "{}", scenario.id);
                    silent += usize::from(fast < slow);
                }
                let named = |step: &Step| (step.session.clone(), step.action.clone(), step.checks.clone());
                assert_eq!(named(fast), named(slow));
            }
            let box_steps = after.iter().filter(|step| {
                scenario.session(&step.session).is_some_and(|decl| !matches!(decl.kind, SessionKind::Connection { .. }))
            });
            assert!(box_steps.clone().all(|step| step.until.is_some()), "{}", scenario.id);
        }
        assert!(within > 1000 && until > 10 && silent > 10, "{within} {until} {silent}");
    }
}
