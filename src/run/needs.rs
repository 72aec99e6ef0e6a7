//! Whether a scenario applies to a target. docs/suite-language.md sections 5 and 9.

use super::announced::{Announced, Capabilities};
use super::cast::Cast;
use super::facts::holds;
use super::probe::RoleProbe;
use super::talk::Fall;
use super::world::World;
use crate::outcome::{Doubt, Unmet};
use crate::scenario::{
    CapabilityNeed, Lease, Mailbox, Need, Protocol, Role, Scenario, SessionKind, State, variables, write::need_text,
};
use crate::target::{Keeping, Security};

/// Levels of danger and duration that the user must switch on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Switches {
    /// `--slow`
    pub slow: bool,
    /// `--allow-destructive`
    pub destructive: bool,
}

/// Why a scenario is not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// It does not apply.
    Unmet(Unmet),
    /// Whether it applies cannot be said: an endpoint could not be reached, or the probe did not get as far.
    Doubt(Doubt),
}

/// The first obstacle, if there is one: endpoints, accounts and TLS first, then `needs` in the order written.
pub fn unmet(scenario: &Scenario, world: &World, switches: Switches) -> Option<Obstacle> {
    places(scenario, world)
        .or_else(|| accounts(scenario, world))
        .or_else(|| connections(scenario, world).find_map(|connection| connection.without_tls()))
        .or_else(|| scenario.needs.iter().find_map(|need| need_unmet(need, scenario, world, switches)))
}

/// A declared connection, and what the probe saw there.
#[derive(Clone, Copy)]
struct Connection<'a> {
    role: Role,
    state: State,
    security: Security,
    probe: Option<&'a RoleProbe>,
}

fn connections<'a>(scenario: &'a Scenario, world: &'a World) -> impl Iterator<Item = Connection<'a>> {
    scenario.sessions.iter().filter_map(|session| match &session.kind {
        SessionKind::Connection { role, state, .. } => {
            let (role, endpoint) = world.target.endpoint(*role)?;
            let probe = world.probed.roles.get(&role);
            Some(Connection { role, state: *state, security: endpoint.security, probe })
        }
        SessionKind::Inbox(_) | SessionKind::Sink => None,
    })
}

/// Endpoints that do not exist or could not be reached.
fn places(scenario: &Scenario, world: &World) -> Option<Obstacle> {
    let sessions = scenario.sessions.iter().find_map(|session| match &session.kind {
        SessionKind::Connection { role, .. } => one_of(&[*role], world),
        SessionKind::Inbox(_) => one_of(&[Role::Imap, Role::Pop3], world),
        SessionKind::Sink => None,
    });
    sessions.or_else(|| {
        scenario.deposit.iter().find_map(|deposit| match deposit.mailbox {
            Mailbox::Box => one_of(&[Role::Imap], world),
            Mailbox::Inbox => one_of(&[Role::Imap, Role::Smtp], world),
        })
    })
}

/// One of these roles has to be there.
fn one_of(roles: &[Role], world: &World) -> Option<Obstacle> {
    let there: Vec<Role> = roles.iter().filter_map(|role| world.target.endpoint(*role)).map(|(role, _)| role).collect();
    if there.is_empty() {
        let words: Vec<&str> = roles.iter().map(|role| role.word()).collect();
        return Some(Obstacle::Unmet(Unmet::Role(words.join(" or "))));
    }
    let unreachable = there.iter().all(|role| world.probed.unreachable.contains_key(role));
    // The reason itself names hosts and times, so it stands in the probe's own lines only.
    let first = there.first().filter(|_| unreachable)?;
    Some(Obstacle::Doubt(Doubt::Connection(format!("{} cannot be reached", first.word()))))
}

fn accounts(scenario: &Scenario, world: &World) -> Option<Obstacle> {
    let cast = Cast::of(scenario);
    let all = &world.target.accounts;
    if all.len() < cast.accounts.count() {
        return Some(Obstacle::Unmet(if all.is_empty() { Unmet::Account } else { Unmet::Accounts }));
    }
    let disposable = all.iter().filter(|account| account.keeping == Keeping::Disposable).count();
    if matches!(scenario.lease, Lease::Exclusive(_)) && disposable < cast.accounts.count() {
        return Some(Obstacle::Unmet(Unmet::NotDisposable));
    }
    domains(scenario, world)
}

