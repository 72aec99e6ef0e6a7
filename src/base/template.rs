//! Texts with `${name}` in them.

use std::fmt;
use std::ops::Range;

use super::{Bindings, ByteString, Mistake, Unbound};

/// Parts of a value of octets. docs/suite-language.md section 4.
const PARTS: [&str; 4] = ["size", "lines", "header", "text"];

/// A reference to a variable as written between `${` and `}`: `token.inner`, `alice.user`, `box@bob`, `body.size`,
/// `letter.a.lines`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VarRef(String);

/// One piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Octets as they are sent or compared.
    Text(ByteString),
    /// A variable's value, put in as it is and not read again.
    Var(VarRef),
}

/// Octets with variables in them. Neighbouring texts are always joined, so equal templates compare equal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Template {
    pieces: Vec<Piece>,
}

impl VarRef {
    /// Checks a name: lower case, digits, hyphens; then parts after `.` and at most one `@`.
    pub fn new(text: &str) -> Option<Self> {
        let (path, account) = match text.split_once('@') {
            Some((path, account)) => (path, Some(account)),
            None => (text, None),
        };
        let valid = |part: &str| {
            !part.is_empty() && part.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-')
        };
        let parts = path.split('.').count();
        let fits = parts <= 2 || (parts == 3 && account.is_none() && PARTS.iter().any(|part| path.ends_with(part)));
        let ok = path.split('.').all(valid) && account.is_none_or(valid) && fits;
        ok.then(|| Self(text.to_owned()))
    }

    /// The whole reference.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the first `.` or `@`.
    pub fn head(&self) -> &str {
        self.0.split(['.', '@']).next().unwrap_or_default()
    }

    /// What stands after the first `.`, if any.
    pub fn tail(&self) -> Option<&str> {
        self.0.split_once('.').map(|(_, tail)| tail)
    }

    /// The value and the name of its part: `letter.a` and `size` for `letter.a.size`.
    pub fn part(&self) -> Option<(Self, &str)> {
        let (whole, part) = self.0.rsplit_once('.').filter(|(_, part)| PARTS.contains(part))?;
        Some((Self(whole.to_owned()), part))
    }
}

impl fmt::Display for VarRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "${{{}}}", self.0)
    }
}

impl Template {
    /// A template without variables.
    pub fn text(octets: impl Into<ByteString>) -> Self {
        Self::from_pieces(vec![Piece::Text(octets.into())])
    }

    /// A template that is one variable.
    pub fn var(name: VarRef) -> Self {
        Self { pieces: vec![Piece::Var(name)] }
    }

    /// Joins neighbouring texts and drops empty ones.
    pub fn from_pieces(pieces: Vec<Piece>) -> Self {
        let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
        for piece in pieces {
            match (joined.last_mut(), piece) {
                (_, Piece::Text(text)) if text.is_empty() => {}
                (Some(Piece::Text(before)), Piece::Text(text)) => {
                    let mut octets = before.as_bytes().to_vec();
                    octets.extend_from_slice(&text);
                    *before = octets.into();
                }
                (_, piece) => joined.push(piece),
            }
        }
        Self { pieces: joined }
    }

    /// Reads a line: `${name}` is a variable, `$${` a literal `${`, a backslash is a backslash.
    pub fn parse_line(text: &str) -> Result<Self, Mistake> {
        let mut pieces = Vec::new();
        for part in split_variables(text)? {
            pieces.push(match part {
                Part::Text(range) => Piece::Text(text.get(range).unwrap_or_default().replace("$${", "${").into()),
                Part::Var(name) => Piece::Var(name),
            });
        }
        Ok(Self::from_pieces(pieces))
    }

    /// Reads octets: like a line, with the escapes `\r \n \t \0 \\ \xHH`. A line break in the text stays LF;
    /// whoever reads YAML turns it into CRLF first.
    pub fn parse_octets(text: &str) -> Result<Self, Mistake> {
        let mut pieces = Vec::new();
        for part in split_variables(text)? {
            pieces.push(match part {
                Part::Text(range) => {
                    let start = range.start;
                    let raw = text.get(range).unwrap_or_default();
                    let octets = ByteString::unescape(raw)
                        .map_err(|error| Mistake::new(error.at.clone(), error.to_string()).shifted(start))?;
                    Piece::Text(undouble(octets))
                }
                Part::Var(name) => Piece::Var(name),
            });
        }
        Ok(Self::from_pieces(pieces))
    }

