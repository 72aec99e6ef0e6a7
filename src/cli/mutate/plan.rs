//! Which frames of an honest run are changed, and how.

use std::collections::BTreeSet;

use super::judging::{About, Judging, about, forbids, is_login};
use crate::base::RequirementId;
use crate::outcome::StepRef;
use crate::pop3::form_of;
use crate::run::{Observed, Plan, Recorded};
use crate::scenario::{Action, CommandPart, Expect, Protocol, SessionKind, Step};
use crate::tamper::{Kind, Looks, changes, rendered};

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
    /// What is spoken on it.
    pub(super) protocol: Protocol,
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
    let of_box = |frame: &Recorded| matches!(session(&frame.session), Some(SessionKind::Inbox(_) | SessionKind::Sink));
    for frame in chosen(judging, of_box, honest) {
        let Some(step) = judging.step(&frame.at) else { continue };
        let is_box = of_box(frame);
        let first = found.is_empty();
        let wanted = |kind: Kind| match kind {
            Kind::Surplus | Kind::Left | Kind::Withheld => false,
            Kind::Octet => true,
            Kind::Framing | Kind::Closed | Kind::Cut => first && !is_box,
            Kind::Status | Kind::Forbidden | Kind::Dropped | Kind::Repeated | Kind::Number | Kind::Word => !is_box,
        };
        found.extend(of_frame(step, frame, &frame.at, judging).into_iter().filter(|mutation| wanted(mutation.kind)));
    }
    found.extend(of_connections(judging, honest));
    found
}

/// Frames of steps that judge.
fn chosen<'o>(judging: &Judging<'_>, is_box: impl Fn(&Recorded) -> bool, honest: &'o Observed) -> Vec<&'o Recorded> {
    let mut chosen: Vec<&Recorded> = Vec::new();
    let judged = honest.frames.iter().filter(|frame| !judging.ids(&frame.at).is_empty());
    let steps: BTreeSet<&StepRef> = judged.map(|frame| &frame.at).collect();
    for at in steps {
        let own = honest.frames.iter().filter(|frame| frame.at == *at);
        // Of what a box is read by only the messages count.
        let all: Vec<&Recorded> = own.filter(|frame| !is_box(frame) || is_message(&frame.raw)).collect();
        let named: Vec<&Recorded> = all.iter().copied().filter(|frame| frame.named).collect();
        let login = judging.step(at).is_some_and(is_login);
        let mut own = match (login, named.is_empty()) {
            (true, _) => all.last().copied().into_iter().collect(),
            (false, true) => all,
            (false, false) => named,
        };
        // The last one completes the answer.
        if own.len() > FRAMES_OF_STEP_MAX {
            let last = own.pop();
            own.truncate(FRAMES_OF_STEP_MAX - 1);
            own.extend(last);
        }
        chosen.extend(own);
    }
    chosen.truncate(FRAMES_MAX);
    chosen
}

/// Whether a response holds a message.
fn is_message(raw: &[u8]) -> bool {
    raw.windows(6).any(|octets| octets == b"BODY[]")
}

/// The changes of one frame, for a step that should notice them.
fn of_frame(step: &Step, frame: &Recorded, at: &StepRef, judging: &Judging<'_>) -> Vec<Mutation> {
    let answer = step.answer.as_ref().filter(|_| forbids(step));
    let forbidden = answer.map(|answer| rendered(answer, &frame.env)).unwrap_or_default();
    let looks = Looks { patterns: patterns(step), forbidden, form: last_line(step).as_deref().map(form_of) };
    let mutation = |change: crate::tamper::Change| Mutation {
        plan: Plan {
            session: frame.session.clone(),
            connection: frame.connection,
            frame: frame.frame,
            what: change.what,
            looks: looks.clone(),
            forbids: answer.cloned(),
        },
        kind: change.kind,
        protocol: frame.protocol,
        at: at.clone(),
        ids: judging.ids(at),
        of_box: is_message(&frame.raw) && step.action.is_none(),
        weight: if change.kind.ends_connection() { Weight::Apart } else { Weight::Counts },
    };
    changes(frame.protocol, &frame.raw, &looks).into_iter().map(mutation).collect()
}

/// Where a line says that the server closes, keeps silent or stays: one answer too many; and where it says that it stays, a
/// close. Where any answer will do: none.
fn of_connections(judging: &Judging<'_>, honest: &Observed) -> Vec<Mutation> {
    let mut found = Vec::new();
    let judged = honest.ways.keys().filter(|at| !judging.ids(at).is_empty());
    for at in judged {
        let Some(step) = judging.step(at) else { continue };
        let about = about(step);
        let before = |frame: &&Recorded| frame.session == step.session.as_str() && frame.at <= *at;
        let Some(frame) = honest.frames.iter().rfind(before) else { continue };
        let any = judging.ids(at).iter().any(|id| ANY_ANSWER.contains(&id.as_str()));
        let wanted = |kind: Kind| match about {
            About::Answers => any && kind == Kind::Withheld,
            About::Close => kind == Kind::Surplus,
            About::Stands => matches!(kind, Kind::Surplus | Kind::Left),
        };
        let all = of_frame(step, frame, at, judging).into_iter().filter(|mutation| wanted(mutation.kind));
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
