//! Patterns over SMTP replies. docs/suite-language.md section 7.1.

use std::fmt;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::parse::text_after_code;
use super::{Keyword, Reply, keywords};
use crate::base::{Bindings, Captures, Mismatch, Mistake, PlaceValue, Type, VarUse, accepts, excerpt, pattern_words};

/// One line of an SMTP answer: an EHLO keyword, or the line that ends a reply.
#[derive(Debug, Clone)]
pub struct Pattern {
    code: [u8; 3],
    rest: Rest,
}

#[derive(Debug, Clone)]
enum Rest {
    /// `-SIZE ${limit}`; open with `...` at the end.
    Keyword { name: String, params: Vec<(Range<usize>, PlaceValue)>, tail: Tail },
    /// ` 5.1.1` or a place.
    End { enhanced: Option<Enhanced>, place: Option<(Range<usize>, PlaceValue)> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tail {
    Exact,
    Open,
}

/// Patterns are equal when they say the same; where their variables stood does not count.
impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for Pattern {}

/// Class, subject, detail; none is `x`.
type Enhanced = [Option<u16>; 3];

impl Pattern {
    /// Reads one item of an `S` line.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        let digits = text.as_bytes().first_chunk::<3>().copied();
        let valid = |code: &[u8; 3]| code.iter().all(|octet| octet.is_ascii_digit() || *octet == b'x');
        let code = digits.filter(valid).ok_or_else(|| {
            Mistake::new(0..text.len(), "not an SMTP pattern; expected a code such as `250`".to_owned())
        })?;
        let rest = text.get(3..).unwrap_or_default();
        if let Some(keyword) = rest.strip_prefix('-') {
            return Ok(Self { code, rest: parse_keyword(keyword).map_err(|mistake| mistake.shifted(4))? });
        }
        if rest.is_empty() {
            return Ok(Self { code, rest: Rest::End { enhanced: None, place: None } });
        }
        let Some(values) = rest.strip_prefix(' ') else {
            return Err(Mistake::new(0..text.len(), "not an SMTP pattern; expected a code such as `250`"));
        };
        Ok(Self { code, rest: parse_end(code, values)? })
    }

    /// Whether this line ends a reply (`250`), or belongs to one that goes on (`250-SIZE`).
    pub fn ends_reply(&self) -> bool {
        match self.rest {
            Rest::Keyword { .. } => false,
            Rest::End { .. } => true,
        }
    }

    /// The variables in it, for the reader's checks.
    pub fn vars(&self) -> Vec<VarUse> {
        match &self.rest {
            Rest::Keyword { name, params, .. } => {
                params.iter().flat_map(|(at, value)| value.vars(at, kind_of(name))).collect()
            }
            Rest::End { place, .. } => place.iter().flat_map(|(at, value)| value.vars(at, Type::Octets)).collect(),
        }
    }

    /// Whether the reply fits: a keyword if any line of it is that keyword, an ending line by code and place.
    pub fn matches(&self, reply: &Reply, env: &Bindings) -> Result<Captures, Mismatch> {
        let code = format!("{:03}", reply.code);
        let same = self.code.iter().zip(code.bytes()).all(|(wanted, octet)| *wanted == b'x' || *wanted == octet);
        let captures = same.then(|| self.rest(reply, env)).flatten();
        captures.ok_or_else(|| {
            let text = reply.lines.iter().map(|line| line.as_bytes()).collect::<Vec<_>>().join(&b"\r\n"[..]);
            let actual = excerpt(&[code.as_bytes(), b" ", &text].concat());
            Mismatch { expected: self.to_string(), at: None, actual }
        })
    }

    fn rest(&self, reply: &Reply, env: &Bindings) -> Option<Captures> {
        match &self.rest {
            Rest::Keyword { name, params, tail } => keywords(reply)
                .iter()
                .filter(|keyword| keyword.name == *name)
                .find_map(|keyword| match_keyword(keyword, params, *tail, env)),
            Rest::End { enhanced, place } => {
                if let Some(wanted) = enhanced {
                    let found = reply.enhanced?;
                    let parts = [found.class, found.subject, found.detail];
                    if wanted.iter().zip(parts).any(|(wanted, part)| wanted.is_some_and(|wanted| wanted != part)) {
                        return None;
                    }
                }
                let mut captures = Captures::new();
                let Some((_, value)) = place else { return Some(captures) };
                let actual = place_of(reply, value)?;
                value.accepts(&actual, Type::Octets, env, &mut captures).then_some(captures)
            }
        }
    }
}

fn kind_of(keyword: &str) -> Type {
    // RFC 1870 §3: the parameter of SIZE is a number.
    if keyword == "SIZE" { Type::Number } else { Type::Octets }
}

fn parse_keyword(text: &str) -> Result<Rest, Mistake> {
    let mut words = pattern_words(text);
    if words.is_empty() {
        return Err(Mistake::new(0..text.len(), "a keyword is missing after the hyphen"));
    }
    let (at, name) = words.remove(0);
    if !name.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"-_=".contains(&octet)) {
        return Err(Mistake::new(at, "a keyword has only letters, digits and hyphens"));
    }
    let tail = if words.last().is_some_and(|(_, word)| *word == "...") { Tail::Open } else { Tail::Exact };
    if tail == Tail::Open {
        words.pop();
    }
    let mut params = Vec::new();
    for (at, word) in words {
        let value = PlaceValue::parse(word).map_err(|mistake| mistake.shifted(at.start))?;
        params.push((at.start + 4..at.end + 4, value));
    }
    Ok(Rest::Keyword { name: name.to_ascii_uppercase(), params, tail })
}

