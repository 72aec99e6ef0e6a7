//! Items of FETCH that show what is not so.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::envelope::misenvelope;
use crate::refserver::Faults;
use crate::refserver::imap::command::FetchItem;
use crate::refserver::imap::fault::{MessageFault, ReadFault, SearchFault};
use crate::refserver::imap::mime::{
    Detail, Part, Section, SectionText, misbody, mismeasure, misnamed, misparse, structure,
};
use crate::refserver::store::Message;

/// A server with [`MessageFault::LargeMessageCut`] sends no more, in octets.
const CUT_AFTER: usize = 64 * 1024;

/// What is written of an item, changed.
pub(in crate::refserver::imap::session) fn misshow(
    faults: &Faults,
    item: &FetchItem,
    message: &Message,
    written: Vec<u8>,
) -> Vec<u8> {
    let octets = &message.octets;
    match item {
        FetchItem::Envelope => [b"ENVELOPE ", misenvelope(octets, faults).as_slice()].concat(),
        FetchItem::Body | FetchItem::BodyStructure => misstructure(faults, item, octets),
        FetchItem::Section { section, partial } | FetchItem::Peek { section, partial } => {
            let peeked = matches!(item, FetchItem::Peek { .. });
            missection(faults, section, *partial, octets, (written, peeked))
        }
        FetchItem::Rfc822Header => in_literal(written, |content| {
            if faults.has(MessageFault::OldHeaderWithoutBlank) {
                content.truncate(content.len().saturating_sub(2));
            }
        }),
        item => misvalue(faults, item, message, written),
    }
}

/// Items that are one short value.
fn misvalue(faults: &Faults, item: &FetchItem, message: &Message, written: Vec<u8>) -> Vec<u8> {
    let text = String::from_utf8_lossy(&written).into_owned();
    let flagged = message.flags.iter().any(|flag| flag.as_str() == "\\Flagged");
    let told = match item {
        FetchItem::Rfc822Size if faults.has(MessageFault::SizeCountsOneForCrlf) => {
            let lines = message.octets.windows(2).filter(|pair| *pair == b"\r\n").count();
            format!("RFC822.SIZE {}", message.octets.len() - lines)
        }
        FetchItem::Flags if flagged && faults.has(MessageFault::UnknownFlagTold) => {
            text.replace("\\Flagged", "\\Flagged \\Junk")
        }
        FetchItem::InternalDate if faults.has(MessageFault::DateWithoutBlank) => text.replace("\" ", "\""),
        FetchItem::InternalDate if flagged && faults.has(MessageFault::DateMovesWithFlags) => {
            let mut moved = message.date;
            moved.seconds += 1;
            format!("INTERNALDATE \"{}\"", moved.to_imap())
        }
        FetchItem::EmailId if faults.has(SearchFault::EmailIdOfAll) => "EMAILID (M1)".to_owned(),
        FetchItem::EmailId if faults.has(SearchFault::CopyHasOwnEmailId) => {
            format!("EMAILID (M{}-{})", message.email_id, message.uid)
        }
        FetchItem::ThreadId if faults.has(SearchFault::ThreadIdEmpty) => "THREADID ()".to_owned(),
        _item => return written,
    };
    told.into_bytes()
}

fn misstructure(faults: &Faults, item: &FetchItem, octets: &[u8]) -> Vec<u8> {
    let mut part = mismeasure(misparse(octets, faults), octets, faults);
    if *item == FetchItem::Body && faults.has(ReadFault::FileNameIsParameter) {
        part = misnamed(part, octets);
    }
    let disposed = String::from_utf8_lossy(octets).contains("Content-Disposition");
    let extended = disposed && faults.has(MessageFault::BodyWithExtension);
    let (name, detail) = match item {
        FetchItem::Body if extended => ("BODY ", Detail::BodyStructure),
        FetchItem::Body => ("BODY ", Detail::Body),
        _item => ("BODYSTRUCTURE ", Detail::BodyStructure),
    };
    let mut out = name.as_bytes().to_vec();
    structure(&mut out, octets, &part, detail);
    let mut text = String::from_utf8_lossy(&out).into_owned();
    if faults.has(MessageFault::DefaultIsEightBit) {
        text = text.replace("\"7BIT\"", "\"8BIT\"");
    }
    if faults.has(MessageFault::UnknownEncodingHidden) {
        text = text.replace("\"X-FOO\"", "\"7BIT\"");
    }
    text.into_bytes()
}

