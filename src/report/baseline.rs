//! Baselines: what a server showed, one sorted line a scenario, for a repository to keep and to compare with. docs/reports.md.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use thiserror::Error;

use super::{FindingRow, Report, ScenarioRow, ScenarioStanding};

/// Name of the file, and first word of the lines, of what the invariants found.
const INVARIANT: &str = "invariant";
/// The standings with the words they are written by.
const STANDINGS: [(&str, ScenarioStanding); 5] = [
    ("conforms", ScenarioStanding::Conforms),
    ("violates", ScenarioStanding::Violates),
    ("known-deviation", ScenarioStanding::KnownDeviation),
    ("not-applicable", ScenarioStanding::NotApplicable),
    ("inconclusive", ScenarioStanding::Inconclusive),
];

/// What a server showed, by scenario. Nothing in it depends on time, place or order of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Names and versions of the packages that make the server, in the order of its description; none if nobody knows them.
    pub versions: Vec<(String, String)>,
    shown: BTreeMap<String, Shown>,
}

/// What one scenario, or the invariants of one requirement, showed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Shown {
    standing: ScenarioStanding,
    /// Requirement and shape of each finding, or the reason.
    words: BTreeSet<String>,
}

/// A line that is none of a baseline.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "line {line} is no line of a baseline: `{text}`; expected `SCENARIO: STANDING` or `# PACKAGE VERSION`; \
     `--update-baseline` writes the folder anew"
)]
pub struct BaselineError {
    /// Its number, from 1.
    pub line: usize,
    /// What stands there.
    pub text: String,
}

/// How a scenario stands beside what the baseline says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It conformed, and violates or is inconclusive now; or it violates in another way than it did.
    Regressed,
    /// It did not conform, and does now.
    Fixed,
    /// Something else is different.
    Changed,
    /// The baseline does not know it.
    New,
    /// It is no more.
    Gone,
}

/// One scenario that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// How.
    pub change: Change,
    /// Which.
    pub id: String,
    /// What the baseline says.
    pub before: Option<String>,
    /// What this run showed.
    pub now: Option<String>,
}

impl Baseline {
    /// What a run showed.
    pub fn of(report: &Report, versions: Vec<(String, String)>) -> Self {
        let mut shown: BTreeMap<String, Shown> =
            report.scenarios.iter().map(|row| (row.id.to_string(), Shown::of(row))).collect();
        for row in &report.invariants {
            let standing =
                if row.known.is_some() { ScenarioStanding::KnownDeviation } else { ScenarioStanding::Violates };
            let one = shown
                .entry(format!("{INVARIANT} {}", row.requirement))
                .or_insert_with(|| Shown { standing, words: BTreeSet::new() });
            // One that is not known outweighs those that are.
            one.standing = one.standing.min(standing);
            one.words.insert(row.shape.clone());
        }
        Self { versions, shown }
    }

    /// Reads the text of one file and adds what it says.
    pub fn read(&mut self, text: &str) -> Result<(), BaselineError> {
        for (number, line) in (1..).zip(text.lines()) {
            let wrong = || BaselineError { line: number, text: line.to_owned() };
            if let Some(package) = line.strip_prefix("# ") {
                let (name, version) = package.split_once(' ').ok_or_else(wrong)?;
                let version = (name.to_owned(), version.to_owned());
                if !self.versions.contains(&version) {
                    self.versions.push(version);
                }
                continue;
            }
            let (id, shown) = line.split_once(": ").ok_or_else(wrong)?;
            self.shown.insert(id.to_owned(), Shown::read(shown).ok_or_else(wrong)?);
        }
        Ok(())
    }

    /// The texts of its files, by name without ending: one for each suite folder, and one for the invariants.
    pub fn files(&self) -> BTreeMap<&str, String> {
        let heading = self.versions.iter().fold(String::new(), |mut heading, (name, version)| {
            // Writing to a string cannot fail.
            let _ = writeln!(heading, "# {name} {version}");
            heading
        });
        let mut files: BTreeMap<&str, String> = BTreeMap::new();
        for (id, shown) in &self.shown {
            let text = files.entry(file_of(id)).or_insert_with(|| heading.clone());
            let _ = writeln!(text, "{id}: {}", shown.text());
        }
        files
    }

