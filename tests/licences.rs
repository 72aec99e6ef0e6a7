//! Licences and advisories of the dependencies, where the tool that looks is installed.

use std::process::Command;

use libtest_mimic::Trial;

use crate::trials::{claim, root};

pub(crate) fn trials() -> Vec<Trial> {
    let there = Command::new("cargo-deny").arg("--version").output().is_ok_and(|output| output.status.success());
    let name = "licences::dependencies_are_licensed_as_deny_toml_says";
    if there { vec![claim(name, licences)] } else { vec![ignored(name)] }
}

fn ignored(name: &str) -> Trial {
    claim(&format!("{name} (cargo-deny is not installed)"), licences).with_ignored_flag(true)
}

fn licences() -> Result<(), String> {
    let output = Command::new("cargo-deny")
        .args(["--offline", "check", "licenses", "bans", "sources"])
        .current_dir(root())
        .output()
        .map_err(|error| format!("cargo-deny: {error}"))?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}
