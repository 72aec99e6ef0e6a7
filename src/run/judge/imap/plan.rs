//! Which line of an alternative speaks of which command.

use super::came::{Sort, has_tag, sort};
use crate::outcome::Frame;
use crate::run::judge::decision::{Ending, Extent, Heard};
use crate::scenario::{Alternative, Answer, Expect, Item, Line, Mark};

/// Whether an answer is to be judged by the rules of IMAP.
pub(in crate::run::judge) fn is_imap(answer: &Answer, heard: &Heard<'_>) -> bool {
    let by_extent = match heard.extent {
        Extent::Tags(_) => true,
        Extent::Free(tags) => !tags.is_empty(),
        Extent::Replies(_) => false,
    };
    by_extent
        || answer.items().any(|item| item.expect.imap().is_some())
        || heard.frames.iter().any(|frame| matches!(frame, Frame::Imap(_)))
}

/// A positive line with the command it answers.
pub(super) struct Planned<'a> {
    pub(super) line: &'a Line,
    /// Index of the tag that its `OK`, `NO`, `BAD` or `+` refers to. None for lines that answer no command.
    pub(super) reply: Option<usize>,
    /// Whether `+` in it is the whole answer of its command, so that the tagged response belongs to a later step.
    pub(super) request: Request,
}

/// What a continuation request means for its command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Request {
    /// It is the answer.
    Answers,
    /// The tagged response of the same command is awaited too, or the line has no `+`.
    Precedes,
}

/// The positive lines in order. Each line with a tagged response or `+` answers one command; if there are more such lines
/// than commands, a `+` and the tagged line below it belong to one.
pub(super) fn plan<'a>(alternative: &'a Alternative, tags: usize) -> Vec<Planned<'a>> {
    let positive = || alternative.lines.iter().filter(|line| matches!(line.mark, Mark::Plain | Mark::Then));
    let replies = positive().filter(|line| is_reply(line)).count();
    let mut excess = replies.saturating_sub(tags);
    let mut next = 0;
    positive()
        .map(|line| {
            let reply = is_reply(line).then_some(next);
            let mut request = Request::Precedes;
            if reply.is_some() {
                let plus = line.items.iter().any(is_request);
                if plus && excess > 0 {
                    excess -= 1;
                } else {
                    next += 1;
                    request = if plus { Request::Answers } else { Request::Precedes };
                }
            }
            Planned { line, reply, request }
        })
        .collect()
}

/// Whether a line answers a command of the step.
fn is_reply(line: &Line) -> bool {
    line.items.iter().any(|item| is_request(item) || is_tagged(item))
}

/// `OK`, `NO`, `BAD`, `_` without a tag of its own.
pub(super) fn is_tagged(item: &Item) -> bool {
    matches!(&item.expect, Expect::Imap(pattern) if pattern.is_tagged() && !pattern.has_own_tag())
}

/// `+`.
pub(super) fn is_request(item: &Item) -> bool {
    matches!(&item.expect, Expect::Imap(pattern) if pattern.is_continuation())
}

/// Whether a line says how long to listen.
pub(super) fn is_timed(planned: &Planned<'_>) -> bool {
    planned.line.is_timed()
}

/// Whether only the answer to a command can decide: all that came is untagged, and no line ends or forbids anything before.
pub(in crate::run::judge) fn awaits_tags(answer: &Answer, heard: &Heard<'_>) -> bool {
    let item =
        |item: &Item| item.end.is_none() && matches!(&item.expect, Expect::Imap(pattern) if !pattern.has_own_tag());
    let line = |line: &Line| matches!(line.mark, Mark::Plain | Mark::Then) && line.items.iter().all(item);
    let alternative = |one: &Alternative| !one.lines.is_empty() && one.lines.iter().all(line);
    matches!(heard.extent, Extent::Tags([_, ..]))
        && heard.ending == Ending::Open
        && heard.frames.iter().all(|frame| sort(frame) == Sort::Untagged)
        && answer.alternatives.iter().all(alternative)
}

/// Frames that are judged each time one comes.
const EACH: usize = 256;

/// Whether a server floods, and the frame that came last can wait: each decision looks at all frames, so that their number
/// must not grow with each frame. At the deadline all are looked at.
pub(in crate::run::judge) fn may_wait(answer: &Answer, heard: &Heard<'_>) -> bool {
    let count = heard.frames.len();
    let step = (count.next_power_of_two() / 8).max(1);
    let tags = match heard.extent {
        Extent::Tags(tags) | Extent::Free(tags) => tags,
        Extent::Replies(_) => &[],
    };
    let minor = heard.frames.last().is_some_and(|frame| match sort(frame) {
        Sort::Untagged | Sort::Bye => true,
        Sort::Tagged => !tags.iter().any(|tag| has_tag(frame, tag.as_bytes())),
        Sort::Request => false,
    });
    let timed = || answer.lines().any(Line::is_timed);
    count > EACH && !count.is_multiple_of(step) && minor && heard.ending == Ending::Open && !timed()
}
