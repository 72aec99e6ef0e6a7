//! Requirements that a suite brings along, in the catalogue's format.

use super::fields;
use super::mistakes::Mistakes;
use super::tree::{Map, Node};
use crate::base::RequirementId;
use crate::catalog::{Catalog, Level, Observable, Requirement};

pub(in crate::scenario) const KEYS: [&str; 11] =
    ["id", "section", "level", "needs", "text", "probe", "observable", "why_not", "weight", "generative", "same_as"];

const LEVELS: [(&str, Level); 5] = [
    ("must", Level::Must),
    ("must-not", Level::MustNot),
    ("should", Level::Should),
    ("should-not", Level::ShouldNot),
    ("may", Level::May),
];

const OBSERVABLE: [(&str, Observable); 4] = [
    ("yes", Observable::Yes),
    ("delivery", Observable::Delivery),
    ("config", Observable::Config),
    ("no", Observable::No),
];

/// Reads the rows of `requirements`.
pub(super) fn read(node: &Node, catalog: &Catalog, mistakes: &mut Mistakes) -> Vec<Requirement> {
    let Some(list) = fields::list(node, "`requirements`", mistakes) else { return Vec::new() };
    let mut rows: Vec<Requirement> = Vec::new();
    for item in &list.items {
        let Some(map) = fields::map(item, "a requirement", mistakes) else { continue };
        fields::only(map, &KEYS, "a requirement", mistakes);
        let Some(row) = row(map, mistakes) else { continue };
        if catalog.get(&row.id).is_some() || rows.iter().any(|other| other.id == row.id) {
            mistakes.say(&map.key_span("id"), format!("there is another requirement `{}`", row.id));
        }
        rows.push(row);
    }
    rows
}

fn row(map: &Map, mistakes: &mut Mistakes) -> Option<Requirement> {
    let text = |key: &str, mistakes: &mut Mistakes| {
        map.get(key).and_then(|node| fields::scalar(node, &format!("`{key}`"), mistakes))
    };
    let must = |key: &str, mistakes: &mut Mistakes| {
        fields::required(map, key, "a requirement", mistakes)
            .and_then(|node| fields::scalar(node, &format!("`{key}`"), mistakes))
    };
    let id = must("id", mistakes).and_then(|scalar| match scalar.as_str().parse::<RequirementId>() {
        Ok(id) => {
            if !id.as_str().starts_with("local-") {
                let message = "ids of rows outside the catalogue begin with `local-`";
                mistakes.add(scalar.text.mistake(0..scalar.text.len(), message));
            }
            Some(id)
        }
        Err(error) => {
            mistakes.add(scalar.text.mistake(0..scalar.text.len(), error.to_string()));
            None
        }
    });
    let section = text("section", mistakes).map_or_else(String::new, |scalar| scalar.as_str().to_owned());
    let level = must("level", mistakes).and_then(|scalar| fields::word(scalar, &LEVELS, "level", mistakes));
    let sentence = must("text", mistakes).map(|scalar| scalar.as_str().to_owned());
    let observable = must("observable", mistakes)
        .and_then(|scalar| fields::word(scalar, &OBSERVABLE, "word of `observable`", mistakes));
    let weight = fields::required(map, "weight", "a requirement", mistakes)
        .and_then(|node| fields::number(node, "`weight`", mistakes))
        .and_then(|weight| u8::try_from(weight).ok());
    if weight.is_some_and(|weight| !(1..=3).contains(&weight)) {
        mistakes.say(&map.key_span("weight"), "`weight` is 1, 2 or 3");
    }
    let generative = text("generative", mistakes)
        .and_then(|scalar| fields::word(scalar, &[("true", 1), ("false", 0)], "word of `generative`", mistakes));
    let needs = map.get("needs").and_then(|node| fields::list(node, "`needs`", mistakes));
    let needs = needs.map_or_else(Vec::new, |list| {
        list.items
            .iter()
            .filter_map(|item| fields::scalar(item, "a need", mistakes))
            .map(|scalar| scalar.as_str().to_owned())
            .collect()
    });
    let why_not = text("why_not", mistakes).map_or_else(String::new, |scalar| scalar.as_str().to_owned());
    if observable == Some(Observable::No) && why_not.is_empty() {
        mistakes.say(&map.key_span("observable"), "`observable: no` needs a `why_not`");
    }
    Some(Requirement {
        id: id?,
        section,
        level: level?,
        needs,
        text: sentence?,
        probe: text("probe", mistakes).map_or_else(String::new, |scalar| scalar.as_str().to_owned()),
        observable: observable?,
        why_not,
        weight: weight?,
        generative: generative == Some(1),
        same_as: text("same_as", mistakes).and_then(|scalar| scalar.as_str().parse().ok()),
    })
}
