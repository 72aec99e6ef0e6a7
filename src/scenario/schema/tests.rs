//! The schema against the reader's keys, and every suite of the checkout against the schema.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::*;
use crate::scenario::read::keys_of;

/// What does not fit, with its place; the part of JSON Schema that `schema` uses.
fn misfits(root: &Value, schema: &Value, value: &Value, place: &str) -> Vec<String> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = reference.trim_start_matches('#').to_owned();
        return misfits(root, root.pointer(&target).unwrap(), value, place);
    }
    let mut found = Vec::new();
    if let Some(choices) = schema.get("anyOf").and_then(Value::as_array) {
        let tries: Vec<Vec<String>> = choices.iter().map(|one| misfits(root, one, value, place)).collect();
        if tries.iter().all(|found| !found.is_empty()) {
            found.extend(tries.into_iter().min_by_key(Vec::len).unwrap_or_default());
        }
    }
    if let Some(kinds) = schema.get("type") {
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        if kinds != kind && !kinds.as_array().is_some_and(|kinds| kinds.iter().any(|one| one == kind)) {
            found.push(format!("{place}: {kind}, not {kinds}"));
        }
    }
    if let Some(words) = schema.get("enum").and_then(Value::as_array)
        && !words.contains(value)
    {
        found.push(format!("{place}: {value} is none of {words:?}"));
    }
    if schema.get("pattern").is_some() && !value.as_str().is_some_and(|text| text.contains("${")) {
        found.push(format!("{place}: {value} holds no variable"));
    }
    if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
        found.extend(values.iter().flat_map(|value| misfits(root, items, value, &format!("{place}[]"))));
    }
    if let Some(map) = value.as_object() {
        for key in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
            if !map.contains_key(key.as_str().unwrap()) {
                found.push(format!("{place}: no {key}"));
            }
        }
        for (key, value) in map {
            let place = format!("{place}.{key}");
            let known = schema.pointer(&format!("/properties/{key}"));
            match (known, schema.get("additionalProperties")) {
                (Some(schema), _) | (None, Some(schema @ Value::Object(_))) => {
                    found.extend(misfits(root, schema, value, &place));
                }
                (None, Some(Value::Bool(false))) => found.push(format!("{place}: unknown")),
                (None, _) => {}
            }
        }
    }
    found
}

fn fits(text: &str) -> Vec<String> {
    let value: Value = serde_saphyr::from_str(text).unwrap();
    let schema = schema();
    misfits(&schema, &schema, &value, "")
}

fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let all = entries.flat_map(|path| if path.is_dir() { yaml_files(&path) } else { vec![path] });
    all.filter(|path| path.extension().is_some_and(|end| end == "yaml")).collect()
}

fn properties(schema: &Value, name: &str) -> BTreeSet<String> {
    let keys = schema.pointer(&format!("/$defs/{name}/properties")).and_then(Value::as_object);
    keys.unwrap_or_else(|| panic!("no {name}")).keys().cloned().collect()
}

#[test]
fn the_schema_has_the_keys_that_the_reader_takes_and_no_other() {
    let schema = schema();
    let session: Vec<&str> = keys_of::ROLES.iter().map(|(word, _)| *word).chain(keys_of::BESIDE_ROLES).collect();
    let places: [(&str, &[&str]); 13] = [
        ("Suite", &keys_of::SUITE),
        ("FragmentFile", &keys_of::FRAGMENT_FILE),
        ("Fragment", &keys_of::FRAGMENT),
        ("Requirement", &keys_of::REQUIREMENT),
        ("Scenario", &keys_of::SCENARIO),
        ("Origin", &keys_of::ORIGIN),
        ("NumberGenerator", &keys_of::NUMBER),
        ("Range", &keys_of::RANGE),
        ("Made", &keys_of::MADE),
        ("Deposit", &keys_of::DEPOSIT),
        ("Session", &session),
        ("Step", &keys_of::STEP),
        ("Auth", &keys_of::AUTH),
    ];
    for (name, keys) in places {
        assert_eq!(properties(&schema, name), keys.iter().map(|key| (*key).to_owned()).collect(), "{name}");
        assert_eq!(schema.pointer(&format!("/$defs/{name}/additionalProperties")), Some(&Value::Bool(false)), "{name}");
    }
    let with_keys = schema["$defs"].as_object().unwrap().iter().filter(|(_, one)| one.get("properties").is_some());
    assert_eq!(with_keys.count(), places.len());
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
}

#[test]
fn every_suite_of_the_checkout_fits_the_schema() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("suites");
    let files = yaml_files(&root).into_iter().filter(|path| !path.starts_with(root.join("requirements")));
    let mut count = 0;
    for path in files {
        let found = fits(&std::fs::read_to_string(&path).unwrap());
        assert!(found.is_empty(), "{}: {found:#?}", path.display());
        count += 1;
    }
    assert!(count > 20, "{count} suites");
}

#[test]
fn what_does_not_fit_is_told() {
    for (text, wanted) in [
        ("suite: a\n", 2),
        ("suite: a\ntitle: A\nscenarios: []\nother: 1\n", 1),
        ("suite: a\ntitle: A\nscenarios:\n  - { id: a, covers: [b], session: { mx: selected }, steps: [] }\n", 1),
        ("suite: a\ntitle: A\nscenarios:\n  - { id: a, covers: [b], session: { mx: '${s}' }, steps: [] }\n", 0),
        ("suite: a\ntitle: A\nscenarios:\n  - { id: a, covers: [b], steps: [{ C: x, S: 250, expect: 1 }] }\n", 1),
        ("fragments: { a: { parameters: [b], steps: [{ do: tls }] } }\n", 0),
        ("fragments: { a: { steps: [{ do: fly }] } }\n", 1),
    ] {
        assert_eq!(fits(text).is_empty(), wanted == 0, "{text} {:?}", fits(text));
    }
}

#[test]
fn the_schema_is_a_snapshot_of_the_language() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&schema()).unwrap());
}
