//! The servers that come with the program: packed into the binary, or those of the checkout one works in.

use std::borrow::Cow;
use std::fs;
use std::path::Path;

use super::error::LaunchError;
use super::server::{Server, read_servers};
use crate::base::{Contents, closest, unpack};

/// What `build.rs` packed.
static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/servers.bin"));

/// Folder of the servers in a checkout.
const FOLDER: &str = "fixtures/servers";

/// All servers, sorted by name: those of `./fixtures/servers` inside a checkout, else those that the binary carries.
pub fn servers() -> Result<Vec<Server>, LaunchError> {
    servers_from(Path::new("."))
}

/// All servers as seen from the folder `cwd`.
pub(super) fn servers_from(cwd: &Path) -> Result<Vec<Server>, LaunchError> {
    let in_checkout = cwd.join("suites/requirements").is_dir() && cwd.join(FOLDER).is_dir();
    let files = if in_checkout { read_folder(&cwd.join(FOLDER))? } else { unpack(PACKED)? };
    read_servers(&files)
}

/// The server of this name.
pub(super) fn find(name: &str) -> Result<Server, LaunchError> {
    let all = servers()?;
    let known: Vec<String> = all.iter().map(|server| server.name.clone()).collect();
    all.into_iter().find(|server| server.name == name).ok_or_else(|| LaunchError::Unknown {
        name: name.to_owned(),
        meant: closest(name, known.iter().map(String::as_str)).map(str::to_owned),
        known,
    })
}

/// All files below a folder by their paths with `/` between the parts. A name that is no UTF-8 is none of ours.
pub(super) fn read_folder(root: &Path) -> Result<Contents, LaunchError> {
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| LaunchError::Io { path, source }
    };
    let mut files = Contents::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(io(&folder))? {
            let place = entry.map_err(io(&folder))?.path();
            if place.is_dir() {
                folders.push(place);
                continue;
            }
            let below = place.strip_prefix(root).unwrap_or(&place);
            let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
            if let Some(parts) = parts {
                files.insert(parts.join("/"), Cow::Owned(fs::read(&place).map_err(io(&place))?));
            }
        }
    }
    Ok(files)
}
