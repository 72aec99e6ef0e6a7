//! From the command line to a server under test that is there to be talked to.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::ToSocketAddrs;

use super::Exit;
use super::arguments::{TargetArguments, TlsMode};
use super::embedded::{self, Embedded};
use crate::base::SourceFile;
use crate::refserver::Faults;
use crate::run::Distance;
use crate::scenario::FACTS;
use crate::sink::Sink;
use crate::target::launch::{self, LaunchError, LaunchSettings, Launched, Passing};
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
    alive: Alive,
}

/// What must not end before the run does.
#[derive(Debug)]
enum Alive {
    /// Somebody else's server.
    Elsewhere,
    /// Ours, in this process.
    Embedded { _server: Box<Embedded> },
    /// Ours, in a container.
    Container(Box<Launched>),
}

/// Why there is no server to talk to, with the exit code.
#[derive(Debug)]
pub(super) struct NoSubject {
    pub(super) message: String,
    pub(super) exit: Exit,
}

impl Subject {
    /// The server that URLs and flags name, or else the embedded one, with accounts for so many scenarios at once.
    pub(super) async fn start(urls: &[String], arguments: &TargetArguments, lanes: usize) -> Result<Self, NoSubject> {
        match (&arguments.file, &arguments.server, urls.first()) {
            (Some(_), _, Some(url)) => Err(format!("`{url}`: a target file names its endpoints itself").into()),
            (_, Some(name), Some(url)) => Err(format!("`{url}`: the server `{name}` has endpoints of its own").into()),
            (Some(path), _, None) => Self::elsewhere(read_file(path)?).await,
            (None, Some(name), None) => Self::container(name).await,
            (None, None, Some(_)) => {
                let target = from_urls(urls, &flags(arguments), &variable).map_err(|error| error.to_string())?;
                Self::elsewhere(target).await
            }
            (None, None, None) => match needless(arguments) {
                Some(flag) => {
                    Err(format!("`{flag}` describes a server: name it by a URL such as `imap://host`").into())
                }
                None => Self::embedded(lanes).await,
            },
        }
    }

    /// Removes what was started, and tells if that did not work.
    pub(super) async fn stop(self) -> Result<(), String> {
        match self.alive {
            Alive::Elsewhere | Alive::Embedded { .. } => Ok(()),
            Alive::Container(launched) => launched.stop().await.map_err(|error| error.to_string()),
        }
    }

    async fn embedded(lanes: usize) -> Result<Self, NoSubject> {
        let server = embedded::start(lanes, Faults::default()).await?;
        let (target, sink) = (server.target.clone(), Arc::clone(&server.sink));
        Ok(Self { target, sink: Some(sink), alive: Alive::Embedded { _server: Box::new(server) } })
    }

    /// The sink listens before the container starts, where the container reaches it.
    async fn container(name: &str) -> Result<Self, NoSubject> {
        let servers = launch::servers()?;
        let passes = servers.iter().any(|server| server.name == name && server.passing == Passing::ToSink);
        let sink = if passes { Some(Arc::new(listen((launch::gateway().await?, 0)).await?)) } else { None };
        let settings = LaunchSettings { sink: sink.as_ref().map(|sink| sink.address()), ..LaunchSettings::default() };
        let launched = launch::start(name, &settings).await?;
        Ok(Self { target: launched.target.clone(), sink, alive: Alive::Container(Box::new(launched)) })
    }

    /// A server that runs anyway; the next hop that it was told of is opened.
    async fn elsewhere(target: Target) -> Result<Self, NoSubject> {
        let sink = match &target.sink {
            None => None,
            Some(sink) => Some(Arc::new(listen((sink.host.as_str(), sink.port)).await?)),
        };
        Ok(Self { target, sink, alive: Alive::Elsewhere })
    }

    /// Names and versions of the packages that make the server, where it is one of ours.
    pub(super) async fn versions(&self) -> Result<Vec<(String, String)>, String> {
        match &self.alive {
            Alive::Elsewhere | Alive::Embedded { .. } => Ok(Vec::new()),
            Alive::Container(launched) => launched.packages().await.map_err(|error| error.to_string()),
        }
    }

    /// What lies between this program and the server.
    pub(super) fn distance(&self) -> Distance {
        match &self.alive {
            Alive::Elsewhere => Distance::Network,
            Alive::Embedded { .. } | Alive::Container(_) => Distance::None,
        }
    }

    /// How long a confirming run waits, unless the user says.
    pub(super) fn patience(&self) -> Duration {
        let prompt = self.target.facts.get("prompt") == Some(&true);
        self.target.patience.unwrap_or(if prompt { PATIENCE_PROMPT } else { PATIENCE })
    }
}

impl From<String> for NoSubject {
    fn from(message: String) -> Self {
        Self { message, exit: Exit::Usage }
    }
}

impl From<LaunchError> for NoSubject {
    fn from(error: LaunchError) -> Self {
        let exit = match &error {
            LaunchError::Unknown { .. }
            | LaunchError::Description(_)
            | LaunchError::Io { .. }
            | LaunchError::Damaged(_)
            | LaunchError::Certificate(_) => Exit::Usage,
            LaunchError::NoEngine(_)
            | LaunchError::Build { .. }
            | LaunchError::Docker { .. }
            | LaunchError::Died { .. }
            | LaunchError::Silent { .. } => Exit::Inconclusive,
        };
        Self { message: error.to_string(), exit }
    }
}

async fn listen(address: impl ToSocketAddrs + std::fmt::Debug) -> Result<Sink, String> {
    let told = format!("{address:?}");
    Sink::bind(address).await.map_err(|error| format!("cannot listen on {told} as the next hop of the server: {error}"))
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
