//! Address lists (RFC 2822 §3.4, with the obsolete forms of §4.4), as ENVELOPE shows them.

/// One address structure of RFC 3501 §7.4.2. A group begins with one that has only `mailbox` and ends with one that has nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) name: Option<Vec<u8>>,
    pub(super) route: Option<Vec<u8>>,
    pub(super) mailbox: Option<Vec<u8>>,
    pub(super) host: Option<Vec<u8>>,
}

#[derive(Debug, Clone)]
struct Token {
    text: Vec<u8>,
    kind: TokenKind,
    gap: Gap,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TokenKind {
    Word,
    Special(u8),
    Comment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    Blank,
    None,
}

/// Reads an unfolded address list. What is no address by any rule comes out as a mailbox with an empty host.
pub(super) fn addresses(value: &[u8]) -> Vec<Address> {
    let mut list = Vec::new();
    let mut pending: Vec<Token> = Vec::new();
    let (mut in_group, mut in_angle) = (false, false);
    for token in tokens(value) {
        match token.kind {
            TokenKind::Special(b',') if !in_angle => finish(&mut list, &mut pending),
            TokenKind::Special(b':') if !in_angle && !in_group => {
                let group = join_phrase(&pending);
                list.push(Address { mailbox: Some(group), ..Address::default() });
                pending.clear();
                in_group = true;
            }
            TokenKind::Special(b';') if !in_angle && in_group => {
                finish(&mut list, &mut pending);
                list.push(Address::default());
                in_group = false;
            }
            TokenKind::Special(c) => {
                in_angle = c == b'<' || (in_angle && c != b'>');
                pending.push(token);
            }
            TokenKind::Word | TokenKind::Comment => pending.push(token),
        }
    }
    finish(&mut list, &mut pending);
    if in_group {
        list.push(Address::default());
    }
    list
}

fn finish(list: &mut Vec<Address>, pending: &mut Vec<Token>) {
    let (comments, tokens): (Vec<Token>, Vec<Token>) =
        pending.drain(..).partition(|token| token.kind == TokenKind::Comment);
    if tokens.is_empty() {
        return;
    }
    let comment = comments.into_iter().next_back().map(|token| token.text);
    let angle = tokens.iter().position(|token| token.kind == TokenKind::Special(b'<'));
    let (phrase, spec) = match angle {
        Some(at) => (tokens.get(..at).unwrap_or_default(), tokens.get(at + 1..).unwrap_or_default()),
        None => (&[][..], tokens.as_slice()),
    };
    let close = spec.iter().position(|token| token.kind == TokenKind::Special(b'>')).unwrap_or(spec.len());
    let spec = spec.get(..close).unwrap_or_default();
    let name = if phrase.is_empty() { comment } else { Some(join_phrase(phrase)) };
    let (route, spec) = split_route(spec);
    let at = spec.iter().rposition(|token| token.kind == TokenKind::Special(b'@')).unwrap_or(spec.len());
    let mailbox = concat(spec.get(..at).unwrap_or_default());
    let host = concat(spec.get(at + 1..).unwrap_or_default());
    list.push(Address { name, route, mailbox: Some(mailbox), host: Some(host) });
}

/// RFC 2822 §4.4 `obs-route`: `@a,@b:` before the address itself.
fn split_route(spec: &[Token]) -> (Option<Vec<u8>>, &[Token]) {
    let colon = spec.iter().position(|token| token.kind == TokenKind::Special(b':'));
    match (spec.first().map(|token| token.kind), colon) {
        (Some(TokenKind::Special(b'@')), Some(colon)) => {
            let route = concat(spec.get(..colon).unwrap_or_default());
            (Some(route), spec.get(colon + 1..).unwrap_or_default())
        }
        _ => (None, spec),
    }
}

fn concat(tokens: &[Token]) -> Vec<u8> {
    tokens.iter().flat_map(|token| token.text.iter().copied()).collect()
}

fn join_phrase(tokens: &[Token]) -> Vec<u8> {
    let mut phrase = Vec::new();
    for token in tokens.iter().filter(|token| token.kind != TokenKind::Comment) {
        if token.gap == Gap::Blank && !phrase.is_empty() {
            phrase.push(b' ');
        }
        phrase.extend_from_slice(&token.text);
    }
    phrase
}

fn tokens(value: &[u8]) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = value;
    let mut gap = Gap::None;
    while let Some((&first, after)) = rest.split_first() {
        let (text, kind);
        (text, kind, rest) = match first {
            b' ' | b'\t' | b'\r' | b'\n' => {
                (rest, gap) = (after, Gap::Blank);
                continue;
            }
            b'"' => {
                let (text, after) = quoted(after);
                (text, TokenKind::Word, after)
            }
            b'(' => {
                let (text, after) = comment(after);
                (text, TokenKind::Comment, after)
            }
            b'[' => {
                let end = rest.iter().position(|&c| c == b']').map_or(rest.len(), |at| at + 1);
                let (text, after) = rest.split_at(end);
                (text.to_vec(), TokenKind::Word, after)
            }
            c if b"<>@,;:.".contains(&c) => (vec![c], TokenKind::Special(c), after),
            _ => {
                let end = after.iter().position(|c| b" \t\r\n\"([<>@,;:.".contains(c)).map_or(rest.len(), |at| at + 1);
                let (text, after) = rest.split_at(end);
                (text.to_vec(), TokenKind::Word, after)
            }
        };
        found.push(Token { text, kind, gap });
        gap = Gap::None;
    }
    found
}

/// The inside of a quoted string without its quoting, and what follows.
fn quoted(mut rest: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut text = Vec::new();
    while let Some((&c, after)) = rest.split_first() {
        rest = after;
        match c {
            b'"' => break,
            b'\\' => {
                if let Some((&escaped, after)) = rest.split_first() {
                    text.push(escaped);
                    rest = after;
                }
            }
            _ => text.push(c),
        }
    }
    (text, rest)
}

/// The inside of a comment, nested ones with their parentheses, and what follows.
fn comment(mut rest: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut text = Vec::new();
    let mut depth = 1_usize;
    while let Some((&c, after)) = rest.split_first() {
        rest = after;
        match c {
            b'(' => depth += 1,
            b')' if depth == 1 => break,
            b')' => depth -= 1,
            b'\\' => {
                if let Some((&escaped, after)) = rest.split_first() {
                    text.push(escaped);
                    rest = after;
                }
                continue;
            }
            _ => {}
        }
        text.push(c);
    }
    (text, rest)
}
