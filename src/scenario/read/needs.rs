//! `needs`: what must be announced or known. docs/suite-language.md section 9.

use super::fields;
use super::mistakes::Mistakes;
use super::scenario::Draft;
use super::text::Text;
use super::tree::Node;
use crate::base::closest;
use crate::scenario::{CapabilityNeed, FACTS, LEVELS, Need, Protocol, fact};

/// A need as read.
#[derive(Debug, Clone)]
pub(super) struct ReadNeed {
    pub(super) need: Need,
}

/// Reads the list.
pub(super) fn read(node: &Node, mistakes: &mut Mistakes) -> Vec<ReadNeed> {
    let Some(list) = fields::list(node, "`needs`", mistakes) else { return Vec::new() };
    let mut all: Vec<ReadNeed> = Vec::new();
    for item in &list.items {
        let Some(text) = fields::scalar(item, "a need", mistakes) else { continue };
        let Some(need) = one(&text.text, mistakes) else { continue };
        if all.iter().any(|other| other.need == need) {
            mistakes.add(text.text.mistake(0..text.text.len(), "this need stands twice"));
        }
        all.push(ReadNeed { need });
    }
    all
}

fn one(text: &Text, mistakes: &mut Mistakes) -> Option<Need> {
    let written = text.as_str();
    let (negated, word) = match written.strip_prefix("no ") {
        Some(rest) => (Negated::Yes, rest),
        None => (Negated::No, written),
    };
    let at = written.len() - word.len()..written.len();
    if word.contains(' ') {
        let joined = word.split_ascii_whitespace().collect::<Vec<_>>().join("=");
        mistakes.add(text.mistake(at, format!("no blanks in a need: write `{joined}`")));
        return None;
    }
    let small = word.starts_with(|c: char| c.is_ascii_lowercase()) && !word.contains('/');
    if !small {
        let words: Option<Vec<CapabilityNeed>> = word.split('|').map(capability).collect();
        return match (words, negated) {
            (Some(words), Negated::No) => Some(Need::Capability(words)),
            (Some(mut words), Negated::Yes) if words.len() == 1 => words.pop().map(Need::NoCapability),
            (Some(_), Negated::Yes) => {
                mistakes.add(text.mistake(at, "`no` takes one capability: write one need for each"));
                None
            }
            (None, _) => {
                let message =
                    "not a need: a capability such as `UIDPLUS`, `imap/UIDPLUS`, `AUTH=PLAIN` or `RIGHTS=*`, or a fact";
                mistakes.add(text.mistake(at, message));
                None
            }
        };
    }
    match (word, negated) {
        ("slow", Negated::No) => Some(Need::Slow),
        ("destructive", Negated::No) => Some(Need::Destructive),
        (word, Negated::No) if fact(word).is_some() => Some(Need::Fact(word.to_owned())),
        (word, Negated::Yes) if fact(word).is_some() => Some(Need::NoFact(word.to_owned())),
        (word, _) => {
            let guess = closest(word, FACTS.iter().map(|fact| fact.name).chain(LEVELS));
            let hint = guess.map_or_else(String::new, |guess| format!("; did you mean `{guess}`?"));
            mistakes.add(text.mistake(at, format!("unknown fact{hint}")));
            None
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Negated {
    Yes,
    No,
}

fn capability(word: &str) -> Option<CapabilityNeed> {
    let (protocol, word) = match word.split_once('/') {
        Some((protocol, word)) => {
            let protocol = match protocol {
                "smtp" => Protocol::Smtp,
                "pop3" => Protocol::Pop3,
                "imap" => Protocol::Imap,
                _ => return None,
            };
            (Some(protocol), word)
        }
        None => (None, word),
    };
    let bare = word.strip_suffix('*').unwrap_or(word);
    let valid = bare.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit())
        && bare.bytes().all(|c| c.is_ascii_graphic() && !b"*|/".contains(&c));
    valid.then(|| CapabilityNeed { protocol, word: word.to_owned() })
}

/// A row applies only with its needs: the scenario has to have them. Mistake 29.
pub(super) fn check(draft: &Draft<'_>, mistakes: &mut Mistakes) {
    for (id, span) in &draft.covers {
        let Some(row) = draft.rows.get(id) else { continue };
        let missing = |needs: &[String]| needs.iter().find(|need| !met(need, &draft.needs)).cloned();
        let Some(need) = missing(&row.needs) else { continue };
        // A row with `same_as` is judged as the row named wherever the needs of that one are met.
        let canonical = row.same_as.as_ref().and_then(|same| draft.rows.get(same));
        if canonical.is_some_and(|row| !row.needs.is_empty() && missing(&row.needs).is_none()) {
            continue;
        }
        mistakes.say(span, format!("`{id}` applies only with {need}: add it to `needs`"));
    }
}

/// Whether one of the scenario's needs sees to this need of a row.
fn met(wanted: &str, needs: &[ReadNeed]) -> bool {
    needs.iter().any(|read| match &read.need {
        Need::Capability(any) => any.iter().all(|have| wanted.split('|').any(|wanted| implies(&have.word, wanted))),
        Need::Fact(word) => word == wanted,
        Need::NoCapability(_) | Need::NoFact(_) | Need::Slow | Need::Destructive => false,
    })
}

fn implies(have: &str, wanted: &str) -> bool {
    let (have, wanted) = (have.to_ascii_uppercase(), wanted.to_ascii_uppercase());
    if have == wanted || wanted.strip_suffix('*').is_some_and(|prefix| have.starts_with(prefix)) {
        return true;
    }
    match wanted.as_str() {
        // RFC 7162 §3.2.3: QRESYNC comes with CONDSTORE.
        "CONDSTORE" => have == "QRESYNC",
        "AUTH" | "SASL" | "SCRAM" => have.starts_with("AUTH="),
        "SCRAM-PLUS" => have.starts_with("AUTH=SCRAM-") && have.ends_with("-PLUS"),
        // RFC 6856 §2.1: the argument stands behind the tag.
        "UTF8" => have.starts_with("UTF8="),
        _ => false,
    }
}

/// Whether a capability is among the needs, whatever the protocol.
pub(super) fn has(needs: &[ReadNeed], word: &str) -> bool {
    met(word, needs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stronger_capabilities_meet_weaker_needs() {
        for (have, wanted) in [
            ("UIDPLUS", "UIDPLUS"),
            ("QRESYNC", "CONDSTORE"),
            ("AUTH=PLAIN", "SASL"),
            ("AUTH=SCRAM-SHA-256", "SCRAM"),
            ("RIGHTS=TEXK", "RIGHTS=*"),
            ("RIGHTS=*", "RIGHTS=*"),
            ("UTF8=USER", "UTF8"),
            ("AUTH=SCRAM-SHA-1-PLUS", "SCRAM-PLUS"),
        ] {
            assert!(implies(have, wanted), "{have} {wanted}");
        }
        for (have, wanted) in [("CONDSTORE", "QRESYNC"), ("SORT=DISPLAY", "SORT"), ("AUTH", "AUTH=PLAIN")] {
            assert!(!implies(have, wanted), "{have} {wanted}");
        }
    }
}
