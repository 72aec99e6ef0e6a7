//! The alternatives of an answer.

use super::describe::failure;
use super::{Decision, Ending, Failure, Heard, Taken, Wait};
use super::{imap, sequence};
use crate::base::Bindings;
use crate::outcome::FindingKind;
use crate::scenario::{Alternative, Answer, Expect, Line, Mark};

/// Holds what was heard against an answer. The first alternative that holds is taken; while one above it may still
/// hold, the decision is pending; if all fail, the failure of the first is reported.
pub fn decide(answer: &Answer, heard: &Heard<'_>, env: &Bindings) -> Decision {
    if let Some(line) = awaited(answer, heard) {
        return Decision::Pending(Wait::frame(), failure(line, heard, None, FindingKind::Silence));
    }
    let mut pending: Option<(Wait, Failure)> = None;
    let mut failed: Option<Failure> = None;
    let decide_alternative = rules(answer, heard);
    for (number, alternative) in answer.alternatives.iter().enumerate() {
        match decide_alternative(alternative, heard, env) {
            Decision::Holds(mut taken) => {
                taken.alternative = number;
                return pending.map_or(Decision::Holds(taken), |(wait, failure)| Decision::Pending(wait, failure));
            }
            Decision::Pending(wait, failure) => {
                let failure = failed.clone().unwrap_or(failure);
                pending = Some(match pending {
                    Some((before, first)) => (before.sooner(wait), first),
                    None => (wait, failure),
                });
            }
            Decision::Fails(failure) => failed = failed.or(Some(failure)),
        }
    }
    match (pending, failed) {
        (Some((wait, failure)), _) => Decision::Pending(wait, failure),
        (None, Some(failure)) => Decision::Fails(failure),
        (None, None) => Decision::Holds(Taken::default()),
    }
}

/// Whether [`decide`] says for certain that the next frame is to be waited for. This is told quickly, after every frame.
pub fn must_wait(answer: &Answer, heard: &Heard<'_>) -> bool {
    let nothing = heard.frames.is_empty() && heard.ending == Ending::Open;
    (nothing && begins_with_frame(answer)) || imap::awaits_tags(answer, heard)
}

/// Whether each alternative begins with a reply.
fn begins_with_frame(answer: &Answer) -> bool {
    let is_reply = |expect: &Expect| match expect {
        Expect::Smtp(pattern) => pattern.ends_reply(),
        Expect::Pop3(pattern) => pattern.is_status(),
        Expect::Imap(_) => true,
        Expect::Box(_) | Expect::Closed | Expect::Silence(_) | Expect::Open(_) | Expect::Tls | Expect::Codes(_) => {
            false
        }
    };
    answer.alternatives.iter().all(|alternative| {
        let first = alternative.lines.iter().find(|line| matches!(line.mark, Mark::Plain | Mark::Then));
        first.is_some_and(|line| !line.items.is_empty() && line.items.iter().all(|item| is_reply(&item.expect)))
    })
}

/// The answer once more, now that nothing will come any more: a pending alternative no longer hides one below it that
/// holds.
pub fn decide_at_deadline(answer: &Answer, heard: &Heard<'_>, env: &Bindings) -> Decision {
    let mut first: Option<Failure> = None;
    let decide_alternative = rules(answer, heard);
    for (number, alternative) in answer.alternatives.iter().enumerate() {
        match decide_alternative(alternative, heard, env) {
            Decision::Holds(taken) => return Decision::Holds(Taken { alternative: number, ..taken }),
            Decision::Pending(_, failure) | Decision::Fails(failure) => first = first.or(Some(failure)),
        }
    }
    first.map_or_else(|| Decision::Holds(Taken::default()), Decision::Fails)
}

type Rules = fn(&Alternative, &Heard<'_>, &Bindings) -> Decision;

/// The rules of the protocol in which an answer is written.
fn rules(answer: &Answer, heard: &Heard<'_>) -> Rules {
    if imap::is_imap(answer, heard) { imap::decide_alternative } else { sequence::decide_alternative }
}

/// In a flood of IMAP responses, a line that is awaited.
fn awaited<'a>(answer: &'a Answer, heard: &Heard<'_>) -> Option<&'a Line> {
    let may_wait = imap::is_imap(answer, heard) && imap::may_wait(answer, heard);
    answer.alternatives.first().and_then(|alternative| alternative.lines.last()).filter(|_| may_wait)
}
