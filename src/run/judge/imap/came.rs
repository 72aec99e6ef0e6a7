//! What came, sorted: responses, the answer to each tag, continuation requests.

use std::collections::BTreeSet;

use crate::imap::{self, Merged, Response, Status};
use crate::outcome::Frame;
use crate::run::judge::decision::{Ending, Extent, Heard};

/// What was heard, as the lines of an alternative look at it. Positions are indices of the frames.
pub(super) struct Came<'a> {
    pub(super) heard: &'a Heard<'a>,
    /// The tags to which tagged lines refer, in order.
    pub(super) tags: &'a [String],
    /// The position of the answer to each of `tags`.
    pub(super) answered: Vec<Option<usize>>,
    /// Positions of continuation requests.
    pub(super) requests: Vec<usize>,
    responses: Vec<(usize, &'a Response)>,
}

/// What a frame is, whether or not it parses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// `* BYE`.
    Bye,
    /// Any other untagged response.
    Untagged,
    /// A tagged response.
    Tagged,
    /// A continuation request.
    Request,
}

impl<'a> Came<'a> {
    pub(super) fn new(heard: &'a Heard<'a>) -> Self {
        let tags = match heard.extent {
            Extent::Tags(tags) | Extent::Free(tags) => tags,
            Extent::Replies(_) => &[],
        };
        let frames = || heard.frames.iter().enumerate();
        let answer = |tag: &String| frames().find(|(_, frame)| has_tag(frame, tag.as_bytes())).map(|(at, _)| at);
        Self {
            heard,
            tags,
            answered: tags.iter().map(answer).collect(),
            requests: frames().filter(|(_, frame)| sort(frame) == Sort::Request).map(|(at, _)| at).collect(),
            responses: frames().filter_map(|(at, frame)| Some((at, parsed(frame)?))).collect(),
        }
    }

    /// The response at a position; none if it does not parse.
    pub(super) fn response(&self, position: usize) -> Option<&'a Response> {
        self.heard.frames.get(position).and_then(parsed)
    }

    /// Whether nothing more is to be expected of the commands. A step without commands is never complete.
    pub(super) fn is_complete(&self) -> bool {
        matches!(self.heard.extent, Extent::Tags(_)) && self.answered.iter().all(Option::is_some)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.heard.ending == Ending::Closed
    }

    /// What patterns are compared with, of all that came before a position; sources are positions.
    pub(super) fn before(&self, limit: usize) -> Vec<Merged<'a>> {
        let (positions, responses): (Vec<usize>, Vec<&Response>) =
            self.responses.iter().filter(|(position, _)| *position < limit).copied().unzip();
        let mut merged = imap::merge(&responses);
        for one in &mut merged {
            one.sources = one.sources.iter().filter_map(|index| positions.get(*index)).copied().collect();
        }
        merged
    }

    /// The first frame after a position that is of one of these sorts.
    pub(super) fn first_after(&self, after: Option<usize>, wanted: impl Fn(usize, Sort) -> bool) -> Option<usize> {
        let start = after.map_or(0, |after| after + 1);
        let rest = self.heard.frames.iter().enumerate().skip(start);
        rest.map(|(position, frame)| (position, sort(frame))).find(|(at, sort)| wanted(*at, *sort)).map(|(at, _)| at)
    }

    /// The first tagged response that no tag of the step and no line has claimed.
    pub(super) fn stranger(&self, claimed: &BTreeSet<usize>) -> Option<usize> {
        let free = |at: usize| !claimed.contains(&at) && !self.answered.contains(&Some(at));
        self.first_after(None, |at, sort| sort == Sort::Tagged && free(at))
    }

    /// The first response with a tag, whatever it says.
    pub(super) fn tagged(&self, tag: &[u8]) -> Option<usize> {
        self.heard.frames.iter().position(|frame| has_tag(frame, tag))
    }

    /// The last `* BYE`, which says why a server closed.
    pub(super) fn bye(&self) -> Option<usize> {
        self.heard.frames.iter().rposition(|frame| sort(frame) == Sort::Bye)
    }
}

fn parsed(frame: &Frame) -> Option<&Response> {
    match frame {
        Frame::Imap(frame) => frame.parsed.as_ref().ok(),
        Frame::Smtp(_) | Frame::Pop3(_) => None,
    }
}

pub(super) fn has_tag(frame: &Frame, tag: &[u8]) -> bool {
    match frame {
        Frame::Imap(frame) => imap::has_tag(frame, tag),
        Frame::Smtp(_) | Frame::Pop3(_) => false,
    }
}

/// What a frame is.
pub(super) fn sort(frame: &Frame) -> Sort {
    match parsed(frame) {
        Some(Response::Continue { .. }) => Sort::Request,
        Some(Response::Status { tag: Some(_), .. }) => Sort::Tagged,
        Some(Response::Status { tag: None, status: Status::Bye, .. }) => Sort::Bye,
        Some(Response::Status { .. } | Response::Data { .. }) => Sort::Untagged,
        None => match frame.raw().first() {
            Some(b'+') => Sort::Request,
            Some(b'*') => Sort::Untagged,
            Some(_) | None => Sort::Tagged,
        },
    }
}
