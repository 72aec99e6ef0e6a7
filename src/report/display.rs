//! How one finding is shown to a person: requirement, place in the suite, what was expected, the octets that came.
//!
//! Nothing of what a server or a file says reaches the terminal unescaped.

use std::fmt::Write as _;

use super::{Colour, FindingRow, Paint};
use crate::base::{ByteString, Span, is_obeyed};
use crate::catalog::{Catalog, Level};
use crate::outcome::FindingKind;

/// Octets of one line that are shown; of a longer line only what surrounds the caret.
const SHOWN_OCTETS: usize = 120;
/// Lines of one answer that are shown; of a longer one only what surrounds the caret.
const SHOWN_LINES: usize = 12;

/// How the command line continues around the id of a scenario that is to be run again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Again {
    /// Between `mailproof run` and the id: words of a shell, each with a blank before it.
    pub before: String,
    /// Behind the id, likewise.
    pub behind: String,
}

/// The finding as a block of text that ends in a line break.
pub fn failure(row: &FindingRow, catalog: &Catalog, again: &Again, paint: Paint) -> String {
    let mut out = String::new();
    let verdict = match (&row.known, &row.lapsed) {
        (Some(_), None) => paint.text(Colour::Yellow, "KNOWN"),
        (None, _) | (Some(_), Some(_)) => paint.text(Colour::Red, "VIOLATES"),
    };
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{verdict} {} ({})", row.requirement, level_word(row.level));
    if let Some(requirement) = catalog.get(&row.requirement) {
        let _ = writeln!(out, "  {}", harmless(&requirement.text));
    }
    let _ = writeln!(out, "  scenario {}", row.scenario);
    out.push_str(&source(&row.evidence.span));
    if !row.evidence.expected.is_empty() {
        let _ = writeln!(out, "  expected: {}", harmless(&row.evidence.expected));
    }
    let what = match row.kind {
        FindingKind::Crash => "last sent",
        FindingKind::Mismatch
        | FindingKind::Check
        | FindingKind::Syntax
        | FindingKind::Invariant
        | FindingKind::Silence
        | FindingKind::Close => "came",
    };
    out.push_str(&octets(what, &row.evidence.actual, row.evidence.caret.as_ref().map(|caret| caret.start)));
    if let Some(remark) = &row.evidence.remark {
        let _ = writeln!(out, "  note: {}", harmless(remark));
    }
    if let Some(reason) = &row.known {
        let _ = writeln!(out, "  known: {}", harmless(reason));
    }
    if let Some(until) = &row.lapsed {
        let _ = writeln!(out, "  known until {}: that day is over", harmless(until));
    }
    let (before, behind) = (harmless(&again.before), harmless(&again.behind));
    let _ = writeln!(out, "  reproduce: mailproof run{before} {}{behind}", row.scenario);
    out
}

/// A level as the RFCs write it.
pub fn level_word(level: Level) -> &'static str {
    match level {
        Level::Must => "MUST",
        Level::MustNot => "MUST NOT",
        Level::Should => "SHOULD",
        Level::ShouldNot => "SHOULD NOT",
        Level::May => "MAY",
    }
}

/// Text without anything that a terminal obeys or that hides or reorders text: controls, bidi and zero-width characters.
pub fn harmless(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        if is_obeyed(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
        out
    })
}

/// The line of the suite with a caret under the part that was not met.
fn source(span: &Span) -> String {
    let (Some(file), Some((line, column))) = (&span.file, span.line_column()) else { return String::new() };
    let text = file.text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let before: String = text.chars().take(column.saturating_sub(1)).collect();
    let marked = file.text.get(span.start..span.end.min(file.text.len())).unwrap_or_default();
    let marked = marked.lines().next().unwrap_or_default();
    let number = line.to_string();
    // A format has widths of at most 65,535, and a line may be longer.
    let (gutter, indent) = (" ".repeat(number.len()), " ".repeat(harmless(&before).chars().count()));
    let carets = "^".repeat(harmless(marked).chars().count().max(1));
    let (place, text) = (harmless(&span.place()), harmless(text));
    format!("  --> {place}\n  {number} | {text}\n  {gutter} | {indent}{carets}\n")
}

