//! One item of an answer's line: a pattern of the session's protocol, or a word about the connection.

use super::fields::parse_duration;
use super::line::quoted;
use super::mistakes::Mistakes;
use super::text::Text;
use super::uses::{Goes, LineUses, Use, guess_uses, within};
use crate::base::{Binds, Mistake, Template, Type, VarRef, VarUse};
use crate::pop3::{Form, Place, form_of};
use crate::scenario::{BoxPattern, Expect, Mark, Protocol, SessionKind};
use crate::{imap, pop3, smtp};

/// What a step has asked, which decides how its answer is read.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    /// The session.
    pub(super) kind: &'a SessionKind,
    /// Lines sent on it and not yet answered.
    pub(super) lines: &'a [Text],
    /// What the step does besides.
    pub(super) handshake: Handshake,
}

/// Whether the step is `do: tls`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Handshake {
    /// It is.
    Tls,
    /// It is something else.
    None,
}

/// POP3: in which body the lines of an answer are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    /// In none: a status line comes next.
    None,
    /// Of CAPA.
    Capability,
    /// Of LIST or UIDL.
    Listing,
    /// Of RETR or TOP.
    Text,
}

impl Asked<'_> {
    /// Whether patterns are IMAP.
    pub(super) fn is_imap(&self) -> bool {
        self.protocol() == Some(Protocol::Imap)
    }

    /// The protocol; a box has none.
    pub(super) fn protocol(&self) -> Option<Protocol> {
        match self.kind {
            SessionKind::Connection { role, .. } => Some(role.protocol()),
            SessionKind::Inbox(_) | SessionKind::Sink => None,
        }
    }

    /// The first word of the command that reply number `count` answers.
    pub(super) fn command(&self, count: usize) -> Option<String> {
        let line = self.lines.get(count.checked_sub(1)?)?;
        line.as_str().split_ascii_whitespace().next().map(str::to_ascii_uppercase)
    }

    /// Goes on behind a line: in POP3 a body may begin or end there.
    pub(super) fn follow(&self, body: &mut Body, replies: &mut usize, mark: Mark, uses: &LineUses, line: &Text) {
        let counts = matches!(mark, Mark::Plain | Mark::Then);
        if self.protocol() != Some(Protocol::Pop3) || !counts {
            return;
        }
        let items = super::line::part(line).items;
        if *body != Body::None {
            // An id or a remark may stand behind the period.
            if matches!(items.as_slice(), [(text, _)] if text.as_str() == ".") {
                *body = Body::None;
            }
            return;
        }
        if ["closed", "silence ", "open ", "tls"].iter().any(|word| line.as_str().starts_with(word)) {
            return;
        }
        *replies += 1;
        // The body belongs to a positive reply after which the scenario goes on.
        let positive = items
            .iter()
            .zip(&uses.items)
            .any(|((text, _), (_, goes))| *goes == Goes::On && text.as_str().starts_with("+OK"));
        if positive && let Some(command) = self.lines.get(*replies - 1) {
            *body = body_of(command.as_str());
        }
    }
}

fn body_of(command: &str) -> Body {
    if form_of(command.as_bytes()) == Form::Single {
        return Body::None;
    }
    match command.split_ascii_whitespace().next().unwrap_or_default().to_ascii_uppercase().as_str() {
        "CAPA" => Body::Capability,
        "LIST" | "UIDL" => Body::Listing,
        _ => Body::Text,
    }
}

/// Reads one item. None when it could not be read; mistakes say why.
pub(super) fn item(text: &Text, asked: &Asked<'_>, body: Body, mistakes: &mut Mistakes) -> Option<(Expect, Vec<Use>)> {
    if body == Body::None
        && let Some(found) = connection(text, asked)
    {
        return found.map_err(|mistake| mistakes.of(text, mistake)).ok();
    }
    pattern(text, asked, body).map_err(|mistake| mistakes.of(text, mistake)).ok()
}

type Read = Result<(Expect, Vec<Use>), Mistake>;

/// What is no pattern of a protocol: words about the connection, and a lone variable.
fn connection(text: &Text, asked: &Asked<'_>) -> Option<Read> {
    let word = text.as_str();
    let all = || 0..word.len();
    let on_box = asked.protocol().is_none();
    let (first, rest) = word.split_once(' ').unwrap_or((word, ""));
    let bare = |expect| Some(Ok((expect, Vec::new())));
    match first {
        "closed" | "silence" | "open" | "tls" if on_box => {
            Some(Err(Mistake::new(all(), "a box is no connection: it has only `N messages` and `message \"SUBJECT\"`")))
        }
        "closed" if rest.is_empty() => bare(Expect::Closed),
        "tls" if rest.is_empty() && asked.handshake == Handshake::None => {
            Some(Err(Mistake::new(all(), "`tls` is the answer to `do: tls` only")))
        }
        "tls" if rest.is_empty() => bare(Expect::Tls),
        "silence" | "open" => match parse_duration(rest) {
            Some(duration) if first == "silence" => bare(Expect::Silence(duration)),
            Some(duration) => bare(Expect::Open(duration)),
            None => Some(Err(Mistake::new(all(), format!("`{first}` needs a duration, such as `{first} 2s`")))),
        },
        _ if asked.handshake == Handshake::Tls => {
            Some(Err(Mistake::new(all(), "the answer to `do: tls` is `tls` or `closed`")))
        }
        _ => {
            let name = word.strip_prefix("${").and_then(|inside| inside.strip_suffix('}'))?;
            let var = VarRef::new(name).filter(|_| !on_box)?;
            let used = Use { var: var.clone(), span: text.place(), kind: Some(Type::Codes), binds: Binds::First };
            Some(Ok((Expect::Codes(var), vec![used])))
        }
    }
}

