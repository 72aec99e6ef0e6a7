//! What a sent line means for the response. RFC 1939 §5 and §7, RFC 2449 §5, RFC 5034 §4.

/// Whether a positive response has lines after the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One line.
    Single,
    /// After `+OK` come lines up to `.`.
    Multi,
}

/// The form of a positive response to this line; its line end may be there or not.
pub fn form_of(line: &[u8]) -> Form {
    let text = String::from_utf8_lossy(line).to_ascii_uppercase();
    let mut words = text.split_ascii_whitespace();
    match (words.next().unwrap_or_default(), words.next()) {
        ("RETR" | "TOP" | "CAPA", _) | ("LIST" | "UIDL", None) => Form::Multi,
        (_, _) => Form::Single,
    }
}
