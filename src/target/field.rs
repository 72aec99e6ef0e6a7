//! Fields of a map, taken one by one; what is wrong is collected.

use super::mistake::{TargetError, did_you_mean};
use super::node::{Key, Kind, Node};
use crate::base::{Span, closest};

/// More mistakes than this are not kept: nobody reads them, and to show one, the file is looked through for its line.
const MISTAKES_MAX: usize = 100;

/// Collects mistakes while values are taken.
#[derive(Debug, Default)]
pub(super) struct Reader {
    pub(super) mistakes: Vec<TargetError>,
}

/// Fields of one map that are not yet taken.
#[derive(Debug)]
pub(super) struct Fields {
    at: Span,
    what: String,
    pairs: Vec<(Key, Node)>,
}

impl Fields {
    /// Takes a field out. `key:` without a value is no field.
    pub(super) fn take(&mut self, name: &str) -> Option<Node> {
        let at = self.pairs.iter().position(|(key, _)| key.text == name)?;
        let (_, node) = self.pairs.remove(at);
        (!matches!(node.kind, Kind::Nothing)).then_some(node)
    }
}

impl Reader {
    pub(super) fn mistake(&mut self, at: Span, message: impl Into<String>) {
        if self.mistakes.len() < MISTAKES_MAX {
            self.mistakes.push(TargetError::new(at, message));
        }
    }

    /// The fields of a map; unknown and repeated keys are mistakes.
    pub(super) fn map(&mut self, node: Node, what: &str, known: &[&str]) -> Fields {
        let Node { at, kind } = node;
        let mut pairs: Vec<(Key, Node)> = Vec::new();
        match kind {
            Kind::Map(all) => {
                for (key, value) in all {
                    if !known.contains(&key.text.as_str()) {
                        let meant = closest(&key.text, known.iter().copied());
                        let list =
                            if meant.is_none() { format!("; known are {}", quoted(known)) } else { String::new() };
                        let message = format!("unknown key `{}` in {what}{}{list}", key.text, did_you_mean(meant));
                        self.mistake(key.at, message);
                    } else if pairs.iter().any(|(other, _)| other.text == key.text) {
                        self.mistake(key.at, format!("`{}` stands twice in {what}", key.text));
                    } else {
                        pairs.push((key, value));
                    }
                }
            }
            Kind::Nothing | Kind::Text(_) | Kind::List(_) => {
                self.mistake(at.clone(), format!("{what} is a map of {}", quoted(known)));
            }
        }
        Fields { at, what: what.to_owned(), pairs }
    }

    /// The values of a list; one that is not there is empty.
    pub(super) fn list(&mut self, fields: &mut Fields, name: &str) -> Vec<Node> {
        match fields.take(name) {
            None => Vec::new(),
            Some(Node { kind: Kind::List(nodes), .. }) => nodes,
            Some(node) => {
                self.mistake(node.at, format!("`{name}` is a list: begin each value with `- `"));
                Vec::new()
            }
        }
    }

    pub(super) fn as_text(&mut self, node: Node, what: &str, example: &str) -> Option<(Span, String)> {
        match node.kind {
            Kind::Text(text) => Some((node.at, text)),
            Kind::Nothing | Kind::List(_) | Kind::Map(_) => {
                self.mistake(node.at, format!("{what} is {example}"));
                None
            }
        }
    }

    pub(super) fn placed_text(&mut self, fields: &mut Fields, name: &str) -> Option<(Span, String)> {
        let node = fields.take(name)?;
        self.as_text(node, &format!("`{name}`"), "one text")
    }

    pub(super) fn text(&mut self, fields: &mut Fields, name: &str) -> Option<String> {
        self.placed_text(fields, name).map(|(_, text)| text)
    }

    pub(super) fn required_placed_text(&mut self, fields: &mut Fields, name: &str) -> Option<(Span, String)> {
        match fields.take(name) {
            Some(node) => self.as_text(node, &format!("`{name}`"), "one text"),
            None => {
                self.mistake(fields.at.clone(), format!("`{name}` is missing in {}", fields.what));
                None
            }
        }
    }

    pub(super) fn required_text(&mut self, fields: &mut Fields, name: &str) -> Option<String> {
        self.required_placed_text(fields, name).map(|(_, text)| text)
    }

    /// `yes` or `no`, as YAML 1.1 and 1.2 write them.
    pub(super) fn yes(&mut self, fields: &mut Fields, name: &str) -> Option<bool> {
        let (at, text) = self.placed_text(fields, name)?;
        match text.as_str() {
            "yes" | "true" => Some(true),
            "no" | "false" => Some(false),
            _ => {
                self.mistake(at, format!("`{name}` is `yes` or `no`"));
                None
            }
        }
    }

    /// A number from 1 on.
    pub(super) fn number(&mut self, fields: &mut Fields, name: &str) -> Option<u32> {
        let (at, text) = self.placed_text(fields, name)?;
        let number = text.parse().ok().filter(|number| *number > 0);
        if number.is_none() {
            self.mistake(at, format!("`{name}` is a number from 1 on"));
        }
        number
    }
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
