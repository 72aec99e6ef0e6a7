//! What a judge gets and what it says.

use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;

use crate::base::{ByteString, Captures, RequirementId, Span};
use crate::outcome::{FindingKind, Frame};
use crate::scenario::End;

/// What was heard on one session for one step.
#[derive(Debug, Clone, Copy)]
pub struct Heard<'a> {
    /// Frames in the order they came, of all attempts of an `until` step. Continuation requests that the runner answered
    /// itself, with a literal or within `auth`, are not among them.
    pub frames: &'a [Frame],
    /// Whether the connection stands.
    pub ending: Ending,
    /// Time since the last octet, or since the step began.
    pub quiet: Duration,
    /// Time since the step began.
    pub elapsed: Duration,
    /// When the answer is complete.
    pub extent: Extent<'a>,
}

/// Whether the connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It stands.
    Open,
    /// The server closed it, by FIN or RST.
    Closed,
}

/// When an answer is complete. docs/suite-language.md, section 7, "Extent".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent<'a> {
    /// SMTP and POP3: when each of so many commands has its reply.
    Replies(usize),
    /// IMAP: when each command with one of these tags has its tagged response; in the order sent. Of an `until` step,
    /// the tags of the latest attempt.
    Tags(&'a [String]),
    /// `send`, or a step that only reads: as soon as its lines hold. The tags to which `OK`, `NO`, `BAD` refer, in
    /// order; none in SMTP and POP3.
    Free(&'a [String]),
}

/// What a judge says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// More is needed; if nothing comes, this is the failure.
    Pending(Wait, Failure),
    /// The answer holds.
    Holds(Taken),
    /// It cannot hold any more.
    Fails(Failure),
}

/// What is waited for besides the next frame.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wait {
    /// Decide again when it has been quiet for so long.
    pub quiet: Option<Duration>,
    /// Decide again when the step has lasted so long.
    pub elapsed: Option<Duration>,
}

/// How an answer holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// What its lines bound, in order.
    pub captures: Captures,
    /// Whether it ends the scenario, and the remark or pattern that says why.
    pub end: Option<(End, String)>,
    /// Requirements that its lines name with `@`.
    pub judged: BTreeSet<RequirementId>,
    /// Positions of the frames that its lines name: invariants do not report those.
    pub frames: BTreeSet<usize>,
    /// Zero-based number of the alternative that holds.
    pub alternative: usize,
}

/// Why an answer does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The line that does not hold.
    pub span: Span,
    /// The requirement that the line names itself.
    pub judges: Option<RequirementId>,
    /// What the line wants.
    pub expected: String,
    /// The frame that came instead, if one did.
    pub frame: Option<usize>,
    /// Octets that came instead.
    pub actual: ByteString,
    /// Where in `actual` the difference begins.
    pub caret: Option<Range<usize>>,
    /// The line's remark.
    pub remark: Option<String>,
    /// What kind of failure.
    pub kind: FindingKind,
}

impl Wait {
    /// Only the next frame.
    pub fn frame() -> Self {
        Self::default()
    }

    /// The sooner of two waits.
    pub fn sooner(self, other: Self) -> Self {
        let least = |a: Option<Duration>, b: Option<Duration>| match (a, b) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (one, None) | (None, one) => one,
        };
        Self { quiet: least(self.quiet, other.quiet), elapsed: least(self.elapsed, other.elapsed) }
    }
}

impl Taken {
    /// Adds what another part of the same answer bound, judged and took.
    pub fn absorb(&mut self, other: Self) {
        self.captures.extend(other.captures);
        self.judged.extend(other.judged);
        self.frames.extend(other.frames);
        self.end = other.end.or_else(|| self.end.take());
    }
}
