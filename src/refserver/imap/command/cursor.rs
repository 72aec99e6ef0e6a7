//! The lexical forms of RFC 3501 §9 over the octets of one command.

use thiserror::Error;

use crate::refserver::store::Flag;

/// Whether the client waits before it sends the octets of a literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiteralMode {
    /// `{n}`: it waits for `+`.
    Synchronising,
    /// `{n+}`: the octets follow at once (RFC 7888).
    NonSynchronising,
}

/// Why octets are no command.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ParseError {
    /// The grammar wants something else.
    #[error("{0} is expected")]
    Expected(&'static str),
    /// No such command.
    #[error("unknown command")]
    Unknown,
    /// The command is for another state.
    #[error("the command is not for this state")]
    WrongState,
    /// Search keys nest too deeply.
    #[error("search keys nest too deeply")]
    TooDeep,
    /// All is well up to a literal, whose octets are not here yet.
    #[error("a literal of {octets} octets is to come")]
    Literal {
        /// Its length.
        octets: u64,
        /// Whether the client waits.
        mode: LiteralMode,
    },
}

/// How much of a command is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Whole,
    /// Only up to the CRLF of an announced literal, which may have no octets.
    UpToLiteral,
}

/// What is left of a command. Literals stand in it as on the wire, `{n}` with CRLF and octets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a>(&'a [u8], Extent);

pub(super) type Parsed<T> = Result<T, ParseError>;

fn is_atom_char(c: u8) -> bool {
    c > b' ' && c < 0x7f && !b"(){%*\"\\]".contains(&c)
}

