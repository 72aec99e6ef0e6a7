//! Numbers as sets.

/// Whether a number is in sorted, disjoint ranges.
pub(super) fn contains(ranges: &[(u32, u32)], number: u32) -> bool {
    let at = ranges.partition_point(|&(_, high)| high < number);
    ranges.get(at).is_some_and(|&(low, _)| low <= number)
}

/// Numbers as a set in the order given.
pub(super) fn set_text(numbers: &[u32]) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for &number in numbers {
        match ranges.last_mut() {
            Some((_, high)) if high.checked_add(1) == Some(number) => *high = number,
            Some(_) | None => ranges.push((number, number)),
        }
    }
    let text = |&(low, high): &(u32, u32)| if low == high { low.to_string() } else { format!("{low}:{high}") };
    ranges.iter().map(text).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_one_range() {
        let table: [(&[u32], &str); 4] =
            [(&[], ""), (&[7], "7"), (&[1, 2, 3, 5], "1:3,5"), (&[u32::MAX, 1], "4294967295,1")];
        for (numbers, text) in table {
            assert_eq!(set_text(numbers), text);
        }
        assert!(contains(&[(1, 2), (4, 4)], 4) && !contains(&[(1, 2), (4, 4)], 3));
    }
}
