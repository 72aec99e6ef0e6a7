//! `--baseline DIR`: what the server showed when somebody looked last, beside what it shows now. docs/reports.md.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::arguments::{Before, RunArguments, Selection};
use super::choose::Words;
use crate::base::ScenarioId;
use crate::cli::Exit;
use crate::outcome::Event;
use crate::report::{Baseline, Change, Context, Difference, FindingRow, Report, fold};

/// Ending of the files of a baseline.
const ENDING: &str = "txt";
/// New scenarios that are named; more are only counted.
const NEW_NAMED_MAX: usize = 5;

/// A baseline that was read.
#[derive(Debug)]
pub(super) struct Kept {
    folder: PathBuf,
    baseline: Baseline,
    after: After,
    part: Part,
}

/// What becomes of the folder after the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    /// It stays.
    Stays,
    /// `--update-baseline`: it is written anew.
    IsWritten,
}

/// Which scenarios are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// All that come with the program.
    All,
    /// Some of them: the baseline says more than the run can.
    Some,
}

impl Kept {
    /// Reads the folder that the arguments name, if they name one.
    pub(super) fn read(arguments: &RunArguments, words: &Words) -> Result<Option<Self>, String> {
        let Before { baseline: Some(folder), update_baseline } = &arguments.expectations.before else {
            return Ok(None);
        };
        let after = if *update_baseline { After::IsWritten } else { After::Stays };
        let named = !words.ids.is_empty() || !words.without.is_empty() || !words.paths.is_empty();
        let part = if named || arguments.selection != Selection::default() { Part::Some } else { Part::All };
        let mut baseline = Baseline::default();
        for path in files(folder, after)? {
            let told = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
            let text = fs::read_to_string(&path).map_err(|error| told(&error))?;
            baseline.read(&text).map_err(|error| told(&error))?;
        }
        Ok(Some(Self { folder: folder.clone(), baseline, after, part }))
    }

    /// Whether the baseline has this finding already.
    pub(super) fn holds(&self, row: &FindingRow) -> bool {
        self.baseline.holds(row)
    }

    /// Scenarios that the baseline knows and that showed something else.
    pub(super) fn other(&self, report: &Report) -> Vec<String> {
        let changed = self.differences(&Baseline::of(report, Vec::new())).into_iter();
        changed.filter(|one| one.before.is_some() && one.now.is_some()).map(|one| one.id).collect()
    }

    /// The events of a run, with those of the scenarios that were run again in their place where these agree with the baseline.
    pub(super) fn nearest(&self, events: Vec<Event>, again: Vec<Event>, context: &Context<'_>) -> Vec<Event> {
        let now = Baseline::of(&fold(again.clone(), context), Vec::new());
        let mut agree: BTreeMap<ScenarioId, Event> = BTreeMap::new();
        for event in again {
            if let Event::ScenarioFinished(result) = &event
                && self.baseline.agrees(&now, result.id.as_str())
            {
                agree.insert(result.id.clone(), event);
            }
        }
        let place = |event| match &event {
            Event::ScenarioFinished(result) => agree.remove(&result.id).unwrap_or(event),
            Event::RunStarted { .. } | Event::ScenarioStarted { .. } | Event::RunFinished => event,
        };
        events.into_iter().map(place).collect()
    }

    fn differences(&self, now: &Baseline) -> Vec<Difference> {
        self.baseline.differences(now, |_| self.part == Part::All)
    }

    /// Tells what differs, writes the baseline anew if that is asked for, and says how the run ends.
    pub(super) fn conclude(&self, now: &Baseline, exit: Exit) -> Result<(String, Exit), String> {
        let differences = self.differences(now);
        let same_server = self.baseline.versions == now.versions || self.baseline.versions.is_empty();
        let mut text = told(&self.folder, &differences);
        if !same_server {
            let list = |baseline: &Baseline| {
                baseline
                    .versions
                    .iter()
                    .map(|(name, version)| format!("{name} {version}"))
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            let _ = writeln!(
                text,
                "the baseline is of another version, so differences fail nothing: {}; now {}",
                list(&self.baseline),
                list(now)
            );
        }
        if self.after == After::IsWritten {
            self.write(now.clone())?;
            let _ = writeln!(text, "written anew: {}", self.folder.display());
            return Ok((text, exit));
        }
        let regressed = differences.iter().any(|one| one.change == Change::Regressed);
        let exit = match exit {
            Exit::Ok if regressed && same_server => Exit::Violations,
            Exit::Violations if !same_server => Exit::Ok,
            Exit::Ok | Exit::Violations | Exit::Usage | Exit::Inconclusive | Exit::NothingSelected => exit,
        };
        Ok((text, exit))
    }

    fn write(&self, mut now: Baseline) -> Result<(), String> {
        fs::create_dir_all(&self.folder).map_err(|error| format!("cannot make {}: {error}", self.folder.display()))?;
        match self.part {
            Part::Some => now.complete(&self.baseline),
            Part::All => {
                for path in files(&self.folder, self.after)? {
                    fs::remove_file(&path).map_err(|error| format!("cannot remove {}: {error}", path.display()))?;
                }
            }
        }
        now.files().iter().try_for_each(|(name, text)| {
            let path = self.folder.join(name).with_extension(ENDING);
            fs::write(&path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
        })
    }
}

/// The files of a baseline, sorted. A folder that is to be written need not be there.
fn files(folder: &Path, after: After) -> Result<Vec<PathBuf>, String> {
    if !folder.exists() && after == After::IsWritten {
        return Ok(Vec::new());
    }
    let told = |error: std::io::Error| {
        format!("cannot read the baseline {}: {error}; `--update-baseline` makes one", folder.display())
    };
    let entries: Result<Vec<_>, _> = fs::read_dir(folder).map_err(told)?.collect();
    let mut paths: Vec<PathBuf> = entries.map_err(told)?.into_iter().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == ENDING));
    paths.sort();
    Ok(paths)
}

