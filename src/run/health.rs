//! Whether the server still takes connections, and whose octets were the last where it does not. docs/verdicts.md.
//!
//! From outside a crash looks like a close: only that nobody listens any more where somebody did shows that the server
//! died. One that comes back in time, or of which only a child died, is not said to have crashed.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

use super::attempt::Attempt;
use super::contact::{Contact, ContactEnd};
use super::world::{Distance, World};
use crate::base::{RequirementId, ScenarioId};
use crate::outcome::{Certainty, Doubt, Evidence, Finding, FindingKind, Verdict};
use crate::scenario::Protocol;
use crate::target::Endpoint;

/// How long a server may take to come back at most, whatever patience says: longer than a restart.
const COMING_BACK_MAX: Duration = Duration::from_secs(30);
/// Connections that are refused before a server is called gone, at least.
const REFUSALS: u32 = 3;
/// The first pause between two of them, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));
/// The shape of a crash.
const SHAPE: &str = "<no connection is taken any more>";

/// What a runner knows of the health of its target.
#[derive(Debug, Default)]
pub(super) struct Health(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Attempts that are going on.
    present: BTreeMap<u64, Company>,
    next: u64,
    /// Endpoints where nobody listens any more.
    gone: BTreeMap<Endpoint, Blame>,
}

/// Whether other attempts were going on at any time of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Company {
    Alone,
    Others,
}

/// Whose octets were the last.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Blame {
    /// Those of this scenario.
    On(ScenarioId),
    /// Several scenarios were running.
    Unclear,
    /// It was there, and at the next connection it was not.
    Nobody,
}

/// What a connection to an endpoint comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pulse {
    Taken,
    Refused,
    /// No answer at all: the network, or a host that is down.
    Unknown,
}

/// An attempt that is going on, until it is dropped.
#[derive(Debug)]
pub(super) struct Presence<'a> {
    health: &'a Health,
    number: u64,
}

impl Drop for Presence<'_> {
    fn drop(&mut self) {
        self.health.state(|state| state.present.remove(&self.number));
    }
}

impl Health {
    /// An attempt begins.
    pub(super) fn enter(&self) -> Presence<'_> {
        let number = self.state(|state| {
            let company = if state.present.is_empty() { Company::Alone } else { Company::Others };
            state.present.values_mut().for_each(|company| *company = Company::Others);
            state.next += 1;
            state.present.insert(state.next, company);
            state.next
        });
        Presence { health: self, number }
    }

    fn state<T>(&self, with: impl FnOnce(&mut State) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Probes what an attempt leaves in doubt, and judges a server that is gone: one finding for the attempt that killed
    /// it, where that is certain, and nothing conclusive of what was going on.
    pub(super) async fn examined(
        &self,
        mut attempt: Attempt,
        presence: &Presence<'_>,
        scenario: &ScenarioId,
        world: &World,
        cancel: &CancellationToken,
    ) -> Attempt {
        let contacts = std::mem::take(&mut attempt.contacts);
        let mut found = None;
        for contact in contacts.iter().filter(|contact| is_suspect(contact, &attempt.verdict)) {
            let pulse = self.pulse(&contact.endpoint, world, cancel).await;
            if pulse != Pulse::Taken {
                found = Some((contact, pulse));
                break;
            }
        }
        let Some((gone, pulse)) = found.filter(|_| !cancel.is_cancelled()) else { return attempt };
        let company = self.state(|state| state.present.get(&presence.number).copied()).unwrap_or(Company::Others);
        let blame = match (&gone.end, company, pulse) {
            (_, _, Pulse::Unknown | Pulse::Taken) => Blame::Nobody,
            (_, Company::Others, Pulse::Refused) => Blame::Unclear,
            (ContactEnd::Fell(_), Company::Alone, Pulse::Refused) => Blame::On(scenario.clone()),
            (ContactEnd::Fair | ContactEnd::Refused, Company::Alone, Pulse::Refused) => Blame::Nobody,
        };
        let known = self.state(|state| state.gone.get(&gone.endpoint).cloned());
        let known = match known {
            Some(known) => known,
            None => self.lost(&gone.endpoint, &blame, world).await,
        };
        bury(&mut attempt, gone, (scenario, &blame, &known), world);
        attempt
    }

    /// Notes that an endpoint is gone, and with it those that refuse connections now: they were one server.
    async fn lost(&self, endpoint: &Endpoint, blame: &Blame, world: &World) -> Blame {
        let mut gone = vec![endpoint.clone()];
        for other in world.target.endpoints.values().filter(|other| *other != endpoint) {
            if touch(other, world).await == Pulse::Refused {
                gone.push(other.clone());
            }
        }
        // Whoever found it first knows best.
        self.state(|state| {
            for endpoint in gone {
                state.gone.entry(endpoint).or_insert_with(|| blame.clone());
            }
            state.gone.get(endpoint).cloned().unwrap_or_else(|| blame.clone())
        })
    }

    /// Whether an endpoint takes connections. That it does not has to last, unless it is known already that nobody listens.
    async fn pulse(&self, endpoint: &Endpoint, world: &World, cancel: &CancellationToken) -> Pulse {
        let deadline = Instant::now() + world.patience.min(COMING_BACK_MAX);
        let mut pause = PAUSES.0;
        let mut refusals = 0;
        loop {
            let pulse = touch(endpoint, world).await;
            if pulse == Pulse::Taken {
                self.state(|state| state.gone.remove(endpoint));
                return pulse;
            }
            refusals += 1;
            let known = self.state(|state| state.gone.contains_key(endpoint));
            if known || (refusals >= REFUSALS && Instant::now() >= deadline) {
                return pulse;
            }
            if timeout(pause, cancel.cancelled()).await.is_ok() {
                return pulse;
            }
            pause = (pause * 2).min(PAUSES.1);
        }
    }
}

