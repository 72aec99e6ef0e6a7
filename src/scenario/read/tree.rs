//! YAML as a tree in which every scalar is text as written, with its place and style.

use super::text::{Text, variables};
use crate::base::{Span, VarRef};

/// A node of the document.
#[derive(Debug, Clone)]
pub(super) enum Node {
    /// A text.
    Scalar(Scalar),
    /// `- a` or `[a]`.
    List(List),
    /// `k: v` or `{ k: v }`.
    Map(Map),
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Without quotes, on one line.
    Plain,
    /// In single quotes, on one line.
    Single,
    /// In double quotes.
    Double,
    /// `|`.
    Block,
    /// `>`.
    Folded,
    /// Nothing at all stands there, or `~` or `null`.
    Missing,
}

/// A text.
#[derive(Debug, Clone)]
pub(super) struct Scalar {
    /// As YAML gives it.
    pub(super) text: Text,
    /// How it is written.
    pub(super) style: Style,
    /// Quotes included.
    pub(super) span: Span,
}

/// A list.
#[derive(Debug, Clone)]
pub(super) struct List {
    /// In order.
    pub(super) items: Vec<Node>,
    /// From the first item to the last.
    pub(super) span: Span,
}

/// A map, in the order written. Keys may stand twice; whoever builds the tree has said so.
#[derive(Debug, Clone)]
pub(super) struct Map {
    /// Keys and values.
    pub(super) entries: Vec<(Scalar, Node)>,
    /// From the first key to the end of the last value.
    pub(super) span: Span,
}

impl Node {
    /// Where it stands.
    pub(super) fn span(&self) -> &Span {
        match self {
            Self::Scalar(scalar) => &scalar.span,
            Self::List(list) => &list.span,
            Self::Map(map) => &map.span,
        }
    }

    /// What it is, for messages.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Scalar(scalar) if scalar.style == Style::Missing => "nothing",
            Self::Scalar(_) => "a text",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }

    /// The same node with every text of a value changed. Keys stay.
    pub(super) fn map_texts(&self, change: &mut dyn FnMut(&Text) -> Text) -> Self {
        match self {
            Self::Scalar(scalar) => Self::Scalar(scalar.with_text(change(&scalar.text))),
            Self::List(list) => Self::List(List {
                items: list.items.iter().map(|item| item.map_texts(change)).collect(),
                span: list.span.clone(),
            }),
            Self::Map(map) => Self::Map(map.map_texts(change)),
        }
    }

    /// Calls `visit` with every text of a value.
    pub(super) fn each_text<'a>(&'a self, visit: &mut dyn FnMut(&'a Text)) {
        match self {
            Self::Scalar(scalar) => visit(&scalar.text),
            Self::List(list) => list.items.iter().for_each(|item| item.each_text(visit)),
            Self::Map(map) => map.entries.iter().for_each(|(_, value)| value.each_text(visit)),
        }
    }
}

impl Scalar {
    fn with_text(&self, text: Text) -> Self {
        Self { text, style: self.style, span: self.span.clone() }
    }

    /// The text.
    pub(super) fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// A block keeps the line break at its end, unless it is written `|-`.
    pub(super) fn is_block(&self) -> bool {
        self.style == Style::Block
    }
}

impl Map {
    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|(name, _)| name.as_str() == key).map(|(_, value)| value)
    }

    /// The place of a key, or of the map's first key.
    pub(super) fn key_span(&self, key: &str) -> Span {
        let named = self.entries.iter().find(|(name, _)| name.as_str() == key);
        named.or_else(|| self.entries.first()).map_or_else(|| self.span.clone(), |(name, _)| name.span.clone())
    }

    /// The place of the first key, where what is missing is reported.
    pub(super) fn head(&self) -> Span {
        self.entries.first().map_or_else(|| self.span.clone(), |(name, _)| name.span.clone())
    }

    /// The same map with every text of a value changed.
    pub(super) fn map_texts(&self, change: &mut dyn FnMut(&Text) -> Text) -> Self {
        let entries = self.entries.iter().map(|(key, value)| (key.clone(), value.map_texts(change))).collect();
        Self { entries, span: self.span.clone() }
    }
}

/// A text that is put in, with its place and what it is.
type PutIn = (String, (Span, String));

/// Puts texts in for the variables that `lookup` knows. The place of use is kept, and where the text comes from.
pub(super) fn substitute(text: &Text, lookup: &dyn Fn(&str) -> Option<PutIn>) -> Text {
    let found = variables(text.as_str());
    let known = |name: &str| {
        lookup(name).or_else(|| {
            // A part of a text that is itself one variable: `${m.size}` with `${letter}` for `m`.
            let (head, tail) = name.split_once('.')?;
            let (value, from) = lookup(head)?;
            let inner = value.strip_prefix("${")?.strip_suffix('}')?;
            let whole = format!("{inner}.{tail}");
            VarRef::new(&whole).map(|part| (part.to_string(), from))
        })
    };
    let mut out = Text::default();
    let mut at = 0;
    for variable in found {
        let Some((value, from)) = known(&variable.name) else { continue };
        if variable.range.start > at {
            out.append(&text.slice(at..variable.range.start));
        }
        out.insert(text.span(variable.range.clone()), &value, from);
        at = variable.range.end;
    }
    if at == 0 {
        return text.clone();
    }
    if at < text.len() {
        out.append(&text.slice(at..text.len()));
    }
    out
}
