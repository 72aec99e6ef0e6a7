//! Paths and their parts (RFC 5321 §4.1.2, §4.1.3).

use std::net::{Ipv4Addr, Ipv6Addr};

/// A mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mailbox {
    /// What the local part means: without quotes and backslashes.
    pub(super) local: String,
    /// A domain name or an address literal, as given.
    pub(super) domain: String,
    /// All of it as given.
    pub(super) text: String,
}

/// What stands between the angle brackets, without the source route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Path {
    /// `<>`
    Null,
    /// `<postmaster>` in any case, without a domain.
    Postmaster,
    /// Anything else.
    Mailbox(Mailbox),
}

/// RFC 5321 §4.5.3.1.1 to §4.5.3.1.3.
const LOCAL_MAX: usize = 64;
const DOMAIN_MAX: usize = 255;
const PATH_MAX: usize = 256;

impl Path {
    /// The mailbox as given, without angle brackets and source route.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Postmaster => "postmaster".to_owned(),
            Self::Mailbox(mailbox) => mailbox.text.clone(),
        }
    }

    /// The path at the beginning of a text, and what follows it.
    pub(super) fn parse(text: &str) -> Option<(Self, &str)> {
        let inside = text.strip_prefix('<')?;
        if let Some(rest) = inside.strip_prefix('>') {
            return Some((Self::Null, rest));
        }
        let word = inside.split_once('>').filter(|(word, _)| word.eq_ignore_ascii_case("postmaster"));
        if let Some((_, rest)) = word {
            return Some((Self::Postmaster, rest));
        }
        let (mailbox, rest) = mailbox(source_route(inside)?)?;
        let rest = rest.strip_prefix('>')?;
        (text.len() - rest.len() <= PATH_MAX).then_some((Self::Mailbox(mailbox), rest))
    }
}

/// Whether a text is a domain name or an address literal, as EHLO wants one.
pub(super) fn is_host(text: &str) -> bool {
    text.is_ascii() && matches!(host(text), Some((_, "")))
}

/// What follows the source route, which is ignored (RFC 5321 §3.3).
fn source_route(mut text: &str) -> Option<&str> {
    while let Some(hop) = text.strip_prefix('@') {
        let (_, rest) = name(hop)?;
        match rest.strip_prefix(':') {
            Some(rest) => return Some(rest),
            None => text = rest.strip_prefix(',').filter(|next| next.starts_with('@'))?,
        }
    }
    Some(text)
}

fn mailbox(text: &str) -> Option<(Mailbox, &str)> {
    let (local, rest) = if text.starts_with('"') { quoted(text)? } else { dot_string(text)? };
    if text.len() - rest.len() > LOCAL_MAX {
        return None;
    }
    let (domain, rest) = host(rest.strip_prefix('@')?)?;
    let (all, _) = text.split_at_checked(text.len() - rest.len())?;
    Some((Mailbox { local, domain: domain.to_owned(), text: all.to_owned() }, rest))
}

fn dot_string(text: &str) -> Option<(String, &str)> {
    // RFC 6531 §3.3 takes all of UTF-8 beyond ASCII as `atext`. Whether it may stand here is the caller's to say.
    let atext = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    let (run, rest) = split_run(text, |c| atext(c) || c == '.');
    run.split('.').all(|atom| !atom.is_empty()).then(|| (run.to_owned(), rest))
}

fn quoted(text: &str) -> Option<(String, &str)> {
    let mut meaning = String::new();
    let mut rest = text.strip_prefix('"')?.chars();
    loop {
        let next = match rest.next()? {
            '"' => return Some((meaning, rest.as_str())),
            '\\' => rest.next()?,
            plain => plain,
        };
        if next.is_ascii() && !(' '..='~').contains(&next) {
            return None;
        }
        meaning.push(next);
    }
}

