//! `env:VAR` and `file:PATH`: where passwords come from.

use std::path::Path;

use super::mistake::SecretError;
use crate::base::Secret;

/// Looks a variable of the environment up; the command line passes the real one, tests a table.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Reads a secret. A text that is neither `env:` nor `file:` stands for itself: none is returned, and the caller decides
/// whether that is allowed. Paths are relative to `folder`.
pub(super) fn resolve(
    written: &str,
    folder: &Path,
    environment: Environment<'_>,
) -> Option<Result<Secret<String>, SecretError>> {
    if let Some(name) = written.strip_prefix("env:") {
        let value = environment(name).ok_or_else(|| SecretError::NoVariable(name.to_owned()));
        return Some(value.and_then(|value| not_empty(value, written)));
    }
    let path = written.strip_prefix("file:")?;
    let text = std::fs::read_to_string(folder.join(path))
        .map_err(|error| SecretError::NoFile { path: path.to_owned(), reason: error.to_string() });
    // Editors end a file with a line break; no password does.
    Some(text.and_then(|text| not_empty(text.trim_end_matches(['\r', '\n']).to_owned(), written)))
}

fn not_empty(value: String, written: &str) -> Result<Secret<String>, SecretError> {
    if value.is_empty() { Err(SecretError::Empty(written.to_owned())) } else { Ok(Secret::new(value)) }
}
