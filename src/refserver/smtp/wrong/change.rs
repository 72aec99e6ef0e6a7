//! Ways to spoil a message.

use super::super::letter::header;

/// The lines of the body changed one by one; the header and the empty line behind it stay.
fn each_line(octets: &[u8], change: impl FnMut(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let (head, body) = parts(octets);
    let body = body.split_inclusive(|octet| *octet == b'\n').flat_map(change);
    head.iter().copied().chain(body).collect()
}

/// The header with the empty line behind it, and the body.
pub(super) fn parts(octets: &[u8]) -> (&[u8], &[u8]) {
    let end = header(octets).len();
    octets.split_at_checked((end + 2).min(octets.len())).unwrap_or((octets, b""))
}

/// The fields of the header, folded as they are, and what follows them.
fn raw_fields(octets: &[u8]) -> (Vec<Vec<u8>>, &[u8]) {
    let head = header(octets);
    let mut fields: Vec<Vec<u8>> = Vec::new();
    for line in head.split_inclusive(|octet| *octet == b'\n') {
        match fields.last_mut() {
            Some(field) if line.starts_with(b" ") || line.starts_with(b"\t") => field.extend_from_slice(line),
            Some(_) | None => fields.push(line.to_vec()),
        }
    }
    (fields, octets.get(head.len()..).unwrap_or_default())
}

fn with_fields(octets: &[u8], change: impl FnOnce(Vec<Vec<u8>>) -> Vec<Vec<u8>>) -> Vec<u8> {
    let (fields, rest) = raw_fields(octets);
    change(fields).into_iter().flatten().chain(rest.iter().copied()).collect()
}

fn is_named(field: &[u8], begin: &str) -> bool {
    field.get(..begin.len()).is_some_and(|name| name.eq_ignore_ascii_case(begin.as_bytes()))
}

/// The text of a line and its end.
fn text_and_end(line: &[u8]) -> (&[u8], &[u8]) {
    let text = line.strip_suffix(b"\r\n").unwrap_or(line);
    line.split_at_checked(text.len()).unwrap_or((line, b""))
}

pub(super) fn from_escaped(octets: &[u8]) -> Vec<u8> {
    each_line(octets, |line| if line.starts_with(b"From ") { [b">", line].concat() } else { line.to_vec() })
}

pub(super) fn without_trailing_blanks(octets: &[u8]) -> Vec<u8> {
    each_line(octets, |line| {
        let (text, end) = text_and_end(line);
        let kept = text.iter().rposition(|octet| !matches!(octet, b' ' | b'\t')).map_or(0, |at| at + 1);
        [text.get(..kept).unwrap_or_default(), end].concat()
    })
}

pub(super) fn empty_lines_merged(octets: &[u8]) -> Vec<u8> {
    let mut before = Vec::new();
    each_line(octets, |line| {
        let again = line == b"\r\n" && before == line;
        before = line.to_vec();
        if again { Vec::new() } else { line.to_vec() }
    })
}

pub(super) fn beginning(octets: &[u8]) -> Vec<u8> {
    match octets.split_at_checked(262_144) {
        Some((begin, _)) => [begin, b"\r\n"].concat(),
        None => octets.to_vec(),
    }
}

pub(super) fn unfolded(octets: &[u8]) -> Vec<u8> {
    let one_line = |field: Vec<u8>| {
        if !is_named(&field, "X-") {
            return field;
        }
        let (text, end) = text_and_end(&field);
        let text: Vec<u8> = text.iter().copied().filter(|octet| !matches!(octet, b'\r' | b'\n')).collect();
        [&text, end].concat()
    };
    with_fields(octets, |fields| fields.into_iter().map(one_line).collect())
}

pub(super) fn decoded(octets: &[u8]) -> Vec<u8> {
    let plain = |field: Vec<u8>| {
        if !is_named(&field, "X-") {
            return field;
        }
        String::from_utf8_lossy(&field).replace("=?", "").replace("?=", "").into_bytes()
    };
    with_fields(octets, |fields| fields.into_iter().map(plain).collect())
}

pub(super) fn without_controls(octets: &[u8]) -> Vec<u8> {
    let kept = |octet: &u8| *octet >= b' ' || matches!(octet, b'\t' | b'\r' | b'\n');
    octets.iter().copied().filter(kept).collect()
}

pub(super) fn without_del(octets: &[u8]) -> Vec<u8> {
    octets.iter().copied().filter(|octet| *octet != 0x7f).collect()
}

pub(super) fn empty_line_added(octets: &[u8]) -> Vec<u8> {
    if octets.ends_with(b"\r\n\r\n") { [octets, b"\r\n"].concat() } else { octets.to_vec() }
}

pub(super) fn two_dots_as_one(octets: &[u8]) -> Vec<u8> {
    each_line(octets, |line| if line == b"..\r\n" { b".\r\n".to_vec() } else { line.to_vec() })
}

pub(super) fn unstuffed(octets: &[u8]) -> Vec<u8> {
    each_line(octets, |line| line.strip_prefix(b".").unwrap_or(line).to_vec())
}

pub(super) fn folded_at_998(octets: &[u8]) -> Vec<u8> {
    each_line(octets, |line| {
        let (text, end) = text_and_end(line);
        let pieces: Vec<&[u8]> = text.chunks(998).collect();
        [&pieces.join(b"\r\n".as_slice()), end].concat()
    })
}

fn cut(octets: &[u8], at: usize, falls: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    each_line(octets, |line| {
        let (text, end) = text_and_end(line);
        let kept = text.get(..at).filter(|_| falls(text)).unwrap_or(text);
        [kept, end].concat()
    })
}

pub(super) fn cut_at_2048(octets: &[u8]) -> Vec<u8> {
    cut(octets, 2048, |_| true)
}

/// RFC 5321 §4.5.3.1.6, without CRLF. What is longer, this one leaves alone.
const LINE_MAX: usize = 998;

pub(super) fn cut_at_990(octets: &[u8]) -> Vec<u8> {
    cut(octets, 990, |text| text.len() <= LINE_MAX)
}

pub(super) fn wide_cut_at_990(octets: &[u8]) -> Vec<u8> {
    cut(octets, 990, |text| !text.is_ascii())
}

pub(super) fn seven_bits(octets: &[u8]) -> Vec<u8> {
    octets.iter().map(|octet| octet & 0x7f).collect()
}

pub(super) fn without_high_controls(octets: &[u8]) -> Vec<u8> {
    octets.iter().map(|octet| if (0x80..0xa0).contains(octet) { b'?' } else { *octet }).collect()
}

pub(super) fn with_charset(octets: &[u8]) -> Vec<u8> {
    let (_, rest) = raw_fields(octets);
    [header(octets), b"Content-Type: text/plain; charset=utf-8\r\n", rest].concat()
}

pub(super) fn fields_grouped(octets: &[u8]) -> Vec<u8> {
    let name = |field: &[u8]| field.split(|octet| *octet == b':').next().unwrap_or_default().to_ascii_lowercase();
    with_fields(octets, |fields| {
        let mut grouped: Vec<Vec<u8>> = Vec::new();
        for field in fields {
            let known = grouped.iter().rposition(|other| is_named(&field, "X-") && name(other) == name(&field));
            grouped.insert(known.map_or(grouped.len(), |at| at + 1), field);
        }
        grouped
    })
}

pub(super) fn resent_swapped(octets: &[u8]) -> Vec<u8> {
    with_fields(octets, |fields| {
        let starts: Vec<usize> =
            fields.iter().enumerate().filter(|(_, field)| is_named(field, "Resent-From:")).map(|(at, _)| at).collect();
        let [first, second] = starts.as_slice() else { return fields };
        let behind = fields.iter().skip(*second).position(|field| !is_named(field, "Resent-"));
        let end = behind.map_or(fields.len(), |behind| second + behind);
        let part = |from: usize, to: usize| fields.get(from..to).unwrap_or_default().to_vec();
        [part(0, *first), part(*second, end), part(*first, *second), part(end, fields.len())].concat()
    })
}

pub(super) fn without_empty_copy(octets: &[u8]) -> Vec<u8> {
    with_fields(octets, |mut fields| {
        fields.retain(|field| !is_named(field, "Cc:") || field.contains(&b'@'));
        fields
    })
}

pub(super) fn without_third_received(octets: &[u8]) -> Vec<u8> {
    let mut received = 0;
    with_fields(octets, |mut fields| {
        fields.retain(|field| {
            received += u32::from(is_named(field, "Received:"));
            !(is_named(field, "Received:") && received == 3)
        });
        fields
    })
}

pub(super) fn dots_lost(octets: &[u8]) -> Vec<u8> {
    each_line(
        octets,
        |line| if line == b".\r\n" { line.to_vec() } else { line.strip_prefix(b".").unwrap_or(line).to_vec() },
    )
}

/// The message with `received` below its own first field of that kind, or on top if it has none there.
pub(super) fn below_first_received(octets: &[u8], received: &[u8]) -> Vec<u8> {
    with_fields(octets, |mut fields| {
        let below = usize::from(fields.first().is_some_and(|field| is_named(field, "Received:")));
        fields.insert(below, received.to_vec());
        fields
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Row = (fn(&[u8]) -> Vec<u8>, &'static str, &'static str);

    #[test]
    fn each_way_spoils_what_it_is_for_and_nothing_else() {
        let table: [Row; 16] = [
            (from_escaped, "From x\r\n\r\nFrom y\r\nfrom z\r\n", "From x\r\n\r\n>From y\r\nfrom z\r\n"),
            (without_trailing_blanks, "A: b \r\n\r\nc \t\r\n \r\nd", "A: b \r\n\r\nc\r\n\r\nd"),
            (empty_lines_merged, "A: b\r\n\r\n\r\n\r\nc\r\n", "A: b\r\n\r\n\r\nc\r\n"),
            (unfolded, "A: b\r\n c\r\nX-D: e\r\n\tf\r\n\r\n", "A: b\r\n c\r\nX-D: e\tf\r\n\r\n"),
            (decoded, "A: =?x?=\r\nX-D: =?y?=\r\n\r\n", "A: =?x?=\r\nX-D: y\r\n\r\n"),
            (without_controls, "A: b\r\n\r\n\u{1}\tc\u{7f}\r\n", "A: b\r\n\r\n\tc\u{7f}\r\n"),
            (without_del, "A: b\r\n\r\n\u{1}\u{7f}\r\n", "A: b\r\n\r\n\u{1}\r\n"),
            (empty_line_added, "A: b\r\n\r\nc\r\n\r\n", "A: b\r\n\r\nc\r\n\r\n\r\n"),
            (two_dots_as_one, "A: b\r\n\r\n..\r\n..c\r\n", "A: b\r\n\r\n.\r\n..c\r\n"),
            (unstuffed, ".A: b\r\n\r\n..\r\n.c\r\n", ".A: b\r\n\r\n.\r\nc\r\n"),
            (dots_lost, "A: b\r\n\r\n.\r\n.c\r\n", "A: b\r\n\r\n.\r\nc\r\n"),
            (fields_grouped, "X-A: 1\r\nB: 2\r\nx-a: 3\r\nb: 4\r\n\r\n", "X-A: 1\r\nx-a: 3\r\nB: 2\r\nb: 4\r\n\r\n"),
            (
                resent_swapped,
                "Resent-From: a\r\nResent-To: b\r\nResent-From: c\r\nD: e\r\n\r\n",
                "Resent-From: c\r\nResent-From: a\r\nResent-To: b\r\nD: e\r\n\r\n",
            ),
            (without_empty_copy, "Cc: a:;\r\nCC: b@c\r\n\r\n", "CC: b@c\r\n\r\n"),
            (
                without_third_received,
                "Received: a\r\nreceived: b\r\nRECEIVED: c\r\n d\r\nE: f\r\n\r\n",
                "Received: a\r\nreceived: b\r\nE: f\r\n\r\n",
            ),
            (with_charset, "A: b\r\n\r\nc", "A: b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nc"),
        ];
        for (change, message, spoiled) in table {
            assert_eq!(String::from_utf8(change(message.as_bytes())).unwrap(), spoiled, "{message:?}");
        }
    }

    #[test]
    fn long_lines_are_cut_or_folded_and_short_ones_stay() {
        let message = |line: usize| format!("A: b\r\n\r\n{}\r\nc\r\n", "x".repeat(line)).into_bytes();
        assert_eq!(cut_at_990(&message(991)), message(990));
        assert_eq!(cut_at_2048(&message(2049)), message(2048));
        assert_eq!(wide_cut_at_990(&message(991)), message(991));
        assert_eq!(folded_at_998(&message(998)), message(998));
        assert_eq!(folded_at_998(&message(999)).len(), message(999).len() + 2);
        assert_eq!(seven_bits(b"A: \xe1"), b"A: a");
        assert_eq!(without_high_controls(b"\x80\xa0\x7f"), b"?\xa0\x7f");
    }
}
