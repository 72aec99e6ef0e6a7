//! A target file, read: every mistake at once, each with its place and what to write instead. docs/targets.md.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::address;
use super::field::{Fields, Reader};
use super::mistake::TargetError;
use super::node::{Kind, Node, parse};
use super::secret::{Environment, resolve};
use super::types::*;
use crate::base::{Secret, SourceFile};
use crate::scenario::Role;

/// Reads a target file. `facts` is the closed list of facts; passwords come from `environment` or from files, whose paths,
/// like those of certificates, are relative to the target file.
pub fn read_target(
    source: &SourceFile,
    facts: &[&str],
    environment: Environment<'_>,
) -> Result<Target, Vec<TargetError>> {
    let file = Arc::new(source.clone());
    let root = parse(&file).map_err(|error| vec![error])?;
    let folder = Path::new(&source.name).parent().map(Path::to_path_buf).unwrap_or_default();
    let mut reader = Reader::default();
    let target = read_root(root, &mut reader, folder, facts, environment);
    let mut mistakes = reader.mistakes;
    mistakes.sort_by_key(|mistake| mistake.at.start);
    if mistakes.is_empty() { Ok(target) } else { Err(mistakes) }
}

/// What is expected beside conformance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// Deviations that are known.
    pub known: Vec<Known>,
    /// Scenarios whose inconclusive verdict is excused.
    pub inconclusive: Vec<Excuse>,
}

/// Reads a file that holds only the `known` and `inconclusive` rows of a target file.
pub fn read_expected(source: &SourceFile) -> Result<Expected, Vec<TargetError>> {
    let file = Arc::new(source.clone());
    let root = parse(&file).map_err(|error| vec![error])?;
    let mut reader = Reader::default();
    let mut fields = reader.map(root, "a file of expectations", &["known", "inconclusive"]);
    let nothing = |_: &str| None;
    let mut rows = FileReader { reader: &mut reader, folder: PathBuf::new(), facts: &[], environment: &nothing };
    let expected = rows.expected(&mut fields);
    let mut mistakes = reader.mistakes;
    mistakes.sort_by_key(|mistake| mistake.at.start);
    if mistakes.is_empty() { Ok(expected) } else { Err(mistakes) }
}

/// Reads the map that a target file is; mistakes go to `reader`. Paths are relative to `folder`.
pub(super) fn read_root(
    root: Node,
    reader: &mut Reader,
    folder: PathBuf,
    facts: &[&str],
    environment: Environment<'_>,
) -> Target {
    FileReader { reader, folder, facts, environment }.target(root)
}

struct FileReader<'a> {
    reader: &'a mut Reader,
    folder: PathBuf,
    facts: &'a [&'a str],
    environment: Environment<'a>,
}

