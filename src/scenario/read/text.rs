//! A text of a suite that knows where each part of it was written.

use std::ops::Range;
use std::sync::Arc;

use crate::base::{SourceFile, Span};
use crate::scenario::Diagnostic;

/// Text as YAML gives it, after rows and parameters were put in. Every octet has a place in a file.
#[derive(Debug, Clone, Default)]
pub(super) struct Text {
    text: String,
    /// Sorted by `at`; the first is at 0 unless the text is empty and without a place.
    parts: Vec<Part>,
}

/// A stretch of the text.
#[derive(Debug, Clone)]
struct Part {
    /// First octet in the text.
    at: usize,
    /// Where it was written.
    span: Span,
    /// Whether octets of the text and of the file correspond.
    form: Form,
    /// Where a text that was put in comes from, and what that is.
    from: Option<Arc<(Span, String)>>,
}

/// How a part relates to its span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Octet for octet.
    Exact,
    /// As a whole: a substitution, a line break.
    Whole,
}

impl Text {
    /// Text that stands in the file as it is, from `start` on.
    pub(super) fn exact(file: &Arc<SourceFile>, start: usize, text: &str) -> Self {
        let mut all = Self::default();
        all.push(text, Span::new(file, start, start + text.len()), Form::Exact, None);
        all
    }

    /// Text for which the file has other octets.
    pub(super) fn whole(span: Span, text: &str) -> Self {
        let mut all = Self::default();
        all.push(text, span, Form::Whole, None);
        all
    }

    /// The text.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Its length in octets.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// Adds another text at the end.
    pub(super) fn append(&mut self, other: &Self) {
        let by = self.text.len();
        self.text.push_str(&other.text);
        self.parts.extend(other.parts.iter().map(|part| Part { at: part.at + by, ..part.clone() }));
    }

    /// Adds the text of a cell or parameter in the place of `${…}`, and says where it comes from.
    pub(super) fn insert(&mut self, place: Span, inserted: &str, from: (Span, String)) {
        self.push(inserted, place, Form::Whole, Some(Arc::new(from)));
    }

    fn push(&mut self, text: &str, span: Span, form: Form, from: Option<Arc<(Span, String)>>) {
        self.parts.push(Part { at: self.text.len(), span, form, from });
        self.text.push_str(text);
    }

    /// A part of the text.
    pub(super) fn slice(&self, range: Range<usize>) -> Self {
        let end = range.end.min(self.text.len());
        let start = range.start.min(end);
        let mut out = Self { text: self.text.get(start..end).unwrap_or_default().to_owned(), parts: Vec::new() };
        // The parts before end before the range; a text has as many as it has lines, and is cut into as many slices.
        let first = self.parts.partition_point(|part| part.at < start).saturating_sub(1);
        for (index, part) in self.parts.iter().enumerate().skip(first).take_while(|(_, part)| part.at <= end) {
            let next = self.parts.get(index + 1).map_or(self.text.len(), |next| next.at);
            // The part in which an empty slice begins is kept, so that it has a place too.
            if next < start || (next == start && end > start) || (part.at == end && end > start) {
                continue;
            }
            let skipped = start.saturating_sub(part.at);
            let mut span = part.span.clone();
            if part.form == Form::Exact {
                span.end = span.start + (end.min(next) - part.at);
                span.start += skipped;
            }
            out.parts.push(Part { at: part.at.saturating_sub(start), span, form: part.form, from: part.from.clone() });
        }
        out
    }

    /// The lines of the text, without their ends.
    pub(super) fn lines(&self) -> Vec<Self> {
        let mut lines = Vec::new();
        let mut start = 0;
        for line in self.text.split('\n') {
            lines.push(self.slice(start..start + line.len()));
            start += line.len() + 1;
        }
        lines
    }

    /// The text without its last line break.
    pub(super) fn without_last_break(&self) -> Self {
        let length = self.text.strip_suffix('\n').map_or(self.text.len(), str::len);
        self.slice(0..length)
    }

    /// The text without blanks at its ends.
    pub(super) fn trim(&self) -> Self {
        let start = self.text.len() - self.text.trim_start_matches(' ').len();
        let end = self.text.trim_end_matches(' ').len();
        self.slice(start..end.max(start))
    }

