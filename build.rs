//! Packs all files below `suites/`, and all below `fixtures/servers/`, into one blob each, which the binary carries. A third
//! blob holds the requirements as JSON: every run reads all of them, and YAML takes ten times as long.
//!
//! A blob is a row of entries, sorted by path: path length and content length as big-endian `u32`, the path below the folder
//! with `/` between its parts, the content. It is not compressed: a run reads few of the files, and would unpack all of them.
//! `src/base/packed.rs` reads it.

use std::error::Error;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    pack("suites.bin", files_below("suites")?)?;
    pack("servers.bin", files_below("fixtures/servers")?)?;
    pack("requirements.bin", prepared(files_below("suites/requirements")?)?)?;
    println!("cargo:rerun-if-changed=build.rs");
    Ok(())
}

/// Paths and contents, sorted.
type Files = Vec<(String, Vec<u8>)>;

fn files_below(folder: &str) -> Result<Files, Box<dyn Error>> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join(folder);
    let mut files = Vec::new();
    collect(&root, &root, &mut files)?;
    files.sort();
    files.into_iter().map(|(path, place)| Ok((path, fs::read(place)?))).collect()
}

/// The same content as JSON, by its name without `.yaml`.
fn prepared(files: Files) -> Result<Files, Box<dyn Error>> {
    let prepare = |(path, content): (String, Vec<u8>)| {
        let name = path.strip_suffix(".yaml")?.to_owned();
        Some(json(&content).map(|json| (name, json)).map_err(|error| format!("{path}: {error}").into()))
    };
    files.into_iter().filter_map(prepare).collect()
}

fn json(yaml: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let value: serde_json::Value = serde_saphyr::from_str(std::str::from_utf8(yaml)?)?;
    Ok(serde_json::to_vec(&value)?)
}

fn pack(blob: &str, files: Files) -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(std::env::var("OUT_DIR")?).join(blob);
    let mut packed = BufWriter::new(fs::File::create(out)?);
    for (path, content) in &files {
        packed.write_all(&u32::try_from(path.len())?.to_be_bytes())?;
        packed.write_all(&u32::try_from(content.len())?.to_be_bytes())?;
        packed.write_all(path.as_bytes())?;
        packed.write_all(content)?;
    }
    packed.flush()?;
    Ok(())
}

/// Adds the files of a folder. Cargo looks at the folders too, so that a new file is not missed.
fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, PathBuf)>) -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let place = entry?.path();
        if place.is_dir() {
            collect(root, &place, files)?;
            continue;
        }
        println!("cargo:rerun-if-changed={}", place.display());
        let parts: Option<Vec<&str>> = place.strip_prefix(root)?.iter().map(|part| part.to_str()).collect();
        let path = parts.ok_or_else(|| format!("{} is not UTF-8", place.display()))?.join("/");
        files.push((path, place));
    }
    Ok(())
}
