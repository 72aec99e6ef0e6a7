//! How one text stands in YAML. docs/suite-language.md section 2: plain, else single quotes, several lines as a block.

use crate::base::is_escaped_in_yaml;

/// Characters that cannot begin a plain text.
const AWKWARD_FIRST: &[char] = &['*', '&', '!', '|', '>', '\'', '"', '%', '@', '{', '}', '[', ']', ',', '#', '`'];

/// Where a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::scenario) enum Place {
    /// After a key or `- `, with the rest of the line to itself.
    Block,
    /// Inside `{ }` or `[ ]`.
    Flow,
}

/// One line: plain where that reads back as the same text, else in single quotes.
pub(in crate::scenario) fn one_line(text: &str, place: Place) -> String {
    if plain(text, place) { text.to_owned() } else { quoted(text) }
}

/// Octets in their escaped form. With an escape they are quoted even where plain would do, so that nobody takes the
/// backslash for one of a line, where there are no escapes. A blank at either end is escaped, for it would not be seen.
pub(super) fn octets(text: &str, place: Place) -> String {
    let inner = text.trim_matches(' ');
    let (before, after) = (text.len() - text.trim_start_matches(' ').len(), text.trim_start_matches(' '));
    let behind = after.len() - inner.len();
    let text = format!("{}{inner}{}", r"\x20".repeat(before), r"\x20".repeat(behind));
    if text.contains('\\') { quoted(&text) } else { one_line(&text, place) }
}

/// A text as the value of a key whose own line is indented by `indent`; several lines become a block.
pub(super) fn any_lines(text: &str, indent: usize) -> String {
    if unprintable(text) {
        return double_quoted(text);
    }
    if !text.contains('\n') {
        return one_line(text, Place::Block);
    }
    let margin = " ".repeat(indent + 2);
    // YAML takes the margin from the first line with content, so a blank at its start must be told apart from it. Lines
    // of nothing but blanks before it would count as margin too.
    let first = text.split('\n').find(|line| !line.trim_matches(' ').is_empty()).unwrap_or(" ");
    let leading = text.split('\n').take_while(|line| line.trim_matches(' ').is_empty());
    let hint = if first.starts_with([' ', '\t']) || leading.clone().any(|line| !line.is_empty()) { "2" } else { "" };
    // The last line break of a block is not part of the text, but clipping would also take the empty lines before it.
    let keep = if text.ends_with('\n') { "+" } else { "" };
    let body = text.split('\n').fold(String::new(), |mut body, line| {
        body.push('\n');
        if !line.is_empty() {
            body.push_str(&margin);
            body.push_str(line);
        }
        body
    });
    format!("|{hint}{keep}{body}")
}

fn plain(text: &str, place: Place) -> bool {
    let refused_in_flow = |c: char| matches!(c, '{' | '}' | '[' | ']' | ',');
    !text.is_empty()
        && text.trim() == text
        && !text.starts_with(AWKWARD_FIRST)
        && !matches!(text.as_bytes(), [b'-' | b'?' | b':'] | [b'-' | b'?' | b':', b' ' | b'\t', ..])
        && !text.contains(": ")
        && !text.contains(":\t")
        && !text.contains(" #")
        && !text.contains("\t#")
        && !text.ends_with(':')
        // YAML's own words for nothing, and the marks between documents.
        && !matches!(text, "~" | "null" | "Null" | "NULL" | "---" | "...")
        && (place == Place::Block || (!text.contains(refused_in_flow) && !text.starts_with(['-', '?', ':'])))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Whether YAML can carry the text in double quotes only. A carriage return elsewhere is a line break.
fn unprintable(text: &str) -> bool {
    text.chars().any(|c| c == '\r' || is_escaped_in_yaml(c))
}

/// Only notes and titles come here: dialogue texts hold no controls.
fn double_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if unprintable(c.encode_utf8(&mut [0; 4])) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_plain_where_they_can_be() {
        for (text, block, flow) in [
            ("250", "250", "250"),
            ("* 2 EXISTS", "'* 2 EXISTS'", "'* 2 EXISTS'"),
            ("${x}", "${x}", "'${x}'"),
            ("- x", "'- x'", "'- x'"),
            ("-ERR", "-ERR", "'-ERR'"),
            ("a: b", "'a: b'", "'a: b'"),
            ("a #b", "'a #b'", "'a #b'"),
            ("a:", "'a:'", "'a:'"),
            ("", "''", "''"),
            (" a", "' a'", "' a'"),
            ("it's", "it's", "it's"),
            ("'tis", "'''tis'", "'''tis'"),
            ("null", "'null'", "'null'"),
            ("a, b", "a, b", "'a, b'"),
        ] {
            assert_eq!((one_line(text, Place::Block).as_str(), one_line(text, Place::Flow).as_str()), (block, flow));
        }
    }

    #[test]
    fn octets_show_blanks_at_their_ends() {
        assert_eq!(octets(r".\x7f ", Place::Block), r"'.\x7f\x20'");
        assert_eq!(octets("  ", Place::Block), r"'\x20\x20'");
        assert_eq!(octets("x y", Place::Block), "x y");
    }

    #[test]
    fn several_lines_are_a_block() {
        assert_eq!(any_lines("a\n\nb", 2), "|\n    a\n\n    b");
        assert_eq!(any_lines(" a\nb", 0), "|2\n   a\n  b");
        assert_eq!(any_lines("a\u{7}\"", 0), "\"a\\u0007\\\"\"");
    }

    #[test]
    fn every_text_reads_back_but_for_the_last_break_of_a_block() {
        for text in [
            "a",
            "a\nb",
            " a\nb",
            "\n a\nb",
            "\na",
            "a\n",
            "a\n\n",
            " \nb",
            "\t\nb",
            "x\n  y \nz",
            "'",
            "\u{7f}a\nb",
            "\n",
            " \n ",
        ] {
            let yaml = format!("k: {}\n", any_lines(text, 0));
            let scalar = granit_parser::Parser::new_from_str(&yaml)
                .filter_map(|event| event.unwrap().0.scalar().map(|(text, _)| text.to_owned()))
                .nth(1)
                .unwrap();
            let read = if yaml.starts_with("k: |") { scalar.strip_suffix('\n').unwrap_or(&scalar) } else { &scalar };
            assert_eq!(read, text, "{yaml:?}");
        }
    }
}