    /// Takes over from another baseline what this one says nothing of, for a run of a part of the scenarios.
    pub fn complete(&mut self, other: &Self) {
        for (id, shown) in &other.shown {
            self.shown.entry(id.clone()).or_insert_with(|| shown.clone());
        }
    }

    /// Whether it holds a finding: the same requirement and shape, in the same scenario or of the invariants.
    pub fn holds(&self, row: &FindingRow) -> bool {
        let of_scenario = self.shown.get(row.scenario.as_str()).is_some_and(|shown| shown.words.contains(&told(row)));
        let of_invariants = self.shown.get(&format!("{INVARIANT} {}", row.requirement));
        of_scenario || of_invariants.is_some_and(|shown| shown.words.contains(&row.shape))
    }

    /// Whether another says the same of a scenario.
    pub fn agrees(&self, other: &Self, id: &str) -> bool {
        self.shown.get(id) == other.shown.get(id)
    }

    /// What differs in `now`, which is a run of all scenarios if `gone` is true for those that it does not have. Sorted by
    /// kind, then by id.
    pub fn differences(&self, now: &Self, gone: impl Fn(&str) -> bool) -> Vec<Difference> {
        let ids: BTreeSet<&String> = self.shown.keys().chain(now.shown.keys()).collect();
        let one = |id: &String| {
            let (before, now) = (self.shown.get(id), now.shown.get(id));
            let change = match (before, now) {
                (None, None) => return None,
                (None, Some(_)) if id.starts_with(INVARIANT) => Change::Regressed,
                (None, Some(_)) => Change::New,
                (Some(_), None) if gone(id) && id.starts_with(INVARIANT) => Change::Fixed,
                (Some(_), None) if gone(id) => Change::Gone,
                (Some(_), None) => return None,
                (Some(before), Some(now)) => before.became(now)?,
            };
            let text = |shown: Option<&Shown>| shown.map(Shown::text);
            Some(Difference { change, id: id.clone(), before: text(before), now: text(now) })
        };
        let mut found: Vec<Difference> = ids.into_iter().filter_map(one).collect();
        found.sort_by_key(|difference| difference.change);
        found
    }
}

impl Shown {
    fn of(row: &ScenarioRow) -> Self {
        let words = row.findings.iter().map(told).chain(row.reason.clone()).collect();
        Self { standing: row.standing, words }
    }

    fn text(&self) -> String {
        let word = STANDINGS.iter().find(|(_, standing)| *standing == self.standing).map_or("", |(word, _)| *word);
        let escaped = self.words.iter().map(|words| words.replace('|', "||"));
        std::iter::once(word.to_owned()).chain(escaped).collect::<Vec<_>>().join(" | ")
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(" | ");
        let word = parts.next()?;
        let standing = STANDINGS.iter().find(|(known, _)| *known == word).map(|(_, standing)| *standing)?;
        Some(Self { standing, words: parts.map(|words| words.replace("||", "|")).collect() })
    }

    /// How what came after differs.
    fn became(&self, now: &Self) -> Option<Change> {
        use ScenarioStanding::{Conforms, Inconclusive, KnownDeviation, NotApplicable, Violates};
        if self == now {
            return None;
        }
        Some(match (self.standing, now.standing) {
            (Conforms, Violates | Inconclusive) | (KnownDeviation | NotApplicable | Inconclusive, Violates) => {
                Change::Regressed
            }
            (Violates, Violates) if !now.words.is_subset(&self.words) => Change::Regressed,
            (Violates | KnownDeviation | Inconclusive, Conforms) => Change::Fixed,
            (Conforms | NotApplicable, Conforms | KnownDeviation | NotApplicable)
            | (Violates, Violates | KnownDeviation | NotApplicable | Inconclusive)
            | (KnownDeviation | Inconclusive, KnownDeviation | NotApplicable | Inconclusive)
            | (NotApplicable, Inconclusive) => Change::Changed,
        })
    }
}

