//! `server.yaml`: a target file whose endpoints are ports in a container, and beside it, below `server`, how that
//! container comes to be. docs/servers.md.

use std::sync::Arc;

use super::error::LaunchError;
use crate::base::{Contents, SourceFile};
use crate::scenario::FACTS;
use crate::target::field::Reader;
use crate::target::mistake::TargetError;
use crate::target::node::{Key, Kind, Node, parse};
use crate::target::read::read_root;
use crate::target::types::Target;

/// Name of the file that makes a folder a server.
const FILE: &str = "server.yaml";

/// A server that can be started in a container.
#[derive(Debug, Clone)]
pub struct Server {
    /// Name of its folder.
    pub name: String,
    /// What it is, for people.
    pub title: String,
    /// Debian packages whose versions matter for a report.
    pub packages: Vec<String>,
    /// Where mail for foreign domains goes.
    pub passing: Passing,
    /// Accounts, facts, known deviations. The endpoints hold the host name and the ports inside the container.
    pub target: Target,
    /// Folder of the Dockerfile.
    pub(super) recipe: String,
    /// Context of the build: path and content, the Dockerfile included.
    pub(super) context: Contents,
    /// What is copied into the container before it starts: absolute path and content.
    pub(super) files: Contents,
}

/// Where a server passes mail for foreign domains on to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passing {
    /// To the sink of the harness.
    ToSink,
    /// To nobody.
    Nowhere,
}

impl Server {
    /// The name by which the server knows itself, and which its certificate carries.
    pub(super) fn hostname(&self) -> &str {
        self.target.endpoints.values().next().map_or("localhost", |endpoint| endpoint.host.as_str())
    }
}

/// Reads all descriptions among the files; their mistakes are told at once.
pub(super) fn read_servers(files: &Contents) -> Result<Vec<Server>, LaunchError> {
    let mut servers = Vec::new();
    let mut mistakes = Vec::new();
    for name in files.keys().filter_map(|path| path.strip_suffix(FILE)?.strip_suffix('/')) {
        match read_server(files, name) {
            Ok(server) => servers.push(server),
            Err(errors) => mistakes.extend(errors.iter().map(ToString::to_string)),
        }
    }
    servers.sort_by(|left, right| left.name.cmp(&right.name));
    if mistakes.is_empty() { Ok(servers) } else { Err(LaunchError::Description(mistakes.join("\n"))) }
}

/// What stands below `server`.
struct Recipe {
    title: String,
    packages: Vec<String>,
    passing: Passing,
    folder: String,
    files: Contents,
}

fn read_server(files: &Contents, name: &str) -> Result<Server, Vec<TargetError>> {
    let mut root = open(files, name).map_err(|error| vec![error])?;
    let mut reader = Reader::default();
    let recipe = recipe(&mut root, &mut reader, files, name);
    let facts: Vec<&str> = FACTS.iter().map(|fact| fact.name).collect();
    let at = root.at.clone();
    let target = read_root(root, &mut reader, std::path::PathBuf::new(), &facts, &|_| None);
    if target.name != name && reader.mistakes.is_empty() {
        reader.mistake(at.clone(), format!("`target` is the name of the folder: write `target: {name}`"));
    }
    let prefix = recipe.as_ref().map(|recipe| format!("{}/", recipe.folder)).unwrap_or_default();
    let context: Contents = files
        .iter()
        .filter_map(|(path, content)| Some((path.strip_prefix(&prefix)?.to_owned(), content.clone())))
        .filter(|(path, _)| path != FILE)
        .collect();
    if recipe.is_some() && !context.contains_key("Dockerfile") {
        reader.mistake(at, format!("`{prefix}Dockerfile` is missing"));
    }
    match recipe {
        Some(Recipe { title, packages, passing, folder, files }) if reader.mistakes.is_empty() => {
            Ok(Server { name: name.to_owned(), title, packages, passing, target, recipe: folder, context, files })
        }
        Some(_) | None => Err(reader.mistakes),
    }
}

/// The root of a description.
fn open(files: &Contents, name: &str) -> Result<Node, TargetError> {
    let path = format!("{name}/{FILE}");
    let octets = files.get(&path).map(AsRef::as_ref).unwrap_or_default();
    let text = String::from_utf8_lossy(octets).into_owned();
    parse(&Arc::new(SourceFile { name: format!("fixtures/servers/{path}"), text }))
}

/// Takes `server` out of the root. `like` fills in what this description does not say from another one's, at the root and
/// below `server`, and takes its Dockerfile.
fn recipe(root: &mut Node, reader: &mut Reader, all: &Contents, name: &str) -> Option<Recipe> {
    let Some(mut server) = take(root, "server") else {
        reader.mistake(root.at.clone(), "`server` is missing: write `server: { title: …, packages: […] }`");
        return None;
    };
    let mut folder = name.to_owned();
    if let Some(Node { at, kind: Kind::Text(other) }) = take(&mut server, "like") {
        match open(all, &other) {
            Ok(mut model) => {
                if let Some(inherited) = take(&mut model, "server") {
                    inherit(&mut server, inherited);
                }
                inherit(root, model);
                folder = other;
            }
            Err(_) => reader.mistake(at, format!("`{other}` is no server that can be read")),
        }
    }
    let mut fields = reader.map(server, "`server`", &["title", "packages", "files", "sink"]);
    let title = reader.required_text(&mut fields, "title");
    let nodes = reader.list(&mut fields, "packages");
    let named = nodes.into_iter().map(|node| reader.as_text(node, "a package", "the name of a Debian package"));
    let packages = named.collect::<Vec<_>>().into_iter().flatten().map(|(_, package)| package).collect();
    let passing = match reader.yes(&mut fields, "sink") {
        Some(true) => Passing::ToSink,
        Some(false) | None => Passing::Nowhere,
    };
    let mut copied = Contents::new();
    for (key, node) in fields.take("files").map(pairs).unwrap_or_default() {
        let Some((at, path)) = reader.as_text(node, "a file", "the name of a file in this folder") else { continue };
        match all.get(&format!("{name}/{path}")) {
            Some(content) if key.text.starts_with('/') => {
                copied.insert(key.text, content.clone());
            }
            Some(_) => reader.mistake(key.at, "the path in the container begins with `/`"),
            None => reader.mistake(at, format!("`{path}` is not in this folder")),
        }
    }
    Some(Recipe { title: title?, packages, passing, folder, files: copied })
}

/// Takes the value of a key out of a map.
fn take(node: &mut Node, name: &str) -> Option<Node> {
    let Kind::Map(pairs) = &mut node.kind else { return None };
    let at = pairs.iter().position(|(key, _)| key.text == name)?;
    Some(pairs.remove(at).1)
}

/// Adds those pairs of `model` whose keys are not there.
fn inherit(node: &mut Node, model: Node) {
    let Kind::Map(own) = &mut node.kind else { return };
    for (key, value) in pairs(model) {
        if own.iter().all(|(other, _)| other.text != key.text) {
            own.push((key, value));
        }
    }
}

fn pairs(node: Node) -> Vec<(Key, Node)> {
    match node.kind {
        Kind::Map(pairs) => pairs,
        Kind::Text(_) | Kind::Nothing | Kind::List(_) => Vec::new(),
    }
}
