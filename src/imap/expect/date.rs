//! `date-time` of INTERNALDATE as an instant. RFC 3501 §9.

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Seconds since 1970-01-01T00:00:00Z of `17-Jul-1996 02:44:25 -0700`, or none if it is no such date.
pub(super) fn instant(octets: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(octets).ok()?;
    let mut words = text.split_whitespace();
    let (date, time, zone) = (words.next()?, words.next()?, words.next()?);
    let mut parts = date.split('-');
    let (day, month, year) = (number(parts.next()?)?, parts.next()?, number(parts.next()?)?);
    let month = month.to_ascii_lowercase();
    let month = MONTHS.iter().position(|name| *name == month)?;
    let mut clock = time.split(':');
    let (hour, minute, second) = (number(clock.next()?)?, number(clock.next()?)?, number(clock.next()?)?);
    let sign = match zone.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let offset = number(zone.get(1..5).filter(|_| zone.len() == 5)?)?;
    let ended = words.next().is_none() && parts.next().is_none() && clock.next().is_none();
    let valid = ended && (1..=31).contains(&day) && year <= 9999 && hour < 24 && minute < 60 && second <= 60;
    let days = days(year, i64::try_from(month).ok()? + 1, day);
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second;
    valid.then_some(seconds - sign * (offset / 100 * 3_600 + offset % 100 * 60))
}

fn number(digits: &str) -> Option<i64> {
    (digits.len() <= 4 && !digits.is_empty() && digits.bytes().all(|octet| octet.is_ascii_digit()))
        .then(|| digits.parse().ok())
        .flatten()
}

/// Days from the epoch in the proleptic Gregorian calendar; the year is counted from March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
}
