//! `serve`: the reference server for any mail client.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Write as _};

use super::Exit;
use super::arguments::Serve;
use super::command::{block_on, complain, print};
use crate::base::closest;
use crate::refserver::{self, Config, Fault, Faults, Lookup, Role, Running, UnknownFault};

/// Starts the reference server, tells where it listens, and waits for Ctrl-C.
pub(super) fn serve(arguments: &Serve) -> Exit {
    if arguments.list_faults {
        return print(&list());
    }
    let config = match config(arguments) {
        Ok(config) => config,
        Err(message) => return complain(&message),
    };
    block_on(async {
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
    let mut config = Config { withheld, lookup, next_hop: arguments.next_hop, faults, ..Config::default() };
    let services: Vec<Role> = arguments.services.iter().map(|word| service(word)).collect::<Result<_, _>>()?;
    config.listeners.retain(|listener| services.is_empty() || services.contains(&listener.role));
    config.catch_all = arguments.catch_all.as_deref().map(|user| user_of(&config, user)).transpose()?;
    Ok(config)
}

fn service(word: &str) -> Result<Role, String> {
    let found = Role::ALL.into_iter().find(|role| role.as_str().eq_ignore_ascii_case(word));
    let all = || Role::ALL.map(Role::as_str).join(", ");
    found.ok_or_else(|| format!("--only: there is no service `{word}`; there are {}", all()))
}

fn user_of(config: &Config, user: &str) -> Result<String, String> {
    let account = config.account(user).map(|account| account.user.clone());
    let all = || config.accounts.iter().map(|account| account.user.as_str()).collect::<Vec<_>>().join(", ");
    account.ok_or_else(|| format!("--catch-all: nobody is called `{user}`; there are {}", all()))
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

    /// A server that is told nothing.
    fn plain() -> Serve {
        let (without, services, faults) = (Vec::new(), Vec::new(), Vec::new());
        let (answer_lookups, list_faults, next_hop, catch_all) = (false, false, None, None);
        Serve { without, answer_lookups, next_hop, catch_all, services, faults, list_faults }
    }

    #[test]
    fn services_can_be_left_out_and_somebody_may_take_all_mail() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let all = config(&plain()).unwrap();
        assert!(all.listeners.len() == Role::ALL.len() && all.catch_all.is_none());
        let told = Serve { services: words(&["imaps", "MX"]), catch_all: Some("Bob".to_owned()), ..plain() };
        let told = config(&told).unwrap();
        assert_eq!(told.listeners.iter().map(|one| one.role).collect::<Vec<_>>(), [Role::Mx, Role::Imaps]);
        assert_eq!(told.catch_all.as_deref(), Some("bob"));
        let unknown = config(&Serve { services: words(&["smtp"]), ..plain() }).unwrap_err();
        assert!(unknown.starts_with("--only: there is no service `smtp`; there are mx, submission,"), "{unknown}");
        let nobody = config(&Serve { catch_all: Some("carol".to_owned()), ..plain() }).unwrap_err();
        assert!(nobody.starts_with("--catch-all: nobody is called `carol`; there are alice, bob,"), "{nobody}");
    }

    #[test]
    fn only_what_would_be_announced_can_be_withheld() {
        let config = |words: &[&str]| {
            let without = words.iter().map(|word| (*word).to_owned()).collect();
            config(&Serve { without, answer_lookups: true, ..plain() })
        };
        let less = config(&["chunking", "UIDL", "AUTH=LOGIN", "move"]).unwrap();
        assert!(["CHUNKING", "UIDL", "AUTH=LOGIN", "MOVE"].iter().all(|word| less.withheld.has(word)));
        assert!(!less.withheld.has("SIZE") && less.lookup == Lookup::Answered);
        assert!(config(&["UIDLX"]).unwrap_err().contains("never announces `UIDLX`; there are 8BITMIME, ACL, APOP,"));
    }
}
