//! Which accounts a scenario names. docs/suite-language.md section 5.

use crate::scenario::{Action, Scenario, SessionKind, State, User, variables};

/// What a scenario has to be given for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cast {
    /// How many accounts: naming bob takes two.
    pub(super) accounts: Accounts,
    /// Whether it looks into the sink.
    pub(super) sink: SinkUse,
}

/// How many accounts a scenario names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Accounts {
    /// None.
    None,
    /// alice.
    One,
    /// alice and bob.
    Two,
}

/// Whether a scenario looks into the sink.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SinkUse {
    /// It has a box there.
    Reads,
    /// It has none.
    Leaves,
}

impl Accounts {
    /// As a number.
    pub(super) fn count(self) -> usize {
        match self {
            Self::None => 0,
            Self::One => 1,
            Self::Two => 2,
        }
    }
}

impl Cast {
    /// Reads it off a scenario.
    pub(super) fn of(scenario: &Scenario) -> Self {
        let users: Vec<User> = users(scenario).collect();
        let named = variables(scenario);
        let names = |name: &str| named.iter().any(|var| var.head() == name);
        let bob = users.contains(&User::Bob) || names("bob") || named.iter().any(|var| var.as_str() == "box@bob");
        // Letters of a deposit go to alice.
        let alice = !users.is_empty() || !scenario.deposit.is_empty() || names("alice") || names("box");
        let accounts = match (bob, alice) {
            (true, _) => Accounts::Two,
            (false, true) => Accounts::One,
            (false, false) => Accounts::None,
        };
        let sink = scenario.sessions.iter().any(|session| session.kind == SessionKind::Sink);
        Self { accounts, sink: if sink { SinkUse::Reads } else { SinkUse::Leaves } }
    }
}

/// Whoever logs in or is looked after by the harness.
fn users(scenario: &Scenario) -> impl Iterator<Item = User> {
    let sessions = scenario.sessions.iter().filter_map(|session| match &session.kind {
        SessionKind::Connection { state, user, .. } => match state {
            State::Authenticated | State::Addressed | State::Selected => Some(*user),
            // Named on purpose, it will be used.
            State::Connected | State::Greeted | State::Ready | State::Secured => (*user == User::Bob).then_some(*user),
        },
        SessionKind::Inbox(user) => Some(*user),
        SessionKind::Sink => None,
    });
    let steps = scenario.setup.iter().chain(&scenario.steps).chain(&scenario.cleanup);
    let logins = steps.filter_map(|step| match &step.action {
        Some(Action::Auth(auth)) => Some(auth.user),
        Some(
            Action::Commands(_)
            | Action::Send(_)
            | Action::Data(_)
            | Action::Bdat(_)
            | Action::Each(_)
            | Action::Open
            | Action::StartTls
            | Action::Deflate
            | Action::Close
            | Action::Abort,
        )
        | None => None,
    });
    sessions.chain(logins)
}
