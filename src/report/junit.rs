//! JUnit XML, without times, so that two runs against an unchanged server give the same file.

use std::collections::BTreeMap;

use quick_junit::{NonSuccessKind, SerializeError, TestCase, TestCaseStatus, TestSuite};

use super::{FindingRow, Report, ScenarioRow, ScenarioStanding, harmless};

/// One test suite per folder of scenario ids, and one for the invariants. Whether a violation fails is told by `fails`.
pub fn junit(report: &Report, fails: impl Fn(&FindingRow) -> bool) -> Result<String, SerializeError> {
    let mut folders: BTreeMap<&str, Vec<&ScenarioRow>> = BTreeMap::new();
    for row in &report.scenarios {
        let folder = row.id.as_str().rsplit_once('/').map_or("", |(folder, _)| folder);
        folders.entry(folder).or_default().push(row);
    }
    let mut out = quick_junit::Report::new("mailproof");
    for (folder, rows) in folders {
        let mut suite = TestSuite::new(folder);
        for row in rows {
            let name = row.id.as_str().rsplit('/').next().unwrap_or_default();
            let mut case = TestCase::new(name, scenario_status(row, &fails));
            case.set_classname(folder);
            suite.add_test_case(case);
        }
        out.add_test_suite(suite);
    }
    if !report.invariants.is_empty() {
        let mut suite = TestSuite::new("invariants");
        for row in &report.invariants {
            let mut case = TestCase::new(row.requirement.as_str(), findings_status(&[row], &fails));
            case.set_classname("invariants");
            suite.add_test_case(case);
        }
        out.add_test_suite(suite);
    }
    out.to_string()
}

fn scenario_status(row: &ScenarioRow, fails: &impl Fn(&FindingRow) -> bool) -> TestCaseStatus {
    let reason = harmless(row.reason.as_deref().unwrap_or_default());
    match row.standing {
        ScenarioStanding::Conforms => TestCaseStatus::success(),
        ScenarioStanding::NotApplicable => skipped(format!("not applicable: {reason}")),
        ScenarioStanding::Inconclusive => skipped(format!("inconclusive: {reason}")),
        ScenarioStanding::Violates | ScenarioStanding::KnownDeviation => {
            findings_status(&row.findings.iter().collect::<Vec<_>>(), fails)
        }
    }
}

/// Fails if one finding does; else it is told why none does.
fn findings_status(rows: &[&FindingRow], fails: &impl Fn(&FindingRow) -> bool) -> TestCaseStatus {
    let told: Vec<String> = rows
        .iter()
        .map(|row| match &row.known {
            Some(reason) => format!("{}: known deviation: {}", row.requirement, harmless(reason)),
            None => format!("{}: {}", row.requirement, harmless(&row.shape)),
        })
        .collect();
    if !rows.iter().any(|row| row.known.is_none() && fails(row)) {
        return skipped(told.join("\n"));
    }
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(told.join("\n"));
    status
}

fn skipped(message: String) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(message);
    status
}
