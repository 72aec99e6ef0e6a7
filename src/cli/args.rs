//! The command line, as clap reads it.

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Conformance tests for SMTP, submission, POP3 and IMAP servers.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the requirements files of the catalogue, or the rows of one of them
    List {
        /// A requirements file, such as rfc1939
        file: Option<String>,
    },
    /// Explain one requirement: its RFC and section, its force, how it is judged
    Explain {
        /// Its id, such as rfc1939-3-byte-stuffing
        id: String,
    },
    /// How much of the catalogue is judged, per file
    Coverage {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Find out what a server announces in each state, its TLS, and which logins work
    Probe(ProbeArguments),
    /// Keep the embedded reference server running on loopback, for any mail client
    Serve,
}

/// What is probed.
#[derive(Debug, Args)]
pub struct ProbeArguments {
    /// Services of one server, such as smtp://host:25 or imaps://host; none: the embedded reference server
    #[arg(value_name = "URL")]
    pub urls: Vec<String>,
    /// An account: USER[,ADDRESS]=env:VAR
    #[arg(long = "account", value_name = "ACCOUNT")]
    pub accounts: Vec<String>,
    /// When TLS begins, for every service
    #[arg(long, value_name = "MODE")]
    pub tls: Option<TlsMode>,
    /// Take any certificate
    #[arg(short = 'k', long)]
    pub insecure: bool,
    /// A PEM file with certificates to trust
    #[arg(long = "cacert", value_name = "FILE")]
    pub authorities: Vec<String>,
    /// The name that the certificate must bear
    #[arg(long = "sni", value_name = "NAME")]
    pub name: Option<String>,
    /// Seconds for each exchange
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub timeout: u64,
}

/// When TLS begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TlsMode {
    /// Never, whatever is offered
    None,
    /// By STARTTLS or STLS, where it is offered
    Starttls,
    /// With the connection
    Implicit,
}
