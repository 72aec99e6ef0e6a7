//! `list`: the files of the catalogue, or the rows of one.

use std::fmt::Write as _;

use crate::base::closest;
use crate::catalog::Catalog;
use crate::report::level_word;

/// One line a file, or one line a row of the named file.
pub(super) fn list(catalog: &Catalog, file: Option<&str>) -> Result<String, String> {
    let mut out = String::new();
    let Some(name) = file else {
        for file in catalog.files() {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{:<20} {:>4} rows  {}", file.name, file.requirements.len(), file.title);
        }
        return Ok(out);
    };
    let found = catalog.files().iter().find(|file| file.name == name).ok_or_else(|| {
        let hint = closest(name, catalog.files().iter().map(|file| file.name.as_str()));
        let hint = hint.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
        format!("no requirements file `{name}`{hint}")
    })?;
    for row in &found.requirements {
        let _ = writeln!(out, "{:<10} {}", level_word(row.level), row.id);
    }
    Ok(out)
}
