//! `forall`, `cases`, `largest`, `origin` and `deposit`. docs/suite-language.md sections 5, 11 and 13.

use super::fields;
use super::mistakes::Mistakes;
use super::octets::name;
use super::tree::{Map, Node};
use crate::base::{Span, Type, VarRef};
use crate::scenario::{CASES_DEFAULT, Deposit, Generator, Largest, Mailbox, Messages, Origin};

/// docs/suite-language.md section 14.
const CASES_MAX: u64 = 10_000;

/// A `forall` variable, and where it is written.
pub(super) type Generated = (VarRef, Generator, Span);

/// The keys of `{ number: { from, to } }`, of `origin` and of `deposit`.
pub(in crate::scenario) const NUMBER_KEYS: [&str; 1] = ["number"];
pub(in crate::scenario) const RANGE_KEYS: [&str; 2] = ["from", "to"];
pub(in crate::scenario) const ORIGIN_KEYS: [&str; 4] = ["generator", "seed", "case", "shrunk-from"];
pub(in crate::scenario) const DEPOSIT_KEYS: [&str; 2] = ["box", "INBOX"];

pub(in crate::scenario) const GENERATORS: [(&str, Generator); 7] = [
    ("mail-body", Generator::MailBody),
    ("message", Generator::Message),
    ("mime", Generator::Mime),
    ("segmentation", Generator::Segmentation),
    ("smtp-group", Generator::SmtpGroup),
    ("pop3-batch", Generator::Pop3Batch),
    ("imap-batch", Generator::ImapBatch),
];

/// The type of a generated value; groups and segmentations have none, they stand in places of their own.
pub(super) fn kind(generator: &Generator) -> Option<Type> {
    match generator {
        Generator::MailBody | Generator::Message | Generator::Mime => Some(Type::Octets),
        Generator::Number { .. } => Some(Type::Number),
        Generator::Segmentation | Generator::SmtpGroup | Generator::Pop3Batch | Generator::ImapBatch => None,
    }
}

/// Whether a generator makes a group of commands.
pub(super) fn is_group(generator: &Generator) -> bool {
    match generator {
        Generator::SmtpGroup | Generator::Pop3Batch | Generator::ImapBatch => true,
        Generator::MailBody
        | Generator::Message
        | Generator::Mime
        | Generator::Number { .. }
        | Generator::Segmentation => false,
    }
}

pub(super) fn forall(node: &Node, mistakes: &mut Mistakes) -> Vec<Generated> {
    let Some(map) = fields::map(node, "`forall`", mistakes) else { return Vec::new() };
    let mut all = Vec::new();
    for (key, node) in &map.entries {
        let Some(var) = name(key, mistakes) else { continue };
        let generator = match node {
            Node::Map(map) => number(map, mistakes),
            Node::Scalar(_) | Node::List(_) => {
                fields::scalar(node, "a generator", mistakes).and_then(|text| generator(text, mistakes))
            }
        };
        all.extend(generator.map(|generator| (var, generator, key.span.clone())));
    }
    all
}

fn generator(text: &super::tree::Scalar, mistakes: &mut Mistakes) -> Option<Generator> {
    let indexed: Vec<(&str, usize)> = GENERATORS.iter().map(|(word, _)| *word).zip(0..).collect();
    let index = fields::word(text, &indexed, "generator", mistakes)?;
    GENERATORS.get(index).map(|(_, generator)| generator.clone())
}

fn number(map: &Map, mistakes: &mut Mistakes) -> Option<Generator> {
    fields::only(map, &NUMBER_KEYS, "a generator", mistakes);
    let range = fields::map(fields::required(map, "number", "a generator", mistakes)?, "`number`", mistakes)?;
    fields::only(range, &RANGE_KEYS, "`number`", mistakes);
    let from =
        fields::required(range, "from", "`number`", mistakes).and_then(|node| fields::number(node, "`from`", mistakes));
    let to =
        fields::required(range, "to", "`number`", mistakes).and_then(|node| fields::number(node, "`to`", mistakes));
    let (from, to) = (from?, to?);
    if from > to {
        mistakes.say(&range.head(), "`from` is not above `to`");
    }
    Some(Generator::Number { from, to })
}

