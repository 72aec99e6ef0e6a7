//! From an answer that holds or does not to what it means: whom it accuses, or why nothing can be said.
//! docs/suite-language.md sections 7 and 9.

use super::listen::Hearing;
use super::play::Play;
use super::stop::Stop;
use crate::base::{ByteString, RequirementId, Span};
use crate::outcome::{Certainty, Doubt, Evidence, Finding, FindingKind, Frame, Part, StepRef};
use crate::run::judge::{self, Failure, Taken};
use crate::scenario::{Check, End, Judges, Step};

/// Judges one step of a run.
pub(super) struct Judging<'p, 'a> {
    pub(super) play: &'p mut Play<'a>,
    pub(super) at: &'p StepRef,
    pub(super) step: &'p Step,
}

impl Judging<'_, '_> {
    /// The answer holds: its captures are bound, then the checks are held against them.
    pub(super) fn holds(self, taken: Taken) -> Result<(), Stop> {
        self.play.values.bind(&taken.captures);
        for check in &self.step.checks {
            self.check(check)?;
        }
        let says_nothing = matches!(taken.end, Some((End::Skip, _)));
        if self.at.part == Part::Steps && !says_nothing {
            if let Judges::Requirement(id) = &self.step.judges {
                self.play.judged.insert(id.clone());
            }
            self.play.judged.extend(taken.judged);
            self.play.judged.extend(self.step.checks.iter().filter_map(|check| check.judges.clone()));
        }
        match taken.end {
            Some((End::Done, _)) => Err(Stop::Done),
            Some((End::Skip, why)) => Err(Stop::Skipped(why)),
            None => Ok(()),
        }
    }

    fn check(&self, check: &Check) -> Result<(), Stop> {
        let failed = match judge::check(check, &self.play.values.env) {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(failed)) => failed,
            // A variable that the taken alternative did not bind: nothing to hold the check against.
            Err(_) => return Ok(()),
        };
        let (expected, actual) = failed;
        let about = About {
            span: check.span.clone(),
            shape: check.to_string(),
            kind: FindingKind::Check,
            expected,
            actual,
            caret: None,
            remark: check.remark.clone(),
        };
        Err(self.accuse(check.judges.as_ref(), about))
    }

    /// The answer does not hold.
    pub(super) fn failed(self, failure: &Failure, hearing: &Hearing) -> Stop {
        if let Some(what) = &hearing.unreadable {
            return Stop::Doubt(Doubt::Connection(what.clone()));
        }
        // What breaks the grammar matches nothing, and its own requirement is accused already.
        if let Some(error) = hearing.frames.iter().find_map(Frame::syntax_error) {
            return Stop::Doubt(Doubt::Setup(format!("{}: answer breaks {}", place(self.at), error.requirement)));
        }
        let trouble = self.step.answer.as_ref().and_then(|answer| judge::trouble(answer, &hearing.frames));
        if let Some(trouble) = trouble {
            return Stop::Doubt(Doubt::Trouble(format!("{}: {trouble}", place(self.at))));
        }
        let shape = match failure.frame.and_then(|position| hearing.frames.get(position)) {
            Some(frame) => frame.shape(),
            None if failure.kind == FindingKind::Close => "<closed>".to_owned(),
            None => "<silence>".to_owned(),
        };
        let about = About {
            span: failure.span.clone(),
            shape,
            kind: failure.kind,
            expected: failure.expected.clone(),
            actual: failure.actual.clone(),
            caret: failure.caret.clone(),
            remark: failure.remark.clone(),
        };
        self.accuse(failure.judges.as_ref(), about)
    }

    /// A finding, if the line accuses anybody; else the doubt that setup failed.
    pub(super) fn accuse(&self, line: Option<&RequirementId>, about: About) -> Stop {
        let Some(requirement) = self.accused(line) else {
            return Stop::Doubt(Doubt::Setup(format!("{}: {}", place(self.at), about.shape)));
        };
        let actual = self.play.log.redact(&about.actual);
        let caret = about.caret.filter(|_| actual == about.actual);
        Stop::Failed(Box::new(Finding {
            requirement,
            scenario: self.play.scenario.id.clone(),
            step: self.at.clone(),
            kind: about.kind,
            shape: about.shape,
            certainty: Certainty::Unstable,
            evidence: Evidence { span: about.span, expected: about.expected, actual, caret, remark: about.remark },
        }))
    }

    /// Whom a line of this step accuses. A line's `@ID` goes before its step's `for`; setup accuses nobody.
    pub(super) fn accused(&self, line: Option<&RequirementId>) -> Option<RequirementId> {
        match (self.at.part, line, &self.step.judges) {
            (Part::Setup | Part::Cleanup, _, _) => None,
            (Part::Steps, Some(id), _) | (Part::Steps, None, Judges::Requirement(id)) => Some(id.clone()),
            (Part::Steps, None, Judges::Setup) => None,
        }
    }
}

/// What a finding tells.
pub(super) struct About {
    pub(super) span: Span,
    pub(super) shape: String,
    pub(super) kind: FindingKind,
    pub(super) expected: String,
    pub(super) actual: ByteString,
    pub(super) caret: Option<std::ops::Range<usize>>,
    pub(super) remark: Option<String>,
}

/// A step in words that are the same in every run.
pub(super) fn place(at: &StepRef) -> String {
    match at.part {
        Part::Setup => format!("setup {}", at.number),
        Part::Steps => format!("step {}", at.number),
        Part::Cleanup => format!("cleanup {}", at.number),
    }
}
