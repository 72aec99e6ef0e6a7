//! The YAML of a suite file: events into a tree, and what the language forbids of YAML.
//!
//! A file that YAML cannot read because of one awkward value would hide all its other mistakes. So the octets that are
//! in the way are replaced in a copy of the same length, and the copy is read again: places stay what they are.

use std::ops::Range;
use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Tag, options};

use super::mistakes::Mistakes;
use super::repair::{Repair, repair};
use super::text::Text;
use super::tree::{List, Map, Node, Scalar, Style};
use crate::base::{SourceFile, Span, is_escaped_in_yaml};
use crate::scenario::Diagnostic;

/// docs/suite-language.md section 14: 1 MiB a file.
pub(super) const FILE_MAX_OCTETS: usize = 1 << 20;
/// Deeper than any suite has to be.
const NESTING_MAX: usize = 32;
/// After so many repairs the rest of the file is not read.
const REPAIRS_MAX: usize = 64;

const BYTE_ORDER_MARK: char = '\u{feff}';

const NOT_PART: &str = "anchors, aliases, merge keys and several documents are not part of the language";
const TAG: &str = "a value that begins with `!` must stand in a block `|` (YAML reads a tag)";

/// Reads the file's one document. None when YAML itself cannot be read; mistakes say why.
pub(super) fn parse(file: &Arc<SourceFile>, mistakes: &mut Mistakes) -> Option<Node> {
    if file.text.len() > FILE_MAX_OCTETS {
        mistakes.say(&Span::new(file, 0, 0), "a suite file has at most 1 MiB");
        return None;
    }
    let mut source = seen(file, mistakes);
    for _ in 0..REPAIRS_MAX {
        let error = match Builder::read(file, &source) {
            Ok(built) => return built.finish(file, mistakes),
            Err(error) => error,
        };
        match repair(&source, &error) {
            Some(found) => apply(file, &mut source, found, mistakes),
            None => {
                let at = source.floor_char_boundary(error.marker().byte_offset().unwrap_or_default());
                // One character, which may have several octets.
                let length = source.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
                let span = Span::new(file, at, at + length);
                mistakes.first(Diagnostic::new(span, format!("this is not YAML: {}", error.info())));
                return None;
            }
        }
    }
    None
}

/// The text with other characters, of as many octets, for what nobody would see in it. Each of these is a mistake: YAML
/// refuses some, and takes some for a line break. A byte order mark may stand in front of everything.
fn seen(file: &Arc<SourceFile>, mistakes: &mut Mistakes) -> String {
    let mut source = String::with_capacity(file.text.len());
    for (at, c) in file.text.char_indices() {
        if !is_escaped_in_yaml(c) || (at == 0 && c == BYTE_ORDER_MARK) {
            source.push(c);
            continue;
        }
        let written: String = c.encode_utf8(&mut [0; 4]).bytes().map(|octet| format!("\\x{octet:02X}")).collect();
        let message = format!("U+{:04X} cannot be seen here: as octets it is written `{written}`", u32::from(c));
        mistakes.first(Diagnostic::new(Span::new(file, at, at + c.len_utf8()), message));
        source.push(match c.len_utf8() {
            1 => '_',
            2 => '\u{bf}',
            _ => char::REPLACEMENT_CHARACTER,
        });
    }
    source
}

/// Replaces octets by others of the same number, and says why once a value.
fn apply(file: &Arc<SourceFile>, source: &mut String, found: Repair, mistakes: &mut Mistakes) {
    let span = Span::new(file, found.at.start, found.at.end);
    if !mistakes.is_repaired(&span) {
        mistakes.first(Diagnostic::new(span, found.message));
    }
    mistakes.repaired(&file.name, found.value);
    for (at, octet) in found.replace {
        source.replace_range(at..at + 1, octet);
    }
}

/// An open list or map.
#[derive(Debug)]
enum Open {
    List { items: Vec<Node>, start: usize },
    Map { entries: Vec<(Scalar, Node)>, key: Option<Scalar>, start: usize },
}

/// A tree that grows event by event.
struct Builder<'a> {
    file: &'a Arc<SourceFile>,
    source: &'a str,
    open: Vec<Open>,
    root: Option<Node>,
    documents: usize,
    notes: Vec<(Range<usize>, String)>,
    /// Nodes deeper than allowed, which are counted and not kept.
    too_deep: usize,
}

