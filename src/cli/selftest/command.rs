//! The command: a server without faults, then one for each fault, some of them side by side.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;

use tokio_util::task::AbortOnDropHandle;

use super::bench::Bench;
use super::choose::Breadth;
use super::matrix::{Outcome, Red, exit, line, red, total, unsound};
use super::table::Table;
use crate::cli::Exit;
use crate::cli::arguments::SelfTest;
use crate::cli::command::{block_on, complain, print};
use crate::cli::rows::write;
use crate::cli::suites::{Wanted, load};
use crate::refserver::{Fault, Faults};

/// Servers with faults that run at the same time. Most of a run is waiting for answers that do not come.
const SIDE_BY_SIDE: usize = 4;

/// Runs the suites against each fault that is named, or against all.
pub(in crate::cli) fn selftest(arguments: &SelfTest) -> Exit {
    block_on(async { go(arguments).await.unwrap_or_else(|message| complain(&message)) })
}

async fn go(arguments: &SelfTest) -> Result<Exit, String> {
    let faults = named(&arguments.faults)?;
    let loaded = load(&Wanted::default())?;
    let scenarios = loaded.suites.into_iter().flat_map(|suite| suite.scenarios).collect();
    let bench = Arc::new(Bench::open(scenarios, loaded.catalog, usize::from(arguments.jobs)).await?);
    let breadth = if arguments.full { Breadth::Full } else { Breadth::Near };
    let sound = bench.judge(Faults::default(), bench.scenarios.clone()).await?;
    let before = Arc::new(red(&sound));
    print(&unsound(&sound, &before));
    let outcomes = against(faults, &bench, &before, breadth).await;
    print(&total(&outcomes));
    let table = Table::of(&sound, &outcomes);
    arguments.reports.iter().try_for_each(|path| tell(path, &table))?;
    Ok(exit(&sound, &before, &outcomes))
}

/// What comes of each fault, told as soon as those before it have ended.
async fn against(faults: Vec<Fault>, bench: &Arc<Bench>, before: &Arc<Red>, breadth: Breadth) -> Vec<Outcome> {
    let mut waiting = faults.into_iter();
    let mut running = VecDeque::new();
    let mut outcomes = Vec::new();
    loop {
        for fault in waiting.by_ref().take(SIDE_BY_SIDE.saturating_sub(running.len())) {
            let (bench, before) = (Arc::clone(bench), Arc::clone(before));
            let task = tokio::spawn(async move { bench.outcome(fault, &before, breadth).await });
            running.push_back((fault, AbortOnDropHandle::new(task)));
        }
        let Some((fault, task)) = running.pop_front() else { return outcomes };
        let outcome = task.await.unwrap_or_else(|error| Outcome::untested(fault.row(), error.to_string()));
        print(&line(&outcome));
        outcomes.push(outcome);
    }
}

fn tell(path: &Path, table: &Table<'_>) -> Result<(), String> {
    let json = path.extension().is_some_and(|extension| extension == "json");
    write(path, &if json { table.json().map_err(|error| error.to_string())? } else { table.markdown() })
}

fn named(names: &[String]) -> Result<Vec<Fault>, String> {
    if names.is_empty() {
        return Ok(Fault::all().collect());
    }
    let wanted = |name: &String| {
        let found: Vec<Fault> = Fault::all().filter(|fault| fault.row().id.starts_with(name.as_str())).collect();
        if found.is_empty() {
            Err(format!("there is no fault `{name}`, and none begins so; `mailproof serve --list-faults` names them"))
        } else {
            Ok(found)
        }
    };
    let found: Result<Vec<_>, _> = names.iter().map(wanted).collect();
    Ok(found?.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_named_by_their_beginnings() {
        let ids = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            named(&names).map(|faults| faults.iter().map(|fault| fault.row().id).collect::<Vec<_>>())
        };
        assert_eq!(ids(&["tls-smtp-twice", "tls-imap-r"]).unwrap(), ["tls-smtp-twice", "tls-imap-runs-tail"]);
        assert_eq!(ids(&[]).unwrap().len(), Fault::all().count());
        assert!(ids(&["tls-smtp-twice", "nothing"]).unwrap_err().starts_with("there is no fault `nothing`"));
    }
}
