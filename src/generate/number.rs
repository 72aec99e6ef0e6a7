//! Numbers of a range, and places to cut.

use proptest::collection::vec;
use proptest::prelude::*;

/// A number of `from..=to`, its ends and their neighbours often. Swapped ends are put right.
pub(super) fn number(from: u64, to: u64) -> impl Strategy<Value = u64> {
    let (from, to) = (from.min(to), from.max(to));
    prop_oneof![
        1 => Just(from),
        1 => Just(to),
        1 => Just(from.saturating_add(1).min(to)),
        1 => Just(to.saturating_sub(1).max(from)),
        2 => (0_u64..16).prop_map(move |small| from.saturating_add(small).min(to)),
        4 => from..=to,
    ]
}

/// Where octets are cut, ascending, without 0. How many octets there are is not known here; an offset beyond them cuts
/// nothing, so most offsets are small.
pub(super) fn segmentation() -> impl Strategy<Value = Vec<u64>> {
    let small = vec(1_u64..64, 1..6);
    let every = (1_u64..40).prop_map(|length| (1..=length).collect::<Vec<_>>());
    let geometric =
        (0_u32..4, 4_u32..=12).prop_map(|(from, to)| (from..=to).map(|power| 1 << power).collect::<Vec<_>>());
    let wide = vec(prop_oneof![1_u64..64, 64_u64..512, 512_u64..=4096], 1..12);
    prop_oneof![4 => small, 2 => every, 1 => geometric, 3 => wide].prop_map(|mut cuts| {
        cuts.sort_unstable();
        cuts.dedup();
        cuts
    })
}
