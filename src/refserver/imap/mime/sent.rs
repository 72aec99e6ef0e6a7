//! When a message was sent (RFC 2822 §3.3, with the obsolete forms of §4.3).

use crate::refserver::store::{CivilDate, InternalDate};

/// Years of two and three digits are of the last or this century (RFC 2822 §4.3).
fn year(word: &str) -> Option<i64> {
    let number: i64 = word.parse().ok()?;
    Some(match (word.len(), number) {
        (2, 0..=49) => number + 2000,
        (2 | 3, _) => number + 1900,
        (_, _) => number,
    })
}

/// The day of a Date field, and the words behind it.
fn split(value: &str) -> Option<(CivilDate, impl Iterator<Item = &str>)> {
    let text = value.split_once(',').map_or(value, |(_, rest)| rest);
    let mut words = text.split_ascii_whitespace();
    let day: u32 = words.next()?.parse().ok()?;
    let month = CivilDate::month_of(words.next()?.as_bytes())?;
    Some((CivilDate::new(year(words.next()?)?, month, day)?, words))
}

/// The day of a Date field in its own zone.
pub(super) fn day(value: &[u8]) -> Option<CivilDate> {
    split(&String::from_utf8_lossy(value)).map(|(day, _)| day)
}

/// Seconds since 1970 of a Date field. Without a valid zone it is UTC, without a valid time 0:00 (RFC 5256 §2.2).
pub(super) fn moment(value: &[u8]) -> Option<i64> {
    let text = String::from_utf8_lossy(value);
    let (day, mut words) = split(&text)?;
    let clock = words.next().and_then(clock).unwrap_or_default();
    let zone = words.next().and_then(zone).unwrap_or_default();
    Some(InternalDate::from_civil(day, clock, zone).seconds)
}

/// `hh:mm` or `hh:mm:ss`.
fn clock(word: &str) -> Option<(u32, u32, u32)> {
    let mut parts = word.split(':').map(|part| part.parse::<u32>().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    (parts.next().is_none() && hour <= 23 && minute <= 59 && second <= 60).then_some((hour, minute, second))
}

/// Minutes east of UTC. Of the names only those of RFC 2822 §4.3 mean anything.
fn zone(word: &str) -> Option<i32> {
    const NAMES: [(&str, i32); 10] = [
        ("UT", 0),
        ("GMT", 0),
        ("EDT", -4),
        ("EST", -5),
        ("CDT", -5),
        ("CST", -6),
        ("MDT", -6),
        ("MST", -7),
        ("PDT", -7),
        ("PST", -8),
    ];
    if let Some((_, hours)) = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)) {
        return Some(hours * 60);
    }
    let (sign, digits) = match word.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        (_, _) => return None,
    };
    let (hours, minutes) = digits.split_at_checked(2)?;
    let valid = minutes.len() == 2 && digits.bytes().all(|octet| octet.is_ascii_digit());
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (valid && minutes <= 59).then_some(sign * (hours * 60 + minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_moment_is_in_utc_whatever_the_zone() {
        let noon = 1_672_574_400;
        let table = [
            ("Sun, 1 Jan 2023 12:00:00 +0000", Some(noon)),
            ("1 Jan 2023 22:00 +1000", Some(noon)),
            ("Sun, 01 Jan 23 04:00:00 PST", Some(noon)),
            ("1 Jan 2023 12:00:00 XYZ", Some(noon)),
            ("1 Jan 2023 12:00:00", Some(noon)),
            ("1 Jan 2023 12:00:00 +00", Some(noon)),
            ("1 Jan 2023 25:00:00 +0000", Some(noon - 12 * 3600)),
            ("1 Jan 2023", Some(noon - 12 * 3600)),
            ("32 Jan 2023 12:00:00 +0000", None),
            ("now", None),
        ];
        for (value, expected) in table {
            assert_eq!(moment(value.as_bytes()), expected, "{value}");
        }
    }
}