pub(super) fn cases(map: &Map, mistakes: &mut Mistakes) -> u32 {
    let Some(node) = map.get("cases") else { return CASES_DEFAULT };
    if map.get("forall").is_none() {
        mistakes.say(&map.key_span("cases"), "`cases` goes with `forall`");
    }
    let Some(cases) = fields::number(node, "`cases`", mistakes) else { return CASES_DEFAULT };
    if !(1..=CASES_MAX).contains(&cases) {
        mistakes.say(node.span(), "`cases` is 1 to 10000");
    }
    u32::try_from(cases).unwrap_or(CASES_DEFAULT)
}

pub(super) fn largest(node: &Node, mistakes: &mut Mistakes) -> Option<(Largest, Span)> {
    let map = fields::map(node, "`largest`", mistakes)?;
    let [(key, node)] = map.entries.as_slice() else {
        mistakes.say(&map.head(), "`largest` has one variable with a range: `{ n: 505..100000 }`");
        return None;
    };
    let var = name(key, mistakes)?;
    let text = fields::scalar(node, "a range", mistakes)?;
    let range = text.as_str().split_once("..").and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    match range {
        Some((from, to)) if from < to => Some((Largest { var, from, to }, key.span.clone())),
        Some(_) | None => {
            mistakes.add(
                text.text.mistake(0..text.text.len(), "a range is written `505..100000`, the smaller number first"),
            );
            None
        }
    }
}

pub(super) fn origin(node: &Node, mistakes: &mut Mistakes) -> Option<Origin> {
    let map = fields::map(node, "`origin`", mistakes)?;
    fields::only(map, &ORIGIN_KEYS, "`origin`", mistakes);
    let generator = fields::scalar(fields::required(map, "generator", "`origin`", mistakes)?, "`generator`", mistakes)?;
    let mut number = |key: &str| {
        fields::required(map, key, "`origin`", mistakes)
            .and_then(|node| fields::number(node, &format!("`{key}`"), mistakes))
    };
    let (seed, case, shrunk_from) = (number("seed")?, number("case")?, number("shrunk-from")?);
    Some(Origin {
        generator: generator.as_str().to_owned(),
        seed,
        case: u32::try_from(case).unwrap_or(u32::MAX),
        shrunk_from: u32::try_from(shrunk_from).unwrap_or(u32::MAX),
    })
}

/// `deposit`, with the places of its variables.
pub(super) fn deposit(node: &Node, mistakes: &mut Mistakes) -> (Vec<Deposit>, Vec<(VarRef, Span)>) {
    const LETTERS_MAX: u64 = 1000;
    let (mut all, mut uses) = (Vec::new(), Vec::new());
    let Some(map) = fields::map(node, "`deposit`", mistakes) else { return (all, uses) };
    fields::only(map, &DEPOSIT_KEYS, "`deposit`", mistakes);
    for (key, node) in &map.entries {
        let mailbox = match key.as_str() {
            "box" => Mailbox::Box,
            "INBOX" => Mailbox::Inbox,
            _ => continue,
        };
        let messages = match node {
            Node::List(list) => {
                let mut values = Vec::new();
                for item in &list.items {
                    let Some(text) = fields::scalar(item, "a message", mistakes) else { continue };
                    let Some(var) = name(text, mistakes) else { continue };
                    uses.push((var.clone(), text.span.clone()));
                    values.push(var);
                }
                Messages::Values(values)
            }
            Node::Scalar(_) | Node::Map(_) => {
                let Some(count) = fields::number(node, "a deposit", mistakes) else { continue };
                if count > LETTERS_MAX {
                    mistakes.say(node.span(), "a deposit has at most 1000 letters");
                }
                Messages::Letters(u32::try_from(count).unwrap_or_default())
            }
        };
        all.push(Deposit { mailbox, messages });
    }
    (all, uses)
}
