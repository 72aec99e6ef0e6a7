//! Text of an `S` line to pattern.

use super::node::Node;
use super::pattern::{Code, Kind, word};
use super::text::Text;
use crate::base::{Mistake, Template};
use crate::imap::Status;

/// Lists nested deeper than this are refused.
const DEEPEST: usize = 100;

/// What kind of text the reader is in: it decides which words end where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    /// Arguments of a response.
    Args,
    /// Arguments of FETCH, where `BODY[…]` is an item.
    Fetch,
    /// Between the brackets of a code.
    Code,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    within: Within,
}

/// Reads one item of an `S` line.
pub(super) fn pattern(text: &str) -> Result<Kind, Mistake> {
    let mut reader = Reader { text, at: 0, within: Within::Args };
    reader.skip_blanks();
    let start = reader.at;
    let first = reader.word();
    match first {
        "*" => reader.untagged(),
        "+" => reader.challenge(),
        _ => reader.tagged(start, first),
    }
}

/// Reads one value, such as the structure of a generated message.
pub(super) fn value(text: &str) -> Result<Node, Mistake> {
    let mut reader = Reader { text, at: 0, within: Within::Args };
    reader.skip_blanks();
    reader.value(0)
}

fn status_of(word: &str) -> Option<Option<Status>> {
    match word.to_ascii_uppercase().as_str() {
        "OK" => Some(Some(Status::Ok)),
        "NO" => Some(Some(Status::No)),
        "BAD" => Some(Some(Status::Bad)),
        "_" => Some(None),
        _ => None,
    }
}

