//! Deviations and doubts that are expected: rows of the target and of `--expect` files.

use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::base::SourceFile;
use crate::report::{ExcusedRow, KnownRow, KnownScope};
use crate::target::{Excuse, Expected, Known, Target, read_expected};

/// What the report excuses.
#[derive(Debug, Default)]
pub(super) struct Excuses {
    pub(super) known: Vec<KnownRow>,
    pub(super) excused: Vec<ExcusedRow>,
}

impl Excuses {
    /// Rows of the target first, then those of the files in order.
    pub(super) fn read(target: &Target, files: &[impl AsRef<Path>]) -> Result<Self, String> {
        let mut expected = Expected { known: target.known.clone(), inconclusive: target.inconclusive.clone() };
        for path in files.iter().map(AsRef::as_ref) {
            let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
            let source = SourceFile { name: path.display().to_string(), text };
            let read = read_expected(&source)
                .map_err(|mistakes| mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\nerror: "))?;
            expected.known.extend(read.known);
            expected.inconclusive.extend(read.inconclusive);
        }
        let today = today();
        Ok(Self {
            known: expected.known.into_iter().map(|row| known(row, &today)).collect(),
            excused: expected
                .inconclusive
                .into_iter()
                .map(|Excuse { scenario, reason }| ExcusedRow { scenario, reason })
                .collect(),
        })
    }
}

fn known(row: Known, today: &str) -> KnownRow {
    KnownRow {
        requirement: row.requirement,
        scope: match row.scenario.as_str() {
            "invariant" => KnownScope::Invariant,
            _ => KnownScope::Scenario(row.scenario),
        },
        shape: row.shape,
        reason: row.reason,
        // Days of this form compare as text.
        lapsed: row.until.filter(|until| until.as_str() < today),
    }
}

/// Today as `YYYY-MM-DD`, in UTC. A clock before 1970 counts as 1970.
#[expect(
    clippy::disallowed_methods,
    reason = "the rim: the day decides which excuses are over, and stands in no report"
)]
fn today() -> String {
    day(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default())
}

/// The day on which so much time has gone by since 1970, in the Gregorian calendar.
fn day(since: Duration) -> String {
    const DAY_SECONDS: u64 = 86_400;
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut days = since.as_secs() / DAY_SECONDS;
    let mut year = 1970;
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let mut month = 1;
    for length in [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    format!("{year:04}-{month:02}-{:02}", days + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        let table = [
            (0, "1970-01-01"),
            (951_782_399, "2000-02-28"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_735_689_599, "2024-12-31"),
            (1_735_689_600, "2025-01-01"),
            (4_107_542_400, "2100-03-01"),
        ];
        for (seconds, wanted) in table {
            assert_eq!(day(Duration::from_secs(seconds)), wanted, "{seconds}");
        }
    }

    #[test]
    fn an_excuse_holds_to_the_end_of_its_last_day() {
        let row = |until: &str| Known {
            requirement: "must".parse().unwrap(),
            scenario: "invariant".to_owned(),
            shape: String::new(),
            reason: String::new(),
            link: None,
            until: Some(until.to_owned()),
        };
        assert_eq!(known(row("2027-06-01"), "2027-06-01").lapsed, None);
        assert_eq!(known(row("2027-06-01"), "2027-06-02").lapsed.as_deref(), Some("2027-06-01"));
        assert_eq!(known(row("2027-06-01"), "2027-06-02").scope, KnownScope::Invariant);
    }
}
