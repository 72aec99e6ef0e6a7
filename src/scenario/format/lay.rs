//! Lays the tokens of a file out anew.

use std::ops::Range;

use granit_parser::ScalarStyle;
use thiserror::Error;

use super::same::same;
use super::tokens::{Comment, Node, Scalar, Tokens, tokens};
use crate::scenario::write::{Place, one_line};

/// A list or map in flow style that was broken over lines is joined if it fits.
const WIDTH: usize = 120;
/// Lists of words, which stand in flow style.
const WORDS: [&str; 6] = ["covers", "needs", "allow", "watch", "include", "parameters"];

/// Why a file is left as it is.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unsure {
    /// It cannot be read.
    #[error("it is not YAML: {0}")]
    Yaml(String),
    /// It holds something of YAML that suites do not have.
    #[error("it holds something that suites do not have: an anchor, a tag, a document mark, a nested key")]
    Token,
    /// A text goes over several lines without being a block.
    #[error("a text goes over several lines without being a block `|`")]
    Lines,
    /// A comment stands where a line can have none after it is laid out.
    #[error("a comment stands inside of a list or map in flow style, or between a `-` and its item")]
    Comment,
    /// The new text would not say the same.
    #[error("laid out anew it would not say the same")]
    Differs,
}

/// The file in its layout. What it says stays the same: every key, every value, every comment, in their order.
///
/// # Errors
/// If that cannot be made sure.
pub fn format(source: &str) -> Result<String, Unsure> {
    let unix = source.replace("\r\n", "\n");
    let laid = lay(&unix)?;
    let steady = lay(&laid).is_ok_and(|again| again == laid);
    if steady && same(source, &laid) { Ok(laid) } else { Err(Unsure::Differs) }
}

fn lay(source: &str) -> Result<String, Unsure> {
    let tokens = tokens(source)?;
    let Node::Map { flow: false, entries, at } = &tokens.root else { return Err(Unsure::Token) };
    let mut layout = Layout { source, tokens: &tokens, next: 0, out: String::new(), end: 0, blank: Blank::Drop };
    layout.map(entries, at, 0, First::OnItsOwnLine)?;
    while let Some(comment) = layout.tokens.comments.get(layout.next) {
        layout.alone(comment, 0)?;
    }
    Ok(layout.out)
}

/// Where the first key of a map stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum First {
    OnItsOwnLine,
    BehindADash,
}

/// What becomes of a blank line before the next line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blank {
    /// One stays if there is any.
    Keep,
    /// None stays: at the start of the file or of a map, or behind a block that keeps its own.
    Drop,
    /// One is put there if there is none.
    Force,
}

struct Layout<'a> {
    source: &'a str,
    tokens: &'a Tokens,
    /// The next comment.
    next: usize,
    out: String,
    /// Where the last token ends that was laid out.
    end: usize,
    blank: Blank,
}

