//! Flags: those that a page names are there, and `run` has none that no page explains.

use std::collections::BTreeSet;
use std::process::Command;

use super::pages::{page, pages};
use crate::trials::root;

pub(super) fn named_exist() -> Result<(), String> {
    let main = help(&[])?;
    let (_, rest) = main.split_once("Commands:").ok_or("no commands")?;
    let indented = rest.lines().skip(1).take_while(|line| line.starts_with(' '));
    let commands: Vec<&str> = indented
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|word| !word.is_empty())
        .collect();
    let mut known: BTreeSet<String> = flags(&main);
    for command in &commands {
        known.extend(flags(&help(&[command])?));
    }
    let mut wrong = Vec::new();
    for path in pages() {
        let text = page(&path)?;
        // Other tools have flags of their own.
        let lines = text.lines().filter(|line| !["cargo ", "git ", "valgrind "].iter().any(|tool| line.contains(tool)));
        let named: BTreeSet<String> = lines.flat_map(flags).collect();
        wrong.extend(named.difference(&known).map(|flag| format!("{path}: {flag}")));
    }
    if wrong.is_empty() && commands.len() > 6 { Ok(()) } else { Err(format!("{commands:?}\n{}", wrong.join("\n"))) }
}

pub(super) fn run_is_explained() -> Result<(), String> {
    let known = flags(&help(&["run"])?);
    let explained = flags(&page("docs/run.md")?);
    let missing: Vec<&String> = known.difference(&explained).filter(|flag| *flag != "--help").collect();
    if missing.is_empty() && known.len() > 30 {
        Ok(())
    } else {
        Err(format!("docs/run.md says nothing of {missing:?}"))
    }
}

fn help(words: &[&str]) -> Result<String, String> {
    let output = Command::new(env!("CARGO_BIN_EXE_mailproof"))
        .args(words)
        .arg("--help")
        .current_dir(root())
        .output()
        .map_err(|error| error.to_string())?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Words that begin with two hyphens and a letter.
fn flags(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices("--") {
        let joined =
            text.get(..at).and_then(|before| before.chars().last()).is_some_and(|c| c.is_alphanumeric() || c == '-');
        let word: String = text
            .get(at + 2..)
            .unwrap_or_default()
            .chars()
            .take_while(|c| c.is_ascii_lowercase() || *c == '-')
            .collect();
        if !joined && word.starts_with(|first: char| first.is_ascii_lowercase()) {
            found.insert(format!("--{}", word.trim_end_matches('-')));
        }
    }
    found
}
