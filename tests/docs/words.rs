//! Keys, variables and escapes: what stands in a suite before it is read.

use std::collections::BTreeSet;

use mailproof::scenario::{Diagnostic, variables};

use super::examples::{Reader, all};

/// A suite with a key that nobody knows in each place that has keys; the reader then says which ones it knows.
const UNKNOWN: &str = r#"suite: example
title: Unknown keys
zzz: 1
requirements:
  - { id: local-example, section: "1", level: must, text: An example., observable: "yes", weight: 1 }
scenarios:
  - id: a
    zzz: 1
    covers: [local-example]
    origin: { zzz: 1 }
    forall: { n: { number: { zzz: 1 } } }
    sessions: { one: { mx: ready, zzz: 1 }, other: { mx: ready } }
    steps:
      - { in: one, zzz: 1, C: NOOP, S: 250 }
      - { in: one, auth: { zzz: 1 }, S: 235 }
"#;

pub(super) fn keys_have_examples() -> Result<(), String> {
    let found = Reader::new()?.suite("unknown.yaml", UNKNOWN, "example").err().unwrap_or_default();
    let places: Vec<&Diagnostic> =
        found.iter().filter(|mistake| mistake.message.contains("unknown key `zzz`")).collect();
    // File, scenario, origin, number, session, step, auth.
    if places.len() != 7 {
        return Err(format!("{places:#?}"));
    }
    let known = places.iter().filter_map(|mistake| mistake.help.as_ref()?.strip_prefix("known keys: "));
    let known: BTreeSet<&str> = known.flat_map(|keys| keys.split(", ")).chain(["fragments", "parameters"]).collect();
    let (_, texts) = all()?;
    let written: BTreeSet<&str> = texts.iter().flat_map(|text| keys(text)).collect();
    let missing: Vec<&&str> = known.difference(&written).collect();
    if missing.is_empty() && known.len() > 45 {
        Ok(())
    } else {
        Err(format!("{} keys, missing {missing:?}", known.len()))
    }
}

/// Words with a colon behind them.
fn keys(text: &str) -> impl Iterator<Item = &str> {
    let before = text.split(':').map(|before| {
        let start = before.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '-').map_or(0, |at| at + 1);
        before.get(start..).unwrap_or_default()
    });
    before.filter(|word| !word.is_empty())
}

/// The table of predefined variables in docs/suite-language.md section 4, and the parts below it.
const VARIABLES: [&str; 16] = [
    "token",
    "letter",
    "sender",
    "client",
    "nobody",
    "domain",
    "foreign",
    "box",
    "box@bob",
    "sep",
    "tag",
    "alice.user",
    "alice.password",
    "alice.address",
    "bob.user",
    "bob.address",
];
const PREFIXES: [&str; 3] = ["token.", "letter.", "box."];
const PARTS: [&str; 5] = [".size", ".lines", ".header", ".text", ".structure"];
const ESCAPES: [&str; 8] = [r"\r", r"\n", r"\t", r"\0", r"\\", r"\x", "$${", "\\\""];

pub(super) fn variables_have_examples() -> Result<(), String> {
    let (scenarios, texts) = all()?;
    let named: BTreeSet<String> = scenarios.iter().flat_map(variables).map(|name| name.as_str().to_owned()).collect();
    let mut missing: Vec<&str> = VARIABLES.into_iter().filter(|name| !named.contains(*name)).collect();
    missing.extend(PREFIXES.into_iter().filter(|prefix| !named.iter().any(|name| name.starts_with(prefix))));
    missing.extend(PARTS.into_iter().filter(|part| !named.iter().any(|name| name.ends_with(part))));
    missing.extend(ESCAPES.into_iter().filter(|escape| !texts.iter().any(|text| text.contains(escape))));
    if missing.is_empty() { Ok(()) } else { Err(format!("without example: {missing:?}")) }
}
