//! A failing case as a file of its own, and read back from it. docs/suite-language.md section 13.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::base::{RequirementId, SourceFile};
use crate::catalog::{Catalog, Requirement};
use crate::scenario::{Diagnostics, Library, NoFiles, Scenario, read_suite, write_suite};
use crate::{imap, pop3, smtp};

/// The folder in the names of written suites; where the files really lie is the user's choice.
const FOLDER: &str = "counterexamples";

/// What a written scenario may cite.
#[derive(Debug, Clone, Copy)]
pub(super) struct Citable<'a> {
    /// Rows that are there wherever the file is read.
    pub(super) catalog: &'a Catalog,
    /// Rows that suites bring along; those cited go into the file.
    pub(super) local: &'a [Requirement],
}

/// A scenario that was read back from its file.
#[derive(Debug)]
pub(super) struct Written {
    /// Where it lies.
    pub(super) file: PathBuf,
    /// What the file says, or why it cannot be read.
    pub(super) scenario: Result<Scenario, String>,
}

/// Writes a concrete scenario into `folder` as a suite that stands on its own, and reads it again. The error is a
/// lower-case fragment.
pub(super) fn write(folder: &Path, scenario: &Scenario, citable: Citable<'_>) -> Result<Written, String> {
    let name = slug(scenario.origin.as_ref().map_or(scenario.id.as_str(), |origin| origin.generator.as_str()));
    let file = folder.join(format!("{name}.yaml"));
    let text = text_of(&name, scenario, citable)?;
    let told = |error: std::io::Error| format!("{}: {error}", file.display());
    std::fs::create_dir_all(folder).map_err(told)?;
    std::fs::write(&file, &text).map_err(told)?;
    let text = std::fs::read_to_string(&file).map_err(told)?;
    let scenario = read_back(&name, &file, text, citable);
    Ok(Written { file, scenario })
}

fn text_of(name: &str, scenario: &Scenario, citable: Citable<'_>) -> Result<String, String> {
    let suite = format!("{FOLDER}/{name}");
    let case = scenario.origin.as_ref().map_or(0, |origin| origin.case);
    let mut scenario = scenario.clone();
    let from = scenario.id.to_string();
    scenario.id = format!("{suite}/case-{case}").parse().map_err(|_| format!("no name for a case of `{from}`"))?;
    let text = write_suite(&suite, &format!("A case that fails {from}"), std::slice::from_ref(&scenario));
    Ok(with_requirements(text, &scenario, citable))
}

/// Puts the cited rows of other suites in front of the scenarios.
fn with_requirements(text: String, scenario: &Scenario, citable: Citable<'_>) -> String {
    let cited: BTreeSet<&RequirementId> =
        scenario.covers.iter().chain(&scenario.watch).chain(&scenario.allow).collect();
    let is_cited = |row: &&Requirement| cited.contains(&row.id) && citable.catalog.get(&row.id).is_none();
    let rows: String = citable.local.iter().filter(is_cited).map(requirement_text).collect();
    if rows.is_empty() {
        text
    } else {
        text.replacen("\nscenarios:\n", &format!("\nrequirements:\n{rows}scenarios:\n"), 1)
    }
}

/// One row, its keys sorted, without those that say nothing.
fn requirement_text(row: &Requirement) -> String {
    let Ok(value) = serde_json::to_value(row) else { return String::new() };
    let Some(entries) = value.as_object() else { return String::new() };
    let lines = entries.iter().filter(|(_, value)| !value.as_str().is_some_and(str::is_empty)).enumerate();
    lines
        .map(|(at, (key, value))| format!("  {} {key}: {}\n", if at == 0 { "-" } else { " " }, scalar(value)))
        .collect()
}

/// In single quotes, which know no escapes; a list in brackets.
fn scalar(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => format!("'{}'", text.replace('\'', "''").replace(['\r', '\n'], " ")),
        serde_json::Value::Array(items) => {
            format!("[{}]", items.iter().map(scalar).collect::<Vec<_>>().join(", "))
        }
        serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::Object(_) => value.to_string(),
    }
}

fn read_back(name: &str, file: &Path, text: String, citable: Citable<'_>) -> Result<Scenario, String> {
    let source = Arc::new(SourceFile { name: file.display().to_string(), text });
    let invariants: Vec<&str> = smtp::behind().iter().chain(pop3::behind()).chain(imap::behind()).copied().collect();
    let fragments = BTreeMap::new();
    let library = Library { catalog: citable.catalog, fragments: &fragments, files: &NoFiles, invariants: &invariants };
    let suite = read_suite(&source, name, &library).map_err(|mistakes| Diagnostics::new(mistakes).to_string())?;
    suite.scenarios.into_iter().next().ok_or_else(|| "there is no scenario in it".to_owned())
}

/// Small letters, digits and hyphens, so that it is a name in every file system and in the language.
fn slug(id: &str) -> String {
    id.chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '.' { c.to_ascii_lowercase() } else { '-' })
        .collect::<String>()
        .trim_matches(['.', '-'])
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Level, Observable};
    use crate::run::testing::{catalog, scenario};

    fn local(id: &str) -> Requirement {
        Requirement {
            id: id.parse().unwrap(),
            section: "1".to_owned(),
            level: Level::MustNot,
            needs: vec!["PIPELINING".to_owned()],
            text: "It's \"said\": with \\ and #.".to_owned(),
            probe: String::new(),
            observable: Observable::Yes,
            why_not: String::new(),
            weight: 2,
            generative: true,
            same_as: None,
        }
    }

    #[test]
    fn a_file_brings_the_cited_rows_of_other_suites_along() {
        let folder = std::env::temp_dir().join(format!("mailproof-local-{}", std::process::id()));
        let mut wanted = Scenario::clone(&scenario("needs: [PIPELINING]"));
        let id: RequirementId = "local-rule".parse().unwrap();
        wanted.covers = vec![id.clone()];
        wanted.steps.iter_mut().for_each(|step| step.judges = crate::scenario::Judges::Requirement(id.clone()));
        let (catalog, local) = (catalog(), [local("local-rule"), local("local-other")]);
        let written = write(&folder, &wanted, Citable { catalog: &catalog, local: &local }).unwrap();
        let read = written.scenario.unwrap();
        assert_eq!(read.id.as_str(), "counterexamples/t-t-one/case-0");
        wanted.id = read.id.clone();
        assert_eq!(read, wanted);
        insta::assert_snapshot!(std::fs::read_to_string(written.file).unwrap());
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_file_that_cannot_be_read_says_why() {
        let folder = std::env::temp_dir().join(format!("mailproof-broken-{}", std::process::id()));
        let mut wrong = Scenario::clone(&scenario(""));
        wrong.covers = vec!["local-unknown".parse().unwrap()];
        let (catalog, local) = (catalog(), []);
        let written = write(&folder, &wrong, Citable { catalog: &catalog, local: &local }).unwrap();
        assert!(written.scenario.unwrap_err().contains("no such requirement"));
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn names_of_files_are_tame() {
        for (id, name) in [("smtp/rfc5321/4.5.2-x/a/B_c", "smtp-rfc5321-4.5.2-x-a-b-c"), ("../x", "x")] {
            assert_eq!(slug(id), name);
        }
    }
}