impl FileReader<'_> {
    fn target(mut self, root: Node) -> Target {
        let at = root.at.clone();
        let known =
            ["target", "endpoints", "tls", "domains", "accounts", "facts", "known", "inconclusive", "pace", "patience"];
        let mut fields = self.reader.map(root, "a target file", &known);
        let mut target = Target::empty(self.reader.required_text(&mut fields, "target").unwrap_or_default());
        match fields.take("endpoints") {
            Some(node) => self.endpoints(node, &mut target),
            None => self.reader.mistake(at, "`endpoints` is missing: write `endpoints: { imap: \"host:143\" }`"),
        }
        if let Some(node) = fields.take("tls") {
            self.tls(node, &mut target.tls);
        }
        if let Some(node) = fields.take("domains") {
            let mut domains = self.reader.map(node, "`domains`", &["local", "foreign", "sender"]);
            target.domains = Domains {
                local: self.reader.text(&mut domains, "local").unwrap_or_default(),
                foreign: self.reader.text(&mut domains, "foreign").unwrap_or_default(),
                sender: self.reader.text(&mut domains, "sender").unwrap_or_default(),
            };
        }
        for node in self.reader.list(&mut fields, "accounts") {
            self.account(node, &mut target);
        }
        if let Some(node) = fields.take("facts") {
            self.facts(node, &mut target);
        }
        Expected { known: target.known, inconclusive: target.inconclusive } = self.expected(&mut fields);
        self.pace(&mut fields, &mut target);
        target.complete_domains();
        target
    }

    fn expected(&mut self, fields: &mut Fields) -> Expected {
        let mut expected = Expected::default();
        for node in self.reader.list(fields, "known") {
            expected.known.extend(self.known(node));
        }
        for node in self.reader.list(fields, "inconclusive") {
            let mut excuse = self.reader.map(node, "an excuse", &["scenario", "reason"]);
            let scenario = self.reader.required_text(&mut excuse, "scenario");
            let reason = self.reader.required_text(&mut excuse, "reason");
            expected.inconclusive.extend(scenario.zip(reason).map(|(scenario, reason)| Excuse { scenario, reason }));
        }
        expected
    }

    fn endpoints(&mut self, node: Node, target: &mut Target) {
        let words: Vec<&str> = ROLES.iter().map(|(word, _)| *word).chain(["sink"]).collect();
        let at = node.at.clone();
        let mut fields = self.reader.map(node, "`endpoints`", &words);
        for (word, role) in ROLES {
            if let Some((host, port, security)) = fields.take(word).and_then(|node| self.endpoint(node, Some(role))) {
                target.endpoints.insert(role, Endpoint { host, port, security });
            }
        }
        let sink = fields.take("sink").and_then(|node| self.endpoint(node, None));
        target.sink = sink.map(|(host, port, _)| SinkConfig { host, port });
        if target.endpoints.is_empty() && self.reader.mistakes.is_empty() {
            self.reader.mistake(at, "a target needs at least one endpoint besides the sink");
        }
    }

    /// `host:port`, or `{ address: host:port, tls: none|starttls|implicit }`.
    fn endpoint(&mut self, node: Node, role: Option<Role>) -> Option<(String, u16, Security)> {
        let (at, text, written) = match node.kind {
            Kind::Map(_) => {
                let mut fields = self.reader.map(node, "an endpoint", &["address", "tls"]);
                let tls = self.reader.placed_text(&mut fields, "tls");
                let (at, text) = self.reader.required_placed_text(&mut fields, "address")?;
                (at, text, tls)
            }
            Kind::Text(_) | Kind::Nothing | Kind::List(_) => {
                let (at, text) = self.reader.as_text(node, "an endpoint", "`host:port`")?;
                (at, text, None)
            }
        };
        let security = match written {
            None => role.map_or(Security::Offered, default_security),
            Some((_, word)) if word == "none" => Security::Clear,
            Some((_, word)) if word == "starttls" => Security::Offered,
            Some((_, word)) if word == "implicit" => Security::Implicit,
            Some((at, word)) => {
                self.reader.mistake(at, format!("`{word}` is no way to TLS: write `none`, `starttls` or `implicit`"));
                return None;
            }
        };
        match address::split(&text) {
            Ok((host, port)) => Some((host, port.unwrap_or_else(|| role.map_or(0, default_port)), security)),
            Err(error) => {
                self.reader.mistake(at, error.to_string());
                None
            }
        }
    }

    fn tls(&mut self, node: Node, trust: &mut TlsTrust) {
        let mut fields = self.reader.map(node, "`tls`", &["ca", "name", "insecure"]);
        trust.name = self.reader.text(&mut fields, "name");
        if self.reader.yes(&mut fields, "insecure") == Some(true) {
            trust.verification = Verification::Off;
        }
        let paths = match fields.take("ca") {
            Some(Node { kind: Kind::List(nodes), .. }) => nodes,
            Some(node) => vec![node],
            None => Vec::new(),
        };
        for node in paths {
            let Some((at, path)) = self.reader.as_text(node, "`ca`", "the path of a PEM file") else { continue };
            match std::fs::read_to_string(self.folder.join(&path)) {
                Ok(pem) if pem.contains("-----BEGIN CERTIFICATE-----") => {
                    trust.authorities.push(Authority { path, pem })
                }
                Ok(_) => self.reader.mistake(at, format!("`{path}` holds no PEM certificate")),
                Err(error) => self.reader.mistake(at, format!("cannot read `{path}`: {error}")),
            }
        }
    }

    fn account(&mut self, node: Node, target: &mut Target) {
        let at = node.at.clone();
        let mut fields = self.reader.map(node, "an account", &["user", "address", "password", "disposable"]);
        let user = self.reader.required_text(&mut fields, "user");
        let address = self.reader.text(&mut fields, "address");
        let password = self.reader.required_placed_text(&mut fields, "password");
        let disposable = self.reader.yes(&mut fields, "disposable") == Some(true);
        let (Some(user), Some((password_at, written))) = (user, password) else { return };
        let (password, password_source) = match resolve(&written, &self.folder, self.environment) {
            None => (Secret::new(written), None),
            Some(Ok(secret)) => (secret, Some(written)),
            Some(Err(error)) => return self.reader.mistake(password_at, error.to_string()),
        };
        let address = address.unwrap_or_else(|| user.clone());
        if !address.contains('@') {
            return self
                .reader
                .mistake(at, format!("account `{user}` needs its `address`, since the user name is none"));
        }
        if target.accounts.iter().any(|other| other.user == user) {
            return self.reader.mistake(at, format!("account `{user}` is named twice"));
        }
        let keeping = if disposable { Keeping::Disposable } else { Keeping::Kept };
        target.accounts.push(Account { user, address, password, password_source, keeping });
    }

    fn facts(&mut self, node: Node, target: &mut Target) {
        let mut fields = self.reader.map(node, "`facts`", self.facts);
        for name in self.facts {
            if let Some(value) = self.reader.yes(&mut fields, name) {
                target.facts.insert((*name).to_owned(), value);
            }
        }
    }

    fn known(&mut self, node: Node) -> Option<Known> {
        let words = ["requirement", "scenario", "shape", "reason", "link", "until"];
        let mut fields = self.reader.map(node, "a known deviation", &words);
        let requirement = self.reader.required_placed_text(&mut fields, "requirement");
        let scenario = self.reader.required_text(&mut fields, "scenario");
        let shape = self.reader.required_text(&mut fields, "shape");
        let reason = self.reader.required_text(&mut fields, "reason");
        let link = self.reader.text(&mut fields, "link");
        let until = self.reader.placed_text(&mut fields, "until");
        if let Some((at, day)) = until.as_ref().filter(|(_, day)| !is_day(day)) {
            self.reader.mistake(at.clone(), format!("`{day}` is no day: write `2027-06-01`"));
        }
        let (at, id) = requirement?;
        match id.parse() {
            Err(error) => {
                self.reader.mistake(at, format!("{error}"));
                None
            }
            Ok(requirement) => {
                let until = until.map(|(_, day)| day);
                Some(Known { requirement, scenario: scenario?, shape: shape?, reason: reason?, link, until })
            }
        }
    }

    fn pace(&mut self, fields: &mut Fields, target: &mut Target) {
        if let Some(node) = fields.take("pace") {
            let mut pace = self.reader.map(node, "`pace`", &["connections", "per-second"]);
            if let Some(connections) = self.reader.number(&mut pace, "connections") {
                target.pace.connections = connections;
            }
            if let Some(per_second) = self.reader.number(&mut pace, "per-second") {
                target.pace.per_second = per_second;
            }
        }
        if let Some((at, text)) = self.reader.placed_text(fields, "patience") {
            target.patience = parse_duration(&text);
            if target.patience.is_none() {
                self.reader.mistake(at, format!("`{text}` is no duration: write `2s`, `5m` or `1m30s`"));
            }
        }
    }
}

fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |text: &&str, length: usize, from: u32, to: u32| {
        let digits = text.len() == length && text.bytes().all(|c| c.is_ascii_digit());
        digits && text.parse::<u32>().is_ok_and(|number| (from..=to).contains(&number))
    };
    matches!(parts.as_slice(), [year, month, day] if number(year, 4, 0, 9999) && number(month, 2, 1, 12) && number(day, 2, 1, 31))
}

/// `500ms`, `2s`, `1m30s`; the units of the suite language. docs/suite-language.md section 7.
pub fn parse_duration(text: &str) -> Option<Duration> {
    if let Some(milliseconds) = text.strip_suffix("ms") {
        return milliseconds.parse().ok().map(Duration::from_millis);
    }
    let (minutes, seconds) = text.split_once('m').map_or(("0", text), |(minutes, rest)| (minutes, rest));
    let seconds = if seconds.is_empty() && text.ends_with('m') { "0" } else { seconds.strip_suffix('s')? };
    let minutes: u64 = minutes.parse().ok()?;
    let seconds: u64 = seconds.parse().ok()?;
    minutes.checked_mul(60)?.checked_add(seconds).map(Duration::from_secs)
}
