//! Sets of numbers that are misread.

use crate::refserver::imap::command::{Numbering, SequenceSet, SetNumber};
use crate::refserver::imap::fault::ChangeFault;
use crate::refserver::imap::session::state::Session;

impl Session<'_> {
    /// The set as it is understood.
    pub(super) fn misread_set(&self, by: Numbering, set: SequenceSet) -> SequenceSet {
        match set {
            SequenceSet::Ranges(all) => {
                SequenceSet::Ranges(all.into_iter().map(|range| self.misread_range(by, range)).collect())
            }
            SequenceSet::Saved => SequenceSet::Saved,
        }
    }

    fn misread_range(&self, by: Numbering, range: (SetNumber, SetNumber)) -> (SetNumber, SetNumber) {
        use SetNumber::{Largest, Number};
        match range {
            (Largest, Largest) if self.has(ChangeFault::StarIsFirst) => (Number(1), Number(1)),
            (Number(from), Number(to)) if from > to && self.has(ChangeFault::ReversedRangeIsOne) => {
                (Number(from), Number(from))
            }
            (Largest, Number(_)) if self.has(ChangeFault::ReversedRangeIsOne) => (Largest, Largest),
            (Number(_), Largest) if by == Numbering::Sequence && self.has(ChangeFault::RangeBeginsAtFirst) => {
                (Number(1), Largest)
            }
            (Number(from), Number(to))
                if from < to && by == Numbering::Sequence && self.has(ChangeFault::RangeBeginsAtFirst) =>
            {
                (Number(1), Number(to))
            }
            (Number(from), Largest) if by == Numbering::Uid && self.is_beyond(from) => (Number(from), Number(from)),
            range => range,
        }
    }

    fn is_beyond(&self, uid: u32) -> bool {
        let last = self.view.as_ref().and_then(|view| view.all().last()).map_or(0, |target| target.uid);
        uid > last && self.has(ChangeFault::StarBelowRangeIsNothing)
    }
}

impl Session<'_> {
    /// Whether a set names more than there can be.
    pub(super) fn names_more(set: &SequenceSet) -> bool {
        match set {
            SequenceSet::Ranges(ranges) => ranges.iter().any(|&(_, to)| to == SetNumber::Number(u32::MAX - 1)),
            SequenceSet::Saved => false,
        }
    }
}
