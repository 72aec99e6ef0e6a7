//! `fmt`: lays suite files out anew. docs/fmt.md.

use std::path::{Path, PathBuf};

use super::arguments::Fmt;
use super::command::{complain, print};
use super::suites::each_file;
use super::{Exit, Origin, Shipped};
use crate::scenario::format;

/// A file, and its text as laid out.
struct Laid {
    path: PathBuf,
    text: String,
}

/// Lays the named files out, or says which would change. Where one file cannot be laid out, none is changed.
pub(super) fn fmt(arguments: &Fmt) -> Exit {
    let (changed, all) = match laid_out(&arguments.paths) {
        Ok(found) => found,
        Err(message) => return complain(&message),
    };
    let files = |count: usize| if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
    if arguments.check {
        let names: String = changed.iter().map(|laid| format!("{}\n", laid.path.display())).collect();
        let told = print(&format!("{names}{} of {} would change\n", changed.len(), files(all)));
        return if changed.is_empty() || told != Exit::Ok { told } else { Exit::Violations };
    }
    for laid in &changed {
        if let Err(error) = replace(laid) {
            return complain(&format!("{}: {error}", laid.path.display()));
        }
    }
    print(&format!("{} of {} changed\n", changed.len(), files(all)))
}

/// The files that differ from their layout, and the number of all.
fn laid_out(paths: &[PathBuf]) -> Result<(Vec<Laid>, usize), String> {
    let paths = if paths.is_empty() { vec![checkout()?] } else { paths.to_vec() };
    let (mut changed, mut all, mut wrong) = (Vec::new(), 0, Vec::new());
    each_file(&paths, &mut |path, text, read| {
        all += 1;
        let before = match read(text) {
            Ok(suite) => suite,
            Err(mistakes) => return wrong.push(mistakes),
        };
        match format(text) {
            Ok(laid) if laid == text => {}
            // The last proof is the reader's: the new text is the same suite.
            Ok(laid) if read(&laid).is_ok_and(|after| after == before) => {
                changed.push(Laid { path: path.to_owned(), text: laid });
            }
            Ok(_) => wrong.push(format!("{}: laid out anew it would be another suite", path.display())),
            Err(why) => wrong.push(format!("{}: {why}", path.display())),
        }
    })?;
    if !wrong.is_empty() {
        return Err(format!("nothing was changed\n{}", wrong.join("\n").trim_end()));
    }
    if all == 0 { Err("no suite found".to_owned()) } else { Ok((changed, all)) }
}

/// The suites of the checkout one works in.
fn checkout() -> Result<PathBuf, String> {
    let shipped = Shipped::open(Path::new(".")).map_err(|error| error.to_string())?;
    match shipped.origin() {
        Origin::Folder(folder) => Ok(folder.clone()),
        Origin::Embedded => Err("name the suite files or folders to lay out".to_owned()),
    }
}

/// The old text is there until the new one is complete.
fn replace(laid: &Laid) -> std::io::Result<()> {
    let beside = laid.path.with_extension("yaml.new");
    std::fs::write(&beside, &laid.text)?;
    std::fs::rename(&beside, &laid.path)
}
