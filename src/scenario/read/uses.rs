//! A step as read: what the program keeps, and where its variables stand, for the passes that follow.

use super::text::{Text, variables};
use crate::base::{Binds, Mistake, Span, Type, VarRef};
use crate::scenario::{Mark, Step};

/// One variable in a text.
#[derive(Debug, Clone)]
pub(super) struct Use {
    /// The variable.
    pub(super) var: VarRef,
    /// Where it stands.
    pub(super) span: Span,
    /// The type of its place; none where any will do.
    pub(super) kind: Option<Type>,
    /// Whether the place gives a value to a variable that has none.
    pub(super) binds: Binds,
}

/// The variables of one line of an answer, item by item.
#[derive(Debug, Clone)]
pub(super) struct LineUses {
    /// How the line counts.
    pub(super) mark: Mark,
    /// For each item its variables, and whether it ends the scenario.
    pub(super) items: Vec<(Vec<Use>, Goes)>,
    /// Whether the line could be read.
    pub(super) sound: Sound,
    /// What it says about the number of replies.
    pub(super) counts: Counts,
    /// Where it stands.
    pub(super) span: Span,
}

/// What a line says about the number of replies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counts {
    /// It is one reply, or its end.
    Reply,
    /// It is none.
    Nothing,
    /// It stands for any number.
    Any,
}

/// Whether the scenario goes on after an item or alternative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goes {
    /// It does.
    On,
    /// `done` or `skip`.
    Ends,
}

/// Whether something could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sound {
    /// It could.
    Whole,
    /// A mistake was reported; what depends on it is not judged.
    Broken,
}

/// What a command or octets that are sent hold.
#[derive(Debug, Clone, Default)]
pub(super) struct Sent {
    /// Variables that must have a value.
    pub(super) uses: Vec<Use>,
    /// The lines of `C`, or of `send` as far as they are written out.
    pub(super) lines: Vec<Text>,
}

/// A step, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct ReadStep {
    /// What the program keeps.
    pub(super) step: Step,
    /// `step 3`, `step 1 of setup`: how messages call it.
    pub(super) name: String,
    /// What it sends.
    pub(super) sent: Sent,
    /// Its answer, alternative by alternative.
    pub(super) answer: Vec<Vec<LineUses>>,
    /// Its checks in order.
    pub(super) checks: Vec<Vec<Use>>,
    /// The place of the action, or of the step.
    pub(super) action: Span,
    /// The place of `S`, or of the step.
    pub(super) reply: Span,
    /// `for:` as written.
    pub(super) judges: For,
}

/// What `for:` says.
#[derive(Debug, Clone)]
pub(super) enum For {
    /// Nothing.
    Unsaid,
    /// `setup`.
    Setup,
    /// An id.
    Requirement(crate::base::RequirementId, Span),
}

/// The variables of a text that is sent: all must have a value.
pub(super) fn plain_uses(text: &Text) -> Vec<Use> {
    guess_uses(text, Binds::Never)
}

/// The variables of a text that no parser has read.
pub(super) fn guess_uses(text: &Text, binds: Binds) -> Vec<Use> {
    variables(text.as_str())
        .into_iter()
        .filter_map(|found| {
            let var = VarRef::new(&found.name)?;
            Some(Use { var, span: text.span(found.range), kind: None, binds })
        })
        .collect()
}

/// Moves the mistake of a part to the text that it is a part of.
pub(super) fn within(mistake: Mistake, offset: usize) -> Mistake {
    mistake.shifted(offset)
}
