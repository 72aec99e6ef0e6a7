//! Steps. docs/suite-language.md section 6.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::action;
use super::answer::{self, ReadAnswer};
use super::check;
use super::command::Tagging;
use super::fields;
use super::fragment::{self, Fragments};
use super::ids::Rows;
use super::item::{Asked, Handshake};
use super::mistakes::Mistakes;
use super::text::Text;
use super::tree::{Map, Node};
use super::uses::{For, ReadStep, Sent};
use crate::base::{SessionName, closest};
use crate::scenario::{Action, Answer, Judges, Mark, Protocol, SessionDecl, SessionKind, Step, WITHIN_DEFAULT};

/// docs/suite-language.md section 14: `within` and `until` are at most 10m.
const WAIT_MAX: Duration = Duration::from_secs(600);

pub(in crate::scenario) const KEYS: [&str; 17] = [
    "in", "C", "send", "data", "bdat", "each", "auth", "do", "use", "cut", "with", "S", "check", "for", "within",
    "until", "note",
];

/// What was sent on a session and not yet answered.
#[derive(Debug, Default)]
struct Pending {
    lines: Vec<Text>,
    continues: bool,
}

/// Reads the steps of one scenario in order.
pub(super) struct StepReader<'a> {
    pub(super) sessions: &'a [SessionDecl],
    pub(super) rows: &'a Rows<'a>,
    pub(super) fragments: &'a Fragments,
    /// Names of variables that are in use.
    pub(super) taken: BTreeSet<String>,
    pending: BTreeMap<SessionName, Pending>,
}

/// What a fragment's step takes from the step that uses it.
#[derive(Clone, Copy)]
struct Outer<'a> {
    session: &'a SessionDecl,
    judges: &'a For,
}

impl<'a> StepReader<'a> {
    pub(super) fn new(
        sessions: &'a [SessionDecl],
        rows: &'a Rows<'a>,
        fragments: &'a Fragments,
        taken: BTreeSet<String>,
    ) -> Self {
        Self { sessions, rows, fragments, taken, pending: BTreeMap::new() }
    }

    /// Reads one of the three lists; `suffix` is ` of setup` or nothing.
    pub(super) fn list(&mut self, node: &Node, what: &str, suffix: &str, mistakes: &mut Mistakes) -> Vec<ReadStep> {
        let Some(list) = fields::list(node, what, mistakes) else { return Vec::new() };
        let mut steps = Vec::new();
        for (index, item) in list.items.iter().enumerate() {
            let name = format!("step {}{suffix}", index + 1);
            let Some(map) = fields::map(item, "a step", mistakes) else { continue };
            fields::only(map, &KEYS, "a step", mistakes);
            steps.extend(self.step(map, &name, mistakes));
        }
        steps
    }

    fn step(&mut self, map: &Map, name: &str, mistakes: &mut Mistakes) -> Vec<ReadStep> {
        let key = action::key(map, mistakes);
        let acts = key.or_else(|| map.get("S").map(|_| "S"));
        let session = self.session(map, acts, mistakes);
        let judges = self.judges(map, mistakes);
        if let (Some("use"), Some(node)) = (key, map.get("use")) {
            for other in KEYS.iter().filter(|key| !["in", "use", "with", "for", "note"].contains(key)) {
                if map.get(other).is_some() && !action::ACTIONS.contains(other) {
                    mistakes.say(&map.key_span(other), format!("`{other}` belongs to the steps of the fragment"));
                }
            }
            let (Some(session), Some(name_of)) = (session, fields::dialogue(node, "`use`", mistakes)) else {
                return Vec::new();
            };
            let Some(steps) = fragment::expand(map, &name_of.text, self.fragments, &mut self.taken, mistakes) else {
                return Vec::new();
            };
            mistakes.enter(name_of.span.clone(), "used here");
            let outer = Outer { session, judges: &judges };
            let mut read = Vec::new();
            for step in &steps {
                fields::only(step, &KEYS, "a step", mistakes);
                let key = action::key(step, mistakes).filter(|key| *key != "use");
                read.extend(self.one(step, key, name, outer, mistakes));
            }
            mistakes.leave();
            return read;
        }
        if map.get("with").is_some() {
            mistakes.say(&map.key_span("with"), "`with` goes with `use`");
        }
        let Some(session) = session else { return Vec::new() };
        let outer = Outer { session, judges: &judges };
        self.one(map, key, name, outer, mistakes).into_iter().collect()
    }

