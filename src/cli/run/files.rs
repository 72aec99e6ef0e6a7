//! The files that a run leaves behind.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use super::arguments::Output;
use crate::base::ScenarioId;
use crate::report::{FindingRow, Report, ScenarioStanding, Unstable, json, junit, transcript, transcript_file};

/// Folder of transcripts below `--report-dir`.
const TRANSCRIPTS: &str = "transcripts";

/// Where reports go. Each place is tried before the run, so that no run is lost to a slip of the hand.
#[derive(Debug)]
pub(super) struct Files {
    json: Vec<PathBuf>,
    junit: Vec<PathBuf>,
    transcripts: Option<PathBuf>,
    unstable: Unstable,
}

impl Files {
    /// Makes the folder of `--report-dir`, and sees to it that those of the other files are there.
    pub(super) fn prepare(output: &Output, unstable: Unstable) -> Result<Self, String> {
        let (mut json, mut junit) =
            (Vec::from_iter(output.report_json.clone()), Vec::from_iter(output.report_junit.clone()));
        for path in json.iter().chain(&junit) {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            if folder.is_some_and(|folder| !folder.is_dir()) || path.is_dir() {
                return Err(format!("cannot write a report to {}: there is no such folder", path.display()));
            }
        }
        let mut transcripts = None;
        if let Some(folder) = &output.report_dir {
            let below = folder.join(TRANSCRIPTS);
            fs::create_dir_all(&below).map_err(|error| format!("cannot make {}: {error}", below.display()))?;
            json.push(folder.join("report.json"));
            junit.push(folder.join("junit.xml"));
            transcripts = Some(below);
        }
        Ok(Self { json, junit, transcripts, unstable })
    }

    /// Writes everything. `fails` says which findings fail the run.
    pub(super) fn write(&self, report: &Report, fails: &dyn Fn(&FindingRow) -> bool) -> Result<(), String> {
        if !self.json.is_empty() {
            let text = json(report, self.unstable).map_err(|error| format!("cannot write the report: {error}"))?;
            self.json.iter().try_for_each(|path| write(path, &text))?;
        }
        if !self.junit.is_empty() {
            let text = junit(report, fails).map_err(|error| format!("cannot write the report: {error}"))?;
            self.junit.iter().try_for_each(|path| write(path, &text))?;
        }
        let Some(folder) = &self.transcripts else { return Ok(()) };
        sweep(folder)?;
        let shown = worth_a_look(report);
        let mut rows =
            report.scenarios.iter().filter(|row| shown.contains(&row.id) && !row.transcript.entries.is_empty());
        rows.try_for_each(|row| write(&folder.join(transcript_file(&row.id)), &transcript(row)))
    }
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
