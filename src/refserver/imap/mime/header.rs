//! Header fields over octets.

/// One header field. `raw` is all of it with its line ends; a line that is no field has an empty name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Field<'a> {
    pub(super) name: &'a [u8],
    pub(super) value: &'a [u8],
    pub(super) raw: &'a [u8],
}

/// Splits after each LF. The last line may lack its end.
pub(super) fn lines(octets: &[u8]) -> impl Iterator<Item = &[u8]> {
    octets.split_inclusive(|&c| c == b'\n')
}

/// A line without CRLF or LF.
pub(super) fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// How many octets the header has, with the empty line that ends it; everything if there is no empty line.
pub(super) fn header_len(octets: &[u8]) -> usize {
    let mut at = 0;
    for line in lines(octets) {
        at += line.len();
        if line.ends_with(b"\n") && without_end(line).is_empty() {
            break;
        }
    }
    at
}

/// Whether the header of a message has octets beyond US-ASCII.
pub fn has_eight_bits(message: &[u8]) -> bool {
    message.get(..header_len(message)).is_some_and(|header| !header.is_ascii())
}

/// The fields of a header, without the empty line.
pub(super) fn fields(header: &[u8]) -> Vec<Field<'_>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut at = 0;
    for line in lines(header) {
        let continued = line.first().is_some_and(|&c| c == b' ' || c == b'\t');
        if at > start && !continued {
            found.extend(header.get(start..at).map(field));
            start = at;
        }
        if without_end(line).is_empty() {
            return found;
        }
        at += line.len();
    }
    if at > start {
        found.extend(header.get(start..at).map(field));
    }
    found
}

/// The value of the first field of a name in any case, unfolded.
pub(super) fn value_of(header: &[u8], name: &str) -> Option<Vec<u8>> {
    fields(header)
        .into_iter()
        .find(|field| field.name.eq_ignore_ascii_case(name.as_bytes()))
        .map(|field| unfold(field.value))
}

fn field(raw: &[u8]) -> Field<'_> {
    match raw.iter().position(|&c| c == b':') {
        Some(colon) => {
            let name = raw.get(..colon).unwrap_or_default().trim_ascii_end();
            Field { name, value: raw.get(colon + 1..).unwrap_or_default(), raw }
        }
        None => Field { name: b"", value: b"", raw },
    }
}

/// RFC 2822 §2.2.3: line ends go, the blanks after them stay. Blanks at both ends are no part of the value.
pub(super) fn unfold(value: &[u8]) -> Vec<u8> {
    let joined: Vec<u8> = lines(value).flat_map(without_end).copied().collect();
    joined.trim_ascii().to_vec()
}
