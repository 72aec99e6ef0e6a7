//! Where answers are changed, and what is remembered for that. docs/decisions/0013-tampering.md.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::framer::Framer;
use super::judge::Taken;
use super::session::Seen;
use crate::base::{Bindings, ByteString};
use crate::outcome::{Frame, Part, StepRef};
use crate::scenario::{Answer, End, Protocol};
use crate::tamper::{Change, Heard, Looks, Then, changes, rendered};

/// What happens to the frames of one attempt, and to messages in the sink, on their way to the judge. By default nothing, and nothing is
/// remembered. A clone is the same.
#[derive(Debug, Clone, Default)]
pub struct Tamper(Option<Arc<Mutex<State>>>);

/// Which frame of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The name of the session that hears it.
    pub session: String,
    /// Zero-based number of its connection, of those that this session opened. Sessions of the runner's own count for
    /// themselves: whether they are opened or kept from an earlier scenario must not matter. Of a sink zero.
    pub connection: usize,
    /// Zero-based number of its frame; of a sink that of the message, from the beginning of the scenario.
    pub frame: usize,
}

/// Which frame is changed, and how.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The frame.
    pub place: Place,
    /// The name of the change: [`Change::what`].
    pub what: String,
    /// What the step that hears it looks at.
    pub looks: Looks,
    /// The answer that is sent again in its place, if the change needs one.
    pub earlier: Option<Place>,
    /// Whose forbidden lines are sent, with the values that this run has.
    pub forbids: Option<Answer>,
}

/// One frame as a step heard it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Where it was heard.
    pub place: Place,
    /// What it is.
    pub heard: Heard,
    /// The step that heard it.
    pub at: StepRef,
    /// Its octets.
    pub raw: ByteString,
    /// Whether a line of the step names it.
    pub named: bool,
    /// The values that the step began with.
    pub env: Arc<Bindings>,
}

/// How an answer held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Zero-based number of the alternative that was taken.
    pub alternative: usize,
    /// The word that ended the scenario, and why.
    pub end: Option<(End, String)>,
}

/// What an attempt left behind.
#[derive(Debug, Clone, Default)]
pub struct Observed {
    /// The frames in the order in which they were heard.
    pub frames: Vec<Recorded>,
    /// How the answers of steps held.
    pub ways: BTreeMap<StepRef, Way>,
    /// What was sent in place of the frame of the plan; none if it never came, or could not be changed so.
    pub sent: Option<(ByteString, Change)>,
}

#[derive(Debug)]
struct State {
    plan: Option<Plan>,
    at: StepRef,
    env: Arc<Bindings>,
    /// How many each session has opened.
    connections: BTreeMap<String, usize>,
    observed: Observed,
}

impl Tamper {
    /// Changes nothing and remembers all frames.
    pub fn watching() -> Self {
        Self::with(None)
    }

    /// Changes one frame.
    pub fn changing(plan: Plan) -> Self {
        Self::with(Some(plan))
    }

    fn with(plan: Option<Plan>) -> Self {
        let at = StepRef { part: Part::Setup, number: 0 };
        let state =
            State { plan, at, env: Arc::default(), connections: BTreeMap::new(), observed: Observed::default() };
        Self(Some(Arc::new(Mutex::new(state))))
    }

    /// What the attempt left behind. Nothing where nothing is remembered.
    pub fn observed(&self) -> Observed {
        self.state().map(|state| state.observed.clone()).unwrap_or_default()
    }

    /// A connection is opened: where its octets pass. None in ordinary runs.
    pub(super) fn opened(&self, session: &str, protocol: Protocol) -> Option<Box<Tap>> {
        let mut state = self.state()?;
        let opened = state.connections.entry(session.to_owned()).or_default();
        let connection = *opened;
        *opened += 1;
        Some(Box::new(Tap {
            tamper: self.clone(),
            session: session.to_owned(),
            protocol,
            connection,
            framer: Framer::new(protocol),
            passed: 0,
            heard: 0,
            flow: Flow::Frames,
        }))
    }

    /// A step begins with these values.
    pub(super) fn begins(&self, at: &StepRef, env: &Bindings) {
        if let Some(mut state) = self.state() {
            state.at = at.clone();
            state.env = Arc::new(env.clone());
        }
    }

