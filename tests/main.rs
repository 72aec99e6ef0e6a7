//! The integration tests, one binary: each module gives its trials.

mod catalogue;
mod cli;
mod clients;
mod docs;
mod dying;
mod harmless;
mod hostile;
mod layering;
mod refserver;
mod run;
mod servers;
mod tampering;
mod trials;

use std::process::ExitCode;

use libtest_mimic::Arguments;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = [
        catalogue::trials(),
        cli::trials(),
        clients::trials(),
        docs::trials(),
        dying::trials(),
        harmless::trials(),
        hostile::trials(&arguments),
        layering::trials(),
        refserver::trials(),
        run::trials(),
        servers::trials(),
        tampering::trials(),
    ];
    libtest_mimic::run(&arguments, trials.into_iter().flatten().collect()).exit_code()
}
