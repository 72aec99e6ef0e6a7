//! Strings as the server sends them.

/// The longest string that is sent quoted, in octets.
const QUOTED_MAX_OCTETS: usize = 1000;

/// RFC 3501 §4.3: quoted if 7-bit without CR, LF and NUL, else a literal.
pub fn write_string(out: &mut Vec<u8>, octets: &[u8]) {
    let plain = octets.iter().all(|&c| c < 0x80 && !matches!(c, 0 | b'\r' | b'\n'));
    if !plain || octets.len() > QUOTED_MAX_OCTETS {
        out.extend_from_slice(format!("{{{}}}\r\n", octets.len()).as_bytes());
        out.extend_from_slice(octets);
        return;
    }
    out.push(b'"');
    for &c in octets {
        if matches!(c, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(c);
    }
    out.push(b'"');
}

/// A text for clients that know UTF-8 in quoted strings (RFC 6855 §3).
pub fn write_utf8(out: &mut Vec<u8>, text: &str) {
    if text.len() > QUOTED_MAX_OCTETS || text.contains(char::is_control) {
        return write_string(out, text.as_bytes());
    }
    out.push(b'"');
    for octet in text.bytes() {
        if matches!(octet, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(octet);
    }
    out.push(b'"');
}

/// A string, or NIL for none.
pub fn write_nstring(out: &mut Vec<u8>, octets: Option<&[u8]>) {
    match octets {
        Some(octets) => write_string(out, octets),
        None => out.extend_from_slice(b"NIL"),
    }
}
