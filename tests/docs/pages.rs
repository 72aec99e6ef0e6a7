//! The pages, and the blocks of YAML on them.

use std::path::{Path, PathBuf};

use crate::trials::{files_below, root};

/// A block of code that a page shows.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// Page and line, for messages.
    pub(super) place: String,
    /// The keys of the scenario around it, from the comment right above.
    pub(super) context: Vec<String>,
    /// What stands between the fences.
    pub(super) text: String,
}

/// A page, by its path below the checkout.
pub(super) fn page(path: &str) -> Result<String, String> {
    std::fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}"))
}

/// All pages of the documentation, by their paths below the checkout.
pub(super) fn pages() -> Vec<String> {
    let top = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"].map(str::to_owned);
    let below = files_below(&root().join("docs"), ".md");
    let names = below.iter().filter_map(|path| Some(path.strip_prefix(root()).ok()?.to_string_lossy().into_owned()));
    top.into_iter().chain(names).collect()
}

/// The blocks of YAML on a page.
pub(super) fn yaml(path: &str) -> Result<Vec<Block>, String> {
    let text = page(path)?;
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    let mut index = 0;
    while let Some(line) = lines.get(index) {
        index += 1;
        if *line != "```yaml" {
            continue;
        }
        let inside: Vec<&str> = lines.iter().skip(index).take_while(|line| **line != "```").copied().collect();
        let before = lines.get(..index - 1).unwrap_or_default();
        found.push(Block {
            place: format!("{path}:{}", index + 1),
            context: context(before),
            text: inside.iter().map(|line| format!("{line}\n")).collect(),
        });
        index += inside.len();
    }
    Ok(found)
}

/// The lines of the comment that ends right here, if one does.
fn context(before: &[&str]) -> Vec<String> {
    if !before.last().is_some_and(|line| line.ends_with("-->")) {
        return Vec::new();
    }
    let start = before.iter().rposition(|line| line.starts_with("<!--")).unwrap_or(before.len());
    let comment = before.get(start..).unwrap_or_default().join("\n");
    let inner = comment.trim_start_matches("<!--").trim_end_matches("-->");
    match inner.contains('\n') {
        true => inner.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect(),
        false => vec![inner.trim().to_owned()],
    }
}

/// Links to other files lead to files.
pub(super) fn links_lead_somewhere() -> Result<(), String> {
    let mut broken = Vec::new();
    let mut count = 0;
    for path in pages() {
        let text = page(&path)?;
        let folder = Path::new(&path).parent().map(Path::to_path_buf).unwrap_or_default();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.contains("://") {
                continue;
            }
            count += 1;
            let file = link.split('#').next().unwrap_or_default();
            let wanted: PathBuf = root().join(&folder).join(file);
            if !file.is_empty() && !wanted.exists() {
                broken.push(format!("{path}: {link}"));
            }
        }
    }
    if broken.is_empty() && count > 10 { Ok(()) } else { Err(format!("{count} links\n{}", broken.join("\n"))) }
}
