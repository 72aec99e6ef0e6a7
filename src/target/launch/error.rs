//! Why a server could not be started.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use testcontainers::TestcontainersError;
use testcontainers::core::client::ClientError;
use thiserror::Error;

use crate::base::Damaged;

/// Why a server could not be started, or its container not be removed.
#[derive(Debug, Error)]
pub enum LaunchError {
    /// No Docker engine answers.
    #[error("no Docker engine answers: {0}")]
    NoEngine(String),
    /// A server that nobody described.
    #[error("no server is called `{name}`{}; known are {}", did_you_mean(.meant.as_deref()), .known.join(", "))]
    Unknown {
        /// As written.
        name: String,
        /// The server it resembles.
        meant: Option<String>,
        /// All servers there are.
        known: Vec<String>,
    },
    /// Mistakes in `server.yaml`, each with its place and caret.
    #[error("{0}")]
    Description(String),
    /// A folder or file of the checkout.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The descriptions in the binary.
    #[error(transparent)]
    Damaged(#[from] Damaged),
    /// The certificates could not be made.
    #[error("cannot make certificates: {0}")]
    Certificate(String),
    /// The image could not be built.
    #[error(
        "cannot build the image of `{name}`: {reason} (its recipe is fixtures/servers/{recipe}; where no image registry is in \
         reach, fixtures/servers/base/mkbase.sh makes the base image)"
    )]
    Build {
        /// Which server.
        name: String,
        /// The folder with the Dockerfile.
        recipe: String,
        /// What Docker says.
        reason: String,
    },
    /// Docker refused to do something.
    #[error("Docker cannot {doing}: {reason}")]
    Docker {
        /// What was asked of it, as an infinitive.
        doing: &'static str,
        /// What it says.
        reason: String,
    },
    /// The container's first process ended.
    #[error("`{name}` ended before it greeted{}", last_words(.log))]
    Died {
        /// Which server.
        name: String,
        /// The last lines it logged.
        log: Vec<String>,
    },
    /// It did not greet in time.
    #[error("`{name}` did not greet on port {port} within {within:?}{}", last_words(.log))]
    Silent {
        /// Which server.
        name: String,
        /// Port in the container.
        port: u16,
        /// How long was waited.
        within: Duration,
        /// The last lines it logged.
        log: Vec<String>,
    },
}

impl LaunchError {
    /// What testcontainers says when it is asked to do something.
    pub(super) fn docker(doing: &'static str) -> impl Fn(TestcontainersError) -> Self {
        move |error| Self::Docker { doing, reason: error.to_string() }
    }

    /// What the engine says when it is asked to do something.
    pub(super) fn engine(doing: &'static str) -> impl Fn(testcontainers::bollard::errors::Error) -> Self {
        move |error| Self::Docker { doing, reason: error.to_string() }
    }
}

impl From<ClientError> for LaunchError {
    fn from(error: ClientError) -> Self {
        Self::NoEngine(error.to_string())
    }
}

fn did_you_mean(meant: Option<&str>) -> String {
    crate::target::mistake::did_you_mean(meant)
}

fn last_words(log: &[String]) -> String {
    if log.is_empty() { String::new() } else { format!("; its log ends with:\n  {}", log.join("\n  ")) }
}
