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