    /// The answer of a step holds, by lines that name some of these frames.
    pub(super) fn holds(&self, at: &StepRef, taken: &Taken, frames: &[Frame]) {
        let Some(mut state) = self.state() else { return };
        state.observed.ways.insert(at.clone(), Way { alternative: taken.alternative, end: taken.end.clone() });
        for frame in taken.frames.iter().filter_map(|position| frames.get(*position)) {
            let alike = |one: &&mut Recorded| one.at == *at && !one.named && one.raw == *frame.raw();
            if let Some(one) = state.observed.frames.iter_mut().find(alike) {
                one.named = true;
            }
        }
    }

    /// A message that the next hop got, by its number of those of this scenario: how it goes on to the judge. Looked at as
    /// often as the box is.
    pub(super) fn caught(&self, session: &str, number: usize, octets: &ByteString) -> ByteString {
        let Some(mut state) = self.state() else { return octets.clone() };
        let place = Place { session: session.to_owned(), connection: 0, frame: number };
        if !state.observed.frames.iter().any(|one| one.heard == Heard::Mail && one.place == place) {
            state.records(place.clone(), Heard::Mail, octets);
        }
        let change = state.change(&place, Heard::Mail, octets);
        change.map_or_else(|| octets.clone(), |change| change.octets.into())
    }

    fn state(&self) -> Option<MutexGuard<'_, State>> {
        self.0.as_ref().map(|state| state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    /// The change of this frame, if it is the one of the plan; it is remembered as sent.
    fn change(&mut self, place: &Place, heard: Heard, raw: &ByteString) -> Option<Change> {
        let plan = self.plan.as_ref().filter(|plan| plan.place == *place)?;
        let mut looks = plan.looks.clone();
        looks.forbidden = plan.forbids.as_ref().map(|answer| rendered(answer, &self.env)).unwrap_or_default();
        looks.earlier = plan.earlier.as_ref().and_then(|place| self.observed.heard_at(place));
        let change = changes(heard, raw, &looks).into_iter().find(|change| change.what == plan.what)?;
        self.observed.sent = Some((raw.clone(), change.clone()));
        Some(change)
    }

    fn records(&mut self, place: Place, heard: Heard, raw: &ByteString) {
        let (at, env) = (self.at.clone(), Arc::clone(&self.env));
        self.observed.frames.push(Recorded { place, heard, at, raw: raw.clone(), named: false, env });
    }
}

impl Observed {
    /// The octets that were heard there.
    fn heard_at(&self, place: &Place) -> Option<Vec<u8>> {
        self.frames.iter().find(|one| one.place == *place).map(|one| one.raw.to_vec())
    }
}

/// Where the octets of one connection pass.
#[derive(Debug)]
pub(super) struct Tap {
    tamper: Tamper,
    session: String,
    protocol: Protocol,
    connection: usize,
    framer: Framer,
    /// Frames that passed.
    passed: usize,
    /// Frames that were heard.
    heard: usize,
    flow: Flow,
}

/// How octets go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    /// Frame by frame.
    Frames,
    /// As they come: they are no frames.
    Octets,
    /// Not at all: the connection was closed.
    Closed,
}

impl Tap {
    /// What cuts the octets into frames.
    pub(super) fn framer(&mut self) -> &mut Framer {
        &mut self.framer
    }

    /// Whether the connection was closed by a change.
    pub(super) fn is_closed(&self) -> bool {
        self.flow == Flow::Closed
    }

    /// Octets of the server: what the session gets of them. A frame is held back until it is whole.
    pub(super) fn pass(&mut self, octets: Vec<u8>) -> Vec<u8> {
        match self.flow {
            Flow::Octets => return octets,
            Flow::Closed => return Vec::new(),
            Flow::Frames => self.framer.push(&octets),
        }
        let mut passed = Vec::new();
        while self.flow == Flow::Frames {
            match self.framer.next() {
                Some(Ok(Seen::Frame(frame))) => passed.extend(self.changed(frame.raw())),
                Some(Ok(_) | Err(_)) => {
                    passed.extend(self.framer.take_rest());
                    self.flow = Flow::Octets;
                }
                None => break,
            }
        }
        passed
    }

    /// One frame as it goes on.
    fn changed(&mut self, raw: &ByteString) -> Vec<u8> {
        let place = self.place(self.passed);
        self.passed += 1;
        let Some(mut state) = self.tamper.state() else { return raw.to_vec() };
        let change = state.change(&place, Heard::Answer(self.protocol), raw);
        let Some(change) = change else { return raw.to_vec() };
        if change.then == Then::Close {
            self.flow = Flow::Closed;
        }
        change.octets
    }

    /// The session hands a frame on.
    pub(super) fn heard(&mut self, raw: &ByteString) {
        let place = self.place(self.heard);
        self.heard += 1;
        if let Some(mut state) = self.tamper.state() {
            state.records(place, Heard::Answer(self.protocol), raw);
        }
    }

