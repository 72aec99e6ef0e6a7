//! Where all mistakes of a file come together.

use std::ops::Range;

use super::text::Text;
use crate::base::{Mistake, Span};
use crate::scenario::Diagnostic;

/// All mistakes found so far. No pass stops at one.
#[derive(Debug, Default)]
pub(super) struct Mistakes {
    found: Vec<Diagnostic>,
    /// Places that have to do with everything that is read now, such as the `use` of a fragment.
    context: Vec<(Span, String)>,
    /// Ranges of a file in which YAML itself was repaired: what else is said there only follows from that.
    repaired: Vec<(String, Range<usize>)>,
}

/// More mistakes than this are not kept: nobody reads them, and to show one, the file is looked through for its line.
const MOST: usize = 100;

impl Mistakes {
    /// Adds one.
    pub(super) fn add(&mut self, mut diagnostic: Diagnostic) {
        if self.found.len() < MOST && !self.is_repaired(&diagnostic.span) {
            diagnostic.also.extend(self.context.iter().cloned());
            self.found.push(diagnostic);
        }
    }

    /// Adds a message at a place.
    pub(super) fn say(&mut self, span: &Span, message: impl Into<String>) {
        self.add(Diagnostic::new(span.clone(), message));
    }

    /// Adds the mistake of a parser of this text.
    pub(super) fn of(&mut self, text: &Text, mistake: Mistake) {
        self.add(text.mistake(mistake.at, mistake.message));
    }

    /// Adds one whatever was repaired there.
    pub(super) fn first(&mut self, diagnostic: Diagnostic) {
        if self.found.len() < MOST {
            self.found.push(diagnostic);
        }
    }

    /// Remembers that a range was repaired.
    pub(super) fn repaired(&mut self, file: &str, range: Range<usize>) {
        self.repaired.push((file.to_owned(), range));
    }

    /// Whether a place lies where YAML was repaired.
    pub(super) fn is_repaired(&self, span: &Span) -> bool {
        let name = span.file.as_ref().map(|file| file.name.as_str());
        self.repaired.iter().any(|(file, range)| {
            name == Some(file) && span.start < range.end && span.end.max(span.start + 1) > range.start
        })
    }

    /// Whatever is read until [`Mistakes::leave`] has to do with this place too.
    pub(super) fn enter(&mut self, span: Span, label: impl Into<String>) {
        self.context.push((span, label.into()));
    }

    /// Ends the last [`Mistakes::enter`].
    pub(super) fn leave(&mut self) {
        self.context.pop();
    }

    /// How many were found.
    pub(super) fn count(&self) -> usize {
        self.found.len()
    }

    /// Takes them out.
    pub(super) fn into_vec(self) -> Vec<Diagnostic> {
        self.found
    }
}
