//! Who is accused by what: mistakes 27, 28 and 34 to 36. docs/suite-language.md section 9.

use std::collections::BTreeSet;

use super::mistakes::Mistakes;
use super::scenario::Draft;
use super::uses::{For, ReadStep, Sound};
use crate::base::{RequirementId, SessionName, Span};
use crate::scenario::{Alternative, End, Expect, Judges, Line, Mark, SessionKind};

/// Decides for each step whom it judges, then holds that against `covers` and `watch`.
///
/// Where a step or id could not be read (`sound`), nothing is said about what is not judged.
pub(super) fn check(draft: &mut Draft<'_>, sound: Sound, mistakes: &mut Mistakes) {
    watched(draft, mistakes);
    let covers: Vec<RequirementId> = draft.covers.iter().map(|(id, _)| id.clone()).collect();
    let boxes: BTreeSet<SessionName> = draft
        .sessions
        .iter()
        .filter(|session| matches!(session.kind, SessionKind::Inbox(_) | SessionKind::Sink))
        .map(|session| session.name.clone())
        .collect();
    let mut judged: BTreeSet<RequirementId> = draft.watch.iter().map(|(id, _)| id.clone()).collect();
    for step in &mut draft.steps {
        step.step.judges = match (&step.judges, covers.as_slice()) {
            (For::Setup, _) => Judges::Setup,
            (For::Requirement(id, span), _) => {
                covered(id, span, &covers, mistakes);
                Judges::Requirement(id.clone())
            }
            (For::Unsaid, [only]) => Judges::Requirement(only.clone()),
            (For::Unsaid, _) => Judges::Setup,
        };
        judged.extend(judges(step, &boxes, &covers, mistakes));
        endings(step, mistakes);
    }
    for step in draft.setup.iter().chain(&draft.cleanup) {
        if let For::Requirement(_, span) = &step.judges {
            mistakes.say(span, "setup judges nothing: a step that judges stands in `steps`");
        }
        endings(step, mistakes);
        let lines = step.step.answer.iter().flat_map(|answer| &answer.alternatives).flat_map(|one| &one.lines);
        let checks = step.step.checks.iter().filter(|check| check.judges.is_some()).map(|check| &check.span);
        for span in lines.filter(|line| line.judges.is_some()).map(|line| &line.span).chain(checks) {
            mistakes.say(span, "setup judges nothing: a line with `@` stands in `steps`");
        }
    }
    if sound == Sound::Broken {
        return;
    }
    let unjudged: Vec<_> = draft.covers.iter().filter(|(id, _)| !judged.contains(id)).collect();
    for (id, span) in &unjudged {
        mistakes.say(span, format!("no step judges `{id}`: mark one with `for:` or `@`, or put it in `watch`"));
    }
    let can_fail = !draft.watch.is_empty() || draft.steps.iter().any(|step| can_fail(step, &boxes));
    if !can_fail && unjudged.is_empty() && !draft.steps.is_empty() {
        let message =
            "every answer would satisfy this scenario: all lines are `_`, `...` or setup, and nothing is in `watch`";
        mistakes.say(&draft.map.key_span("steps"), message);
    }
}

fn watched(draft: &Draft<'_>, mistakes: &mut Mistakes) {
    for (id, span) in &draft.watch {
        let same = draft.rows.get(id).and_then(|row| row.same_as.as_ref());
        let known = [Some(id), same].into_iter().flatten().any(|id| draft.rows.invariants.contains(id.as_str()));
        if !known {
            mistakes.say(span, format!("no invariant is behind `{id}`; judge it by a line"));
        }
        if draft.allow.iter().any(|(other, _)| other == id) {
            mistakes.say(span, format!("`{id}` stands in `allow` and in `watch`"));
        }
    }
}

fn covered(id: &RequirementId, span: &Span, covers: &[RequirementId], mistakes: &mut Mistakes) {
    if !covers.contains(id) {
        mistakes.say(span, format!("this step judges `{id}`, which the scenario does not cover"));
    }
}

