//! The README and the architecture say what is there.

use std::process::Command;

use super::pages::page;
use crate::trials::root;

/// The lines of the README between these marks are the output of the main job.
const BEGIN: &str = "<!-- the main job: begin -->";
const END: &str = "<!-- the main job: end -->";

/// As many scenarios and requirements as the program ships: other figures depend on the machine's run.
pub(super) fn counts() -> Result<(), String> {
    let readme = page("README.md")?;
    let block = readme.split_once(BEGIN).and_then(|(_, rest)| rest.split_once(END)).map(|(block, _)| block);
    let block = block.ok_or("the README has no marked output of the main job")?;
    let checked = output(&["check"])?;
    let shipped = number_before(&checked, " scenarios").ok_or(checked)?;
    let told = number_before(block, " scenarios").ok_or("no scenarios in the README")?;
    if told != shipped {
        return Err(format!(
            "the README runs {told} scenarios, {shipped} are shipped: run the main job and paste its end"
        ));
    }
    let lock = page("suites/requirements.lock")?;
    let rows = number_before(&lock, " rows\n").ok_or("no rows in the lock")?;
    let told = readme.replace(',', "");
    if told.contains(&format!("{rows} requirements")) {
        Ok(())
    } else {
        Err(format!("the README does not name {rows} requirements"))
    }
}

/// Each module of the library has a place in the table of layers.
pub(super) fn modules() -> Result<(), String> {
    let library = page("src/lib.rs")?;
    let architecture = page("ARCHITECTURE.md")?;
    let modules = library.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let missing: Vec<&str> = modules.filter(|module| !architecture.contains(&format!("`{module}`"))).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("ARCHITECTURE.md says nothing of {missing:?}")) }
}

fn output(words: &[&str]) -> Result<String, String> {
    let output = Command::new(env!("CARGO_BIN_EXE_mailproof"))
        .args(words)
        .current_dir(root())
        .output()
        .map_err(|error| error.to_string())?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The digits right before a text.
fn number_before(text: &str, what: &str) -> Option<u64> {
    let before = text.split_once(what)?.0;
    let start = before.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1);
    before.get(start..)?.parse().ok()
}
