//! Places in source files.

use std::fmt;
use std::sync::Arc;

/// One YAML file as read: its name as the user wrote it, and its text.
#[derive(Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Path as shown to the user.
    pub name: String,
    /// The whole text.
    pub text: String,
}

impl fmt::Debug for SourceFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SourceFile({})", self.name)
    }
}

/// How many characters of a line are shown; of a longer one only what surrounds the caret.
const SHOWN: usize = 160;
/// How many characters stand before the caret when a line is cut.
const BEFORE: usize = 60;

/// The line of a place as it is shown: at most 160 characters, and the caret under them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// Number of the line, from one on.
    pub line: usize,
    /// The line without its end, or what surrounds the place.
    pub text: String,
    /// How many characters of `text` stand before the place.
    pub indent: usize,
    /// How many characters of `text` are marked: at least one, and never beyond the line.
    pub width: usize,
}

/// A range of octets of a file. A generated value has none.
///
/// Two spans are always equal: a scenario is compared by what it means, not by where it was written.
#[derive(Clone, Default)]
pub struct Span {
    /// The file, or none for a generated value.
    pub file: Option<Arc<SourceFile>>,
    /// First octet.
    pub start: usize,
    /// One past the last octet.
    pub end: usize,
}

impl Span {
    /// A range of `file`.
    pub fn new(file: &Arc<SourceFile>, start: usize, end: usize) -> Self {
        Self { file: Some(Arc::clone(file)), start, end: end.max(start) }
    }

    /// The place of a value that no file holds.
    pub fn generated() -> Self {
        Self::default()
    }

    /// One-based line and column (in characters) of the first octet; none for a generated value.
    pub fn line_column(&self) -> Option<(usize, usize)> {
        let file = self.file.as_ref()?;
        let before = file.text.get(..self.start.min(file.text.len()))?;
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Some((line, column))
    }

    /// The first line of the range, with what to mark in it; none for a generated value.
    pub fn excerpt(&self) -> Option<Excerpt> {
        let (file, (line, column)) = (self.file.as_ref()?, self.line_column()?);
        let text = file.text.split('\n').nth(line - 1).unwrap_or_default().trim_end_matches('\r');
        let length = text.chars().count();
        let from = if length > SHOWN { (column - 1).saturating_sub(BEFORE) } else { 0 };
        let marked = file.text.get(self.start..self.end.min(file.text.len())).unwrap_or_default();
        let left = (length + 1).saturating_sub(column).min((from + SHOWN).saturating_sub(column - 1));
        let width = marked.split(['\n', '\r']).next().unwrap_or_default().chars().count().clamp(1, left.max(1));
        let text = text.chars().skip(from).take(SHOWN).collect();
        Some(Excerpt { line, text, indent: column - 1 - from, width })
    }

    /// `file:line:column`, or `generated`.
    pub fn place(&self) -> String {
        match (&self.file, self.line_column()) {
            (Some(file), Some((line, column))) => format!("{}:{line}:{column}", file.name),
            (None, _) | (_, None) => "generated".to_owned(),
        }
    }
}

impl PartialEq for Span {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Span {}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place())
    }
}
