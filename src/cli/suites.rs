//! Which suites are read, and from where: the shipped ones, roots beside them, or roots of their own.
//! docs/suite-language.md section 1.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::run::REPORT_FOLDER;
use super::{Origin, Shipped};
use crate::base::SourceFile;
use crate::catalog::Catalog;
use crate::run::LOGIN_INVARIANTS;
use crate::scenario::{Diagnostic, Diagnostics, Files, Folder, Library, Suite, read_fragments, read_suite};
use crate::{imap, pop3, smtp};

/// Where the shipped fragments lie: `std:smtp` is `std/smtp.yaml`.
const FRAGMENTS: &str = "std/";
/// Folder of a root that holds requirements.
const REQUIREMENTS: &str = "requirements";

/// What is to be read.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    /// `--suites DIR`: in place of the shipped suites.
    pub(super) instead: Option<PathBuf>,
    /// `--add-suites DIR`: beside them.
    pub(super) beside: Vec<PathBuf>,
    /// Files and folders that are run alone.
    pub(super) alone: Vec<PathBuf>,
}

/// Suites, and the catalogue with the rows that they bring along.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) catalog: Catalog,
    pub(super) suites: Vec<Suite>,
    /// Which suites these are, for the summary.
    pub(super) origin: String,
}

/// Reads everything that is wanted. All mistakes of all files come back as one text.
pub(super) fn load(wanted: &Wanted) -> Result<Loaded, String> {
    load_only(wanted, &|_| true)
}

/// The same, but of the shipped suites only those whose id `only` wants.
pub(super) fn load_only(wanted: &Wanted, only: &dyn Fn(&str) -> bool) -> Result<Loaded, String> {
    let shipped = Shipped::open(Path::new(".")).map_err(|error| error.to_string())?;
    let roots = roots(wanted)?;
    let mut catalog = read_catalog(&shipped, &roots)?;
    let mut reading = Reading::new(&shipped, &catalog);
    if wanted.alone.is_empty() && wanted.instead.is_none() {
        reading.shipped(only);
    }
    for root in &roots {
        reading.root(root)?;
    }
    let suites = reading.outcome()?;
    let mut errors = Vec::new();
    for suite in suites.iter().filter(|suite| !suite.requirements.is_empty()) {
        errors.extend(catalog.add_local(&suite.id, suite.requirements.clone()));
    }
    if !errors.is_empty() {
        return Err(join(errors.iter().map(ToString::to_string)));
    }
    unique(&suites)?;
    Ok(Loaded { catalog, suites, origin: origin(wanted, shipped.origin()) })
}

/// The catalogue alone, with the rows of the shipped suites.
pub(super) fn shipped_catalog() -> Result<Catalog, String> {
    read_catalog(&Shipped::open(Path::new(".")).map_err(|error| error.to_string())?, &[])
}

/// Reads a text in the place of a file: a suite, none for fragments, or all mistakes as one text.
pub(super) type Read<'a> = &'a dyn Fn(&str) -> Result<Option<Suite>, String>;

/// Hands every suite file of these files and folders on: its path, its text, and how to read a text in its place.
pub(super) fn each_file(paths: &[PathBuf], work: &mut dyn FnMut(&Path, &str, Read<'_>)) -> Result<(), String> {
    let shipped = Shipped::open(Path::new(".")).map_err(|error| error.to_string())?;
    let roots = roots(&Wanted { alone: paths.to_vec(), ..Wanted::default() })?;
    let catalog = read_catalog(&shipped, &roots)?;
    let reading = Reading::new(&shipped, &catalog);
    for root in &roots {
        let files = Folder::new(&root.folder);
        for file in &root.suites {
            let below = file.strip_prefix(&root.folder).unwrap_or(file).with_extension("");
            let (name, id) = (file.to_string_lossy(), below.to_string_lossy());
            work(file, &read(file)?, &|text| {
                reading.one(&name, &id, text, &files).map_err(|found| Diagnostics::new(found).to_string())
            });
        }
    }
    Ok(())
}

/// Requirement ids that an invariant judges in every session.
pub(super) fn invariants() -> Vec<&'static str> {
    let logins = &LOGIN_INVARIANTS;
    smtp::behind().iter().chain(pop3::behind()).chain(imap::behind()).chain(logins).copied().collect()
}

