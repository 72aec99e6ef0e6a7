//! Values of flags.

use std::time::Duration;

use super::MaxInconclusive;
use crate::target::parse_duration;

/// `500ms`, `10s`, `5m`, `1m30s`; a number alone is seconds. Never nothing.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().map(Duration::from_secs);
    let found = seconds.or_else(|| parse_duration(text)).filter(|duration| !duration.is_zero());
    found.ok_or_else(|| "write `500ms`, `10s`, `5m` or `1m30s`".to_owned())
}

/// `12`, or `5%` of the selected scenarios.
pub(super) fn max_inconclusive(text: &str) -> Result<MaxInconclusive, String> {
    let number = |digits: &str| digits.parse().map_err(|_| "write a number such as `12`, or `5%`".to_owned());
    match text.strip_suffix('%') {
        Some(digits) => number(digits).map(MaxInconclusive::Percent),
        None => number(text).map(MaxInconclusive::Count),
    }
}

/// One of several parts of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shard {
    /// Which, from 1.
    number: usize,
    /// Of how many.
    of: usize,
}

impl Shard {
    /// Whether the scenario at this position, counted from 0, belongs to it.
    pub(super) fn holds(self, position: usize) -> bool {
        position.checked_rem(self.of) == Some(self.number.saturating_sub(1))
    }
}

/// `2/5`
pub(super) fn shard(text: &str) -> Result<Shard, String> {
    let numbers = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
    match numbers {
        Some((number, of)) if 1 <= number && number <= of => Ok(Shard { number, of }),
        Some(_) | None => Err("write the number of the part and how many there are: `2/5`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_and_without_unit() {
        let table = [("10", 10_000), ("10s", 10_000), ("500ms", 500), ("5m", 300_000), ("1m30s", 90_000)];
        for (text, milliseconds) in table {
            assert_eq!(duration(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in ["", "0", "0s", "s", "-1", "1h", "1.5s", "99999999999999999999m"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn shards_part_all_scenarios_and_share_none() {
        let parts: Vec<Shard> = ["1/3", "2/3", "3/3"].map(|text| shard(text).unwrap()).to_vec();
        for position in 0..20 {
            assert_eq!(parts.iter().filter(|part| part.holds(position)).count(), 1);
        }
        for text in ["0/3", "4/3", "1", "1/0", "a/b", "1/2/3"] {
            assert!(shard(text).is_err(), "{text}");
        }
    }

    #[test]
    fn doubts_are_limited_by_number_or_share() {
        assert_eq!(max_inconclusive("12"), Ok(MaxInconclusive::Count(12)));
        assert_eq!(max_inconclusive("5%"), Ok(MaxInconclusive::Percent(5)));
        assert!(max_inconclusive("many").is_err() && max_inconclusive("%").is_err());
    }
}
