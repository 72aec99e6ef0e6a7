//! `list` and `explain`.

use std::fmt::Write as _;

use crate::base::{RequirementId, closest};
use crate::catalog::{Catalog, CatalogFile, Level, Observable, Requirement};

/// The files of the catalogue, or the rows of one.
pub(super) fn list(catalog: &Catalog, file: Option<&str>) -> Result<String, String> {
    let mut out = String::new();
    let Some(name) = file else {
        for file in catalog.files() {
            line(&mut out, format_args!("{:<20} {:>4} rows  {}", file.name, file.requirements.len(), file.title));
        }
        return Ok(out);
    };
    let found = catalog.files().iter().find(|file| file.name == name).ok_or_else(|| {
        let hint = closest(name, catalog.files().iter().map(|file| file.name.as_str()));
        format!("no requirements file `{name}`{}", did_you_mean(hint))
    })?;
    for row in &found.requirements {
        line(&mut out, format_args!("{:<10} {}", level(row.level), row.id));
    }
    Ok(out)
}

/// One requirement in full.
pub(super) fn explain(catalog: &Catalog, word: &str) -> Result<String, String> {
    let id: Option<RequirementId> = word.parse().ok();
    let found = id.as_ref().and_then(|id| Some((catalog.get(id)?, catalog.file_of(id)?)));
    let Some((row, file)) = found else {
        return Err(format!("no requirement `{word}`{}", did_you_mean(catalog.closest(word))));
    };
    Ok(describe(row, file))
}

fn describe(row: &Requirement, file: &CatalogFile) -> String {
    let mut out = String::new();
    line(&mut out, format_args!("{}", row.id));
    let document =
        file.rfc.map_or_else(|| file.title.clone(), |rfc| format!("RFC {rfc} §{}, {}", row.section, file.title));
    line(&mut out, format_args!("  {document}"));
    line(&mut out, format_args!("  {}, weight {}", level(row.level), row.weight));
    line(&mut out, format_args!("\n  {}", row.text));
    if !row.probe.is_empty() {
        line(&mut out, format_args!("\n  probe: {}", row.probe));
    }
    if !row.needs.is_empty() {
        line(&mut out, format_args!("  needs: {}", row.needs.join(", ")));
    }
    line(&mut out, format_args!("  observable: {}", observable(row)));
    if let Some(same) = &row.same_as {
        line(&mut out, format_args!("  counted as {same}"));
    }
    let judged = super::coverage::judged_by_invariant(&row.id);
    line(
        &mut out,
        format_args!("  judged by: {}", if judged { "an invariant, in every session" } else { "nothing yet" }),
    );
    out
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _never = writeln!(out, "{text}");
}

fn did_you_mean(word: Option<&str>) -> String {
    word.map_or_else(String::new, |word| format!("; did you mean `{word}`?"))
}

/// The force in the words of RFC 2119.
pub(super) fn level(level: Level) -> &'static str {
    match level {
        Level::Must => "MUST",
        Level::MustNot => "MUST NOT",
        Level::Should => "SHOULD",
        Level::ShouldNot => "SHOULD NOT",
        Level::May => "MAY",
    }
}

fn observable(row: &Requirement) -> String {
    match row.observable {
        Observable::Yes => "by a client alone".to_owned(),
        Observable::Delivery => "with the delivered message read back".to_owned(),
        Observable::Config => "under a known configuration of the server".to_owned(),
        Observable::No => format!("no: {}", row.why_not),
    }
}
