//! Inputs that exist already: transcripts, suites, bad suites, catalogue, targets.

use std::fs;
use std::path::{Path, PathBuf};

use mailproof::base::ByteString;

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder whose name ends so, sorted.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The octets of all files below a folder of the checkout whose name ends so.
pub(crate) fn contents(folder: &str, ending: &str) -> Vec<Vec<u8>> {
    files(&root().join(folder), ending).iter().filter_map(|path| fs::read(path).ok()).collect()
}

/// Shipped and bad suites, without requirements.
pub(crate) fn suites() -> Vec<Vec<u8>> {
    let mut found = contents("fixtures/bad-suites", ".yaml");
    let paths = files(&root().join("suites"), ".yaml");
    let suites = paths.iter().filter(|path| !path.starts_with(root().join("suites/requirements")));
    found.extend(suites.filter_map(|path| fs::read(path).ok()));
    found
}

/// Responses of the transcripts, unescaped.
pub(crate) fn responses() -> Vec<Vec<u8>> {
    let texts = contents("fixtures/transcripts/imap", ".txt");
    let texts = texts.iter().map(|text| String::from_utf8_lossy(text));
    texts
        .flat_map(|text| text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>())
        .filter_map(|line| ByteString::unescape(&line).ok())
        .map(ByteString::into_bytes)
        .collect()
}

/// Lines of the suites that expect something, as they are written, without marks of the list.
pub(crate) fn expectations() -> Vec<String> {
    let mut found: Vec<String> = suites()
        .iter()
        .flat_map(|text| String::from_utf8_lossy(text).lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>())
        .map(|line| line.trim_start_matches("S: ").split(" ; ").next().unwrap_or_default().trim().to_owned())
        .filter(|line| !line.is_empty() && line.len() < 200)
        .collect();
    found.sort();
    found.dedup();
    found
}