/// All ids that a step judges.
fn judges(
    step: &ReadStep,
    boxes: &BTreeSet<SessionName>,
    covers: &[RequirementId],
    mistakes: &mut Mistakes,
) -> Vec<RequirementId> {
    let mut all = Vec::new();
    let lines = step.step.answer.iter().flat_map(|answer| &answer.alternatives).flat_map(|one| &one.lines);
    let by_lines = lines.clone().filter_map(|line| line.judges.as_ref().map(|id| (id, &line.span)));
    let by_checks = step.step.checks.iter().filter_map(|check| check.judges.as_ref().map(|id| (id, &check.span)));
    for (id, span) in by_lines.chain(by_checks) {
        covered(id, span, covers, mistakes);
        all.push(id.clone());
    }
    if let Judges::Requirement(id) = &step.step.judges {
        // On a box the lines that must come accuse nobody by default.
        let on_box = boxes.contains(&step.step.session);
        let accuses = lines.clone().any(|line| !on_box || line.mark == Mark::Not) || broken(step);
        let handshake = step.step.action == Some(crate::scenario::Action::StartTls);
        if accuses || handshake || !step.step.checks.is_empty() {
            all.push(id.clone());
        }
    }
    all
}

fn broken(step: &ReadStep) -> bool {
    step.answer.iter().flatten().any(|line| line.sound == Sound::Broken)
}

/// `done` where it says what it must not say. Mistake 35.
fn endings(step: &ReadStep, mistakes: &mut Mistakes) {
    let step_judges = matches!(step.step.judges, Judges::Requirement(_));
    for alternative in step.step.answer.iter().flat_map(|answer| &answer.alternatives) {
        let any_line = alternative.lines.iter().any(|line| line.judges.is_some());
        for line in &alternative.lines {
            let own = line.items.iter().any(|item| item.end == Some(End::Done));
            let whole = alternative.end == Some(End::Done);
            let judged = step_judges || line.judges.is_some() || (whole && any_line);
            if (own || whole) && !judged {
                mistakes.say(&line.span, "setup judges nothing: use `skip`, or leave it unnamed");
            } else if (own || whole)
                && line.items.iter().any(|item| is_4yz(&item.expect) && (whole || item.end == Some(End::Done)))
            {
                mistakes.say(&line.span, "4xx is never the right answer: use `skip`, or leave it unnamed");
            }
        }
    }
}

fn is_4yz(expect: &Expect) -> bool {
    expect.smtp().is_some_and(|pattern| pattern.to_string().starts_with('4'))
}

/// Whether some answer of the server breaks what the step judges. Mistake 34.
fn can_fail(step: &ReadStep, boxes: &BTreeSet<SessionName>) -> bool {
    let step_judges = matches!(step.step.judges, Judges::Requirement(_));
    if step.step.checks.iter().any(|check| step_judges || check.judges.is_some()) || broken(step) {
        return true;
    }
    let handshake = step.step.action == Some(crate::scenario::Action::StartTls) && step.step.answer.is_none();
    if handshake && step_judges {
        return true;
    }
    let on_box = boxes.contains(&step.step.session);
    let judged = |line: &Line| line.judges.is_some() || (step_judges && (!on_box || line.mark == Mark::Not));
    let open = |one: &Alternative| one.lines.iter().filter(|line| judged(line)).all(is_vacuous);
    step.step.answer.as_ref().is_some_and(|answer| !answer.alternatives.iter().any(open))
}

/// Whether anything at all satisfies a line.
fn is_vacuous(line: &Line) -> bool {
    let anything = |expect: &Expect| match expect {
        Expect::Imap(pattern) => matches!(pattern.to_string().as_str(), "_" | "..."),
        Expect::Pop3(pattern) => pattern.to_string() == "...",
        Expect::Smtp(pattern) => pattern.to_string() == "xxx",
        Expect::Box(_) | Expect::Closed | Expect::Silence(_) | Expect::Open(_) | Expect::Tls | Expect::Codes(_) => {
            false
        }
    };
    matches!(line.mark, Mark::Plain | Mark::Then) && line.items.iter().any(|item| anything(&item.expect))
}
