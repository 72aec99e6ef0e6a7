//! `for-each`: one scenario for each row. docs/suite-language.md section 11.

use std::collections::BTreeSet;

use super::fields;
use super::mistakes::Mistakes;
use super::names::PREDEFINED;
use super::tree::{Map, Node, substitute};
use crate::base::Span;

/// docs/suite-language.md section 14.
const ROWS_MAX: usize = 500;

/// A scenario with the cells of one row put in.
#[derive(Debug)]
pub(super) struct Row {
    /// The first cell, which names the row; none without `for-each`.
    pub(super) name: Option<(String, Span)>,
    /// The scenario's map.
    pub(super) map: Map,
}

/// One map for each row; the map itself where there is no `for-each`.
pub(super) fn expand(scenario: &Map, mistakes: &mut Mistakes) -> Vec<Row> {
    let Some(node) = scenario.get("for-each") else { return vec![Row { name: None, map: scenario.clone() }] };
    let Some(list) = fields::list(node, "`for-each`", mistakes) else { return Vec::new() };
    if list.items.is_empty() || list.items.len() > ROWS_MAX {
        mistakes.say(&scenario.key_span("for-each"), "`for-each` has 1 to 500 rows");
        return Vec::new();
    }
    let rows: Vec<Option<&Map>> = list.items.iter().map(|item| fields::map(item, "a row", mistakes)).collect();
    let Some(Some(first)) = rows.first() else { return Vec::new() };
    let columns: Vec<&str> = first.entries.iter().map(|(key, _)| key.as_str()).collect();
    check_columns(scenario, first, mistakes);
    let mut names = BTreeSet::new();
    let mut expanded = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let Some(row) = row else { continue };
        if !same_columns(row, &columns, index + 1, mistakes) {
            continue;
        }
        let Some(read) = one(scenario, row, mistakes) else { continue };
        if let Some((name, span)) = &read.name
            && !names.insert(name.clone())
        {
            mistakes.say(span, format!("there is another row `{name}`"));
        }
        expanded.push(read);
    }
    expanded
}

/// A column may not be named like a variable.
fn check_columns(scenario: &Map, first: &Map, mistakes: &mut Mistakes) {
    let given = ["let", "forall", "largest"].into_iter().filter_map(|key| match scenario.get(key) {
        Some(Node::Map(map)) => Some(map.entries.iter().map(|(name, _)| name.as_str())),
        Some(Node::Scalar(_) | Node::List(_)) | None => None,
    });
    let taken: BTreeSet<&str> = given.flatten().chain(PREDEFINED).collect();
    for (key, _) in &first.entries {
        if taken.contains(key.as_str()) {
            mistakes.say(&key.span, format!("a column may not be named like the variable `${{{}}}`", key.as_str()));
        }
    }
}

fn same_columns(row: &Map, columns: &[&str], number: usize, mistakes: &mut Mistakes) -> bool {
    let before = mistakes.count();
    for column in columns {
        if row.get(column).is_none() {
            mistakes.say(&row.head(), format!("row {number} has no column `{column}`"));
        }
    }
    for (key, _) in &row.entries {
        if !columns.contains(&key.as_str()) {
            mistakes.say(
                &key.span,
                format!("row {number} has a column `{}` that the first row does not have", key.as_str()),
            );
        }
    }
    mistakes.count() == before
}

fn one(scenario: &Map, row: &Map, mistakes: &mut Mistakes) -> Option<Row> {
    let mut cells = Vec::new();
    for (key, node) in &row.entries {
        let cell = fields::dialogue(node, "a cell", mistakes)?;
        cells.push((key.as_str(), cell));
    }
    let lookup = |name: &str| {
        let (key, cell) = cells.iter().find(|(key, _)| *key == name)?;
        let label = format!("`{key}` is `{}` in this row", cell.as_str());
        Some((cell.as_str().to_owned(), (cell.span.clone(), label)))
    };
    let entries = scenario
        .entries
        .iter()
        .filter(|(key, _)| key.as_str() != "for-each")
        .map(|(key, value)| (key.clone(), value.map_texts(&mut |text| substitute(text, &lookup))))
        .collect();
    let (_, first) = cells.first()?;
    let name = Some((first.as_str().to_owned(), first.span.clone()));
    Some(Row { name, map: Map { entries, span: scenario.span.clone() } })
}
