//! `serve`: the reference server for any mail client.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use super::Exit;
use super::arguments::Serve;
use super::command::{complain, print};
use crate::base::closest;
use crate::refserver::{self, Config, Fault, Faults, Running, UnknownFault};

/// Starts the reference server, tells where it listens, and waits for Ctrl-C.
pub(super) fn serve(arguments: &Serve) -> Exit {
    if arguments.list_faults {
        return print(&list());
    }
    match Faults::named(arguments.faults.iter().map(String::as_str)) {
        Ok(faults) => keep(Config { faults, ..Config::default() }),
        Err(UnknownFault(name)) => {
            let meant = closest(&name, Fault::all().map(|fault| fault.row().id));
            let hint = meant.map(|id| format!("; did you mean `{id}`?")).unwrap_or_default();
            complain(&format!("there is no fault `{name}`{hint}"))
        }
    }
}

/// Each fault with the requirement that it breaks.
fn list() -> String {
    let rows = Fault::all().map(Fault::row);
    rows.map(|row| format!("{:<36} {:<56} {}\n", row.id, row.breaks, row.what)).collect()
}

fn keep(config: Config) -> Exit {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return complain(&format!("cannot start: {error}")),
    };
    runtime.block_on(async {
        let running = match refserver::start(config).await {
            Ok(running) => running,
            Err(error) => return complain(&format!("cannot start the reference server: {error}")),
        };
        // A reader that has gone away is no reason to stop serving.
        let _gone = io::stdout().lock().write_all(describe(&running).as_bytes());
        match tokio::signal::ctrl_c().await {
            Ok(()) => Exit::Ok,
            Err(error) => complain(&format!("cannot wait for Ctrl-C: {error}")),
        }
    })
}

/// Endpoints and accounts. The passwords are those of a server in memory that nobody else reaches.
fn describe(running: &Running) -> String {
    let mut out = String::new();
    for (role, address) in running.endpoints() {
        // Writing to a string cannot fail.
        let _never = writeln!(out, "{:<12} {address}", role.as_str());
    }
    for account in &running.config.accounts {
        let _never = writeln!(out, "account      {} {}", account.user, account.password.reveal());
    }
    let _never = writeln!(out, "{}\nCtrl-C stops it", running.ca_pem.trim_end());
    out
}