fn pattern(text: &Text, asked: &Asked<'_>, body: Body) -> Read {
    let SessionKind::Connection { role, .. } = asked.kind else { return box_pattern(text) };
    let place = match body {
        Body::None => Place::Status,
        Body::Capability => Place::Capability,
        Body::Listing => Place::Listing,
        Body::Text => Place::Text,
    };
    let word = text.as_str();
    let (expect, vars) = match role.protocol() {
        Protocol::Smtp => smtp::Pattern::parse(word).map(|read| (read.vars(), Expect::Smtp(read))),
        Protocol::Pop3 => pop3::Pattern::parse(word, place).map(|read| (read.vars(), Expect::Pop3(read))),
        Protocol::Imap => imap::Pattern::parse(word).map(|read| (read.vars(), Expect::Imap(read))),
    }
    .map(|(vars, expect)| (expect, vars))
    .map_err(|mistake| name_session(mistake, role.word()))?;
    let loose = role.protocol() == Protocol::Pop3 && body != Body::Text;
    let octets = (!loose).then_some(Type::Octets);
    if vars.is_empty() {
        // A parser that tells nothing of its variables leaves their types open.
        return Ok((expect, guess_uses(text, Binds::First)));
    }
    Ok((expect, vars.into_iter().map(|var| place_of(text, var, octets)).collect()))
}

/// The word of a POP3 listing may be a size or a unique-id: such places take numbers and octets alike.
fn place_of(text: &Text, var: VarUse, octets: Option<Type>) -> Use {
    let kind = if var.kind == Type::Octets { octets } else { Some(var.kind) };
    // Parsers may give the place of the whole pattern; the first mention inside is closer.
    let written = var.var.to_string();
    let inside = text.as_str().get(var.at.clone()).unwrap_or_default();
    let at = inside
        .find(&written)
        .map_or_else(|| var.at.clone(), |offset| var.at.start + offset..var.at.start + offset + written.len());
    Use { var: var.var, span: text.span(at), kind, binds: var.binds }
}

fn name_session(mut mistake: Mistake, role: &str) -> Mistake {
    let named = mistake.message.split_once(" pattern; ").filter(|(head, _)| head.starts_with("not a"));
    if let Some((head, tail)) = named {
        mistake.message = format!("{head} pattern; this session is `{role}`; {tail}");
    }
    mistake
}

/// `3 messages`, `message "subject" ${octets}`.
fn box_pattern(text: &Text) -> Read {
    let word = text.as_str();
    let wrong = || {
        let message = "not a pattern of a box; expected `3 messages` or `message \"SUBJECT\" ${octets}`";
        Err(Mistake::new(0..word.len(), message))
    };
    if let Some(number) = word.strip_suffix(" messages") {
        return number
            .parse()
            .map_or_else(|_| wrong(), |count| Ok((Expect::Box(BoxPattern::Count(count)), Vec::new())));
    }
    let Some(string) = quoted(word).into_iter().next().filter(|_| word.starts_with("message \"")) else {
        return wrong();
    };
    let inside = word.get(string.start + 1..string.end - 1).unwrap_or_default();
    let subject = quoted_template(inside).map_err(|mistake| within(mistake, string.start + 1))?;
    let mut uses = guess_uses(&text.slice(string.clone()), Binds::Never);
    let rest = word.get(string.end..).unwrap_or_default();
    let capture = match rest.trim_matches(' ') {
        "" => None,
        name => {
            let inside = name.strip_prefix("${").and_then(|inside| inside.strip_suffix('}')).and_then(VarRef::new);
            let Some(var) = inside.filter(|_| rest.starts_with(' ')) else { return wrong() };
            let start = word.len() - rest.trim_start_matches(' ').len();
            let span = text.span(start..start + name.len());
            uses.push(Use { var: var.clone(), span, kind: Some(Type::Octets), binds: Binds::First });
            Some(var)
        }
    };
    Ok((Expect::Box(BoxPattern::Message { subject, capture }), uses))
}

/// The inside of a string in double quotes: octets with escapes, and `\"` for a quote.
pub(super) fn quoted_template(inside: &str) -> Result<Template, Mistake> {
    // `\"` gets an escape of the same meaning; places behind it shift, so they name the string as a whole then.
    let plain = inside.replace("\\\\", "\\x5c").replace("\\\"", "\\x22");
    Template::parse_octets(&plain)
        .map_err(|mistake| if plain == inside { mistake } else { Mistake::new(0..inside.len(), mistake.message) })
}
