//! SMTP and POP3: one reply per command, in order. docs/suite-language.md sections 7.1 and 7.2.

use super::decision::{Decision, Ending, Extent, Failure, Heard, Taken, Wait};
use crate::base::{Bindings, Bound, ByteString, Captures, Mismatch};
use crate::outcome::{FindingKind, Frame};
use crate::pop3::{self, Place};
use crate::scenario::{Alternative, Expect, Item, Line, Mark};
use crate::smtp::Reply;

/// Lines that one reply answers, or one event such as `closed`.
struct Unit<'a> {
    /// The line whose items are tried in order: the reply's last line, a status line, an event.
    head: &'a Line,
    /// SMTP: keyword lines of the same reply. POP3: lines of the body.
    rest: Vec<&'a Line>,
}

/// Holds one alternative against what was heard.
pub(super) fn decide_alternative(alternative: &Alternative, heard: &Heard<'_>, env: &Bindings) -> Decision {
    let mut env = env.clone();
    let mut taken = Taken::default();
    let mut cursor = 0;
    for unit in units(&alternative.lines) {
        match decide_unit(&unit, heard, &mut cursor, &env) {
            Decision::Holds(part) => {
                for (name, value) in &part.captures {
                    env.bind(name.as_str(), value.clone());
                }
                let ends = part.end.is_some();
                taken.absorb(part);
                if ends {
                    break;
                }
            }
            other @ (Decision::Pending(..) | Decision::Fails(_)) => {
                return forbidden(alternative, heard, heard.frames.len(), &env).map_or(other, Decision::Fails);
            }
        }
    }
    if let Some(failure) = forbidden(alternative, heard, heard.frames.len(), &env) {
        return Decision::Fails(failure);
    }
    let not_lines = alternative.lines.iter().filter(|line| line.mark == Mark::Not);
    taken.judged.extend(not_lines.filter_map(|line| line.judges.clone()));
    taken.end = taken.end.or_else(|| alternative.end.map(|end| (end, describe_all(&alternative.lines))));
    Decision::Holds(taken)
}

/// Groups the positive lines; `!` lines are judged by [`forbidden`].
fn units(lines: &[Line]) -> Vec<Unit<'_>> {
    let mut units: Vec<Unit<'_>> = Vec::new();
    let mut keywords: Vec<&Line> = Vec::new();
    for line in lines.iter().filter(|line| line.mark != Mark::Not) {
        let keyword = line.items.iter().all(|item| matches!(&item.expect, Expect::Smtp(p) if !p.ends_reply()));
        let body = line.items.iter().all(|item| matches!(&item.expect, Expect::Pop3(p) if !p.is_status()))
            || (matches!(line.items.as_slice(), [Item { expect: Expect::Codes(_), .. }]) && open_body(units.last()));
        match units.last_mut() {
            Some(unit) if body => unit.rest.push(line),
            Some(_) | None if keyword => keywords.push(line),
            Some(_) | None => units.push(Unit { head: line, rest: std::mem::take(&mut keywords) }),
        }
    }
    units
}

/// Whether the last unit is a POP3 answer whose `.` has not come yet: then `${whole}` alone is the body.
fn open_body(unit: Option<&Unit<'_>>) -> bool {
    let is_pop3 = |line: &Line| line.items.iter().any(|item| matches!(&item.expect, Expect::Pop3(_)));
    unit.is_some_and(|unit| is_pop3(unit.head) && unit.rest.last().is_some_and(|last| !ends_body(last)))
}

fn ends_body(line: &Line) -> bool {
    line.items.iter().any(|item| matches!(&item.expect, Expect::Pop3(pattern) if pattern.ends_body()))
}

