//! `check`: what must hold of the captures. docs/suite-language.md section 8.

use super::ids::Rows;
use super::item::quoted_template;
use super::line::tail;
use super::mistakes::Mistakes;
use super::text::Text;
use super::tree::Scalar;
use super::uses::{Use, within};
use crate::base::{Binds, Mistake, Type, VarRef};
use crate::scenario::{Check, Factor, Operator, Term};

/// How deep `slice` may be nested.
const NESTING_MAX: usize = 8;

const OPERATORS: [(&str, Operator); 7] = [
    ("!=", Operator::NotEqual),
    (">=", Operator::GreaterOrEqual),
    ("=", Operator::Equal),
    (">", Operator::Greater),
    ("not in", Operator::NotIn),
    ("in", Operator::In),
    ("delivers", Operator::Delivers),
];

/// Reads the lines of `check`.
pub(super) fn read(scalar: &Scalar, rows: &Rows<'_>, mistakes: &mut Mistakes) -> (Vec<Check>, Vec<Vec<Use>>) {
    let text = if scalar.is_block() { scalar.text.without_last_break() } else { scalar.text.clone() };
    let (mut checks, mut uses) = (Vec::new(), Vec::new());
    for line in text.lines() {
        let (body, judges, remark) = tail(&line, 0);
        let judges = judges.and_then(|(id, at)| rows.known(id, &line, at, mistakes));
        let mut parser = Parser { text: &body, at: 0, uses: Vec::new() };
        match parser.check() {
            Ok((left, op, right)) => {
                uses.push(parser.uses);
                checks.push(Check { left, op, right, judges, remark, span: line.place() });
            }
            Err(mistake) => mistakes.of(&body, mistake),
        }
    }
    (checks, uses)
}

