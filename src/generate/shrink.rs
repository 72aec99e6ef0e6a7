//! Simpler values: chunks deleted, then what is left simplified. Whoever shrinks asks again until nothing changes.

use super::{Generated, Leaf, Message, Multipart, Part, message::ALWAYS};

/// Values simpler than this one, the boldest first. Each is smaller by [`Generated::size`], or as big and with simpler
/// octets, so that repeated shrinking ends. What the generator promises holds for them too.
pub fn simpler(value: &Generated) -> Vec<Generated> {
    let candidates: Vec<Generated> = match value {
        Generated::Octets(octets) => bodies(octets).into_iter().map(|body| Generated::Octets(body.into())).collect(),
        Generated::Message(message) => messages(message).into_iter().map(Generated::Message).collect(),
        Generated::Mime(part) => parts(part).into_iter().map(Generated::Mime).collect(),
        Generated::Number { value, from } => {
            numbers(*value, *from).into_iter().map(|value| Generated::Number { value, from: *from }).collect()
        }
        Generated::Segmentation(cuts) => without_chunks(cuts).into_iter().map(Generated::Segmentation).collect(),
        Generated::Group(commands) => {
            // The last command stays: RSET of an SMTP or POP3 group leaves nothing behind.
            let Some((last, others)) = commands.split_last() else { return Vec::new() };
            let shorter = without_chunks(others).into_iter();
            shorter.map(|rest| Generated::Group(rest.into_iter().chain([last.clone()]).collect())).collect()
        }
    };
    let weight = weight(value);
    candidates.into_iter().filter(|candidate| self::weight(candidate) < weight).collect()
}

/// Size, then how far the octets are from plain letters.
fn weight(value: &Generated) -> (u64, u64) {
    let odd = value.octets().map_or(0, |octets| octets.iter().filter(|octet| **octet != b'x').count());
    (value.size(), odd as u64)
}

/// The list without one chunk of half its length, of a quarter, … of one.
fn without_chunks<T: Clone>(list: &[T]) -> Vec<Vec<T>> {
    let mut out = Vec::new();
    let mut length = list.len();
    while length > 0 {
        for (at, _) in list.iter().enumerate().step_by(length) {
            out.push(list.iter().take(at).chain(list.iter().skip(at + length)).cloned().collect());
        }
        length /= 2;
    }
    out
}

/// Deleting pieces of what CRLF parts keeps every line whole and may take the last CRLF.
fn bodies(octets: &[u8]) -> Vec<Vec<u8>> {
    let lines = split_lines(octets);
    let mut out: Vec<Vec<u8>> = without_chunks(&lines).iter().map(|lines| lines.join(&b"\r\n"[..])).collect();
    out.extend(simpler_lines(&lines).iter().map(|lines| lines.join(&b"\r\n"[..])));
    out
}

fn split_lines(octets: &[u8]) -> Vec<Vec<u8>> {
    let mut lines = Vec::new();
    let mut rest = octets;
    while let Some(at) = rest.windows(2).position(|two| two == b"\r\n") {
        let (line, tail) = rest.split_at(at);
        lines.push(line.to_vec());
        rest = tail.get(2..).unwrap_or_default();
    }
    lines.push(rest.to_vec());
    lines
}

/// The lines with one of them shortened or one of its octets turned into `x`.
fn simpler_lines(lines: &[Vec<u8>]) -> Vec<Vec<Vec<u8>>> {
    let mut out = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let plain = line.iter().enumerate().filter(|(_, octet)| **octet != b'x').map(|(place, _)| {
            line.iter().enumerate().map(|(other, octet)| if other == place { b'x' } else { *octet }).collect()
        });
        // Single octets of a very long line would be tried for hours; its halves come first anyway.
        let shorter = without_chunks(line).into_iter().chain(plain.take(100)).take(300);
        out.extend(shorter.map(|line: Vec<u8>| replaced(lines, at, line)));
    }
    out
}

fn replaced<T: Clone>(list: &[T], at: usize, with: T) -> Vec<T> {
    list.iter().enumerate().map(|(other, item)| if other == at { with.clone() } else { item.clone() }).collect()
}

fn messages(message: &Message) -> Vec<Message> {
    let optional: Vec<String> =
        message.fields.iter().filter(|field| !ALWAYS.contains(&field.as_str())).cloned().collect();
    let fields = without_chunks(&optional).into_iter().map(|kept| {
        let fields = message.fields.iter().filter(|field| ALWAYS.contains(&field.as_str()) || kept.contains(field));
        Message { fields: fields.cloned().collect(), lines: message.lines.clone() }
    });
    let with = |lines| Message { fields: message.fields.clone(), lines };
    let bodies = without_chunks(&message.lines).into_iter().chain(simpler_lines(&message.lines)).map(with);
    fields.chain(bodies).collect()
}

fn numbers(value: u64, from: u64) -> Vec<u64> {
    let distance = value.saturating_sub(from);
    let mut out = vec![from];
    let mut step = distance / 2;
    while step > 0 {
        out.push(value - step);
        step /= 2;
    }
    out
}

fn parts(part: &Part) -> Vec<Part> {
    match part {
        Part::Leaf(leaf) => leaves(leaf).into_iter().map(Part::Leaf).collect(),
        Part::Message(inner) => {
            let deeper = parts(inner).into_iter().map(|part| Part::Message(Box::new(part)));
            std::iter::once((**inner).clone()).chain(deeper).collect()
        }
        Part::Multipart(multipart) => multiparts(multipart),
    }
}

fn multiparts(multipart: &Multipart) -> Vec<Part> {
    let whole = |multipart| Part::Multipart(multipart);
    let mut out = multipart.children.clone();
    let fewer = without_chunks(&multipart.children).into_iter().filter(|children| !children.is_empty());
    out.extend(fewer.map(|children| whole(Multipart { children, ..multipart.clone() })));
    out.push(whole(Multipart { preamble: None, epilogue: None, ..multipart.clone() }));
    for (at, child) in multipart.children.iter().enumerate() {
        let simpler = match (multipart.subtype, child) {
            // What stands in a digest without a type is a message, and stays one.
            (super::mime::Subtype::Digest, Part::Message(inner)) => {
                parts(inner).into_iter().map(|part| Part::Message(Box::new(part))).collect()
            }
            (super::mime::Subtype::Digest | super::mime::Subtype::Mixed | super::mime::Subtype::Alternative, child) => {
                parts(child)
            }
        };
        out.extend(
            simpler.into_iter().map(|child| {
                whole(Multipart { children: replaced(&multipart.children, at, child), ..multipart.clone() })
            }),
        );
    }
    out
}

fn leaves(leaf: &Leaf) -> Vec<Leaf> {
    let lines = without_chunks(&leaf.lines).into_iter().filter(|lines| {
        // An open last line must be there.
        !lines.is_empty() || leaf.ending == super::mime::Ending::Crlf
    });
    let fields = without_chunks(&leaf.fields).into_iter().map(|fields| Leaf { fields, ..leaf.clone() });
    lines.map(|lines| Leaf { lines, ..leaf.clone() }).chain(fields).collect()
}
