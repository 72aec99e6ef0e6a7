//! From an answer that holds or does not to what it means: whom it accuses, or why nothing can be said.
//! docs/suite-language.md sections 7 and 9.

use super::listen::Hearing;
use super::play::Play;
use super::stop::Stop;
use super::watch::shows;
use crate::base::{ByteString, RequirementId, Span, Unbound};
use crate::outcome::{Certainty, Doubt, Evidence, Finding, FindingKind, Frame, Part, StepRef};
use crate::run::judge::{self, Failure, Taken};
use crate::scenario::{Action, Check, Command, CommandPart, End, Expect, Judges, Line, Mark, Step};

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
        let says_nothing = matches!(taken.end, Some((End::Skip, _)));
        let counts = self.at.part == Part::Steps && !says_nothing;
        if counts {
            self.play.judged.extend(taken.judged);
            if let Judges::Requirement(id) = &self.step.judges
                && self.answer_judges(id)
            {
                self.play.judged.insert(id.clone());
            }
        }
        for check in &self.step.checks {
            if self.check(check)? == Checked::Holds && counts {
                self.play.judged.extend(self.accused(check.judges.as_ref()));
            }
        }
        match taken.end {
            Some((End::Done, _)) => Err(Stop::Done),
            Some((End::Skip, why)) => Err(Stop::Skipped(why)),
            None => Ok(()),
        }
    }

    /// Whether the answer judges what its step is for: a step that only sends hears nothing, lines may name other
    /// requirements, and mail that has arrived shows nothing by itself. docs/suite-language.md section 9.
    fn answer_judges(&self, id: &RequirementId) -> bool {
        let Some(answer) = &self.step.answer else { return matches!(self.step.action, Some(Action::StartTls)) };
        let arrives =
            |line: &Line| line.mark != Mark::Not && line.items.iter().all(|item| matches!(item.expect, Expect::Box(_)));
        answer.lines().any(|line| match &line.judges {
            Some(own) => own == id,
            None => !arrives(line),
        })
    }

    fn check(&self, check: &Check) -> Result<Checked, Stop> {
        let failed = match judge::check(check, &self.play.values.env) {
            Ok(Ok(())) => return Ok(Checked::Holds),
            Ok(Err(failed)) => failed,
            Err(Unbound(name)) if self.play.values.env.knows(&name) => {
                return Err(Stop::internal(format!("`{check}`: {name} is of another type")));
            }
            // A variable that the taken alternative did not bind: nothing to hold the check against.
            Err(_) => return Ok(Checked::Idle),
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
        if let Some(trouble) = self.trouble(failure, hearing) {
            let what = format!("{}: {trouble}", place(self.at));
            let later = ["450 ", "451 "].iter().any(|code| trouble.starts_with(code));
            return Stop::Doubt(if later && self.says(b"RCPT ") {
                Doubt::Greylisted(what)
            } else {
                Doubt::Trouble(what)
            });
        }
        let shape = match failure.frame.and_then(|position| hearing.frames.get(position)) {
            Some(frame) => frame.shape(),
            None if failure.kind == FindingKind::Close => "<closed>".to_owned(),
            None if matches!(self.step.action, Some(Action::StartTls)) && !failure.actual.is_empty() => {
                failure.actual.to_string()
            }
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

    /// What says that the server is in trouble rather than wrong. Lines with `open` and `silence` mean what they say,
    /// whatever the server said before it closed, and who says LOGOUT asks for BYE.
    fn trouble(&self, failure: &Failure, hearing: &Hearing) -> Option<String> {
        let answer = self.step.answer.as_ref()?;
        if judge::is_timed(answer, failure) {
            return None;
        }
        let asked = self.says(b"LOGOUT");
        let frames =
            hearing.frames.iter().filter(|frame| !(asked && matches!(frame, Frame::Imap(_)) && frame.is_parting()));
        let frames: Vec<Frame> = frames.cloned().collect();
        let earlier = hearing.parting.as_ref().filter(|_| failure.kind == FindingKind::Close);
        judge::trouble(answer, &frames).or_else(|| earlier.map(|parting| format!("closed after {parting}")))
    }

    /// Whether a command of the step is, or begins with, this.
    fn says(&self, verb: &[u8]) -> bool {
        let Some(Action::Commands(commands)) = &self.step.action else { return false };
        let line = |command: &Command| match command.parts.first() {
            Some(CommandPart::Text(text)) => {
                let line = text.to_line();
                line.trim_start().as_bytes().get(..verb.len()).is_some_and(|word| word.eq_ignore_ascii_case(verb))
            }
            Some(CommandPart::Literal { .. }) | None => false,
        };
        commands.iter().any(line)
    }

    /// A finding, if the line accuses anybody; else the doubt that setup failed.
    pub(super) fn accuse(&self, line: Option<&RequirementId>, about: About) -> Stop {
        let Some(requirement) = self.accused(line) else {
            return Stop::Doubt(Doubt::Setup(format!("{}: {}", place(self.at), about.shape)));
        };
        let actual = self.play.log.evidence(&about.actual);
        // It may name values that patterns were compared with.
        let expected = String::from_utf8_lossy(&self.play.log.redact(about.expected.as_bytes())).into_owned();
        let caret = about.caret.filter(|caret| shows(&actual, &about.actual, caret));
        Stop::Failed(Box::new(Finding {
            requirement,
            scenario: self.play.scenario.id.clone(),
            step: self.at.clone(),
            kind: about.kind,
            shape: about.shape,
            certainty: Certainty::Unstable,
            evidence: Evidence { span: about.span, expected, actual, caret, remark: about.remark },
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

/// What became of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Checked {
    /// It holds.
    Holds,
    /// Its variables have no values.
    Idle,
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
