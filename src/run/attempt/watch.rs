//! The invariants of all sessions of one run, and what they found. docs/suite-language.md section 10.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::{Breach, ByteString, RequirementId, ScenarioId};
use crate::outcome::{Certainty, Evidence, Finding, FindingKind, Frame, StepRef};
use crate::run::log::Log;
use crate::run::session::Seen;
use crate::run::talk::Said;
use crate::run::world::World;
use crate::sasl::Suspicion;
use crate::scenario::{Protocol, Scenario};
use crate::{imap, pop3, smtp};

/// One connection of a run, never used again for another.
pub(super) type Key = usize;

/// Watches every connection of a run.
#[derive(Debug)]
pub(super) struct Watch {
    scenario: ScenarioId,
    /// Canonical ids.
    allow: BTreeSet<RequirementId>,
    /// Canonical ids.
    watch: BTreeSet<RequirementId>,
    same: Arc<BTreeMap<RequirementId, RequirementId>>,
    smtp: smtp::Tracker,
    pop3: pop3::Tracker,
    imap: imap::Tracker,
    protocols: BTreeMap<Key, Protocol>,
    findings: Vec<Finding>,
    watched: BTreeSet<RequirementId>,
    log: Log,
}

/// How the server's side of a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Close {
    /// In order, behind a whole frame.
    Whole,
    /// By a reset or within a frame: its last words may be lost.
    Torn,
}

impl Watch {
    /// Before any connection.
    pub(super) fn new(scenario: &Scenario, world: &World, log: &Log) -> Self {
        let canonical = |ids: &[RequirementId]| ids.iter().map(|id| world.canonical(id).clone()).collect();
        Self {
            scenario: scenario.id.clone(),
            allow: canonical(&scenario.allow),
            watch: canonical(&scenario.watch),
            same: Arc::clone(&world.same),
            smtp: smtp::Tracker::new(),
            pop3: pop3::Tracker::new(),
            imap: imap::Tracker::new(),
            protocols: BTreeMap::new(),
            findings: Vec::new(),
            watched: BTreeSet::new(),
            log: log.clone(),
        }
    }

    /// A connection was opened; nothing was read from it yet.
    pub(super) fn opened(&mut self, protocol: Protocol) -> Key {
        let key = self.protocols.len();
        self.protocols.insert(key, protocol);
        match protocol {
            Protocol::Smtp => self.smtp.opened(key),
            Protocol::Pop3 => self.pop3.opened(key),
            Protocol::Imap => self.imap.opened(key, imap::Revision::Rev1),
        }
        key
    }

    /// TLS protects a connection from here on.
    pub(super) fn secured(&mut self, key: Key) {
        self.smtp.secured(key);
        self.pop3.secured(key);
    }

    /// Octets are about to be sent.
    pub(super) fn sent(&mut self, key: Key, octets: &[u8]) {
        if self.protocols.get(&key) != Some(&Protocol::Pop3) {
            self.pop3.others_spoke();
        }
        self.smtp.sent(key, octets);
        self.pop3.sent(key, octets);
        self.imap.sent(key, octets);
    }

    /// Octets were sent raw: nobody counts answers any more.
    pub(super) fn suspend(&mut self, key: Key) {
        self.smtp.suspend(key);
        self.pop3.suspend(key);
        self.imap.suspend(key);
    }

    /// A frame came: what it breaks.
    pub(super) fn received(&mut self, key: Key, frame: &Frame) -> Vec<Breach> {
        match frame {
            Frame::Smtp(frame) => self.smtp.received(key, frame),
            Frame::Pop3(frame) => self.pop3.received(key, frame),
            Frame::Imap(frame) => self.imap.received(key, frame),
        }
    }

    /// The server closed without being asked. RFC 1939 §3 lets a POP3 server do so in silence.
    pub(super) fn closed(&mut self, key: Key, close: Close) -> Vec<Breach> {
        let mut breaches = self.smtp.closed(key);
        if close == Close::Whole {
            breaches.extend(self.imap.closed(key));
        }
        breaches
    }

    /// The grammar of an IMAP session.
    pub(super) fn revision(&self, key: Key) -> Option<imap::Revision> {
        self.imap.revision(key)
    }

    /// Everything a ladder or a login said.
    pub(super) fn said(&mut self, key: Key, at: &StepRef, said: &[Said]) {
        for one in said {
            match one {
                Said::Sent(octets) => self.sent(key, octets),
                Said::Seen(Seen::Frame(frame)) => {
                    for breach in self.received(key, frame) {
                        self.accuse(at, &breach, Some(frame));
                    }
                }
                Said::Seen(Seen::Closed(_) | Seen::Reset | Seen::TimedOut | Seen::TooLarge | Seen::TlsFailure(_)) => {}
                Said::Tls(info) => self.plaintext(key, at, &info.plaintext_after_go_ahead),
                Said::Sasl(watched, suspicions) => {
                    self.watched.extend(watched.iter().copied().map(RequirementId::constant));
                    self.suspicions(at, suspicions);
                }
            }
        }
    }

