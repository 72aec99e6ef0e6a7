//! From the command line to an exit code.

use std::io::{self, Write};

use clap::Parser;

use super::arguments::{Arguments, Command, Coverage};
use super::suites::{self, Wanted};
use super::{Exit, check, coverage, explain, fmt, list, mutate, probe, run, selftest, serve, servers};
use crate::catalog::Catalog;
use crate::scenario::Suite;

/// Runs the program with the arguments of the process. Output goes to stdout, mistakes to stderr.
pub fn main() -> Exit {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Whoever closed the pipe does not want to know.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Ok };
        }
    };
    let done = match &arguments.command {
        Command::Run(arguments) => return run::run(arguments),
        Command::List(arguments) => {
            suites::shipped_catalog().and_then(|catalog| list::list(&catalog, arguments.file.as_deref()))
        }
        Command::Explain(arguments) => with_suites(|catalog, suites| explain::explain(catalog, suites, &arguments.id)),
        Command::Coverage(arguments) => with_suites(|catalog, suites| counted(catalog, suites, arguments)),
        Command::Check(arguments) if arguments.mutate => return mutate::mutate(arguments),
        Command::Check(arguments) => check::check(arguments),
        Command::Fmt(arguments) => return fmt::fmt(arguments),
        Command::Schema => serde_json::to_string_pretty(&crate::scenario::schema())
            .map(|text| text + "\n")
            .map_err(|error| error.to_string()),
        Command::Probe(arguments) => return probe::probe(arguments),
        Command::Servers => servers::servers(),
        Command::Serve(arguments) => return serve::serve(arguments),
        Command::Selftest(arguments) => return selftest::selftest(arguments),
    };
    match done {
        Ok(text) => print(&text),
        Err(message) => complain(&message),
    }
}

/// Tells a mistake of the user on stderr. Nothing can be done if that fails too.
pub(super) fn complain(message: &str) -> Exit {
    let _ = writeln!(io::stderr(), "error: {message}");
    Exit::Usage
}

/// Tells something that stops nothing.
pub(super) fn warn(message: &str) {
    let _ = writeln!(io::stderr(), "warning: {message}");
}

/// A reader that closed the pipe has seen enough: that is no failure of ours.
pub(super) fn print(text: &str) -> Exit {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Exit::Ok,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Ok,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: cannot write to stdout: {error}");
            Exit::Usage
        }
    }
}

fn counted(catalog: &Catalog, suites: &[Suite], arguments: &Coverage) -> Result<String, String> {
    let rows = coverage::coverage(catalog, suites);
    if arguments.json {
        serde_json::to_string_pretty(&rows).map(|text| text + "\n").map_err(|error| error.to_string())
    } else {
        Ok(coverage::table(&rows))
    }
}

/// Runs what waits for servers.
pub(super) fn block_on(work: impl Future<Output = Exit>) -> Exit {
    match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime.block_on(work),
        Err(error) => complain(&format!("cannot start: {error}")),
    }
}

/// Reads catalogue and suites and hands them on.
fn with_suites(work: impl FnOnce(&Catalog, &[Suite]) -> Result<String, String>) -> Result<String, String> {
    let loaded = suites::load(&Wanted::default())?;
    work(&loaded.catalog, &loaded.suites)
}
