//! `serve`: the reference server for any mail client.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use super::Exit;
use super::command::complain;
use crate::refserver::{self, Config, Running};

/// Starts the reference server, tells where it listens, and waits for Ctrl-C.
pub(super) fn serve() -> Exit {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return complain(&format!("cannot start: {error}")),
    };
    runtime.block_on(async {
        let running = match refserver::start(Config::default()).await {
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