fn decide_unit(unit: &Unit<'_>, heard: &Heard<'_>, cursor: &mut usize, env: &Bindings) -> Decision {
    let mut wait: Option<Wait> = None;
    let mut failure: Option<Failure> = None;
    for item in &unit.head.items {
        match decide_item(unit, item, heard, cursor, env) {
            Tried::Holds(mut taken) => {
                taken.judged.extend(unit.head.judges.clone());
                // Lines of a body say nothing of an answer without one.
                if has_lines(&taken, heard) {
                    taken.judged.extend(unit.rest.iter().filter_map(|line| line.judges.clone()));
                }
                taken.end = item.end.map(|end| (end, describe(unit.head)));
                return Decision::Holds(taken);
            }
            Tried::Pending(more) => wait = Some(wait.map_or(more, |before| before.sooner(more))),
            Tried::Fails(why) => failure = better(failure, why),
        }
    }
    let silent = || failure_of(unit.head, heard, None, FindingKind::Silence);
    match wait {
        Some(wait) => Decision::Pending(wait, failure.unwrap_or_else(silent)),
        None => Decision::Fails(failure.unwrap_or_else(silent)),
    }
}

/// Whether the reply that was taken is one whose further lines were looked at: any but a POP3 response without body.
fn has_lines(taken: &Taken, heard: &Heard<'_>) -> bool {
    let bare = |frame: &Frame| match frame {
        Frame::Pop3(frame) => frame.parsed.as_ref().is_ok_and(|reply| reply.body.is_none()),
        Frame::Smtp(_) | Frame::Imap(_) => false,
    };
    !taken.frames.iter().filter_map(|position| heard.frames.get(*position)).any(bare)
}

/// A mismatch of a later line tells more than that the first line did not fit.
fn better(before: Option<Failure>, now: Failure) -> Option<Failure> {
    match before {
        Some(before) if before.span.start >= now.span.start => Some(before),
        Some(_) | None => Some(now),
    }
}

enum Tried {
    Holds(Taken),
    Pending(Wait),
    Fails(Failure),
}

fn decide_item(unit: &Unit<'_>, item: &Item, heard: &Heard<'_>, cursor: &mut usize, env: &Bindings) -> Tried {
    let closed = heard.ending == Ending::Closed;
    let next = heard.frames.get(*cursor);
    let fails = |frame: Option<usize>, kind| Tried::Fails(failure_of(unit.head, heard, frame, kind));
    match &item.expect {
        Expect::Smtp(_) | Expect::Pop3(_) => match next {
            Some(frame) => decide_reply(unit, item, frame, heard, cursor, env),
            None if closed => fails(None, FindingKind::Close),
            None => Tried::Pending(Wait::frame()),
        },
        Expect::Closed => match next {
            Some(_) => fails(Some(*cursor), FindingKind::Mismatch),
            None if closed => Tried::Holds(Taken::default()),
            None => Tried::Pending(Wait::frame()),
        },
        Expect::Silence(least) => match next {
            Some(_) => fails(Some(*cursor), FindingKind::Mismatch),
            None if closed => fails(None, FindingKind::Close),
            None if heard.quiet >= *least => Tried::Holds(Taken::default()),
            None => Tried::Pending(Wait { quiet: Some(*least), elapsed: None }),
        },
        Expect::Open(least) if closed && heard.elapsed < *least => fails(None, FindingKind::Close),
        Expect::Open(least) if heard.elapsed >= *least => {
            *cursor = heard.frames.len();
            Tried::Holds(Taken::default())
        }
        Expect::Open(least) => Tried::Pending(Wait { quiet: None, elapsed: Some(*least) }),
        Expect::Codes(name) => decide_codes(unit.head, name, heard, cursor, env),
        Expect::Imap(_) | Expect::Box(_) | Expect::Tls => fails(None, FindingKind::Mismatch),
    }
}