/// What differs, for people. New scenarios of a growing suite are many, so only some are named.
fn told(folder: &Path, differences: &[Difference]) -> String {
    let mut text = String::new();
    let of = |change: Change| differences.iter().filter(move |one| one.change == change);
    let counted: Vec<String> = [
        (Change::Regressed, "regressed"),
        (Change::Fixed, "fixed"),
        (Change::Changed, "changed"),
        (Change::New, "new"),
        (Change::Gone, "gone"),
    ]
    .into_iter()
    .map(|(change, word)| (of(change).count(), word))
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}"))
    .collect();
    let sum = if counted.is_empty() { "the same".to_owned() } else { counted.join(", ") };
    // Writing to a string cannot fail.
    let _ = writeln!(text, "baseline {}: {sum}", folder.display());
    for Difference { change, id, before, now } in differences {
        let nothing = || "nothing".to_owned();
        let (before, now) = (before.clone().unwrap_or_else(nothing), now.clone().unwrap_or_else(nothing));
        let _ = match change {
            Change::Regressed => writeln!(text, "  REGRESSED {id}\n    was {before}\n    is  {now}"),
            Change::Fixed => writeln!(text, "  fixed {id}\n    was {before}\n    is  {now}"),
            Change::Changed => writeln!(text, "  changed {id}\n    was {before}\n    is  {now}"),
            Change::Gone => writeln!(text, "  gone {id}, was {before}"),
            Change::New => Ok(()),
        };
    }
    for Difference { id, now, .. } in of(Change::New).take(NEW_NAMED_MAX) {
        let _ = writeln!(text, "  new {id}: {}", now.as_deref().unwrap_or_default());
    }
    let more = of(Change::New).count().saturating_sub(NEW_NAMED_MAX);
    if more > 0 {
        let _ = writeln!(text, "  and {more} more new ones");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::ScenarioStanding;
    use crate::report::testing::{Case, catalog, events, report_of};

    fn baseline(cases: &[Case], version: &str) -> Baseline {
        Baseline::of(&report_of(cases), vec![("mta".to_owned(), version.to_owned())])
    }

    fn kept(before: &[Case], after: After, folder: &Path) -> Kept {
        Kept { folder: folder.to_owned(), baseline: baseline(before, "1"), after, part: Part::All }
    }

    const BEFORE: &[Case] = &[Case::Holds, Case::Breaks("must"), Case::NotApplicable, Case::Holds];
    const NOW: &[Case] = &[Case::Breaks("must"), Case::Holds, Case::Doubts];

    #[test]
    fn differences_are_told_and_what_regressed_fails() {
        let kept = kept(BEFORE, After::Stays, Path::new("reports/mta"));
        let (text, exit) = kept.conclude(&baseline(NOW, "1"), Exit::Ok).unwrap();
        insta::assert_snapshot!(text);
        assert_eq!(exit, Exit::Violations);
        assert_eq!(kept.other(&report_of(NOW)), ["s/0", "s/1", "s/2"]);
    }

    #[test]
    fn what_agrees_when_it_is_run_again_counts() {
        let kept = kept(BEFORE, After::Stays, Path::new("reports/mta"));
        let catalog = catalog();
        let context = Context { catalog: &catalog, known: &[], excused: &[] };
        let again = events(&[Case::Holds, Case::Holds, Case::Doubts]);
        let report = fold(kept.nearest(events(NOW), again, &context), &context);
        let standings: Vec<_> = report.scenarios.iter().map(|row| row.standing).collect();
        // The first agrees now; the others differ as before.
        let wanted = [ScenarioStanding::Conforms, ScenarioStanding::Conforms, ScenarioStanding::Inconclusive];
        assert_eq!((report.selected, standings), (3, wanted.to_vec()));
    }

    #[test]
    fn another_version_fails_nothing_and_the_same_is_the_same() {
        let kept = kept(BEFORE, After::Stays, Path::new("reports/mta"));
        let (text, exit) = kept.conclude(&baseline(NOW, "2"), Exit::Violations).unwrap();
        assert!(text.ends_with("differences fail nothing: mta 1; now mta 2\n"), "{text}");
        assert_eq!(exit, Exit::Ok);
        let (text, exit) = kept.conclude(&baseline(BEFORE, "1"), Exit::Ok).unwrap();
        assert_eq!((text.as_str(), exit), ("baseline reports/mta: the same\n", Exit::Ok));
    }

    #[test]
    fn a_folder_is_written_anew_without_what_is_no_more() {
        let folder = std::env::temp_dir().join(format!("mailproof-kept-{}", std::process::id()));
        kept(&[], After::IsWritten, &folder).conclude(&baseline(BEFORE, "1"), Exit::Ok).unwrap();
        fs::write(folder.join("old.txt"), "old/x: conforms\n").unwrap();
        fs::write(folder.join("README.md"), "kept").unwrap();
        kept(BEFORE, After::IsWritten, &folder).conclude(&baseline(NOW, "2"), Exit::Ok).unwrap();
        let mut read = Baseline::default();
        for path in files(&folder, After::Stays).unwrap() {
            read.read(&fs::read_to_string(path).unwrap()).unwrap();
        }
        assert_eq!(read, baseline(NOW, "2"));
        assert!(folder.join("README.md").is_file());
        fs::remove_dir_all(folder).unwrap();
    }
}
