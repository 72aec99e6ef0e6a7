//! The reader as a whole: every suite of the checkout loads, every mistake of the language has its message.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::base::SourceFile;
use crate::catalog::Catalog;
use crate::scenario::{Diagnostic, Diagnostics, Suite};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Stands for the list that the invariants themselves will give.
const INVARIANTS: [&str; 2] = ["rfc3501-7.4.1-expunge-renumbering", "rfc3501-7.4.1-no-expunge-in-fetch"];

fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .flat_map(|path| if path.is_dir() { yaml_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .collect();
    files.sort();
    files
}

fn catalog() -> Catalog {
    let texts: Vec<(String, String)> = yaml_files(&Path::new(ROOT).join("suites/requirements"))
        .iter()
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap()))
        .collect();
    Catalog::read(texts.iter().map(|(name, text)| (name.as_str(), text.as_str()))).unwrap()
}

fn source(name: &str, text: &str) -> Arc<SourceFile> {
    Arc::new(SourceFile { name: name.to_owned(), text: text.to_owned() })
}

/// Shipped fragments for tests, so that fixtures are one file each.
fn std_fragments() -> BTreeMap<String, Arc<SourceFile>> {
    let text = "\
fragments:
  deliver:
    parameters: [to, message]
    steps:
      - C: MAIL FROM:<${sender}>
        S: 250
      - C: RCPT TO:<${to}>
        S: 250 | 251
      - C: DATA
        S: 354
      - data: ${message}
        S: 250
  stat:
    parameters: [sizes]
    steps:
      - C: STAT
        S: +OK ${count} ${sizes}
";
    BTreeMap::from([("smtp".to_owned(), source("std:smtp", text))])
}

fn read(name: &str, text: &str, id: &str, catalog: &Catalog) -> Result<Suite, Vec<Diagnostic>> {
    let fragments = std_fragments();
    let library = Library { catalog, fragments: &fragments, files: &NoFiles, invariants: &INVARIANTS };
    read_suite(&source(name, text), id, &library)
}

#[test]
fn every_suite_of_the_checkout_loads() {
    let catalog = catalog();
    let root = Path::new(ROOT).join("suites");
    let fragments: BTreeMap<String, Arc<SourceFile>> = yaml_files(&root.join("std"))
        .iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, source(&path.to_string_lossy(), &std::fs::read_to_string(path).unwrap()))
        })
        .collect();
    let mut wrong = String::new();
    for path in yaml_files(&root) {
        let name = path.strip_prefix(&root).unwrap().with_extension("").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        if name.starts_with("requirements/") {
            continue;
        }
        let file = source(&path.to_string_lossy(), &text);
        let files = Folder::new(&root);
        // Which invariants there are is checked where they are: here every id may be watched.
        let all: Vec<&str> =
            catalog.files().iter().flat_map(|file| &file.requirements).map(|row| row.id.as_str()).collect();
        let library = Library { catalog: &catalog, fragments: &fragments, files: &files, invariants: &all };
        let found = if text.lines().any(|line| line == "fragments:") {
            read_fragments(&file).err()
        } else {
            let id = path.file_stem().unwrap().to_string_lossy().into_owned();
            read_suite(&file, &id, &library).err()
        };
        wrong.extend(found.map(|all| Diagnostics::new(all).to_string()));
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_mistake_of_the_language_has_its_message() {
    let catalog = catalog();
    let mut others = String::new();
    let mut numbers = std::collections::BTreeSet::new();
    for path in yaml_files(&Path::new(ROOT).join("fixtures/bad-suites")) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let found = read(&format!("{name}.yaml"), &text, "bad", &catalog).unwrap_err();
        let one = name.starts_with("three") || found.len() == 1;
        if !one {
            others.push_str(&format!("{name} has other mistakes too:\n{}", Diagnostics::new(found.clone())));
        }
        if let Ok(number) = name.chars().take_while(char::is_ascii_digit).collect::<String>().parse() {
            numbers.insert(number);
        }
        insta::assert_snapshot!(name, Diagnostics::new(found).to_string());
    }
    assert!(others.is_empty(), "{others}");
    assert_eq!(numbers, (1..=37).collect());
}

#[test]
fn all_mistakes_of_a_file_are_reported_at_once() {
    let text = std::fs::read_to_string(Path::new(ROOT).join("fixtures/bad-suites/three-at-once.yaml")).unwrap();
    let found = read("three.yaml", &text, "bad", &catalog()).unwrap_err();
    assert_eq!(found.len(), 3, "{}", Diagnostics::new(found));
}

