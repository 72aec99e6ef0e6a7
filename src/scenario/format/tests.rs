//! The layout, by example and over every suite of the checkout.

use std::path::{Path, PathBuf};

use super::*;

fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .flat_map(|path| if path.is_dir() { yaml_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .collect();
    files.sort();
    files
}

#[test]
fn tokens_are_laid_out_anew() {
    let source = "\r
# About the file.


suite:   a/b   # where it lies
title: 'Title'
let:
    m: |+
        a

          b

    n:   { repeat: 'x', times:   '${n}' }


scenarios:
- id: one
  # why
  covers:
  - a-1
  - 'b-2'
  session: {imap: selected}
  steps:
  -   C: '* NOOP'
      S: |2
         text
        more
      note: \"x\"
  - send: ['a\\r', 'b', '#c' ]   # segments

    # the end of one
- id: two
  steps:
     - do: open

# the end
";
    insta::assert_snapshot!(format(source).unwrap());
}

#[test]
fn what_is_laid_out_already_stays_as_it_is() {
    let source = "suite: a\ntitle: A\nscenarios:\n  - id: a\n    steps:\n      - { C: NOOP, S: OK }\n";
    assert_eq!(format(source).unwrap(), source);
}

#[test]
fn what_is_not_sure_is_refused() {
    let table = [
        ("a: &x b\n", Unsure::Token),
        ("a: !t b\n", Unsure::Token),
        ("---\na: b\n", Unsure::Token),
        ("- a\n", Unsure::Token),
        ("a:\n  - - b\n", Unsure::Token),
        ("a: b\n  c\n", Unsure::Lines),
        ("a: [b, # c\n  d]\n", Unsure::Comment),
        ("a:\n  - # c\n    b: c\n", Unsure::Comment),
    ];
    for (source, why) in table {
        assert_eq!(format(source), Err(why), "{source}");
    }
    assert!(matches!(format("a: [\n"), Err(Unsure::Yaml(_))));
}

#[test]
fn every_suite_of_the_checkout_is_laid_out_once_and_says_the_same() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut count = 0;
    for path in
        yaml_files(&root.join("suites")).iter().filter(|path| !path.starts_with(root.join("suites/requirements")))
    {
        let source = std::fs::read_to_string(path).unwrap();
        let laid = format(&source).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        assert_eq!(format(&laid).unwrap(), laid, "{}", path.display());
        assert!(same::same(&source, &laid), "{}", path.display());
        count += 1;
    }
    assert!(count > 20, "{count} suites");
}

#[test]
fn what_the_writer_wrote_stays_as_it_is() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("suites/regressions/written-out.yaml");
    let source = std::fs::read_to_string(path).unwrap();
    assert_eq!(format(&source).unwrap(), source);
}

#[test]
fn broken_suites_are_refused_or_say_the_same() {
    for path in yaml_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bad-suites")) {
        let source = std::fs::read_to_string(&path).unwrap();
        if let Ok(laid) = format(&source) {
            assert!(same::same(&source, &laid), "{}", path.display());
            assert_eq!(format(&laid), Ok(laid.clone()), "{}", path.display());
        }
    }
}
