//! `coverage`: how much of the catalogue is judged.

use std::fmt::Write as _;

use serde::Serialize;

use crate::base::RequirementId;
use crate::catalog::{Catalog, Requirement};
use crate::{pop3, smtp};

/// Figures of the whole catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Coverage {
    /// One entry a requirements file, in the order of their names.
    files: Vec<FileCoverage>,
    /// Rows of the denominator.
    observable: usize,
    /// Of these, judged.
    covered: usize,
}

/// Figures of one file. A row with `same_as` counts in the file of the row it names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct FileCoverage {
    file: String,
    must: Figures,
    should: Figures,
    may: Figures,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
struct Figures {
    observable: usize,
    covered: usize,
}

/// Whether an invariant that watches every session is behind this row.
pub(super) fn judged_by_invariant(id: &RequirementId) -> bool {
    smtp::behind().iter().chain(pop3::behind()).any(|judged| *judged == id.as_str())
}

impl Coverage {
    /// Counts every observable row without `same_as`; an invariant behind a row that has one covers the row it names.
    pub(super) fn of(catalog: &Catalog) -> Self {
        let rows = || catalog.files().iter().flat_map(|file| &file.requirements);
        let judged: Vec<&RequirementId> =
            rows().filter(|row| judged_by_invariant(&row.id)).map(|row| catalog.canonical(&row.id)).collect();
        let mut files: Vec<FileCoverage> = catalog
            .files()
            .iter()
            .map(|file| FileCoverage {
                file: file.name.clone(),
                must: figures(&file.requirements, &judged, |row| row.level.is_must()),
                should: figures(&file.requirements, &judged, |row| row.level.is_should()),
                may: figures(&file.requirements, &judged, |row| row.level.is_may()),
            })
            .collect();
        files.sort_by(|a, b| a.file.cmp(&b.file));
        let all = || files.iter().flat_map(|file| [file.must, file.should, file.may]);
        let (observable, covered) = (all().map(|f| f.observable).sum(), all().map(|f| f.covered).sum());
        Self { files, observable, covered }
    }

    /// A table for people.
    pub(super) fn text(&self, origin: &str) -> String {
        let mut out = format!("{:<20} {:>12} {:>12} {:>12}\n", "covered/observable", "must", "should", "may");
        let cell = |figures: Figures| format!("{}/{}", figures.covered, figures.observable);
        for file in &self.files {
            let (must, should, may) = (cell(file.must), cell(file.should), cell(file.may));
            // Writing to a string cannot fail.
            let _never = writeln!(out, "{:<20} {must:>12} {should:>12} {may:>12}", file.file);
        }
        let _never =
            writeln!(out, "\n{} of {} observable requirements are judged ({origin})", self.covered, self.observable);
        out
    }

    /// The same for programs.
    pub(super) fn json(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("strings and numbers alone always have a JSON form");
        text + "\n"
    }
}

fn figures(rows: &[Requirement], judged: &[&RequirementId], level: impl Fn(&Requirement) -> bool) -> Figures {
    let counted = rows.iter().filter(|row| level(row) && row.observable.counts() && row.same_as.is_none());
    counted.fold(Figures::default(), |sum, row| Figures {
        observable: sum.observable + 1,
        covered: sum.covered + usize::from(judged.contains(&&row.id)),
    })
}
