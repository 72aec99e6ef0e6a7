//! Numbers that proptest drew, taken one by one.

use std::ops::RangeInclusive;

/// The drawn numbers. Behind the last one there is always the first choice, which is the simplest.
#[derive(Debug)]
pub(super) struct Choices {
    drawn: Vec<u16>,
    at: usize,
}

impl Choices {
    pub(super) fn new(drawn: Vec<u16>) -> Self {
        Self { drawn, at: 0 }
    }

    /// A number below `count`.
    pub(super) fn below(&mut self, count: usize) -> usize {
        let drawn = self.drawn.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        (usize::from(drawn) * count) >> 16
    }

    /// Once in so many times.
    pub(super) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) + 1 == count
    }

    /// One of them.
    pub(super) fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    /// One of them, if there is any.
    pub(super) fn any<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        if all.is_empty() { None } else { Some(self.pick(all)) }
    }

    /// A number of a range, its ends and small ones often.
    pub(super) fn number(&mut self, range: RangeInclusive<u64>) -> u64 {
        let (from, to) = (*range.start(), *range.end());
        match self.below(4) {
            0 => from.saturating_add(self.below(12) as u64).min(to),
            1 => to,
            _ => {
                let drawn = (0..4).fold(0_u64, |sum, _| (sum << 16) | self.below(1 << 16) as u64);
                if to - from == u64::MAX { drawn } else { from + drawn % (to - from + 1) }
            }
        }
    }
}
