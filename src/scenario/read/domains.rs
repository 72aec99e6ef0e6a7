//! Mail of a suite goes nowhere but to the target: mistake 33. docs/suite-language.md section 14.

use std::net::{IpAddr, Ipv4Addr};

use super::mistakes::Mistakes;
use super::text::Text;
use super::tree::{Map, Node};

/// RFC 2606, as far as the language names it.
const RESERVED: [&str; 6] = ["test", "example", "invalid", "example.com", "example.net", "example.org"];

/// Looks at every text that may be sent.
pub(super) fn check(scenario: &Map, mistakes: &mut Mistakes) {
    const SENT: [&str; 4] = ["let", "setup", "steps", "cleanup"];
    for (key, value) in &scenario.entries {
        if SENT.contains(&key.as_str()) {
            node(value, mistakes);
        }
    }
}

/// Looks at every text of a node; what only people read and what is only compared stays out of it.
pub(super) fn node(node_: &Node, mistakes: &mut Mistakes) {
    match node_ {
        Node::Scalar(scalar) => text(&scalar.text, mistakes),
        Node::List(list) => list.items.iter().for_each(|item| node(item, mistakes)),
        Node::Map(map) => {
            const NOT_SENT: [&str; 8] = ["S", "check", "note", "for", "in", "within", "until", "file"];
            let sent = map.entries.iter().filter(|(key, _)| !NOT_SENT.contains(&key.as_str()));
            sent.for_each(|(_, value)| node(value, mistakes));
        }
    }
}

fn text(text: &Text, mistakes: &mut Mistakes) {
    let octets = text.as_str().as_bytes();
    for (at, octet) in octets.iter().enumerate() {
        let found = match octet {
            // A domain behind `@`, or behind the `%` of a relay's disguise.
            b'@' | b'%' => forward(text.as_str(), at + 1),
            // A domain before the `!` of a bang path.
            b'!' => backward(text.as_str(), at),
            _ => None,
        };
        let Some((start, domain)) = found else { continue };
        if is_foreign(&domain) {
            let message = format!("`{domain}` could be a stranger: use `${{foreign}}` or a reserved name");
            mistakes.add(text.mistake(start..start + domain.len(), message));
        }
    }
}

fn is_domain_octet(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"-.".contains(&octet) || octet >= 0x80
}

/// The domain that begins here; variables are part of it. An address literal is one with its brackets.
fn forward(text: &str, start: usize) -> Option<(usize, String)> {
    let rest = text.get(start..)?;
    if rest.starts_with('[') {
        let end = rest.find(']')?;
        return Some((start, rest.get(..=end)?.to_owned()));
    }
    let mut end = 0;
    while let Some(octet) = rest.as_bytes().get(end) {
        let variable = rest.get(end..).filter(|tail| tail.starts_with("${")).and_then(|tail| tail.find('}'));
        match variable {
            Some(close) => end += close + 1,
            None if is_domain_octet(*octet) => end += 1,
            None => break,
        }
    }
    let domain = rest.get(..end)?.trim_end_matches(['.', '-']);
    (!domain.is_empty()).then(|| (start, domain.to_owned()))
}

fn backward(text: &str, end: usize) -> Option<(usize, String)> {
    let before = text.get(..end)?;
    let length = before.bytes().rev().take_while(|octet| is_domain_octet(*octet)).count();
    let domain = before.get(end - length..)?;
    (!domain.is_empty()).then(|| (end - length, domain.to_owned()))
}

/// Whether mail could leave for there. A name without a dot is no domain of the Internet.
fn is_foreign(domain: &str) -> bool {
    if let Some(literal) = domain.strip_prefix('[').and_then(|inside| inside.strip_suffix(']')) {
        return !literal.contains("${") && !is_harmless_address(literal);
    }
    let name = domain.to_ascii_lowercase();
    let dotted = name.trim_matches('.').contains('.');
    let numbers = name.split('.').all(|label| label.bytes().all(|c| c.is_ascii_digit()));
    let reserved = RESERVED.iter().any(|known| name == *known || name.ends_with(&format!(".{known}")));
    dotted && !reserved && !numbers && !name.ends_with('}') && !name.contains("..")
}

/// Loopback and the networks of RFC 5737 and RFC 3849.
fn is_harmless_address(literal: &str) -> bool {
    let bare = literal.strip_prefix("IPv6:").unwrap_or(literal);
    match bare.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => {
            let [a, b, c, _] = address.octets();
            address.is_loopback()
                || address == Ipv4Addr::UNSPECIFIED
                || matches!((a, b, c), (192, 0, 2) | (198, 51, 100) | (203, 0, 113))
        }
        Ok(IpAddr::V6(address)) => address.is_loopback() || matches!(address.segments(), [0x2001, 0x0db8, ..]),
        // What is no address is sent nowhere.
        Err(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::base::SourceFile;

    fn found(line: &str) -> usize {
        let file = Arc::new(SourceFile { name: "a".to_owned(), text: line.to_owned() });
        let mut mistakes = Mistakes::default();
        text(&Text::exact(&file, 0, line), &mut mistakes);
        mistakes.into_vec().len()
    }

    #[test]
    fn only_the_target_and_reserved_names_can_be_sent_to() {
        for line in [
            "RCPT TO:<x@gmail.com>",
            "RCPT TO:<x%gmail.com@${domain}>",
            "RCPT TO:<gmail.com!x@${domain}>",
            "RCPT TO:<x@[8.8.8.8]>",
            "RCPT TO:<x@${domain}.com>",
            "From: <a@bücher.de>",
            "RCPT TO:<@a.test,@b.com:x@c.test>",
        ] {
            assert_eq!(found(line), 1, "{line}");
        }
        for line in [
            "RCPT TO:<x@${foreign}>",
            "RCPT TO:<x@mail.${domain}>",
            "RCPT TO:<broken..address@@>",
            "Message-ID: <1@x.test>",
            "<a@EXAMPLE.com>",
            "<a@[127.0.0.1]> <a@[IPv6:2001:db8::1]>",
            "100% sure! yes",
            "x@localhost",
        ] {
            assert_eq!(found(line), 0, "{line}");
        }
    }
}