    fn place(&self, frame: usize) -> Place {
        Place { session: self.session.clone(), connection: self.connection, frame }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(frame: usize) -> Place {
        Place { session: "a".to_owned(), connection: 0, frame }
    }

    fn plan(frame: usize, what: &str) -> Plan {
        Plan { place: place(frame), what: what.to_owned(), looks: Looks::default(), forbids: None, earlier: None }
    }

    #[test]
    fn one_frame_is_changed_whatever_the_segments() {
        let octets = b"220 a\r\n250-b\r\n250 c\r\n221 d\r\n";
        for size in 1..octets.len() {
            let tamper = Tamper::changing(plan(1, "250 becomes 550"));
            let mut tap = tamper.opened("a", Protocol::Smtp).unwrap();
            let passed: Vec<u8> = octets.chunks(size).flat_map(|part| tap.pass(part.to_vec())).collect();
            assert_eq!(passed, b"220 a\r\n550-b\r\n550 c\r\n221 d\r\n", "{size}");
            let (before, change) = tamper.observed().sent.unwrap();
            assert_eq!(
                (before.as_bytes(), change.octets.as_slice()),
                (&b"250-b\r\n250 c\r\n"[..], &b"550-b\r\n550 c\r\n"[..])
            );
        }
    }

    #[test]
    fn nothing_passes_behind_a_close() {
        let tamper = Tamper::changing(plan(1, "cut in the middle"));
        let mut tap = tamper.opened("a", Protocol::Smtp).unwrap();
        assert_eq!(tap.pass(b"220 a\r\n250 bc\r\n221 d\r\n".to_vec()), b"220 a\r\n250 ");
        assert!(tap.is_closed() && tap.pass(b"221 d\r\n".to_vec()).is_empty());
    }

    #[test]
    fn a_change_that_the_frame_does_not_have_is_not_made() {
        let tamper = Tamper::changing(plan(0, "number 9 is one more"));
        let mut tap = tamper.opened("a", Protocol::Smtp).unwrap();
        assert_eq!(tap.pass(b"220 a\r\n".to_vec()), b"220 a\r\n");
        assert_eq!(tamper.observed().sent, None);
    }

    #[test]
    fn an_earlier_answer_comes_again() {
        let second = Place { session: "b".to_owned(), ..place(0) };
        let tamper = Tamper::changing(Plan { place: second, earlier: Some(place(0)), ..plan(0, "the same as before") });
        let (mut first, mut second) =
            (tamper.opened("a", Protocol::Pop3).unwrap(), tamper.opened("b", Protocol::Pop3).unwrap());
        first.heard(&b"+OK <1@a>\r\n"[..].into());
        assert_eq!(second.pass(b"+OK <2@a>\r\n".to_vec()), b"+OK <1@a>\r\n");
    }

    #[test]
    fn a_message_of_the_next_hop_is_recorded_once_and_changed_at_each_look() {
        let tamper = Tamper::changing(plan(1, "an octet of the message"));
        let mail: ByteString = b"A: b\r\n\r\nc\r\n"[..].into();
        for _ in 0..2 {
            assert_eq!(tamper.caught("a", 0, &mail), mail);
            assert_eq!(tamper.caught("a", 1, &mail).as_bytes(), b"A: b\r\n\r\nq\r\n");
        }
        let frames = tamper.observed().frames;
        let told: Vec<_> = frames.into_iter().map(|one| (one.place, one.heard)).collect();
        assert_eq!(told, [(place(0), Heard::Mail), (place(1), Heard::Mail)]);
        assert_eq!(Tamper::default().caught("a", 0, &mail), mail);
    }

    #[test]
    fn other_connections_and_ordinary_runs_are_left_alone() {
        let tamper = Tamper::changing(plan(0, "220 becomes 550"));
        let (mut first, mut second) =
            (tamper.opened("a", Protocol::Smtp).unwrap(), tamper.opened("b", Protocol::Smtp).unwrap());
        let mut again = tamper.opened("a", Protocol::Smtp).unwrap();
        assert_eq!(second.pass(b"220 a\r\n".to_vec()), b"220 a\r\n");
        assert_eq!(again.pass(b"220 a\r\n".to_vec()), b"220 a\r\n");
        assert_eq!(first.pass(b"220 a\r\n".to_vec()), b"550 a\r\n");
        assert!(Tamper::default().opened("c", Protocol::Smtp).is_none());
    }
}
