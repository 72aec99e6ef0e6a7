//! Waiting for an answer: frames are read until the judge has decided or the deadline passes.

use std::time::Duration;

use tokio::time::Instant;

use super::live::{Came, Live};
use super::watch::{Watch, is_grammar};
use crate::base::{Bindings, Breach};
use crate::outcome::{Frame, StepRef};
use crate::run::judge::{Decision, Ending, Extent, Failure, Heard, Taken, Wait, decide, decide_at_deadline, must_wait};
use crate::scenario::{Answer, Expect};

/// Frames of one answer at most, whatever their octets. Each takes memory and time of its own.
const FRAMES_MAX: usize = 10_000;

/// What was heard for one step; with `until`, over all its attempts.
#[derive(Debug)]
pub(super) struct Hearing {
    pub(super) frames: Vec<Frame>,
    /// What frames break, by their position.
    breaches: Vec<(usize, Breach)>,
    /// What a close breaks.
    on_close: Vec<Breach>,
    pub(super) ending: Ending,
    /// Why nothing more can be read.
    pub(super) unreadable: Option<String>,
    /// The server did not go on in time, so that the rest of the command was not sent: whatever comes now is too late.
    pub(super) overdue: bool,
    /// The shape in which the server said in an earlier step that it will close.
    pub(super) parting: Option<String>,
    /// Octets of all frames.
    octets: usize,
    /// How many they may be.
    limit: usize,
    start: Instant,
    last: Instant,
}

/// When an answer is complete, with the tags that it needs.
#[derive(Debug, Clone)]
pub(super) enum Awaited {
    Replies(usize),
    Tags(Vec<String>),
    Free(Vec<String>),
}

impl Awaited {
    fn extent(&self) -> Extent<'_> {
        match self {
            Self::Replies(count) => Extent::Replies(*count),
            Self::Tags(tags) => Extent::Tags(tags),
            Self::Free(tags) => Extent::Free(tags),
        }
    }
}

impl Hearing {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        Self {
            frames: Vec::new(),
            breaches: Vec::new(),
            on_close: Vec::new(),
            ending: Ending::Open,
            unreadable: None,
            overdue: false,
            parting: None,
            octets: 0,
            limit: crate::run::BUFFER_MAX_OCTETS,
            start: now,
            last: now,
        }
    }

    /// Time counts from here: what was asked has been sent.
    pub(super) fn restart(&mut self) {
        self.start = Instant::now();
        self.last = self.start;
    }

    /// Sets how many octets one answer may have.
    pub(super) fn set_limit(&mut self, octets: usize) {
        self.limit = octets;
    }

    /// A further attempt of the same step, on a connection that stands.
    pub(super) fn again(&mut self) {
        self.ending = Ending::Open;
        self.unreadable = None;
        self.overdue = false;
        self.restart();
    }

    /// Forgets the frames of earlier attempts.
    pub(super) fn forget(&mut self, watch: &mut Watch, at: &StepRef) {
        self.report(watch, at, &Taken::default());
        self.frames.clear();
        self.octets = 0;
    }

    /// Takes what came. Tells whether it was a frame.
    pub(super) fn take(&mut self, came: Came) -> bool {
        match came {
            Came::Frame(frame, breaches) => {
                self.breaches.extend(breaches.into_iter().map(|breach| (self.frames.len(), breach)));
                self.octets = self.octets.saturating_add(frame.raw().len());
                self.frames.push(frame);
                self.last = Instant::now();
                if self.octets <= self.limit && self.frames.len() <= FRAMES_MAX {
                    return true;
                }
                self.ending = Ending::Closed;
                self.unreadable = Some("an answer beyond every bound".to_owned());
            }
            Came::Ended(breaches) => {
                self.on_close.extend(breaches);
                self.ending = Ending::Closed;
            }
            Came::Nothing => {}
            Came::Unreadable(what) => {
                self.ending = Ending::Closed;
                self.unreadable = Some(what);
            }
        }
        false
    }

    /// Takes a frame whose breaches were told already.
    pub(super) fn take_told(&mut self, frame: Frame) {
        self.take(Came::Frame(frame, Vec::new()));
    }

    /// Reads until the judge has decided.
    pub(super) async fn listen(
        &mut self,
        live: &mut Live,
        watch: &mut Watch,
        answer: &Answer,
        awaited: &Awaited,
        within: Duration,
        env: &Bindings,
    ) -> Result<Taken, Failure> {
        let deadline = self.start + within + longest(answer);
        loop {
            let now = Instant::now();
            let heard = self.heard(awaited, now);
            let wait = if must_wait(answer, &heard) {
                Wait::frame()
            } else {
                match decide(answer, &heard, env) {
                    Decision::Holds(taken) => return Ok(taken),
                    Decision::Fails(failure) => return Err(failure),
                    Decision::Pending(wait, _) => wait,
                }
            };
            let quiet = wait.quiet.map(|quiet| self.last + quiet);
            let elapsed = wait.elapsed.map(|elapsed| self.start + elapsed);
            let wake = [Some(deadline), quiet, elapsed].into_iter().flatten().min().unwrap_or(deadline);
            let over = self.overdue || self.ending == Ending::Closed;
            // Also after the deadline what is there already is read: this program may have been the slow one.
            let more = !over && self.took(live.next(watch, wake).await);
            if over || (now >= deadline && !more) {
                return match decide_at_deadline(answer, &self.heard(awaited, now), env) {
                    Decision::Holds(taken) => Ok(taken),
                    Decision::Pending(_, failure) | Decision::Fails(failure) => Err(failure),
                };
            }
        }
    }

    /// Takes what came. Tells whether anything did.
    fn took(&mut self, came: Came) -> bool {
        let nothing = matches!(came, Came::Nothing);
        self.take(came);
        !nothing
    }

    fn heard<'h>(&'h self, awaited: &'h Awaited, now: Instant) -> Heard<'h> {
        Heard {
            frames: &self.frames,
            ending: self.ending,
            quiet: now.saturating_duration_since(self.last),
            elapsed: now.saturating_duration_since(self.start),
            extent: awaited.extent(),
        }
    }

    /// What the frames break becomes findings, except contradictions in frames that a line names itself.
    pub(super) fn report(&mut self, watch: &mut Watch, at: &StepRef, taken: &Taken) {
        for (position, breach) in std::mem::take(&mut self.breaches) {
            let named = taken.frames.contains(&position);
            if !named || is_grammar(&breach) || watch.judges(&breach.requirement) {
                watch.accuse(at, &breach, self.frames.get(position));
            }
        }
    }

    /// What the close breaks becomes findings: nobody named it.
    pub(super) fn report_close(&mut self, watch: &mut Watch, at: &StepRef) {
        for breach in std::mem::take(&mut self.on_close) {
            watch.accuse(at, &breach, None);
        }
    }
}

/// The longest `silence` or `open` of an answer, which a deadline must not cut.
fn longest(answer: &Answer) -> Duration {
    answer.items().filter_map(|item| item.expect.lasts()).max().unwrap_or_default()
}

/// Whether an answer names the close of the connection.
pub(super) fn names_close(answer: &Answer) -> bool {
    answer.items().any(|item| matches!(item.expect, Expect::Closed))
}
