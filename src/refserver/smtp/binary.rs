//! What becomes of BINARYMIME where nothing but lines can go (RFC 3030 §3): bodies in binary turn into base64.

use super::letter::{fields, header};
use super::notice::base64_lines;

/// How deep parts may lie in parts.
const DEPTH_MAX: usize = 20;

/// RFC 5321 §4.5.3.1.6, without CRLF.
const LINE_MAX: usize = 998;

/// The message with every body whose encoding is `binary` in base64, and nothing else changed. None if there are binary
/// octets in a body that does not say so, or parts that cannot be told apart.
pub(super) fn as_lines(message: &[u8]) -> Option<Vec<u8>> {
    encoded(message, DEPTH_MAX).filter(|message| is_lines(message))
}

/// Whether octets are lines: neither NUL nor a CR or LF by itself, and none of the lines too long.
fn is_lines(octets: &[u8]) -> bool {
    octets.split_inclusive(|octet| *octet == b'\n').all(|line| {
        let text = line.strip_suffix(b"\r\n").unwrap_or(line);
        text.len() <= LINE_MAX && !text.iter().any(|octet| matches!(octet, b'\r' | b'\n' | 0))
    })
}

fn encoded(entity: &[u8], depth: usize) -> Option<Vec<u8>> {
    let header = header(entity);
    let body = entity.get(header.len()..)?;
    let (blank, body) = body.split_at_checked(2).unwrap_or((body, b""));
    let all = fields(header);
    let field = |wanted: &str| {
        let (_, value) = all.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted.as_bytes()))?;
        Some(String::from_utf8_lossy(value).trim().to_owned())
    };
    let kind = field("Content-Type").unwrap_or_default();
    let is = |prefix: &str| kind.get(..prefix.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(prefix));
    let binary = field("Content-Transfer-Encoding").is_some_and(|encoding| encoding.eq_ignore_ascii_case("binary"));
    let depth = depth.checked_sub(1)?;
    // RFC 2045 §6.4: what holds other entities has no encoding but 7bit, 8bit and binary.
    let (label, body) = match (is("multipart/"), is("message/"), binary) {
        (true, _, _) => ("8bit", parts(body, &boundary(&kind)?, depth)?),
        (_, true, true) => ("8bit", encoded(body, depth)?),
        (_, _, true) => ("base64", base64_lines(body)),
        (false, _, false) => return Some(entity.to_vec()),
    };
    let header = if binary { relabelled(header, label) } else { header.to_vec() };
    Some([&header, blank, &body].concat())
}

/// The header with another Content-Transfer-Encoding.
fn relabelled(header: &[u8], label: &str) -> Vec<u8> {
    let rest = super::trace::without_field(header, b"Content-Transfer-Encoding:");
    [rest, format!("Content-Transfer-Encoding: {label}\r\n").into_bytes()].concat()
}

/// The boundary parameter (RFC 2046 §5.1.1).
fn boundary(kind: &str) -> Option<String> {
    let at = kind.to_ascii_lowercase().find("boundary=")?;
    let value = kind.get(at + "boundary=".len()..)?;
    let boundary = match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => value.split([';', ' ', '\t', '\r']).next(),
    };
    boundary.filter(|boundary| !boundary.is_empty()).map(str::to_owned)
}

/// The body of a multipart, each part encoded. The CRLF before a delimiter belongs to the delimiter.
fn parts(body: &[u8], boundary: &str, depth: usize) -> Option<Vec<u8>> {
    let delimiter = format!("\r\n--{boundary}");
    // One CRLF more in front lets the first delimiter be found like the others.
    let text = [b"\r\n", body].concat();
    let mut out = Vec::with_capacity(text.len());
    let (preamble, mut after) = cut(&text, delimiter.as_bytes())?;
    out.extend_from_slice(preamble);
    loop {
        out.extend_from_slice(delimiter.as_bytes());
        if after.starts_with(b"--") {
            out.extend_from_slice(after);
            return out.get(2..).map(<[u8]>::to_vec);
        }
        let line = after.windows(2).position(|pair| pair == b"\r\n")? + 2;
        let (end, part) = after.split_at_checked(line)?;
        out.extend_from_slice(end);
        let (part, next) = cut(part, delimiter.as_bytes())?;
        out.extend_from_slice(&encoded(part, depth)?);
        after = next;
    }
}

/// What stands before a delimiter and what stands behind it.
fn cut<'t>(text: &'t [u8], delimiter: &[u8]) -> Option<(&'t [u8], &'t [u8])> {
    // A longer boundary may begin with this one.
    let ends = |at: usize| text.get(at).is_none_or(|octet| b"-\r \t".contains(octet));
    let mut starts = text.windows(delimiter.len()).enumerate();
    let (at, _) = starts.find(|(at, part)| *part == delimiter && ends(at + delimiter.len()))?;
    Some((text.get(..at)?, text.get(at + delimiter.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binary_bodies_turn_into_base64_and_the_rest_stays() {
        let plain = b"Content-Transfer-Encoding: 8bit\r\n\r\n\xe9\r\n";
        assert_eq!(as_lines(plain).unwrap(), plain);
        let single = b"A: b\r\nContent-Transfer-Encoding: BINARY\r\n\r\n\0\n\r\xff";
        assert_eq!(as_lines(single).unwrap(), b"A: b\r\nContent-Transfer-Encoding: base64\r\n\r\nAAoN/w==\r\n");
        let many = "Content-Type: multipart/mixed; boundary=\"b b\"\r\nContent-Transfer-Encoding: binary\r\n\r\n\
            pre\r\n--b b\r\n\r\ntext\r\n--b b\r\nContent-Transfer-Encoding: binary\r\n\r\n\n\0\r\n--b b--\r\nepi\r\n";
        let expected = "Content-Type: multipart/mixed; boundary=\"b b\"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
            pre\r\n--b b\r\n\r\ntext\r\n--b b\r\nContent-Transfer-Encoding: base64\r\n\r\nCgA=\r\n\r\n--b b--\r\nepi\r\n";
        assert_eq!(String::from_utf8(as_lines(many.as_bytes()).unwrap()).unwrap(), expected);
        let within = "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: binary\r\n\r\n\
            Content-Transfer-Encoding: binary\r\n\r\n\n";
        let expected = "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
            Content-Transfer-Encoding: base64\r\n\r\nCg==\r\n";
        assert_eq!(String::from_utf8(as_lines(within.as_bytes()).unwrap()).unwrap(), expected);
    }

    #[test]
    fn octets_that_are_no_lines_and_say_so_nowhere_cannot_be_converted() {
        let long = format!("A: b\r\n\r\n{}\r\n", "x".repeat(999));
        let nested = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n".repeat(DEPTH_MAX);
        let open = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n";
        for message in ["A: b\r\n\r\n\0", "A: b\r\n\r\nx\ny", "A: b\r\n\r\nx\ry", &long, &nested, open] {
            assert_eq!(as_lines(message.as_bytes()), None, "{message:.40?}");
        }
        for message in ["", "A: b\r\n\r\nx", "A: b\r\n\r\nx\r\n"] {
            assert_eq!(as_lines(message.as_bytes()).as_deref(), Some(message.as_bytes()));
        }
    }
}
