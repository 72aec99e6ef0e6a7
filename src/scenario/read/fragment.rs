//! Fragments: steps with holes. docs/suite-language.md section 12.

use std::collections::{BTreeMap, BTreeSet};

use super::events;
use super::fields;
use super::library::Library;
use super::mistakes::Mistakes;
use super::names::PREDEFINED;
use super::octets::load_source;
use super::text::{Text, variables};
use super::tree::{List, Map, Node, substitute};
use crate::base::{SourceFile, Span, closest};
use crate::scenario::Diagnostic;

/// The keys of a fragment file.
pub(in crate::scenario) const FILE_KEYS: [&str; 1] = ["fragments"];
/// The keys of a fragment.
pub(in crate::scenario) const KEYS: [&str; 2] = ["parameters", "steps"];

/// Steps with parameters.
#[derive(Debug, Clone)]
pub(super) struct Fragment {
    pub(super) parameters: Vec<String>,
    pub(super) steps: List,
}

/// Texts of parameters, each with its place and what it is.
type Arguments = BTreeMap<String, (String, (Span, String))>;

/// All fragments that a file includes, by name.
pub(super) type Fragments = BTreeMap<String, Fragment>;

/// Reads the files of `include`.
pub(super) fn include(node: &Node, file: &SourceFile, library: &Library<'_>, mistakes: &mut Mistakes) -> Fragments {
    let mut all = Fragments::new();
    let Some(list) = fields::list(node, "`include`", mistakes) else { return all };
    for item in &list.items {
        let Some(path) = fields::scalar(item, "a file of `include`", mistakes) else { continue };
        let Some(source) = load_source(path, file, library, mistakes) else { continue };
        mistakes.enter(path.span.clone(), "included here");
        if let Some(node) = events::parse(&source, mistakes) {
            read_file(&node, &mut all, mistakes);
        }
        mistakes.leave();
    }
    all
}

/// Reads a file that has only `fragments`.
pub(super) fn read_file(node: &Node, all: &mut Fragments, mistakes: &mut Mistakes) {
    let Some(map) = fields::map(node, "a fragment file", mistakes) else { return };
    fields::only(map, &FILE_KEYS, "a fragment file", mistakes);
    let Some(found) = fields::required(map, "fragments", "a fragment file", mistakes) else { return };
    let Some(found) = fields::map(found, "`fragments`", mistakes) else { return };
    for (name, node) in &found.entries {
        let Some(fragment) = one(node, mistakes) else { continue };
        if all.insert(name.as_str().to_owned(), fragment).is_some() {
            mistakes.say(&name.span, format!("there is another fragment `{}`", name.as_str()));
        }
    }
}

fn one(node: &Node, mistakes: &mut Mistakes) -> Option<Fragment> {
    let map = fields::map(node, "a fragment", mistakes)?;
    fields::only(map, &KEYS, "a fragment", mistakes);
    let mut parameters = Vec::new();
    if let Some(list) = map.get("parameters").and_then(|node| fields::list(node, "`parameters`", mistakes)) {
        for item in &list.items {
            let Some(name) = fields::scalar(item, "a parameter", mistakes) else { continue };
            if PREDEFINED.contains(&name.as_str()) {
                mistakes.say(
                    &name.span,
                    format!("a parameter may not be named like the variable `${{{}}}`", name.as_str()),
                );
            }
            parameters.push(name.as_str().to_owned());
        }
    }
    let steps = fields::required(map, "steps", "a fragment", mistakes)?;
    let steps = fields::list(steps, "`steps`", mistakes)?.clone();
    for step in steps.items.iter().filter_map(|item| if let Node::Map(step) = item { Some(step) } else { None }) {
        for key in ["in", "for", "use"] {
            if step.get(key).is_some() {
                let message = match key {
                    "use" => "fragments do not use fragments".to_owned(),
                    _ => format!("the steps of a fragment take `{key}` from the step that uses it"),
                };
                mistakes.say(&step.key_span(key), message);
            }
        }
    }
    Some(Fragment { parameters, steps })
}

