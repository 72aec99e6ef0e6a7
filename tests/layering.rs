//! Modules import only from layers below, and files stay short.

use std::path::Path;

use libtest_mimic::Trial;

use crate::trials::{claim, files_below, root};

/// Lines of code that a file may have. Comments, blank lines and tests do not count.
const LINES_MAX: usize = 450;

/// Each module with those that it may import, beside itself.
const TABLE: [(&str, &[&str]); 18] = [
    ("base", &[]),
    ("catalog", &["base"]),
    ("message", &["base"]),
    ("sasl", &["base"]),
    ("smtp", &["base", "message"]),
    ("pop3", &["base", "message"]),
    ("imap", &["base", "message"]),
    ("scenario", &["base", "catalog", "message", "sasl", "smtp", "pop3", "imap"]),
    ("generate", &["base", "catalog", "message", "sasl", "smtp", "pop3", "imap", "scenario"]),
    ("outcome", &["base", "catalog", "message", "sasl", "smtp", "pop3", "imap", "scenario"]),
    ("sink", &["base", "message"]),
    ("tamper", &["base", "smtp", "pop3", "imap", "scenario"]),
    ("target", &["base", "catalog", "scenario", "refserver"]),
    (
        "run",
        &[
            "base", "catalog", "message", "sasl", "smtp", "pop3", "imap", "scenario", "outcome", "target", "sink",
            "tamper",
        ],
    ),
    (
        "explore",
        &[
            "base", "catalog", "message", "sasl", "smtp", "pop3", "imap", "scenario", "generate", "outcome", "target",
            "run",
        ],
    ),
    ("report", &["base", "catalog", "scenario", "target", "outcome"]),
    (
        "cli",
        &[
            "base",
            "catalog",
            "message",
            "sasl",
            "smtp",
            "pop3",
            "imap",
            "scenario",
            "generate",
            "outcome",
            "sink",
            "tamper",
            "target",
            "run",
            "explore",
            "report",
            "refserver",
        ],
    ),
    ("refserver", &["base"]),
];

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        claim("layering::modules_import_only_from_below", imports),
        claim("layering::a_planted_upward_import_is_caught", planted),
        claim("layering::files_stay_short", lengths),
        claim("layering::every_module_stands_in_the_table", complete),
    ]
}

fn imports() -> Result<(), String> {
    let mut wrong = Vec::new();
    for path in files_below(&root().join("src"), ".rs") {
        let text = read(&path)?;
        let Some(module) = module_of(&path) else { continue };
        // Tests of `run` prove the client against a server that shares no code with it. They see the inside of `run`, so they
        // cannot lie in `tests/`; no code that is shipped leans on the server by that.
        let of_run = path.to_string_lossy().replace('\\', "/").contains("/src/run/tests/");
        let found = upward(&module, &text).into_iter().filter(|name| !(of_run && name == "refserver"));
        wrong.extend(found.map(|name| format!("{}: imports {name}", path.display())));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

fn planted() -> Result<(), String> {
    let text =
        "use crate::base::X;\nuse crate::{base, run::Y, report};\nlet z = crate::cli::main();\n// crate::explore\n";
    let found = upward("outcome", text);
    if found == ["run", "report", "cli"] { Ok(()) } else { Err(format!("{found:?}")) }
}

fn lengths() -> Result<(), String> {
    let mut long = Vec::new();
    for path in files_below(&root().join("src"), ".rs") {
        let of_tests = path.iter().any(|part| part == "tests" || part == "tests.rs");
        let text = read(&path)?;
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let lines = code.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")).count();
        if lines > LINES_MAX && !of_tests {
            long.push(format!("{}: {lines} lines of code", path.display()));
        }
    }
    if long.is_empty() { Ok(()) } else { Err(long.join("\n")) }
}

fn complete() -> Result<(), String> {
    let library = read(&root().join("src/lib.rs"))?;
    let modules = library.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let missing: Vec<&str> = modules.filter(|module| TABLE.iter().all(|(name, _)| name != module)).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("not in the table: {missing:?}")) }
}

/// Modules that `text`, a file of `module`, names and may not import.
fn upward(module: &str, text: &str) -> Vec<String> {
    let allowed = TABLE.iter().find(|(name, _)| *name == module).map_or(&[][..], |(_, allowed)| allowed);
    let code: String =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect();
    let known = |name: &str| TABLE.iter().any(|(module, _)| *module == name);
    let mut found: Vec<String> = code.split("crate::").skip(1).flat_map(names).collect();
    found.retain(|name| known(name) && name != module && !allowed.contains(&name.as_str()));
    found
}

/// The first names behind `crate::`: one, or those of a list in braces.
fn names(rest: &str) -> Vec<String> {
    let word = |text: &str| text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(list) = rest.strip_prefix('{') else { return vec![word(rest)] };
    let mut depth = 0_usize;
    let mut found = vec![String::new()];
    for c in list.chars() {
        match c {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => found.push(String::new()),
            _ if depth == 0 => found.last_mut().into_iter().for_each(|name| name.push(c)),
            _ => {}
        }
    }
    found.iter().map(|name| word(name)).collect()
}

fn module_of(path: &Path) -> Option<String> {
    let below = path.strip_prefix(root().join("src")).ok()?;
    let first = below.iter().next()?.to_str()?.trim_end_matches(".rs");
    (first != "lib" && first != "main").then(|| first.to_owned())
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
