//! What reading a suite needs besides its text.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::base::SourceFile;
use crate::catalog::Catalog;

/// Everything that a suite may refer to.
#[derive(Clone, Copy)]
pub struct Library<'a> {
    /// The requirements that can be covered.
    pub catalog: &'a Catalog,
    /// Shipped fragment files by name: `std:smtp` is `smtp`.
    pub fragments: &'a BTreeMap<String, Arc<SourceFile>>,
    /// Relative files: fragments and `{ file: … }`.
    pub files: &'a dyn Files,
    /// Requirement ids that an invariant judges.
    pub invariants: &'a [&'a str],
}

/// Where relative files come from.
pub trait Files {
    /// The octets of `path` as written in `from`, and the name under which to show it. The error is a lower-case
    /// fragment.
    fn load(&self, from: &SourceFile, path: &str) -> Result<(String, Vec<u8>), String>;
}

/// There are no relative files.
#[derive(Debug, Clone, Copy)]
pub struct NoFiles;

/// Relative files below one folder, next to the file that names them. Nothing outside the folder is read.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

/// docs/suite-language.md section 14: no value is over 64 MiB.
const FILE_MAX_OCTETS: u64 = 64 << 20;

impl std::fmt::Debug for Library<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Library")
            .field("fragments", self.fragments)
            .field("invariants", &self.invariants.len())
            .finish()
    }
}

impl Files for NoFiles {
    fn load(&self, _: &SourceFile, _: &str) -> Result<(String, Vec<u8>), String> {
        Err("there are no files here".to_owned())
    }
}

impl Folder {
    /// Files below `root`; the names of source files begin with it.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }
}

impl Files for Folder {
    fn load(&self, from: &SourceFile, path: &str) -> Result<(String, Vec<u8>), String> {
        let beside = Path::new(&from.name).parent().unwrap_or_else(|| Path::new(""));
        let wanted = tidy(&beside.join(path));
        let root = self.root.canonicalize().map_err(|error| error.to_string())?;
        let real = wanted.canonicalize().map_err(|_| "there is no such file".to_owned())?;
        // A suite from elsewhere must not be able to send any file of this machine to a server.
        if Path::new(path).is_absolute() || !real.starts_with(&root) {
            return Err("a file outside the suite's root is not read".to_owned());
        }
        let length = std::fs::metadata(&real).map_err(|error| error.to_string())?.len();
        if length > FILE_MAX_OCTETS {
            return Err("it has more than 64 MiB".to_owned());
        }
        let octets = std::fs::read(&real).map_err(|error| error.to_string())?;
        Ok((wanted.display().to_string(), octets))
    }
}

/// The path without `.` and, where possible, without `..`.
fn tidy(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if out.file_name().is_some() => {
                out.pop();
            }
            Component::ParentDir | Component::Normal(_) | Component::RootDir | Component::Prefix(_) => out.push(part),
        }
    }
    out
}