    /// The place of a range of the text.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        let Some(first) = self.part_at(range.start) else { return Span::generated() };
        let mut span = first.span.clone();
        if first.form == Form::Exact {
            span.start = (first.span.start + (range.start - first.at)).min(first.span.end);
        }
        let last = self.part_at(range.end.max(range.start + 1) - 1).unwrap_or(first);
        let same_file = last.span.file.as_ref().map(|file| &file.name) == span.file.as_ref().map(|file| &file.name);
        if same_file {
            let end = match last.form {
                Form::Exact => last.span.start + range.end.saturating_sub(last.at),
                Form::Whole => last.span.end,
            };
            span.end = end.max(span.start);
        }
        span
    }

    /// The place of the whole text.
    pub(super) fn place(&self) -> Span {
        self.span(0..self.text.len())
    }

    /// A mistake in a range of the text; if that was put in, the diagnostic shows from where.
    pub(super) fn mistake(&self, range: Range<usize>, message: impl Into<String>) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(self.span(range.clone()), message);
        for (index, part) in self.parts.iter().enumerate() {
            let next = self.parts.get(index + 1).map_or(self.text.len(), |next| next.at);
            let touched = part.at < range.end.max(range.start + 1) && next > range.start;
            if let (true, Some(from)) = (touched, &part.from) {
                diagnostic.also.push((from.0.clone(), from.1.clone()));
            }
        }
        diagnostic
    }

    /// Whether an octet was put in from a cell or parameter.
    pub(super) fn is_inserted(&self, at: usize) -> bool {
        self.part_at(at).is_some_and(|part| part.from.is_some())
    }

    fn part_at(&self, at: usize) -> Option<&Part> {
        let after = self.parts.partition_point(|part| part.at <= at);
        self.parts.get(after.saturating_sub(1))
    }
}

/// A `${…}` found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// From `$` to `}`.
    pub(super) range: Range<usize>,
    /// What stands between the braces.
    pub(super) name: String,
}

/// All `${…}` of a text, a literal `$${` left out.
pub(super) fn variables(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(dollar) = text.get(at..).and_then(|rest| rest.find('$')).map(|offset| at + offset) {
        let rest = text.get(dollar..).unwrap_or_default();
        if rest.starts_with("$${") {
            at = dollar + 3;
        } else if let Some(close) = rest.strip_prefix("${").and_then(|inside| inside.find('}')) {
            let name = rest.get(2..close + 2).unwrap_or_default().to_owned();
            at = dollar + close + 3;
            found.push(Found { range: dollar..at, name });
        } else {
            at = dollar + 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> Arc<SourceFile> {
        Arc::new(SourceFile { name: "a.yaml".to_owned(), text: text.to_owned() })
    }

    #[test]
    fn slices_keep_their_places() {
        let file = file("S: one two\n   three\n");
        let mut text = Text::exact(&file, 3, "one two\n");
        text.append(&Text::exact(&file, 14, "three"));
        let lines = text.lines();
        assert_eq!(lines.iter().map(Text::as_str).collect::<Vec<_>>(), ["one two", "three"]);
        let span = lines[1].span(1..3);
        assert_eq!((span.start, span.end), (15, 17));
        let span = lines[0].slice(4..7).span(0..3);
        assert_eq!((span.start, span.end), (7, 10));
        let end = lines[1].slice(5..5).place();
        assert_eq!((end.start, end.end), (19, 19));
    }

    #[test]
    fn what_was_put_in_is_shown_with_its_origin() {
        let file = file("C: a ${x} b\nx: cell\n");
        let mut text = Text::exact(&file, 3, "a ");
        text.insert(Span::new(&file, 5, 9), "cell", (Span::new(&file, 15, 19), "from here".to_owned()));
        text.append(&Text::exact(&file, 9, " b"));
        assert_eq!(text.as_str(), "a cell b");
        let diagnostic = text.mistake(3..5, "m");
        assert_eq!((diagnostic.span.start, diagnostic.span.end, diagnostic.also.len()), (5, 9, 1));
        assert!(text.mistake(7..8, "m").also.is_empty());
        assert_eq!(text.span(7..8).start, 10);
        assert!(text.is_inserted(2) && !text.is_inserted(6));
    }

    #[test]
    fn literal_braces_are_no_variable() {
        let names: Vec<String> = variables("$${a} ${b}$ ${c.d} ${").into_iter().map(|found| found.name).collect();
        assert_eq!(names, ["b", "c.d"]);
    }
}