/// The steps of a `use` with its parameters put in. Variables bound inside get names that nothing else has.
pub(super) fn expand(
    step: &Map,
    name: &Text,
    fragments: &Fragments,
    taken: &mut BTreeSet<String>,
    mistakes: &mut Mistakes,
) -> Option<Vec<Map>> {
    let Some(fragment) = fragments.get(name.as_str()) else {
        let guess = closest(name.as_str(), fragments.keys().map(String::as_str));
        let hint = guess.map_or_else(String::new, |guess| format!("; did you mean `{guess}`?"));
        let message = format!("no fragment `{}`{hint}", name.as_str());
        mistakes.add(name.mistake(0..name.len(), message));
        return None;
    };
    let arguments = arguments(step, name, fragment, mistakes)?;
    let lookup = |word: &str| arguments.get(word).cloned();
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    let mut inner = BTreeSet::new();
    fragment.steps.items.iter().for_each(|item| item.each_text(&mut |text| inner.extend(names(text))));
    inner.retain(|head| !fragment.parameters.contains(head) && !PREDEFINED.contains(&head.as_str()));
    for head in inner {
        let new = if taken.contains(&head) {
            (2_u32..).map(|number| format!("{head}-{number}")).find(|new| !taken.contains(new))?
        } else {
            head.clone()
        };
        taken.insert(new.clone());
        if head != new {
            renamed.insert(head, new);
        }
    }
    let mut change = |text: &Text| {
        let put_in = substitute(text, &lookup);
        let rename = |word: &str| {
            let head = word.split(['.', '@']).next().unwrap_or_default();
            renamed.get(head).map(|new| word.replacen(head, new, 1))
        };
        rename_inner(&put_in, &rename)
    };
    let steps = fragment.steps.items.iter().filter_map(|item| match item {
        Node::Map(map) => Some(map.map_texts(&mut change)),
        Node::Scalar(_) | Node::List(_) => None,
    });
    Some(steps.collect())
}

fn arguments(step: &Map, name: &Text, fragment: &Fragment, mistakes: &mut Mistakes) -> Option<Arguments> {
    let mut arguments = BTreeMap::new();
    if let Some(with) = step.get("with").and_then(|node| fields::map(node, "`with`", mistakes)) {
        for (key, node) in &with.entries {
            let Some(value) = fields::dialogue(node, "a parameter", mistakes) else { continue };
            let label = format!("`{}` is `{}` here", key.as_str(), value.as_str());
            arguments.insert(key.as_str().to_owned(), (value.as_str().to_owned(), (value.span.clone(), label)));
            if !fragment.parameters.iter().any(|known| known == key.as_str()) {
                let message = format!("{}; there is no `{}`", takes(name, fragment), key.as_str());
                mistakes.say(&key.span, message);
            }
        }
    }
    let missing: Vec<String> = fragment
        .parameters
        .iter()
        .filter(|known| !arguments.contains_key(*known))
        .map(|known| format!("`{known}`"))
        .collect();
    if missing.is_empty() {
        return Some(arguments);
    }
    let verb = if missing.len() == 1 { "is" } else { "are" };
    let message = format!("{}; {} {verb} missing", takes(name, fragment), missing.join(" and "));
    mistakes.add(Diagnostic::new(name.place(), message));
    None
}

fn takes(name: &Text, fragment: &Fragment) -> String {
    let parameters: Vec<String> = fragment.parameters.iter().map(|known| format!("`{known}`")).collect();
    match parameters.as_slice() {
        [] => format!("`{}` takes no parameters", name.as_str()),
        all => format!("`{}` takes {}", name.as_str(), all.join(", ")),
    }
}

/// Heads of the variables in a text.
pub(super) fn names(text: &Text) -> Vec<String> {
    let head = |name: String| name.split(['.', '@']).next().unwrap_or_default().to_owned();
    variables(text.as_str()).into_iter().map(|found| head(found.name)).collect()
}

/// Gives the variables that the fragment itself writes their new names; those of parameters stay.
fn rename_inner(text: &Text, rename: &dyn Fn(&str) -> Option<String>) -> Text {
    let mut out = Text::default();
    let mut at = 0;
    for found in variables(text.as_str()) {
        let Some(new) = rename(&found.name).filter(|_| !text.is_inserted(found.range.start)) else { continue };
        if found.range.start > at {
            out.append(&text.slice(at..found.range.start));
        }
        out.append(&Text::whole(text.span(found.range.clone()), &format!("${{{new}}}")));
        at = found.range.end;
    }
    if at == 0 {
        return text.clone();
    }
    if at < text.len() {
        out.append(&text.slice(at..text.len()));
    }
    out
}