    /// After the go-ahead the server's next octets are TLS. RFC 3207 §4, RFC 2595 §4, RFC 3501 §6.2.1.
    pub(super) fn plaintext(&mut self, key: Key, at: &StepRef, octets: &ByteString) {
        self.secured(key);
        let id = match self.protocols.get(&key) {
            Some(Protocol::Smtp) => "starttls-smtp-go-ahead-is-last-plaintext",
            Some(Protocol::Pop3) => "starttls-pop3-go-ahead-is-last-plaintext",
            Some(Protocol::Imap) => "starttls-imap-go-ahead-is-last-plaintext",
            None => return,
        };
        let Ok(requirement) = id.parse::<RequirementId>() else { return };
        self.watched.insert(requirement.clone());
        if !octets.is_empty() {
            let breach = Breach { requirement, what: "plaintext after the TLS go-ahead".to_owned(), at: None };
            self.add(at, &breach, FindingKind::Invariant, octets);
        }
    }

    /// What was odd in a SASL exchange.
    fn suspicions(&mut self, at: &StepRef, suspicions: &[Suspicion]) {
        for suspicion in suspicions {
            let Ok(requirement) = suspicion.requirement.parse::<RequirementId>() else { continue };
            let breach = Breach { requirement, what: suspicion.what.to_owned(), at: None };
            self.add(at, &breach, FindingKind::Invariant, &ByteString::default());
        }
    }

    /// A breach becomes a finding, unless the scenario allows it.
    pub(super) fn accuse(&mut self, at: &StepRef, breach: &Breach, frame: Option<&Frame>) {
        let kind = match frame {
            Some(_) if is_grammar(breach) => FindingKind::Syntax,
            Some(_) => FindingKind::Invariant,
            None => FindingKind::Close,
        };
        let actual = frame.map(Frame::raw).cloned().unwrap_or_else(ByteString::default);
        self.add(at, breach, kind, &actual);
    }

    fn add(&mut self, at: &StepRef, breach: &Breach, kind: FindingKind, actual: &ByteString) {
        if self.allow.contains(self.canonical(&breach.requirement)) {
            return;
        }
        let shown = self.log.evidence(actual);
        let finding = Finding {
            requirement: breach.requirement.clone(),
            scenario: self.scenario.clone(),
            step: at.clone(),
            kind,
            shape: breach.what.clone(),
            certainty: Certainty::Unstable,
            evidence: Evidence {
                expected: breach.what.clone(),
                caret: breach.at.clone().filter(|caret| shows(&shown, actual, caret)),
                actual: shown,
                ..Evidence::default()
            },
        };
        let known = self.findings.iter().any(|before| before.fingerprint() == finding.fingerprint());
        if !known {
            self.findings.push(finding);
        }
    }

    /// Whether the scenario watches a requirement: then it judges frames that a line names, too.
    pub(super) fn judges(&self, requirement: &RequirementId) -> bool {
        self.watch.contains(self.canonical(requirement))
    }

    fn canonical<'a>(&'a self, id: &'a RequirementId) -> &'a RequirementId {
        self.same.get(id).unwrap_or(id)
    }

    /// What was found, and the requirements behind whose invariant something was seen.
    pub(super) fn finish(self) -> (Vec<Finding>, Vec<RequirementId>) {
        let trackers = [self.smtp.watched(), self.pop3.watched(), self.imap.watched()];
        let mut watched: Vec<_> = self.watched.into_iter().chain(trackers.into_iter().flatten()).collect();
        watched.sort();
        watched.dedup();
        (self.findings, watched)
    }
}

/// Whether what is shown of octets is, up to the caret, what they are.
pub(super) fn shows(shown: &ByteString, octets: &ByteString, caret: &std::ops::Range<usize>) -> bool {
    octets.starts_with(shown) && caret.end <= shown.len()
}

/// Whether a breach is one of grammar, which an expectation never outranks.
pub(super) fn is_grammar(breach: &Breach) -> bool {
    let id = breach.requirement.as_str();
    smtp::requirements().contains(&id) || pop3::requirements().contains(&id) || imap::requirements().contains(&id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Part;
    use crate::run::probe::Probed;
    use crate::run::redact::Redactor;
    use crate::run::testing::{scenario, target, world};

    /// What is found and watched when a login says this, in a scenario that allows `allow`.
    fn told(allow: &[&str], said: Said) -> (Vec<String>, Vec<String>) {
        let mut scenario = Scenario::clone(&scenario(""));
        scenario.allow = allow.iter().map(|id| id.parse().unwrap()).collect();
        let mut world = world(target(), Probed::default());
        world.same = Arc::new(BTreeMap::from([("rfc0-alias".parse().unwrap(), "rfc0-odd".parse().unwrap())]));
        let mut watch = Watch::new(&scenario, &world, &Log::new(Redactor::default()));
        let key = watch.opened(Protocol::Smtp);
        watch.said(key, &StepRef { part: Part::Setup, number: 0 }, &[said]);
        let (found, watched) = watch.finish();
        let found = found.iter().map(|one| format!("{} {}", one.requirement, one.shape)).collect();
        (found, watched.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn what_is_odd_about_a_login_on_the_way_up_is_told() {
        let odd = vec![Suspicion { requirement: "rfc0-odd", what: "odd" }];
        let (found, watched) = told(&[], Said::Sasl(vec!["rfc0-seen"], odd));
        assert_eq!(found, ["rfc0-odd odd"]);
        assert_eq!(watched, ["rfc0-seen"]);
    }

    #[test]
    fn what_a_scenario_allows_by_another_id_of_the_same_row_is_allowed() {
        let odd = || vec![Suspicion { requirement: "rfc0-odd", what: "odd" }];
        assert_eq!(told(&["rfc0-alias"], Said::Sasl(Vec::new(), odd())).0, [""; 0]);
    }
}
