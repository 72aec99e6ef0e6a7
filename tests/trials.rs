//! What all trials share.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use libtest_mimic::{Failed, Trial};

/// The checkout.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A trial that passes when the function says so; its name is a claim.
pub(crate) fn claim(name: &str, test: fn() -> Result<(), String>) -> Trial {
    Trial::test(name, move || test().map_err(Failed::from))
}

/// A trial that needs a Docker engine. Where none answers it is shown as ignored with that reason, but on continuous
/// integration (`CI` is set) it runs and fails: a test that is passed over there proves nothing.
pub(crate) fn claim_with_docker(name: &str, test: fn() -> Result<(), String>) -> Trial {
    let runs = docker_answers() || std::env::var_os("CI").is_some();
    let trial = claim(name, test).with_ignored_flag(!runs);
    if runs { trial } else { trial.with_kind("no Docker engine answers") }
}

fn docker_answers() -> bool {
    static ANSWERS: LazyLock<bool> = LazyLock::new(|| {
        let runtime = tokio::runtime::Runtime::new();
        runtime.is_ok_and(|runtime| runtime.block_on(mailproof::target::launch::engine()).is_ok())
    });
    *ANSWERS
}

/// All files below a folder with this ending, sorted.
pub(crate) fn files_below(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let entries = std::fs::read_dir(&next).into_iter().flatten().flatten();
        for path in entries.map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
