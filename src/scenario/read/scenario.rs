//! One scenario: its parts are read, then held against each other. docs/suite-language.md section 3.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::bind;
use super::domains;
use super::fields;
use super::fragment::{Fragments, names};
use super::generated::{self, Generated};
use super::ids::Rows;
use super::judge;
use super::lease;
use super::library::Library;
use super::limits;
use super::mistakes::Mistakes;
use super::needs::{self, ReadNeed};
use super::octets::{self, Let};
use super::replies;
use super::session;
use super::step::StepReader;
use super::text::Text;
use super::tree::{Map, Node};
use super::uses::{ReadStep, Sound};
use crate::base::{RequirementId, ScenarioId, SourceFile, Span, VarRef};
use crate::scenario::{Largest, Lease, LeaseReason, Scenario, SessionDecl};

/// docs/suite-language.md section 14.
const STEPS_MAX: usize = 500;

pub(in crate::scenario) const KEYS: [&str; 19] = [
    "id", "note", "origin", "covers", "needs", "for-each", "forall", "cases", "largest", "let", "deposit", "allow",
    "watch", "lease", "session", "sessions", "setup", "steps", "cleanup",
];

/// What all scenarios of a file share.
#[derive(Clone, Copy)]
pub(super) struct Shared<'a> {
    pub(super) source: &'a Arc<SourceFile>,
    pub(super) library: &'a Library<'a>,
    pub(super) rows: &'a Rows<'a>,
    pub(super) fragments: &'a Fragments,
    pub(super) values: &'a [Let],
}

/// An id with its place.
pub(super) type Cited = (RequirementId, Span);

/// A scenario as read, for the passes that hold its parts against each other.
pub(super) struct Draft<'a> {
    pub(super) map: &'a Map,
    pub(super) rows: &'a Rows<'a>,
    pub(super) covers: Vec<Cited>,
    pub(super) watch: Vec<Cited>,
    pub(super) allow: Vec<Cited>,
    pub(super) needs: Vec<ReadNeed>,
    pub(super) forall: Vec<Generated>,
    pub(super) largest: Option<(Largest, Span)>,
    /// Those of the file first; one name may stand twice, which is a mistake.
    pub(super) values: Vec<Let>,
    pub(super) deposits: Vec<(VarRef, Span)>,
    pub(super) sessions: Vec<SessionDecl>,
    pub(super) setup: Vec<ReadStep>,
    pub(super) steps: Vec<ReadStep>,
    pub(super) cleanup: Vec<ReadStep>,
}

impl Draft<'_> {
    /// Setup and steps in the order in which they run.
    pub(super) fn played(&self) -> impl Iterator<Item = &ReadStep> {
        self.setup.iter().chain(&self.steps)
    }
}

