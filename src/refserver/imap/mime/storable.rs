//! Messages with NUL in the form that IMAP can show everywhere (RFC 3516 §6).

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::header::fields;
use super::transfer::Encoding;
use super::{Kind, Part};

/// RFC 2045 §6.8: at most 76 digits a line, which are so many octets.
const LINE_OCTETS: usize = 57;

/// What a range of the message becomes.
type Edit = (Range<usize>, Vec<u8>);

/// The message with every body that has a NUL in base64, and nothing else changed but the names of the encodings. Nothing if a NUL
/// stands where no encoding could hide it: in a header, between parts, in what is encoded already.
pub fn without_nul(message: &[u8]) -> Option<Vec<u8>> {
    if !message.contains(&0) {
        return Some(message.to_vec());
    }
    let whole = Part::parse(message);
    let mut edits = Vec::new();
    encode(message, &whole, &mut edits)?;
    let mut out = Vec::with_capacity(message.len() / 2 * 3);
    let mime =
        fields(Part::slice(message, whole.header.clone())).iter().any(|f| f.name.eq_ignore_ascii_case(b"MIME-Version"));
    if !mime {
        // RFC 2045 §4: without it the fields below would mean nothing.
        out.extend_from_slice(b"MIME-Version: 1.0\r\n");
    }
    let mut at = 0;
    for (range, octets) in edits {
        out.extend_from_slice(message.get(at..range.start)?);
        out.extend_from_slice(&octets);
        at = range.end;
    }
    out.extend_from_slice(message.get(at..)?);
    Some(out)
}

/// Adds what has to change in an entity, in the order of the octets.
fn encode(message: &[u8], part: &Part, edits: &mut Vec<Edit>) -> Option<()> {
    let count = |range: &Range<usize>| Part::slice(message, range.clone()).iter().filter(|&&octet| octet == 0).count();
    let nul = count(&part.body);
    if count(&part.header) > 0 {
        return None;
    }
    if nul == 0 {
        return Some(());
    }
    let header = Part::slice(message, part.header.clone());
    if Encoding::of(header) != Some(Encoding::Identity) || header.is_empty() {
        return None;
    }
    match &part.kind {
        Kind::Leaf => {
            edits.push((part.header.clone(), relabelled(header, "base64")));
            edits.push((part.body.clone(), lines(Part::slice(message, part.body.clone()))));
            Some(())
        }
        Kind::Multipart(parts) => {
            let within: usize = parts.iter().map(|part| count(&part.header) + count(&part.body)).sum();
            edits.push((part.header.clone(), relabelled(header, "8bit")));
            parts.iter().try_for_each(|part| encode(message, part, edits)).filter(|()| within == nul)
        }
        Kind::Message(inner) => {
            edits.push((part.header.clone(), relabelled(header, "8bit")));
            encode(message, inner, edits)
        }
    }
}

/// A header with another Content-Transfer-Encoding.
fn relabelled(header: &[u8], label: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(header.len() + 40);
    let mut length = 0;
    for field in fields(header) {
        length += field.raw.len();
        if !field.name.eq_ignore_ascii_case(b"Content-Transfer-Encoding") {
            out.extend_from_slice(field.raw);
        }
    }
    out.extend_from_slice(format!("Content-Transfer-Encoding: {label}\r\n").as_bytes());
    out.extend_from_slice(header.get(length..).unwrap_or_default());
    out
}

fn lines(body: &[u8]) -> Vec<u8> {
    let lines: Vec<String> = body.chunks(LINE_OCTETS).map(|line| STANDARD.encode(line)).collect();
    lines.join("\r\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refserver::imap::mime::decoded;

    #[test]
    fn bodies_with_nul_turn_into_base64_and_the_rest_stays() {
        let plain = b"A: b\r\nContent-Transfer-Encoding: binary\r\n\r\nx\ny\xff";
        assert_eq!(without_nul(plain).unwrap(), plain);
        let single = b"A: b\r\nContent-Transfer-Encoding: BINARY\r\nC: d\r\n\r\n\0\n\r\xff";
        assert_eq!(
            without_nul(single).unwrap(),
            b"MIME-Version: 1.0\r\nA: b\r\nC: d\r\nContent-Transfer-Encoding: base64\r\n\r\nAAoN/w=="
        );
        let many = b"Mime-version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\npre\r\n--b\r\n\r\ntext\r\n\
            --b\r\nContent-Type: a/b\r\nContent-Transfer-Encoding: binary\r\n\r\n\n\0\r\n--b--\r\nepi\r\n";
        let stored = without_nul(many).unwrap();
        assert_eq!(
            String::from_utf8_lossy(&stored),
            "Mime-version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
            pre\r\n--b\r\n\r\ntext\r\n--b\r\nContent-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\nCgA=\r\n\
            --b--\r\nepi\r\n"
        );
        assert_eq!(decoded(&stored, &Part::parse(&stored), &[2]), Ok(Some(b"\n\0".to_vec())));
        let long = [b"MIME-Version: 1.0\r\n\r\n".as_slice(), &[0; 100]].concat();
        let stored = without_nul(&long).unwrap();
        assert_eq!(decoded(&stored, &Part::parse(&stored), &[1]), Ok(Some(vec![0; 100])));
        assert!(stored.split(|&octet| octet == b'\n').all(|line| line.len() <= 78));
    }

    #[test]
    fn nul_that_no_encoding_can_hide_is_not_stored() {
        let table: [&[u8]; 6] = [
            b"A: \0\r\n\r\nx",
            b"\0",
            b"Content-Transfer-Encoding: base64\r\n\r\nAA\0A",
            b"Content-Transfer-Encoding: x-odd\r\n\r\n\0",
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n\0\r\n--b\r\n\r\nx\r\n--b--\r\n",
            b"Content-Type: multipart/mixed\r\n\r\n\0",
        ];
        for message in table {
            assert_eq!(without_nul(message), None, "{message:?}");
        }
    }
}