    /// The pieces in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The variables in order.
    pub fn vars(&self) -> impl Iterator<Item = &VarRef> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Var(name) => Some(name),
        })
    }

    /// The one variable this template consists of, if it is just that.
    pub fn as_var(&self) -> Option<&VarRef> {
        match self.pieces.as_slice() {
            [Piece::Var(name)] => Some(name),
            _ => None,
        }
    }

    /// The octets, if there is no variable in it.
    pub fn as_text(&self) -> Option<ByteString> {
        match self.pieces.as_slice() {
            [] => Some(ByteString::default()),
            [Piece::Text(text)] => Some(text.clone()),
            _ => None,
        }
    }

    /// Puts the values in.
    pub fn render(&self, env: &Bindings) -> Result<ByteString, Unbound> {
        let mut octets = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => octets.extend_from_slice(text),
                Piece::Var(name) => env.write(name, &mut octets)?,
            }
        }
        Ok(octets.into())
    }

    /// The text form that [`Template::parse_line`] reads back. Octets must be UTF-8 without controls, and no dollar may
    /// stand before a variable: a line has no form for that.
    pub fn to_line(&self) -> String {
        self.pieces.iter().fold(String::new(), |mut out, piece| {
            match piece {
                Piece::Text(text) => out.push_str(&String::from_utf8_lossy(text).replace("${", "$${")),
                Piece::Var(name) => out.push_str(&name.to_string()),
            }
            out
        })
    }

    /// The text form that [`Template::parse_octets`] reads back: printable ASCII, escapes for all else.
    pub fn to_octets_text(&self) -> String {
        let next = self.pieces.iter().skip(1).map(Some).chain([None]);
        self.pieces.iter().zip(next).fold(String::new(), |mut out, (piece, next)| {
            match (piece, next) {
                (Piece::Text(text), next) => {
                    let escaped = text.escaped().replace("${", "$${");
                    // A dollar before a variable would read as an escaped brace.
                    match (escaped.strip_suffix('$'), next) {
                        (Some(before), Some(Piece::Var(_))) => out.extend([before, r"\x24"]),
                        (Some(_) | None, _) => out.push_str(&escaped),
                    }
                }
                (Piece::Var(name), _) => out.push_str(&name.to_string()),
            }
            out
        })
    }
}

/// A part of a text as found by [`split_variables`].
enum Part {
    Text(Range<usize>),
    Var(VarRef),
}

fn undouble(octets: ByteString) -> ByteString {
    let mut out = Vec::with_capacity(octets.len());
    let mut rest: &[u8] = &octets;
    while let Some((&first, tail)) = rest.split_first() {
        // `$${` stands for a literal `${`.
        if rest.starts_with(b"$${") {
            out.extend_from_slice(b"${");
            rest = rest.get(3..).unwrap_or_default();
        } else {
            out.push(first);
            rest = tail;
        }
    }
    out.into()
}

fn split_variables(text: &str) -> Result<Vec<Part>, Mistake> {
    let mut parts = Vec::new();
    let (mut plain, mut at) = (0, 0);
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('$')) {
        let dollar = at + found;
        let rest = text.get(dollar..).unwrap_or_default();
        if rest.starts_with("$${") {
            at = dollar + 3;
            continue;
        }
        if !rest.starts_with("${") {
            at = dollar + 1;
            continue;
        }
        let Some(close) = rest.find('}') else {
            return Err(Mistake::new(dollar..text.len(), "this `${` has no `}`; a literal `${` is written `$${`"));
        };
        let name = rest.get(2..close).unwrap_or_default();
        let var = VarRef::new(name).ok_or_else(|| {
            let message =
                format!("`{name}` is not a variable name: lower case, digits and hyphens; a literal `${{` is `$${{`");
            Mistake::new(dollar..dollar + close + 1, message)
        })?;
        parts.push(Part::Text(plain..dollar));
        parts.push(Part::Var(var));
        at = dollar + close + 1;
        plain = at;
    }
    parts.push(Part::Text(plain..text.len()));
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_read_back_what_they_print() {
        for text in ["plain", "${token} a $ b", "$${x} ${box.a}${sep}b", ""] {
            let line = Template::parse_line(text).unwrap();
            assert_eq!(Template::parse_line(&line.to_line()).unwrap(), line);
        }
        for text in [r"a\r\n\0${x.size}\\$${y}\x80", r"a\x24${x}", r"$\x24${x}$"] {
            let octets = Template::parse_octets(text).unwrap();
            assert_eq!(Template::parse_octets(&octets.to_octets_text()).unwrap(), octets);
        }
    }

    #[test]
    fn a_named_value_has_parts_too() {
        let part = |text: &str| VarRef::new(text).unwrap().part().map(|(whole, part)| format!("{whole} {part}"));
        assert_eq!(part("letter.a.size").as_deref(), Some("${letter.a} size"));
        assert_eq!(part("body.text").as_deref(), Some("${body} text"));
        assert_eq!(part("letter.a"), None);
        for text in ["letter.a.b", "a.b.c.size", "a.b.size@bob", "letter..size"] {
            assert!(VarRef::new(text).is_none(), "{text}");
        }
    }

    #[test]
    fn dollar_without_brace_is_itself() {
        assert_eq!(Template::parse_line("a $5 $x").unwrap(), Template::text("a $5 $x"));
    }

    #[test]
    fn unclosed_variable_names_its_place() {
        assert_eq!(Template::parse_line("ab ${x").unwrap_err().at, 3..6);
    }

    #[test]
    fn upper_case_is_no_name() {
        assert!(Template::parse_line("${Token}").unwrap_err().message.contains("not a variable name"));
    }
}
