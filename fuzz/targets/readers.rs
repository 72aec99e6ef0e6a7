//! Readers of files: suites, targets, expectations, catalogue. Errors have places and can be shown; what is read can be
//! written and read again.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use mailproof::base::{SourceFile, Span};
use mailproof::catalog::Catalog;
use mailproof::explore::{draw, expand};
use mailproof::scenario::{
    Diagnostic, Diagnostics, FACTS, Library, NoFiles, format, read_fragments, read_suite, variables, write_suite,
};
use mailproof::target::{TargetError, read_expected, read_target, write_target};

use super::Target;
use crate::check::{ensure, inside, same, tame};
use crate::corpus;

/// What means something to YAML and to these files.
const YAML: &[&str] = &[
    "suite: ",
    "scenarios:",
    "  - id: ",
    "covers: [",
    "session: {",
    "steps:",
    "C: ",
    "S: ",
    "S: |\n",
    "use: ",
    "for-each:",
    "let:",
    "forall:",
    "largest:",
    "&a",
    "*a",
    "<<: ",
    "!!str ",
    "---\n",
    "|\n",
    ">-\n",
    "? ",
    "{ ",
    "[[[[[[[[",
    "{{{{{{{{",
    "'",
    "  ",
    "repeat: ",
    "times: ",
    "${token}",
    "include: [std:smtp]",
    "needs: [",
    "\t",
];

pub(super) fn targets() -> Vec<Target> {
    vec![
        Target {
            name: "suite",
            grammar: &[
                "suite: t\ntitle: t\nscenarios:\n  - id: [a-z]{1,5}\n    covers: \\[rfc5321-4\\.1\\.4-out-of-order-503\\]\n    session: \\{ mx: (ready|connected) \\}\n    steps:\n(      - C: [A-Z]{4}( [a-z<>@:$\\{\\}]{0,9})?\n        S: (250|5xx|\\|\n          250-SIZE _\n          250)\n){1,4}",
            ],
            words: YAML,
            seeds: corpus::suites,
            check: suite,
        },
        Target {
            name: "target-file",
            grammar: &[
                "target: [a-z]{1,9}\nendpoints:\n(  (mx|imap|pop3|submission|imaps|sink): \"[a-z0-9.:\\[\\]]{1,15}:[0-9]{1,5}\"\n){0,4}(tls: \\{ name: [a-z.]{1,9} \\}\n)?(accounts:\n  - \\{ user: [a-z]{1,6}, address: [a-z]{1,4}@[a-z.]{1,9}, password: \"env:A\", disposable: (true|no) \\}\n)?",
                "facts: \\{ (catch-all|hierarchy|sink): (yes|no) \\}\n",
                "pace: \\{ connections: [0-9]{1,4}, per-second: [0-9]{1,3} \\}\n",
                "patience: [0-9]{1,3}(ms|s|m)\n",
            ],
            words: YAML,
            seeds: target_files,
            check: target_file,
        },
        Target {
            name: "expect-file",
            grammar: &[
                "known:\n(  - \\{ requirement: [a-z0-9.-]{1,20}, scenario: [a-z/]{1,12}, shape: \"[A-Z0-9 <>]{1,9}\", reason: \"[a-z ]{1,9}\"(, until: 20[0-9]{2}-[01][0-9]-[0-3][0-9])? \\}\n){1,3}",
                "inconclusive:\n(  - \\{ scenario: [a-z/]{1,12}, reason: [a-z]{1,9} \\}\n){1,3}",
            ],
            words: YAML,
            seeds: target_files,
            check: expect_file,
        },
        Target {
            name: "catalogue",
            grammar: &[
                "title: T\nprotocol: (smtp|imap|pop3)\nrequirements:\n(  - \\{ id: [a-z-]{1,9}, section: \"1\", level: (must|should|may), text: [a-z]{1,5}, observable: \"(yes|no)\", weight: [0-9]{1,3} \\}\n){0,4}",
            ],
            words: YAML,
            seeds: || {
                corpus::contents("suites/requirements", "relay.yaml")
                    .into_iter()
                    .chain(corpus::contents("suites/requirements", "rfc2971.yaml"))
                    .collect()
            },
            check: catalogue,
        },
    ]
}

fn target_files() -> Vec<Vec<u8>> {
    let mut found = corpus::contents("fixtures/servers", "server.yaml");
    found.push(
        b"target: x\nendpoints:\n  imap: \"127.0.0.1:143\"\n  pop3: { address: \"127.0.0.1:110\", tls: none }\n  sink: \"192.0.2.1:2525\"\n\
          domains: { local: example.test, foreign: elsewhere.example, sender: example.test }\naccounts:\n\
          \x20 - { user: alice, address: alice@example.test, password: \"env:A\", disposable: true }\nfacts: { catch-all: no }\n\
          known:\n  - { requirement: a-1, scenario: invariant, shape: \"OK [X]\", reason: why, until: 2027-06-01 }\n\
          inconclusive:\n  - { scenario: imap/x, reason: why }\npace: { connections: 20, per-second: 50 }\npatience: 10s\n"
            .to_vec(),
    );
    found
}

/// What the shipped suites refer to.
struct Shipped {
    catalog: Catalog,
    fragments: BTreeMap<String, Arc<SourceFile>>,
}

