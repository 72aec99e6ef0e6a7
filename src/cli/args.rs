//! The command line, as clap reads it.

use clap::{Parser, Subcommand};

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
    /// Keep the embedded reference server running on loopback, for any mail client
    Serve,
}
