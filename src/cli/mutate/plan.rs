//! Which frames of an honest run are changed, and how.

use std::collections::BTreeSet;

use super::judging::{About, Judging, about, forbids, is_login};
use crate::base::RequirementId;
use crate::outcome::StepRef;
use crate::pop3::form_of;
use crate::run::{Observed, Plan, Recorded};
use crate::scenario::{Action, CommandPart, Expect, Protocol, SessionKind, Step};
use crate::tamper::{Heard, Kind, Looks, changes, rendered};

/// Frames of one step that are changed at most.
const FRAMES_OF_STEP_MAX: usize = 6;
/// Frames of one scenario that are changed at most.
const FRAMES_MAX: usize = 16;

/// Requirements that any answer keeps: that one comes is all that they demand. For them alone an answer that is withheld counts.
const ANY_ANSWER: [&str; 1] = ["rfc1939-3-server-speaks-first"];

/// One run with one change.
#[derive(Debug, Clone)]
pub(super) struct Mutation {
    pub(super) plan: Plan,
    pub(super) kind: Kind,
    /// What is changed.
    pub(super) heard: Heard,
    /// The step whose lines should notice.
    pub(super) at: StepRef,
    /// What it judges, by canonical ids.
    pub(super) ids: BTreeSet<RequirementId>,
    /// Whether the frame is read from a box, which is polled.
    pub(super) of_box: bool,
    /// Whether it counts.
    pub(super) weight: Weight,
}

/// Whether a change counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// It makes a difference that the step should see.
    Counts,
    /// Every scenario sees it.
    Apart,
}

/// All changes that are tried, in the order of the frames.
pub(super) fn mutations(
    judging: &Judging<'_>,
    session: impl Fn(&str) -> Option<SessionKind>,
    honest: &Observed,
) -> Vec<Mutation> {
    let mut found: Vec<Mutation> = Vec::new();
    let of_box = |name: &str| matches!(session(name), Some(SessionKind::Inbox(_) | SessionKind::Sink));
    for (at, frame) in chosen(judging, of_box, honest) {
        let Some(step) = judging.step(&at) else { continue };
        let is_box = of_box(&frame.place.session);
        let first = found.is_empty();
        let wanted = |kind: Kind| match kind {
            Kind::Surplus | Kind::Left | Kind::Withheld => false,
            Kind::Octet => true,
            Kind::Form => judging.watches() && !is_box,
            Kind::Framing | Kind::Closed | Kind::Cut => first && !is_box,
            Kind::Status
            | Kind::Forbidden
            | Kind::Stale
            | Kind::Dropped
            | Kind::Repeated
            | Kind::Number
            | Kind::Word => !is_box,
        };
        let earlier = earlier(judging, &at, frame, honest);
        let all = of_frame(step, frame, &at, judging, earlier).into_iter();
        found.extend(all.filter(|mutation| wanted(mutation.kind)));
    }
    found.extend(of_connections(judging, honest));
    found
}

/// Frames of steps that judge.
fn chosen<'o>(
    judging: &Judging<'_>,
    is_box: impl Fn(&str) -> bool,
    honest: &'o Observed,
) -> Vec<(StepRef, &'o Recorded)> {
    let mut chosen: Vec<(StepRef, &Recorded)> = Vec::new();
    let ended = honest.ways.iter().find(|(_, way)| way.end.is_some()).map(|(at, _)| at);
    let judges = |(at, _): &(StepRef, &Step)| !judging.ids(at).is_empty() && ended.is_none_or(|ended| at <= ended);
    for (at, step) in judging.steps().filter(judges) {
        let all = if is_box(step.session.as_str()) {
            messages(&at, step, honest)
        } else {
            honest.frames.iter().filter(|frame| frame.at == at).collect()
        };
        let named: Vec<&Recorded> = all.iter().copied().filter(|frame| frame.named).collect();
        // What is watched of a login is said before its end.
        let mut own = match (is_login(step), judging.watches(), named.is_empty()) {
            (true, false, _) => all.last().copied().into_iter().collect(),
            (true, true, _) | (false, _, true) => all,
            (false, _, false) if judging.only_watches(&at) => all,
            (false, _, false) => named,
        };
        // The last one completes the answer.
        if own.len() > FRAMES_OF_STEP_MAX {
            let last = own.pop();
            own.truncate(FRAMES_OF_STEP_MAX - 1);
            own.extend(last);
        }
        chosen.extend(own.into_iter().map(|frame| (at.clone(), frame)));
    }
    chosen.truncate(FRAMES_MAX);
    chosen
}

