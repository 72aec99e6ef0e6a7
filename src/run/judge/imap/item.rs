//! One item of a line against what came.

use super::came::{Came, Sort};
use super::plan::Planned;
use super::walk::Walk;
use crate::base::{Bound, Captures, VarRef};
use crate::imap::{Merged, Pattern, Response, Status};
use crate::outcome::FindingKind;
use crate::run::judge::decision::{Decision, Taken, Wait};
use crate::run::judge::describe::failure;
use crate::scenario::{Expect, Item, Line, Mark};

impl Walk<'_> {
    /// Judges one item of the line at an index of the plan.
    pub(super) fn item(&self, index: usize, item: &Item) -> Decision {
        let Some(planned) = self.plan.get(index) else { return Decision::Holds(Taken::default()) };
        let heard = self.came.heard;
        match &item.expect {
            Expect::Imap(pattern) if pattern.has_own_tag() => self.own_tagged(planned, pattern),
            Expect::Imap(pattern) if pattern.is_tagged() => self.tagged(planned, pattern),
            Expect::Imap(pattern) if pattern.is_continuation() => self.request(planned, pattern),
            Expect::Imap(pattern) => self.untagged(index, planned, pattern),
            Expect::Closed => self.closed(planned.line),
            Expect::Silence(least) => match self.came.first_after(self.latest, |_, _| true) {
                Some(more) => self.fails(planned.line, Some(more), FindingKind::Mismatch),
                None if self.came.is_closed() => self.fails(planned.line, self.came.bye(), FindingKind::Close),
                None if heard.quiet >= *least => Decision::Holds(Taken::default()),
                None => self.waits(planned.line, Wait { quiet: Some(*least), elapsed: None }),
            },
            Expect::Open(least) if heard.elapsed >= *least => Decision::Holds(Taken::default()),
            Expect::Open(_) if self.came.is_closed() => self.fails(planned.line, self.came.bye(), FindingKind::Close),
            Expect::Open(least) => self.waits(planned.line, Wait { quiet: None, elapsed: Some(*least) }),
            Expect::Codes(name) => self.codes(planned.line, name),
            Expect::Smtp(_) | Expect::Pop3(_) | Expect::Box(_) | Expect::Tls => {
                self.fails(planned.line, None, FindingKind::Mismatch)
            }
        }
    }

    /// `OK`: the answer to one command of the step.
    fn tagged(&self, planned: &Planned<'_>, pattern: &Pattern) -> Decision {
        let index = planned.reply.unwrap_or_default();
        let answer = match self.came.answered.get(index) {
            Some(answer) => *answer,
            None => self.came.stranger(&self.claimed),
        };
        match (answer, self.surplus_request()) {
            (Some(position), None) => self.fit(planned.line, pattern, position),
            (Some(position), Some(request)) if position < request => self.fit(planned.line, pattern, position),
            (_, Some(request)) => self.fails(planned.line, Some(request), FindingKind::Mismatch),
            (None, None) => self.lacks(planned.line),
        }
    }

    /// `evil OK`: a response with just this tag.
    fn own_tagged(&self, planned: &Planned<'_>, pattern: &Pattern) -> Decision {
        match pattern.own_tag(&self.env).and_then(|tag| self.came.tagged(&tag)) {
            Some(position) => self.fit(planned.line, pattern, position),
            None => self.lacks(planned.line),
        }
    }

    /// `+`: the next continuation request.
    fn request(&self, planned: &Planned<'_>, pattern: &Pattern) -> Decision {
        let next = self.came.requests.iter().find(|position| !self.claimed.contains(position));
        let answer = planned.reply.and_then(|index| self.came.answered.get(index)).copied().flatten();
        match (next, answer) {
            (Some(position), _) => self.fit(planned.line, pattern, *position),
            (None, Some(answer)) => self.fails(planned.line, Some(answer), FindingKind::Mismatch),
            (None, None) => self.lacks(planned.line),
        }
    }

    /// A continuation request for which the alternative has no line.
    fn surplus_request(&self) -> Option<usize> {
        let lines = self.plan.iter().filter(|planned| planned.line.items.iter().any(super::plan::is_request)).count();
        let free = self.came.requests.iter().filter(|position| !self.claimed.contains(position));
        let taken = self.came.requests.len() - free.clone().count();
        free.copied().nth(lines.saturating_sub(taken))
    }

    /// A response at a known place.
    fn fit(&self, line: &Line, pattern: &Pattern, position: usize) -> Decision {
        let Some(response) = self.came.response(position) else {
            return self.fails(line, Some(position), FindingKind::Mismatch);
        };
        match pattern.matches(response, &self.env) {
            Ok(captures) if self.is_in_order(line, position) => holds(captures, &[position]),
            Ok(_) => self.fails(line, Some(position), FindingKind::Mismatch),
            Err(mismatch) => {
                let mut failure = failure(line, self.came.heard, Some(position), FindingKind::Mismatch);
                failure.caret = mismatch.at;
                Decision::Fails(failure)
            }
        }
    }

    /// `then`: whether the response began after the one to the line above was complete.
    fn is_in_order(&self, line: &Line, first: usize) -> bool {
        line.mark != Mark::Then || self.above.is_none_or(|above| first > above)
    }

    /// An untagged response: the first that fits and is not taken, else one that is.
    fn untagged(&self, index: usize, planned: &Planned<'_>, pattern: &Pattern) -> Decision {
        let line = planned.line;
        let limit = self.limit(index);
        let candidates = self.came.before(limit.unwrap_or(usize::MAX));
        let ordered = |merged: &&Merged<'_>| merged.sources.first().is_some_and(|first| self.is_in_order(line, *first));
        let taken = |merged: &Merged<'_>| merged.sources.iter().any(|position| self.claimed.contains(position));
        let (old, fresh): (Vec<&Merged<'_>>, Vec<&Merged<'_>>) =
            candidates.iter().filter(ordered).partition(|one| taken(one));
        let again = old.into_iter().filter(|_| !pattern.is_expunge());
        for merged in fresh.into_iter().chain(again) {
            if let Some(captures) = pattern.fits(&merged.response, &self.env) {
                return holds(captures, &merged.sources);
            }
        }
        let nearest = self.nearest(pattern, &candidates);
        let over = limit.or_else(|| self.came.answered.iter().flatten().max().copied().filter(|_| self.is_over()));
        match over {
            Some(end) => self.unmet(line, pattern, nearest, Some(end), FindingKind::Mismatch),
            None if self.came.is_closed() => self.unmet(line, pattern, nearest, self.came.bye(), FindingKind::Close),
            None => match self.unmet(line, pattern, nearest, None, FindingKind::Silence) {
                Decision::Fails(failure) => Decision::Pending(Wait::frame(), failure),
                other @ (Decision::Holds(_) | Decision::Pending(..)) => other,
            },
        }
    }

    /// Where the tagged response stands before which the untagged line at an index must be seen: that of the line itself,
    /// if one of its items is tagged, or of the nearest tagged line below. None if it has not come, or there is no such line.
    fn limit(&self, index: usize) -> Option<usize> {
        for planned in self.plan.iter().skip(index) {
            for item in &planned.line.items {
                let Expect::Imap(pattern) = &item.expect else { continue };
                if pattern.has_own_tag() {
                    return pattern.own_tag(&self.env).and_then(|tag| self.came.tagged(&tag));
                }
                if pattern.is_tagged() {
                    return self.came.answered.get(planned.reply?).copied().flatten();
                }
            }
        }
        None
    }

    /// Whether untagged lines below the last tagged line have nothing to wait for.
    fn is_over(&self) -> bool {
        let any = |wanted: fn(&Item) -> bool| self.plan.iter().any(|planned| planned.line.items.iter().any(wanted));
        let lasting = any(|item| matches!(item.expect, Expect::Open(_) | Expect::Silence(_)));
        let parting = any(|item| matches!(item.expect, Expect::Closed)) && any(super::plan::is_tagged);
        self.came.is_complete() && !lasting && !parting
    }

    /// The response that comes nearest to a pattern, with its last source.
    fn nearest<'m>(&self, pattern: &Pattern, candidates: &'m [Merged<'m>]) -> Option<&'m Merged<'m>> {
        let mut best: Option<(usize, &Merged<'_>)> = None;
        for merged in candidates {
            let near = pattern.nearness(&merged.response, &self.env);
            if let Some(near) = near.filter(|near| best.is_none_or(|(before, _)| *near > before)) {
                best = Some((near, merged));
            }
        }
        best.map(|(_, merged)| merged)
    }

    /// The failure of an untagged line: it shows the nearest response, or else what came at the end.
    fn unmet(
        &self,
        line: &Line,
        pattern: &Pattern,
        nearest: Option<&Merged<'_>>,
        end: Option<usize>,
        kind: FindingKind,
    ) -> Decision {
        let position = nearest.and_then(|merged| merged.sources.last()).copied().or(end);
        let mut failure = failure(line, self.came.heard, position, kind);
        let mismatch = nearest.and_then(|merged| pattern.matches(&merged.response, &self.env).err());
        if let Some(mismatch) = mismatch {
            failure.caret = mismatch.at;
            if let [_] = line.items.as_slice() {
                failure.expected = mismatch.expected;
            }
        }
        Decision::Fails(failure)
    }

    /// The server closes and says nothing more. Untagged data before the end is as legal as anywhere, but not after BYE.
    fn closed(&self, line: &Line) -> Decision {
        let own = |at: usize| self.came.tags.is_empty() || self.came.answered.contains(&Some(at));
        let bye = self.came.first_after(None, |_, sort| sort == Sort::Bye);
        let more = self.came.first_after(self.latest, |at, sort| match sort {
            Sort::Bye => false,
            Sort::Untagged => bye.is_some_and(|bye| bye < at),
            Sort::Request => true,
            Sort::Tagged => own(at),
        });
        match more {
            Some(more) => self.fails(line, Some(more), FindingKind::Mismatch),
            None if self.came.is_closed() => Decision::Holds(Taken::default()),
            None => self.waits(line, Wait::frame()),
        }
    }

    /// `${codes}` alone: the status word for each command of the step.
    fn codes(&self, line: &Line, name: &VarRef) -> Decision {
        let mut words = Vec::new();
        let mut requests = self.came.requests.iter().filter(|at| !self.claimed.contains(at));
        for answer in &self.came.answered {
            match answer {
                Some(position) => words.push(word(self.came, *position).to_owned()),
                None if requests.next().is_some() => words.push("+".to_owned()),
                None if self.came.is_closed() => {
                    words.push("closed".to_owned());
                    break;
                }
                None => return self.waits(line, Wait::frame()),
            }
        }
        let value = Bound::Codes(words);
        match self.env.get(name) {
            Ok(before) if before == value => Decision::Holds(Taken::default()),
            Ok(before) => {
                let position = self.came.answered.iter().flatten().next().copied();
                let mut failure = failure(line, self.came.heard, position, FindingKind::Mismatch);
                failure.expected = format!("{name} = {}", before.to_octets());
                failure.actual = value.to_octets();
                Decision::Fails(failure)
            }
            Err(_) => holds(vec![(name.clone(), value)], &[]),
        }
    }

    fn fails(&self, line: &Line, position: Option<usize>, kind: FindingKind) -> Decision {
        Decision::Fails(failure(line, self.came.heard, position, kind))
    }

    fn waits(&self, line: &Line, wait: Wait) -> Decision {
        Decision::Pending(wait, failure(line, self.came.heard, None, FindingKind::Silence))
    }

    /// Nothing came that could answer this line.
    fn lacks(&self, line: &Line) -> Decision {
        if self.came.is_closed() {
            return self.fails(line, self.came.bye(), FindingKind::Close);
        }
        self.waits(line, Wait::frame())
    }
}

fn holds(captures: Captures, positions: &[usize]) -> Decision {
    Decision::Holds(Taken { captures, frames: positions.iter().copied().collect(), ..Taken::default() })
}

fn word(came: &Came<'_>, position: usize) -> &'static str {
    match came.response(position) {
        Some(Response::Status { status: Status::Ok, .. }) => "OK",
        Some(Response::Status { status: Status::No, .. }) => "NO",
        Some(Response::Status { status: Status::Bad, .. }) => "BAD",
        Some(
            Response::Status { status: Status::Bye | Status::Preauth, .. }
            | Response::Continue { .. }
            | Response::Data { .. },
        )
        | None => "malformed",
    }
}
