//! `serve`: the reference server for any mail client.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Write as _};

use super::Exit;
use super::arguments::Serve;
use super::command::{complain, print};
use crate::base::closest;
use crate::refserver::{self, Config, Fault, Faults, Lookup, Running, UnknownFault};

/// Starts the reference server, tells where it listens, and waits for Ctrl-C.
pub(super) fn serve(arguments: &Serve) -> Exit {
    if arguments.list_faults {
        return print(&list());
    }
    let config = match config(arguments) {
        Ok(config) => config,
        Err(message) => return complain(&message),
    };
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

fn config(arguments: &Serve) -> Result<Config, String> {
    let known: BTreeSet<String> = refserver::keywords().collect();
    let unknown = arguments.without.iter().find(|word| !known.contains(&word.to_ascii_uppercase()));
    if let Some(word) = unknown {
        let all: Vec<String> = known.into_iter().collect();
        return Err(format!("--without: the server never announces `{word}`; there are {}", all.join(", ")));
    }
    let lookup = if arguments.answer_lookups { Lookup::Answered } else { Lookup::Declined };
    let withheld = arguments.without.iter().collect();
    let faults = Faults::named(arguments.faults.iter().map(String::as_str)).map_err(|UnknownFault(name)| {
        let meant = closest(&name, Fault::all().map(|fault| fault.row().id));
        let hint = meant.map(|id| format!("; did you mean `{id}`?")).unwrap_or_default();
        format!("there is no fault `{name}`{hint}")
    })?;
    Ok(Config { withheld, lookup, next_hop: arguments.next_hop, faults, ..Config::default() })
}

/// Each fault with the requirement that it breaks.
fn list() -> String {
    let rows = Fault::all().map(Fault::row);
    rows.map(|row| format!("{:<36} {:<56} {}\n", row.id, row.breaks, row.what)).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_would_be_announced_can_be_withheld() {
        let config = |words: &[&str]| {
            let without = words.iter().map(|word| (*word).to_owned()).collect();
            config(&Serve { without, answer_lookups: true, next_hop: None, faults: Vec::new(), list_faults: false })
        };
        let less = config(&["chunking", "UIDL", "AUTH=LOGIN", "move"]).unwrap();
        assert!(["CHUNKING", "UIDL", "AUTH=LOGIN", "MOVE"].iter().all(|word| less.withheld.has(word)));
        assert!(!less.withheld.has("SIZE") && less.lookup == Lookup::Answered);
        assert!(config(&["UIDLX"]).unwrap_err().contains("never announces `UIDLX`; there are 8BITMIME, APOP,"));
    }
}
