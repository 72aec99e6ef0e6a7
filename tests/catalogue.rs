//! The catalogue is the denominator of all coverage figures, so it does not change by accident.

use std::fmt::Write as _;

use libtest_mimic::Trial;
use mailproof::catalog::{Catalog, CatalogFile, Level, Observable};
use mailproof::cli::Shipped;

use crate::trials::{claim, root};

/// Set to write `suites/requirements.lock` anew.
const UPDATE: &str = "MAILPROOF_UPDATE_LOCK";

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        claim("catalogue::every_requirements_file_loads", every_file_loads),
        claim("catalogue::requirements_lock_holds", lock_holds),
        claim("catalogue::every_id_that_the_code_accuses_is_a_row", accused_ids_are_rows),
        claim("catalogue::the_shipped_suites_load", shipped_suites_load),
    ]
}

fn catalog() -> Result<Catalog, String> {
    let shipped = Shipped::open(root()).map_err(|error| error.to_string())?;
    Catalog::read(shipped.requirements())
        .map_err(|errors| errors.iter().map(|error| format!("{error}\n")).collect::<String>())
}

fn every_file_loads() -> Result<(), String> {
    let files = catalog()?.files().len();
    let there = crate::trials::files_below(&root().join("suites/requirements"), ".yaml").len();
    if files == there && files > 0 { Ok(()) } else { Err(format!("{files} of {there} files were read")) }
}

/// A finding that cites a row nobody can look up is worse than none.
fn accused_ids_are_rows() -> Result<(), String> {
    use mailproof::{imap, pop3, smtp};
    let catalog = catalog()?;
    let cited = [
        smtp::behind(),
        smtp::requirements(),
        pop3::behind(),
        pop3::requirements(),
        imap::behind(),
        imap::requirements(),
    ];
    let mut count = 0;
    for id in cited.into_iter().flatten() {
        count += 1;
        let parsed = id.parse().map_err(|error| format!("{error}"))?;
        catalog.get(&parsed).ok_or_else(|| format!("{id} is no row of the catalogue"))?;
    }
    if count > 50 { Ok(()) } else { Err(format!("only {count} ids are cited")) }
}

/// Through the program itself, with the invariants that there really are.
fn shipped_suites_load() -> Result<(), String> {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_mailproof"))
        .arg("check")
        .current_dir(root())
        .output()
        .map_err(|error| error.to_string())?;
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() && told.ends_with(" scenarios, no mistake\n") {
        return Ok(());
    }
    Err(told + &String::from_utf8_lossy(&output.stderr))
}

fn lock_holds() -> Result<(), String> {
    let path = root().join("suites/requirements.lock");
    let now = lock(&catalog()?);
    if std::env::var_os(UPDATE).is_some() {
        return std::fs::write(&path, now).map_err(|error| error.to_string());
    }
    let locked = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    if locked == now {
        return Ok(());
    }
    let diff = similar::TextDiff::from_lines(&locked, &now).unified_diff().context_radius(0).to_string();
    Err(format!(
        "the catalogue, which is the denominator of coverage, is not what suites/requirements.lock says.\n\
         A changed denominator needs a file in docs/decisions/ that says why; then write the lock anew with\n\
         {UPDATE}=1 cargo test --test main requirements_lock\n{diff}"
    ))
}

/// One line a file: rows, rows by level, rows by observability, rows that are counted elsewhere.
fn lock(catalog: &Catalog) -> String {
    let mut lines: Vec<String> = catalog.files().iter().map(line).collect();
    lines.sort();
    let rows: usize = catalog.files().iter().map(|file| file.requirements.len()).sum();
    let mut text =
        String::from("# Rows of the catalogue. A change needs a file in docs/decisions/; see tests/catalogue.rs.\n");
    let _ = writeln!(text, "# {} files, {rows} rows", lines.len());
    lines.iter().for_each(|line| text.push_str(line));
    text
}

fn line(file: &CatalogFile) -> String {
    let level = |level: Level| file.requirements.iter().filter(|row| row.level == level).count();
    let seen = |seen: Observable| file.requirements.iter().filter(|row| row.observable == seen).count();
    format!(
        "{}: rows {}, must {}, must-not {}, should {}, should-not {}, may {}; \
         observable yes {}, delivery {}, config {}, no {}; same_as {}\n",
        file.name,
        file.requirements.len(),
        level(Level::Must),
        level(Level::MustNot),
        level(Level::Should),
        level(Level::ShouldNot),
        level(Level::May),
        seen(Observable::Yes),
        seen(Observable::Delivery),
        seen(Observable::Config),
        seen(Observable::No),
        file.requirements.iter().filter(|row| row.same_as.is_some()).count(),
    )
}
