//! The suites that come with the program: packed into the binary, or those of the checkout one works in.

use std::borrow::Cow;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::base::{Contents, Damaged, unpack};
use crate::catalog::{Catalog, CatalogError};

/// What `build.rs` packed.
static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/suites.bin"));
/// The requirements among it, as JSON.
static PREPARED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/requirements.bin"));

/// All files of the shipped suites, requirements included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shipped {
    origin: Origin,
    files: Contents,
    /// The requirements among them as JSON, by name; empty where they come from a folder.
    prepared: Contents,
}

/// Where the suites came from; the summary says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Out of the binary.
    Embedded,
    /// From this folder.
    Folder(PathBuf),
}

/// Suites that cannot be read.
#[derive(Debug, Error)]
pub enum ShippedError {
    /// A folder or file of the checkout.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file name that is no text.
    #[error("{} is not a UTF-8 file name", .0.display())]
    Name(PathBuf),
    /// The blob in the binary is damaged.
    #[error(transparent)]
    Damaged(#[from] Damaged),
}

impl Shipped {
    /// Opens `./suites` below `cwd` if `./suites/requirements` is there, else what the binary carries.
    pub fn open(cwd: &Path) -> Result<Self, ShippedError> {
        if cwd.join("suites/requirements").is_dir() { Self::from_folder(&cwd.join("suites")) } else { Self::embedded() }
    }

    /// What the binary carries.
    pub fn embedded() -> Result<Self, ShippedError> {
        Ok(Self { origin: Origin::Embedded, files: unpack(PACKED)?, prepared: unpack(PREPARED)? })
    }

    /// All files below `root`.
    pub fn from_folder(root: &Path) -> Result<Self, ShippedError> {
        let mut files = Contents::new();
        collect(root, root, &mut files)?;
        Ok(Self { origin: Origin::Folder(root.to_owned()), files, prepared: Contents::new() })
    }

    /// Path below `suites/` with `/` between its parts, and text, sorted by path. Files that are not UTF-8 (messages)
    /// are left out; [`Shipped::content`] has them.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.paths().filter_map(|path| Some((path, self.text(path)?)))
    }

    /// All paths below `suites/`, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The text of one file; none if there is none, or it is not UTF-8.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.content(path).and_then(|content| std::str::from_utf8(content).ok())
    }

    /// Name without `.yaml` and text of the requirements files, sorted by name.
    pub fn requirements(&self) -> impl Iterator<Item = (&str, &str)> {
        self.paths().filter_map(|path| {
            let name = path.strip_prefix("requirements/")?.strip_suffix(".yaml")?;
            Some((name, self.text(path)?))
        })
    }

    /// The catalogue, with the requirements files of others behind it: name without `.yaml`, and text.
    pub fn catalog<'a>(
        &'a self,
        others: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Catalog, Vec<CatalogError>> {
        match self.origin {
            Origin::Folder(_) => Catalog::read(self.requirements().chain(others)),
            Origin::Embedded => {
                // What `build.rs` wrote is UTF-8.
                let prepared = self.prepared.iter();
                let prepared =
                    prepared.filter_map(|(name, json)| Some((name.as_str(), std::str::from_utf8(json).ok()?)));
                Catalog::read_prepared(prepared, others)
            }
        }
    }

    /// The octets of one file.
    pub fn content(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Cow::as_ref)
    }

    /// Where they came from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Embedded => f.write_str("embedded"),
            Self::Folder(_) => f.write_str("./suites"),
        }
    }
}

fn collect(root: &Path, folder: &Path, files: &mut Contents) -> Result<(), ShippedError> {
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| ShippedError::Io { path, source }
    };
    for entry in fs::read_dir(folder).map_err(io(folder))? {
        let place = entry.map_err(io(folder))?.path();
        if place.is_dir() {
            collect(root, &place, files)?;
            continue;
        }
        let below = place.strip_prefix(root).unwrap_or(&place);
        let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
        let path = parts.ok_or_else(|| ShippedError::Name(place.clone()))?.join("/");
        files.insert(path, Cow::Owned(fs::read(&place).map_err(io(&place))?));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_binary_carries_what_the_checkout_holds() {
        let packed = Shipped::embedded().unwrap();
        let folder = Shipped::open(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert_eq!(packed.files, folder.files);
        assert!(packed.content("requirements/rfc5321.yaml").is_some());
        let own = [("own", "title: t\nprotocol: smtp\nrequirements: []\n")];
        let (quick, slow) = (packed.catalog(own).unwrap(), folder.catalog(own).unwrap());
        assert!(quick == slow, "the requirements that were prepared are others than those of the checkout");
        assert!(quick.files().len() > own.len());
    }

    #[test]
    fn outside_a_checkout_the_embedded_suites_are_taken() {
        let shipped = Shipped::open(Path::new("/")).unwrap();
        assert_eq!(shipped.origin().to_string(), "embedded");
    }
}