/// A target without accounts need not tell a domain, and then nothing can be said of its mail.
fn domains(scenario: &Scenario, world: &World) -> Option<Obstacle> {
    let domains = &world.target.domains;
    let named = variables(scenario);
    let names = |wanted: &[&str]| named.iter().any(|var| wanted.contains(&var.head()));
    let addressed = connections(scenario, world).any(|connection| connection.state == State::Addressed);
    let local = domains.local.is_empty() && names(&["domain", "nobody"]);
    let sender = domains.sender.is_empty() && (addressed || names(&["sender"]));
    (local || sender).then(|| Obstacle::Unmet(Unmet::Need("domain".to_owned())))
}

fn need_unmet(need: &Need, scenario: &Scenario, world: &World, switches: Switches) -> Option<Obstacle> {
    let announced = |need: &CapabilityNeed| is_announced(need, scenario, world);
    let met = match need {
        Need::Capability(any) => {
            let all: Result<Vec<bool>, Obstacle> = any.iter().map(announced).collect();
            match all {
                Ok(all) => all.contains(&true),
                Err(obstacle) => return Some(obstacle),
            }
        }
        Need::NoCapability(one) => match announced(one) {
            Ok(announced) => !announced,
            Err(obstacle) => return Some(obstacle),
        },
        Need::Fact(name) => holds(world, name) == Some(true),
        Need::NoFact(name) => holds(world, name) == Some(false),
        Need::Slow => switches.slow,
        Need::Destructive => switches.destructive,
    };
    (!met).then(|| Obstacle::Unmet(Unmet::Need(need_text(need))))
}

/// Whether one of the scenario's connections has it announced in the state in which it starts.
fn is_announced(need: &CapabilityNeed, scenario: &Scenario, world: &World) -> Result<bool, Obstacle> {
    let fits =
        |connection: &Connection<'_>| need.protocol.is_none_or(|protocol| protocol == connection.role.protocol());
    let mut doubt = None;
    for connection in connections(scenario, world).filter(fits) {
        match connection.announces(&need.word) {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(obstacle) => doubt = Some(obstacle),
        }
    }
    doubt.map_or(Ok(false), Err)
}

impl Connection<'_> {
    fn without_tls(&self) -> Option<Obstacle> {
        let clear = self.probe.and_then(|probe| probe.announced.clear.as_ref());
        let offered = || clear.is_none_or(|clear| clear.has("STARTTLS") || clear.has("STLS"));
        let possible = match self.security {
            Security::Implicit => true,
            Security::Offered => offered(),
            Security::Clear => false,
        };
        (self.state == State::Secured && !possible).then_some(Obstacle::Unmet(Unmet::NoTls))
    }

    /// An endpoint that was never probed announces nothing.
    fn announces(&self, word: &str) -> Result<bool, Obstacle> {
        let Some(probe) = self.probe else { return Ok(false) };
        if on_the_way(word) && probe.announced.any(word) {
            return Ok(true);
        }
        match self.capabilities(&probe.announced) {
            Some(capabilities) => Ok(capabilities.meets(word)),
            None => Err(why(probe)),
        }
    }

    /// What is announced in the state in which the session starts.
    fn capabilities<'a>(&self, announced: &'a Announced) -> Option<&'a Capabilities> {
        match self.state {
            State::Connected | State::Greeted | State::Ready => announced.clear.as_ref(),
            State::Secured => announced.secured.as_ref(),
            State::Addressed if self.role == Role::Mx => announced.clear.as_ref(),
            State::Authenticated | State::Addressed | State::Selected => match self.role.protocol() {
                // What SMTP and POP3 announce before the login holds behind it. RFC 4954 §4, RFC 2449 §5.
                Protocol::Smtp | Protocol::Pop3 => announced.latest(),
                Protocol::Imap => announced.authenticated.as_ref(),
            },
        }
    }
}

/// These count if any state on the way up announced them.
fn on_the_way(word: &str) -> bool {
    ["STARTTLS", "STLS", "SASL-IR"].contains(&word) || word.starts_with("AUTH=")
}

/// Why the probe did not see a state.
fn why(probe: &RoleProbe) -> Obstacle {
    match &probe.fall {
        Some(Fall::Unmet(unmet)) => Obstacle::Unmet(unmet.clone()),
        Some(Fall::Doubt(doubt)) => Obstacle::Doubt(doubt.clone()),
        None => Obstacle::Doubt(Doubt::Setup("the probe did not see what is announced there".to_owned())),
    }
}

#[cfg(test)]
mod tests;
