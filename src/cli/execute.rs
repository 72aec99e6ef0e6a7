//! From arguments to an exit code.

use std::io::{self, Write};
use std::path::Path;

use super::args::{Arguments, Command};
use super::coverage::Coverage;
use super::exit::Exit;
use super::{Shipped, explain, probe, serve};
use crate::catalog::Catalog;

/// Does what the arguments say. Results go to stdout, everything else to stderr.
pub fn execute(arguments: &Arguments) -> Exit {
    let done = match &arguments.command {
        Command::List { file } => with_catalog(|catalog, _| explain::list(catalog, file.as_deref())),
        Command::Explain { id } => with_catalog(|catalog, _| explain::explain(catalog, id)),
        Command::Coverage { json } => with_catalog(|catalog, shipped| {
            let coverage = Coverage::of(catalog);
            Ok(if *json { coverage.json() } else { coverage.text(&shipped.origin().to_string()) })
        }),
        Command::Probe(arguments) => return probe::probe(arguments),
        Command::Serve => return serve::serve(),
    };
    match done {
        Ok(text) => print(&text),
        Err(message) => complain(&message),
    }
}

/// Opens suites and catalogue and hands them on. All mistakes of all files are told at once.
fn with_catalog(work: impl FnOnce(&Catalog, &Shipped) -> Result<String, String>) -> Result<String, String> {
    let shipped = Shipped::open(Path::new(".")).map_err(|error| error.to_string())?;
    let catalog = Catalog::read(shipped.requirements())
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    work(&catalog, &shipped)
}

/// A reader that has gone away, such as `head`, is no error.
pub(super) fn print(text: &str) -> Exit {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => complain(&format!("cannot write: {error}")),
        Ok(()) | Err(_) => Exit::Ok,
    }
}

/// Tells a mistake of the user on stderr. Nothing can be done if that fails too.
pub(super) fn complain(message: &str) -> Exit {
    let _gone = writeln!(io::stderr().lock(), "error: {message}");
    Exit::Usage
}