static SHIPPED: LazyLock<Shipped> = LazyLock::new(|| {
    let read = |folder: &str| -> Vec<(String, String)> {
        let paths = corpus::files(&corpus::root().join(folder), ".yaml");
        let name = |path: &std::path::Path| {
            path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
        };
        paths.iter().map(|path| (name(path), std::fs::read_to_string(path).unwrap_or_default())).collect()
    };
    let rows = read("suites/requirements");
    let catalog = Catalog::read(rows.iter().map(|(name, text)| (name.as_str(), text.as_str()))).unwrap_or_default();
    let file =
        |(name, text): (String, String)| (name.clone(), Arc::new(SourceFile { name: format!("std:{name}"), text }));
    Shipped { catalog, fragments: read("suites/std").into_iter().map(file).collect() }
});

fn span(span: &Span) -> Result<(), String> {
    let Some(file) = &span.file else { return Ok(()) };
    inside("span", &(span.start..span.end), file.text.len())?;
    ensure(file.text.get(span.start..span.end).is_some(), || {
        format!("span: {}..{} cuts a character", span.start, span.end)
    })?;
    tame("place", &span.place())
}

fn diagnostics(found: Vec<Diagnostic>) -> Result<(), String> {
    ensure(!found.is_empty(), || "mistakes: none, and yet it was refused".to_owned())?;
    for one in &found {
        span(&one.span)?;
        one.also.iter().try_for_each(|(also, _)| span(also))?;
    }
    tame("diagnostics", &Diagnostics::new(found).to_string())
}

fn suite(input: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(input).into_owned();
    if let Ok(laid) = format(&text) {
        same("formatted twice", &format(&laid).map_err(|unsure| format!("formatted: {unsure}"))?, &laid)?;
    }
    let Shipped { catalog, fragments } = &*SHIPPED;
    let watched: Vec<&str> = mailproof::imap::behind().to_vec();
    let library = Library { catalog, fragments, files: &NoFiles, invariants: &watched };
    let file = Arc::new(SourceFile { name: "dir/t.yaml".to_owned(), text });
    if let Err(found) = read_fragments(&file) {
        diagnostics(found)?;
    }
    let name = String::from_utf8_lossy(input);
    let id = name.lines().find_map(|line| line.strip_prefix("suite: ")).unwrap_or("t").trim().to_owned();
    let suite = match read_suite(&file, &id, &library) {
        Err(found) => return diagnostics(found),
        Ok(suite) => suite,
    };
    for scenario in &suite.scenarios {
        variables(scenario);
        if !scenario.forall.is_empty() {
            draw(scenario, Some(1), 0);
            expand(scenario, None, 1);
        }
    }
    if !suite.requirements.is_empty() || suite.scenarios.is_empty() {
        return Ok(());
    }
    let written = write_suite("t", "t", &suite.scenarios);
    let again = Arc::new(SourceFile { name: "t.yaml".to_owned(), text: written.clone() });
    let read = read_suite(&again, "t", &library)
        .map_err(|found| format!("written: {}\n{written}", Diagnostics::new(found)))?;
    same("written twice", &write_suite("t", "t", &read.scenarios), &written)
}

fn mistakes(found: &[TargetError], text: &str) -> Result<(), String> {
    for wrong in found {
        inside("place of a mistake", &(wrong.at.start..wrong.at.end), text.len())?;
        tame("mistake", &wrong.to_string())?;
    }
    Ok(())
}

fn target_file(input: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(input).into_owned();
    // Files are read where a file may be named; this is no place to read what lies about.
    if text.contains("file:") || text.contains("ca:") {
        return Ok(());
    }
    let source = SourceFile { name: "dir/target.yaml".to_owned(), text };
    let facts: Vec<&str> = FACTS.iter().map(|fact| fact.name).collect();
    let environment = |_: &str| Some("secret".to_owned());
    let target = match read_target(&source, &facts, &environment) {
        Err(found) => return mistakes(&found, &source.text),
        Ok(target) => target,
    };
    let written = SourceFile { name: source.name.clone(), text: write_target(&target) };
    let mut read =
        read_target(&written, &facts, &environment).map_err(|found| format!("written: {found:?}\n{}", written.text))?;
    for (account, before) in read.accounts.iter_mut().zip(&target.accounts) {
        if before.password_source.is_none() {
            // A password that stood in the file is not repeated: what is written asks for a variable.
            ensure(account.password_source.is_some(), || format!("literal password: kept\n{}", written.text))?;
            account.password_source = None;
            account.password = before.password.clone();
        }
    }
    ensure(read == target, || format!("written: another target\n{}\n{read:?}\n{target:?}", written.text))
}

fn expect_file(input: &[u8]) -> Result<(), String> {
    let source = SourceFile { name: "expect.yaml".to_owned(), text: String::from_utf8_lossy(input).into_owned() };
    match read_expected(&source) {
        Err(found) => mistakes(&found, &source.text),
        Ok(_) => Ok(()),
    }
}

fn catalogue(input: &[u8]) -> Result<(), String> {
    match Catalog::read([("f", String::from_utf8_lossy(input).as_ref())]) {
        Err(found) => found.iter().try_for_each(|wrong| tame("error", &wrong.to_string())),
        Ok(catalog) => {
            let lost =
                catalog.files().iter().flat_map(|file| &file.requirements).find(|row| catalog.get(&row.id).is_none());
            ensure(lost.is_none(), || format!("lost: {lost:?}"))
        }
    }
}
