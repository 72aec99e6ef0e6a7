//! Tables in JSON with one row a line, so that a line diff reads well, and the files they are written to.

use std::path::Path;

use serde::Serialize;

/// A JSON array whose elements stand in lines of their own, for the second level of a document.
pub(super) fn array<T: Serialize>(rows: impl IntoIterator<Item = T>) -> serde_json::Result<String> {
    let rows: Vec<String> = rows.into_iter().map(|row| serde_json::to_string(&row)).collect::<Result<_, _>>()?;
    Ok(if rows.is_empty() { "[]".to_owned() } else { format!("[\n    {}\n  ]", rows.join(",\n    ")) })
}

/// Writes a table into a file.
pub(super) fn write(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_has_a_line() {
        assert_eq!(array(Vec::<u8>::new()).unwrap(), "[]");
        assert_eq!(array([1, 2]).unwrap(), "[\n    1,\n    2\n  ]");
    }

    #[test]
    fn a_file_that_cannot_be_written_is_named() {
        let told = write(Path::new("/nowhere/at/all"), "x").unwrap_err();
        assert!(told.starts_with("cannot write /nowhere/at/all: "), "{told}");
    }
}