/// Reads one scenario. None if it could not be read; mistakes say why.
#[expect(clippy::too_many_lines, reason = "one part after the other, each a line or two")]
pub(super) fn read_scenario(
    id: ScenarioId,
    map: &Map,
    shared: &Shared<'_>,
    mistakes: &mut Mistakes,
) -> Option<Scenario> {
    fields::only(map, &KEYS, "a scenario", mistakes);
    let before = mistakes.count();
    let note = map.get("note").and_then(|node| fields::prose(node, "`note`", mistakes));
    let origin = map.get("origin").and_then(|node| generated::origin(node, mistakes));
    let cited = |key: &str, mistakes: &mut Mistakes| {
        map.get(key).map_or_else(Vec::new, |node| cited(node, key, shared.rows, mistakes))
    };
    let (covers, watch, allow) = (cited("covers", mistakes), cited("watch", mistakes), cited("allow", mistakes));
    if map.get("covers").is_none() {
        mistakes.say(&map.head(), "a scenario has no `covers`: a finding must accuse a requirement");
    } else if covers.is_empty() && mistakes.count() == 0 {
        mistakes.say(&map.key_span("covers"), "`covers` names at least one requirement");
    }
    let needs = map.get("needs").map_or_else(Vec::new, |node| needs::read(node, mistakes));
    let forall = map.get("forall").map_or_else(Vec::new, |node| generated::forall(node, mistakes));
    let cases = generated::cases(map, mistakes);
    let largest = map.get("largest").and_then(|node| generated::largest(node, mistakes));
    let own =
        map.get("let").map_or_else(Vec::new, |node| octets::values(node, shared.source, shared.library, mistakes));
    let values: Vec<Let> = shared.values.iter().cloned().chain(own).collect();
    let (deposit, deposits) =
        map.get("deposit").map_or_else(Default::default, |node| generated::deposit(node, mistakes));
    let written = map.get("lease").and_then(|node| fields::scalar(node, "`lease`", mistakes)).and_then(|text| {
        fields::word(text, &[("exclusive", Lease::Exclusive(LeaseReason::Written))], "lease", mistakes)
    });
    let steps_node = fields::required(map, "steps", "a scenario", mistakes);
    let sessions = session::read(map, mistakes)?;
    let mut reader = StepReader::new(&sessions, shared.rows, shared.fragments, taken(map, &values));
    let setup = map.get("setup").map_or_else(Vec::new, |node| reader.list(node, "`setup`", " of setup", mistakes));
    let steps = steps_node.map_or_else(Vec::new, |node| reader.list(node, "`steps`", "", mistakes));
    let cleanup =
        map.get("cleanup").map_or_else(Vec::new, |node| reader.list(node, "`cleanup`", " of cleanup", mistakes));
    if setup.len() + steps.len() + cleanup.len() > STEPS_MAX {
        mistakes.say(&map.key_span("steps"), "a scenario has at most 500 steps");
        return None;
    }
    let sound = if mistakes.count() == before { Sound::Whole } else { Sound::Broken };
    domains::check(map, mistakes);
    let mut draft = Draft {
        map,
        rows: shared.rows,
        covers,
        watch,
        allow,
        needs,
        forall,
        largest,
        values,
        deposits,
        sessions: sessions.clone(),
        setup,
        steps,
        cleanup,
    };
    bind::check(&draft, mistakes);
    replies::check(&draft, mistakes);
    judge::check(&mut draft, sound, mistakes);
    needs::check(&draft, mistakes);
    limits::check(&draft, mistakes);
    let lease = written.unwrap_or_else(|| lease::compute(&draft, &deposit, mistakes));
    let plain = |cited: &[Cited]| cited.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>();
    let kept = |steps: Vec<ReadStep>| steps.into_iter().map(|read| read.step).collect::<Vec<_>>();
    Some(Scenario {
        id,
        note,
        origin,
        covers: plain(&draft.covers),
        needs: draft.needs.iter().map(|need| need.need.clone()).collect(),
        forall: draft.forall.iter().map(|(var, generator, _)| (var.clone(), generator.clone())).collect(),
        cases,
        largest: draft.largest.map(|(largest, _)| largest),
        values: draft.values.into_iter().map(|one| (one.name, one.value)).collect(),
        deposit,
        allow: plain(&draft.allow),
        watch: plain(&draft.watch),
        lease,
        sessions,
        setup: kept(draft.setup),
        steps: kept(draft.steps),
        cleanup: kept(draft.cleanup),
        span: map.span.clone(),
    })
}

/// A list of ids that must all be known.
fn cited(node: &Node, key: &str, rows: &Rows<'_>, mistakes: &mut Mistakes) -> Vec<Cited> {
    let Some(list) = fields::list(node, &format!("`{key}`"), mistakes) else { return Vec::new() };
    let mut all: Vec<Cited> = Vec::new();
    for item in &list.items {
        let Some(text) = fields::scalar(item, "a requirement id", mistakes) else { continue };
        let Some(id) = rows.read(&text.text, mistakes) else { continue };
        if all.iter().any(|(other, _)| *other == id) {
            mistakes.add(text.text.mistake(0..text.text.len(), format!("`{id}` stands twice")));
            continue;
        }
        all.push((id, text.text.place()));
    }
    all
}

/// All names of variables that a scenario uses, so that a fragment's own are kept apart.
fn taken(map: &Map, values: &[Let]) -> BTreeSet<String> {
    let mut taken: BTreeSet<String> = values.iter().map(|one| one.name.head().to_owned()).collect();
    let mut add = |text: &Text| taken.extend(names(text));
    map.entries.iter().for_each(|(_, value)| value.each_text(&mut |text| add(text)));
    for key in ["forall", "largest", "let"] {
        if let Some(Node::Map(map)) = map.get(key) {
            taken.extend(map.entries.iter().map(|(name, _)| name.as_str().to_owned()));
        }
    }
    taken
}
