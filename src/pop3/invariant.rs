//! What must hold in every session, whatever the scenario. When in doubt it says nothing.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::str::FromStr;

use super::{Form, Frame, Reply, Status, faults, form_of, requirements};
use crate::base::{Breach, RequirementId, SyntaxError};

const STABLE: &str = "rfc1939-5-numbers-stable-after-dele";
/// Messages whose values are remembered.
const REMEMBERED: usize = 100_000;

/// Whether it is known which command a response answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Count {
    Known,
    Unknown,
}

/// What a listing lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Listing {
    Sizes,
    Ids,
}

/// Judges one connection from its greeting on.
#[derive(Debug)]
pub struct Invariants {
    /// Lines sent and not yet answered; the greeting counts as one.
    owed: VecDeque<Vec<u8>>,
    count: Count,
    values: BTreeMap<(Listing, Vec<u8>), Vec<u8>>,
    watched: BTreeSet<&'static str>,
}

impl Default for Invariants {
    fn default() -> Self {
        Self::new()
    }
}

impl Invariants {
    /// At the start of a connection, nothing read yet.
    pub fn new() -> Self {
        let owed = VecDeque::from([Vec::new()]);
        Self { owed, count: Count::Known, values: BTreeMap::new(), watched: BTreeSet::new() }
    }

    /// From here on nobody knows which command a response answers: octets were sent raw.
    pub fn suspend(&mut self) {
        self.count = Count::Unknown;
        self.owed.clear();
    }

    /// The client sent these octets: whole lines.
    pub fn sent(&mut self, octets: &[u8]) {
        if self.count == Count::Unknown {
            return;
        }
        let Some(content) = octets.strip_suffix(b"\r\n") else { return self.suspend() };
        for line in content.split(|octet| *octet == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            self.owed.push_back(line.get(..line.len().min(64)).unwrap_or_default().to_vec());
        }
    }

    /// The server sent a whole response.
    pub fn received(&mut self, frame: &Frame) -> Vec<Breach> {
        let line = self.owed.pop_front();
        self.watched.extend(requirements().iter().copied().filter(|id| !id.starts_with("rfc5034")));
        let reply = match &frame.parsed {
            Ok(reply) => reply,
            Err(error) => {
                self.suspend();
                return vec![breach(error)];
            }
        };
        let form = if reply.body.is_some() { Form::Multi } else { Form::Single };
        let mut breaches: Vec<Breach> = faults(&frame.raw, form).iter().map(breach).collect();
        if let (Some(line), Count::Known, Status::Ok) = (line, self.count, reply.status) {
            breaches.extend(self.listing(&line, reply));
        }
        breaches
    }

    /// The server closed the connection by itself. RFC 1939 §3 lets it close in silence.
    pub fn closed(&mut self) -> Vec<Breach> {
        Vec::new()
    }

    /// Requirements for which something was seen that could have broken them.
    pub fn watched(&self) -> Vec<RequirementId> {
        self.watched.iter().filter_map(|id| RequirementId::from_str(id).ok()).collect()
    }

    /// Sizes and unique-ids keep their numbers as long as the session lasts.
    fn listing(&mut self, line: &[u8], reply: &Reply) -> Option<Breach> {
        let verb = line.get(..4)?.to_ascii_uppercase();
        let listing = match verb.as_slice() {
            b"LIST" => Listing::Sizes,
            b"UIDL" => Listing::Ids,
            _ => return None,
        };
        let single = [reply.text.clone()];
        let lines = match (form_of(line), &reply.body) {
            (Form::Multi, Some(body)) => body.as_slice(),
            (Form::Single, None) => single.as_slice(),
            (Form::Multi, None) | (Form::Single, Some(_)) => return None,
        };
        self.watched.insert(STABLE);
        let mut changed = false;
        for line in lines {
            let mut words = line.split(|octet| *octet == b' ');
            let (Some(number), Some(value)) = (words.next(), words.next()) else { continue };
            if !number.iter().all(u8::is_ascii_digit) || self.values.len() >= REMEMBERED {
                continue;
            }
            let known = self.values.entry((listing, number.to_vec())).or_insert_with(|| value.to_vec());
            changed |= known.as_slice() != value;
        }
        let requirement = RequirementId::from_str(STABLE).ok()?;
        let what = "a message number has another size or unique-id than before".to_owned();
        changed.then_some(Breach { requirement, what, at: None })
    }
}

/// Every requirement that an invariant of this module stands behind.
pub fn behind() -> &'static [&'static str] {
    &[
        "rfc1939-3-response-crlf",
        "rfc1939-3-status-upper-case",
        "rfc1939-3-status-indicator-only-two",
        "rfc1939-3-response-512-octets",
        "rfc1939-3-byte-stuffing",
        "rfc1939-3-multiline-terminator",
        "rfc5034-4-challenge-form",
        STABLE,
    ]
}

fn breach(error: &SyntaxError) -> Breach {
    let what = format!("expected {} ({})", error.expected, error.rule);
    Breach { requirement: error.requirement.clone(), what, at: Some(error.at..error.at + 1) }
}