fn decide_reply(
    unit: &Unit<'_>,
    item: &Item,
    frame: &Frame,
    heard: &Heard<'_>,
    cursor: &mut usize,
    env: &Bindings,
) -> Tried {
    let position = *cursor;
    let matched = match (&item.expect, frame) {
        (Expect::Smtp(pattern), Frame::Smtp(frame)) => match &frame.parsed {
            Ok(reply) => pattern
                .matches(reply, env)
                .map_err(|mismatch| (unit.head, mismatch))
                .and_then(|captures| keyword_lines(&unit.rest, reply, env, captures)),
            Err(_) => Err((unit.head, unreadable(unit.head))),
        },
        (Expect::Pop3(pattern), Frame::Pop3(frame)) => match &frame.parsed {
            Ok(reply) => pattern
                .matches_status(reply, env)
                .map_err(|mismatch| (unit.head, mismatch))
                .and_then(|captures| body_lines(&unit.rest, reply, env, captures)),
            Err(_) => Err((unit.head, unreadable(unit.head))),
        },
        (_, Frame::Smtp(_) | Frame::Pop3(_) | Frame::Imap(_)) => Err((unit.head, unreadable(unit.head))),
    };
    match matched {
        Ok(captures) => {
            *cursor += 1;
            Tried::Holds(Taken { captures, frames: [position].into(), ..Taken::default() })
        }
        Err((line, mismatch)) => {
            let mut failure = failure_of(line, heard, Some(position), FindingKind::Mismatch);
            failure.caret = mismatch.at;
            Tried::Fails(failure)
        }
    }
}

fn unreadable(line: &Line) -> Mismatch {
    Mismatch { expected: describe(line), at: None, actual: ByteString::default() }
}

/// EHLO keyword lines: each must be met by some line of the reply.
fn keyword_lines<'a>(
    lines: &[&'a Line],
    reply: &Reply,
    env: &Bindings,
    mut captures: Captures,
) -> Result<Captures, (&'a Line, Mismatch)> {
    for line in lines {
        let mut first: Option<Mismatch> = None;
        let mut met = false;
        for item in &line.items {
            let Expect::Smtp(pattern) = &item.expect else { continue };
            match pattern.matches(reply, env) {
                Ok(more) => {
                    captures.extend(more);
                    met = true;
                    break;
                }
                Err(mismatch) => first = first.or(Some(mismatch)),
            }
        }
        if !met {
            return Err((line, first.unwrap_or_else(|| unreadable(line))));
        }
    }
    Ok(captures)
}

/// Lines of a multi-line POP3 body. A `-ERR` has none, and its unit's body lines do not apply.
fn body_lines<'a>(
    lines: &[&'a Line],
    reply: &pop3::Reply,
    env: &Bindings,
    mut captures: Captures,
) -> Result<Captures, (&'a Line, Mismatch)> {
    let Some(body) = reply.body.as_ref() else {
        return match lines.first() {
            Some(line) if reply.status == pop3::Status::Ok => Err((line, unreadable(line))),
            Some(_) | None => Ok(captures),
        };
    };
    let patterns: Vec<&pop3::Pattern> = lines.iter().filter_map(|line| pop3_pattern(line)).collect();
    let place = patterns.iter().find_map(|pattern| pattern.body_place()).unwrap_or(Place::Text);
    match pop3::match_body(&patterns, place, body, env) {
        Ok(more) => {
            captures.extend(more);
            Ok(captures)
        }
        Err((index, mismatch)) => match lines.get(index).or_else(|| lines.last()) {
            Some(line) => Err((line, mismatch)),
            None => Ok(captures),
        },
    }
}

fn pop3_pattern(line: &Line) -> Option<&pop3::Pattern> {
    line.items.iter().find_map(|item| item.expect.pop3())
}

/// `${codes}` alone: the codes of all replies of the step.
fn decide_codes(
    line: &Line,
    name: &crate::base::VarRef,
    heard: &Heard<'_>,
    cursor: &mut usize,
    env: &Bindings,
) -> Tried {
    let awaited = match heard.extent {
        Extent::Replies(count) => count,
        Extent::Tags(_) | Extent::Free(_) => 1,
    };
    let rest = heard.frames.get(*cursor..).unwrap_or_default();
    if rest.len() < awaited && heard.ending == Ending::Open {
        return Tried::Pending(Wait::frame());
    }
    let mut codes: Vec<String> = rest.iter().take(awaited).map(word).collect();
    if rest.len() < awaited {
        codes.push("closed".to_owned());
    }
    let value = Bound::Codes(codes);
    let position = *cursor;
    *cursor += awaited.min(rest.len());
    match env.get(name) {
        Ok(before) if before != value => {
            let mut failure = failure_of(line, heard, Some(position), FindingKind::Mismatch);
            failure.expected = format!("{} = {}", name, before.to_octets());
            Tried::Fails(failure)
        }
        Ok(_) => Tried::Holds(Taken::default()),
        Err(_) => Tried::Holds(Taken { captures: vec![(name.clone(), value)], ..Taken::default() }),
    }
}

