//! One value of an SMTP or POP3 pattern: what may stand in a place that the protocol defines.

use std::fmt;
use std::ops::Range;

use super::{Bindings, Binds, Bound, ByteString, Captures, Mistake, Template, Type, VarUse};

/// What a pattern wants in one place. docs/suite-language.md section 7.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaceValue {
    /// `_`: any one value.
    Any,
    /// A bare word, with or without variables.
    Word(Template),
    /// A string in double quotes with its escapes.
    Quoted(Template),
    /// `<…>`: what stands between the brackets.
    Angle(Template),
}

impl PlaceValue {
    /// Reads one value. Places in mistakes count from the start of `text`.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        if text == "_" {
            return Ok(Self::Any);
        }
        if let Some(rest) = text.strip_prefix('"') {
            let inside = closed_quote(rest)
                .ok_or_else(|| Mistake::new(0..text.len(), "this string has no closing `\"` at its end"))?;
            let octets = unquote(inside);
            return Template::parse_octets(&octets).map(Self::Quoted).map_err(|mistake| {
                // Where quotes were escaped, places in what was read are no places in the text.
                if octets == inside { mistake.shifted(1) } else { Mistake::new(0..text.len(), mistake.message) }
            });
        }
        match text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
            Some(inside) => Template::parse_line(inside).map(Self::Angle).map_err(|mistake| mistake.shifted(1)),
            None => Template::parse_line(text).map(Self::Word),
        }
    }

    /// Whether `actual` fits. A variable without a value that stands alone is added to `captures`.
    pub fn accepts(&self, actual: &[u8], kind: Type, env: &Bindings, captures: &mut Captures) -> bool {
        match self {
            Self::Any => true,
            Self::Word(template) | Self::Quoted(template) => accepts(template, actual, kind, env, captures),
            Self::Angle(template) => actual
                .strip_prefix(b"<")
                .and_then(|rest| rest.strip_suffix(b">"))
                .is_some_and(|inside| accepts(template, inside, kind, env, captures)),
        }
    }

    /// The variables in it; `at` is its place in the pattern's text.
    pub fn vars(&self, at: &Range<usize>, kind: Type) -> Vec<VarUse> {
        let template = match self {
            Self::Any => return Vec::new(),
            Self::Word(template) | Self::Quoted(template) | Self::Angle(template) => template,
        };
        template_vars(template, at, kind)
    }
}

/// The variables of a template in a place of this kind.
pub fn template_vars(template: &Template, at: &Range<usize>, kind: Type) -> Vec<VarUse> {
    let (kind, binds) = if template.as_var().is_some() { (kind, Binds::First) } else { (Type::Octets, Binds::Never) };
    template.vars().map(|var| VarUse { var: var.clone(), at: at.clone(), kind, binds }).collect()
}

/// Whether octets fit a template; an unbound variable that is the whole template is captured.
pub fn accepts(template: &Template, actual: &[u8], kind: Type, env: &Bindings, captures: &mut Captures) -> bool {
    let Some(var) = template.as_var() else {
        let rendered = if captures.is_empty() {
            template.render(env)
        } else {
            let mut all = env.clone();
            captures.iter().for_each(|(name, value)| all.bind(name.as_str(), value.clone()));
            template.render(&all)
        };
        return rendered.is_ok_and(|wanted| same(&wanted, actual, kind));
    };
    let met = captures.iter().find(|(name, _)| name == var).map(|(_, value)| value.clone());
    if let Some(value) = met.or_else(|| env.get(var).ok()) {
        return same(&value.to_octets(), actual, kind);
    }
    let value = Bound::octets(actual);
    let value = match kind {
        Type::Number => value.as_number().map(Bound::Number),
        Type::Octets | Type::Set | Type::Flags | Type::Date | Type::Codes | Type::Structure => Some(value),
    };
    let Some(value) = value else { return false };
    captures.push((var.clone(), value));
    true
}

/// Numbers compare as numbers, all else octet for octet.
fn same(wanted: &[u8], actual: &[u8], kind: Type) -> bool {
    let number = |octets: &[u8]| Bound::octets(octets).as_number();
    wanted == actual || (kind == Type::Number && number(wanted).is_some() && number(wanted) == number(actual))
}

/// What stands before the closing quote, if that is the last character.
fn closed_quote(rest: &str) -> Option<&str> {
    let mut escaped = false;
    for (at, octet) in rest.bytes().enumerate() {
        match octet {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return (at + 1 == rest.len()).then(|| rest.get(..at)).flatten(),
            _ => {}
        }
    }
    None
}

/// Turns `\"` into an escape that octets have; other escapes stay.
fn unquote(inside: &str) -> String {
    let mut out = String::with_capacity(inside.len());
    let mut chars = inside.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('"') => out.push_str("\\x22"),
                Some(other) => out.extend(['\\', other]),
                None => out.push('\\'),
            },
            (c, false) => out.push(c),
        }
    }
    out
}

impl fmt::Display for PlaceValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("_"),
            Self::Word(template) => f.write_str(&template.to_line()),
            Self::Quoted(template) => write!(f, "\"{}\"", template.to_octets_text().replace('"', "\\\"")),
            Self::Angle(template) => write!(f, "<{}>", template.to_line()),
        }
    }
}

/// The words of a pattern with their places; one blank parts them, blanks inside double quotes do not.
pub fn pattern_words(text: &str) -> Vec<(Range<usize>, &str)> {
    let mut words = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (at, octet) in text.bytes().enumerate() {
        match octet {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b' ' if !quoted => {
                words.push((start..at, text.get(start..at).unwrap_or_default()));
                start = at + 1;
            }
            _ => {}
        }
    }
    words.push((start..text.len(), text.get(start..).unwrap_or_default()));
    words.retain(|(_, word)| !word.is_empty());
    words
}

/// Octets as a value of a mismatch, without the rest of a long text.
pub fn excerpt(octets: &[u8]) -> ByteString {
    const ENOUGH: usize = 512;
    octets.get(..octets.len().min(ENOUGH)).unwrap_or_default().into()
}
