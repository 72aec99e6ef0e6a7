//! What is wrong with a suite file, and how it is shown: file, line, column, the line itself, a caret, a message.

use std::fmt::{self, Write as _};

use crate::base::{Excerpt, Span, as_shown};

/// One mistake of a suite's author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Where it is.
    pub span: Span,
    /// What is wrong and what to write instead, as a lower-case fragment.
    pub message: String,
    /// More that helps, if there is more.
    pub help: Option<String>,
    /// Other places that have to do with it, each with what it is.
    pub also: Vec<(Span, String)>,
}

/// All mistakes of a file, sorted by place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostic {
    /// A mistake at `span`.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None, also: Vec::new() }
    }

    /// The same mistake with a hint.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same mistake with another place that has to do with it.
    #[must_use]
    pub fn with_also(mut self, span: Span, label: impl Into<String>) -> Self {
        self.also.push((span, label.into()));
        self
    }

    /// File, line and column, by which mistakes are sorted.
    fn key(&self) -> (String, usize, usize) {
        let file = self.span.file.as_ref().map_or_else(String::new, |file| file.name.clone());
        (file, self.span.start, self.span.end)
    }
}

impl Diagnostics {
    /// Sorts by place and drops what is said twice of one place.
    pub fn new(mut all: Vec<Diagnostic>) -> Self {
        all.sort_by_cached_key(|diagnostic| (diagnostic.key(), diagnostic.message.clone()));
        // Spans always compare equal, so the place is compared by its key.
        all.dedup_by(|left, right| left.message == right.message && left.key() == right.key());
        Self(all)
    }

    /// The mistakes in order.
    pub fn all(&self) -> &[Diagnostic] {
        &self.0
    }

    /// Takes the mistakes out.
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.0
    }
}

impl From<Vec<Diagnostic>> for Diagnostics {
    fn from(all: Vec<Diagnostic>) -> Self {
        Self::new(all)
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{diagnostic}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "error: {}", as_shown(&self.message))?;
        let width = std::iter::once(&self.span)
            .chain(self.also.iter().map(|(span, _)| span))
            .filter_map(Span::line_column)
            .map(|(line, _)| line.to_string().len())
            .max()
            .unwrap_or(1);
        f.write_str(&excerpt(&self.span, "", width))?;
        for (span, label) in &self.also {
            f.write_str(&excerpt(span, label, width))?;
        }
        match &self.help {
            Some(help) => writeln!(f, "{:width$} = help: {}", "", as_shown(help)),
            None => Ok(()),
        }
    }
}

/// The place, the source line and a caret under the range, which ends with its line.
fn excerpt(span: &Span, label: &str, width: usize) -> String {
    let mut out = String::new();
    let arrow = if label.is_empty() { "-->" } else { ":::" };
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{:width$}{arrow} {}", "", as_shown(&span.place()));
    let Some(Excerpt { line, text, indent, width: marked }) = span.excerpt() else { return out };
    let _ = writeln!(out, "{:width$} |", "");
    let _ = writeln!(out, "{line:width$} | {}", as_shown(&text));
    let mark = if label.is_empty() { "^" } else { "-" }.repeat(marked);
    let _ = writeln!(out, "{:width$} | {:indent$}{mark} {}", "", "", as_shown(label));
    // A line without a label ends with its caret.
    format!("{}\n", out.trim_end())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::base::{SourceFile, is_obeyed};

    #[test]
    fn shows_line_caret_and_hint() {
        let file = Arc::new(SourceFile { name: "a.yaml".to_owned(), text: "one\n  two: x\n".to_owned() });
        let diagnostic = Diagnostic::new(Span::new(&file, 6, 9), "unknown key `two`")
            .with_help("keys are one and three")
            .with_also(Span::new(&file, 0, 3), "in this one");
        insta::assert_snapshot!(diagnostic.to_string(), @r"
        error: unknown key `two`
         --> a.yaml:2:3
          |
        2 |   two: x
          |   ^^^
         ::: a.yaml:1:1
          |
        1 | one
          | --- in this one
          = help: keys are one and three
        ");
    }

    #[test]
    fn a_file_cannot_write_into_the_terminal() {
        let file =
            Arc::new(SourceFile { name: "a\u{1b}[2J".to_owned(), text: "x\u{1b}[31m\u{9b}\u{202e}y".to_owned() });
        let shown = Diagnostic::new(Span::new(&file, 0, 1), "odd \u{7}").to_string();
        assert!(shown.chars().all(|c| c == '\n' || !is_obeyed(c)), "{shown:?}");
    }

    #[test]
    fn a_long_line_is_cut_around_the_caret() {
        let text = format!("{}HERE{}", "x".repeat(50_000), "y".repeat(50_000));
        let file = Arc::new(SourceFile { name: "a".to_owned(), text });
        let shown = Diagnostic::new(Span::new(&file, 50_000, 50_004), "m").to_string();
        assert!(shown.len() < 500 && shown.contains("HERE") && shown.contains(" ^^^^\n"), "{shown}");
    }

    #[test]
    fn one_place_and_message_is_said_once() {
        let file = Arc::new(SourceFile { name: "a".to_owned(), text: "abc".to_owned() });
        let at = |start| Diagnostic::new(Span::new(&file, start, start + 1), "m");
        let all = Diagnostics::new(vec![at(2), at(0), at(2)]);
        assert_eq!(all.all().iter().map(|d| d.span.start).collect::<Vec<_>>(), [0, 2]);
    }
}