/// One root on the disk.
#[derive(Debug)]
struct Root {
    /// What relative paths may not leave.
    folder: PathBuf,
    /// Its suites, sorted.
    suites: Vec<PathBuf>,
    /// Its requirements files, sorted.
    requirements: Vec<PathBuf>,
}

fn roots(wanted: &Wanted) -> Result<Vec<Root>, String> {
    let own: Vec<&PathBuf> =
        if wanted.alone.is_empty() { wanted.instead.iter().collect() } else { wanted.alone.iter().collect() };
    own.into_iter().chain(&wanted.beside).map(|path| root(path)).collect()
}

fn root(path: &Path) -> Result<Root, String> {
    if !path.exists() {
        return Err(format!("there is no file or folder `{}`", path.display()));
    }
    if !path.is_dir() {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        return Ok(Root { folder: folder.to_owned(), suites: vec![path.to_owned()], requirements: Vec::new() });
    }
    let below = path.join(REQUIREMENTS);
    let (requirements, suites) = yaml_below(path)?.into_iter().partition(|file| file.starts_with(&below));
    Ok(Root { folder: path.to_owned(), suites, requirements })
}

/// All YAML files below a folder, sorted.
fn yaml_below(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        let told = |error: std::io::Error| format!("{}: {error}", folder.display());
        for entry in std::fs::read_dir(&folder).map_err(told)? {
            let entry = entry.map_err(told)?;
            let (place, kind) = (entry.path(), entry.file_type().map_err(told)?);
            // A link to a folder may lead in a circle. What a run found is no suite.
            if kind.is_dir() {
                folders.extend(Some(place).filter(|place| !place.ends_with(REPORT_FOLDER)));
            } else if place.extension().is_some_and(|ending| ending == "yaml") {
                found.push(place);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The shipped rows, and those of the roots, whose ids begin with `local-`.
fn read_catalog(shipped: &Shipped, roots: &[Root]) -> Result<Catalog, String> {
    let mut own = Vec::new();
    for file in roots.iter().flat_map(|root| &root.requirements) {
        let text = read(file)?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        // A root that holds the shipped catalogue, such as another checkout, adds nothing to it.
        if shipped.requirements().all(|(other, same)| other != name || same != text) {
            own.push((file.to_string_lossy().into_owned(), text));
        }
    }
    let own_rows = own.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let catalog = shipped.catalog(own_rows).map_err(|errors| join(errors.iter().map(ToString::to_string)))?;
    let files = catalog.files().iter().filter(|file| own.iter().any(|(name, _)| *name == file.name));
    let foreign = files.flat_map(|file| file.requirements.iter().map(move |row| (&file.name, &row.id)));
    let foreign: Vec<String> = foreign
        .filter(|(_, id)| !id.as_str().starts_with("local-"))
        .map(|(name, id)| format!("{name}: `{id}`: ids of rows outside the catalogue begin with `local-`"))
        .collect();
    if foreign.is_empty() { Ok(catalog) } else { Err(join(foreign)) }
}

/// Full ids are unique over all roots.
fn unique(suites: &[Suite]) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    let scenarios = suites.iter().flat_map(|suite| &suite.scenarios);
    let twice: Vec<String> = scenarios
        .filter(|scenario| !seen.insert(scenario.id.as_str()))
        .map(|scenario| format!("{}: there is another scenario `{}`", scenario.span.place(), scenario.id))
        .collect();
    if twice.is_empty() { Ok(()) } else { Err(join(twice)) }
}

fn origin(wanted: &Wanted, shipped: &Origin) -> String {
    let own: Vec<String> = if !wanted.alone.is_empty() {
        wanted.alone.iter().map(|path| path.display().to_string()).collect()
    } else {
        vec![wanted.instead.as_ref().map_or_else(|| shipped.to_string(), |path| path.display().to_string())]
    };
    let all: Vec<String> = own.into_iter().chain(wanted.beside.iter().map(|path| path.display().to_string())).collect();
    format!("suites: {}", all.join(", "))
}

/// What was read so far.
struct Reading<'a> {
    shipped: &'a Shipped,
    catalog: &'a Catalog,
    invariants: Vec<&'static str>,
    fragments: BTreeMap<String, Arc<SourceFile>>,
    suites: Vec<Suite>,
    mistakes: String,
    wrong: usize,
}

impl<'a> Reading<'a> {
    fn new(shipped: &'a Shipped, catalog: &'a Catalog) -> Self {
        Self {
            shipped,
            catalog,
            invariants: invariants(),
            fragments: fragments(shipped),
            suites: Vec::new(),
            mistakes: String::new(),
            wrong: 0,
        }
    }

    fn shipped(&mut self, only: &dyn Fn(&str) -> bool) {
        let (shipped, files) = (self.shipped, ShippedFiles(self.shipped));
        for path in shipped.paths() {
            let Some(id) = path.strip_suffix(".yaml").filter(|id| !id.starts_with("requirements/")) else { continue };
            if only(id)
                && let Some(text) = shipped.text(path)
            {
                self.read(&files.name(path), id, text, &files);
            }
        }
    }

    fn root(&mut self, root: &Root) -> Result<(), String> {
        let files = Folder::new(&root.folder);
        for file in &root.suites {
            let below = file.strip_prefix(&root.folder).unwrap_or(file).with_extension("");
            self.read(&file.to_string_lossy(), &below.to_string_lossy(), &read(file)?, &files);
        }
        Ok(())
    }

    fn read(&mut self, name: &str, id: &str, text: &str, files: &dyn Files) {
        match self.one(name, id, text, files) {
            Ok(suite) => self.suites.extend(suite),
            Err(diagnostics) => {
                self.wrong += diagnostics.len();
                self.mistakes.push_str(&Diagnostics::new(diagnostics).to_string());
                self.mistakes.push('\n');
            }
        }
    }

    /// Reads one file; none if it holds fragments.
    fn one(&self, name: &str, id: &str, text: &str, files: &dyn Files) -> Result<Option<Suite>, Vec<Diagnostic>> {
        let library =
            Library { catalog: self.catalog, fragments: &self.fragments, files, invariants: &self.invariants };
        let source = Arc::new(SourceFile { name: name.to_owned(), text: text.to_owned() });
        let is_fragments = text.lines().any(|line| line.starts_with("fragments:"))
            && !text.lines().any(|line| line.starts_with("scenarios:"));
        if is_fragments { read_fragments(&source).map(|()| None) } else { read_suite(&source, id, &library).map(Some) }
    }

    fn outcome(self) -> Result<Vec<Suite>, String> {
        match self.wrong {
            0 => Ok(self.suites),
            1 => Err(format!("1 mistake\n{}", self.mistakes.trim_end())),
            wrong => Err(format!("{wrong} mistakes\n{}", self.mistakes.trim_end())),
        }
    }
}

fn read(file: &Path) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

fn join(lines: impl IntoIterator<Item = String>) -> String {
    lines.into_iter().collect::<Vec<_>>().join("\nerror: ")
}

fn fragments(shipped: &Shipped) -> BTreeMap<String, Arc<SourceFile>> {
    let files = shipped.paths().filter_map(|path| {
        let name = path.strip_prefix(FRAGMENTS)?.strip_suffix(".yaml")?;
        let text = shipped.text(path)?.to_owned();
        Some((name.to_owned(), Arc::new(SourceFile { name: path.to_owned(), text })))
    });
    files.collect()
}

/// Files that a shipped suite names lie beside it in the same pack.
#[derive(Debug)]
struct ShippedFiles<'a>(&'a Shipped);

impl ShippedFiles<'_> {
    /// What stands before a path in the pack, so that people and editors find the file in a checkout.
    fn before(&self) -> &'static str {
        match self.0.origin() {
            Origin::Embedded => "",
            Origin::Folder(_) => "suites/",
        }
    }

    fn name(&self, path: &str) -> String {
        format!("{}{path}", self.before())
    }
}

impl Files for ShippedFiles<'_> {
    fn load(&self, from: &SourceFile, path: &str) -> Result<(String, Vec<u8>), String> {
        let below = from.name.strip_prefix(self.before()).unwrap_or(&from.name);
        let folder = below.rsplit_once('/').map_or("", |(folder, _)| folder);
        let below = format!("{folder}/{path}");
        let octets = self.0.content(&below).ok_or_else(|| "there is no such file".to_owned())?;
        Ok((self.name(&below), octets.to_vec()))
    }
}
