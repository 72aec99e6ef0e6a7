//! The keys of a map, taken one by one; what is left over is a mistake.

use std::time::Duration;

use super::mistakes::Mistakes;
use super::tree::{List, Map, Node, Scalar, Style};
use crate::base::closest;
use crate::scenario::Diagnostic;

/// Words that people try, and the key that they mean.
const MEANT: [(&str, &str); 13] = [
    ("expect", "S"),
    ("response", "S"),
    ("answer", "S"),
    ("reply", "S"),
    ("server", "S"),
    ("s", "S"),
    ("command", "C"),
    ("client", "C"),
    ("c", "C"),
    ("requires", "needs"),
    ("variables", "let"),
    ("teardown", "cleanup"),
    ("timeout", "within"),
];

/// Reports every key that is not `known`. `place` says where: `a step`.
pub(super) fn only(map: &Map, known: &[&str], place: &str, mistakes: &mut Mistakes) {
    for (index, (key, value)) in map.entries.iter().enumerate() {
        let word = key.as_str();
        if known.contains(&word) {
            continue;
        }
        let before = index.checked_sub(1).and_then(|before| map.entries.get(before));
        if let Some((owner, text)) =
            before.and_then(|(owner, before)| Some((owner.as_str(), cut_by_comma(before, key, value)?)))
        {
            let message = format!("inside `{{ }}` a comma ends a plain value: quote the whole: `{owner}: '{text}'`");
            mistakes.say(&key.span, message);
            continue;
        }
        let meant =
            MEANT.iter().find(|(wrong, right)| *wrong == word && known.contains(right)).map(|(_, right)| *right);
        let guess = meant.or_else(|| closest(word, known.iter().copied()));
        let message = match guess {
            Some(guess) => format!("unknown key `{word}` in {place}; did you mean `{guess}`?"),
            None => format!("unknown key `{word}` in {place}"),
        };
        mistakes.add(Diagnostic::new(key.span.clone(), message).with_help(format!("known keys: {}", known.join(", "))));
    }
}

/// `{ S: 5xx, done | 2xx }`: YAML ends the value at the comma, and takes what follows for a key without value. The whole
/// text, if that is what happened.
fn cut_by_comma(before: &Node, key: &Scalar, value: &Node) -> Option<String> {
    let (Node::Scalar(before), Node::Scalar(value)) = (before, value) else { return None };
    let between = before.span.file.as_ref()?.text.get(before.span.end..key.span.start)?;
    let nothing = value.style == Style::Missing && value.span.start == value.span.end;
    let plain = before.style == Style::Plain && key.style == Style::Plain;
    (nothing && plain && between.trim() == ",").then(|| format!("{}, {}", before.as_str(), key.as_str()))
}

/// The node as a map.
pub(super) fn map<'a>(node: &'a Node, what: &str, mistakes: &mut Mistakes) -> Option<&'a Map> {
    match node {
        Node::Map(map) => Some(map),
        Node::Scalar(_) | Node::List(_) => wrong(node, &format!("{what} is a map"), mistakes),
    }
}

/// The node as a list.
pub(super) fn list<'a>(node: &'a Node, what: &str, mistakes: &mut Mistakes) -> Option<&'a List> {
    match node {
        Node::List(list) => Some(list),
        Node::Scalar(_) | Node::Map(_) => wrong(node, &format!("{what} is a list"), mistakes),
    }
}

/// The node as a text.
pub(super) fn scalar<'a>(node: &'a Node, what: &str, mistakes: &mut Mistakes) -> Option<&'a Scalar> {
    match node {
        Node::Scalar(scalar) if scalar.style == Style::Missing => {
            mistakes.say(&scalar.span, format!("{what} has no value; an empty text is `''`"));
            None
        }
        Node::Scalar(scalar) => Some(scalar),
        Node::List(_) | Node::Map(_) => wrong(node, &format!("{what} is a text"), mistakes),
    }
}

/// The node as a text for people; the last line break of a block is not part of it.
pub(super) fn prose(node: &Node, what: &str, mistakes: &mut Mistakes) -> Option<String> {
    let text = scalar(node, what, mistakes)?;
    let text = if text.is_block() { text.text.without_last_break() } else { text.text.clone() };
    Some(text.as_str().to_owned())
}

/// The node as a text of a dialogue, where quotes and folding are not free.
pub(super) fn dialogue<'a>(node: &'a Node, what: &str, mistakes: &mut Mistakes) -> Option<&'a Scalar> {
    let text = scalar(node, what, mistakes)?;
    style(text, mistakes);
    Some(text)
}

