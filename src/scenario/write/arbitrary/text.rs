//! Texts: words for people, lines and octets.

use super::making::Making;
use crate::base::{Piece, Template, Type};

/// Pieces of a line that mean nothing to any reader of lines. None of them can become a domain of the Internet.
const LINE: [&str; 15] =
    ["word", " ", "a b", "#", " #", ": ", "'", ",", "[", "-", "ü", "\t", "$5", "<x@a.test>", "100% "];
/// As `LINE`, and what only octets can hold.
const OCTETS: [&str; 18] =
    ["word", " ", "\r\n", "\\", "\"", "'", "\0", "\u{7f}", "ü", "\t", "${", "$", "{x}", ": ", " #", "- ", "[,]", "\n"];
/// Words of people.
const PROSE: [&str; 16] =
    ["why", " ", " ; ", " @", "\"", ": ", " #", "'", "é", ", done", " | ", "${x}", "{", "*", "\\", "-"];
/// Words that stand in a line, not all of them in a dialogue.
const NOTE: [&str; 12] = ["note", "\n", " ", "\n\n", "# ", "- ", "\u{7}", "\t", "null", "\u{2028}", "|", "\u{feff}"];

impl Making<'_> {
    fn joined(&mut self, words: &[&str], most: usize) -> String {
        let count = self.below(most);
        (0..count).map(|_| self.pick(words)).collect()
    }

    /// A remark: one line, not empty, no blanks at its ends.
    pub(super) fn remark(&mut self) -> String {
        let text = self.joined(&PROSE, 6);
        let text = text.trim();
        if text.is_empty() { "because".to_owned() } else { text.to_owned() }
    }

    /// A note: any text.
    pub(super) fn note(&mut self) -> String {
        let words = [NOTE.as_slice(), &PROSE].concat();
        let text = self.joined(&words, 8);
        if text.is_empty() { "a note".to_owned() } else { text }
    }

    /// A variable for a text that is sent.
    pub(super) fn sent_variable(&mut self) -> String {
        let kind = self.pick(&[Type::Octets, Type::Number, Type::Set, Type::Date]);
        match self.variable(kind) {
            Some(name) if self.one_in(2) => name.to_string(),
            _ => self
                .pick(&[
                    "${token}",
                    "${token.a}",
                    "${sender}",
                    "${nobody}",
                    "${foreign}",
                    "${sep}",
                    "${box.a-1}",
                    "${letter.x.size}",
                ])
                .to_owned(),
        }
    }

    /// A part of a command line, without blanks that parsers would take for something.
    pub(super) fn line_text(&mut self) -> String {
        let mut out = String::new();
        for _ in 0..self.below(4) {
            let piece = if self.one_in(3) { self.sent_variable() } else { self.pick(&LINE).to_owned() };
            // `$` before a variable would read as an escaped brace, and what follows a domain must not become part of it.
            out.push_str(&piece);
            out.push_str(self.pick(&["", " "]));
        }
        out.replace("$5${", "$5 ${")
    }

    /// Octets with variables in them.
    pub(super) fn octets(&mut self) -> Template {
        let mut pieces = Vec::new();
        for _ in 0..self.below(6) {
            pieces.push(match self.below(5) {
                0 => {
                    let variable = self.sent_variable();
                    Template::parse_line(&variable).unwrap().pieces()[0].clone()
                }
                1 => Piece::Text(vec![u8::try_from(self.below(256)).unwrap_or_default()].into()),
                _ => Piece::Text(self.pick(&OCTETS).into()),
            });
        }
        harmless(Template::from_pieces(pieces))
    }

    /// The inside of a string in double quotes of a pattern, escaped.
    pub(super) fn string(&mut self) -> String {
        self.octets().to_octets_text().replace('"', "\\\"")
    }
}

/// The template with nothing in it that could be the domain of a stranger.
fn harmless(template: Template) -> Template {
    let octets = |text: &[u8]| -> Vec<u8> {
        text.iter().map(|octet| if matches!(octet, b'@' | b'%' | b'!') { b'=' } else { *octet }).collect()
    };
    let pieces = template.pieces().iter().map(|piece| match piece {
        Piece::Text(text) => Piece::Text(octets(text).into()),
        Piece::Var(name) => Piece::Var(name.clone()),
    });
    Template::from_pieces(pieces.collect())
}
