//! SORT and THREAD that are misread, and messages that are put in order by the wrong things.

use super::said::Said;
use crate::refserver::Faults;
use crate::refserver::imap::command::{Body, Criterion, Direction, Numbering, SearchKey, Sort, SortKey};
use crate::refserver::imap::fault::OrderFault;
use crate::refserver::imap::mime::{Heading, Part, Texts};
use crate::refserver::imap::session::state::Session;

/// Compares as greater than all that a field can hold.
const LAST: &str = "\u{10ffff}";

impl Session<'_> {
    /// SORT as it is understood.
    pub(super) fn misread_sort(&self, sort: Sort) -> Body {
        let Sort { mut criteria, mut search } = sort;
        if self.has(OrderFault::FirstKeySorts) {
            criteria.truncate(1);
        }
        if let (Some(first), true) = (criteria.first_mut(), self.has(OrderFault::FirstReverseIgnored)) {
            first.direction = Direction::Ascending;
        }
        if self.has(OrderFault::ArrivalIsDate) {
            let by_arrival = criteria.iter_mut().filter(|criterion| criterion.key == SortKey::Arrival);
            by_arrival.for_each(|criterion| criterion.key = SortKey::Date);
        }
        if self.has(OrderFault::TiesByDate) {
            criteria.push(Criterion { key: SortKey::Date, direction: Direction::Ascending });
        }
        if self.has(OrderFault::SortsAll) {
            search.key = SearchKey::All;
        }
        if self.has(OrderFault::UidSortTellsNumbers) {
            search.by = Numbering::Sequence;
        }
        Body::Sort(Sort { criteria, search })
    }

    /// The answer to SORT.
    pub(super) fn reword_sort(&self, said: &mut Said) {
        if self.has(OrderFault::SortSilentWhenEmpty) {
            said.lines.retain(|line| line != "* SORT");
        }
    }
}

/// The size of a message, in octets, as SORT compares it.
pub(in crate::refserver::imap::session) fn missized(faults: &Faults, size: u64) -> u64 {
    // Digits from the left, as in a text; none is as long as this.
    if faults.has(OrderFault::SizeIsText) { format!("{size:0<12}").parse().unwrap_or(size) } else { size }
}

/// The heading of a message as SORT and THREAD understand it.
pub(in crate::refserver::imap::session) fn misheaded(faults: &Faults, octets: &[u8], heading: Heading) -> Heading {
    if faults.is_empty() {
        return heading;
    }
    let mut heading = heading;
    heading.subject = missubject(faults, &heading.subject);
    if faults.has(OrderFault::AddressIsName) {
        let fields = [("From", &mut heading.from), ("To", &mut heading.to), ("Cc", &mut heading.cc)];
        for (name, value) in fields {
            if let Some(shown) = display_name(octets, name) {
                *value = shown;
            }
        }
    }
    if heading.cc.is_empty() && faults.has(OrderFault::MissingCcLast) {
        LAST.clone_into(&mut heading.cc);
    }
    if faults.has(OrderFault::DateIgnoresZone) {
        heading.sent = clock(octets).or(heading.sent);
    }
    if faults.has(OrderFault::FirstReferenceIsParent) {
        heading.references.truncate(1);
    }
    heading
}

/// A subject of which nothing is cut off afterwards that is to stay.
fn missubject(faults: &Faults, subject: &str) -> String {
    let lower = subject.to_ascii_lowercase();
    if faults.has(OrderFault::OneReplyMarkCut) {
        let (rest, marks) = match lower.strip_prefix("re:") {
            Some(rest) => (subject.get(3..).unwrap_or_default().trim_start(), rest.trim_start()),
            None => (subject, lower.as_str()),
        };
        let marked = ["re", "fw"].iter().any(|mark| marks.starts_with(mark));
        return if marked { rest.replacen(':', ";", 1) } else { rest.to_owned() };
    }
    if lower.ends_with("(fwd)") && faults.has(OrderFault::TrailerStays) {
        return format!("{subject}.");
    }
    let forward = lower.starts_with("[fwd:");
    let stays = (forward && faults.has(OrderFault::FwdBracketsStay))
        || (lower.starts_with('[') && !forward && faults.has(OrderFault::BlobStays));
    // Brackets that do not match are no mark of anything.
    if stays { format!("[{subject}") } else { subject.to_owned() }
}

/// A field as it stands, unfolded and in lower case.
fn field(octets: &[u8], name: &str) -> Option<String> {
    let texts = Texts::of(octets, &Part::parse(octets));
    let found = texts.fields.into_iter().find(|field| field.name.eq_ignore_ascii_case(name.as_bytes()));
    found.map(|field| field.raw)
}

/// What stands before the first address of a field.
fn display_name(octets: &[u8], name: &str) -> Option<String> {
    let value = field(octets, name)?;
    let (shown, _) = value.split_once('<')?;
    let shown = shown.trim().trim_matches('"');
    (!shown.is_empty()).then(|| shown.to_owned())
}

/// The moment that Date would name if its clock were in UTC.
fn clock(octets: &[u8]) -> Option<i64> {
    let value = field(octets, "Date")?;
    let (local, _zone) = value.trim().rsplit_once(' ')?;
    let header = format!("Date: {local} +0000\r\n\r\n");
    Heading::of(header.as_bytes(), &Part::parse(header.as_bytes())).sent
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refserver::Fault;

    fn with(fault: OrderFault) -> Faults {
        [Fault::from(fault)].into_iter().collect()
    }

    #[test]
    fn subjects_keep_what_the_fault_does_not_know() {
        let table = [
            (OrderFault::OneReplyMarkCut, "Re: Fwd: bravo", "Fwd; bravo"),
            (OrderFault::OneReplyMarkCut, "RE[2]: bravo", "RE[2]; bravo"),
            (OrderFault::OneReplyMarkCut, "re: bravo", "bravo"),
            (OrderFault::OneReplyMarkCut, "[fwd: re: bravo]", "[fwd: re: bravo]"),
            (OrderFault::TrailerStays, "bravo (fwd)", "bravo (fwd)."),
            (OrderFault::BlobStays, "[list] bravo", "[[list] bravo"),
            (OrderFault::BlobStays, "[fwd: bravo]", "[fwd: bravo]"),
            (OrderFault::FwdBracketsStay, "[Fwd: bravo]", "[[Fwd: bravo]"),
            (OrderFault::FwdBracketsStay, "[list] bravo", "[list] bravo"),
        ];
        for (fault, subject, expected) in table {
            assert_eq!(missubject(&with(fault), subject), expected, "{fault:?}");
        }
    }

    #[test]
    fn headings_and_sizes_are_misjudged() {
        let letter = b"Date: Tue, 04 Feb 2003 01:00:00 +1000\r\nFrom: \"Zed\" <a@x.test>\r\n\r\nx\r\n";
        let right = Heading::of(letter, &Part::parse(letter));
        let read = |fault| misheaded(&with(fault), letter, right.clone());
        assert_eq!(read(OrderFault::AddressIsName).from, "zed");
        assert_eq!(read(OrderFault::MissingCcLast).cc, LAST);
        assert_eq!(read(OrderFault::DateIgnoresZone).sent, right.sent.map(|sent| sent + 10 * 3600));
        let faults = with(OrderFault::SizeIsText);
        assert!(missized(&faults, 1000) < missized(&faults, 200) && missized(&faults, 20) < missized(&faults, 200) + 1);
    }
}
