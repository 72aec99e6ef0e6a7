//! A suite file as a whole. docs/suite-language.md section 3.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::events;
use super::fields;
use super::fragment::{self, Fragments};
use super::ids::Rows;
use super::library::Library;
use super::mistakes::Mistakes;
use super::octets;
use super::requirements;
use super::rows;
use super::scenario::{Shared, read_scenario};
use super::tree::{Map, Node};
use crate::base::SourceFile;
use crate::scenario::{Diagnostic, Diagnostics, Scenario, Suite};

pub(in crate::scenario) const KEYS: [&str; 6] = ["suite", "title", "include", "requirements", "let", "scenarios"];

/// Reads a suite. `id_from_path` is the path of the file below its root, without `.yaml`; of a file that is a root of
/// its own just its name, with which the written `suite` must then end.
///
/// # Errors
/// All mistakes of the file and of the fragments it includes, sorted by place.
pub fn read_suite(
    source: &Arc<SourceFile>,
    id_from_path: &str,
    library: &Library<'_>,
) -> Result<Suite, Vec<Diagnostic>> {
    let mut mistakes = Mistakes::default();
    let suite = read(source, id_from_path, library, &mut mistakes);
    let found = Diagnostics::new(mistakes.into_vec()).into_vec();
    match suite {
        Some(suite) if found.is_empty() => Ok(suite),
        // A file that was not read has a mistake; should none have been said, that is said.
        Some(_) | None if found.is_empty() => {
            Err(vec![Diagnostic::new(crate::base::Span::new(source, 0, 0), "this file cannot be read as a suite")])
        }
        Some(_) | None => Err(found),
    }
}

/// Reads a file of fragments alone, for `check`.
///
/// # Errors
/// All mistakes that can be seen without the steps being used.
pub fn read_fragments(source: &Arc<SourceFile>) -> Result<(), Vec<Diagnostic>> {
    let mut mistakes = Mistakes::default();
    if let Some(node) = events::parse(source, &mut mistakes) {
        fragment::read_file(&node, &mut Fragments::new(), &mut mistakes);
    }
    let found = Diagnostics::new(mistakes.into_vec()).into_vec();
    if found.is_empty() { Ok(()) } else { Err(found) }
}

fn read(source: &Arc<SourceFile>, path: &str, library: &Library<'_>, mistakes: &mut Mistakes) -> Option<Suite> {
    let root = events::parse(source, mistakes)?;
    let map = fields::map(&root, "a suite file", mistakes)?;
    fields::only(map, &KEYS, "a suite file", mistakes);
    let id = suite_id(map, path, mistakes);
    let title = fields::required(map, "title", "a suite file", mistakes)
        .and_then(|node| fields::prose(node, "`title`", mistakes));
    let fragments =
        map.get("include").map_or_else(Fragments::new, |node| fragment::include(node, source, library, mistakes));
    let own = map.get("requirements").map_or_else(Vec::new, |node| requirements::read(node, library.catalog, mistakes));
    let values = map.get("let").map_or_else(Vec::new, |node| octets::values(node, source, library, mistakes));
    let invariants: BTreeSet<&str> = library.invariants.iter().copied().collect();
    let rows = Rows { catalog: library.catalog, own: &own, invariants: &invariants };
    let shared = Shared { source, library, rows: &rows, fragments: &fragments, values: &values };
    let suite = id.clone().unwrap_or_else(|| path.to_owned());
    let scenarios = scenarios(map, &suite, &shared, mistakes);
    Some(Suite { id: id?, title: title?, requirements: own.clone(), scenarios })
}

fn suite_id(map: &Map, path: &str, mistakes: &mut Mistakes) -> Option<String> {
    let text = fields::scalar(fields::required(map, "suite", "a suite file", mistakes)?, "`suite`", mistakes)?;
    let id = text.as_str();
    let fits = id == path || id.strip_suffix(path).is_some_and(|before| before.ends_with('/'));
    if !fits {
        let message = format!("`suite` is the path of the file below its root: `{path}`");
        mistakes.add(text.text.mistake(0..text.text.len(), message));
    }
    Some(id.to_owned())
}

fn scenarios(map: &Map, suite: &str, shared: &Shared<'_>, mistakes: &mut Mistakes) -> Vec<Scenario> {
    let Some(node) = fields::required(map, "scenarios", "a suite file", mistakes) else { return Vec::new() };
    let Some(list) = fields::list(node, "`scenarios`", mistakes) else { return Vec::new() };
    if list.items.is_empty() {
        mistakes.say(&map.key_span("scenarios"), "`scenarios` has at least one");
    }
    let mut ids = BTreeSet::new();
    let mut all = Vec::new();
    for item in &list.items {
        let Some(scenario) = fields::map(item, "a scenario", mistakes) else { continue };
        let id = scenario_id(scenario, mistakes);
        if let Some((id, span)) = &id
            && !ids.insert(id.clone())
        {
            mistakes.say(span, format!("there is another scenario `{id}`"));
        }
        let id = id.map_or_else(|| "scenario".to_owned(), |(id, _)| id);
        for row in rows::expand(scenario, mistakes) {
            let full = match &row.name {
                Some((name, _)) => format!("{suite}/{id}/{name}"),
                None => format!("{suite}/{id}"),
            };
            match full.parse() {
                Ok(full) => all.extend(read_scenario(full, &row.map, shared, mistakes)),
                Err(_) => {
                    let span = row.name.as_ref().map_or_else(|| scenario.key_span("id"), |(_, span)| span.clone());
                    mistakes
                        .say(&span, "names of scenarios and rows have letters, digits, hyphens, dots and underscores");
                }
            }
        }
    }
    all
}

fn scenario_id(scenario: &Map, mistakes: &mut Mistakes) -> Option<(String, crate::base::Span)> {
    let node: &Node = fields::required(scenario, "id", "a scenario", mistakes)?;
    let text = fields::scalar(node, "`id`", mistakes)?;
    let slug = !text.as_str().is_empty()
        && text.as_str().bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || b"-.".contains(&c));
    if !slug {
        mistakes.add(text.text.mistake(0..text.text.len(), "an id has lower-case letters, digits, hyphens and dots"));
        return None;
    }
    Some((text.as_str().to_owned(), text.span.clone()))
}