impl<'a> Cursor<'a> {
    pub(super) fn new(octets: &'a [u8], extent: Extent) -> Self {
        Self(octets, extent)
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    pub(super) fn accept(&mut self, wanted: u8) -> bool {
        match self.0.strip_prefix(&[wanted]) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    /// Takes a word in any case.
    pub(super) fn accept_word(&mut self, word: &str) -> bool {
        match self.0.split_at_checked(word.len()) {
            Some((head, rest)) if head.eq_ignore_ascii_case(word.as_bytes()) => {
                self.0 = rest;
                true
            }
            Some(_) | None => false,
        }
    }

    pub(super) fn expect(&mut self, wanted: u8, name: &'static str) -> Parsed<()> {
        if self.accept(wanted) { Ok(()) } else { Err(ParseError::Expected(name)) }
    }

    pub(super) fn space(&mut self) -> Parsed<()> {
        self.expect(b' ', "a blank")
    }

    pub(super) fn end(&self) -> Parsed<()> {
        if self.0.is_empty() { Ok(()) } else { Err(ParseError::Expected("the end of the command")) }
    }

    fn take_while(&mut self, wanted: impl Fn(u8) -> bool) -> &'a [u8] {
        let end = self.0.iter().position(|&c| !wanted(c)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at(end);
        self.0 = rest;
        taken
    }

    /// RFC 3501 §9 `tag`: any `ASTRING-CHAR` but `+`.
    pub(super) fn tag(&mut self) -> Parsed<String> {
        some_text(self.take_while(|c| (is_atom_char(c) || c == b']') && c != b'+'), "a tag")
    }

    pub(super) fn atom(&mut self) -> Parsed<String> {
        some_text(self.take_while(is_atom_char), "an atom")
    }

    /// Letters, as in the names of commands, items and months, in upper case; digits and dots belong to some.
    pub(super) fn word(&mut self) -> String {
        text(self.take_while(|c| c.is_ascii_alphanumeric() || c == b'.')).to_ascii_uppercase()
    }

    pub(super) fn number(&mut self) -> Parsed<u32> {
        let digits = text(self.take_while(|c| c.is_ascii_digit()));
        digits.parse().map_err(|_| ParseError::Expected("a number of 32 bits"))
    }

    pub(super) fn nz_number(&mut self) -> Parsed<u32> {
        match self.number()? {
            0 => Err(ParseError::Expected("a number that is not 0")),
            number => Ok(number),
        }
    }

    /// RFC 7162 §7: 63 bits.
    pub(super) fn modseq(&mut self) -> Parsed<u64> {
        const WANTED: ParseError = ParseError::Expected("a mod-sequence");
        let number: u64 = text(self.take_while(|c| c.is_ascii_digit())).parse().map_err(|_| WANTED)?;
        if i64::try_from(number).is_ok() { Ok(number) } else { Err(WANTED) }
    }

    /// Exactly so many digits.
    pub(super) fn digits(&mut self, count: usize) -> Parsed<u32> {
        let (digits, rest) = self.0.split_at_checked(count).ok_or(ParseError::Expected("digits"))?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(ParseError::Expected("digits"));
        }
        self.0 = rest;
        text(digits).parse().map_err(|_| ParseError::Expected("digits"))
    }

    pub(super) fn astring(&mut self) -> Parsed<Vec<u8>> {
        match self.peek() {
            Some(b'"' | b'{') => self.string(),
            _ => some(self.take_while(|c| is_atom_char(c) || c == b']'), "an atom or string"),
        }
    }

    /// RFC 3501 §9 `list-mailbox`: wildcards need no quotes.
    pub(super) fn list_mailbox(&mut self) -> Parsed<Vec<u8>> {
        match self.peek() {
            Some(b'"' | b'{') => self.string(),
            _ => some(self.take_while(|c| is_atom_char(c) || b"]%*".contains(&c)), "a mailbox pattern"),
        }
    }

    pub(super) fn nstring(&mut self) -> Parsed<Option<Vec<u8>>> {
        if self.accept_word("NIL") { Ok(None) } else { self.string().map(Some) }
    }

    pub(super) fn string(&mut self) -> Parsed<Vec<u8>> {
        if self.accept(b'"') { self.quoted() } else { self.literal() }
    }

    fn quoted(&mut self) -> Parsed<Vec<u8>> {
        let mut octets = Vec::new();
        while let Some((&c, rest)) = self.0.split_first() {
            self.0 = rest;
            match c {
                // RFC 6855 §3: BAD for octets that are no UTF-8.
                b'"' if str::from_utf8(&octets).is_err() => return Err(ParseError::Expected("UTF-8 in quotes")),
                b'"' => return Ok(octets),
                b'\\' => match self.peek() {
                    Some(c @ (b'"' | b'\\')) => {
                        octets.push(c);
                        self.accept(c);
                    }
                    Some(_) | None => break,
                },
                // RFC 3501 §9 TEXT-CHAR is 7-bit without NUL, CR and LF. Eight bits are let through for the command to refuse.
                0 | b'\r' | b'\n' => break,
                _ => octets.push(c),
            }
        }
        Err(ParseError::Expected("a quoted string"))
    }

    pub(super) fn literal(&mut self) -> Parsed<Vec<u8>> {
        let octets = self.literal_octets()?;
        // RFC 3501 §9 CHAR8 is any octet but NUL.
        if octets.contains(&0) {
            return Err(ParseError::Expected("a literal without NUL"));
        }
        Ok(octets.to_vec())
    }

    /// RFC 4466 §6 `literal8`: `~{n}` or, with RFC 7888 §6, `~{n+}`, and any octets.
    pub(super) fn literal8(&mut self) -> Parsed<Vec<u8>> {
        self.expect(b'~', "a literal8")?;
        self.literal_octets().map(<[u8]>::to_vec)
    }

    fn literal_octets(&mut self) -> Parsed<&'a [u8]> {
        const WANTED: ParseError = ParseError::Expected("a string");
        self.accept(b'{').then_some(()).ok_or(WANTED)?;
        let length: u64 = text(self.take_while(|c| c.is_ascii_digit())).parse().map_err(|_| WANTED)?;
        let mode = if self.accept(b'+') { LiteralMode::NonSynchronising } else { LiteralMode::Synchronising };
        self.0 = self.0.strip_prefix(b"}\r\n").ok_or(WANTED)?;
        let missing = ParseError::Literal { octets: length, mode };
        if self.1 == Extent::UpToLiteral && self.0.is_empty() {
            return Err(missing);
        }
        let count = usize::try_from(length).map_err(|_| missing.clone())?;
        let (octets, rest) = self.0.split_at_checked(count).ok_or(missing)?;
        self.0 = rest;
        Ok(octets)
    }

    pub(super) fn flag(&mut self) -> Parsed<Flag> {
        if !self.accept(b'\\') {
            return self.atom().map(|keyword| Flag::new(&keyword));
        }
        let name = self.atom()?;
        // RFC 3501 §9: clients cannot name \Recent, which is no `flag`.
        if name.eq_ignore_ascii_case("Recent") {
            Err(ParseError::Expected("a flag"))
        } else {
            Ok(Flag::new(&format!("\\{name}")))
        }
    }

    /// Items in parentheses, parted by blanks, or none.
    pub(super) fn list_or_none<T>(&mut self, item: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        if self.accept_word("()") { Ok(Vec::new()) } else { self.list(item) }
    }

    /// Items in parentheses, parted by blanks, at least one.
    pub(super) fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        self.expect(b'(', "a parenthesis")?;
        let mut items = vec![item(self)?];
        while self.accept(b' ') {
            items.push(item(self)?);
        }
        self.expect(b')', "a closing parenthesis")?;
        Ok(items)
    }
}

fn text(ascii: &[u8]) -> String {
    ascii.iter().map(|&c| char::from(c)).collect()
}

fn some(octets: &[u8], name: &'static str) -> Parsed<Vec<u8>> {
    if octets.is_empty() { Err(ParseError::Expected(name)) } else { Ok(octets.to_vec()) }
}

fn some_text(octets: &[u8], name: &'static str) -> Parsed<String> {
    some(octets, name).map(|octets| text(&octets))
}