/// A section of a message, which was written as it is and peeked at or not.
fn missection(
    faults: &Faults,
    section: &Section,
    partial: Option<(u32, u32)>,
    octets: &[u8],
    (mut written, peeked): (Vec<u8>, bool),
) -> Vec<u8> {
    let has = |fault| faults.has(fault);
    let whole = Part::parse(octets);
    let simple = section.path == [1] && section.text.is_none() && !whole.has_parts();
    if (simple && has(MessageFault::SimpleWithoutPartOne))
        || (section.path.len() > 2 && has(MessageFault::ThirdMessageLost))
    {
        return without_content(&written);
    }
    if partial.is_none() && !section.path.is_empty() {
        let content = section.octets(octets, &misparse(octets, faults));
        match content {
            Some(content) => written = in_literal(written, |old| *old = content),
            None => written = without_content(&written),
        }
    }
    let beyond = written.ends_with(b"{0}\r\n") && partial.is_some();
    if beyond && has(MessageFault::RangeBeyondEndNil) {
        return without_content(&written);
    }
    written = in_literal(written, |content| {
        if partial.is_none() {
            miscontent(faults, section, octets, content); // a range is cut out of what is right
            misbody(faults, section, octets).into_iter().for_each(|body| *content = body);
        }
        misrange(faults, section, partial, octets, content);
    });
    if has(MessageFault::RangeWithoutOrigin) && partial.is_some_and(|(origin, _)| origin == 0) {
        written = replaced(&written, b"]<0> ", b"] ");
    }
    if peeked && has(MessageFault::PeekedNameKept) {
        written = replaced(&written, b"BODY[", b"BODY.PEEK[");
    }
    if has(MessageFault::LiteralCountsCharacters) && !written.is_ascii() {
        written = miscounted(&written);
    }
    written
}

/// What a section holds.
fn miscontent(faults: &Faults, section: &Section, octets: &[u8], content: &mut Vec<u8>) {
    let has = |fault| faults.has(fault);
    let text = || String::from_utf8_lossy(octets).into_owned();
    let whole = section.path.is_empty();
    match &section.text {
        None if whole => {
            if has(MessageFault::LargeMessageCut) {
                content.truncate(CUT_AFTER);
            }
            if has(MessageFault::TraceMovesDown) {
                *content = reordered(content, |line| usize::from(is_trace(line)));
            }
        }
        Some(SectionText::Text) if whole && has(MessageFault::DotsStuffed) => *content = stuffed(content),
        None if has(MessageFault::SectionDecoded) && is_base64(section, octets) => {
            let digits: Vec<u8> = content.iter().copied().filter(|c| !c.is_ascii_whitespace()).collect();
            *content = STANDARD.decode(digits).unwrap_or_else(|_| content.clone());
        }
        Some(SectionText::Text) if whole && has(MessageFault::TextWithoutFirstBlank) => {
            while content.starts_with(b"\r\n") {
                content.drain(..2);
            }
        }
        Some(SectionText::Header) if whole => {
            let folded = String::from_utf8_lossy(content).contains("\r\n ");
            if folded && has(MessageFault::FoldedHeaderWithoutBlank) {
                content.truncate(content.len().saturating_sub(2));
            }
            if octets.starts_with(b"\r\n") && has(MessageFault::BareMessageHeader) {
                *content = octets.to_vec();
            }
            if has(MessageFault::FieldsSorted) {
                let key = |line: &str| if is_trace(line) { String::new() } else { line.to_ascii_lowercase() };
                *content = reordered(content, key);
            }
        }
        Some(SectionText::Header) if has(MessageFault::InnerHeaderOfPart) => {
            let mime = Section { path: section.path.clone(), text: Some(SectionText::Mime) };
            *content = mime.octets(octets, &Part::parse(octets)).unwrap_or_default();
        }
        Some(SectionText::Mime) if has(MessageFault::MimeWithoutBlank) => {
            content.truncate(content.len().saturating_sub(2))
        }
        Some(SectionText::HeaderFields(names)) if whole => {
            if has(MessageFault::FieldsByBeginning) {
                *content = beginning_so(&text(), names);
            }
            if has(MessageFault::FieldsUnfolded) {
                *content = replaced(&replaced(content, b"\r\n ", b" "), b"\r\n\t", b" ");
            }
            if has(MessageFault::FieldShownOnce) {
                *content = once(content);
            }
            if content == b"\r\n" && has(MessageFault::NoFieldNoBlank) {
                content.clear();
            }
        }
        _text => {}
    }
}

