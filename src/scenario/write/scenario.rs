//! Whole scenarios and suites.

use std::collections::BTreeSet;
use std::fmt::Display;

use super::step::{Known, Sessions, step_text};
use super::text::{Place, any_lines, one_line};
use super::value::{generator_text, need_text, value_text};
use crate::base::Template;
use crate::scenario::{
    CASES_DEFAULT, Deposit, Lease, LeaseReason, Mailbox, Messages, Origin, Scenario, SessionDecl, SessionKind, State,
    Step, User,
};

/// Column of a scenario's keys.
const KEYS: usize = 4;

/// A suite file in canonical form. Each scenario's id begins with `suite` and a slash; what follows is written as its
/// id, a row's name joined to it by a hyphen, since a written scenario is no row any more. Rows may have names that are no
/// ids: those are put in lower case, with hyphens for what an id cannot hold, and numbered where two become the same.
pub fn write_suite(suite: &str, title: &str, scenarios: &[Scenario]) -> String {
    let mut taken = BTreeSet::new();
    let written: Vec<String> =
        scenarios.iter().map(|scenario| write_as(&own_id(suite, scenario, &mut taken), scenario)).collect();
    let title = if title.is_empty() { String::new() } else { format!("title: {}\n", any_lines(title, 0)) };
    let written = written.join("\n");
    format!("suite: {}\n{title}scenarios:\n{written}", one_line(suite, Place::Block))
}

/// One scenario as an item of `scenarios`, indented as it stands in a file.
pub fn write_scenario(suite: &str, scenario: &Scenario) -> String {
    write_as(&own_id(suite, scenario, &mut BTreeSet::new()), scenario)
}

/// The id below `suite` under which a scenario is written, unlike all that are taken.
fn own_id(suite: &str, scenario: &Scenario, taken: &mut BTreeSet<String>) -> String {
    let full = scenario.id.as_str();
    let own = full.strip_prefix(suite).and_then(|rest| rest.strip_prefix('/')).unwrap_or(full);
    let legal = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c.to_ascii_lowercase() } else { '-' };
    let slug: String = own.chars().map(legal).collect();
    let mut id = slug.clone();
    let mut number = 1;
    while !taken.insert(id.clone()) {
        number += 1;
        id = format!("{slug}-{number}");
    }
    id
}

fn write_as(id: &str, scenario: &Scenario) -> String {
    let mut out = format!("  - id: {}\n", one_line(id, Place::Block));
    let mut key = |name: &str, value: String| out.push_str(&format!("{:KEYS$}{name}: {value}\n", ""));
    if let Some(note) = &scenario.note {
        key("note", any_lines(note, KEYS));
    }
    if let Some(origin) = &scenario.origin {
        key("origin", origin_text(origin));
    }
    key("covers", words(&scenario.covers));
    if !scenario.needs.is_empty() {
        key("needs", words(scenario.needs.iter().map(need_text)));
    }
    if !scenario.forall.is_empty() {
        let values = scenario.forall.iter().map(|(name, generator)| entry(name.as_str(), &generator_text(generator)));
        key("forall", map(values));
    }
    if scenario.cases != CASES_DEFAULT {
        key("cases", scenario.cases.to_string());
    }
    if let Some(largest) = &scenario.largest {
        key("largest", map([entry(largest.var.as_str(), &format!("{}..{}", largest.from, largest.to))]));
    }
    out.push_str(&values_text(scenario));
    out.push_str(&middle_text(scenario));
    out.push_str(&sessions_text(&scenario.sessions));
    let sessions = if scenario.sessions.len() > 1 { Sessions::Several } else { Sessions::One };
    let judges = match scenario.covers.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    let setup = Known { session: sessions, judges: None };
    out.push_str(&steps_text("setup", &scenario.setup, setup));
    out.push_str(&steps_text("steps", &scenario.steps, Known { session: sessions, judges }));
    out.push_str(&steps_text("cleanup", &scenario.cleanup, setup));
    out
}

fn values_text(scenario: &Scenario) -> String {
    if scenario.values.is_empty() {
        return String::new();
    }
    scenario.values.iter().fold(format!("{:KEYS$}let:\n", ""), |mut out, (name, value)| {
        let name = one_line(name.as_str(), Place::Block);
        out.push_str(&format!("{:KEYS$}  {name}: {}\n", "", value_text(value)));
        out
    })
}