/// The lines that came, escaped, with a caret where the difference begins.
fn octets(what: &str, actual: &ByteString, caret: Option<usize>) -> String {
    if actual.is_empty() {
        return format!("  {what}: nothing\n");
    }
    let lines: Vec<&[u8]> = actual.split_inclusive(|octet| *octet == b'\n').collect();
    // Where the caret stands: the line, and the octet in it.
    let mut place = (0, caret.unwrap_or_default().min(actual.len()));
    while let Some(line) = lines.get(place.0).filter(|line| place.1 >= line.len() && place.0 + 1 < lines.len()) {
        place = (place.0 + 1, place.1 - line.len());
    }
    let from = (place.0 + 1).saturating_sub(SHOWN_LINES);
    let indent = what.len() + 4;
    let mut out = String::new();
    for (number, line) in lines.iter().enumerate().skip(from).take(SHOWN_LINES) {
        let at = caret.filter(|_| number == place.0).map(|_| place.1);
        let start = at.unwrap_or_default().saturating_sub(SHOWN_OCTETS / 2);
        let start = if at.is_some_and(|at| at > SHOWN_OCTETS / 2) { start } else { 0 };
        let rest = line.get(start..).unwrap_or_default();
        let shown = ByteString::from(rest.get(..SHOWN_OCTETS.min(rest.len())).unwrap_or_default()).escaped();
        let head = if number == from { format!("  {what}: ") } else { " ".repeat(indent) };
        let _ = writeln!(out, "{head}{shown}");
        if let Some(at) = at {
            let before = ByteString::from(rest.get(..at - start).unwrap_or_default()).escaped().len();
            let _ = writeln!(out, "{:indent$}{:before$}^", "", "");
        }
    }
    if lines.len() > from + SHOWN_LINES {
        let _ = writeln!(out, "{:indent$}and {} lines more", "", lines.len() - from - SHOWN_LINES);
    }
    out
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::base::SourceFile;
    use crate::report::testing::{Case, catalog, report_of};

    #[test]
    fn a_caret_stands_far_to_the_right_in_a_long_line() {
        let far = 70_000;
        let file = Arc::new(SourceFile { name: "s.yaml".to_owned(), text: format!("{}S: 250", "x".repeat(far)) });
        let text = source(&Span::new(&file, far + 3, far + 6));
        assert!(text.ends_with(&format!("| {}^^^\n", " ".repeat(far + 3))), "{}", text.len());
    }

    fn shown() -> String {
        let mut row = report_of(&[Case::Breaks("must")]).scenarios[0].findings[0].clone();
        let text = "suite: s\n        S: 250 ; the reply\n";
        let file = Arc::new(SourceFile { name: "s.yaml".to_owned(), text: text.to_owned() });
        row.evidence.span = Span::new(&file, 20, 23);
        row.evidence.expected = "250".to_owned();
        row.evidence.actual = ByteString::from(&b"220 hello\r\n25\x1b[2J no\r\n"[..]);
        row.evidence.caret = Some(13..14);
        row.evidence.remark = Some("evil \u{202e}\u{9b}".to_owned());
        failure(
            &row,
            &catalog(),
            &Again { before: " --target t.yaml".to_owned(), behind: " --seed 7".to_owned() },
            Paint::Plain,
        )
    }

    #[test]
    fn a_failure_says_what_to_look_at_and_how_to_see_it_again() {
        insta::assert_snapshot!(shown());
    }

    #[test]
    fn a_server_cannot_write_into_the_terminal() {
        assert!(shown().chars().all(|c| c == '\n' || (' '..='~').contains(&c)));
    }

    #[test]
    fn a_long_answer_is_shown_around_its_caret() {
        let text: String = (10..40).map(|number| format!("250-line {number}\r\n")).collect();
        let shown = octets("came", &text.as_str().into(), Some(15 * 20 + 4));
        insta::assert_snapshot!(shown);
        assert!(octets("came", &text.as_str().into(), None).ends_with("and 18 lines more\n"));
    }

    #[test]
    fn a_crash_shows_what_was_sent_last() {
        let mut row = report_of(&[Case::Breaks("must")]).scenarios[0].findings[0].clone();
        row.kind = FindingKind::Crash;
        row.evidence.actual = "BOOM \u{1b}\r\n".into();
        let shown = failure(&row, &catalog(), &Again::default(), Paint::Plain);
        assert!(shown.contains("  last sent: BOOM \\x1b\\r\\n\n"), "{shown}");
    }

    #[test]
    fn any_caret_in_any_octets_is_shown_without_panic() {
        for length in [0_usize, 1, 60, 61, 500] {
            for caret in [0, 1, 59, 61, 499, 500, 9_999] {
                let text = octets("came", &vec![0xff; length].into(), Some(caret));
                assert!(text.len() < 1_000, "{length} {caret}");
            }
        }
    }
}