/// What a range holds.
fn misrange(faults: &Faults, section: &Section, partial: Option<(u32, u32)>, octets: &[u8], content: &mut Vec<u8>) {
    let Some((origin, length)) = partial else { return };
    let narrow = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    if content.len() < narrow(length) && faults.has(MessageFault::RangeAtEndShort) {
        content.pop();
    }
    if matches!(section.text, Some(SectionText::HeaderFields(_))) && faults.has(MessageFault::RangeOfWholeHeader) {
        *content = octets.iter().copied().skip(narrow(origin)).take(narrow(length)).collect();
    }
}

/// An item with another content in its literal.
fn in_literal(written: Vec<u8>, change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let Some(at) = written.windows(3).position(|window| window == b"}\r\n") else { return written };
    let (before, content) = written.split_at(at + 3);
    let Some(open) = before.iter().rposition(|&c| c == b'{') else { return written };
    let mut content = content.to_vec();
    change(&mut content);
    let mut out = before.get(..open).unwrap_or_default().to_vec();
    out.extend_from_slice(format!("{{{}}}\r\n", content.len()).as_bytes());
    out.extend_from_slice(&content);
    out
}

/// An item with NIL in place of its literal.
fn without_content(written: &[u8]) -> Vec<u8> {
    let at = written.iter().position(|&c| c == b'{').unwrap_or(written.len());
    [written.get(..at).unwrap_or_default(), b"NIL"].concat()
}

/// An item whose literal is counted in characters.
fn miscounted(written: &[u8]) -> Vec<u8> {
    let Some(at) = written.windows(3).position(|window| window == b"}\r\n") else { return written.to_vec() };
    let (before, content) = written.split_at(at + 3);
    let Some(open) = before.iter().rposition(|&c| c == b'{') else { return written.to_vec() };
    let count = String::from_utf8_lossy(content).chars().count().min(content.len().saturating_sub(1));
    let mut out = before.get(..open).unwrap_or_default().to_vec();
    out.extend_from_slice(format!("{{{count}}}\r\n").as_bytes());
    out.extend_from_slice(content);
    out
}

/// Octets with the first place, at which one text stands, holding another.
fn replaced(octets: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    match octets.windows(from.len()).position(|window| window == from) {
        Some(at) => {
            let (before, rest) = octets.split_at(at);
            [before, to, rest.get(from.len()..).unwrap_or_default()].concat()
        }
        None => octets.to_vec(),
    }
}

/// Lines that begin with a period have two.
fn stuffed(octets: &[u8]) -> Vec<u8> {
    let lines = octets.split_inclusive(|&octet| octet == b'\n');
    lines.flat_map(|line| [if line.starts_with(b".") { &b"."[..] } else { b"" }, line].concat()).collect()
}

