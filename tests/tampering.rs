//! `mailproof check --mutate` as a user meets it.

use std::process::Command;

use libtest_mimic::Trial;

use crate::trials::{claim, root};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        claim("tampering::a_scenario_that_cannot_fail_is_named_and_fails", blind),
        claim("tampering::strict_scenarios_pass", strict),
        claim("tampering::what_other_steps_and_the_next_hop_heard_is_changed_too", elsewhere),
        claim("tampering::sessions_that_prepare_do_not_shift_what_is_changed", prepared),
        claim("tampering::a_scenario_that_does_not_conform_as_it_is_fails", unsound),
        claim("tampering::shards_and_ids_choose", chosen),
    ]
}

/// Exit code and stdout.
fn tamper(arguments: &[&str]) -> Result<(Option<i32>, String), String> {
    let output = Command::new(env!("CARGO_BIN_EXE_mailproof"))
        .args(["check", "--mutate"])
        .args(arguments)
        .current_dir(root())
        .output()
        .map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.stderr.is_empty() {
        Ok((output.status.code(), text))
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// Closings are noticed here too, and do not help.
fn blind() -> Result<(), String> {
    let (code, text) = tamper(&["fixtures/tampering/blind.yaml"])?;
    if code != Some(1) || !text.contains("closings noticed") {
        return Err(format!("{code:?}\n{text}"));
    }
    insta::assert_snapshot!("scenarios_that_cannot_fail", text);
    Ok(())
}

fn strict() -> Result<(), String> {
    let (code, text) = tamper(&["fixtures/tampering/strict.yaml"])?;
    if code == Some(0) && !text.contains("UNPROVED") { Ok(()) } else { Err(format!("{code:?}\n{text}")) }
}

/// Of each of these nothing but a change of its own kind is a proof.
fn elsewhere() -> Result<(), String> {
    let (code, text) = tamper(&["fixtures/tampering/other-answers.yaml"])?;
    let proved = code == Some(0) && text.contains("4 scenarios, 0 more do not apply") && !text.contains("  apart:");
    if proved { Ok(()) } else { Err(format!("{code:?}\n{text}")) }
}

/// The sessions that empty and fill mailboxes are kept from one run to the next, so they are opened in some runs only.
fn prepared() -> Result<(), String> {
    let (code, text) = tamper(&["pop3/rfc1939/5-stat-and-list"])?;
    let made = code == Some(0) && text.contains("6 scenarios,") && !text.contains("was not made");
    if made { Ok(()) } else { Err(format!("{code:?}\n{text}")) }
}

fn unsound() -> Result<(), String> {
    let (code, text) = tamper(&["fixtures/tampering/wrong.yaml"])?;
    let told = text.contains("wrong/odd: UNSOUND, does not conform as it is: local-odd");
    if code == Some(1) && told { Ok(()) } else { Err(format!("{code:?}\n{text}")) }
}

fn chosen() -> Result<(), String> {
    let scenarios =
        |text: &str| text.lines().filter(|line| line.contains(" changes noticed") && !line.starts_with(' ')).count();
    let (_, one) = tamper(&["strict/a-code", "fixtures/tampering/strict.yaml"])?;
    let (_, half) = tamper(&["--shard", "1/5", "fixtures/tampering/strict.yaml"])?;
    let (none, _) = tamper(&["--shard", "3/5", "strict/a-code", "fixtures/tampering/strict.yaml"])?;
    if scenarios(&one) == 1 && scenarios(&half) == 1 && none == Some(4) {
        Ok(())
    } else {
        Err(format!("{one}{half}{none:?}"))
    }
}
