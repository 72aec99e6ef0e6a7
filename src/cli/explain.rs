//! `explain ID`.

use std::fmt::Write as _;

use crate::base::RequirementId;
use crate::catalog::{Catalog, Observable, Requirement};
use crate::report::level_word;
use crate::scenario::Suite;

/// What the catalogue says of a requirement, or what is wrong with the id.
pub(super) fn explain(catalog: &Catalog, suites: &[Suite], word: &str) -> Result<String, String> {
    let id: RequirementId = word.parse().map_err(|error: crate::base::IdError| error.to_string())?;
    let Some(row) = catalog.get(&id) else {
        let hint = catalog.closest(word).map(|id| format!("; did you mean `{id}`?")).unwrap_or_default();
        return Err(format!("no requirement has the id `{word}`{hint}"));
    };
    Ok(text(catalog, suites, row))
}

fn text(catalog: &Catalog, suites: &[Suite], row: &Requirement) -> String {
    let mut out = format!("{} ({})\n", row.id, level_word(row.level));
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "  {name}: {}", value.trim());
        }
    };
    line("text", &row.text);
    if let Some(file) = catalog.file_of(&row.id) {
        let place =
            file.rfc.map_or_else(|| file.title.clone(), |rfc| format!("RFC {rfc} §{}, {}", row.section, file.title));
        line("source", &place);
    }
    line("needs", &row.needs.join(", "));
    line("seen by", observable(row.observable));
    line("probe", &row.probe);
    line("why not", &row.why_not);
    line("weight", &row.weight.to_string());
    line("judged", if super::coverage::judged_always(&row.id) { "by an invariant, in every session" } else { "" });
    for scenario in
        suites.iter().flat_map(|suite| &suite.scenarios).filter(|scenario| scenario.covers.contains(&row.id))
    {
        line("scenario", scenario.id.as_str());
    }
    line("counted as", row.same_as.as_ref().map_or("", RequirementId::as_str));
    out
}

fn observable(observable: Observable) -> &'static str {
    match observable {
        Observable::Yes => "a client alone",
        Observable::Delivery => "a client that reads delivered mail back",
        Observable::Config => "a client, under a known configuration of the server",
        Observable::No => "nobody from outside",
    }
}
