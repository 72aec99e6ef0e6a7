//! What may be said of a run.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::super::arguments::TargetArguments;
use super::super::words::{Shard, duration, max_inconclusive, shard};
use super::super::{FailOn, MaxInconclusive};
use crate::catalog::Level;
use crate::scenario::Protocol;

/// Scenarios, target, and what becomes of both.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct RunArguments {
    /// Ids of scenarios or their beginnings; `~ID` leaves out; suite files or folders, which are then run alone;
    /// services of the server, such as smtp://host:25 or imaps://host.
    #[arg(value_name = "ID|PATH|URL")]
    pub(super) words: Vec<String>,
    #[command(flatten)]
    pub(super) selection: Selection,
    #[command(flatten)]
    pub(super) target: TargetArguments,
    #[command(flatten)]
    pub(super) running: Running,
    #[command(flatten)]
    pub(super) expectations: Expectations,
    #[command(flatten)]
    pub(super) output: Output,
}

/// Which scenarios.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "Selection")]
pub(super) struct Selection {
    /// Only scenarios with a session of this protocol.
    #[arg(long, value_name = "PROTOCOL", value_delimiter = ',')]
    pub(super) protocol: Vec<ProtocolWord>,
    /// Only scenarios that cover a requirement of this level.
    #[arg(long, value_name = "LEVEL", value_delimiter = ',')]
    pub(super) level: Vec<LevelWord>,
    /// Only scenarios with this word among their needs.
    #[arg(long, value_name = "WORD")]
    pub(super) need: Vec<String>,
    /// Run scenarios that take long, too.
    #[arg(long)]
    pub(super) slow: bool,
    /// Run scenarios that may harm the server, too.
    #[arg(long)]
    pub(super) allow_destructive: bool,
    /// Suites in place of those that come with the program.
    #[arg(long, value_name = "DIR")]
    pub(super) suites: Option<PathBuf>,
    /// Suites beside them.
    #[arg(long, value_name = "DIR")]
    pub(super) add_suites: Vec<PathBuf>,
    /// One of several equal parts of the selected scenarios, such as 2/5.
    #[arg(long, value_name = "PART", value_parser = shard)]
    pub(super) shard: Option<Shard>,
}

/// How they are run.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Running")]
pub(super) struct Running {
    /// Scenarios that run at the same time.
    #[arg(short, long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(super) jobs: u16,
    /// How long to wait for each answer, where a step says nothing of it.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration)]
    pub(super) timeout: Duration,
    /// How long to wait for a connection.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration)]
    pub(super) connect_timeout: Duration,
    /// How long the confirming run waits before a server is called silent [default: 5m; of a prompt server 2s].
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(super) patience: Option<Duration>,
    /// Stop at the first scenario that fails the run.
    #[arg(long, conflicts_with = "max_failures")]
    pub(super) fail_fast: bool,
    /// Stop after so many.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) max_failures: Option<u64>,
    /// Stop after this time; what did not run is inconclusive.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(super) max_time: Option<Duration>,
    /// Seed of generated values [default: one for each scenario, always the same].
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
    /// Generated cases of each scenario that generates [default: as the scenario says].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(super) cases: Option<u32>,
    /// Do not look for a smaller case that fails too.
    #[arg(long)]
    pub(super) no_shrink: bool,
}

/// What is expected of the result.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Expectations")]
pub(super) struct Expectations {
    /// Violations of this level and above fail the run.
    #[arg(long, value_name = "LEVEL", default_value = "must")]
    pub(super) fail_on: FailOnWord,
    /// A file with further `known:` and `inconclusive:` rows, as in a target file.
    #[arg(long, value_name = "FILE")]
    pub(super) expect: Vec<PathBuf>,
    /// How many scenarios may stay inconclusive: a number, or a share of the selected.
    #[arg(long, value_name = "N", default_value = "10%", value_parser = max_inconclusive)]
    pub(super) max_inconclusive: MaxInconclusive,
    /// A deviation that is marked as known and holds now fails the run.
    #[arg(long)]
    pub(super) deny_fixed: bool,
    #[command(flatten)]
    pub(super) before: Before,
    /// Name findings in report.json that were seen once and never again. Two runs differ then.
    #[arg(long)]
    pub(super) include_unstable: bool,
}

/// What the server showed before.
#[derive(Debug, Clone, Args)]
pub(super) struct Before {
    /// A folder with what the server showed before: tell what differs, and fail where it got worse only.
    #[arg(long, value_name = "DIR")]
    pub(super) baseline: Option<PathBuf>,
    /// Write the folder of --baseline anew.
    #[arg(long, requires = "baseline")]
    pub(super) update_baseline: bool,
}

/// What is told, and where.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct Output {
    /// Write the report as JSON: the same octets for the same server.
    #[arg(long, value_name = "FILE")]
    pub(super) report_json: Option<PathBuf>,
    /// Write the report as JUnit XML.
    #[arg(long, value_name = "FILE")]
    pub(super) report_junit: Option<PathBuf>,
    /// Write report.json, junit.xml and transcripts of what failed into this folder [default: mailproof-report, if no other
    /// flag names a report].
    #[arg(long, value_name = "DIR")]
    pub(super) report_dir: Option<PathBuf>,
    /// Tell every scenario, and why it does not apply.
    #[arg(short, long, conflicts_with = "quiet")]
    pub(super) verbose: bool,
    /// Tell the summary only.
    #[arg(short, long)]
    pub(super) quiet: bool,
    /// When to use colours; NO_COLOR is heeded too.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(super) color: ColorWord,
}

/// A protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ProtocolWord {
    /// SMTP and submission.
    Smtp,
    /// POP3.
    Pop3,
    /// IMAP.
    Imap,
}

/// The force of requirements, their negations included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LevelWord {
    /// MUST and MUST NOT.
    Must,
    /// SHOULD and SHOULD NOT.
    Should,
    /// MAY.
    May,
}

/// From which force on a violation fails the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOnWord {
    /// MUST and MUST NOT.
    Must,
    /// SHOULD and SHOULD NOT too.
    Should,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorWord {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ProtocolWord {
    pub(super) fn protocol(self) -> Protocol {
        match self {
            Self::Smtp => Protocol::Smtp,
            Self::Pop3 => Protocol::Pop3,
            Self::Imap => Protocol::Imap,
        }
    }
}

impl LevelWord {
    pub(super) fn holds(self, level: Level) -> bool {
        match self {
            Self::Must => level.is_must(),
            Self::Should => level.is_should(),
            Self::May => level.is_may(),
        }
    }
}

impl FailOnWord {
    pub(super) fn fail_on(self) -> FailOn {
        match self {
            Self::Must => FailOn::Must,
            Self::Should => FailOn::Should,
        }
    }
}
