//! The lines in which a server lists messages. RFC 1939 §5 and §7.

use super::super::invariant::Sheet;
use crate::base::ByteString;

pub(super) const LIST_FORM: &str = "rfc1939-5-list-format";
pub(super) const LIST_EXTRA: &str = "rfc1939-5-list-no-extra-text";
pub(super) const UIDL_FORM: &str = "rfc1939-7-uidl-format";
pub(super) const UIDL_CHARS: &str = "rfc1939-7-uidl-charset-length";

/// What a listing lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listing {
    Sizes,
    Ids,
}

/// Listings, one a line: number, one space, value. None if one has another form. RFC 1939 §5 and §7.
pub(super) fn listings(listing: Listing, lines: &[ByteString], sheet: &mut Sheet) -> Option<Vec<(u64, Vec<u8>)>> {
    let form = if listing == Listing::Sizes { LIST_FORM } else { UIDL_FORM };
    let mut entries = Vec::new();
    let mut more = 0;
    for line in lines {
        let mut words = line.splitn(3, |octet| *octet == b' ');
        let message = words.next().and_then(number);
        let value = words.next().unwrap_or_default();
        let rest = words.next();
        let valid = match listing {
            Listing::Sizes => number(value).is_some(),
            Listing::Ids => rest.is_none(),
        };
        let (Some(message), true) = (message, valid) else {
            sheet.look(form, Some("a listing that is not a number, a space and a value"));
            return None;
        };
        if listing == Listing::Ids {
            let valid = (1..=70).contains(&value.len()) && value.iter().all(|octet| (0x21..=0x7e).contains(octet));
            sheet.look(UIDL_CHARS, (!valid).then_some("a unique-id that is not 1 to 70 characters from ! to ~"));
        }
        more += usize::from(rest.is_some());
        entries.push((message, value.to_vec()));
    }
    if !lines.is_empty() {
        sheet.look(form, None);
        if listing == Listing::Sizes {
            sheet.look(LIST_EXTRA, (more > 0).then_some("text after the size"));
        }
    }
    Some(entries)
}

/// Decimal digits. What is beyond 64 bits is not read.
pub(super) fn number(word: &[u8]) -> Option<u64> {
    let digits = !word.is_empty() && word.iter().all(u8::is_ascii_digit);
    digits.then(|| std::str::from_utf8(word).ok()?.parse().ok()).flatten()
}
