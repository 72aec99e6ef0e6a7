//! Where the parser stands in a response, and what it says when the grammar is broken.

use super::rule::{Rule, RuleSet};
use crate::base::SyntaxError;
use crate::imap::Revision;

/// Lists within lists that are followed. Messages of real life have less than twenty.
const MAX_DEPTH: u32 = 128;
/// What is expected where there are more. The framer takes it for a bound of this program, since the grammar has none.
pub(in crate::imap) const TOO_DEEP: &str = "fewer lists within lists";

/// The first place that breaks the grammar.
#[derive(Debug)]
pub(super) struct Fault {
    at: usize,
    rule: Rule,
    charged: Rule,
    expected: String,
}

pub(super) type Parsed<T> = Result<T, Fault>;

/// A place in the octets of one response.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    raw: &'a [u8],
    at: usize,
    revision: Revision,
    depth: u32,
    rule: Rule,
    /// The innermost rule with a requirement of its own.
    charged: Rule,
    literal_end: Option<usize>,
    quoted_end: Option<usize>,
    entered: RuleSet,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(raw: &'a [u8], revision: Revision) -> Self {
        let rule = Rule::Response;
        let mut entered = RuleSet::default();
        entered.insert(rule);
        Self { raw, at: 0, revision, depth: 0, rule, charged: rule, literal_end: None, quoted_end: None, entered }
    }

    /// Reads something by `rule`: faults inside are charged to its requirement, or to the enclosing rule's.
    pub(super) fn enter<T>(&mut self, rule: Rule, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let outer = (self.rule, self.charged);
        self.rule = rule;
        self.entered.insert(rule);
        if rule.requirement(self.revision).is_some() {
            self.charged = rule;
        }
        let read = read(self);
        (self.rule, self.charged) = outer;
        read
    }

    /// As `enter`, for rules that contain themselves.
    pub(super) fn nest<T>(&mut self, rule: Rule, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == MAX_DEPTH {
            return self.fault(TOO_DEEP);
        }
        self.depth += 1;
        let read = self.enter(rule, read);
        self.depth -= 1;
        read
    }

    /// A fault right here.
    pub(super) fn fault<T>(&self, expected: impl Into<String>) -> Parsed<T> {
        self.fault_at(self.at, expected)
    }

    pub(super) fn fault_at<T>(&self, at: usize, expected: impl Into<String>) -> Parsed<T> {
        let charged = match self.raw.get(at) {
            Some(0) => Rule::Nul,
            Some(b' ' | b')' | b'\r' | b'\n') => self.charged,
            // Text right behind a literal: its count was wrong.
            Some(_) if self.literal_end == Some(at) => Rule::Literal,
            Some(_) if self.quoted_end == Some(at) && self.is_text(at) => Rule::BareQuote,
            Some(_) | None => self.charged,
        };
        Err(Fault { at, rule: self.rule, charged, expected: expected.into() })
    }

    /// Whether what follows a quoted string was meant as text of it, for a quote in it had no backslash. Before another value
    /// a blank is missing.
    fn is_text(&self, at: usize) -> bool {
        let rest = self.raw.get(at..).unwrap_or_default();
        let value = |octet: &u8| b"\"(]".contains(octet) || octet.is_ascii_digit();
        !rest.first().is_some_and(value) && !rest.starts_with(b"NIL")
    }

    /// A fault charged to a rule of its own.
    pub(super) fn charge<T>(&self, at: usize, rule: Rule, expected: impl Into<String>) -> Parsed<T> {
        Err(Fault { at, rule, charged: rule, expected: expected.into() })
    }

    pub(super) fn revision(&self) -> Revision {
        self.revision
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Goes back to a place that was read before, for the few rules that need to look ahead.
    pub(super) fn back_to(&mut self, at: usize) {
        self.at = at;
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.raw.get(self.at).copied()
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.raw.get(self.at..).unwrap_or_default()
    }

    pub(super) fn since(&self, start: usize) -> &'a [u8] {
        self.raw.get(start..self.at).unwrap_or_default()
    }

    pub(super) fn skip(&mut self, octets: usize) {
        self.at = self.raw.len().min(self.at + octets);
    }

    pub(super) fn skip_literal(&mut self, octets: usize) {
        self.skip(octets);
        self.literal_end = Some(self.at);
    }

    /// The double quote that ends a string.
    pub(super) fn skip_closing_quote(&mut self) {
        self.skip(1);
        self.quoted_end = Some(self.at);
    }

    /// Takes one octet if it is this one.
    pub(super) fn take(&mut self, octet: u8) -> bool {
        let found = self.peek() == Some(octet);
        self.at += usize::from(found);
        found
    }

    /// Takes octets as long as they fit.
    pub(super) fn take_while(&mut self, fits: impl Fn(u8) -> bool) -> &'a [u8] {
        let start = self.at;
        self.at += self.rest().iter().take_while(|octet| fits(**octet)).count();
        self.since(start)
    }

    /// One certain octet.
    pub(super) fn need(&mut self, octet: u8) -> Parsed<()> {
        if self.take(octet) {
            return Ok(());
        }
        match octet {
            b' ' => self.fault("a space"),
            b'"' => self.fault("a double quote"),
            _ => self.fault(format!("`{}`", char::from(octet))),
        }
    }

    /// `SP`: exactly one space.
    pub(super) fn sp(&mut self) -> Parsed<()> {
        self.need(b' ')
    }

    /// The line end, and nothing behind it.
    pub(super) fn crlf(&mut self) -> Parsed<()> {
        match self.rest() {
            b"\r\n" => {
                self.skip(2);
                self.entered.insert(Rule::Crlf);
                Ok(())
            }
            [b'\n', ..] | [b'\r', ..] => self.charge(self.at, Rule::Crlf, "CRLF"),
            [b' ', ..] => self.fault("the end of the line instead of a space"),
            _ => self.fault("the end of the line"),
        }
    }

    pub(super) fn entered(&self) -> RuleSet {
        self.entered
    }

    /// The error in the words of the report.
    pub(super) fn blame(&self, fault: Fault) -> SyntaxError {
        SyntaxError {
            at: fault.at,
            rule: fault.rule.name(),
            section: fault.rule.section(self.revision),
            expected: fault.expected,
            requirement: fault.charged.requirement_id(self.revision),
        }
    }
}