    fn session(&self, map: &Map, acts: Option<&str>, mistakes: &mut Mistakes) -> Option<&'a SessionDecl> {
        let Some(node) = map.get("in") else {
            if self.sessions.len() > 1 && acts.is_some() {
                mistakes.say(&map.head(), "several sessions: say `in:`");
                return None;
            }
            return self.sessions.first();
        };
        let word = fields::scalar(node, "`in`", mistakes)?;
        let found = self.sessions.iter().find(|session| session.name.as_str() == word.as_str());
        if found.is_none() {
            let names = || self.sessions.iter().map(|session| session.name.as_str());
            // Names of sessions are short: one wrong letter is most of `bx`.
            let slip = || names().find(|name| strsim::levenshtein(name, word.as_str()) == 1);
            let guess = closest(word.as_str(), names()).or_else(slip);
            let hint = guess.map_or_else(String::new, |guess| format!("; did you mean `{guess}`?"));
            mistakes.add(word.text.mistake(0..word.text.len(), format!("no session `{}`{hint}", word.as_str())));
        }
        found
    }

    fn judges(&self, map: &Map, mistakes: &mut Mistakes) -> For {
        let Some(text) = map.get("for").and_then(|node| fields::scalar(node, "`for`", mistakes)) else {
            return For::Unsaid;
        };
        if text.as_str() == "setup" {
            return For::Setup;
        }
        // An unknown id was reported; the step then counts as setup, so that nothing follows from it.
        self.rows.read(&text.text, mistakes).map_or(For::Setup, |id| For::Requirement(id, text.span.clone()))
    }

    #[expect(clippy::too_many_lines, reason = "one key after the other, each a line or two")]
    fn one(
        &mut self,
        map: &Map,
        key: Option<&'static str>,
        name: &str,
        outer: Outer<'_>,
        mistakes: &mut Mistakes,
    ) -> Option<ReadStep> {
        let session = outer.session;
        let protocol = protocol_of(session);
        let pending = self.pending.entry(session.name.clone()).or_default();
        let tagging = if pending.continues { Tagging::Continuation } else { Tagging::Command };
        let before = mistakes.count();
        let done = key.and_then(|key| map.get(key).map(|node| (key, node)));
        let done = done.and_then(|(key, node)| action::read(key, node, protocol, tagging, mistakes));
        let broken = key.is_some() && done.is_none();
        let (action, mut sent) = done.map_or_else(|| (None, Sent::default()), |(action, sent)| (Some(action), sent));
        let cut = map.get("cut").and_then(|node| action::cut(node, mistakes));
        if map.get("cut").is_some() && !matches!(key, Some("C" | "send" | "data" | "bdat")) {
            mistakes.say(&map.key_span("cut"), "`cut` goes with `C`, `send`, `data` or `bdat`");
        }
        let cut = cut.map(|(cut, uses)| {
            sent.uses.extend(uses);
            cut
        });
        pending.lines.extend(sent.lines.iter().cloned());
        let handshake = if action == Some(Action::StartTls) { Handshake::Tls } else { Handshake::None };
        let asked = Asked { kind: &session.kind, lines: &pending.lines, handshake };
        let answer = map.get("S").and_then(|node| fields::dialogue(node, "`S`", mistakes));
        let read = answer.map_or_else(ReadAnswer::default, |text| answer::read(text, &asked, self.rows, mistakes));
        if answer.is_some() {
            pending.lines.clear();
            pending.continues = continues(&read, tagging, action.as_ref());
        }
        let (checks, check_uses) = map
            .get("check")
            .and_then(|node| fields::dialogue(node, "`check`", mistakes))
            .map_or_else(Default::default, |text| check::read(text, self.rows, mistakes));
        if action.is_none()
            && map.get("S").is_none()
            && map.get("check").is_none()
            && !broken
            && mistakes.count() == before
        {
            mistakes.say(&map.head(), "a step has at least one of an action, `S` and `check`");
        }
        let wait = |key: &str, mistakes: &mut Mistakes| {
            map.get(key).and_then(|node| fields::duration(node, &format!("`{key}`"), WAIT_MAX, mistakes))
        };
        let within = wait("within", mistakes).unwrap_or(WITHIN_DEFAULT);
        let until = wait("until", mistakes);
        if until.is_some() && !matches!(key, None | Some("C" | "auth")) {
            mistakes.say(&map.key_span("until"), "`until` repeats `C` or `auth`, or polls a box");
        }
        let note = map.get("note").and_then(|node| fields::prose(node, "`note`", mistakes));
        Some(ReadStep {
            step: Step {
                session: session.name.clone(),
                action,
                cut,
                answer: read.answer,
                checks,
                judges: Judges::Setup,
                within,
                until,
                note,
                span: map.span.clone(),
            },
            name: name.to_owned(),
            sent,
            answer: read.uses,
            checks: check_uses,
            action: key.map_or_else(|| map.head(), |key| map.key_span(key)),
            reply: answer.map_or_else(|| map.head(), |text| text.span.clone()),
            judges: outer.judges.clone(),
        })
    }
}

/// The protocol of a session; a box has none.
pub(super) fn protocol_of(session: &SessionDecl) -> Option<Protocol> {
    match &session.kind {
        SessionKind::Connection { role, .. } => Some(role.protocol()),
        SessionKind::Inbox(_) | SessionKind::Sink => None,
    }
}

/// IMAP: whether a command is open behind this answer, so that the next `C` has no tag.
fn continues(read: &ReadAnswer, before: Tagging, action: Option<&Action>) -> bool {
    let patterns: Vec<String> = read
        .answer
        .iter()
        .flat_map(Answer::lines)
        .filter(|line| matches!(line.mark, Mark::Plain | Mark::Then))
        .flat_map(|line| &line.items)
        .filter(|item| item.end.is_none())
        .filter_map(|item| item.expect.imap().map(ToString::to_string))
        .collect();
    let plus = patterns.iter().any(|pattern| pattern.starts_with('+'));
    let tagged = patterns.iter().any(|pattern| !pattern.starts_with(['*', '+']));
    plus || (before == Tagging::Continuation && action.is_none() && !tagged)
}
