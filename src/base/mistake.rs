//! What a parser of suite text says about a mistake, before its file and line are known.

use std::ops::Range;

/// A mistake of a suite's author inside one text (a pattern line, a template). The reader maps it to file, line and caret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Octet range of the text that was parsed.
    pub at: Range<usize>,
    /// What is wrong and what to write instead, as a lower-case fragment.
    pub message: String,
}

impl Mistake {
    /// A mistake at `at`.
    pub fn new(at: Range<usize>, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }

    /// The same mistake in a text that holds the parsed one from offset `by` on.
    #[must_use]
    pub fn shifted(mut self, by: usize) -> Self {
        self.at = self.at.start + by..self.at.end + by;
        self
    }
}

/// The candidate closest to `word`, for "did you mean": similar enough to be a slip of the hand, or none.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const SIMILAR_ENOUGH: f64 = 0.75;
    candidates
        .into_iter()
        // A slip of the hand makes no word twice as long; and a long text against a whole catalogue would take its time.
        .filter(|candidate| word.len() <= 2 * candidate.len().max(4))
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|(similarity, _)| *similarity >= SIMILAR_ENOUGH)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_hand_is_forgiven_and_a_long_text_is_none() {
        assert_eq!(closest("EXPUGNE", ["NOOP", "EXPUNGE"]), Some("EXPUNGE"));
        assert_eq!(closest(&"EXPUNGE".repeat(9), ["NOOP", "EXPUNGE"]), None);
    }
}
