//! Moments and days, without a clock.

use std::time::{SystemTime, UNIX_EPOCH};

/// The internal date of a message: a moment and the zone it was given in (RFC 3501 §2.3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InternalDate {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub seconds: i64,
    /// Minutes east of UTC.
    pub zone: i32,
}

/// A day of the proleptic Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CivilDate {
    /// Year.
    pub year: i64,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
}

const SECONDS_A_DAY: i64 = 86_400;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl InternalDate {
    /// A moment of the system's clock, in UTC; moments before 1970 become its first second.
    pub fn from_system(time: SystemTime) -> Self {
        let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        Self { seconds: i64::try_from(seconds).unwrap_or(i64::MAX), zone: 0 }
    }

    /// A wall clock in a zone. `hour` is up to 23, `minute` up to 59, `second` up to 60.
    pub fn from_civil(date: CivilDate, (hour, minute, second): (u32, u32, u32), zone: i32) -> Self {
        let clock = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
        Self { seconds: date.days() * SECONDS_A_DAY + clock - i64::from(zone) * 60, zone }
    }

    /// The day in the date's own zone, which is what SEARCH compares (RFC 3501 §6.4.4, "disregarding time and timezone").
    pub fn day(self) -> CivilDate {
        CivilDate::from_days(self.local().div_euclid(SECONDS_A_DAY))
    }

    /// `date-time` without its quotes (RFC 3501 §9): the day of month takes two places, with a blank before a single digit.
    pub fn to_imap(self) -> String {
        let CivilDate { year, month, day } = self.day();
        let clock = self.local().rem_euclid(SECONDS_A_DAY);
        let (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60);
        let sign = if self.zone < 0 { '-' } else { '+' };
        let zone = self.zone.unsigned_abs();
        let name = month_name(month);
        format!("{day:>2}-{name}-{year:04} {hour:02}:{minute:02}:{second:02} {sign}{:02}{:02}", zone / 60, zone % 60)
    }

    fn local(self) -> i64 {
        self.seconds.saturating_add(i64::from(self.zone) * 60)
    }
}

impl CivilDate {
    /// A day that exists.
    pub fn new(year: i64, month: u32, day: u32) -> Option<Self> {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        (1..=last).contains(&day).then_some(Self { year, month, day })
    }

    /// The number of a month from its three letters in any case.
    pub fn month_of(name: &[u8]) -> Option<u32> {
        MONTHS
            .iter()
            .position(|month| month.as_bytes().eq_ignore_ascii_case(name))
            .and_then(|at| u32::try_from(at + 1).ok())
    }

    /// Days since 1970-01-01. Years count from March, so that the leap day is the last of its year.
    pub fn days(self) -> i64 {
        let (year, month) = if self.month > 2 {
            (self.year, i64::from(self.month) - 3)
        } else {
            (self.year - 1, i64::from(self.month) + 9)
        };
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    fn from_days(days: i64) -> Self {
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * march + 2) / 5 + 1;
        let month = if march < 10 { march + 3 } else { march - 9 };
        let narrow = |number: i64| u32::try_from(number).unwrap_or(1);
        Self { year: year + era * 400 + i64::from(month <= 2), month: narrow(month), day: narrow(day) }
    }
}

fn month_name(month: u32) -> &'static str {
    usize::try_from(month).ok().and_then(|at| MONTHS.get(at.wrapping_sub(1))).copied().unwrap_or("Jan")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_inverse() {
        for days in (-200_000..200_000).step_by(7) {
            assert_eq!(CivilDate::from_days(days).days(), days);
        }
        assert_eq!(CivilDate::new(1970, 1, 1).unwrap().days(), 0);
        assert_eq!(CivilDate::new(2000, 3, 1).unwrap().days(), 11_017);
        assert_eq!(CivilDate::new(1900, 2, 29), None);
    }

    #[test]
    fn a_date_keeps_its_zone() {
        let date = InternalDate::from_civil(CivilDate::new(2023, 1, 1).unwrap(), (0, 30, 5), 90);
        assert_eq!(date.to_imap(), " 1-Jan-2023 00:30:05 +0130");
        assert_eq!(InternalDate { zone: -300, ..date }.to_imap(), "31-Dec-2022 18:00:05 -0500");
        assert_eq!(date.day(), CivilDate::new(2023, 1, 1).unwrap());
    }
}