fn untagged_status(word: &str) -> Option<Status> {
    match word.to_ascii_uppercase().as_str() {
        "BYE" => Some(Status::Bye),
        "PREAUTH" => Some(Status::Preauth),
        _ => status_of(word).flatten(),
    }
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn foreign(&self) -> Mistake {
        let message = "not an IMAP pattern; expected an answer such as `OK`, a response such as `* 1 EXISTS`, or `+`";
        Mistake::new(0..self.text.len(), message)
    }

    /// The word that begins here, up to a blank.
    fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn tagged(&mut self, start: usize, first: &'a str) -> Result<Kind, Mistake> {
        if let Some(status) = status_of(first) {
            let code = self.code(word(status))?;
            return Ok(Kind::Tagged { tag: None, status, code });
        }
        if let Some((before, _)) = first.split_once('[').filter(|(before, _)| status_of(before).is_some()) {
            return Err(Mistake::new(start..self.at, format!("a blank belongs between `{before}` and `[`")));
        }
        self.skip_blanks();
        let second = self.word();
        let reply_code = first.len() == 3 && first.bytes().all(|octet| octet.is_ascii_digit());
        let legal = !first.contains(['(', ')', '%', '*', '"', '\\', '+']) && !reply_code;
        let Some(status) = status_of(second).filter(|_| legal) else { return Err(self.foreign()) };
        let tag = Text::bare(first, start)?;
        let code = self.code(&format!("{first} {}", word(status)))?;
        Ok(Kind::Tagged { tag: Some(tag), status, code })
    }

    fn untagged(&mut self) -> Result<Kind, Mistake> {
        self.skip_blanks();
        let mut start = self.at;
        let mut name = self.name_word();
        if let Some(status) = untagged_status(name) {
            let code = self.code(&format!("* {}", word(Some(status))))?;
            return Ok(Kind::Status { status, code });
        }
        let template = Template::parse_line(name).map_err(|mistake| mistake.shifted(start))?;
        let mut number = None;
        if name == "_" {
            number = Some(Node::Any);
        } else if template.as_var().is_some() || name.parse::<u64>().is_ok() {
            number = Some(Node::Text(Text::bare(name, start)?));
        }
        if number.is_some() {
            self.skip_blanks();
            start = self.at;
            name = self.name_word();
        }
        let valid = name.starts_with(|first: char| first.is_ascii_alphabetic())
            && name.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"-._".contains(&octet))
            && untagged_status(name).is_none();
        if !valid {
            return Err(Mistake::new(start..self.at, "a response name such as `EXISTS` belongs here"));
        }
        let name = name.to_ascii_uppercase();
        let at = start..self.at;
        let numbered = matches!(name.as_str(), "EXISTS" | "RECENT" | "EXPUNGE" | "FETCH" | "UIDFETCH");
        if numbered && number.is_none() {
            return Err(Mistake::new(at, format!("{name} comes with a number: write `* _ {name}` for any")));
        }
        self.within = if name.ends_with("FETCH") { Within::Fetch } else { Within::Args };
        let args = self.values(None, 0)?;
        Ok(Kind::Data { number, name, args })
    }

    /// A number, a variable or a name, up to a blank or a parenthesis.
    fn name_word(&mut self) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c: char| c.is_whitespace() || c == '(').unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn challenge(&mut self) -> Result<Kind, Mistake> {
        self.skip_blanks();
        let at = self.at..self.text.len();
        let mut values = self.values(None, 0)?;
        let challenge = values.pop();
        let written = match &challenge {
            None | Some(Node::Any) => true,
            Some(Node::Text(text)) => {
                self.text.get(at.clone()).is_some_and(|all| all.starts_with('"')) || text.template.as_var().is_some()
            }
            Some(Node::Nil | Node::More | Node::List(_) | Node::Section { .. }) => false,
        };
        if !values.is_empty() || !written {
            let message = "text after `+` is for people and never compared: write `+`, or a challenge in double quotes";
            return Err(Mistake::new(at, message));
        }
        Ok(Kind::Continue(challenge))
    }

    /// The code after a status word, and nothing more. `head` is what was read so far.
    fn code(&mut self, head: &str) -> Result<Option<Code>, Mistake> {
        self.skip_blanks();
        let mut code = None;
        let mut written = head.to_owned();
        if self.peek() == Some(b'[') {
            let open = self.at;
            self.at += 1;
            let rest = self.rest();
            let length = rest.find(|c: char| c.is_whitespace() || c == ']').unwrap_or(rest.len());
            let name = rest.get(..length).unwrap_or_default().to_ascii_uppercase();
            if name.is_empty() {
                return Err(Mistake::new(open..open + 1, "a code such as `[TRYCREATE]` has a name"));
            }
            self.at += length;
            self.within = Within::Code;
            let args = self.values(Some((b']', open)), 0)?;
            let named = Code { name, args };
            written.push_str(&named.to_string());
            code = Some(named);
            self.skip_blanks();
        }
        if self.at < self.text.len() {
            let message = format!("text after a status word is for people and never compared: write `{written}`");
            return Err(Mistake::new(self.at..self.text.len(), message));
        }
        Ok(code)
    }

    /// Values up to the closing octet, or to the end.
    fn values(&mut self, close: Option<(u8, usize)>, depth: usize) -> Result<Vec<Node>, Mistake> {
        let mut values = Vec::new();
        loop {
            self.skip_blanks();
            match (self.peek(), close) {
                (None, None) => return Ok(values),
                (None, Some((octet, open))) => {
                    let bracket = if octet == b']' { '[' } else { '(' };
                    return Err(Mistake::new(open..open + 1, format!("unbalanced `{bracket}` opened here")));
                }
                (Some(octet), Some((wanted, _))) if octet == wanted => {
                    self.at += 1;
                    return Ok(values);
                }
                (Some(b')'), _) => return Err(Mistake::new(self.at..self.at + 1, "unbalanced `)`")),
                // It ends every word of a code, so that no word would begin with it, and the reader would stay here.
                (Some(b']'), _) if self.within == Within::Code => {
                    return Err(Mistake::new(self.at..self.at + 1, "unbalanced `]`"));
                }
                (Some(_), _) => values.push(self.value(depth)?),
            }
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, Mistake> {
        let start = self.at;
        match self.peek() {
            Some(b'(') if depth >= DEEPEST => Err(Mistake::new(start..start + 1, "lists are nested too deeply")),
            Some(b'(') => {
                self.at += 1;
                self.values(Some((b')', start)), depth + 1).map(Node::List)
            }
            Some(b'"') => self.string(),
            Some(_) | None => self.token(),
        }
    }

    fn string(&mut self) -> Result<Node, Mistake> {
        let open = self.at;
        let octets = self.text.as_bytes();
        let mut at = open + 1;
        loop {
            match octets.get(at) {
                Some(b'"') => break,
                Some(b'\\') => at += 2,
                None | Some(b'\n') => {
                    return Err(Mistake::new(open..open + 1, "this string has no closing quote on its line"));
                }
                Some(_) => at += 1,
            }
        }
        let inner = self.text.get(open + 1..at).unwrap_or_default();
        self.at = at + 1;
        Text::quoted(inner, open + 1).map(Node::Text)
    }

    fn token(&mut self) -> Result<Node, Mistake> {
        let start = self.at;
        if let Some(section) = self.section()? {
            return Ok(section);
        }
        let code = self.within == Within::Code;
        let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"') || (code && c == ']');
        let rest = self.rest();
        let length = rest.find(ends).unwrap_or(rest.len());
        self.at += length;
        if self.peek() == Some(b'"') {
            return Err(Mistake::new(self.at..self.at + 1, "a blank belongs before this quote"));
        }
        Ok(match rest.get(..length).unwrap_or_default() {
            "_" => Node::Any,
            "..." => Node::More,
            nil if nil.eq_ignore_ascii_case("NIL") => Node::Nil,
            token => Node::Text(Text::bare(token, start)?),
        })
    }

    /// `BODY[…]<n>` and its kin, where they are items.
    fn section(&mut self) -> Result<Option<Node>, Mistake> {
        let start = self.at;
        let rest = self.rest();
        // Only this word is looked through: a long pattern has many.
        let length = rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | '['));
        let (word, behind) = rest.split_at(length.unwrap_or(rest.len()));
        let Some(tail) = behind.strip_prefix('[').filter(|_| self.within == Within::Fetch) else { return Ok(None) };
        let item = word.to_ascii_uppercase();
        if item.ends_with(".PEEK") {
            let at = start..start + item.len();
            return Err(Mistake::new(at, "an answer never says `.PEEK`: write `BODY[` or `BINARY[`"));
        }
        if !matches!(item.as_str(), "BODY" | "BINARY" | "BINARY.SIZE") {
            return Ok(None);
        }
        let open = start + item.len();
        let Some((spec, after)) = tail.split_once(']') else {
            return Err(Mistake::new(open..open + 1, "unbalanced `[` opened here"));
        };
        let blanks = spec.split_whitespace().collect::<Vec<_>>().join(" ");
        let spec_text = Text::bare(&blanks, open + 1)?;
        self.at = open + 1 + spec.len() + 1;
        let mut origin = None;
        if let Some(inner) = after.strip_prefix('<') {
            let Some((number, _)) = inner.split_once('>') else {
                return Err(Mistake::new(self.at..self.at + 1, "this `<` has no `>`"));
            };
            origin = Some(Text::bare(number, self.at + 1)?);
            self.at += number.len() + 2;
        }
        Ok(Some(Node::Section { item, spec: spec_text, origin }))
    }
}