/// The messages that a step read from a box: of what a box is read by only they count. A box keeps what it has read, so if
/// the step read none it looks at those of earlier ones.
fn messages<'o>(at: &StepRef, step: &Step, honest: &'o Observed) -> Vec<&'o Recorded> {
    let of_box = |frame: &&Recorded| frame.place.session == step.session.as_str() && is_message(frame);
    let read = || honest.frames.iter().filter(of_box);
    let own: Vec<&Recorded> = read().filter(|frame| frame.at == *at).collect();
    if own.is_empty() { read().filter(|frame| frame.at < *at).collect() } else { own }
}

/// The answer to an earlier step that must not come again here, by a check. Tags differ, so of IMAP it is untagged data.
fn earlier<'o>(judging: &Judging<'_>, at: &StepRef, frame: &Recorded, honest: &'o Observed) -> Option<&'o Recorded> {
    let is_tagged =
        |one: &Recorded| one.heard == Heard::Answer(Protocol::Imap) && !matches!(one.raw.first(), Some(b'*' | b'+'));
    let alike =
        |one: &&Recorded| one.heard == frame.heard && one.named && !is_tagged(one) && judging.differ(at, &one.at);
    honest.frames.iter().find(alike).filter(|_| !is_tagged(frame))
}

/// Whether this is a message, or a response that holds one.
fn is_message(frame: &Recorded) -> bool {
    frame.heard == Heard::Mail || frame.raw.windows(6).any(|octets| octets == b"BODY[]")
}

/// The changes of one frame, for a step that should notice them.
fn of_frame(
    step: &Step,
    frame: &Recorded,
    at: &StepRef,
    judging: &Judging<'_>,
    earlier: Option<&Recorded>,
) -> Vec<Mutation> {
    let answer = step.answer.as_ref().filter(|_| forbids(step));
    let forbidden = answer.map(|answer| rendered(answer, &frame.env)).unwrap_or_default();
    let looks = Looks {
        patterns: patterns(step),
        forbidden,
        form: last_line(step).as_deref().map(form_of),
        earlier: earlier.map(|one| one.raw.to_vec()),
    };
    let mutation = |change: crate::tamper::Change| Mutation {
        plan: Plan {
            place: frame.place.clone(),
            what: change.what,
            looks: looks.clone(),
            earlier: earlier.map(|one| one.place.clone()),
            forbids: answer.cloned(),
        },
        kind: change.kind,
        heard: frame.heard,
        at: at.clone(),
        ids: judging.ids(at),
        of_box: is_message(frame) && step.action.is_none(),
        weight: if change.kind.ends_connection() { Weight::Apart } else { Weight::Counts },
    };
    changes(frame.heard, &frame.raw, &looks).into_iter().map(mutation).collect()
}

/// Where a line says that the server closes, keeps silent or stays: one answer too many; and where it says that it stays, a
/// close. Where any answer will do: none.
fn of_connections(judging: &Judging<'_>, honest: &Observed) -> Vec<Mutation> {
    let mut found = Vec::new();
    let judged = honest.ways.keys().filter(|at| !judging.ids(at).is_empty());
    for at in judged {
        let Some(step) = judging.step(at) else { continue };
        let about = about(step);
        let before = |frame: &&Recorded| frame.place.session == step.session.as_str() && frame.at <= *at;
        let Some(frame) = honest.frames.iter().rfind(before) else { continue };
        let any = judging.ids(at).iter().any(|id| ANY_ANSWER.contains(&id.as_str()));
        let wanted = |kind: Kind| match about {
            About::Answers => any && kind == Kind::Withheld,
            About::Close => kind == Kind::Surplus,
            About::Stands => matches!(kind, Kind::Surplus | Kind::Left),
        };
        let all = of_frame(step, frame, at, judging, None).into_iter().filter(|mutation| wanted(mutation.kind));
        found.extend(all.map(|mutation| Mutation { weight: Weight::Counts, ..mutation }));
    }
    found
}

/// The patterns of a step's lines, one a line, in upper case.
fn patterns(step: &Step) -> String {
    let items = step.answer.iter().flat_map(|answer| answer.items());
    let pattern = |expect: &Expect| match expect {
        Expect::Smtp(pattern) => pattern.to_string(),
        Expect::Pop3(pattern) => pattern.to_string(),
        Expect::Imap(pattern) => pattern.to_string(),
        Expect::Box(_) | Expect::Closed | Expect::Silence(_) | Expect::Open(_) | Expect::Tls | Expect::Codes(_) => {
            String::new()
        }
    };
    items.map(|item| pattern(&item.expect).to_ascii_uppercase() + "\n").collect()
}

/// The last line that a step sends, as it is written.
fn last_line(step: &Step) -> Option<Vec<u8>> {
    let Some(Action::Commands(commands)) = &step.action else { return None };
    match commands.last()?.parts.first()? {
        CommandPart::Text(text) => Some(text.to_line().into_bytes()),
        CommandPart::Literal { .. } => None,
    }
}