/// Makes of the attempt in which the server is found gone what can be said of it.
fn bury(attempt: &mut Attempt, gone: &Contact, (scenario, blame, known): (&ScenarioId, &Blame, &Blame), world: &World) {
    // The close is how the crash showed, and no finding of its own.
    attempt.invariants.retain(|finding| finding.kind != FindingKind::Close);
    if let (Blame::On(_), ContactEnd::Fell(last)) = (blame, &gone.end) {
        let place = (scenario, attempt.reached.clone());
        attempt.invariants.extend(crash(place, gone.protocol, last));
    }
    let role = world.target.endpoints.iter().find(|(_, endpoint)| **endpoint == gone.endpoint);
    let what = format!("{} takes no connection any more", role.map_or("the server", |(role, _)| role.word()));
    let doubt = Doubt::Gone(match known {
        Blame::On(killer) if killer == scenario => format!("{what}: the server died here"),
        Blame::On(killer) => format!("{what}: the server died in {killer}"),
        Blame::Unclear => format!("{what}, and several scenarios were running: `-j 1` tells in which it died"),
        Blame::Nobody => format!("{what}, and nobody's octets were the last: start the server and run again"),
    });
    match std::mem::replace(&mut attempt.verdict, Verdict::Inconclusive(doubt)) {
        kept @ (Verdict::Conforms | Verdict::NotApplicable(_)) => attempt.verdict = kept,
        Verdict::Violates(findings) => {
            // What octets prove stays proved.
            let proved = |kind| matches!(kind, FindingKind::Syntax | FindingKind::Invariant);
            attempt.invariants.extend(findings.into_iter().filter(|finding| proved(finding.kind)));
            attempt.judged.clear();
        }
        Verdict::Inconclusive(_) => attempt.judged.clear(),
    }
}

/// Whether the server may be gone after this. Closes are, and so is silence: a host that is down says nothing either.
fn is_suspect(contact: &Contact, verdict: &Verdict) -> bool {
    match contact.end {
        ContactEnd::Refused | ContactEnd::Fell(_) => true,
        ContactEnd::Fair => is_silent(verdict),
    }
}

fn is_silent(verdict: &Verdict) -> bool {
    match verdict {
        Verdict::Violates(findings) => findings.iter().any(|finding| finding.kind == FindingKind::Silence),
        Verdict::Conforms | Verdict::NotApplicable(_) | Verdict::Inconclusive(_) => false,
    }
}

async fn touch(endpoint: &Endpoint, world: &World) -> Pulse {
    let connecting = TcpStream::connect((endpoint.host.as_str(), endpoint.port));
    let connected = timeout_at(Instant::now() + world.connect_within, connecting).await;
    felt(connected.map(|connected| connected.map_err(|error| error.kind()).err()).ok(), world.distance)
}

/// What a connection tells: none if time was over, else why it did not come about, if it did not.
fn felt(connected: Option<Option<ErrorKind>>, distance: Distance) -> Pulse {
    match (connected, distance) {
        (Some(None), Distance::Network | Distance::None) => Pulse::Taken,
        (Some(Some(ErrorKind::ConnectionRefused)), Distance::Network) => Pulse::Refused,
        // The address of a container that died is nobody's.
        (Some(Some(_)), Distance::None) => Pulse::Refused,
        (Some(Some(_)), Distance::Network) | (None, Distance::Network | Distance::None) => Pulse::Unknown,
    }
}

/// A server that died. It names the rule of its protocol that every command is answered: the one that was sent last was
/// not, and none will be. docs/decisions/0012.
fn crash(
    (scenario, step): (&ScenarioId, crate::outcome::StepRef),
    protocol: Protocol,
    last: &crate::base::ByteString,
) -> Option<Finding> {
    let id = match protocol {
        Protocol::Smtp => "rfc5321-4.2-one-reply-per-command",
        Protocol::Pop3 => "rfc1939-3-one-response-per-command",
        Protocol::Imap => "rfc3501-2.2.2-one-completion-per-command",
    };
    Some(Finding {
        requirement: id.parse::<RequirementId>().ok()?,
        scenario: scenario.clone(),
        step,
        kind: FindingKind::Crash,
        shape: SHAPE.to_owned(),
        // Nothing can be asked again of a server that is gone.
        certainty: Certainty::Confirmed,
        evidence: Evidence {
            expected: "a server that lives on, whatever it is sent".to_owned(),
            actual: last.clone(),
            remark: Some(
                "it closed without a word and takes no connection since; a firewall that bans this client for failed \
                 logins looks the same: exempt it"
                    .to_owned(),
            ),
            ..Evidence::default()
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_refused_is_gone_and_without_a_network_between_whatever_fails() {
        let (refused, unreachable) = (ErrorKind::ConnectionRefused, ErrorKind::HostUnreachable);
        for (connected, far, near) in [
            (Some(None), Pulse::Taken, Pulse::Taken),
            (Some(Some(refused)), Pulse::Refused, Pulse::Refused),
            (Some(Some(unreachable)), Pulse::Unknown, Pulse::Refused),
            (None, Pulse::Unknown, Pulse::Unknown),
        ] {
            let told = [felt(connected, Distance::Network), felt(connected, Distance::None)];
            assert_eq!(told, [far, near], "{connected:?}");
        }
    }
}
