//! `check`: reads suites and tells every mistake of every file.

use std::path::PathBuf;

use super::arguments::Check;
use super::suites::{Wanted, load};

/// Reads the named files and folders, or the shipped suites. All mistakes come back as one text.
pub(super) fn check(arguments: &Check) -> Result<String, String> {
    let alone = arguments.words.iter().map(PathBuf::from).collect();
    let suites = load(&Wanted { alone, ..Wanted::default() })?.suites;
    let scenarios: usize = suites.iter().map(|suite| suite.scenarios.len()).sum();
    match suites.len() {
        0 => Err("no suite found".to_owned()),
        suites => Ok(format!("{suites} suites, {scenarios} scenarios, no mistake\n")),
    }
}