fn parse_end(code: [u8; 3], values: &str) -> Result<Rest, Mistake> {
    let mut words = pattern_words(values).into_iter().peekable();
    let enhanced = words.peek().and_then(|(_, word)| parse_enhanced(word));
    if enhanced.is_some() {
        words.next();
    }
    let Some((at, word)) = words.next() else { return Ok(Rest::End { enhanced, place: None }) };
    let at = at.start + 4..at.end + 4;
    let human = || {
        let code = String::from_utf8_lossy(&code).into_owned();
        Mistake::new(
            at.start..values.len() + 4,
            format!("text after a code is for people and never compared: write `{code}`"),
        )
    };
    let value = PlaceValue::parse(word).map_err(|mistake| mistake.shifted(at.start))?;
    let named = word.contains('.') || word.contains('[') || word.contains('@');
    let fits = match (&code, &value) {
        (b"220" | b"221" | b"421" | b"250" | b"251" | b"551" | b"334", PlaceValue::Any) => true,
        (b"220" | b"221" | b"421" | b"250", PlaceValue::Word(template)) => named || template.vars().next().is_some(),
        (b"250" | b"251" | b"551", PlaceValue::Angle(_)) => true,
        (b"251" | b"551" | b"334", PlaceValue::Word(template)) => template.as_var().is_some(),
        (b"334", PlaceValue::Quoted(_)) => true,
        (_, PlaceValue::Any | PlaceValue::Word(_) | PlaceValue::Quoted(_) | PlaceValue::Angle(_)) => false,
    };
    if !fits || words.next().is_some() {
        return Err(human());
    }
    Ok(Rest::End { enhanced, place: Some((at, value)) })
}

fn parse_enhanced(word: &str) -> Option<Enhanced> {
    let part = |text: &str| match text {
        "x" => Some(None),
        _ if (1..=3).contains(&text.len()) && text.bytes().all(|octet| octet.is_ascii_digit()) => {
            text.parse().ok().map(Some)
        }
        _ => None,
    };
    let mut parts = word.split('.');
    let enhanced = [part(parts.next()?)?, part(parts.next()?)?, part(parts.next()?)?];
    parts.next().is_none().then_some(enhanced)
}

/// The octets of the place that SMTP defines after this code.
fn place_of(reply: &Reply, value: &PlaceValue) -> Option<Vec<u8>> {
    if reply.code == 334 {
        return STANDARD.decode(reply.lines.first()?.as_bytes()).ok();
    }
    let text = text_after_code(reply);
    let angle = matches!(value, PlaceValue::Angle(_)) || matches!(reply.code, 251 | 551);
    if angle {
        let start = text.iter().position(|octet| *octet == b'<')?;
        let length = text.get(start..)?.iter().position(|octet| *octet == b'>')?;
        return text.get(start..=start + length).map(<[u8]>::to_vec);
    }
    text.split(|octet| *octet == b' ').next().filter(|word| !word.is_empty()).map(<[u8]>::to_vec)
}

fn match_keyword(
    keyword: &Keyword,
    params: &[(Range<usize>, PlaceValue)],
    tail: Tail,
    env: &Bindings,
) -> Option<Captures> {
    let mut captures = Captures::new();
    let mut left: Vec<&String> = keyword.params.iter().collect();
    for (_, value) in params {
        // The mechanisms of AUTH come in any order (RFC 4954 §3); other parameters keep theirs.
        let candidates = if keyword.name == "AUTH" { left.len() } else { left.len().min(1) };
        let kind = kind_of(&keyword.name);
        let at = left.iter().take(candidates).position(|word| param_fits(value, word, kind, env, &mut captures))?;
        left.remove(at);
    }
    (tail == Tail::Open || left.is_empty()).then_some(captures)
}

fn param_fits(value: &PlaceValue, word: &str, kind: Type, env: &Bindings, captures: &mut Captures) -> bool {
    match value {
        PlaceValue::Word(template) if template.as_var().is_none() => {
            template.render(env).is_ok_and(|wanted| wanted.eq_ignore_ascii_case(word.as_bytes()))
        }
        PlaceValue::Word(template) => accepts(template, word.as_bytes(), kind, env, captures),
        PlaceValue::Any | PlaceValue::Quoted(_) | PlaceValue::Angle(_) => {
            value.accepts(word.as_bytes(), kind, env, captures)
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.code))?;
        match &self.rest {
            Rest::Keyword { name, params, tail } => {
                write!(f, "-{name}")?;
                params.iter().try_for_each(|(_, value)| write!(f, " {value}"))?;
                if *tail == Tail::Open { f.write_str(" ...") } else { Ok(()) }
            }
            Rest::End { enhanced, place } => {
                if let Some(parts) = enhanced {
                    let part = |part: &Option<u16>| part.map_or_else(|| "x".to_owned(), |number| number.to_string());
                    write!(f, " {}", parts.iter().map(part).collect::<Vec<_>>().join("."))?;
                }
                place.as_ref().map_or(Ok(()), |(_, value)| write!(f, " {value}"))
            }
        }
    }
}
