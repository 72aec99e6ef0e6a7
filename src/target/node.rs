//! YAML as a tree of values with their places, so that every mistake of a file can be told at once.

use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle};

use super::mistake::TargetError;
use crate::base::{SourceFile, Span};

/// Deepest nesting that is read; a target file needs four levels.
const DEPTH_MAX: usize = 16;
/// Most values that are read, so that no file exhausts memory.
const NODES_MAX: usize = 100_000;

/// A value and its place.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) at: Span,
    pub(super) kind: Kind,
}

/// What a value is.
#[derive(Debug)]
pub(super) enum Kind {
    /// Text as written, whatever YAML would make of it.
    Text(String),
    /// A plain nothing: `key:` or `~`.
    Nothing,
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

/// A key of a map.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) at: Span,
    pub(super) text: String,
}

/// Reads one document.
pub(super) fn parse(file: &Arc<SourceFile>) -> Result<Node, TargetError> {
    let mut tree = Tree { file, parser: Parser::new_from_str(&file.text), nodes: 0 };
    loop {
        match tree.next()? {
            Some((Event::StreamStart | Event::Comment(..) | Event::DocumentStart(..), _)) => {}
            Some((Event::StreamEnd, _)) | None => {
                return Err(TargetError::new(
                    Span::new(file, 0, 0),
                    "the file is empty: it needs `target` and `endpoints`",
                ));
            }
            Some((event, at)) => {
                let node = tree.node(event, at, 0)?;
                tree.end()?;
                return Ok(node);
            }
        }
    }
}

struct Tree<'a> {
    file: &'a Arc<SourceFile>,
    parser: Parser<'a, granit_parser::StrInput<'a>>,
    nodes: usize,
}

impl<'a> Tree<'a> {
    fn next(&mut self) -> Result<Option<(Event<'a>, Span)>, TargetError> {
        match self.parser.next_event() {
            None => Ok(None),
            Some(Ok((event, span))) => {
                let range = span.byte_range().unwrap_or_default();
                Ok(Some((event, Span::new(self.file, range.start, range.end))))
            }
            Some(Err(error)) => {
                let text = self.file.text.as_str();
                let at = text.floor_char_boundary(error.marker().byte_offset().unwrap_or_default());
                // One character, which may have several octets; none at the end of the file.
                let length = text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
                Err(TargetError::new(Span::new(self.file, at, at + length), format!("not YAML: {}", error.info())))
            }
        }
    }

    /// The next event that is part of a value.
    fn value_event(&mut self) -> Result<(Event<'a>, Span), TargetError> {
        loop {
            match self.next()? {
                Some((Event::Comment(..), _)) => {}
                Some(event) => return Ok(event),
                None => {
                    let end = self.file.text.len();
                    return Err(TargetError::new(Span::new(self.file, end, end), "the file ends too early"));
                }
            }
        }
    }

    fn node(&mut self, event: Event<'a>, at: Span, depth: usize) -> Result<Node, TargetError> {
        self.nodes += 1;
        if depth > DEPTH_MAX || self.nodes > NODES_MAX {
            return Err(TargetError::new(at, "a target file is not so deep or large"));
        }
        let kind = match event {
            Event::Scalar(_, _, anchor, tag) if anchor != 0 || tag.is_some() => return Err(no_anchors(at)),
            Event::SequenceStart(_, anchor, tag) | Event::MappingStart(_, anchor, tag)
                if anchor != 0 || tag.is_some() =>
            {
                return Err(no_anchors(at));
            }
            Event::Scalar(text, ScalarStyle::Plain, ..) if matches!(&*text, "" | "~" | "null") => Kind::Nothing,
            Event::Scalar(text, ..) => Kind::Text(text.into_owned()),
            Event::SequenceStart(..) => Kind::List(self.list(depth)?),
            Event::MappingStart(..) => Kind::Map(self.map(depth)?),
            Event::Alias(_) | Event::UnresolvedAlias(_) | Event::Anchor(..) => return Err(no_anchors(at)),
            Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(..)
            | Event::DocumentEnd
            | Event::Comment(..)
            | Event::SequenceEnd
            | Event::MappingEnd
            | _ => return Err(TargetError::new(at, "a value is missing here")),
        };
        Ok(Node { at, kind })
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, TargetError> {
        let mut nodes = Vec::new();
        loop {
            match self.value_event()? {
                (Event::SequenceEnd, _) => return Ok(nodes),
                (event, at) => nodes.push(self.node(event, at, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Vec<(Key, Node)>, TargetError> {
        let mut pairs: Vec<(Key, Node)> = Vec::new();
        loop {
            let (event, at) = self.value_event()?;
            if matches!(event, Event::MappingEnd) {
                return Ok(pairs);
            }
            let key = match self.node(event, at, depth + 1)? {
                Node { at, kind: Kind::Text(text) } => Key { at, text },
                Node { at, kind: Kind::Nothing | Kind::List(_) | Kind::Map(_) } => {
                    return Err(TargetError::new(at, "a key is a word"));
                }
            };
            let (event, at) = self.value_event()?;
            let value = self.node(event, at, depth + 1)?;
            pairs.push((key, value));
        }
    }

    fn end(&mut self) -> Result<(), TargetError> {
        while let Some((event, at)) = self.next()? {
            if matches!(event, Event::DocumentStart(..)) {
                return Err(TargetError::new(at, "a target file holds one document"));
            }
        }
        Ok(())
    }
}

fn no_anchors(at: Span) -> TargetError {
    TargetError::new(at, "anchors, aliases and tags are not part of a target file: put the text in single quotes")
}
