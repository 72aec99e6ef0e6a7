//! Requirement files into one catalogue.

use std::collections::BTreeMap;

use serde::Deserialize;
use thiserror::Error;

use super::{Requirement, Subject};
use crate::base::{RequirementId, as_shown, closest};

/// All requirements, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalog {
    files: Vec<CatalogFile>,
    /// Position in `files`, position in its rows.
    index: BTreeMap<RequirementId, (usize, usize)>,
}

/// One requirements file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogFile {
    /// Name without `.yaml`, such as `rfc5321`.
    pub name: String,
    /// RFC number; a subject that cuts across RFCs may have none.
    pub rfc: Option<u32>,
    /// Title of the RFC or subject.
    pub title: String,
    /// What it is about.
    pub subject: Subject,
    /// Its rows, in the order of the file.
    pub requirements: Vec<Requirement>,
}

/// A requirements file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file}: {message}")]
pub struct CatalogError {
    /// The file.
    pub file: String,
    /// What is wrong.
    pub message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    rfc: Option<u32>,
    title: String,
    protocol: Subject,
    #[serde(default)]
    #[expect(dead_code, reason = "part of the format, for people")]
    obsoletes: Vec<u32>,
    #[serde(default)]
    #[expect(dead_code, reason = "part of the format, for people")]
    source: Option<String>,
    #[serde(default)]
    #[expect(dead_code, reason = "part of the format, for people")]
    sources: Vec<String>,
    requirements: Vec<Requirement>,
}

impl Catalog {
    /// Reads files given as (name without `.yaml`, text). All mistakes of all files are reported at once.
    pub fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Vec<CatalogError>> {
        Self::read_prepared([], files)
    }

    /// As [`Catalog::read`], with files in front that `build.rs` has turned into JSON.
    pub fn read_prepared<'a>(
        prepared: impl IntoIterator<Item = (&'a str, &'a str)>,
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Vec<CatalogError>> {
        let json = |(name, json)| (name, serde_json::from_str(json).map_err(|error| error.to_string()));
        let yaml = |(name, text)| (name, serde_saphyr::from_str(text).map_err(|error| error.to_string()));
        let forms = prepared.into_iter().map(json).chain(files.into_iter().map(yaml));
        let mut catalog = Self::default();
        let mut errors = Vec::new();
        for (name, form) in forms {
            let name: &str = name;
            let form: Result<FileForm, String> = form;
            match form {
                Ok(form) => errors.extend(catalog.add(name, form.into_file(name))),
                Err(error) => {
                    let message: Vec<String> = error.lines().map(as_shown).collect();
                    errors.push(CatalogError { file: name.to_owned(), message: message.join("\n") });
                }
            }
        }
        errors.extend(catalog.check_references());
        if errors.is_empty() { Ok(catalog) } else { Err(errors) }
    }

    /// Adds requirements that a suite brings along (`local-…`), under the suite's name.
    pub fn add_local(&mut self, suite: &str, requirements: Vec<Requirement>) -> Vec<CatalogError> {
        let file = CatalogFile {
            name: suite.to_owned(),
            rfc: None,
            title: format!("Requirements of {suite}"),
            subject: Subject::Message,
            requirements,
        };
        self.add(suite, file)
    }

    fn add(&mut self, name: &str, file: CatalogFile) -> Vec<CatalogError> {
        let position = self.files.len();
        let mut errors = Vec::new();
        for (row, requirement) in file.requirements.iter().enumerate() {
            if self.index.insert(requirement.id.clone(), (position, row)).is_some() {
                errors
                    .push(CatalogError { file: name.to_owned(), message: format!("{} stands twice", requirement.id) });
            }
        }
        self.files.push(file);
        errors
    }

    /// `same_as` names a row that exists and has no `same_as` itself; a row that nobody can observe says why.
    fn check_references(&self) -> Vec<CatalogError> {
        let mut errors = Vec::new();
        for file in &self.files {
            for row in &file.requirements {
                let target = row.same_as.as_ref().map(|id| (id, self.get(id)));
                let message = match target {
                    Some((id, None)) => format!("{}: same_as names {id}, which does not exist", row.id),
                    Some((id, Some(named))) if named.same_as.is_some() => {
                        format!("{}: same_as names {id}, which has a same_as itself", row.id)
                    }
                    Some(_) | None if !row.observable.counts() && row.why_not.is_empty() => {
                        format!("{}: observable is no, but why_not is empty", row.id)
                    }
                    Some(_) | None if !(1..=3).contains(&row.weight) => format!("{}: weight is 1, 2 or 3", row.id),
                    Some(_) | None => continue,
                };
                errors.push(CatalogError { file: file.name.clone(), message });
            }
        }
        errors
    }

    /// The row with this id.
    pub fn get(&self, id: &RequirementId) -> Option<&Requirement> {
        let (file, row) = self.index.get(id)?;
        self.files.get(*file)?.requirements.get(*row)
    }

    /// The file that holds this id.
    pub fn file_of(&self, id: &RequirementId) -> Option<&CatalogFile> {
        self.index.get(id).and_then(|(file, _)| self.files.get(*file))
    }

    /// The row that is counted for this id: its `same_as`, or itself.
    pub fn canonical<'a>(&'a self, id: &'a RequirementId) -> &'a RequirementId {
        self.get(id).and_then(|row| row.same_as.as_ref()).unwrap_or(id)
    }

    /// The id closest to a word that is none, for "did you mean".
    pub fn closest(&self, word: &str) -> Option<&str> {
        closest(word, self.index.keys().map(RequirementId::as_str))
    }

    /// All files, in the order read.
    pub fn files(&self) -> &[CatalogFile] {
        &self.files
    }
}

impl FileForm {
    fn into_file(self, name: &str) -> CatalogFile {
        CatalogFile {
            name: name.to_owned(),
            rfc: self.rfc,
            title: self.title,
            subject: self.protocol,
            requirements: self.requirements,
        }
    }
}
