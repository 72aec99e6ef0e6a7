//! `C`: lines as the client sends them, with IMAP's literals. docs/suite-language.md section 6.

use super::item::quoted_template;
use super::line::{is_quoted, quoted};
use super::mistakes::Mistakes;
use super::text::Text;
use super::tree::Scalar;
use super::uses::{Sent, plain_uses, within};
use crate::base::{Mistake, Template, VarRef};
use crate::scenario::{Command, CommandPart, LiteralContent, LiteralForm, Protocol};

/// Whether a line is a command with a tag, or goes on with one that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tagging {
    /// A command; IMAP adds the tag.
    Command,
    /// A continuation line.
    Continuation,
}

/// IMAP commands, to tell a tag from a command.
const IMAP_COMMANDS: [&str; 47] = [
    "APPEND",
    "AUTHENTICATE",
    "CAPABILITY",
    "CHECK",
    "CLOSE",
    "COMPRESS",
    "COPY",
    "CREATE",
    "DELETE",
    "DELETEACL",
    "ENABLE",
    "ESEARCH",
    "EXAMINE",
    "EXPUNGE",
    "FETCH",
    "GETACL",
    "GETMETADATA",
    "GETQUOTA",
    "GETQUOTAROOT",
    "ID",
    "IDLE",
    "LIST",
    "LISTRIGHTS",
    "LOGIN",
    "LOGOUT",
    "LSUB",
    "MOVE",
    "MYRIGHTS",
    "NAMESPACE",
    "NOOP",
    "NOTIFY",
    "RENAME",
    "REPLACE",
    "SEARCH",
    "SELECT",
    "SETACL",
    "SETMETADATA",
    "SETQUOTA",
    "SORT",
    "STARTTLS",
    "STATUS",
    "STORE",
    "SUBSCRIBE",
    "THREAD",
    "UID",
    "UNSELECT",
    "UNSUBSCRIBE",
];

/// Reads the lines of `C`.
pub(super) fn read(
    scalar: &Scalar,
    protocol: Protocol,
    tagging: Tagging,
    mistakes: &mut Mistakes,
) -> (Vec<Command>, Sent) {
    let text = if scalar.is_block() { scalar.text.without_last_break() } else { scalar.text.clone() };
    let mut commands = Vec::new();
    let mut sent = Sent::default();
    for line in text.lines() {
        check(&line, protocol, tagging, mistakes);
        sent.uses.extend(plain_uses(&line));
        let parts = match protocol {
            Protocol::Smtp | Protocol::Pop3 => {
                Template::parse_line(line.as_str()).map(|template| vec![CommandPart::Text(template)])
            }
            Protocol::Imap => imap_parts(line.as_str()),
        };
        match parts {
            Ok(parts) => commands.push(Command { parts, span: line.place() }),
            Err(mistake) => mistakes.of(&line, mistake),
        }
        sent.lines.push(line);
    }
    (commands, sent)
}

fn check(line: &Text, protocol: Protocol, tagging: Tagging, mistakes: &mut Mistakes) {
    let text = line.as_str();
    let literals = literal_texts(text, protocol);
    let escape = text
        .match_indices("\\r\\n")
        .find(|(at, _)| !is_quoted(&literals, *at))
        .map(|(at, _)| (at, 4))
        .or_else(|| text.ends_with("\\n").then(|| (text.len() - 2, 2)));
    if let Some((at, length)) = escape {
        mistakes.add(
            line.mistake(at..at + length, "`C` knows no escapes and adds CRLF itself; for exact octets use `send`"),
        );
    }
    if protocol != Protocol::Imap || tagging == Tagging::Continuation {
        return;
    }
    let mut words = text.split(' ');
    let (tag, command) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let is_command = |word: &str| IMAP_COMMANDS.contains(&word.to_ascii_uppercase().as_str());
    let like_a_tag = !tag.is_empty()
        && tag.bytes().all(|c| c.is_ascii_alphanumeric() || b".-_".contains(&c))
        && tag.bytes().any(|c| c.is_ascii_digit());
    if (like_a_tag || tag == "${tag}") && !is_command(tag) && is_command(command) {
        let rest = text.get(tag.len() + 1..).unwrap_or_default();
        let message = format!("tags are added by the runner: write `{rest}`; to send your own tag use `send`");
        mistakes.add(line.mistake(0..tag.len(), message));
    }
}

/// The strings of IMAP literals, in which there are escapes: `{"text"}`.
fn literal_texts(text: &str, protocol: Protocol) -> Vec<std::ops::Range<usize>> {
    if protocol != Protocol::Imap {
        return Vec::new();
    }
    let opens = |at: usize| text.get(..at).is_some_and(|before| before.ends_with('{'));
    quoted(text).into_iter().filter(|range| opens(range.start)).collect()
}