impl<'a> Builder<'a> {
    fn read(file: &'a Arc<SourceFile>, source: &'a str) -> Result<Self, ScanError> {
        let options = options! { emit_anchor_events: true, emit_unresolved_aliases: true, emit_comments: false };
        let mut builder =
            Self { file, source, open: Vec::new(), root: None, documents: 0, notes: Vec::new(), too_deep: 0 };
        for next in Parser::new_from_str_with_options(source, options) {
            let (event, span) = next?;
            builder.take(&event, &span.byte_range().unwrap_or(0..0));
        }
        Ok(builder)
    }

    fn take(&mut self, event: &Event<'_>, at: &Range<usize>) {
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.note(at, NOT_PART);
                }
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.note(at, NOT_PART);
                let text = Text::whole(self.span(at), self.source.get(at.clone()).unwrap_or_default());
                self.put(Node::Scalar(Scalar { text, style: Style::Plain, span: self.span(at) }));
            }
            Event::Anchor(..) => self.note(at, NOT_PART),
            Event::Scalar(text, style, _, tag) => {
                self.tag(tag.as_deref(), at);
                let scalar = self.scalar(text, *style, at);
                self.put(Node::Scalar(scalar));
            }
            Event::SequenceStart(_, _, tag) => {
                self.tag(tag.as_deref(), at);
                self.begin(Open::List { items: Vec::new(), start: at.start }, at);
            }
            Event::MappingStart(_, _, tag) => {
                self.tag(tag.as_deref(), at);
                self.begin(Open::Map { entries: Vec::new(), key: None, start: at.start }, at);
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(at.end),
            // Events without content, and those that a later version may add.
            Event::StreamStart | Event::StreamEnd | Event::DocumentEnd | Event::Comment(..) | _ => {}
        }
    }

    fn begin(&mut self, open: Open, at: &Range<usize>) {
        if self.too_deep > 0 || self.open.len() >= NESTING_MAX {
            if self.too_deep == 0 {
                self.note(at, "nested too deep");
            }
            self.too_deep += 1;
        } else {
            self.open.push(open);
        }
    }

    fn end(&mut self, end: usize) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            if self.too_deep == 0 {
                let span = self.span(&(end..end));
                self.put(Node::Scalar(Scalar { text: Text::whole(span.clone(), ""), style: Style::Missing, span }));
            }
            return;
        }
        let node = match self.open.pop() {
            Some(Open::List { items, start }) => {
                let end = items.last().map_or(end, |item| item.span().end);
                Node::List(List { items, span: self.span(&(start..end)) })
            }
            Some(Open::Map { entries, start, .. }) => {
                let end = entries.last().map_or(end, |(_, value)| value.span().end);
                Node::Map(Map { entries, span: self.span(&(start..end)) })
            }
            None => return,
        };
        self.put(node);
    }

    fn put(&mut self, node: Node) {
        if self.too_deep > 0 {
            return;
        }
        match self.open.last_mut() {
            None if self.documents > 1 => {}
            None => self.root = Some(node),
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Map { entries, key, .. }) => match (key.take(), node) {
                (Some(key), value) => entries.push((key, value)),
                (None, Node::Scalar(scalar)) => *key = Some(scalar),
                (None, node @ (Node::List(_) | Node::Map(_))) => {
                    let span = node.span().clone();
                    *key =
                        Some(Scalar { text: Text::whole(span.clone(), "?"), style: Style::Plain, span: span.clone() });
                    let range = span.start..span.end;
                    self.note(&range, "a key is one word");
                }
            },
        }
        self.check_key();
    }

    /// Looks at the key that was just read, if it was one.
    fn check_key(&mut self) {
        let Some(Open::Map { entries, key: Some(key), .. }) = self.open.last() else { return };
        let at = key.span.start..key.span.end;
        if key.as_str() == "<<" {
            self.note(&at, NOT_PART);
        } else if entries.iter().any(|(name, _)| name.as_str() == key.as_str()) {
            let message = format!("the key `{}` stands twice", key.as_str());
            self.note(&at, &message);
        }
    }

    fn tag(&mut self, tag: Option<&Tag>, at: &Range<usize>) {
        if tag.is_some() {
            // The event's range begins behind the tag, which stands on the same line.
            let line = self.source.get(..at.start).unwrap_or_default().rfind('\n').map_or(0, |end| end + 1);
            let before = self.source.get(line..at.start).unwrap_or_default();
            let first = before.starts_with('!').then_some(0);
            let start =
                first.or_else(|| before.find(" !").map(|blank| blank + 1)).map_or(at.start, |offset| line + offset);
            self.note(&(start..self.source.ceil_char_boundary(at.start.max(start + 1))), TAG);
        }
    }

    fn note(&mut self, at: &Range<usize>, message: &str) {
        self.notes.push((at.clone(), message.to_owned()));
    }

    fn span(&self, at: &Range<usize>) -> Span {
        Span::new(self.file, at.start, at.end)
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, at: &Range<usize>) -> Scalar {
        let raw = self.source.get(at.clone()).unwrap_or_default();
        let span = self.span(at);
        let several = raw.contains('\n');
        let (style, text) = match style {
            ScalarStyle::Plain if raw.is_empty() || matches!(raw, "~" | "null" | "Null" | "NULL") => {
                (Style::Missing, Text::whole(span.clone(), ""))
            }
            ScalarStyle::Plain => {
                if several {
                    self.note(at, "a plain value stays on one line: use a block `|`");
                }
                let exact = raw == text;
                let text = if exact { Text::exact(self.file, at.start, text) } else { Text::whole(span.clone(), text) };
                (Style::Plain, text)
            }
            ScalarStyle::SingleQuoted => {
                if several {
                    self.note(at, "a value in single quotes stays on one line: use a block `|`");
                }
                (Style::Single, self.single(raw, at.start).unwrap_or_else(|| Text::whole(span.clone(), text)))
            }
            ScalarStyle::DoubleQuoted => (Style::Double, Text::whole(span.clone(), text)),
            ScalarStyle::Literal => (Style::Block, self.block(text, raw, at.start)),
            ScalarStyle::Folded => (Style::Folded, Text::whole(span.clone(), text)),
        };
        Scalar { text, style, span }
    }

    /// Single quotes: all is as written but `''`, which is one quote.
    fn single(&self, raw: &str, start: usize) -> Option<Text> {
        let inside = raw.strip_prefix('\'')?.strip_suffix('\'')?;
        if inside.contains('\n') {
            return None;
        }
        let mut text = Text::default();
        let mut at = 0;
        for piece in inside.split("''") {
            if at > 0 {
                let quote = start + 1 + at - 2;
                text.append(&Text::whole(Span::new(self.file, quote, quote + 2), "'"));
            }
            text.append(&Text::exact(self.file, start + 1 + at, piece));
            at += piece.len() + 2;
        }
        Some(text)
    }

    /// A block: line k of the text is line k of the source, behind the indentation.
    fn block(&self, text: &str, raw: &str, start: usize) -> Text {
        let mut out = Text::default();
        // Empty lines before the first text are part of the text, but the range begins behind them.
        let leading = text.len() - text.trim_start_matches('\n').len();
        if leading > 0 {
            let line = start.saturating_sub(1);
            out.append(&Text::whole(Span::new(self.file, line, line), &"\n".repeat(leading)));
        }
        let mut at = start;
        let mut source = raw.split('\n');
        for line in text.get(leading..).unwrap_or_default().split_inclusive('\n') {
            let written = source.next().unwrap_or_default();
            let content = line.trim_end_matches('\n');
            let bare = written.trim_end_matches('\r');
            let indent = bare.len().saturating_sub(content.len());
            if bare.get(indent..) == Some(content) {
                out.append(&Text::exact(self.file, at + indent, content));
            } else {
                out.append(&Text::whole(Span::new(self.file, at, at + bare.len()), content));
            }
            at += written.len() + 1;
            if line.ends_with('\n') {
                let end = (at - 1).min(self.source.len());
                out.append(&Text::whole(Span::new(self.file, end, end), "\n"));
            }
        }
        out
    }

    fn finish(self, file: &Arc<SourceFile>, mistakes: &mut Mistakes) -> Option<Node> {
        for (at, message) in self.notes {
            let span = Span::new(file, at.start, at.end);
            if mistakes.is_repaired(&span) {
                continue;
            }
            let line_end =
                file.text.get(at.start..).and_then(|rest| rest.find('\n')).map_or(at.end, |end| at.start + end);
            mistakes.first(Diagnostic::new(span, message.clone()));
            if message == NOT_PART || message == TAG {
                mistakes.repaired(&file.name, at.start..line_end.max(at.start + 1));
            }
        }
        if self.root.is_none() {
            mistakes.first(Diagnostic::new(Span::new(file, 0, 0), "this file is empty"));
        }
        self.root
    }
}
