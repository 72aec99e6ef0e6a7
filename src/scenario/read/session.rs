//! `session` and `sessions`. docs/suite-language.md section 5.

use super::fields;
use super::mistakes::Mistakes;
use super::tree::{Map, Node};
use crate::base::{SessionName, Template};
use crate::scenario::{ONLY_SESSION, Protocol, Role, SessionDecl, SessionKind, State, User};

/// docs/suite-language.md section 14.
const SESSIONS_MAX: usize = 8;

pub(in crate::scenario) const USERS: [(&str, User); 2] = [("alice", User::Alice), ("bob", User::Bob)];

pub(in crate::scenario) const BESIDE_ROLES: [&str; 4] = ["user", "mailbox", "inbox", "sink"];
pub(in crate::scenario) const ROLES: [(&str, Role); 8] = [
    ("mx", Role::Mx),
    ("submission", Role::Submission),
    ("submissions", Role::Submissions),
    ("pop3", Role::Pop3),
    ("pop3s", Role::Pop3s),
    ("imap", Role::Imap),
    ("imaps", Role::Imaps),
    ("smtp", Role::Smtp),
];

pub(in crate::scenario) const SMTP_STATES: [(&str, State); 6] = [
    ("connected", State::Connected),
    ("greeted", State::Greeted),
    ("ready", State::Ready),
    ("secured", State::Secured),
    ("authenticated", State::Authenticated),
    ("addressed", State::Addressed),
];
pub(in crate::scenario) const POP3_STATES: [(&str, State); 4] = [
    ("connected", State::Connected),
    ("greeted", State::Greeted),
    ("secured", State::Secured),
    ("authenticated", State::Authenticated),
];
pub(in crate::scenario) const IMAP_STATES: [(&str, State); 5] = [
    ("connected", State::Connected),
    ("greeted", State::Greeted),
    ("secured", State::Secured),
    ("authenticated", State::Authenticated),
    ("selected", State::Selected),
];

/// Reads whichever of the two keys is there.
pub(super) fn read(scenario: &Map, mistakes: &mut Mistakes) -> Option<Vec<SessionDecl>> {
    match (scenario.get("session"), scenario.get("sessions")) {
        (Some(_), Some(_)) => {
            mistakes.say(&scenario.key_span("sessions"), "a scenario has `session` or `sessions`, not both");
            None
        }
        (None, None) => {
            mistakes.say(&scenario.head(), "a scenario has `session` or `sessions`");
            None
        }
        (Some(one), None) => {
            let name = ONLY_SESSION.parse().ok()?;
            declaration(name, one, mistakes).map(|session| vec![session])
        }
        (None, Some(several)) => {
            let map = fields::map(several, "`sessions`", mistakes)?;
            if map.entries.len() < 2 {
                mistakes.say(
                    &scenario.key_span("sessions"),
                    "`sessions` has two or more; one alone is `session: { ROLE: STATE }`",
                );
            }
            if map.entries.len() > SESSIONS_MAX {
                mistakes.say(&scenario.key_span("sessions"), "a scenario has at most 8 sessions");
                return None;
            }
            let mut sessions = Vec::new();
            let mut complete = true;
            for (key, value) in &map.entries {
                let session = match key.as_str().parse::<SessionName>() {
                    Ok(name) => declaration(name, value, mistakes),
                    Err(error) => {
                        mistakes.say(&key.span, error.to_string());
                        None
                    }
                };
                complete &= session.is_some();
                sessions.extend(session);
            }
            complete.then_some(sessions)
        }
    }
}

fn declaration(name: SessionName, node: &Node, mistakes: &mut Mistakes) -> Option<SessionDecl> {
    let map = fields::map(node, "a session", mistakes)?;
    let span = map.span.clone();
    if let Some(user) = map.get("inbox") {
        fields::only(map, &["inbox"], "a box", mistakes);
        let user = fields::word(fields::scalar(user, "`inbox`", mistakes)?, &USERS, "account", mistakes)?;
        return Some(SessionDecl { name, kind: SessionKind::Inbox(user), span });
    }
    if let Some(all) = map.get("sink") {
        fields::only(map, &["sink"], "a box", mistakes);
        fields::word(fields::scalar(all, "`sink`", mistakes)?, &[("all", ())], "sink", mistakes)?;
        return Some(SessionDecl { name, kind: SessionKind::Sink, span });
    }
    connection(map, mistakes).map(|kind| SessionDecl { name, kind, span })
}

fn connection(map: &Map, mistakes: &mut Mistakes) -> Option<SessionKind> {
    let known: Vec<&str> = ROLES.iter().map(|(word, _)| *word).chain(BESIDE_ROLES).collect();
    fields::only(map, &known, "a session", mistakes);
    let roles: Vec<_> = map
        .entries
        .iter()
        .filter_map(|(key, value)| {
            ROLES.iter().find(|(word, _)| *word == key.as_str()).map(|(_, role)| (key, *role, value))
        })
        .collect();
    let [(_, role, state)] = roles.as_slice() else {
        let message =
            if roles.is_empty() { "a session names its role: `{ imap: selected }`" } else { "a session has one role" };
        // An unknown key was reported already, and is most likely the role.
        if !roles.is_empty() || map.entries.iter().all(|(key, _)| known.contains(&key.as_str())) {
            mistakes.say(&map.head(), message);
        }
        return None;
    };
    let states: &[(&str, State)] = match role.protocol() {
        Protocol::Smtp => &SMTP_STATES,
        Protocol::Pop3 => &POP3_STATES,
        Protocol::Imap => &IMAP_STATES,
    };
    let state = fields::word(fields::scalar(state, "a state", mistakes)?, states, "state", mistakes)?;
    let user = match map.get("user") {
        Some(user) => fields::word(fields::scalar(user, "`user`", mistakes)?, &USERS, "account", mistakes)?,
        None => User::Alice,
    };
    let mailbox = match map.get("mailbox") {
        Some(_) if state != State::Selected => {
            mistakes.say(&map.key_span("mailbox"), "`mailbox` goes with `selected`");
            None
        }
        Some(node) => {
            let text = fields::scalar(node, "`mailbox`", mistakes)?;
            if !(text.as_str().eq_ignore_ascii_case("INBOX") || text.as_str().starts_with("${")) {
                mistakes.add(text.text.mistake(
                    0..text.text.len(),
                    "names of mailboxes begin with `${box}`; `INBOX` can be selected too",
                ));
            }
            match Template::parse_line(text.as_str()) {
                Ok(template) => Some(template),
                Err(mistake) => {
                    mistakes.of(&text.text, mistake);
                    None
                }
            }
        }
        None => None,
    };
    Some(SessionKind::Connection { role: *role, state, user, mailbox })
}