/// Text and literals: `{${m}}`, `{"text"}`, `~{…}`, `{…+}`, outside of quoted strings.
fn imap_parts(text: &str) -> Result<Vec<CommandPart>, Mistake> {
    let quoted = quoted(text);
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(open) = text.get(at..).and_then(|rest| rest.find('{')).map(|offset| at + offset) {
        at = open + 1;
        let variable = text.get(..open).is_some_and(|before| before.ends_with('$'));
        if variable || is_quoted(&quoted, open) {
            continue;
        }
        let Some((content, length)) = literal_content(text, open)? else { continue };
        let before = text.get(start..open).unwrap_or_default();
        let literal8 = before.ends_with('~');
        let end = open + length;
        let waits = !text.get(..end).is_some_and(|all| all.ends_with("+}"));
        let form = match (literal8, waits) {
            (false, true) => LiteralForm::Synchronising,
            (false, false) => LiteralForm::NonSynchronising,
            (true, true) => LiteralForm::Literal8,
            (true, false) => LiteralForm::Literal8NonSynchronising,
        };
        push_text(&mut parts, before.strip_suffix('~').filter(|_| literal8).unwrap_or(before), start)?;
        parts.push(CommandPart::Literal { content, form });
        start = end;
        at = end;
    }
    push_text(&mut parts, text.get(start..).unwrap_or_default(), start)?;
    if parts.is_empty() {
        parts.push(CommandPart::Text(Template::default()));
    }
    Ok(parts)
}

fn push_text(parts: &mut Vec<CommandPart>, text: &str, offset: usize) -> Result<(), Mistake> {
    if !text.is_empty() {
        let template = Template::parse_line(text).map_err(|mistake| within(mistake, offset))?;
        parts.push(CommandPart::Text(template));
    }
    Ok(())
}

/// The content of a literal that opens at `open`, and the length of the whole; none for `{5}` and other text.
fn literal_content(text: &str, open: usize) -> Result<Option<(LiteralContent, usize)>, Mistake> {
    let rest = text.get(open..).unwrap_or_default();
    let close = |inside: usize| {
        let tail = rest.get(inside..).unwrap_or_default();
        if tail.starts_with('}') {
            Some(inside + 1)
        } else if tail.starts_with("+}") {
            Some(inside + 2)
        } else {
            None
        }
    };
    if let Some(inside) = rest.strip_prefix("{${") {
        let Some(end) = inside.find('}') else { return Ok(None) };
        let name = inside.get(..end).unwrap_or_default();
        let Some(length) = close(3 + end + 1) else {
            return Err(Mistake::new(
                open..open + 3 + end + 1,
                "a literal is written `{${name}}`, `{\"text\"}`, or with `+` before its `}`",
            ));
        };
        let var = VarRef::new(name).ok_or_else(|| {
            Mistake::new(
                open..open + length,
                format!("`{name}` is not a variable name: lower case, digits and hyphens"),
            )
        })?;
        return Ok(Some((LiteralContent::Var(var), length)));
    }
    if !rest.starts_with("{\"") {
        return Ok(None);
    }
    let Some(string) = quoted(rest).into_iter().next() else { return Ok(None) };
    let Some(length) = close(string.end) else { return Ok(None) };
    let inside = rest.get(string.start + 1..string.end - 1).unwrap_or_default();
    let template = quoted_template(inside).map_err(|mistake| within(mistake, open + string.start + 1))?;
    Ok(Some((LiteralContent::Text(template), length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_known_by_their_content() {
        let table = [
            ("APPEND x {${m}}", "Text,Synchronising"),
            ("APPEND x ~{${m}+} {\"a}b\"+}", "Text,Literal8NonSynchronising,Text,NonSynchronising"),
            ("X {5}", "Text"),
            ("X {5+} \"{${m}}\"", "Text"),
            ("${plain}", "Text"),
            ("{${a}} {${b}}", "Synchronising,Text,Synchronising"),
            ("", "Text"),
        ];
        for (text, wanted) in table {
            let parts = imap_parts(text).unwrap();
            let shown: Vec<String> = parts
                .iter()
                .map(|part| match part {
                    CommandPart::Text(_) => "Text".to_owned(),
                    CommandPart::Literal { form, .. } => format!("{form:?}"),
                })
                .collect();
            assert_eq!(shown.join(","), wanted, "{text}");
        }
        assert!(imap_parts("X {${m}x}").is_err());
    }
}
