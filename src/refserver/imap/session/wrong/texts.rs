//! Texts of a message as a server with faults searches them.

use crate::refserver::Faults;
use crate::refserver::imap::fault::SearchFault;
use crate::refserver::imap::mime::{FieldText, Heading, Part, Texts};
use crate::refserver::store::InternalDate;

/// A server with [`SearchFault::LongBodiesUnsearched`] searches bodies of messages that are no longer, in octets.
const SEARCHED_MAX: usize = 2000;

/// What a message says as it is understood.
pub(in crate::refserver::imap::session) fn mistexts(faults: &Faults, octets: &[u8], texts: Texts) -> Texts {
    let mut texts = texts;
    if faults.has(SearchFault::BodiesNotDecoded) {
        texts.body.clone_from(&texts.raw_body);
    }
    if octets.len() > SEARCHED_MAX && faults.has(SearchFault::LongBodiesUnsearched) {
        [&mut texts.body, &mut texts.raw_body, &mut texts.raw].into_iter().for_each(String::clear);
    }
    if faults.has(SearchFault::SentDayInUtc) {
        let sent = Heading::of(octets, &Part::parse(octets)).sent;
        texts.sent = sent.map(|seconds| InternalDate { seconds, zone: 0 }.day()).or(texts.sent);
    }
    texts.fields.iter_mut().for_each(|field| misfield(faults, field));
    texts
}

fn misfield(faults: &Faults, field: &mut FieldText) {
    let FieldText { name, raw, decoded } = field;
    let change: fn(&str) -> String = match name.to_ascii_uppercase().as_slice() {
        b"FROM" if faults.has(SearchFault::FromIsAddress) => address,
        b"FROM" if faults.has(SearchFault::FromIsName) => display_name,
        // A word that is searched for has blanks around it, too.
        b"SUBJECT" if faults.has(SearchFault::SubjectByWholeWords) => |text| format!(" {text} "),
        _name => return,
    };
    *raw = change(raw);
    *decoded = change(decoded);
}

/// The address behind a name, or the whole if there is no name.
fn address(text: &str) -> String {
    let inner = text.split_once('<').map_or(text, |(_, rest)| rest);
    inner.split('>').next().unwrap_or_default().to_owned()
}

/// The name before an address, or nothing.
fn display_name(text: &str) -> String {
    text.split_once('<').map_or("", |(name, _)| name).to_owned()
}