fn host(text: &str) -> Option<(&str, &str)> {
    let Some(inside) = text.strip_prefix('[') else { return name(text) };
    let (literal, rest) = inside.split_once(']')?;
    is_address(literal).then_some(())?;
    let (all, _) = text.split_at_checked(text.len() - rest.len())?;
    Some((all, rest))
}

fn is_address(literal: &str) -> bool {
    let Some((tag, address)) = literal.split_once(':') else { return literal.parse::<Ipv4Addr>().is_ok() };
    if tag.eq_ignore_ascii_case("IPv6") {
        return address.parse::<Ipv6Addr>().is_ok();
    }
    let graphic = |c: char| ('!'..='Z').contains(&c) || ('^'..='~').contains(&c);
    is_label(tag) && !address.is_empty() && address.chars().all(graphic)
}

fn name(text: &str) -> Option<(&str, &str)> {
    let (run, rest) = split_run(text, |c| is_in_label(c) || c == '.');
    (run.len() <= DOMAIN_MAX && run.split('.').all(is_label)).then_some((run, rest))
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= 63
        && label.chars().all(is_in_label)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// Letters, digits and hyphens, and what a U-label may hold (RFC 6531 §3.3): no blanks, controls or other kinds of dots.
fn is_in_label(c: char) -> bool {
    let wide = !c.is_ascii() && !c.is_control() && !c.is_whitespace() && !"\u{3002}\u{ff0e}\u{ff61}".contains(c);
    wide || c.is_ascii_alphanumeric() || c == '-'
}

fn split_run(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at_checked(text.find(|c| !belongs(c)).unwrap_or(text.len())).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_follow_the_grammar() {
        let accepted = [
            ("<a@b.test>", "a", "b.test", ""),
            ("<a.b+c@b> SIZE=1", "a.b+c", "b", " SIZE=1"),
            ("<\"a\\\"> @b\"@c>", "a\"> @b", "c", ""),
            ("<\"\"@c>", "", "c", ""),
            ("<@x.test,@y:a@b>", "a", "b", ""),
            ("<a@[127.0.0.1]>", "a", "[127.0.0.1]", ""),
            ("<a@[IPv6:::1]>", "a", "[IPv6:::1]", ""),
            ("<\u{5b57}.\u{ff20}@\u{5b57}.test>x", "\u{5b57}.\u{ff20}", "\u{5b57}.test", "x"),
            ("<\"\u{e9} \"@b>", "\u{e9} ", "b", ""),
        ];
        for (text, local, domain, left) in accepted {
            let Some((Path::Mailbox(mailbox), rest)) = Path::parse(text) else { panic!("{text}") };
            assert_eq!((mailbox.local.as_str(), mailbox.domain.as_str(), rest), (local, domain, left));
        }
        assert_eq!(Path::parse("<>"), Some((Path::Null, "")));
        assert_eq!(Path::parse("<PostMaster>x"), Some((Path::Postmaster, "x")));
        let refused = [
            "",
            "a@b",
            "<a>",
            "<a@b",
            "<a@>",
            "<@b>",
            "<.a@b>",
            "<a..b@c>",
            "<a.@b>",
            "<a b@c>",
            "<a@b@c>",
            "<a@b..c>",
            "<a@-b>",
            "<a@b.>",
            "<a@[300.0.0.1]>",
            "<a@[]>",
            "<\"a@b>",
            "<@x a@b>",
            "<@x,y:a@b>",
            "< a@b>",
            "<a@b_c>",
            "<\u{e9}..a@b>",
            "<\u{e9} a@b>",
            "<a@b\u{3002}c>",
            "<a@\u{a0}b>",
        ];
        for text in refused {
            assert_eq!(Path::parse(text), None, "{text}");
        }
        let at_limit = format!("<{}@b>", "a".repeat(64));
        assert!(Path::parse(&at_limit).is_some());
        assert!(Path::parse(&at_limit.replace('@', "a@")).is_none());
    }
}