fn is_trace(field: &str) -> bool {
    let name = field.split(':').next().unwrap_or_default().to_ascii_lowercase();
    name == "received" || name == "return-path" || name.starts_with("resent-")
}

/// A message with its header fields in another order.
fn reordered<K: Ord>(octets: &[u8], key: impl Fn(&str) -> K) -> Vec<u8> {
    let Ok(text) = str::from_utf8(octets) else { return octets.to_vec() };
    let Some((header, body)) = text.split_once("\r\n\r\n") else { return octets.to_vec() };
    let joined = header.replace("\r\n ", "\n ").replace("\r\n\t", "\n\t");
    let mut fields: Vec<&str> = joined.split("\r\n").collect();
    fields.sort_by_key(|field| key(field));
    format!("{}\r\n\r\n{body}", fields.join("\r\n").replace('\n', "\r\n").replace("\r\r", "\r")).into_bytes()
}

/// Fields whose names begin like one of some names.
fn beginning_so(text: &str, names: &[Vec<u8>]) -> Vec<u8> {
    let header = text.split_once("\r\n\r\n").map_or(text, |(header, _)| header);
    let header = header.replace("\r\n ", "\n ").replace("\r\n\t", "\n\t");
    let begins = |line: &&str| {
        names.iter().any(|name| {
            let name = String::from_utf8_lossy(name).to_ascii_lowercase();
            line.to_ascii_lowercase().starts_with(&name)
        })
    };
    let mut out: String =
        header.split("\r\n").filter(begins).map(|line| format!("{}\r\n", line.replace('\n', "\r\n"))).collect();
    out.push_str("\r\n");
    out.into_bytes()
}

/// Each field once.
fn once(content: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(content);
    let mut names: Vec<String> = Vec::new();
    let mut out = String::new();
    for line in text.split_inclusive("\r\n") {
        let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
        if !names.contains(&name) || !line.contains(':') {
            out.push_str(line);
        }
        names.push(name);
    }
    out.into_bytes()
}

fn is_base64(section: &Section, octets: &[u8]) -> bool {
    let mime = Section { path: section.path.clone(), text: Some(SectionText::Mime) };
    let header = mime.octets(octets, &Part::parse(octets)).unwrap_or_default();
    String::from_utf8_lossy(&header).contains("base64")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_of_literals_are_changed_with_their_counts() {
        let longer = in_literal(b"BODY[] {2}\r\nab".to_vec(), |content| content.push(b'c'));
        assert_eq!(longer, b"BODY[] {3}\r\nabc");
        assert_eq!(in_literal(b"UID 3".to_vec(), Vec::clear), b"UID 3");
        assert_eq!(without_content(b"BODY[1]<4> {0}\r\n"), b"BODY[1]<4> NIL");
        assert_eq!(miscounted("BODY[] {4}\r\naöb".as_bytes()), "BODY[] {3}\r\naöb".as_bytes());
    }

    #[test]
    fn fields_change_their_places() {
        let letter = b"Received: a\r\n b\r\nX-B: 1\r\nX-A: 2\r\n\r\nx\r\n";
        let moved = reordered(letter, |line| usize::from(is_trace(line)));
        assert_eq!(moved, b"X-B: 1\r\nX-A: 2\r\nReceived: a\r\n b\r\n\r\nx\r\n");
        assert_eq!(once(b"X: 1\r\nx: 2\r\n\r\n"), b"X: 1\r\n\r\n");
        assert_eq!(beginning_so("X-A: 1\r\nX-AB: 2\r\nY: 3\r\n\r\n", &[b"x-a".to_vec()]), b"X-A: 1\r\nX-AB: 2\r\n\r\n");
        assert_eq!(stuffed(b".\r\na.\r\n"), b"..\r\na.\r\n");
    }
}
