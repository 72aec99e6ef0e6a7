//! What a step does. docs/suite-language.md section 6.

use super::command::{self, Tagging};
use super::fields;
use super::mistakes::Mistakes;
use super::octets;
use super::session::USERS;
use super::text::Text;
use super::tree::{Map, Node};
use super::uses::{Sent, Use};
use crate::base::{Binds, VarRef};
use crate::scenario::{Action, Auth, Cut, Protocol, Spoil, User};

/// The keys of actions, in the order in which they are written.
pub(super) const ACTIONS: [&str; 8] = ["C", "send", "data", "bdat", "each", "auth", "do", "use"];

/// The keys of `auth`.
pub(in crate::scenario) const AUTH_KEYS: [&str; 3] = ["mechanism", "user", "spoil"];

/// The words of `do`.
pub(in crate::scenario) const DEEDS: [&str; 5] = ["open", "tls", "deflate", "close", "abort"];

pub(in crate::scenario) const SPOILS: [(&str, Spoil); 4] = [
    ("password", Spoil::Password),
    ("proof", Spoil::Proof),
    ("nonce", Spoil::Nonce),
    ("channel-binding", Spoil::ChannelBinding),
];

/// The one action of a step, by its key.
pub(super) fn key(step: &Map, mistakes: &mut Mistakes) -> Option<&'static str> {
    let found: Vec<&'static str> = ACTIONS.into_iter().filter(|key| step.get(key).is_some()).collect();
    if let [first, second, ..] = found.as_slice() {
        mistakes.say(&step.key_span(second), format!("a step does one thing: `{first}` and `{second}` both found"));
    }
    found.first().copied()
}

/// Reads the value of an action; `protocol` is none for a box.
pub(super) fn read(
    key: &str,
    node: &Node,
    protocol: Option<Protocol>,
    tagging: Tagging,
    mistakes: &mut Mistakes,
) -> Option<(Action, Sent)> {
    if key == "do" {
        let word = fields::dialogue(node, "`do`", mistakes)?;
        let actions = [Action::Open, Action::StartTls, Action::Deflate, Action::Close, Action::Abort];
        let numbered: Vec<(&str, usize)> = DEEDS.into_iter().zip(0..).collect();
        let index = fields::word(word, &numbered, "word of `do`", mistakes)?;
        if protocol.is_none() && index != 0 {
            mistakes.say(&word.span, "a box can only be opened");
            return None;
        }
        return actions.into_iter().nth(index).map(|action| (action, Sent::default()));
    }
    let Some(protocol) = protocol else {
        mistakes.say(node.span(), format!("a box takes no `{key}`: it has only `do: open`, `S` and `check`"));
        return None;
    };
    match key {
        "C" => {
            let scalar = fields::dialogue(node, "`C`", mistakes)?;
            let (commands, sent) = command::read(scalar, protocol, tagging, mistakes);
            (!commands.is_empty()).then_some((Action::Commands(commands), sent))
        }
        "send" => {
            let (templates, uses, texts) = octets::segments(node, "`send`", mistakes)?;
            Some((Action::Send(templates), Sent { uses, lines: sent_lines(&texts) }))
        }
        "data" | "bdat" => {
            if protocol != Protocol::Smtp {
                mistakes.say(node.span(), format!("`{key}` is for SMTP sessions"));
            }
            let scalar = fields::scalar(node, &format!("`{key}`"), mistakes)?;
            let (template, uses) = octets::template(scalar, mistakes)?;
            let action = if key == "data" { Action::Data(template) } else { Action::Bdat(template) };
            Some((action, Sent { uses, lines: Vec::new() }))
        }
        "each" => {
            let (var, one) = variable(node, "`each`", mistakes)?;
            Some((Action::Each(var), Sent { uses: vec![one], lines: Vec::new() }))
        }
        _ => auth(node, mistakes).map(|auth| (Action::Auth(auth), Sent::default())),
    }
}

/// The command lines in raw octets, as far as they are written out.
fn sent_lines(texts: &[Text]) -> Vec<Text> {
    let mut all = Text::default();
    texts.iter().for_each(|text| all.append(text));
    let mut lines = Vec::new();
    let mut start = 0;
    for piece in all.as_str().split_inclusive("\\r\\n") {
        let bare = piece.strip_suffix("\\r\\n").unwrap_or(piece);
        if piece.len() > bare.len() {
            lines.push(all.slice(start..start + bare.len()));
        }
        start += piece.len();
    }
    lines
}

fn variable(node: &Node, what: &str, mistakes: &mut Mistakes) -> Option<(VarRef, Use)> {
    let text = fields::dialogue(node, what, mistakes)?;
    let name = text.as_str().strip_prefix("${").and_then(|inside| inside.strip_suffix('}'));
    let Some(var) = name.and_then(VarRef::new) else {
        mistakes.add(text.text.mistake(0..text.text.len(), format!("{what} is one variable")));
        return None;
    };
    let one = Use { var: var.clone(), span: text.text.place(), kind: None, binds: Binds::Never };
    Some((var, one))
}

fn auth(node: &Node, mistakes: &mut Mistakes) -> Option<Auth> {
    let map = fields::map(node, "`auth`", mistakes)?;
    fields::only(map, &AUTH_KEYS, "`auth`", mistakes);
    let mechanism = match map.get("mechanism") {
        Some(node) => {
            let text = fields::dialogue(node, "`mechanism`", mistakes)?;
            // RFC 4422 §3.1: upper-case letters, digits, hyphens and underscores, at most twenty.
            let valid = (1..=20).contains(&text.text.len())
                && text.as_str().bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || b"-_".contains(&c));
            if !valid {
                mistakes.add(text.text.mistake(0..text.text.len(), "no SASL mechanism has such a name"));
            }
            Some(text.as_str().to_owned())
        }
        None => None,
    };
    let user = match map.get("user") {
        Some(node) => fields::word(fields::scalar(node, "`user`", mistakes)?, &USERS, "account", mistakes)?,
        None => User::Alice,
    };
    let spoil = match map.get("spoil") {
        Some(node) => Some(fields::word(fields::dialogue(node, "`spoil`", mistakes)?, &SPOILS, "spoil", mistakes)?),
        None => None,
    };
    Some(Auth { mechanism, user, spoil })
}

/// Reads `cut`.
pub(super) fn cut(node: &Node, mistakes: &mut Mistakes) -> Option<(Cut, Vec<Use>)> {
    if let Node::Scalar(_) = node {
        let (var, one) = variable(node, "`cut`", mistakes)?;
        return Some((Cut::Var(var), vec![one]));
    }
    let list = fields::list(node, "`cut`", mistakes)?;
    let offsets: Vec<u64> = list.items.iter().filter_map(|item| fields::number(item, "an offset", mistakes)).collect();
    if offsets.is_empty() || !offsets.is_sorted_by(|left, right| left < right) || offsets.first() == Some(&0) {
        mistakes.say(&list.span, "offsets of `cut` ascend and begin above 0");
        return None;
    }
    Some((Cut::At(offsets), Vec::new()))
}
