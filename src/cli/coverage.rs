//! `coverage`: the denominator by file, and how much of it is judged. A row with `same_as` counts once, under its canonical id.

use std::fmt::Write as _;

use serde::Serialize;

use crate::base::RequirementId;
use crate::catalog::{Catalog, CatalogFile, Level, Observable};
use crate::scenario::Suite;

/// Rows of one file that are counted there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Row {
    file: String,
    must: usize,
    must_not: usize,
    should: usize,
    should_not: usize,
    may: usize,
    observable: usize,
    unobservable: usize,
    /// Of the observable ones, those that a scenario or an invariant covers.
    covered: usize,
}

/// The rows, by name of file.
pub(super) fn coverage(catalog: &Catalog, suites: &[Suite]) -> Vec<Row> {
    let requirements = catalog.files().iter().flat_map(|file| &file.requirements).map(|row| &row.id);
    let scenarios = suites.iter().flat_map(|suite| &suite.scenarios).flat_map(|scenario| &scenario.covers);
    let watched = requirements.filter(|id| judged_always(id));
    let judged: Vec<&RequirementId> = watched.chain(scenarios).map(|id| catalog.canonical(id)).collect();
    let mut rows: Vec<Row> = catalog.files().iter().map(|file| count(file, &judged)).collect();
    rows.sort_by(|left, right| left.file.cmp(&right.file));
    rows
}

/// Whether an invariant that watches every session is behind this row.
pub(super) fn judged_always(id: &RequirementId) -> bool {
    super::suites::invariants().contains(&id.as_str())
}

fn count(file: &CatalogFile, judged: &[&RequirementId]) -> Row {
    let mut row = Row { file: file.name.clone(), ..Row::default() };
    for requirement in file.requirements.iter().filter(|requirement| requirement.same_as.is_none()) {
        match requirement.level {
            Level::Must => row.must += 1,
            Level::MustNot => row.must_not += 1,
            Level::Should => row.should += 1,
            Level::ShouldNot => row.should_not += 1,
            Level::May => row.may += 1,
        }
        match requirement.observable {
            Observable::Yes | Observable::Delivery | Observable::Config => row.observable += 1,
            Observable::No => row.unobservable += 1,
        }
        row.covered += usize::from(requirement.observable.counts() && judged.contains(&&requirement.id));
    }
    row
}

/// A table for people.
pub(super) fn table(rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.file.len()).max().unwrap_or_default().max("total".len());
    let mut out =
        format!("{:width$}  must must-not should should-not  may  observable  unobservable  covered\n", "file");
    let mut total = Row { file: "total".to_owned(), ..Row::default() };
    for row in rows {
        total.must += row.must;
        total.must_not += row.must_not;
        total.should += row.should;
        total.should_not += row.should_not;
        total.may += row.may;
        total.observable += row.observable;
        total.unobservable += row.unobservable;
        total.covered += row.covered;
    }
    for row in rows.iter().chain([&total]) {
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "{:width$}  {:4} {:8} {:6} {:10} {:4}  {:10}  {:12}  {:7}",
            row.file,
            row.must,
            row.must_not,
            row.should,
            row.should_not,
            row.may,
            row.observable,
            row.unobservable,
            row.covered
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::catalog;

    #[test]
    fn a_row_that_is_counted_elsewhere_is_not_counted_here() {
        let rows = coverage(&catalog(), &[]);
        let wanted =
            Row { file: "f".to_owned(), must: 3, should: 1, may: 1, observable: 4, unobservable: 1, ..Row::default() };
        assert_eq!(rows, [wanted]);
        assert!(table(&rows).lines().last().unwrap().starts_with("total"));
    }
}
