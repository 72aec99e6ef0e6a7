//! The evidence of one scenario as text, for the files of `--report-dir`. Timings stand here and nowhere else.

use std::fmt::Write as _;

use super::display::harmless;
use super::{Report, ScenarioRow};
use crate::base::{ByteString, ScenarioId};
use crate::outcome::Direction;

/// Name of the file that holds a scenario's transcript. `~` is in no id, so two ids never share a file, and none
/// leaves its folder.
pub fn transcript_file(id: &ScenarioId) -> String {
    format!("{}.txt", id.as_str().replace('/', "~"))
}

/// The findings that this scenario showed, then what was said, one line of octets a line, all escaped.
pub fn transcript(report: &Report, row: &ScenarioRow) -> String {
    let mut out = format!("{}\n", row.id);
    let watched = report.invariants.iter().filter(|finding| finding.scenario == row.id);
    for finding in row.findings.iter().chain(watched) {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{}: {}", finding.requirement, harmless(&finding.shape));
    }
    for finding in report.unstable.iter().filter(|finding| finding.scenario == row.id) {
        let (shape, octets) = (harmless(&finding.shape), finding.evidence.actual.escaped());
        let _ = writeln!(out, "seen once and never again: {}: {shape}: {octets}", finding.requirement);
    }
    out.push('\n');
    for entry in &row.transcript.entries {
        let mark = match entry.direction {
            Direction::Client => "C:",
            Direction::Server => "S:",
            Direction::Event => "--",
        };
        for line in entry.octets.split_inclusive(|octet| *octet == b'\n') {
            let at = entry.at.as_millis();
            let _ = writeln!(out, "{at:>7}ms {} {mark} {}", entry.session, ByteString::from(line));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::outcome::Entry;
    use crate::report::testing::{Case, report_of};

    #[test]
    fn every_line_says_when_where_and_who() {
        let mut report = report_of(&[Case::Breaks("must")]);
        let mut row = report.scenarios.remove(0);
        report.unstable.push(row.findings[0].clone());
        report.unstable[0].evidence.actual = "25\u{1b}\r\n".into();
        let entry = |direction, octets: &str| Entry {
            at: Duration::from_millis(12),
            session: "session".to_owned(),
            direction,
            octets: octets.into(),
        };
        row.transcript.entries = vec![
            entry(Direction::Event, "opened"),
            entry(Direction::Client, "NOOP\r\n"),
            entry(Direction::Server, "250-\u{1b}\r\n250 b\r\n"),
        ];
        assert_eq!(
            transcript(&report, &row),
            "s/0\nmust: 500\nseen once and never again: must: 500: 25\\x1b\\r\\n\n\n     12ms session -- opened\n     12ms session C: NOOP\\r\\n\n     \
             12ms session S: 250-\\x1b\\r\\n\n     12ms session S: 250 b\\r\\n\n"
        );
    }

    #[test]
    fn no_id_leaves_its_folder() {
        assert_eq!(transcript_file(&"../../x".parse().unwrap()), "..~..~x.txt");
    }
}
