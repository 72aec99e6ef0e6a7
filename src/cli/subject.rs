//! From the command line to a server under test that is there to be talked to.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::arguments::{TargetArguments, TlsMode};
use super::embedded::{self, Embedded};
use crate::base::SourceFile;
use crate::scenario::FACTS;
use crate::sink::Sink;
use crate::target::{Security, Target, TargetFlags, Verification, from_urls, read_target};

/// How long silence is waited out where nothing says that the server is prompt. docs/verdicts.md.
const PATIENCE: Duration = Duration::from_secs(5 * 60);
/// The same where it is known to be prompt.
const PATIENCE_PROMPT: Duration = Duration::from_secs(2);

/// A server under test, kept running as long as this lives.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) target: Target,
    pub(super) sink: Option<Arc<Sink>>,
    _alive: Alive,
}

/// What must not end before the run does.
#[derive(Debug)]
enum Alive {
    /// Somebody else's server.
    Elsewhere,
    /// Ours.
    Embedded { _server: Box<Embedded> },
}

impl Subject {
    /// The server that URLs and flags name, or else the embedded one.
    pub(super) async fn start(urls: &[String], arguments: &TargetArguments) -> Result<Self, String> {
        if let Some(path) = &arguments.file {
            return match urls.first() {
                Some(url) => Err(format!("`{url}`: a target file names its endpoints itself")),
                None => Self::elsewhere(read_file(path)?).await,
            };
        }
        let flags = flags(arguments);
        if urls.is_empty() {
            if let Some(flag) = needless(arguments) {
                return Err(format!("`{flag}` describes a server: name it by a URL such as `imap://host`"));
            }
            let server = embedded::start().await?;
            let (target, sink) = (server.target.clone(), server.sink.clone());
            return Ok(Self { target, sink, _alive: Alive::Embedded { _server: Box::new(server) } });
        }
        let target = from_urls(urls, &flags, &variable).map_err(|error| error.to_string())?;
        Self::elsewhere(target).await
    }

    /// A server that runs anyway; the next hop that it was told of is opened.
    async fn elsewhere(target: Target) -> Result<Self, String> {
        let sink = match &target.sink {
            None => None,
            Some(sink) => {
                let bound = Sink::bind((sink.host.as_str(), sink.port)).await;
                Some(Arc::new(bound.map_err(|error| format!("cannot listen on {sink} as the next hop: {error}"))?))
            }
        };
        Ok(Self { target, sink, _alive: Alive::Elsewhere })
    }

    /// How long a confirming run waits, unless the user says.
    pub(super) fn patience(&self) -> Duration {
        let prompt = self.target.facts.get("prompt") == Some(&true);
        self.target.patience.unwrap_or(if prompt { PATIENCE_PROMPT } else { PATIENCE })
    }
}

fn read_file(path: &Path) -> Result<Target, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let source = SourceFile { name: path.display().to_string(), text };
    let facts = FACTS.map(|fact| fact.name);
    read_target(&source, &facts, &variable).map_err(|mistakes| {
        let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        told.join("\nerror: ")
    })
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn flags(arguments: &TargetArguments) -> TargetFlags {
    let first = arguments.user.iter().zip(&arguments.password_variable);
    let first = first.map(|(user, variable)| format!("{user}=env:{variable}"));
    TargetFlags {
        accounts: first.chain(arguments.accounts.iter().cloned()).collect(),
        disposable: arguments.disposable.clone(),
        security: arguments.tls.map(|mode| match mode {
            TlsMode::None => Security::Clear,
            TlsMode::Starttls => Security::Offered,
            TlsMode::Implicit => Security::Implicit,
        }),
        verification: if arguments.insecure { Verification::Off } else { Verification::Full },
        authorities: arguments.authorities.clone(),
        name: arguments.name.clone(),
    }
}

/// A flag that says something of a server which nobody named.
fn needless(arguments: &TargetArguments) -> Option<&'static str> {
    let given = [
        ("--account", !arguments.accounts.is_empty()),
        ("--user", arguments.user.is_some()),
        ("--disposable", !arguments.disposable.is_empty()),
        ("--tls", arguments.tls.is_some()),
        ("--insecure", arguments.insecure),
        ("--cacert", !arguments.authorities.is_empty()),
        ("--sni", arguments.name.is_some()),
    ];
    given.into_iter().find(|(_, given)| *given).map(|(flag, _)| flag)
}
