//! The files that a run leaves behind.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use super::arguments::Output;
use crate::base::ScenarioId;
use crate::cli::command::warn;
use crate::report::{FindingRow, Report, ScenarioStanding, Unstable, json, junit, transcript, transcript_file};

/// Where reports go when no flag says so. Suites are never looked for in a folder of this name.
pub(in crate::cli) const REPORT_FOLDER: &str = "mailproof-report";
/// Folder of transcripts below the folder of reports.
const TRANSCRIPTS: &str = "transcripts";
/// Folder of counterexamples beside it.
const COUNTEREXAMPLES: &str = "counterexamples";

/// Where reports go. Each place is tried before the run, so that no run is lost to a slip of the hand.
#[derive(Debug)]
pub(super) struct Files {
    json: Option<PathBuf>,
    junit: Option<PathBuf>,
    /// For all reports and the transcripts.
    folder: Option<PathBuf>,
    counterexamples: PathBuf,
    unstable: Unstable,
}

impl Files {
    /// Makes the folder of all reports, if there is to be one, and sees to it that those of single files are there.
    pub(super) fn prepare(output: &Output, unstable: Unstable) -> Result<Self, String> {
        let (json, junit) = (output.report_json.clone(), output.report_junit.clone());
        for path in json.iter().chain(&junit) {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            if folder.is_some_and(|folder| !folder.is_dir()) || path.is_dir() {
                return Err(format!("cannot write a report to {}: there is no such folder", path.display()));
            }
        }
        let folder = match &output.report_dir {
            Some(folder) => Some(made(folder)?),
            None if json.is_none() && junit.is_none() => unasked(),
            None => None,
        };
        let below = output.report_dir.as_deref().unwrap_or_else(|| Path::new(REPORT_FOLDER));
        Ok(Self { json, junit, folder, counterexamples: below.join(COUNTEREXAMPLES), unstable })
    }

    /// Where generated cases that fail are written.
    pub(super) fn counterexamples(&self) -> &Path {
        &self.counterexamples
    }

    /// What [`Self::write`] writes, for people: files, and the folder of all reports.
    pub(super) fn places(&self) -> String {
        let all = self.json.iter().chain(&self.junit).chain(&self.folder);
        all.map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
    }

    /// Writes everything. `fails` says which findings fail the run.
    pub(super) fn write(&self, report: &Report, fails: &dyn Fn(&FindingRow) -> bool) -> Result<(), String> {
        let told = |error: &dyn std::fmt::Display| format!("cannot write the report: {error}");
        let below = |name: &str| self.folder.as_ref().map(|folder| folder.join(name));
        let (all_json, all_junit) = (below("report.json"), below("junit.xml"));
        if self.json.is_some() || all_json.is_some() {
            let text = json(report, self.unstable).map_err(|error| told(&error))?;
            self.json.iter().chain(&all_json).try_for_each(|path| write(path, &text))?;
        }
        if self.junit.is_some() || all_junit.is_some() {
            let text = junit(report, fails).map_err(|error| told(&error))?;
            self.junit.iter().chain(&all_junit).try_for_each(|path| write(path, &text))?;
        }
        let Some(folder) = below(TRANSCRIPTS) else { return Ok(()) };
        sweep(&folder)?;
        let shown = worth_a_look(report);
        let mut rows =
            report.scenarios.iter().filter(|row| shown.contains(&row.id) && !row.transcript.entries.is_empty());
        rows.try_for_each(|row| write(&folder.join(transcript_file(&row.id)), &transcript(report, row)))
    }
}

/// The folder, with all that lies in it.
fn made(folder: &Path) -> Result<PathBuf, String> {
    let below = folder.join(TRANSCRIPTS);
    fs::create_dir_all(&below).map_err(|error| format!("cannot make {}: {error}", below.display()))?;
    Ok(folder.to_owned())
}

/// The folder that nobody asked for: version control is told to leave it out, and a place that cannot be written to is no
/// reason not to run.
fn unasked() -> Option<PathBuf> {
    let folder = made(Path::new(REPORT_FOLDER));
    let folder = folder.and_then(|folder| write(&folder.join(".gitignore"), "*\n").map(|()| folder));
    folder.inspect_err(|message| warn(&format!("{message}; `--report-dir DIR` writes the reports elsewhere"))).ok()
}

/// Scenarios whose transcript says something: those that failed, are open, or showed what an invariant found.
fn worth_a_look(report: &Report) -> BTreeSet<&ScenarioId> {
    let findings = report.findings().chain(&report.unstable).map(|row| &row.scenario);
    let open = report.scenarios.iter().filter(|row| row.standing == ScenarioStanding::Inconclusive).map(|row| &row.id);
    findings.chain(open).collect()
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// Takes out the transcripts of an earlier run, which would be taken for evidence of this one. What is not called and
/// does not begin like a transcript stays.
fn sweep(folder: &Path) -> Result<(), String> {
    let told = |error: std::io::Error| format!("cannot sweep {}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(told)? {
        let path = entry.map_err(told)?.path();
        if is_transcript(&path) {
            fs::remove_file(&path).map_err(told)?;
        }
    }
    Ok(())
}

fn is_transcript(path: &Path) -> bool {
    /// No id is longer.
    const FIRST_LINE_MAX_OCTETS: u64 = 4096;
    let Ok(file) = fs::File::open(path) else { return false };
    let mut line = String::new();
    let first = BufReader::new(std::io::Read::take(file, FIRST_LINE_MAX_OCTETS)).read_line(&mut line);
    let id = first.ok().and_then(|_| line.trim_end().parse::<ScenarioId>().ok());
    id.is_some_and(|id| path.file_name().is_some_and(|name| name == transcript_file(&id).as_str()))
}
