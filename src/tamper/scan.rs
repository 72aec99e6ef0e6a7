//! Octets of answers, as far as changes look at them.

/// The lines, each with its end.
pub(super) fn lines(raw: &[u8]) -> Vec<&[u8]> {
    raw.split_inclusive(|octet| *octet == b'\n').collect()
}

/// `1 abc`: its number and its word.
pub(super) fn identified(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let text = line.trim_ascii_end();
    let (number, word) = text.split_at(text.iter().position(|octet| *octet == b' ')?);
    let word = word.get(1..).filter(|word| !word.contains(&b' '))?;
    (!number.is_empty() && number.iter().all(u8::is_ascii_digit)).then_some((number, word))
}

/// A decimal number and one more.
pub(super) fn one_more(digits: &[u8]) -> Vec<u8> {
    let number = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse::<u128>().ok());
    number.map_or_else(|| digits.to_vec(), |number| number.saturating_add(1).to_string().into_bytes())
}

/// The same with the first letter or digit in the middle of it, or before, replaced by another letter or digit.
pub(super) fn another_octet(text: &[u8]) -> Vec<u8> {
    let middle = text.len() / 2;
    let behind = (middle..text.len()).chain(0..middle);
    let at = behind.into_iter().find(|at| text.get(*at).is_some_and(u8::is_ascii_alphanumeric));
    let mut other = text.to_vec();
    if let Some(octet) = at.and_then(|at| other.get_mut(at)) {
        *octet = match *octet {
            b'q' | b'Q' => b'w',
            b'7' => b'6',
            digit if digit.is_ascii_digit() => b'7',
            upper if upper.is_ascii_uppercase() => b'Q',
            _ => b'q',
        };
    }
    other
}

/// As [`another_octet`]; of a message an octet of its body, since a trace field may be anything. What is no letter becomes one.
pub(super) fn another_octet_of_message(text: &[u8]) -> Vec<u8> {
    let Some(header) = text.windows(4).position(|octets| octets == b"\r\n\r\n") else { return another_octet(text) };
    let mut other = text.to_vec();
    let at = text.iter().rposition(|octet| !octet.is_ascii_whitespace()).filter(|at| *at > header + 3);
    if let Some(octet) = at.and_then(|at| other.get_mut(at)) {
        *octet = if *octet == b'q' { b'w' } else { b'q' };
    }
    other
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_message_the_body_changes() {
        let table = [("A: b\r\n\r\nc.\r\n", "A: b\r\n\r\ncq\r\n"), ("A: b\r\n\r\n", "A: b\r\n\r\n"), ("ab", "aq")];
        for (text, wanted) in table {
            assert_eq!(another_octet_of_message(text.as_bytes()), wanted.as_bytes(), "{text}");
        }
    }

    #[test]
    fn another_octet_is_of_the_same_kind_and_differs() {
        for (text, wanted) in [("abc", "aqc"), ("q", "w"), ("..", ".."), ("a.", "q."), ("1277", "1267"), ("", "")] {
            assert_eq!(another_octet(text.as_bytes()), wanted.as_bytes(), "{text}");
        }
    }

    #[test]
    fn one_more_carries() {
        assert_eq!(one_more(b"199"), b"200");
        assert_eq!(one_more(b"x"), b"x");
    }
}
