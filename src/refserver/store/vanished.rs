//! Messages that are gone, for clients that come back (RFC 7162 §3.2).

use std::collections::VecDeque;

/// How many messages that are gone are remembered one by one.
const REMEMBERED_MAX: usize = 10_000;

/// The UIDs of messages that are gone, with the mod-sequences of their going, which rise.
#[derive(Debug, Clone, Default)]
pub(super) struct Vanished {
    log: VecDeque<(u32, u64)>,
    /// The greatest mod-sequence that was forgotten.
    floor: u64,
}

impl Vanished {
    pub(super) fn remember(&mut self, uids: impl Iterator<Item = u32>, modseq: u64) {
        self.log.extend(uids.map(|uid| (uid, modseq)));
        while self.log.len() > REMEMBERED_MAX {
            self.floor = self.log.pop_front().map_or(self.floor, |(_, modseq)| modseq);
        }
    }

    /// The sorted UIDs that went after a mod-sequence, or nothing if some of those are forgotten.
    pub(super) fn since(&self, modseq: u64) -> Option<Vec<u32>> {
        if modseq < self.floor {
            return None;
        }
        let later = self.log.iter().skip(self.log.partition_point(|&(_, at)| at <= modseq));
        let mut uids: Vec<u32> = later.map(|&(uid, _)| uid).collect();
        uids.sort_unstable();
        Some(uids)
    }

    /// The mod-sequence of the going of one message; that of all forgotten ones is the same.
    pub(super) fn at(&self, uid: u32) -> u64 {
        self.log.iter().find(|(gone, _)| *gone == uid).map_or(self.floor, |&(_, modseq)| modseq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_forgotten_is_not_denied() {
        let mut vanished = Vanished::default();
        vanished.remember([9, 3].into_iter(), 5);
        vanished.remember([4].into_iter(), 6);
        assert_eq!(vanished.since(4), Some(vec![3, 4, 9]));
        assert_eq!(vanished.since(5), Some(vec![4]));
        assert_eq!((vanished.at(3), vanished.at(4)), (5, 6));
        vanished.remember(10..10_008, 7);
        assert_eq!(vanished.since(4), None);
        assert_eq!(vanished.since(5), Some((4..5).chain(10..10_008).collect()));
    }
}
