//! Messages that are sent: the small correct letter, and content for DATA.

/// A small correct message with exactly this Subject. RFC 5322 §3.6; all names are reserved ones (RFC 2606).
pub fn letter(subject: &str) -> Vec<u8> {
    format!(
        "From: Mailproof <sender@mailproof.example>\r\nTo: Reader <reader@mailproof.example>\r\n\
         Subject: {subject}\r\nDate: Thu, 01 Jan 2026 12:00:00 +0000\r\n\
         Message-ID: <{subject}@mailproof.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=us-ascii\r\n\r\nThis is a test message.\r\n"
    )
    .into_bytes()
}

/// Content as DATA sends it: leading periods doubled, a missing last CRLF added, ended by a period alone. RFC 5321 §4.5.2.
pub fn dot_stuff(content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() + 8);
    // A bare LF begins no line.
    let at_start = |out: &Vec<u8>| out.is_empty() || out.ends_with(b"\r\n");
    for piece in content.split_inclusive(|octet| *octet == b'\n') {
        if at_start(&out) && piece.starts_with(b".") {
            out.push(b'.');
        }
        out.extend_from_slice(piece);
    }
    if !at_start(&out) {
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
    out
}

/// Octets with every bare LF turned into CRLF.
pub fn crlf(octets: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(octets.len());
    for octet in octets {
        if *octet == b'\n' && out.last() != Some(&b'\r') {
            out.push(b'\r');
        }
        out.push(*octet);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_periods_are_doubled_and_the_end_is_added() {
        let table: &[(&[u8], &[u8])] =
            &[(b"", b".\r\n"), (b".a\r\n..b", b"..a\r\n...b\r\n.\r\n"), (b"a\n.b\r\n", b"a\n.b\r\n.\r\n")];
        for (content, sent) in table {
            assert_eq!(dot_stuff(content), *sent);
        }
        assert_eq!(crlf(b"a\nb\r\n"), b"a\r\nb\r\n");
    }

    #[test]
    fn a_letter_bears_its_subject() {
        assert_eq!(crate::message::subject_of(&letter("abc")), Some(b"abc".to_vec()));
    }
}
