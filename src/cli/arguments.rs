//! What may stand on the command line.

use clap::{Args, Parser, Subcommand};

/// Conformance tests for SMTP, submission, POP3 and IMAP servers.
#[derive(Debug, Parser)]
#[command(name = "mailproof", version, subcommand_required = true, arg_required_else_help = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Tell all that the catalogue says of a requirement.
    Explain(Explain),
    /// Count the requirements by file, level and observability.
    Coverage(Coverage),
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