fn told(row: &FindingRow) -> String {
    format!("{}: {}", row.requirement, row.shape)
}

fn file_of(id: &str) -> &str {
    if id.starts_with(INVARIANT) { INVARIANT } else { id.split('/').next().unwrap_or(id) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{Case, report_of};

    const ALL: &[Case] =
        &[Case::Holds, Case::Breaks("must"), Case::Known, Case::Invariant, Case::NotApplicable, Case::Doubts];

    fn baseline(cases: &[Case]) -> Baseline {
        Baseline::of(&report_of(cases), vec![("mta".to_owned(), "1.2-3".to_owned())])
    }

    #[test]
    fn a_baseline_is_read_as_it_was_written() {
        let baseline = baseline(ALL);
        let files = baseline.files();
        insta::assert_snapshot!(files.iter().map(|(name, text)| format!("== {name}.txt\n{text}")).collect::<String>());
        let mut read = Baseline::default();
        files.values().try_for_each(|text| read.read(text)).unwrap();
        assert_eq!(read, baseline);
    }

    #[test]
    fn bars_in_shapes_part_nothing() {
        let shown = Shown { standing: ScenarioStanding::Violates, words: ["a | b".to_owned(), "c|".to_owned()].into() };
        assert_eq!(Shown::read(&shown.text()), Some(shown));
    }

    #[test]
    fn what_is_no_line_of_a_baseline_is_told_with_its_place() {
        for (text, line) in [("# mta", 1), ("a: conforms\nb: shines", 2), ("a: conforms\n\n", 2), ("a conforms", 1)] {
            assert_eq!(Baseline::default().read(text).unwrap_err().line, line, "{text}");
        }
    }

    #[test]
    fn changes_have_names() {
        use Change::{Changed, Fixed, Gone, New, Regressed};
        let rows: &[(&[Case], &[Case], Option<Change>)] = &[
            (&[Case::Holds], &[Case::Holds], None),
            (&[Case::Holds], &[Case::Breaks("must")], Some(Regressed)),
            (&[Case::Holds], &[Case::Doubts], Some(Regressed)),
            (&[Case::NotApplicable], &[Case::Breaks("must")], Some(Regressed)),
            (&[Case::Breaks("must")], &[Case::Breaks("should")], Some(Regressed)),
            (&[Case::Breaks("must")], &[Case::Breaks("must")], None),
            (&[Case::Breaks("must")], &[Case::Holds], Some(Fixed)),
            (&[Case::Holds], &[Case::NotApplicable], Some(Changed)),
            (&[Case::Doubts], &[Case::NotApplicable], Some(Changed)),
            (&[Case::Holds], &[Case::Invariant], Some(Regressed)),
            (&[Case::Invariant], &[Case::Holds], Some(Fixed)),
            (&[], &[Case::Holds], Some(New)),
            (&[Case::Holds], &[], Some(Gone)),
        ];
        for (before, now, wanted) in rows {
            let found = baseline(before).differences(&baseline(now), |_| true);
            assert_eq!(found.first().map(|one| one.change), *wanted, "{before:?} {now:?}");
        }
        assert_eq!(baseline(&[Case::Holds]).differences(&baseline(&[]), |_| false), []);
        // In a part of a run nobody looked at what is missing.
        assert_eq!(baseline(&[Case::Invariant]).differences(&baseline(&[Case::Holds]), |_| false), []);
    }

    #[test]
    fn findings_of_a_baseline_are_held_by_it() {
        let (report, baseline) = (report_of(ALL), baseline(ALL));
        assert!(report.findings().count() > 2 && report.findings().all(|row| baseline.holds(row)));
        assert!(!report_of(&[Case::Holds, Case::Breaks("should")]).findings().any(|row| baseline.holds(row)));
    }

    #[test]
    fn a_part_is_completed_by_the_rest() {
        let mut part = baseline(&[Case::Breaks("must")]);
        part.complete(&baseline(&[Case::Holds, Case::NotApplicable]));
        assert_eq!(part.shown.len(), 2);
        assert_eq!(part.shown["s/0"].standing, ScenarioStanding::Violates);
    }
}
