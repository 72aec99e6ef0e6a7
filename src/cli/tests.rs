//! What `list`, `explain` and `coverage` print.

use std::path::Path;

use super::coverage::Coverage;
use super::{Shipped, explain};
use crate::catalog::Catalog;

fn catalog() -> Catalog {
    let shipped = Shipped::open(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    Catalog::read(shipped.requirements()).unwrap()
}

#[test]
fn a_requirement_is_explained_in_full() {
    let text = explain::explain(&catalog(), "rfc1939-3-byte-stuffing").unwrap();
    insta::assert_snapshot!(text);
}

#[test]
fn an_unknown_requirement_gets_a_hint() {
    let message = explain::explain(&catalog(), "rfc1939-3-byte-stufing").unwrap_err();
    insta::assert_snapshot!(message, @"no requirement `rfc1939-3-byte-stufing`; did you mean `rfc1939-3-byte-stuffing`?");
}

#[test]
fn an_unknown_file_gets_a_hint() {
    let message = explain::list(&catalog(), Some("rfc193")).unwrap_err();
    insta::assert_snapshot!(message, @"no requirements file `rfc193`; did you mean `rfc1939`?");
}

#[test]
fn coverage_counts_the_whole_denominator() {
    let catalog = catalog();
    let rows = || catalog.files().iter().flat_map(|file| &file.requirements);
    let denominator = rows().filter(|row| row.observable.counts() && row.same_as.is_none()).count();
    let text = Coverage::of(&catalog).text("suites: test");
    let last = text.lines().last().unwrap();
    assert!(last.ends_with(&format!("of {denominator} observable requirements are judged (suites: test)")), "{last}");
    let covered: usize = last.split(' ').next().unwrap().parse().unwrap();
    assert!(covered > 10, "invariants cover rows: {last}");
    let json: serde_json::Value = serde_json::from_str(&Coverage::of(&catalog).json()).unwrap();
    assert_eq!(json["covered"], covered);
}

#[test]
fn every_id_that_the_code_accuses_is_in_the_catalogue() {
    let catalog = catalog();
    let ids = [crate::smtp::behind(), crate::smtp::requirements(), crate::pop3::behind(), crate::pop3::requirements()];
    let unknown: Vec<&str> =
        ids.into_iter().flatten().copied().filter(|id| catalog.get(&id.parse().unwrap()).is_none()).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
