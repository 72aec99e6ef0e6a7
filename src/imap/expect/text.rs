//! Words and quoted strings of a pattern, with variables in them.

use std::fmt;
use std::ops::Range;

use crate::base::{Mistake, Piece, Template};

/// Where variables stand. Two are always equal: a pattern is compared by what it says.
#[derive(Debug, Clone, Default)]
pub(super) struct Places(pub(super) Vec<Range<usize>>);

impl PartialEq for Places {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Places {}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Without quotes; a variable alone in it may be bound.
    Bare,
    /// In double quotes, with escapes.
    Quoted,
}

/// A word or a quoted string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) template: Template,
    pub(super) form: Form,
    pub(super) at: Places,
}

impl Text {
    /// Reads a word that stands at `start`.
    pub(super) fn bare(word: &str, start: usize) -> Result<Self, Mistake> {
        let template = Template::parse_line(word).map_err(|mistake| mistake.shifted(start))?;
        Ok(Self { template, form: Form::Bare, at: Places(variables(word, start)) })
    }

    /// Reads what stands between two quotes, from `start` on.
    pub(super) fn quoted(inner: &str, start: usize) -> Result<Self, Mistake> {
        let mut pieces = Vec::new();
        let (mut from, mut at) = (0, 0);
        let octets = inner.as_bytes();
        // An escaped quote is the one escape that octet templates do not know.
        while at < octets.len() {
            match (octets.get(at), octets.get(at + 1)) {
                (Some(b'\\'), Some(b'"')) => {
                    segment(inner, from..at, start, &mut pieces)?;
                    pieces.push(Piece::Text("\"".into()));
                    at += 2;
                    from = at;
                }
                (Some(b'\\'), _) => at += 2,
                (Some(_) | None, _) => at += 1,
            }
        }
        segment(inner, from..octets.len(), start, &mut pieces)?;
        let template = Template::from_pieces(pieces);
        Ok(Self { template, form: Form::Quoted, at: Places(variables(inner, start)) })
    }
}

fn segment(inner: &str, range: Range<usize>, start: usize, pieces: &mut Vec<Piece>) -> Result<(), Mistake> {
    let by = start + range.start;
    let part = Template::parse_octets(inner.get(range).unwrap_or_default()).map_err(|mistake| mistake.shifted(by))?;
    pieces.extend(part.pieces().iter().cloned());
    Ok(())
}

/// The octet range of each `${…}`.
fn variables(text: &str, start: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = text.get(at..).and_then(|rest| rest.find('$')) {
        let dollar = at + next;
        let rest = text.get(dollar..).unwrap_or_default();
        if rest.starts_with("$${") {
            at = dollar + 3;
        } else if let (true, Some(close)) = (rest.starts_with("${"), rest.find('}')) {
            at = dollar + close + 1;
            found.push(start + dollar..start + at);
        } else {
            at = dollar + 1;
        }
    }
    found
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.form == Form::Bare {
            return f.write_str(&self.template.to_line());
        }
        f.write_str("\"")?;
        let pieces = self.template.pieces();
        for (index, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Var(var) => write!(f, "{var}")?,
                Piece::Text(text) => {
                    let mut escaped = text.escaped().replace('"', "\\\"").replace("${", "$${");
                    // A dollar before a variable would read as an escaped brace.
                    if escaped.ends_with('$') && matches!(pieces.get(index + 1), Some(Piece::Var(_))) {
                        escaped.pop();
                        escaped.push_str("\\x24");
                    }
                    f.write_str(&escaped)?;
                }
            }
        }
        f.write_str("\"")
    }
}
