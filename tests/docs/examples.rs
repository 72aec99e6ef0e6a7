//! Every example of every page, read as what it is: a suite or a piece of one, a target, a server, requirements.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use mailproof::base::SourceFile;
use mailproof::catalog::Catalog;
use mailproof::cli::Shipped;
use mailproof::scenario::{
    Diagnostic, Diagnostics, FACTS, Files, Library, Scenario, Suite, read_fragments, read_suite,
};
use mailproof::target::{read_expected, read_target};
use mailproof::{imap, pop3, smtp};

use super::pages::{Block, pages, yaml};
use crate::trials::root;

/// The requirement that a piece of a suite covers where it names none.
const LOCAL: &str = "requirements:\n  - { id: local-example, section: \"1\", level: must, text: An example., \
                     observable: \"yes\", weight: 1 }\n";

/// What an example is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Suite,
    Scenarios,
    Steps,
    Keys,
    Fragments,
    Target,
    Server,
    Expected,
    Requirements,
    Workflow,
}

/// What can be read at all.
pub(super) struct Reader {
    catalog: Catalog,
    fragments: BTreeMap<String, Arc<SourceFile>>,
    invariants: Vec<&'static str>,
}

/// The files that examples name.
struct ExampleFiles;

impl Files for ExampleFiles {
    fn load(&self, _: &SourceFile, path: &str) -> Result<(String, Vec<u8>), String> {
        match path {
            "messages/folded.eml" => Ok((path.to_owned(), b"Subject: a\r\n b\r\n\r\ntext\r\n".to_vec())),
            _ => Err("there is no such file".to_owned()),
        }
    }
}

impl Reader {
    pub(super) fn new() -> Result<Self, String> {
        let shipped = Shipped::open(root()).map_err(|error| error.to_string())?;
        let catalog = Catalog::read(shipped.requirements())
            .map_err(|errors| errors.iter().map(|error| format!("{error}\n")).collect::<String>())?;
        let fragments = shipped.files().filter_map(|(path, text)| {
            let name = path.strip_prefix("std/")?.strip_suffix(".yaml")?;
            Some((name.to_owned(), source(path, text)))
        });
        let invariants = smtp::behind().iter().chain(pop3::behind()).chain(imap::behind()).copied().collect();
        Ok(Self { fragments: fragments.collect(), catalog, invariants })
    }

    /// Reads a suite.
    pub(super) fn suite(&self, name: &str, text: &str, id: &str) -> Result<Suite, Vec<Diagnostic>> {
        let library = Library {
            catalog: &self.catalog,
            fragments: &self.fragments,
            files: &ExampleFiles,
            invariants: &self.invariants,
        };
        read_suite(&source(name, text), id, &library)
    }
}

/// The scenarios of all examples, and the texts that they were read from; read once.
pub(super) fn all() -> Result<&'static (Vec<Scenario>, Vec<String>), String> {
    static ALL: LazyLock<Result<(Vec<Scenario>, Vec<String>), String>> = LazyLock::new(read_all);
    ALL.as_ref().map_err(Clone::clone)
}

pub(super) fn load() -> Result<(), String> {
    let (scenarios, texts) = all()?;
    let counted = (scenarios.len(), texts.len());
    if counted.0 > 25 && counted.1 > 30 { Ok(()) } else { Err(format!("only {counted:?} scenarios and examples")) }
}

fn read_all() -> Result<(Vec<Scenario>, Vec<String>), String> {
    let reader = Reader::new()?;
    let (mut scenarios, mut texts, mut wrong) = (Vec::new(), Vec::new(), String::new());
    for path in pages() {
        for block in yaml(&path)? {
            match read(&reader, &block) {
                Ok((found, text)) => {
                    scenarios.extend(found);
                    texts.push(text);
                }
                Err(message) => wrong.push_str(&format!("{}: {message}\n", block.place)),
            }
        }
    }
    if wrong.is_empty() { Ok((scenarios, texts)) } else { Err(wrong) }
}

fn read(reader: &Reader, block: &Block) -> Result<(Vec<Scenario>, String), String> {
    let kind = kind(&block.text);
    let text = whole(block, kind);
    let told = |found: Vec<Diagnostic>| format!("{}\n{text}", Diagnostics::new(found));
    let mut scenarios = Vec::new();
    match kind {
        Kind::Suite => {
            let id = value(&text, "suite").ok_or("no `suite`")?;
            scenarios = reader.suite(&block.place, &text, &id).map_err(told)?.scenarios;
        }
        Kind::Scenarios | Kind::Steps | Kind::Keys => {
            scenarios = reader.suite(&block.place, &text, "example").map_err(told)?.scenarios;
        }
        Kind::Fragments => read_fragments(&source(&block.place, &text)).map_err(told)?,
        Kind::Target => target(&text)?,
        Kind::Server => server(&text)?,
        Kind::Expected => {
            let read = read_expected(&source(&block.place, &text));
            read.map_err(|errors| errors.iter().map(ToString::to_string).collect::<String>())?;
        }
        Kind::Requirements => {
            let read = Catalog::read([("rfc5321", text.as_str())]);
            read.map_err(|errors| errors.iter().map(|error| format!("{error}\n")).collect::<String>())?;
        }
        Kind::Workflow => workflow(&text)?,
    }
    // Pieces of suites are searched for constructs; what else there is must not be taken for one.
    let searched = matches!(kind, Kind::Suite | Kind::Scenarios | Kind::Steps | Kind::Keys | Kind::Fragments);
    Ok((scenarios, if searched { block.text.clone() } else { String::new() }))
}