struct Parser<'a> {
    text: &'a Text,
    at: usize,
    uses: Vec<Use>,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        self.text.as_str().get(self.at..).unwrap_or_default()
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(' ').len();
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.rest().starts_with(word);
        if found {
            self.at += word.len();
        }
        found
    }

    fn wrong<T>(&self, message: &str) -> Result<T, Mistake> {
        Err(Mistake::new(self.at..self.text.len().max(self.at), message))
    }

    fn check(&mut self) -> Result<(Term, Operator, Term), Mistake> {
        let first = self.uses.len();
        let left = self.term()?;
        self.blanks();
        let found = OPERATORS.into_iter().find(|(word, _)| {
            self.rest().strip_prefix(word).is_some_and(|behind| behind.starts_with(' ') || word.contains('='))
        });
        let Some((word, op)) = found else {
            return self.wrong("expected one of `=`, `!=`, `>`, `>=`, `in`, `not in`, `delivers`");
        };
        self.take(word);
        let middle = self.uses.len();
        let right = self.term()?;
        self.blanks();
        if !self.rest().is_empty() {
            return self.wrong("nothing more can stand here but ` @ID` and ` ; remark`");
        }
        self.places(op, first, middle, &left, &right);
        Ok((left, op, right))
    }

    /// Which types the operator takes on its sides.
    fn places(&mut self, op: Operator, first: usize, middle: usize, left: &Term, right: &Term) {
        let numeric = |term: &Term| term.0.iter().any(|factor| matches!(factor, Factor::Number(_) | Factor::Count(_)));
        let (left_kind, right_kind) = match op {
            Operator::Greater | Operator::GreaterOrEqual => (Some(Type::Number), Some(Type::Number)),
            Operator::In | Operator::NotIn => (Some(Type::Set), Some(Type::Set)),
            Operator::Delivers => (Some(Type::Octets), Some(Type::Octets)),
            Operator::Equal | Operator::NotEqual => {
                (numeric(right).then_some(Type::Number), numeric(left).then_some(Type::Number))
            }
        };
        for (index, one) in self.uses.iter_mut().enumerate().skip(first) {
            let kind = if index < middle { left_kind } else { right_kind };
            // Arguments of functions have a type already.
            if one.kind.is_none() && one.binds == Binds::Never {
                one.kind = kind;
            }
        }
    }

    fn term(&mut self) -> Result<Term, Mistake> {
        let mut factors = vec![self.factor(0)?];
        while self.rest().trim_start_matches(' ').starts_with("+ ") {
            self.blanks();
            self.take("+ ");
            factors.push(self.factor(0)?);
        }
        Ok(Term(factors))
    }

    fn factor(&mut self, depth: usize) -> Result<Factor, Mistake> {
        self.blanks();
        if self.take("count(") {
            let var = self.variable(Some(Type::Set))?;
            self.close()?;
            return Ok(Factor::Count(var));
        }
        if self.take("slice(") {
            if depth >= NESTING_MAX {
                return self.wrong("nested too deep");
            }
            let of = self.variable(Some(Type::Octets))?;
            self.comma()?;
            let from = Box::new(self.argument(depth + 1)?);
            self.comma()?;
            let length = Box::new(self.argument(depth + 1)?);
            self.close()?;
            return Ok(Factor::Slice { of, from, length });
        }
        match self.rest().bytes().next() {
            Some(b'0'..=b'9') => self.number(),
            Some(b'"') => self.string(),
            Some(b'$') => self.variable(None).map(Factor::Var),
            Some(_) | None => {
                self.wrong("expected a number, a string in double quotes, a variable, `count(…)` or `slice(…)`")
            }
        }
    }

    /// An argument of `slice` is a number.
    fn argument(&mut self, depth: usize) -> Result<Factor, Mistake> {
        let first = self.uses.len();
        let factor = self.factor(depth)?;
        self.uses.iter_mut().skip(first).filter(|one| one.kind.is_none()).for_each(|one| one.kind = Some(Type::Number));
        Ok(factor)
    }

    fn number(&mut self) -> Result<Factor, Mistake> {
        let digits: String = self.rest().chars().take_while(char::is_ascii_digit).collect();
        match digits.parse() {
            Ok(number) => {
                self.at += digits.len();
                Ok(Factor::Number(number))
            }
            Err(_) => self.wrong("this number is too large"),
        }
    }

    fn string(&mut self) -> Result<Factor, Mistake> {
        let Some(range) = super::line::quoted(self.rest()).into_iter().next().filter(|range| range.start == 0) else {
            return self.wrong("this string has no closing `\"`");
        };
        let inside = self.rest().get(1..range.end - 1).unwrap_or_default().to_owned();
        let start = self.at + 1;
        let template = quoted_template(&inside).map_err(|mistake| within(mistake, start))?;
        let found = super::uses::guess_uses(&self.text.slice(start..start + inside.len()), Binds::Never);
        self.uses.extend(found);
        self.at += range.end;
        Ok(Factor::Text(template))
    }

    fn variable(&mut self, kind: Option<Type>) -> Result<VarRef, Mistake> {
        self.blanks();
        let name =
            self.rest().strip_prefix("${").and_then(|inside| inside.split_once('}')).map(|(name, _)| name.to_owned());
        let Some(name) = name else { return self.wrong("expected a variable") };
        let end = self.at + name.len() + 3;
        let Some(var) = VarRef::new(&name) else {
            let message = format!("`{name}` is not a variable name: lower case, digits and hyphens");
            return Err(Mistake::new(self.at..end, message));
        };
        self.uses.push(Use { var: var.clone(), span: self.text.span(self.at..end), kind, binds: Binds::Never });
        self.at = end;
        Ok(var)
    }

    fn comma(&mut self) -> Result<(), Mistake> {
        self.blanks();
        if self.take(",") { Ok(()) } else { self.wrong("expected `,`") }
    }

    fn close(&mut self) -> Result<(), Mistake> {
        self.blanks();
        if self.take(")") { Ok(()) } else { self.wrong("expected `)`") }
    }
}