/// The code or status word of a frame.
fn word(frame: &Frame) -> String {
    match frame {
        Frame::Smtp(frame) => frame.parsed.as_ref().map_or_else(|_| "malformed".to_owned(), |r| r.code.to_string()),
        Frame::Pop3(frame) => frame.parsed.as_ref().map_or_else(
            |_| "malformed".to_owned(),
            |reply| match (reply.status, &reply.code) {
                (pop3::Status::Ok, _) => "+OK".to_owned(),
                (pop3::Status::Err, Some(code)) => format!("-ERR [{code}]"),
                (pop3::Status::Err, None) => "-ERR".to_owned(),
                (pop3::Status::Continue, _) => "+".to_owned(),
            },
        ),
        Frame::Imap(_) => "malformed".to_owned(),
    }
}

/// The first `!` line that something in the answer matches.
fn forbidden(alternative: &Alternative, heard: &Heard<'_>, until: usize, env: &Bindings) -> Option<Failure> {
    for line in alternative.lines.iter().filter(|line| line.mark == Mark::Not) {
        for (position, frame) in heard.frames.iter().take(until).enumerate() {
            if let Some(item) = line.items.iter().find(|item| fits(&item.expect, frame, env)) {
                let mut failure = failure_of(line, heard, Some(position), FindingKind::Mismatch);
                failure.caret = offender(&item.expect, frame, env).map(|at| at..at + 1);
                failure.expected = format!("nothing like `{}`", describe(line));
                return Some(failure);
            }
        }
    }
    None
}

fn fits(expect: &Expect, frame: &Frame, env: &Bindings) -> bool {
    match (expect, frame) {
        (Expect::Smtp(pattern), Frame::Smtp(frame)) => {
            frame.parsed.as_ref().is_ok_and(|reply| pattern.matches(reply, env).is_ok())
        }
        (Expect::Pop3(pattern), Frame::Pop3(frame)) => frame.parsed.as_ref().is_ok_and(|reply| {
            if pattern.is_status() {
                pattern.matches_status(reply, env).is_ok()
            } else {
                reply.body.iter().flatten().any(|line| pattern.matches_line(line, env).is_ok())
            }
        }),
        (_, Frame::Smtp(_) | Frame::Pop3(_) | Frame::Imap(_)) => false,
    }
}

/// Where the line of a frame begins that such an item fits.
fn offender(expect: &Expect, frame: &Frame, env: &Bindings) -> Option<usize> {
    let line = match (expect, frame) {
        (Expect::Smtp(pattern), Frame::Smtp(frame)) => {
            let reply = frame.parsed.as_ref().ok()?;
            let first = reply.lines.first()?;
            // The first line of an EHLO reply is no keyword.
            let alone = |line: &ByteString| Reply { lines: vec![first.clone(), line.clone()], ..reply.clone() };
            reply.lines.iter().skip(1).position(|line| pattern.matches(&alone(line), env).is_ok()).map(|at| at + 1)
        }
        (Expect::Pop3(pattern), Frame::Pop3(frame)) => {
            let mut body = frame.parsed.as_ref().ok()?.body.iter().flatten();
            body.position(|line| !pattern.is_status() && pattern.matches_line(line, env).is_ok()).map(|at| at + 1)
        }
        (_, Frame::Smtp(_) | Frame::Pop3(_) | Frame::Imap(_)) => None,
    };
    let before = frame.raw().split_inclusive(|octet| *octet == b'\n').take(line.unwrap_or_default());
    Some(before.map(<[u8]>::len).sum())
}

/// A failure of `line`, with what came instead.
fn failure_of(line: &Line, heard: &Heard<'_>, frame: Option<usize>, kind: FindingKind) -> Failure {
    super::describe::failure(line, heard, frame, kind)
}

fn describe(line: &Line) -> String {
    super::describe(line)
}

fn describe_all(lines: &[Line]) -> String {
    lines.iter().map(describe).collect::<Vec<_>>().join(", ")
}