/// By the first key; a piece of a suite begins with something that no whole file has.
fn kind(text: &str) -> Kind {
    let first = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#')).unwrap_or_default();
    let has = |key: &str| text.lines().any(|line| line.starts_with(key));
    match first {
        line if line.starts_with("suite:") => Kind::Suite,
        line if line.starts_with("fragments:") => Kind::Fragments,
        line if line.starts_with("target:") && has("server:") => Kind::Server,
        line if line.starts_with("target:") => Kind::Target,
        line if line.starts_with("known:") || line.starts_with("inconclusive:") => Kind::Expected,
        line if line.starts_with("rfc:") => Kind::Requirements,
        line if line.starts_with("name:") => Kind::Workflow,
        line if line.starts_with("- id:") => Kind::Scenarios,
        line if line.starts_with("- ") => Kind::Steps,
        _ => Kind::Keys,
    }
}

/// The example as a whole file.
fn whole(block: &Block, kind: Kind) -> String {
    let head = format!("suite: example\ntitle: An example\ninclude: [std:smtp, std:imap]\n{LOCAL}scenarios:\n");
    match kind {
        Kind::Suite
        | Kind::Fragments
        | Kind::Target
        | Kind::Server
        | Kind::Expected
        | Kind::Requirements
        | Kind::Workflow => block.text.clone(),
        Kind::Scenarios => format!("{head}{}", indented(&block.text, 2)),
        Kind::Steps => format!("{head}{}    steps:\n{}", scenario(block, ""), indented(&block.text, 6)),
        Kind::Keys => format!("{head}{}", scenario(block, &block.text)),
    }
}

/// The scenario around a piece: what the comment above it says, and the requirement of its own where it names none.
fn scenario(block: &Block, keys: &str) -> String {
    let context: String = block.context.iter().map(|line| format!("{line}\n")).collect();
    let keys = format!("{context}{keys}");
    let covers = if value(&keys, "covers").is_some() { "" } else { "    covers: [local-example]\n" };
    format!("  - id: example\n{covers}{}", indented(&keys, 4))
}

fn indented(text: &str, by: usize) -> String {
    let lines = text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("{:by$}{line}\n", "") });
    lines.collect()
}

/// The value of a key at the beginning of a line.
fn value(text: &str, key: &str) -> Option<String> {
    let rest = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
    Some(rest.split(" #").next().unwrap_or_default().trim().to_owned())
}

/// A target file names certificates beside it, and passwords of the environment.
fn target(text: &str) -> Result<(), String> {
    let folder = Temporary::new("target", &[("certs/ca.pem", "-----BEGIN CERTIFICATE-----\n")])?;
    let name = folder.0.join("target.yaml").to_string_lossy().into_owned();
    let facts = FACTS.map(|fact| fact.name);
    let read = read_target(&source(&name, text), &facts, &|_| Some("secret".to_owned()));
    read.map(|_| ()).map_err(|errors| errors.iter().map(|error| format!("{error}\n")).collect())
}

/// A server is read by the program itself, from a folder that looks like a checkout.
fn server(text: &str) -> Result<(), String> {
    let name = value(text, "target").ok_or("no `target`")?;
    let path = format!("fixtures/servers/{name}");
    let files = [
        ("suites/requirements/none".to_owned(), ""),
        (format!("{path}/server.yaml"), text),
        (format!("{path}/Dockerfile"), "FROM scratch\n"),
        (format!("{path}/x.conf"), "x\n"),
    ];
    let folder = Temporary::new("server", &files.each_ref().map(|(path, text)| (path.as_str(), *text)))?;
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_mailproof"))
        .arg("servers")
        .current_dir(&folder.0)
        .output()
        .map_err(|error| error.to_string())?;
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    if told.contains(&name) { Ok(()) } else { Err(told + &String::from_utf8_lossy(&output.stderr)) }
}

/// A workflow of somebody else's build is YAML, and that is all that can be said of it here.
fn workflow(text: &str) -> Result<(), String> {
    let read: Result<serde_json::Value, _> = serde_saphyr::from_str(text);
    let jobs = read.map_err(|error| error.to_string())?.get("jobs").is_some();
    if jobs { Ok(()) } else { Err("no `jobs`".to_owned()) }
}

fn source(name: &str, text: &str) -> Arc<SourceFile> {
    Arc::new(SourceFile { name: name.to_owned(), text: text.to_owned() })
}

/// A folder of its own, gone afterwards.
pub(super) struct Temporary(pub(super) std::path::PathBuf);

impl Temporary {
    pub(super) fn new(name: &str, files: &[(&str, &str)]) -> Result<Self, String> {
        let path = std::env::temp_dir().join(format!("mailproof-docs-{name}-{}", std::process::id()));
        let folder = Self(path);
        for (file, text) in files {
            let file = folder.0.join(file);
            std::fs::create_dir_all(file.parent().unwrap_or(Path::new("."))).map_err(|error| error.to_string())?;
            std::fs::write(file, text).map_err(|error| error.to_string())?;
        }
        Ok(folder)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // A folder that stays behind in the place for temporary ones harms nobody.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
