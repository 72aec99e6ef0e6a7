//! What is known while a scenario is made.

use std::ops::RangeInclusive;

use super::choices::Choices;
use crate::base::{RequirementId, SessionName, Type, VarRef};
use crate::scenario::{Judges, Need};

/// What becomes of a capture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binding {
    /// It has a value from here on.
    Kept,
    /// Only some answers bind it: nothing uses it later.
    Lost,
    /// The line binds nothing.
    Never,
}

/// Which list of steps is being made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Setup,
    Steps,
    Cleanup,
}

/// A scenario under way.
#[derive(Debug)]
pub(super) struct Making<'a> {
    pub(super) choices: Choices,
    pub(super) covers: Vec<RequirementId>,
    pub(super) needs: Vec<Need>,
    /// Variables that have a value, with its type.
    pub(super) bound: Vec<(VarRef, Type)>,
    /// Groups of commands, and segmentations.
    pub(super) groups: Vec<VarRef>,
    pub(super) cuts: Vec<VarRef>,
    pub(super) binding: Binding,
    pub(super) list: List,
    /// Whom the step accuses that is being made.
    pub(super) judges: Judges,
    /// The session of steps that only check.
    pub(super) first_session: SessionName,
    /// A command that touches the whole account was sent.
    pub(super) account_wide: bool,
    /// INBOX was selected by a command.
    pub(super) inbox: bool,
    /// Some check accuses, so that the scenario can fail.
    pub(super) judged_by_check: Vec<RequirementId>,
    pub(super) rows: &'a [RequirementId],
    fresh: usize,
}

impl<'a> Making<'a> {
    pub(super) fn new(drawn: Vec<u16>, rows: &'a [RequirementId]) -> Self {
        Self {
            choices: Choices::new(drawn),
            covers: Vec::new(),
            needs: Vec::new(),
            bound: Vec::new(),
            groups: Vec::new(),
            cuts: Vec::new(),
            binding: Binding::Kept,
            list: List::Setup,
            judges: Judges::Setup,
            first_session: "s".parse().unwrap(),
            account_wide: false,
            inbox: false,
            judged_by_check: Vec::new(),
            rows,
            fresh: 0,
        }
    }

    pub(super) fn below(&mut self, count: usize) -> usize {
        self.choices.below(count)
    }

    pub(super) fn one_in(&mut self, count: usize) -> bool {
        self.choices.one_in(count)
    }

    pub(super) fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        self.choices.pick(all)
    }

    pub(super) fn number(&mut self, range: RangeInclusive<u64>) -> u64 {
        self.choices.number(range)
    }

    /// Adds a need once.
    pub(super) fn need(&mut self, need: Need) {
        if !self.needs.contains(&need) {
            self.needs.push(need);
        }
    }

    /// A name that no variable has yet.
    pub(super) fn name(&mut self) -> VarRef {
        self.fresh += 1;
        let stem = self.choices.pick(&["v", "uid", "x-", "9a", "a-b-"]);
        VarRef::new(&format!("{stem}{}", self.fresh)).unwrap()
    }

    /// A variable of this type that has a value.
    pub(super) fn variable(&mut self, kind: Type) -> Option<VarRef> {
        let fitting: Vec<VarRef> =
            self.bound.iter().filter(|(_, known)| *known == kind).map(|(name, _)| name.clone()).collect();
        self.choices.any(&fitting)
    }

    /// The text of a place of this type that may bind: a capture, a variable with a value, or `plain`.
    pub(super) fn place(&mut self, kind: Type, plain: &str) -> String {
        match self.below(4) {
            0 => plain.to_owned(),
            1 => self.variable(kind).map_or_else(|| "_".to_owned(), |name| name.to_string()),
            _ => self.capture(Some(kind)),
        }
    }

    /// A capture, or `_` where nothing is bound; of a place without type nothing can be used later.
    pub(super) fn capture(&mut self, kind: Option<Type>) -> String {
        match (self.binding, kind) {
            (Binding::Never, _) => "_".to_owned(),
            (Binding::Kept, Some(kind)) => {
                let name = self.name();
                self.bound.push((name.clone(), kind));
                name.to_string()
            }
            (Binding::Kept | Binding::Lost, _) => self.name().to_string(),
        }
    }

    /// An id that the scenario covers.
    pub(super) fn covered(&mut self) -> RequirementId {
        let covers = self.covers.clone();
        self.choices.pick(&covers)
    }
}
