//! Message content after DATA. Only CRLF, period, CRLF ends it: a sink that took less would hide what a server smuggles.

/// Collects the content of one message.
#[derive(Debug)]
pub(super) struct Data {
    octets: Vec<u8>,
    limit: usize,
    total: usize,
    place: Place,
}

/// Where in a line the next octet stands. A leading period is held back until the octet after it is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    LineStart,
    LeadingPeriod,
    LeadingPeriodCr,
    Inside,
    Cr,
}

/// How the content ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// The message, unstuffed. RFC 5321 §4.5.2.
    Whole(Vec<u8>),
    /// It had more octets than allowed.
    TooLarge,
}

impl Data {
    /// Keeps up to `limit` octets; a longer message is read to its end and refused.
    pub(super) fn new(limit: usize) -> Self {
        Self { octets: Vec::new(), limit, total: 0, place: Place::LineStart }
    }

    /// Takes octets up to the end of the message; tells how many were used, and the message if it ended.
    pub(super) fn push(&mut self, octets: &[u8]) -> (usize, Option<Ended>) {
        for (at, octet) in octets.iter().enumerate() {
            if self.one(*octet) {
                let whole = std::mem::take(&mut self.octets);
                let ended = if self.total > self.limit { Ended::TooLarge } else { Ended::Whole(whole) };
                return (at + 1, Some(ended));
            }
        }
        (octets.len(), None)
    }

    fn one(&mut self, octet: u8) -> bool {
        self.place = match (self.place, octet) {
            (Place::LineStart, b'.') => Place::LeadingPeriod,
            (Place::LeadingPeriod, b'\r') => Place::LeadingPeriodCr,
            (Place::LeadingPeriodCr, b'\n') => return true,
            (place, _) => {
                if place == Place::LeadingPeriodCr {
                    self.keep(b'\r');
                }
                self.keep(octet);
                match (place, octet) {
                    (_, b'\r') => Place::Cr,
                    (Place::Cr, b'\n') => Place::LineStart,
                    (_, _) => Place::Inside,
                }
            }
        };
        false
    }

    fn keep(&mut self, octet: u8) {
        self.total = self.total.saturating_add(1);
        if self.octets.len() < self.limit {
            self.octets.push(octet);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_crlf_period_crlf_ends_the_content() {
        for (sent, expected, left) in [
            (".\r\n", "", ""),
            ("a\r\n.\r\nQUIT\r\n", "a\r\n", "QUIT\r\n"),
            ("..a\r\n.b\r\n.\r\n", ".a\r\nb\r\n", ""),
            ("a\n.\nb\r\n.\n\r\n.\r\n", "a\n.\nb\r\n\n\r\n", ""),
            ("a\r.\rb\r\n.\r\n", "a\r.\rb\r\n", ""),
            ("a\n.\r\nb\r\n.\r\n", "a\n.\r\nb\r\n", ""),
            (".\ra\r\n.\r\n", "\ra\r\n", ""),
            (".\r\r\n.\r\n", "\r\r\n", ""),
        ] {
            for step in 1..=sent.len() {
                let mut data = Data::new(100);
                let mut used = 0;
                let mut ended = None;
                while ended.is_none() {
                    let end = (used + step).min(sent.len());
                    let (count, end) = data.push(&sent.as_bytes()[used..end]);
                    used += count;
                    ended = end;
                }
                assert_eq!(ended, Some(Ended::Whole(expected.as_bytes().to_vec())), "{sent:?}");
                assert_eq!(&sent[used..], left, "{sent:?}");
            }
        }
    }

    #[test]
    fn a_message_over_the_limit_is_read_to_its_end() {
        let mut data = Data::new(4);
        assert_eq!(data.push(b"12345\r\n.\r\nQ"), (10, Some(Ended::TooLarge)));
        assert!(data.octets.capacity() <= 8);
    }
}