impl Layout<'_> {
    fn text(&self, at: &Range<usize>) -> &str {
        self.source.get(at.clone()).unwrap_or_default()
    }

    fn column(&self, at: usize) -> usize {
        at - self.source.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
    }

    /// Begins a line, with the comments that stand before the token at `at`.
    fn line(&mut self, at: usize, indent: usize) -> Result<(), Unsure> {
        while let Some(comment) = self.tokens.comments.get(self.next).filter(|comment| comment.at.start < at) {
            self.alone(comment, indent)?;
        }
        self.margin(at, indent);
        Ok(())
    }

    /// A comment on a line of its own.
    fn alone(&mut self, comment: &Comment, indent: usize) -> Result<(), Unsure> {
        if !comment.alone {
            return Err(Unsure::Comment);
        }
        self.margin(comment.at.start, indent);
        let text = self.text(&comment.at).trim_end().to_owned();
        self.out.push_str(&text);
        self.out.push('\n');
        self.next += 1;
        Ok(())
    }

    /// A blank line if there is to be one, and the blanks before the text.
    fn margin(&mut self, at: usize, indent: usize) {
        let before = self.source.get(..at).unwrap_or_default();
        let mut lines = before.rsplit('\n').skip(1);
        let blank = before.contains('\n') && lines.next().is_some_and(|line| line.trim().is_empty());
        match self.blank {
            Blank::Keep if blank => self.out.push('\n'),
            Blank::Force => self.out.push('\n'),
            Blank::Keep | Blank::Drop => {}
        }
        self.blank = Blank::Keep;
        self.out.push_str(&" ".repeat(indent));
    }

    /// Ends a line whose last token ends at `end`, with the comment that stands behind it.
    fn line_end(&mut self, end: usize) -> Result<(), Unsure> {
        self.end = end;
        if let Some(comment) = self.tokens.comments.get(self.next) {
            let gap = self.source.get(end..comment.at.start).unwrap_or("\n");
            if !gap.contains('\n') {
                if !gap.trim().is_empty() || gap.is_empty() {
                    return Err(Unsure::Comment);
                }
                let text = self.text(&comment.at).trim_end().to_owned();
                self.out.push_str(&gap.replace('\t', " "));
                self.out.push_str(&text);
                self.next += 1;
            }
        }
        self.out.push('\n');
        Ok(())
    }

    /// Comments behind the last line of a list or map that are indented like it.
    fn tail(&mut self, column: usize, indent: usize) -> Result<(), Unsure> {
        let following = self.tokens.starts.partition_point(|start| *start < self.end);
        let limit = self.tokens.starts.get(following).copied().unwrap_or(self.source.len());
        while let Some(comment) = self.tokens.comments.get(self.next) {
            if comment.at.start >= limit || !comment.alone || self.column(comment.at.start) < column {
                break;
            }
            self.alone(comment, indent)?;
        }
        Ok(())
    }

    fn map(
        &mut self,
        entries: &[(Scalar, Node)],
        at: &Range<usize>,
        indent: usize,
        first: First,
    ) -> Result<(), Unsure> {
        for (index, (key, value)) in entries.iter().enumerate() {
            if index == 0 && first == First::BehindADash {
                let between = self.tokens.comments.get(self.next);
                if between.is_some_and(|comment| comment.at.start < key.at.start) {
                    return Err(Unsure::Comment);
                }
            } else {
                self.line(key.at.start, indent)?;
            }
            let name = self.text(&key.at).to_owned();
            self.out.push_str(&name);
            self.out.push(':');
            let behind = self.source.get(key.at.end..).unwrap_or_default();
            let colon = key.at.end + behind.find(':').ok_or(Unsure::Token)? + 1;
            self.end = colon;
            self.value(value, indent, &key.text)?;
        }
        self.tail(self.column(at.start), indent)
    }

    /// What stands behind a key or a dash of this indentation.
    fn value(&mut self, node: &Node, indent: usize, key: &str) -> Result<(), Unsure> {
        match node {
            Node::Scalar(scalar) => self.scalar(scalar, indent),
            Node::List { flow: true, .. } | Node::Map { flow: true, .. } => self.flow(node, indent),
            Node::List { items, .. } if self.is_words(items, indent, key) => {
                let words = self.flow_text(items)?;
                let end = items.last().map_or(self.end, |item| item.at().end);
                self.out.push_str(&format!(" [{words}]"));
                self.line_end(end)
            }
            Node::List { items, at, .. } => self.list(items, at, indent, key),
            Node::Map { entries, at, .. } => {
                self.line_end(self.end)?;
                self.blank = Blank::Drop;
                self.map(entries, at, indent + 2, First::OnItsOwnLine)
            }
        }
    }

    fn list(&mut self, items: &[Node], at: &Range<usize>, indent: usize, key: &str) -> Result<(), Unsure> {
        self.line_end(self.end)?;
        self.blank = Blank::Drop;
        for (index, item) in items.iter().enumerate() {
            if key == "scenarios" && index > 0 {
                self.blank = Blank::Force;
            }
            self.line(item.at().start, indent + 2)?;
            self.out.push('-');
            self.end = item.at().start;
            match item {
                Node::Map { flow: false, entries, at } => {
                    self.out.push(' ');
                    self.map(entries, at, indent + 4, First::BehindADash)?;
                }
                Node::List { flow: false, .. } => return Err(Unsure::Token),
                Node::Scalar(_) | Node::List { .. } | Node::Map { .. } => self.value(item, indent + 2, "")?,
            }
        }
        self.tail(self.column(at.start), indent + 2)
    }

    /// Whether a list in block style is one of words that fit on the line.
    fn is_words(&self, items: &[Node], indent: usize, key: &str) -> bool {
        let word = |item: &Node| match item {
            Node::Scalar(scalar) => {
                matches!(scalar.style, ScalarStyle::Plain | ScalarStyle::SingleQuoted)
                    && !self.text(&scalar.at).contains('\n')
            }
            Node::List { .. } | Node::Map { .. } => false,
        };
        let length: usize = items.iter().map(|item| item.at().len() + 2).sum();
        let last = items.last().map_or(0, |item| item.at().end);
        let commented = self.tokens.comments.get(self.next).is_some_and(|comment| comment.at.start < last);
        WORDS.contains(&key) && items.iter().all(word) && indent + key.len() + length < WIDTH && !commented
    }

    fn scalar(&mut self, scalar: &Scalar, indent: usize) -> Result<(), Unsure> {
        if matches!(scalar.style, ScalarStyle::Literal | ScalarStyle::Folded) {
            return self.block(scalar, indent);
        }
        if scalar.at.is_empty() {
            return self.line_end(self.end);
        }
        let text = self.word(scalar, Place::Block)?;
        self.out.push(' ');
        self.out.push_str(&text);
        self.line_end(scalar.at.end)
    }

    /// A text of one line: quotes that it does not need go, unless a backslash stands in it.
    fn word(&self, scalar: &Scalar, place: Place) -> Result<String, Unsure> {
        let raw = self.text(&scalar.at);
        if raw.contains('\n') {
            return Err(Unsure::Lines);
        }
        let quoted = scalar.style == ScalarStyle::SingleQuoted;
        Ok(if quoted && !scalar.text.contains('\\') { one_line(&scalar.text, place) } else { raw.to_owned() })
    }

    /// A block: its lines move with their key.
    fn block(&mut self, scalar: &Scalar, indent: usize) -> Result<(), Unsure> {
        let rest = self.source.get(self.end..).unwrap_or_default();
        let header = rest.split('\n').next().unwrap_or_default();
        let open = header.find(['|', '>']).ok_or(Unsure::Token)?;
        let mark: String = header.chars().skip(open).take_while(|c| !c.is_whitespace()).collect();
        let digit = mark.chars().find_map(|c| c.to_digit(10));
        let before = self.source.get(..self.end).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        // The key of a map behind a dash stands behind the dash; the block is measured from it.
        let outer = line.len() - line.trim_start_matches([' ', '-']).len();
        let body: Vec<&str> = rest.split('\n').skip(1).collect();
        let text_indent = |line: &&&str| line.len() - line.trim_start_matches(' ').len();
        let first = body.iter().find(|line| !line.trim_matches(' ').is_empty());
        let inner = match digit {
            Some(digit) => outer + digit as usize,
            None => first.as_ref().map_or(outer + 1, text_indent),
        };
        let belongs = |line: &&&str| line.trim_matches(' ').is_empty() || text_indent(line) >= inner.max(1);
        let mut lines: Vec<&str> = body.iter().take_while(belongs).copied().collect();
        let end = self.end + header.len() + lines.iter().map(|line| line.len() + 1).sum::<usize>();
        if !mark.contains('+') {
            while lines.last().is_some_and(|line| line.trim_matches(' ').is_empty()) {
                lines.pop();
            }
        } else if end >= self.source.len() {
            // What follows the file's last line break is no line.
            lines.pop();
        }
        let mark: String = mark.chars().map(|c| if c.is_ascii_digit() { '2' } else { c }).collect();
        self.out.push_str(&format!(" {mark}"));
        self.line_end(self.end + open + mark.len())?;
        let margin = " ".repeat(indent + 2);
        for line in lines {
            let text = line.get(inner..).unwrap_or_default();
            if !text.is_empty() {
                self.out.push_str(&margin);
                self.out.push_str(text);
            }
            self.out.push('\n');
        }
        self.end = scalar.at.end.max(self.end);
        if mark.contains('+') {
            self.blank = Blank::Drop;
        }
        Ok(())
    }

    /// A list or map in flow style.
    fn flow(&mut self, node: &Node, indent: usize) -> Result<(), Unsure> {
        let at = node.at().clone();
        let inside = |comment: &&Comment| at.contains(&comment.at.start);
        if self.tokens.comments.get(self.next).filter(inside).is_some() {
            return Err(Unsure::Comment);
        }
        let written = self.text(&at).to_owned();
        let joined = self.flow_node(node)?;
        let column = self.out.len() - self.out.rfind('\n').map_or(0, |end| end + 1);
        self.out.push(' ');
        if !written.contains('\n') || column + 1 + joined.chars().count() <= WIDTH {
            self.out.push_str(&joined);
        } else {
            let margin = format!("\n{}", " ".repeat(indent + 2));
            self.out.push_str(&written.lines().map(str::trim).collect::<Vec<_>>().join(&margin));
        }
        self.line_end(at.end)
    }

    fn flow_node(&self, node: &Node) -> Result<String, Unsure> {
        match node {
            Node::Scalar(scalar) if scalar.at.is_empty() => Err(Unsure::Token),
            Node::Scalar(scalar) => self.word(scalar, Place::Flow),
            Node::List { items, .. } => self.flow_text(items).map(|words| format!("[{words}]")),
            Node::Map { entries, .. } if entries.is_empty() => Ok("{}".to_owned()),
            Node::Map { entries, .. } => {
                let entry = |(key, value): &(Scalar, Node)| {
                    Ok(format!("{}: {}", self.word(key, Place::Flow)?, self.flow_node(value)?))
                };
                let entries: Result<Vec<String>, Unsure> = entries.iter().map(entry).collect();
                entries.map(|entries| format!("{{ {} }}", entries.join(", ")))
            }
        }
    }

    fn flow_text(&self, items: &[Node]) -> Result<String, Unsure> {
        let items: Result<Vec<String>, Unsure> = items
            .iter()
            .map(|item| match item {
                // A plain word of a block may need quotes here.
                Node::Scalar(scalar) if scalar.style == ScalarStyle::Plain && !scalar.at.is_empty() => {
                    self.word(scalar, Place::Flow).map(|_| one_line(&scalar.text, Place::Flow))
                }
                Node::Scalar(_) | Node::List { .. } | Node::Map { .. } => self.flow_node(item),
            })
            .collect();
        items.map(|items| items.join(", "))
    }
}
