//! Patterns over POP3 responses. docs/suite-language.md section 7.2.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Reply, Status};
use crate::base::{
    Bindings, Captures, Mismatch, Mistake, PlaceValue, Template, Type, VarUse, accepts, excerpt, pattern_words,
    template_vars,
};

/// What kind of line a pattern is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The status line: `+OK`, `-ERR [code]`, `+ challenge`.
    Status,
    /// A line of a CAPA answer: any order, more allowed.
    Capability,
    /// A line of a LIST or UIDL answer: any order, exact unless `...`.
    Listing,
    /// A line of a RETR or TOP answer: octet text in order.
    Text,
}

/// One line of a POP3 answer: the status line, a line of the body, or the `.` that ends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    text_length: Length,
    /// What it was read as: `.` and `...` look the same in every kind of body.
    place: Place,
    kind: Kind,
}

/// How long the text was that was read; it does not count when patterns are compared.
#[derive(Debug, Clone, Copy)]
struct Length(usize);

impl PartialEq for Length {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Length {}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Status {
        status: Status,
        code: Option<String>,
        values: Vec<PlaceValue>,
    },
    /// Words of a capability or listing, and whether `...` follows.
    Words {
        words: Vec<PlaceValue>,
        open: Tail,
        place: Words,
    },
    Text(Template),
    More,
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tail {
    Exact,
    Open,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Words {
    Capability,
    Listing,
}

impl Pattern {
    /// Reads one item of an `S` line.
    pub fn parse(text: &str, place: Place) -> Result<Self, Mistake> {
        // Blanks around words say nothing; in a text they are octets.
        let word = match place {
            Place::Status | Place::Text => text,
            Place::Capability | Place::Listing => text.trim_matches(' '),
        };
        let kind = match (place, word) {
            (Place::Status | Place::Capability | Place::Listing | Place::Text, ".") => Kind::End,
            (Place::Capability | Place::Listing | Place::Text, "...") => Kind::More,
            (Place::Status, _) => parse_status(text)?,
            (Place::Capability, _) => parse_words(text, Words::Capability)?,
            (Place::Listing, _) => parse_words(text, Words::Listing)?,
            (Place::Text, _) => Kind::Text(Template::parse_octets(text)?),
        };
        Ok(Self { text_length: Length(text.len()), place, kind })
    }

    /// The variables in it, for the reader's checks.
    pub fn vars(&self) -> Vec<VarUse> {
        let at = 0..self.text_length.0;
        match &self.kind {
            Kind::Status { values, .. } => values
                .iter()
                .enumerate()
                .flat_map(|(index, value)| value.vars(&at, status_kind(index, value)))
                .collect(),
            Kind::Words { words, place, .. } => {
                words.iter().enumerate().flat_map(|(index, value)| value.vars(&at, word_kind(*place, index))).collect()
            }
            Kind::Text(template) => template_vars(template, &at, Type::Octets),
            Kind::More | Kind::End => Vec::new(),
        }
    }

    /// Whether this is a status line, which begins an answer.
    pub fn is_status(&self) -> bool {
        matches!(self.kind, Kind::Status { .. })
    }

    /// Whether this is `...`.
    pub(super) fn is_more(&self) -> bool {
        self.kind == Kind::More
    }

    /// What kind of body this line belongs to; none for a status line.
    pub fn body_place(&self) -> Option<Place> {
        (!self.is_status()).then_some(self.place)
    }

    /// Whether this is `.`, the end of a body.
    pub fn ends_body(&self) -> bool {
        self.kind == Kind::End
    }

    /// Whether the first line of a response fits.
    pub fn matches_status(&self, reply: &Reply, env: &Bindings) -> Result<Captures, Mismatch> {
        let captures = match &self.kind {
            Kind::Status { status, code, values } if *status == reply.status => status_fits(reply, code, values, env),
            Kind::Status { .. } | Kind::Words { .. } | Kind::Text(_) | Kind::More | Kind::End => None,
        };
        captures.ok_or_else(|| {
            let word = status_word(reply.status).as_bytes();
            self.mismatch(&[word, b" ", &reply.text].concat())
        })
    }

    /// Whether one line of a body fits.
    pub fn matches_line(&self, line: &[u8], env: &Bindings) -> Result<Captures, Mismatch> {
        let mut captures = Captures::new();
        if self.line_fits(line, env, &mut captures) { Ok(captures) } else { Err(self.mismatch(line)) }
    }

    pub(super) fn mismatch(&self, actual: &[u8]) -> Mismatch {
        Mismatch { expected: self.to_string(), at: None, actual: excerpt(actual) }
    }

    pub(super) fn line_fits(&self, line: &[u8], env: &Bindings, captures: &mut Captures) -> bool {
        let before = captures.len();
        let fits = match &self.kind {
            Kind::More => true,
            Kind::Text(template) => accepts(template, line, Type::Octets, env, captures),
            Kind::Words { words, open, place } => {
                let found: Vec<&[u8]> = line.split(|octet| *octet == b' ').collect();
                let enough = if *open == Tail::Open { found.len() >= words.len() } else { found.len() == words.len() };
                enough
                    && words.iter().zip(&found).enumerate().all(|(index, (value, word))| {
                        // Capability tags and arguments are compared without case. RFC 2449 §3.
                        let folded = *place == Words::Capability
                            && matches!(value, PlaceValue::Word(template)
                                if template.as_var().is_none()
                                    && template.render(env).is_ok_and(|wanted| wanted.eq_ignore_ascii_case(word)));
                        folded || value.accepts(word, word_kind(*place, index), env, captures)
                    })
            }
            Kind::Status { .. } | Kind::End => false,
        };
        if !fits {
            captures.truncate(before);
        }
        fits
    }

    pub(super) fn whole(&self) -> Option<&Template> {
        match &self.kind {
            Kind::Text(template) => template.as_var().map(|_| template),
            Kind::Status { .. } | Kind::Words { .. } | Kind::More | Kind::End => None,
        }
    }
}

fn status_fits(reply: &Reply, code: &Option<String>, values: &[PlaceValue], env: &Bindings) -> Option<Captures> {
    if let Some(code) = code
        && !reply.code.as_ref().is_some_and(|found| found.eq_ignore_ascii_case(code))
    {
        return None;
    }
    let mut captures = Captures::new();
    if reply.status == Status::Continue {
        let Some(value) = values.first() else { return Some(captures) };
        let challenge = STANDARD.decode(reply.text.as_bytes()).ok()?;
        return value.accepts(&challenge, Type::Octets, env, &mut captures).then_some(captures);
    }
    let mut words = reply.text.split(|octet| *octet == b' ');
    for (index, value) in values.iter().enumerate() {
        let kind = status_kind(index, value);
        let fits = match value {
            PlaceValue::Angle(_) => value.accepts(timestamp(&reply.text)?, kind, env, &mut captures),
            PlaceValue::Any | PlaceValue::Word(_) | PlaceValue::Quoted(_) => {
                value.accepts(words.next().filter(|word| !word.is_empty())?, kind, env, &mut captures)
            }
        };
        if !fits {
            return None;
        }
    }
    Some(captures)
}

/// `<…>` of a greeting. RFC 1939 §7.
fn timestamp(text: &[u8]) -> Option<&[u8]> {
    let start = text.iter().position(|octet| *octet == b'<')?;
    let length = text.get(start..)?.iter().position(|octet| *octet == b'>')?;
    text.get(start..=start + length)
}

fn status_kind(index: usize, value: &PlaceValue) -> Type {
    match value {
        PlaceValue::Word(_) if index == 0 => Type::Number,
        PlaceValue::Word(_) | PlaceValue::Any | PlaceValue::Quoted(_) | PlaceValue::Angle(_) => Type::Octets,
    }
}

fn word_kind(place: Words, index: usize) -> Type {
    // The second word of a listing is a size or a unique-id; octets that are digits work as numbers too.
    if place == Words::Listing && index == 0 { Type::Number } else { Type::Octets }
}

fn parse_status(text: &str) -> Result<Kind, Mistake> {
    let mut words = pattern_words(text).into_iter().peekable();
    let status = match words.next().map(|(_, word)| word) {
        Some("+OK") => Status::Ok,
        Some("-ERR") => Status::Err,
        Some("+") => Status::Continue,
        _ => return Err(Mistake::new(0..text.len(), "not a POP3 pattern; expected `+OK`, `-ERR` or `+`")),
    };
    let mut code = None;
    if let Some((at, word)) = words.peek().cloned()
        && status != Status::Continue
        && word.starts_with('[')
    {
        let inside = word.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        code = Some(inside.ok_or_else(|| Mistake::new(at, "unbalanced `[` opened here"))?.to_owned());
        words.next();
    }
    let mut values = Vec::new();
    for (at, word) in words {
        let value = PlaceValue::parse(word).map_err(|mistake| mistake.shifted(at.start))?;
        let fits = match (status, &value) {
            (Status::Ok, PlaceValue::Any | PlaceValue::Angle(_)) => true,
            (Status::Ok, PlaceValue::Word(template)) => {
                let digits = word.bytes().all(|octet| octet.is_ascii_digit());
                digits || template.vars().next().is_some() || !values.is_empty()
            }
            (Status::Continue, PlaceValue::Any | PlaceValue::Quoted(_)) => values.is_empty(),
            (Status::Continue, PlaceValue::Word(template)) => values.is_empty() && template.as_var().is_some(),
            (Status::Ok | Status::Err | Status::Continue, _) => false,
        };
        if !fits {
            let message =
                format!("text after a status is for people and never compared: write `{}`", status_word(status));
            return Err(Mistake::new(at.start..text.len(), message));
        }
        values.push(value);
    }
    Ok(Kind::Status { status, code, values })
}

fn parse_words(text: &str, place: Words) -> Result<Kind, Mistake> {
    let mut found = pattern_words(text);
    let open = if found.last().is_some_and(|(_, word)| *word == "...") { Tail::Open } else { Tail::Exact };
    if open == Tail::Open {
        found.pop();
    }
    if found.is_empty() || (place == Words::Listing && found.len() != 2) {
        return Err(Mistake::new(0..text.len(), "expected a number and a value, such as `1 ${size}`"));
    }
    let words = found
        .into_iter()
        .map(|(at, word)| PlaceValue::parse(word).map_err(|mistake| mistake.shifted(at.start)))
        .collect::<Result<_, _>>()?;
    Ok(Kind::Words { words, open, place })
}

/// A line of octet text as it stands in `S`. What a line there means besides its text is escaped: the end of a body,
/// marks, `or`, `done` and `skip`, ids, remarks, blanks at the ends, and a quote that nothing closes, since what stands
/// between quotes is never split.
fn text_line(text: &str) -> String {
    let whole = matches!(text, "." | "..." | "or" | "done" | "skip");
    let first = whole || ["! ", "then ", "no other ", " "].iter().any(|mark| text.starts_with(mark));
    let mut line = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let rest = text.get(at..).unwrap_or_default();
        if (at == 0 && first) || [" | ", " ;", " @"].iter().any(|mark| rest.starts_with(mark)) {
            line.push_str(&escape(c));
        } else {
            line.push(c);
        }
    }
    let ends = [", done", ", skip"].iter().any(|end| line.ends_with(end));
    if ends || line.ends_with(' ') {
        let at = line.rfind(' ').unwrap_or_default();
        line = escaped_at(&line, at);
    }
    match unclosed_quote(&line) {
        Some(at) => escaped_at(&line, at),
        None => line,
    }
}

/// The text with the ASCII character at `at` as an escape.
fn escaped_at(text: &str, at: usize) -> String {
    let (before, rest) = text.split_at_checked(at).unwrap_or((text, ""));
    let mut rest = rest.chars();
    rest.next().map_or_else(|| text.to_owned(), |c| format!("{before}{}{}", escape(c), rest.as_str()))
}

/// An ASCII character as an escape.
fn escape(c: char) -> String {
    format!("\\x{:02x}", u32::from(c))
}

/// Where a quote opens that nothing closes; inside of quotes a backslash takes the next character's meaning.
fn unclosed_quote(text: &str) -> Option<usize> {
    let (mut open, mut escaped) = (None, false);
    for (at, octet) in text.bytes().enumerate() {
        match (octet, open) {
            _ if escaped => escaped = false,
            (b'\\', Some(_)) => escaped = true,
            (b'"', None) => open = Some(at),
            (b'"', Some(_)) => open = None,
            _ => {}
        }
    }
    open
}

fn status_word(status: Status) -> &'static str {
    match status {
        Status::Ok => "+OK",
        Status::Err => "-ERR",
        Status::Continue => "+",
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::More => f.write_str("..."),
            Kind::End => f.write_str("."),
            Kind::Text(template) => f.write_str(&text_line(&template.to_octets_text())),
            Kind::Status { status, code, values } => {
                f.write_str(status_word(*status))?;
                code.iter().try_for_each(|code| write!(f, " [{code}]"))?;
                values.iter().try_for_each(|value| write!(f, " {value}"))
            }
            Kind::Words { words, open, .. } => {
                let words: Vec<String> = words.iter().map(PlaceValue::to_string).collect();
                f.write_str(&words.join(" "))?;
                if *open == Tail::Open { f.write_str(" ...") } else { Ok(()) }
            }
        }
    }
}
