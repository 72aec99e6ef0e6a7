//! A window on results (RFC 9394 §4).

use std::fmt;

use super::cursor::{Cursor, Parsed};

/// RFC 9394 §4 `partial-range`, as it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partial {
    from: End,
    numbers: (u32, u32),
}

/// From which end results are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// From the first one, which is 1.
    First,
    /// From the last one, which is -1.
    Last,
}

impl Partial {
    /// After PARTIAL: a blank and two numbers of one sign.
    pub(super) fn parse(cursor: &mut Cursor<'_>) -> Parsed<Self> {
        cursor.space()?;
        let from = if cursor.peek() == Some(b'-') { End::Last } else { End::First };
        let number = |cursor: &mut Cursor<'_>| {
            if from == End::Last {
                cursor.expect(b'-', "a second number from the end")?;
            }
            cursor.nz_number()
        };
        let first = number(cursor)?;
        cursor.expect(b':', "a range")?;
        Ok(Self { from, numbers: (first, number(cursor)?) })
    }

    /// Those of all results, in the order of the mailbox, that are in the window. The order of its numbers means nothing.
    pub fn of<'r, T>(&self, all: &'r [T]) -> &'r [T] {
        let narrow = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let (first, last) = self.numbers;
        let (low, high) = (narrow(first.min(last)), narrow(first.max(last)));
        let (start, end) = match self.from {
            End::First => (low - 1, high),
            End::Last => (all.len().saturating_sub(high), (all.len() + 1).saturating_sub(low)),
        };
        let end = end.min(all.len());
        all.get(start.min(end)..end).unwrap_or_default()
    }
}

impl fmt::Display for Partial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = self.numbers;
        match self.from {
            End::First => write!(f, "{first}:{last}"),
            End::Last => write!(f, "-{first}:-{last}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refserver::imap::command::Extent;

    fn read(text: &str) -> Parsed<Partial> {
        let mut cursor = Cursor::new(text.as_bytes(), Extent::Whole);
        let range = Partial::parse(&mut cursor)?;
        cursor.end().map(|()| range)
    }

    #[test]
    fn a_window_is_cut_where_the_results_end() {
        let all = [10, 20, 30, 40, 50];
        let table: [(&str, &[u32]); 12] = [
            (" 1:2", &[10, 20]),
            (" 2:1", &[10, 20]),
            (" 5:5", &[50]),
            (" 4:9", &[40, 50]),
            (" 6:9", &[]),
            (" 1:4294967295", &all),
            (" -1:-1", &[50]),
            (" -1:-2", &[40, 50]),
            (" -3:-2", &[30, 40]),
            (" -4:-9", &[10, 20]),
            (" -6:-9", &[]),
            (" -4294967295:-4294967295", &[]),
        ];
        for (text, window) in table {
            let range = read(text).unwrap();
            assert_eq!(range.of(&all), window, "{text}");
            assert_eq!(format!(" {range}"), text);
            assert_eq!(range.of(&all[..0]), &[] as &[u32]);
        }
    }

    #[test]
    fn other_ranges_are_refused() {
        for wrong in ["1:2", " 0:1", " 1", " 1:*", " *:1", " -1:2", " 1:-2", " -0:-1", " 1:2,3", " $", " 4294967296:1"]
        {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
