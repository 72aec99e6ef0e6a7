//! What may stand on the command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::run::RunArguments;

/// Conformance tests for SMTP, submission, POP3 and IMAP servers.
#[derive(Debug, Parser)]
#[command(name = "mailproof", version, subcommand_required = true, arg_required_else_help = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run suites against a server and judge every answer; without a target, against the embedded reference server.
    Run(Box<RunArguments>),
    /// List the requirements files of the catalogue, or the rows of one of them.
    List(List),
    /// Tell all that the catalogue says of a requirement.
    Explain(Explain),
    /// Count the requirements by file, level and observability.
    Coverage(Coverage),
    /// Read suites and tell every mistake: file, line, caret, what to write instead.
    Check(Check),
    /// Lay suite files out anew: indentation, quotes, blank lines. What they say stays, and so do comments.
    Fmt(Fmt),
    /// Print the JSON Schema of suite files, for editors.
    Schema,
    /// Find out what a server announces in each state, its TLS, and which logins work.
    Probe(Box<ProbeArguments>),
    /// List the servers that can be started in containers, and whether Docker is there.
    Servers,
    /// Keep the embedded reference server running on loopback, for any mail client.
    Serve(Serve),
    /// Run the suites against servers that break one requirement each, and tell which faults they let pass.
    Selftest(SelfTest),
}

/// What the reference server is like.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Withhold a capability, such as DSN, UIDL, IDLE or AUTH=PLAIN: it is not announced, and what belongs to it is unknown. Repeatable.
    #[arg(long, value_name = "KEYWORD")]
    pub(super) without: Vec<String>,
    /// Let VRFY and EXPN tell who has a mailbox; otherwise VRFY tells nothing, and there is no EXPN.
    #[arg(long)]
    pub(super) answer_lookups: bool,
    /// Pass mail of users for other domains on to this SMTP server, such as 127.0.0.1:2525; otherwise that mail is refused.
    #[arg(long, value_name = "ADDRESS")]
    pub(super) next_hop: Option<SocketAddr>,
    /// Deliver mail for unknown names of the own domain to this user; otherwise they are refused.
    #[arg(long, value_name = "USER")]
    pub(super) catch_all: Option<String>,
    /// Listen for this service only, such as mx or imaps. Repeatable; without it for all.
    #[arg(long = "only", value_name = "SERVICE")]
    pub(super) services: Vec<String>,
    /// Break a requirement on purpose. Repeatable.
    #[arg(long = "fault", value_name = "ID")]
    pub(super) faults: Vec<String>,
    /// Name all faults with what each breaks, and serve nothing.
    #[arg(long)]
    pub(super) list_faults: bool,
}

/// Which faults are run against what.
#[derive(Debug, Args)]
pub(super) struct SelfTest {
    /// Names of faults or their beginnings; none: all.
    #[arg(value_name = "FAULT")]
    pub(super) faults: Vec<String>,
    /// Run all scenarios with each fault, not only those that cite what it breaks and fifty others.
    #[arg(long)]
    pub(super) full: bool,
    /// Write which scenarios kill which faults to a file: JSON if its name ends so, otherwise Markdown. Repeatable.
    #[arg(long = "report", value_name = "FILE")]
    pub(super) reports: Vec<PathBuf>,
    /// Scenarios that run at the same time.
    #[arg(short, long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(super) jobs: u16,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// A requirements file, such as rfc1939.
    #[arg(value_name = "FILE")]
    pub(super) file: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// Id of a requirement, such as rfc5321-4.5.2-dot-unstuffing.
    #[arg(value_name = "ID")]
    pub(super) id: String,
}

#[derive(Debug, Args)]
pub(super) struct Coverage {
    /// Print JSON instead of text.
    #[arg(long)]
    pub(super) json: bool,
}

/// What is probed.
#[derive(Debug, Args)]
pub(super) struct ProbeArguments {
    /// Services of one server, such as smtp://host:25 or imaps://host; none, and no other target: the embedded reference server.
    #[arg(value_name = "URL")]
    pub(super) urls: Vec<String>,
    #[command(flatten)]
    pub(super) target: TargetArguments,
    /// How long to wait for each answer, such as 10s.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = super::words::duration)]
    pub(super) timeout: Duration,
}

/// Which server, beside its URLs.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Target")]
pub(super) struct TargetArguments {
    /// A target file: endpoints, accounts, facts, known deviations.
    #[arg(long = "target", value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
    /// A server in a container: `mailproof servers` names them.
    #[arg(long, value_name = "NAME", conflicts_with = "file")]
    pub(super) server: Option<String>,
    /// An account: USER[,ADDRESS]=env:VAR; the first two are alice and bob.
    #[arg(long = "account", value_name = "ACCOUNT", conflicts_with_all = ["file", "server"])]
    pub(super) accounts: Vec<String>,
    /// An account whose mail may all be deleted.
    #[arg(long, value_name = "USER", conflicts_with_all = ["file", "server"])]
    pub(super) disposable: Vec<String>,
    /// The first account, by its mail address.
    #[arg(long, value_name = "USER", requires = "password_variable", conflicts_with_all = ["file", "server"])]
    pub(super) user: Option<String>,
    /// The environment variable that holds the password of --user.
    #[arg(long = "password-env", value_name = "VAR", requires = "user")]
    pub(super) password_variable: Option<String>,
    /// When TLS begins, for every service.
    #[arg(long, value_name = "MODE", conflicts_with_all = ["file", "server"])]
    pub(super) tls: Option<TlsMode>,
    /// Take any certificate.
    #[arg(short = 'k', long, conflicts_with_all = ["file", "server"])]
    pub(super) insecure: bool,
    /// A PEM file with certificates to trust.
    #[arg(long = "cacert", value_name = "FILE", conflicts_with_all = ["file", "server"])]
    pub(super) authorities: Vec<String>,
    /// The name that the certificate must bear.
    #[arg(long = "sni", value_name = "NAME", conflicts_with_all = ["file", "server"])]
    pub(super) name: Option<String>,
}

/// When TLS begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TlsMode {
    /// Never, whatever is offered.
    None,
    /// By STARTTLS or STLS, where it is offered.
    Starttls,
    /// With the connection.
    Implicit,
}

#[derive(Debug, Args)]
pub(super) struct Check {
    /// Suite files or folders; none: the suites that come with the program. With --mutate also ids of scenarios or their beginnings.
    #[arg(value_name = "PATH|ID")]
    pub(super) words: Vec<String>,
    /// Run each scenario against the reference server with one answer changed at a time, and tell which changes nobody notices.
    #[arg(long)]
    pub(super) mutate: bool,
    /// Only the i-th of n parts of the scenarios, such as 1/8.
    #[arg(long, value_name = "I/N", value_parser = super::words::shard, requires = "mutate")]
    pub(super) shard: Option<super::words::Shard>,
    /// Scenarios that run at the same time.
    #[arg(short, long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=256), requires = "mutate")]
    pub(super) jobs: u16,
    /// Also write which scenario proves which requirement, as JSON.
    #[arg(long, value_name = "FILE", requires = "mutate")]
    pub(super) report: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Fmt {
    /// Suite files or folders; none: the suites of the checkout.
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Change nothing, name the files that would change, and exit with 1 if there are any.
    #[arg(long)]
    pub(super) check: bool,
}
