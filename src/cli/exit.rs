//! Exit codes, and which one a finished run deserves. docs/verdicts.md.

use std::process::ExitCode;

use crate::catalog::Level;
use crate::report::{FindingRow, Report, ScenarioStanding, Standing};

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All that was judged holds.
    Ok = 0,
    /// A violation at or above `--fail-on` that is not known.
    Violations = 1,
    /// A mistake on the command line, in a suite or in a target file.
    Usage = 2,
    /// Nothing conclusive, or too much that is not.
    Inconclusive = 3,
    /// No scenario was selected.
    NothingSelected = 4,
}

/// Which violations fail a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    /// MUST and MUST NOT.
    Must,
    /// SHOULD and SHOULD NOT too.
    Should,
}

/// How many scenarios may stay inconclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaxInconclusive {
    /// So many.
    Count(usize),
    /// So many of a hundred selected.
    Percent(usize),
}

/// What the user made of the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// `--fail-on`
    pub fail_on: FailOn,
    /// `--max-inconclusive`
    pub max_inconclusive: MaxInconclusive,
    /// `--deny-fixed`
    pub fixed: Fixed,
}

/// What comes of a deviation that is marked as known and holds now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixed {
    /// It is told.
    Welcome,
    /// It fails the run, so that the row is taken out.
    Denied,
}

impl Default for Policy {
    fn default() -> Self {
        Self { fail_on: FailOn::Must, max_inconclusive: MaxInconclusive::Percent(10), fixed: Fixed::Welcome }
    }
}

impl Policy {
    /// Whether this finding fails the run.
    pub fn fails(&self, row: &FindingRow) -> bool {
        row.counts() && self.fail_on.fails(row.level)
    }
}

/// The exit code of a run of which `fails` says which findings fail it. Never [`Exit::Ok`] when nothing was judged.
pub fn decide(report: &Report, policy: &Policy, fails: &dyn Fn(&FindingRow) -> bool) -> Exit {
    let fixed = report.requirements.iter().any(|row| row.standing == Standing::UnexpectedPass);
    if report.findings().any(fails) || (fixed && policy.fixed == Fixed::Denied) {
        return Exit::Violations;
    }
    if report.selected == 0 {
        return Exit::NothingSelected;
    }
    let count = |standing| report.scenarios.iter().filter(|row| row.standing == standing).count();
    let judged =
        count(ScenarioStanding::Conforms) + count(ScenarioStanding::Violates) + count(ScenarioStanding::KnownDeviation);
    let open = report
        .scenarios
        .iter()
        .filter(|row| row.standing == ScenarioStanding::Inconclusive && row.excuse.is_none())
        .count();
    let too_many = match policy.max_inconclusive {
        MaxInconclusive::Count(most) => open > most,
        MaxInconclusive::Percent(most) => open.saturating_mul(100) > report.selected.saturating_mul(most),
    };
    if judged == 0 || too_many { Exit::Inconclusive } else { Exit::Ok }
}

impl FailOn {
    /// Whether a violation of this level fails the run. A MAY never does.
    pub fn fails(self, level: Level) -> bool {
        match level {
            Level::Must | Level::MustNot => true,
            Level::Should | Level::ShouldNot => self == Self::Should,
            Level::May => false,
        }
    }
}

impl Exit {
    /// Why the program ends like this, for the last line of the summary.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Ok => "all that was judged holds",
            Self::Violations => "violations that are not known: exit code 1",
            Self::Usage => "a mistake of usage: exit code 2",
            Self::Inconclusive => "nothing conclusive, or too much inconclusive: exit code 3",
            Self::NothingSelected => "no scenario selected: exit code 4",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{Case, report_of};

    #[test]
    fn precedence_is_that_of_the_design() {
        let default = Policy::default();
        let should = Policy { fail_on: FailOn::Should, ..default };
        let none = Policy { max_inconclusive: MaxInconclusive::Count(0), ..default };
        let table: &[(&[Case], Policy, Exit)] = &[
            (&[], default, Exit::NothingSelected),
            (&[Case::Holds], default, Exit::Ok),
            (&[Case::Holds, Case::Breaks("must")], default, Exit::Violations),
            (&[Case::Doubts, Case::Breaks("must")], default, Exit::Violations),
            (&[Case::Holds, Case::Breaks("should")], default, Exit::Ok),
            (&[Case::Holds, Case::Breaks("should")], should, Exit::Violations),
            (&[Case::Breaks("may")], should, Exit::Ok),
            (&[Case::Known], default, Exit::Ok),
            (&[Case::NotApplicable], default, Exit::Inconclusive),
            (&[Case::Doubts], default, Exit::Inconclusive),
            (&[Case::Excused], default, Exit::Inconclusive),
            (&[Case::Holds, Case::Doubts], default, Exit::Inconclusive),
            (&[Case::Holds, Case::Excused], none, Exit::Ok),
            (&[Case::Unstable, Case::Holds], Policy { max_inconclusive: MaxInconclusive::Count(1), ..none }, Exit::Ok),
            (&[Case::Invariant, Case::Holds], default, Exit::Violations),
        ];
        for (cases, policy, exit) in table {
            assert_eq!(decide(&report_of(cases), policy, &|row| policy.fails(row)), *exit, "{cases:?} {policy:?}");
        }
    }
}
