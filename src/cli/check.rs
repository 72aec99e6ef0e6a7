//! `check`: reads suites and tells every mistake of every file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Shipped;
use super::arguments::Check;
use crate::base::SourceFile;
use crate::catalog::Catalog;
use crate::scenario::{Diagnostics, Files, Folder, Library, Suite, read_fragments, read_suite};
use crate::{imap, pop3, smtp};

/// Where the shipped fragments lie: `std:smtp` is `std/smtp.yaml`.
const FRAGMENTS: &str = "std/";

/// Reads the named files and folders, or the shipped suites. All mistakes come back as one text.
pub(super) fn check(shipped: &Shipped, catalog: &Catalog, arguments: &Check) -> Result<String, String> {
    let invariants = invariants();
    let fragments = fragments(shipped);
    let mut counts = Counts::default();
    if arguments.paths.is_empty() {
        counts = read_shipped(shipped, catalog);
    }
    for path in &arguments.paths {
        let root = if path.is_dir() { path.clone() } else { path.parent().map(Path::to_path_buf).unwrap_or_default() };
        let root = if root.as_os_str().is_empty() { PathBuf::from(".") } else { root };
        let files = Folder::new(&root);
        let library = Library { catalog, fragments: &fragments, files: &files, invariants: &invariants };
        for file in suites_below(path)? {
            let text = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            let below = file.strip_prefix(&root).unwrap_or(&file).with_extension("");
            counts.read(&file.to_string_lossy(), &below.to_string_lossy(), &text, &library);
        }
    }
    counts.outcome()
}

/// The suites that come with the program.
pub(super) fn shipped_suites(shipped: &Shipped, catalog: &Catalog) -> Result<Vec<Suite>, String> {
    let counts = read_shipped(shipped, catalog);
    if counts.wrong == 0 { Ok(counts.suites) } else { counts.outcome().map(|_| Vec::new()) }
}

fn read_shipped(shipped: &Shipped, catalog: &Catalog) -> Counts {
    let (invariants, fragments, files) = (invariants(), fragments(shipped), ShippedFiles(shipped));
    let library = Library { catalog, fragments: &fragments, files: &files, invariants: &invariants };
    let mut counts = Counts::default();
    for (path, text) in shipped.files().filter(|(path, _)| is_suite(path)) {
        counts.read(path, path.trim_end_matches(".yaml"), text, &library);
    }
    counts
}

/// Requirement ids that an invariant judges in every session.
pub(super) fn invariants() -> Vec<&'static str> {
    smtp::behind().iter().chain(pop3::behind()).chain(imap::behind()).copied().collect()
}

/// What was read so far.
#[derive(Default)]
struct Counts {
    suites: Vec<Suite>,
    mistakes: String,
    wrong: usize,
}

impl Counts {
    fn read(&mut self, name: &str, id: &str, text: &str, library: &Library<'_>) {
        let source = Arc::new(SourceFile { name: name.to_owned(), text: text.to_owned() });
        let is_fragments = text.lines().any(|line| line.starts_with("fragments:"))
            && !text.lines().any(|line| line.starts_with("scenarios:"));
        let read = if is_fragments {
            read_fragments(&source).map(|()| None)
        } else {
            read_suite(&source, id, library).map(Some)
        };
        match read {
            Ok(suite) => self.suites.extend(suite),
            Err(diagnostics) => {
                self.wrong += diagnostics.len();
                self.mistakes.push_str(&Diagnostics::new(diagnostics).to_string());
                self.mistakes.push('\n');
            }
        }
    }

    fn outcome(self) -> Result<String, String> {
        let scenarios: usize = self.suites.iter().map(|suite| suite.scenarios.len()).sum();
        match (self.wrong, self.suites.len()) {
            (0, 0) => Err("no suite found".to_owned()),
            (0, suites) => Ok(format!("{suites} suites, {scenarios} scenarios, no mistake\n")),
            (wrong, _) => Err(format!("{wrong} mistakes\n{}", self.mistakes.trim_end())),
        }
    }
}

fn is_suite(path: &str) -> bool {
    path.ends_with(".yaml") && !path.starts_with("requirements/")
}

fn fragments(shipped: &Shipped) -> BTreeMap<String, Arc<SourceFile>> {
    let files = shipped.files().filter_map(|(path, text)| {
        let name = path.strip_prefix(FRAGMENTS)?.strip_suffix(".yaml")?;
        Some((name.to_owned(), Arc::new(SourceFile { name: path.to_owned(), text: text.to_owned() })))
    });
    files.collect()
}

/// Files that a shipped suite names lie beside it in the same pack.
#[derive(Debug)]
struct ShippedFiles<'a>(&'a Shipped);

impl Files for ShippedFiles<'_> {
    fn load(&self, from: &SourceFile, path: &str) -> Result<(String, Vec<u8>), String> {
        let folder = from.name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let name = format!("{folder}/{path}");
        let octets = self.0.content(&name).ok_or_else(|| "there is no such file".to_owned())?;
        Ok((name, octets.to_vec()))
    }
}

/// The file itself, or all YAML files below a folder, sorted.
fn suites_below(path: &Path) -> Result<Vec<PathBuf>, String> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        let told = |error: std::io::Error| format!("{}: {error}", folder.display());
        for entry in std::fs::read_dir(&folder).map_err(told)? {
            let place = entry.map_err(told)?.path();
            if place.is_dir() {
                folders.push(place);
            } else if place.extension().is_some_and(|ending| ending == "yaml") {
                found.push(place);
            }
        }
    }
    found.retain(|file| !file.components().any(|part| part.as_os_str() == "requirements"));
    found.sort();
    Ok(found)
}
