//! Sections without their transfer encoding (RFC 3516 §4.2).

use super::Part;
use super::section::find;
use super::transfer::Encoding;

/// A section is encoded in a way that is not known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownEncoding;

/// The content of a part by its numbers, or nothing if the message has no such part. Text has lines that end in CRLF, however
/// it was stored (RFC 3516 §6). The whole message, which no numbers name, has no encoding of its own.
pub fn decoded(octets: &[u8], message: &Part, path: &[u32]) -> Result<Option<Vec<u8>>, UnknownEncoding> {
    let Some(found) = find(message, path) else { return Ok(None) };
    let Some(part) = found else { return Ok(Some(octets.to_vec())) };
    let encoding = Encoding::of(Part::slice(octets, part.header.clone())).ok_or(UnknownEncoding)?;
    let content = encoding.decode(Part::slice(octets, part.body.clone()));
    Ok(Some(if part.content.media == b"TEXT" { with_crlf(&content) } else { content }))
}

/// Each LF has a CR before it.
fn with_crlf(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &octet in text {
        if octet == b'\n' && out.last() != Some(&b'\r') {
            out.push(b'\r');
        }
        out.push(octet);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(message: &str, path: &[u32]) -> Result<Option<Vec<u8>>, UnknownEncoding> {
        decoded(message.as_bytes(), &Part::parse(message.as_bytes()), path)
    }

    #[test]
    fn parts_are_decoded_and_the_message_stays_as_it_is() {
        let message = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\nYQpi\r\n\
            --b\r\nContent-Type: image/x\r\nContent-Transfer-Encoding: base64\r\n\r\nYQpi\r\n\
            --b\r\nContent-Transfer-Encoding: x-odd\r\n\r\nz\r\n--b--\r\n";
        let table: [(&[u32], _); 6] = [
            (&[1], Ok(Some(b"a\r\nb".to_vec()))),
            (&[2], Ok(Some(b"a\nb".to_vec()))),
            (&[3], Err(UnknownEncoding)),
            (&[4], Ok(None)),
            (&[2, 1], Ok(None)),
            (&[], Ok(Some(message.as_bytes().to_vec()))),
        ];
        for (path, expected) in table {
            assert_eq!(read(message, path), expected, "{path:?}");
        }
    }
}