/// The keys between `let` and the sessions.
fn middle_text(scenario: &Scenario) -> String {
    let mut out = String::new();
    let mut key = |name: &str, value: String| out.push_str(&format!("{:KEYS$}{name}: {value}\n", ""));
    if !scenario.deposit.is_empty() {
        key("deposit", map(scenario.deposit.iter().map(deposit_text)));
    }
    if !scenario.allow.is_empty() {
        key("allow", words(&scenario.allow));
    }
    if !scenario.watch.is_empty() {
        key("watch", words(&scenario.watch));
    }
    match scenario.lease {
        Lease::Exclusive(LeaseReason::Written) => key("lease", "exclusive".to_owned()),
        // The reader computes these again.
        Lease::Exclusive(
            LeaseReason::Pop3 | LeaseReason::Inbox | LeaseReason::InboxMailbox | LeaseReason::AccountWide,
        )
        | Lease::Shared => {}
    }
    out
}

fn sessions_text(sessions: &[SessionDecl]) -> String {
    if let [only] = sessions {
        return format!("{:KEYS$}session: {}\n", "", session_text(&only.kind));
    }
    sessions.iter().fold(format!("{:KEYS$}sessions:\n", ""), |mut out, session| {
        let name = one_line(session.name.as_str(), Place::Block);
        out.push_str(&format!("{:KEYS$}  {name}: {}\n", "", session_text(&session.kind)));
        out
    })
}

fn session_text(kind: &SessionKind) -> String {
    match kind {
        SessionKind::Connection { role, state, user, mailbox } => {
            let user = match user {
                User::Alice => None,
                User::Bob => Some("user: bob".to_owned()),
            };
            let mailbox =
                mailbox.as_ref().map(Template::to_line).map(|text| entry("mailbox", &one_line(&text, Place::Flow)));
            map([Some(entry(role.word(), state_word(*state))), user, mailbox].into_iter().flatten())
        }
        SessionKind::Inbox(User::Alice) => "{ inbox: alice }".to_owned(),
        SessionKind::Inbox(User::Bob) => "{ inbox: bob }".to_owned(),
        SessionKind::Sink => "{ sink: all }".to_owned(),
    }
}

fn steps_text(key: &str, steps: &[Step], known: Known<'_>) -> String {
    if steps.is_empty() {
        return String::new();
    }
    steps.iter().fold(format!("{:KEYS$}{key}:\n", ""), |out, step| out + &step_text(step, known, KEYS + 2))
}

fn origin_text(origin: &Origin) -> String {
    map([
        entry("generator", &one_line(&origin.generator, Place::Flow)),
        entry("seed", &origin.seed.to_string()),
        entry("case", &origin.case.to_string()),
        entry("shrunk-from", &origin.shrunk_from.to_string()),
    ])
}

fn deposit_text(deposit: &Deposit) -> String {
    let mailbox = match deposit.mailbox {
        Mailbox::Box => "box",
        Mailbox::Inbox => "INBOX",
    };
    match &deposit.messages {
        Messages::Letters(number) => entry(mailbox, &number.to_string()),
        Messages::Values(names) => entry(mailbox, &words(names.iter().map(|name| name.as_str()))),
    }
}

fn entry(key: &str, value: &str) -> String {
    format!("{}: {value}", one_line(key, Place::Flow))
}

fn map(entries: impl IntoIterator<Item = String>) -> String {
    format!("{{ {} }}", entries.into_iter().collect::<Vec<_>>().join(", "))
}

fn words(words: impl IntoIterator<Item = impl Display>) -> String {
    let words = words.into_iter().map(|word| one_line(&word.to_string(), Place::Flow));
    format!("[{}]", words.collect::<Vec<_>>().join(", "))
}

fn state_word(state: State) -> &'static str {
    match state {
        State::Connected => "connected",
        State::Greeted => "greeted",
        State::Ready => "ready",
        State::Secured => "secured",
        State::Authenticated => "authenticated",
        State::Addressed => "addressed",
        State::Selected => "selected",
    }
}
