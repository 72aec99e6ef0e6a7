//! What is sent: command lines with their values, literals, and where octets are cut. Pure.

use crate::base::{Bindings, ByteString, Piece, Template, Unbound};
use crate::scenario::{Command, CommandPart, LiteralContent, LiteralForm};

/// A piece of a command that is sent in one go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chunk {
    pub(super) octets: ByteString,
    /// What comes before the next chunk is sent.
    pub(super) then: Then,
}

/// What comes before the next chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// Nothing.
    GoOn,
    /// The server says `+`.
    AwaitGoAhead,
}

/// A command line with its CRLF: one chunk, and one more behind each synchronising literal. RFC 3501 §4.3, RFC 7888.
pub(super) fn command_chunks(prefix: &str, command: &Command, env: &Bindings) -> Result<Vec<Chunk>, Unbound> {
    let mut chunks = Vec::new();
    let mut octets = prefix.as_bytes().to_vec();
    let mut quotes = Quotes::default();
    for part in &command.parts {
        match part {
            CommandPart::Text(text) => quotes.render(text, env, &mut octets)?,
            CommandPart::Literal { content, form } => {
                let content = match content {
                    LiteralContent::Var(name) => env.get(name)?.to_octets(),
                    LiteralContent::Text(text) => text.render(env)?,
                };
                let (tilde, plus) = match form {
                    LiteralForm::Synchronising => ("", ""),
                    LiteralForm::NonSynchronising => ("", "+"),
                    LiteralForm::Literal8 => ("~", ""),
                    LiteralForm::Literal8NonSynchronising => ("~", "+"),
                };
                octets.extend_from_slice(format!("{tilde}{{{}{plus}}}\r\n", content.len()).as_bytes());
                if plus.is_empty() {
                    chunks.push(Chunk { octets: std::mem::take(&mut octets).into(), then: Then::AwaitGoAhead });
                }
                octets.extend_from_slice(&content);
            }
        }
    }
    octets.extend_from_slice(b"\r\n");
    chunks.push(Chunk { octets: octets.into(), then: Then::GoOn });
    Ok(chunks)
}

/// Follows the double quotes of a line: inside them a value's `"` and `\` get a backslash.
#[derive(Debug, Default)]
struct Quotes {
    inside: bool,
    escaped: bool,
}

impl Quotes {
    fn render(&mut self, text: &Template, env: &Bindings, octets: &mut Vec<u8>) -> Result<(), Unbound> {
        for piece in text.pieces() {
            match piece {
                Piece::Text(text) => {
                    text.iter().for_each(|octet| self.pass(*octet));
                    octets.extend_from_slice(text);
                }
                Piece::Var(name) => {
                    if self.inside {
                        let value = env.get(name)?.to_octets();
                        for octet in value.iter() {
                            if matches!(octet, b'"' | b'\\') {
                                octets.push(b'\\');
                            }
                            octets.push(*octet);
                        }
                    } else {
                        env.write(name, octets)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn pass(&mut self, octet: u8) {
        match octet {
            _ if self.escaped => self.escaped = false,
            b'\\' if self.inside => self.escaped = true,
            b'"' => self.inside = !self.inside,
            _ => {}
        }
    }
}

/// Cuts octets into segments. Offsets count from the beginning of the step's octets, of which these begin at `start`.
pub(super) fn cut(octets: &[u8], start: usize, offsets: &[u64]) -> Vec<ByteString> {
    let mut segments = Vec::new();
    let mut from = 0;
    for offset in offsets {
        let at = usize::try_from(*offset).unwrap_or(usize::MAX).saturating_sub(start);
        if at > from && at < octets.len() {
            segments.push(ByteString::from(octets.get(from..at).unwrap_or_default()));
            from = at;
        }
    }
    segments.push(ByteString::from(octets.get(from..).unwrap_or_default()));
    segments
}

/// BDAT commands with their octets; the last says LAST. RFC 3030 §2.
pub(super) fn bdat_chunks(message: &[u8], offsets: &[u64]) -> Vec<ByteString> {
    let parts = cut(message, 0, offsets);
    let last = parts.len() - 1;
    let chunk = |(index, part): (usize, &ByteString)| {
        let mut octets = format!("BDAT {}{}\r\n", part.len(), if index == last { " LAST" } else { "" }).into_bytes();
        octets.extend_from_slice(part);
        ByteString::from(octets)
    };
    parts.iter().enumerate().map(chunk).collect()
}

/// Lines with their CRLF, as a generated group holds them.
pub(super) fn lines(group: &[u8]) -> Vec<Vec<u8>> {
    let mut lines = Vec::new();
    let mut rest = group;
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        lines.push(rest.get(..end).unwrap_or_default().to_vec());
        rest = rest.get(end + 2..).unwrap_or_default();
    }
    lines.push(rest.to_vec());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Bound, Span, VarRef};

    fn env() -> Bindings {
        let mut env = Bindings::default();
        env.bind("m", Bound::octets("a\"b\\c"));
        env
    }

    fn command(parts: Vec<CommandPart>) -> Command {
        Command { parts, span: Span::generated() }
    }

    fn text(line: &str) -> CommandPart {
        CommandPart::Text(Template::parse_line(line).unwrap())
    }

    fn literal(form: LiteralForm) -> CommandPart {
        CommandPart::Literal { content: LiteralContent::Var(VarRef::new("m").unwrap()), form }
    }

    fn shown(chunks: &[Chunk]) -> Vec<String> {
        chunks.iter().map(|chunk| chunk.octets.escaped()).collect()
    }

    #[test]
    fn values_are_escaped_inside_double_quotes_only() {
        let chunks = command_chunks("A1 ", &command(vec![text("X ${m} \"${m}\" ${m}")]), &env()).unwrap();
        assert_eq!(shown(&chunks), [r#"A1 X a"b\\c "a\\"b\\\\c" a"b\\c\r\n"#]);
    }

    #[test]
    fn a_synchronising_literal_waits_and_the_others_do_not() {
        let one = command(vec![text("APPEND x "), literal(LiteralForm::Synchronising), text(" ")]);
        let chunks = command_chunks("", &one, &env()).unwrap();
        assert_eq!(shown(&chunks), [r"APPEND x {5}\r\n", r#"a"b\\c \r\n"#]);
        assert_eq!(chunks[0].then, Then::AwaitGoAhead);
        for (form, announced) in
            [(LiteralForm::NonSynchronising, "{5+}"), (LiteralForm::Literal8NonSynchronising, "~{5+}")]
        {
            let chunks = command_chunks("", &command(vec![literal(form)]), &env()).unwrap();
            assert_eq!(shown(&chunks), [format!(r#"{announced}\r\na"b\\c\r\n"#)]);
        }
    }

    #[test]
    fn offsets_count_from_the_start_of_the_step() {
        let parts = |segments: Vec<ByteString>| segments.iter().map(ByteString::escaped).collect::<Vec<_>>();
        assert_eq!(parts(cut(b"abcdef", 0, &[2, 4])), ["ab", "cd", "ef"]);
        assert_eq!(parts(cut(b"abcdef", 10, &[2, 12, 99])), ["ab", "cdef"]);
        assert_eq!(parts(cut(b"abcdef", 0, &[0, 6])), ["abcdef"]);
        assert_eq!(parts(bdat_chunks(b"abc", &[1])), [r"BDAT 1\r\na", r"BDAT 2 LAST\r\nbc"]);
        assert_eq!(parts(bdat_chunks(b"", &[])), [r"BDAT 0 LAST\r\n"]);
    }
}
