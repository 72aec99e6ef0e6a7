//! Commands and the answers they get, session by session: mistakes 16, 17, 24 and 25.

use std::collections::BTreeMap;

use super::generated::is_group;
use super::mistakes::Mistakes;
use super::needs;
use super::scenario::Draft;
use super::step::protocol_of;
use super::uses::{Counts, Goes, LineUses, ReadStep, Sound};
use super::words::{counted, ordinal};
use crate::base::{SessionName, Span};
use crate::scenario::{Action, Expect, Mark, Protocol, Value};

/// How many replies a session owes.
#[derive(Debug, Default)]
struct Owed {
    /// None after raw octets or a group: only `S` knows.
    count: Option<usize>,
    /// A command whose answer nobody has read yet.
    unread: Option<Span>,
    /// The step after which the connection may be gone.
    closed: Option<(String, Closed)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Closed {
    /// The server may have closed.
    MayBe,
    /// The step itself closes.
    Is,
}

/// Follows every session.
pub(super) fn check(draft: &Draft<'_>, mistakes: &mut Mistakes) {
    let mut sessions: BTreeMap<SessionName, Owed> = BTreeMap::new();
    for step in draft.played() {
        let owed =
            sessions.entry(step.step.session.clone()).or_insert_with(|| Owed { count: Some(0), ..Owed::default() });
        alive(step, owed, mistakes);
        acts(draft, step, owed);
        if step.answer.is_empty() {
            continue;
        }
        answered(draft, step, owed, mistakes);
        owed.count = Some(0);
        owed.unread = None;
        if let Some(answer) = &step.step.answer {
            let may_close = answer.alternatives.iter().filter(|one| !super::answer::ends(one)).any(|one| {
                let lines = one.lines.iter().filter(|line| matches!(line.mark, Mark::Plain | Mark::Then));
                lines.flat_map(|line| &line.items).any(|item| item.expect == Expect::Closed && item.end.is_none())
            });
            if may_close {
                owed.closed = Some((step.name.clone(), Closed::MayBe));
            }
        }
    }
    for owed in sessions.values() {
        if let Some(span) = &owed.unread {
            mistakes.say(span, "nobody reads the answer to this command: add `S`");
        }
    }
    for step in draft.played().chain(&draft.cleanup) {
        pipelining(draft, step, mistakes);
        how_long(draft, step, mistakes);
    }
}

fn alive(step: &ReadStep, owed: &Owed, mistakes: &mut Mistakes) {
    let acts = step.step.action.is_some() || !step.answer.is_empty();
    let Some((by, how)) = owed.closed.as_ref().filter(|_| acts) else { return };
    let session = &step.step.session;
    let message = match how {
        Closed::MayBe => {
            format!("session `{session}` may be closed by {by}: end that alternative with `done` or `skip`")
        }
        Closed::Is => format!("session `{session}` is closed by {by}"),
    };
    mistakes.say(&step.action, message);
}

/// What the step's action adds to what is owed.
fn acts(draft: &Draft<'_>, step: &ReadStep, owed: &mut Owed) {
    let Some(action) = &step.step.action else { return };
    let added = match action {
        Action::Commands(commands) if has_group(draft, step) => {
            owed.count = None;
            commands.len()
        }
        Action::Commands(commands) => commands.len(),
        Action::Data(_) | Action::Bdat(_) | Action::Auth(_) => 1,
        Action::Each(_) => {
            owed.count = None;
            1
        }
        Action::Send(_) => {
            owed.count = None;
            return;
        }
        Action::Close | Action::Abort => {
            *owed = Owed { count: Some(0), unread: None, closed: Some((step.name.clone(), Closed::Is)) };
            return;
        }
        Action::Open | Action::StartTls | Action::Deflate => return,
    };
    owed.count = owed.count.map(|count| count + added);
    owed.unread.get_or_insert(step.action.clone());
}

/// Whether a line of `C` is a variable that stands for several commands.
fn has_group(draft: &Draft<'_>, step: &ReadStep) -> bool {
    step.sent.lines.iter().any(|line| {
        let is = |name: &str| line.as_str() == format!("${{{name}}}");
        draft.forall.iter().any(|(var, generator, _)| is_group(generator) && is(var.as_str()))
            || draft.values.iter().any(|one| matches!(one.value, Value::Lines(_)) && is(one.name.as_str()))
    })
}

/// Every command has its reply. Mistake 16.
fn answered(draft: &Draft<'_>, step: &ReadStep, owed: &Owed, mistakes: &mut Mistakes) {
    let Some(commands) = owed.count.filter(|count| *count > 0) else { return };
    let session = draft.sessions.iter().find(|session| session.name == step.step.session);
    if session.and_then(protocol_of).is_none() || step.step.answer.is_none() {
        return;
    }
    for (index, lines) in step.answer.iter().enumerate() {
        let alternative = step.step.answer.as_ref().and_then(|answer| answer.alternatives.get(index));
        let broken = lines.iter().any(|line| line.sound == Sound::Broken || line.counts == Counts::Any);
        let stops = alternative.is_some_and(|one| one.end.is_some()) || lines.iter().any(may_close);
        let ends =
            lines.iter().any(|line| !line.items.is_empty() && line.items.iter().all(|(_, goes)| *goes == Goes::Ends));
        let replies = lines.iter().filter(|line| line.counts == Counts::Reply).count();
        if broken || replies == commands || (replies < commands && (stops || ends)) {
            continue;
        }
        let (asked, given) = (counted(commands, "command", "commands"), counted(replies, "reply", "replies"));
        if replies < commands {
            let message = format!("{asked} but {given}; the {} has no answer here", ordinal(replies + 1));
            mistakes.say(&step.reply, message);
        } else {
            let extra = lines.iter().filter(|line| line.counts == Counts::Reply).nth(commands);
            let span = extra.map_or_else(|| step.reply.clone(), |line| line.span.clone());
            mistakes.say(&span, format!("{asked} but {given}; the {} answers nothing", ordinal(commands + 1)));
        }
    }
}

fn may_close(line: &LineUses) -> bool {
    // Words about the connection hold no variables and are no replies.
    line.counts == Counts::Nothing
        && matches!(line.mark, Mark::Plain | Mark::Then)
        && line.span.file.as_ref().is_some_and(|file| {
            file.text
                .get(line.span.start..line.span.end.min(file.text.len()))
                .is_some_and(|text| text.contains("closed"))
        })
}

/// Several commands in one write. Mistake 17.
fn pipelining(draft: &Draft<'_>, step: &ReadStep, mistakes: &mut Mistakes) {
    let Some(Action::Commands(commands)) = &step.step.action else { return };
    let session = draft.sessions.iter().find(|session| session.name == step.step.session);
    let protocol = session.and_then(protocol_of);
    let several = commands.len() > 1 || has_group(draft, step);
    if several && matches!(protocol, Some(Protocol::Smtp | Protocol::Pop3)) && !needs::has(&draft.needs, "PIPELINING") {
        mistakes.say(&step.action, "several commands in one write need `PIPELINING` in `needs`");
    }
}

/// A step that waits for nothing must say how long it looks.
fn how_long(draft: &Draft<'_>, step: &ReadStep, mistakes: &mut Mistakes) {
    let session = draft.sessions.iter().find(|session| session.name == step.step.session);
    let reads = matches!(step.step.action, None | Some(Action::Send(_)));
    if !reads || session.and_then(protocol_of).is_none() {
        return;
    }
    for lines in &step.answer {
        let only_not = !lines.is_empty() && lines.iter().all(|line| matches!(line.mark, Mark::Not | Mark::NoOther));
        if only_not {
            mistakes.say(&step.reply, "only lines that must not come: say how long with `silence` or `open`");
        }
    }
}
