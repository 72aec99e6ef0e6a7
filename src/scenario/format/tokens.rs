//! A suite file as a tree of tokens with their places, and its comments.

use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle};

use super::Unsure;

/// A comment, from its `#` to the end of its line.
#[derive(Debug, Clone)]
pub(super) struct Comment {
    pub(super) at: Range<usize>,
    /// Nothing but blanks stands before it on its line.
    pub(super) alone: bool,
}

/// A text.
#[derive(Debug, Clone)]
pub(super) struct Scalar {
    pub(super) text: String,
    pub(super) style: ScalarStyle,
    pub(super) at: Range<usize>,
}

/// A node; `at` of a list or map in flow style includes its brackets.
#[derive(Debug, Clone)]
pub(super) enum Node {
    Scalar(Scalar),
    List { flow: bool, items: Vec<Self>, at: Range<usize> },
    Map { flow: bool, entries: Vec<(Scalar, Self)>, at: Range<usize> },
}

impl Node {
    pub(super) fn at(&self) -> &Range<usize> {
        match self {
            Self::Scalar(scalar) => &scalar.at,
            Self::List { at, .. } | Self::Map { at, .. } => at,
        }
    }
}

/// A file taken apart.
#[derive(Debug)]
pub(super) struct Tokens {
    pub(super) root: Node,
    /// In the order of the file.
    pub(super) comments: Vec<Comment>,
    /// Where keys and values begin, in the order of the file.
    pub(super) starts: Vec<usize>,
}

/// An open list or map.
struct Open {
    flow: bool,
    start: usize,
    nodes: Vec<Node>,
}

/// Takes the one document of a file apart.
pub(super) fn tokens(source: &str) -> Result<Tokens, Unsure> {
    let (mut open, mut comments, mut starts): (Vec<Open>, Vec<Comment>, Vec<usize>) = Default::default();
    let mut root = None;
    for next in Parser::new_from_str(source) {
        let (event, span) = next.map_err(|error| Unsure::Yaml(error.to_string()))?;
        let at = span.byte_range().ok_or(Unsure::Token)?;
        let node = match event {
            Event::Comment(..) => {
                let line = source.get(..at.start).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
                comments.push(Comment { at, alone: line.trim().is_empty() });
                continue;
            }
            Event::Scalar(text, style, 0, None) => {
                starts.push(at.start);
                Node::Scalar(Scalar { text: text.into_owned(), style, at })
            }
            Event::SequenceStart(style, 0, None) | Event::MappingStart(style, 0, None) => {
                open.push(Open { flow: style == StructureStyle::Flow, start: at.start, nodes: Vec::new() });
                continue;
            }
            Event::SequenceEnd => {
                let Open { flow, start, nodes } = open.pop().ok_or(Unsure::Token)?;
                Node::List { flow, items: nodes, at: start..at.end }
            }
            Event::MappingEnd => {
                let Open { flow, start, nodes } = open.pop().ok_or(Unsure::Token)?;
                Node::Map { flow, entries: pairs(nodes)?, at: start..at.end }
            }
            Event::StreamStart | Event::StreamEnd | Event::DocumentStart(false, None) | Event::DocumentEnd => continue,
            // Anchors, aliases, tags, directives and marks of documents, and what a later version may add.
            Event::DocumentStart(..)
            | Event::Alias(_)
            | Event::Anchor(..)
            | Event::UnresolvedAlias(_)
            | Event::Scalar(..)
            | Event::SequenceStart(..)
            | Event::MappingStart(..)
            | _ => return Err(Unsure::Token),
        };
        match (open.last_mut(), &root) {
            (Some(open), _) => open.nodes.push(node),
            (None, None) => root = Some(node),
            (None, Some(_)) => return Err(Unsure::Token),
        }
    }
    starts.sort_unstable();
    Ok(Tokens { root: root.ok_or(Unsure::Token)?, comments, starts })
}

fn pairs(nodes: Vec<Node>) -> Result<Vec<(Scalar, Node)>, Unsure> {
    let mut entries = Vec::new();
    let mut nodes = nodes.into_iter();
    while let Some(key) = nodes.next() {
        match (key, nodes.next()) {
            (Node::Scalar(key), Some(value)) => entries.push((key, value)),
            (Node::Scalar(_) | Node::List { .. } | Node::Map { .. }, _) => return Err(Unsure::Token),
        }
    }
    Ok(entries)
}
