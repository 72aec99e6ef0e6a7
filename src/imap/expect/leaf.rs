//! One text against one value: equality, or the capture of a variable.

use std::collections::BTreeSet;

use super::actual::{flags, octets, show};
use super::date::instant;
use super::node::Node;
use super::place::Place;
use super::text::{Form, Text};
use crate::base::{Bindings, Bound, ByteString, Captures, NumberSet, Piece, VarRef};
use crate::imap::Value;

/// A match under way.
pub(super) struct Matcher<'e> {
    pub(super) env: &'e Bindings,
    pub(super) local: Bindings,
    pub(super) captures: Captures,
    /// How many values fitted so far.
    pub(super) progress: usize,
}

/// Why a value does not fit, as a lower-case fragment.
pub(super) type Fit = Result<(), String>;

impl<'e> Matcher<'e> {
    pub(super) fn new(env: &'e Bindings) -> Self {
        Self { env, local: Bindings::default(), captures: Captures::new(), progress: 0 }
    }

    pub(super) fn lookup(&self, var: &VarRef) -> Option<Bound> {
        self.local.get(var).or_else(|_| self.env.get(var)).ok()
    }

    /// The variable that this text would bind now.
    pub(super) fn free<'t>(&self, text: &'t Text) -> Option<&'t VarRef> {
        let var = text.template.as_var().filter(|_| text.form == Form::Bare)?;
        (var.as_str() == var.head() && self.lookup(var).is_none()).then_some(var)
    }

    pub(super) fn bind(&mut self, var: &VarRef, value: Bound) {
        self.local.bind(var.as_str(), value.clone());
        self.captures.push((var.clone(), value));
    }

    pub(super) fn rollback(&mut self, to: usize) {
        for (var, _) in self.captures.drain(to.min(self.captures.len())..) {
            self.local.unbind(var.as_str());
        }
    }

    /// The octets of a text; a variable without a value has none.
    pub(super) fn render(&self, text: &Text) -> Result<ByteString, String> {
        let mut out = Vec::new();
        for piece in text.template.pieces() {
            match piece {
                Piece::Text(octets) => out.extend_from_slice(octets),
                Piece::Var(var) => {
                    let value = self.lookup(var).ok_or_else(|| format!("{var} has no value"))?;
                    out.extend_from_slice(&value.to_octets());
                }
            }
        }
        Ok(out.into())
    }

    pub(super) fn leaf(&mut self, text: &Text, actual: &Value, place: Place) -> Fit {
        let differs = || format!("`{text}`, but it is `{}`", show(actual));
        if let Some(var) = self.free(text) {
            let value = capture(actual, place).ok_or_else(differs)?;
            self.bind(&var.clone(), value);
            return Ok(());
        }
        let bound = text.template.as_var().and_then(|var| self.lookup(var));
        match (&bound, place) {
            (Some(Bound::Structure(pattern)), _) => {
                let node = super::read::value(pattern).map_err(|mistake| mistake.message)?;
                return self.value(&node, actual, place);
            }
            (Some(Bound::Flags(wanted)), _) => {
                let found = flags(actual, place).ok_or_else(differs)?;
                return if strip(wanted) == strip(&found) { Ok(()) } else { Err(differs()) };
            }
            (Some(Bound::Date { instant: wanted, .. }), Place::Date) => {
                let found = octets(actual).and_then(|found| instant(&found));
                return if found == Some(*wanted) { Ok(()) } else { Err(differs()) };
            }
            (
                Some(Bound::Octets(_) | Bound::Number(_) | Bound::Set(_) | Bound::Codes(_) | Bound::Date { .. }) | None,
                _,
            ) => {}
        }
        let wanted = self.render(text)?;
        if same(&wanted, actual, place, text.form) { Ok(()) } else { Err(differs()) }
    }
}

fn strip(flags: &BTreeSet<String>) -> BTreeSet<&str> {
    flags.iter().map(String::as_str).filter(|flag| *flag != "\\recent").collect()
}

fn number(octets: &[u8]) -> Option<u64> {
    Bound::octets(octets).as_number()
}

fn set(octets: &[u8]) -> Option<NumberSet> {
    Bound::octets(octets).as_set()
}

fn capture(actual: &Value, place: Place) -> Option<Bound> {
    match place {
        Place::MessageFlags | Place::OpenFlags => return flags(actual, place).map(Bound::Flags),
        Place::Body => return Some(Bound::Structure(show(actual))),
        Place::Delimiter if *actual == Value::Nil => return Some(Bound::octets("")),
        Place::Number
        | Place::Set
        | Place::Numbers
        | Place::Date
        | Place::Octets
        | Place::Keyword
        | Place::Mailbox
        | Place::Delimiter
        | Place::Items
        | Place::ObjectId
        | Place::InList
        | Place::Params
        | Place::Other => {}
    }
    let found = octets(actual)?;
    match place {
        Place::Number | Place::Numbers | Place::InList => number(&found).map(Bound::Number),
        Place::Set => set(&found).map(Bound::Set),
        Place::Date => instant(&found).map(|instant| Bound::Date { instant, text: found.as_ref().into() }),
        Place::Octets
        | Place::Keyword
        | Place::Mailbox
        | Place::Delimiter
        | Place::MessageFlags
        | Place::OpenFlags
        | Place::Items
        | Place::ObjectId
        | Place::Body
        | Place::Params
        | Place::Other => Some(Bound::octets(found.as_ref())),
    }
}

/// Whether the octets say the same in this place. An atom, a quoted string and a literal of one text are equal.
fn same(wanted: &[u8], actual: &Value, place: Place, form: Form) -> bool {
    let Some(found) = octets(actual) else {
        // A flat name space has no delimiter: its variable is empty.
        return place == Place::Delimiter && *actual == Value::Nil && wanted.is_empty();
    };
    match place {
        Place::Number | Place::Numbers | Place::InList => number(wanted).is_some() && number(wanted) == number(&found),
        Place::Set => set(wanted).is_some() && set(wanted) == set(&found),
        Place::Date => instant(wanted).is_some() && instant(wanted) == instant(&found),
        Place::Keyword | Place::MessageFlags | Place::OpenFlags => wanted.eq_ignore_ascii_case(&found),
        Place::Mailbox => {
            let inbox = |name: &[u8]| name.eq_ignore_ascii_case(b"INBOX");
            *wanted == *found || (inbox(wanted) && inbox(&found))
        }
        Place::Octets | Place::Delimiter | Place::ObjectId => *wanted == *found,
        Place::Items | Place::Body | Place::Params | Place::Other => {
            let bare = form == Form::Bare && matches!(actual, Value::Atom(_));
            *wanted == *found || (bare && wanted.eq_ignore_ascii_case(&found))
        }
    }
}

/// Whether a node stands for any value.
pub(super) fn is_any(node: &Node) -> bool {
    matches!(node, Node::Any | Node::More)
}