#[test]
fn what_cannot_be_seen_is_a_mistake_wherever_it_stands() {
    let text = "\u{feff}suite: one\ntitle: O\u{2028}ne # \u{7}\nscenarios:\n  - id: a\n    covers: [rfc1939-3-keyword-case-insensitive]\n    session: { imap: selected }\n    steps:\n      - C: NOOP\r\n        S: |\n          * 1 H \u{feff} ()\n          OK\n";
    let found = read("one.yaml", text, "one", &catalog()).unwrap_err();
    insta::assert_snapshot!(Diagnostics::new(found).to_string());
}

#[test]
fn a_line_has_as_many_items_as_a_reader_takes_in() {
    let with =
        |items: usize| steps("{ mx: ready }", &format!("      - C: NOOP\n        S: {}251\n", "250 | ".repeat(items)));
    assert!(with(63).is_ok());
    let found = Diagnostics::new(with(64).unwrap_err()).to_string();
    assert!(found.contains("a line of `S` has at most 64 items"), "{found}");
}

/// A suite of one scenario with these lines at its keys.
fn one(keys: &str) -> Result<Suite, Vec<Diagnostic>> {
    let id = "rfc1939-3-keyword-case-insensitive";
    let text = format!("suite: one\ntitle: One\nscenarios:\n  - id: a\n    covers: [{id}]\n{keys}");
    read("one.yaml", &text, "one", &catalog())
}

fn steps(session: &str, steps: &str) -> Result<Suite, Vec<Diagnostic>> {
    one(&format!("    session: {session}\n    steps:\n{steps}"))
}

#[test]
fn the_last_break_of_a_block_is_no_part_of_a_note() {
    let suite =
        steps("{ imap: selected }", "      - C: NOOP\n        S: OK\n        note: |\n          a\n          b\n");
    assert_eq!(suite.unwrap().scenarios[0].steps[0].note.as_deref(), Some("a\nb"));
}

#[test]
fn an_id_or_remark_may_stand_behind_the_end_of_a_body() {
    let text = "      - C: RETR 1\n        S: |\n          +OK\n          ...\n          . ; all of it\n";
    assert!(steps("{ pop3: authenticated }", text).is_ok());
}

#[test]
fn the_text_of_a_literal_has_escapes() {
    let good = "      - C: 'APPEND ${box} {\"a: b\\r\\n\\r\\nc\\r\\n\"}'\n        S: OK\n";
    assert!(steps("{ imap: selected }", good).is_ok());
    let bad = "      - C: 'SEARCH SUBJECT \"a\\r\\n\"'\n        S: OK\n";
    assert!(steps("{ imap: selected }", bad).is_err());
}

#[test]
fn a_letter_of_its_own_may_be_made_from_a_named_one() {
    let keys = |value: &str| {
        format!(
            "    let: {{ letter: '{value}' }}\n    session: {{ imap: selected }}\n    steps:\n      - C: NOOP\n        S: OK\n"
        )
    };
    assert!(one(&keys("${letter.a}${letter.a.size}")).is_ok());
    assert!(one(&keys("${letter.size}")).is_err());
}

#[test]
fn a_name_may_be_a_word_of_yaml() {
    let text = "    sessions:\n      'null': { imap: selected }\n      y: { imap: selected }\n    steps:\n      - in: 'null'\n        C: NOOP\n        S: OK\n";
    assert_eq!(one(text).unwrap().scenarios[0].sessions[0].name.as_str(), "null");
}

/// A generated number that a counterexample holds in `let` counts, compares and repeats as it did before.
#[test]
fn digits_in_let_may_stand_for_a_number() {
    let text = "\
suite: digits
title: Digits
scenarios:
  - id: a
    covers: [rfc5321-4.5.3.1.4-command-line-512]
    let:
      n: 12
      pad: { repeat: x, times: '${n}' }
    session: { mx: ready }
    steps:
      - C: NOOP ${pad}${n}
        S: 250
      - check: ${pad.size} >= ${n}
";
    let found = read("digits.yaml", text, "digits", &catalog()).err().unwrap_or_default();
    assert!(found.is_empty(), "{}", Diagnostics::new(found));
    let words = read("digits.yaml", &text.replace("n: 12", "n: twelve"), "digits", &catalog()).unwrap_err();
    assert_eq!(words.len(), 2, "{}", Diagnostics::new(words));
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "[a-zC-S0-9:{}\\[\\]*&!|>'\"$#,@\\- \n]{0,300}") {
        let catalog = Catalog::default();
        prop_assert!(read("any.yaml", &text, "any", &catalog).is_err());
    }
}