/// Double quotes and `>` are mistakes in the keys of a dialogue. docs/suite-language.md section 2.
pub(super) fn style(text: &Scalar, mistakes: &mut Mistakes) {
    match text.style {
        Style::Double => mistakes
            .say(&text.span, "double quotes make YAML eat backslashes: write it plain, in single quotes or in a block"),
        Style::Folded => {
            mistakes.say(&text.span, "`>` makes YAML join lines: write it plain, in single quotes or in a block `|`");
        }
        Style::Plain | Style::Single | Style::Block | Style::Missing => {}
    }
}

fn wrong<T>(node: &Node, wanted: &str, mistakes: &mut Mistakes) -> Option<T> {
    let mut diagnostic = Diagnostic::new(node.span().clone(), format!("{wanted}, but {} stands here", node.kind()));
    let brace = node.span().file.as_ref().and_then(|file| file.text.as_bytes().get(node.span().start));
    if matches!(brace, Some(b'{' | b'[')) {
        diagnostic = diagnostic.with_help("a text that begins with `{` or `[` must stand in single quotes");
    }
    mistakes.add(diagnostic);
    None
}

/// Digits as a number.
pub(super) fn number(node: &Node, what: &str, mistakes: &mut Mistakes) -> Option<u64> {
    let text = scalar(node, what, mistakes)?;
    let digits = text.as_str();
    let value = digits.bytes().all(|c| c.is_ascii_digit()).then(|| digits.parse().ok()).flatten();
    if value.is_none() {
        mistakes.add(text.text.mistake(0..text.text.len(), format!("{what} is a number")));
    }
    value
}

/// `500ms`, `2s`, `9m50s`.
pub(super) fn parse_duration(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut total = Duration::ZERO;
    let mut last = u64::MAX;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let value: u64 = rest.get(..digits)?.parse().ok()?;
        let unit = rest.get(digits..)?;
        let unit = unit.get(..unit.find(|c: char| c.is_ascii_digit()).unwrap_or(unit.len()))?;
        let milliseconds = match unit {
            "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            _ => return None,
        };
        if milliseconds >= last {
            return None;
        }
        last = milliseconds;
        total = total.checked_add(Duration::from_millis(value.checked_mul(milliseconds)?))?;
        rest = rest.get(digits + unit.len()..)?;
    }
    (last != u64::MAX).then_some(total)
}

/// A duration, at most `most`.
pub(super) fn duration(node: &Node, what: &str, most: Duration, mistakes: &mut Mistakes) -> Option<Duration> {
    let text = scalar(node, what, mistakes)?;
    match parse_duration(text.as_str()) {
        Some(duration) if duration <= most => Some(duration),
        Some(_) => {
            let minutes = most.as_secs() / 60;
            mistakes.add(text.text.mistake(0..text.text.len(), format!("{what} is at most {minutes}m")));
            None
        }
        None => {
            let message = format!("`{}` is no duration: write it like `500ms`, `2s` or `9m50s`", text.as_str());
            mistakes.add(text.text.mistake(0..text.text.len(), message));
            None
        }
    }
}

/// The value of a key that has to be there.
pub(super) fn required<'a>(map: &'a Map, key: &str, place: &str, mistakes: &mut Mistakes) -> Option<&'a Node> {
    let found = map.get(key);
    if found.is_none() {
        mistakes.say(&map.head(), format!("{place} has no `{key}`"));
    }
    found
}

/// One of some words.
pub(super) fn word<T: Copy>(text: &Scalar, words: &[(&str, T)], what: &str, mistakes: &mut Mistakes) -> Option<T> {
    let found = words.iter().find(|(word, _)| *word == text.as_str()).map(|(_, value)| *value);
    if found.is_none() {
        let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let guess = closest(text.as_str(), names.iter().copied());
        let message = match guess {
            Some(guess) => format!("unknown {what} `{}`; did you mean `{guess}`?", text.as_str()),
            None => format!("unknown {what} `{}`", text.as_str()),
        };
        let help = format!("one of {}", names.join(", "));
        mistakes.add(text.text.mistake(0..text.text.len(), message).with_help(help));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_from_large_units_to_small() {
        for (text, milliseconds) in [("500ms", 500), ("2s", 2000), ("9m50s", 590_000), ("1h", 3_600_000), ("0s", 0)] {
            assert_eq!(parse_duration(text), Some(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in ["", "2", "s", "2x", "2s9m", "2s2s", "-1s", "1.5s", "99999999999999999999s", "9999999999999999h"] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }
}
