//! Which variable has a value where, and of which type: mistakes 20 to 22. docs/suite-language.md sections 4 and 8.

use std::collections::{BTreeMap, BTreeSet};

use super::generated;
use super::mistakes::Mistakes;
use super::names::{MAY_BE_GIVEN, PREDEFINED, part_type, predefined};
use super::octets::Let;
use super::scenario::Draft;
use super::uses::{Goes, LineUses, ReadStep, Use};
use super::words::ordinal;
use crate::base::{Binds, Span, Type, VarRef, closest};
use crate::scenario::{Action, Alternative, Cut, Generator, Mark, SessionKind, Value};

/// What is known of a variable that a scenario gives a value.
#[derive(Debug, Clone)]
struct Known {
    /// None where the type is open.
    kind: Option<Type>,
    source: From,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum From {
    Let,
    Generated(Generator),
    Largest,
    Captured,
    /// Captured by some alternatives of a step only: the step, and the alternative that does not bind it.
    Partly(String, usize),
}

/// What a variable is at some moment.
enum Found {
    Value(Option<Type>),
    Partly(String, usize),
    /// There is a value, but it has no such part.
    NoPart(&'static str),
    Missing,
}

type State = BTreeMap<String, Known>;

/// Follows the scenario from its first step to its last.
pub(super) fn check(draft: &Draft<'_>, mistakes: &mut Mistakes) {
    let mut pass = Pass { draft, first: BTreeMap::new(), said: BTreeSet::new() };
    pass.first_bindings();
    let mut state = pass.declared(mistakes);
    pass.values(&state, mistakes);
    pass.deposits(&state, mistakes);
    for session in &draft.sessions {
        if let SessionKind::Connection { mailbox: Some(mailbox), .. } = &session.kind {
            for var in mailbox.vars() {
                let one =
                    Use { var: var.clone(), span: session.span.clone(), kind: Some(Type::Octets), binds: Binds::Never };
                pass.value(&one, &state, "", mistakes);
            }
        }
    }
    for step in draft.played().chain(&draft.cleanup) {
        pass.step(step, &mut state, mistakes);
    }
}

struct Pass<'a> {
    draft: &'a Draft<'a>,
    /// The step that binds a name first.
    first: BTreeMap<String, String>,
    /// Places that were reported: one mistake is enough for one variable.
    said: BTreeSet<String>,
}

impl Pass<'_> {
    fn first_bindings(&mut self) {
        for step in self.draft.played().chain(&self.draft.cleanup) {
            for line in step.answer.iter().flatten().filter(|line| binds(line.mark)) {
                for one in line.items.iter().flat_map(|(uses, _)| uses).filter(|one| one.binds == Binds::First) {
                    self.first.entry(one.var.as_str().to_owned()).or_insert_with(|| step.name.clone());
                }
            }
        }
    }

    /// What has a value before the first step.
    fn declared(&self, mistakes: &mut Mistakes) -> State {
        let draft = self.draft;
        let mut state = State::new();
        let mut places: BTreeMap<String, Span> = BTreeMap::new();
        let lets = draft.values.iter().map(|one| (&one.name, &one.span, let_type(&one.value), From::Let));
        let generated = draft.forall.iter().map(|(name, generator, span)| {
            (name, span, generated::kind(generator), From::Generated(generator.clone()))
        });
        let largest = draft.largest.iter().map(|(one, span)| (&one.var, span, Some(Type::Number), From::Largest));
        for (name, span, kind, source) in lets.chain(generated).chain(largest) {
            let name = name.as_str().to_owned();
            if PREDEFINED.contains(&name.as_str()) && name != MAY_BE_GIVEN {
                mistakes.say(span, format!("`${{{name}}}` is predefined: choose another name"));
            }
            if let Some(before) = places.insert(name.clone(), span.clone()) {
                let diagnostic =
                    crate::scenario::Diagnostic::new(span.clone(), format!("`${{{name}}}` has a value already"));
                mistakes.add(diagnostic.with_also(before, "given here"));
            }
            state.insert(name, Known { kind, source });
        }
        state
    }

    /// Values of `let` may hold captures, which are looked at where the value is used. Here: names that nothing binds,
    /// and circles.
    fn values(&mut self, state: &State, mistakes: &mut Mistakes) {
        for one in &self.draft.values {
            for used in &one.uses {
                let captured = self.first.contains_key(used.var.as_str()) || self.first.contains_key(used.var.head());
                if !captured {
                    self.value(used, state, "", mistakes);
                }
            }
            if let Some(name) = circle(&one.name, &self.draft.values) {
                mistakes.say(&one.span, format!("`${{{name}}}` is made from itself"));
            }
        }
    }

    fn deposits(&mut self, state: &State, mistakes: &mut Mistakes) {
        for (var, span) in &self.draft.deposits {
            let known = state.get(var.as_str());
            let declared = known.is_some_and(|known| known.kind == Some(Type::Octets) || known.source == From::Let);
            if !declared {
                let known =
                    state.iter().filter(|(_, known)| known.kind == Some(Type::Octets)).map(|(name, _)| name.as_str());
                let hint =
                    closest(var.as_str(), known).map_or_else(String::new, |guess| format!("; did you mean `{guess}`?"));
                mistakes.say(span, format!("`{var}` is no message of `let` or `forall`{hint}", var = var.as_str()));
            }
        }
    }

    fn step(&mut self, step: &ReadStep, state: &mut State, mistakes: &mut Mistakes) {
        for one in &step.sent.uses {
            let special = self.place_of_its_own(step, one, state, mistakes);
            if !special {
                self.value(one, state, &step.name, mistakes);
            }
        }
        let mut all = state.clone();
        let mut after: Vec<(usize, BTreeMap<String, Known>)> = Vec::new();
        for (index, lines) in step.answer.iter().enumerate() {
            let alternative = step.step.answer.as_ref().and_then(|answer| answer.alternatives.get(index));
            let bound = self.alternative(lines, state, &step.name, mistakes);
            all.extend(bound.iter().map(|(name, known)| (name.clone(), known.clone())));
            if !ends(lines, alternative) {
                after.push((index, bound));
            }
        }
        for one in step.checks.iter().flatten() {
            self.value(one, &all, &step.name, mistakes);
        }
        merge(state, &after, &all, &step.name);
    }

    /// What an alternative binds. A name that only some items of a line bind is bound partly.
    fn alternative(
        &mut self,
        lines: &[LineUses],
        before: &State,
        step: &str,
        mistakes: &mut Mistakes,
    ) -> BTreeMap<String, Known> {
        let mut state = before.clone();
        let mut bound = BTreeMap::new();
        for line in lines {
            let mut by_item: Vec<BTreeMap<String, Known>> = Vec::new();
            for (uses, goes) in &line.items {
                let mut here = BTreeMap::new();
                for one in uses {
                    let missing = matches!(find(&one.var, &state), Found::Missing);
                    if missing && one.binds == Binds::First && binds(line.mark) && is_name(&one.var) {
                        let known = Known { kind: one.kind, source: From::Captured };
                        here.entry(one.var.as_str().to_owned()).or_insert(known);
                    } else if !here.contains_key(one.var.head()) {
                        self.in_line(one, line.mark, &state, step, mistakes);
                    }
                }
                if *goes == Goes::On {
                    by_item.push(here);
                }
            }
            let names: BTreeSet<String> = by_item.iter().flat_map(|here| here.keys().cloned()).collect();
            for name in names {
                let lacking = by_item.iter().position(|here| !here.contains_key(&name));
                let Some(mut known) = by_item.iter().find_map(|here| here.get(&name).cloned()) else { continue };
                if let Some(index) = lacking {
                    known.source = From::Partly(step.to_owned(), index);
                }
                state.insert(name.clone(), known.clone());
                bound.insert(name, known);
            }
        }
        bound
    }

    fn in_line(&mut self, one: &Use, mark: Mark, state: &State, step: &str, mistakes: &mut Mistakes) {
        let found = find(&one.var, state);
        if matches!(found, Found::Missing) && !binds(mark) && one.binds == Binds::First {
            let message = self.missing(&one.var, step, state);
            let diagnostic = crate::scenario::Diagnostic::new(one.span.clone(), message);
            mistakes.add(diagnostic.with_help("lines with `!` and `no other` bind nothing: write `_`"));
        } else {
            self.value(one, state, step, mistakes);
        }
    }

    /// A variable that must have a value here, of a type that fits its place.
    fn value(&mut self, one: &Use, state: &State, step: &str, mistakes: &mut Mistakes) {
        let message = match find(&one.var, state) {
            Found::Value(Some(kind)) => match one.kind {
                Some(place) if !fits(kind, place) => format!("`{}` is {kind}, this place takes {place}", one.var),
                Some(_) | None => return self.made_from(one, state, step, mistakes),
            },
            Found::Value(None) => {
                let special = match state.get(one.var.as_str()).map(|known| &known.source) {
                    Some(From::Generated(Generator::Segmentation)) => "a segmentation: it stands in `cut` only",
                    Some(From::Generated(generator)) if generated::is_group(generator) => {
                        "a group of commands: it stands in `each`, or alone in `C`"
                    }
                    Some(_) | None => return,
                };
                format!("`{}` is {special}", one.var)
            }
            Found::Partly(at, lacking) => format!(
                "`{}` is used in {step}, but the {} alternative of {at} does not bind it",
                one.var,
                ordinal(lacking + 1)
            ),
            Found::NoPart(kind) => format!("`${{{}}}` is {kind} and has no such part", one.var.head()),
            Found::Missing => self.missing(&one.var, step, state),
        };
        if self.said.insert(format!("{} {}", one.span.place(), one.var)) {
            mistakes.say(&one.span, message);
        }
    }

    fn missing(&self, var: &VarRef, step: &str, state: &State) -> String {
        let mut message = format!("`{var}` has no value here");
        if let Some(later) = self.first.get(var.head()).filter(|later| *later != step) {
            message.push_str(&format!("; it is first bound in {later}"));
        }
        let candidates =
            state.keys().map(String::as_str).chain(PREDEFINED).chain(self.first.keys().map(String::as_str));
        let guess = closest(var.head(), candidates.filter(|name| *name != var.head()));
        // Of one or two letters everything is close to something.
        if let Some(guess) = guess.filter(|_| var.head().len() > 2) {
            message.push_str(&format!("; did you mean `${{{guess}}}`?"));
        }
        message
    }

    /// A value of `let` is evaluated where it is used: what it is made from must be bound by then.
    fn made_from(&mut self, one: &Use, state: &State, step: &str, mistakes: &mut Mistakes) {
        let mut seen = BTreeSet::new();
        let mut open = vec![one.var.head().to_owned()];
        while let Some(name) = open.pop() {
            if !seen.insert(name.clone()) || state.get(&name).is_none_or(|known| known.source != From::Let) {
                continue;
            }
            let Some(value) = self.draft.values.iter().find(|value| value.name.as_str() == name) else { continue };
            for inner in &value.uses {
                open.push(inner.var.head().to_owned());
                let captured = self.first.contains_key(inner.var.as_str()) || self.first.contains_key(inner.var.head());
                let unbound = match find(&inner.var, state) {
                    Found::Missing => captured,
                    Found::Partly(..) => true,
                    Found::Value(_) | Found::NoPart(_) => false,
                };
                if unbound && !step.is_empty() && self.said.insert(format!("{} {}", one.span.place(), inner.var)) {
                    let message = format!("`{}` is made from `{}`, which has no value here", one.var, inner.var);
                    let diagnostic = crate::scenario::Diagnostic::new(one.span.clone(), message);
                    mistakes.add(diagnostic.with_also(inner.span.clone(), "here"));
                }
            }
        }
    }

    /// Groups and segmentations stand in places of their own; whether that was such a place.
    fn place_of_its_own(&self, step: &ReadStep, one: &Use, state: &State, mistakes: &mut Mistakes) -> bool {
        let source = state.get(one.var.as_str()).map(|known| &known.source);
        let lines =
            self.draft.values.iter().any(|value| value.name == one.var && matches!(value.value, Value::Lines(_)));
        let group = lines || matches!(source, Some(From::Generated(generator)) if generated::is_group(generator));
        if matches!(&step.step.cut, Some(Cut::Var(var)) if *var == one.var) {
            if !lines && !matches!(source, Some(From::Generated(Generator::Segmentation))) {
                mistakes.say(&one.span, format!("`cut` takes offsets or a segmentation, and `{}` is none", one.var));
            }
            return true;
        }
        match &step.step.action {
            Some(Action::Each(_)) => {
                if !group {
                    mistakes.say(&one.span, format!("`each` takes a group of commands, and `{}` is none", one.var));
                }
                true
            }
            Some(Action::Commands(_)) => {
                group && step.sent.lines.iter().any(|line| line.as_str() == one.var.to_string())
            }
            Some(
                Action::Send(_)
                | Action::Data(_)
                | Action::Bdat(_)
                | Action::Auth(_)
                | Action::Open
                | Action::StartTls
                | Action::Deflate
                | Action::Close
                | Action::Abort,
            )
            | None => false,
        }
    }
}

/// A name without parts can be bound.
fn is_name(var: &VarRef) -> bool {
    var.head() == var.as_str()
}

fn binds(mark: Mark) -> bool {
    match mark {
        Mark::Plain | Mark::Then => true,
        Mark::Not | Mark::NoOther => false,
    }
}

fn ends(lines: &[LineUses], alternative: Option<&Alternative>) -> bool {
    let line_ends = |line: &LineUses| binds(line.mark) && line.items.iter().all(|(_, goes)| *goes == Goes::Ends);
    alternative.is_some_and(|one| one.end.is_some()) || lines.iter().any(line_ends)
}

/// Takes over what all alternatives bind after which the scenario goes on, and remembers what only some do.
fn merge(state: &mut State, after: &[(usize, BTreeMap<String, Known>)], all: &State, step: &str) {
    let new: Vec<String> = all.keys().filter(|name| !state.contains_key(*name)).cloned().collect();
    for name in new {
        let lacking = after.iter().find(|(_, bound)| !bound.contains_key(&name)).map(|(index, _)| *index);
        let partly = after
            .iter()
            .filter_map(|(_, bound)| bound.get(&name))
            .find(|known| matches!(known.source, From::Partly(..)));
        let Some(mut known) = partly.or_else(|| all.get(&name)).cloned() else { continue };
        if let Some(index) = lacking {
            known.source = From::Partly(step.to_owned(), index);
        }
        state.insert(name, known);
    }
}

/// Octets, but digits may stand for a number too: that is what a generated number becomes when a case is written out.
fn let_type(value: &Value) -> Option<Type> {
    let digits = match value {
        Value::Octets(template) => template.as_text().is_some_and(|text| {
            let octets = text.into_bytes();
            !octets.is_empty() && octets.iter().all(u8::is_ascii_digit)
        }),
        Value::Repeat { .. } | Value::Base64(_) | Value::Md5(_) | Value::File { .. } | Value::Lines(_) => false,
    };
    (!digits).then_some(Type::Octets)
}

fn find(var: &VarRef, state: &State) -> Found {
    let of = |known: &Known| match &known.source {
        From::Partly(step, lacking) => Found::Partly(step.clone(), *lacking),
        From::Let | From::Generated(_) | From::Largest | From::Captured => Found::Value(known.kind),
    };
    if let Some(known) = state.get(var.as_str()) {
        return of(known);
    }
    if let (Some(tail), Some(known)) = (var.tail(), state.get(var.head())) {
        if let partly @ Found::Partly(..) = of(known) {
            return partly;
        }
        if tail == "structure" && known.source == From::Generated(Generator::Mime) {
            return Found::Value(Some(Type::Structure));
        }
        return match (part_type(tail), known.kind) {
            (Some(part), Some(Type::Octets) | None) => Found::Value(Some(part)),
            (Some(_) | None, kind) => match predefined(var) {
                // `let: { letter: … }` hides the predefined letter, but not `${letter.two}`.
                Some(kind) => Found::Value(Some(kind)),
                None => Found::NoPart(kind.map_or("a value", type_word)),
            },
        };
    }
    predefined(var).map_or(Found::Missing, |kind| Found::Value(Some(kind)))
}

fn type_word(kind: Type) -> &'static str {
    match kind {
        Type::Octets => "octets",
        Type::Number => "a number",
        Type::Set => "a set of numbers",
        Type::Flags => "flags",
        Type::Date => "a date",
        Type::Codes => "a list of codes",
        Type::Structure => "a structure",
    }
}

/// Whether a value of this type can stand in a place of that one.
fn fits(value: Type, place: Type) -> bool {
    match place {
        Type::Octets => matches!(value, Type::Octets | Type::Number | Type::Set | Type::Date),
        // A set of one number is that number: COPYUID gives sets.
        Type::Number | Type::Set => matches!(value, Type::Number | Type::Set),
        Type::Flags | Type::Date | Type::Codes | Type::Structure => value == place,
    }
}

/// A value that is made from itself, if this one leads there.
fn circle(start: &VarRef, values: &[Let]) -> Option<String> {
    let mut seen = BTreeSet::new();
    let mut open = vec![start.as_str().to_owned()];
    while let Some(name) = open.pop() {
        for value in values.iter().filter(|value| value.name.as_str() == name) {
            for used in &value.uses {
                // `letter.a` is predefined, whatever `letter` is.
                let whole = used.var.part().map_or_else(|| used.var.clone(), |(whole, _)| whole);
                if whole == *start {
                    return Some(start.as_str().to_owned());
                }
                if seen.insert(whole.as_str().to_owned()) {
                    open.push(whole.as_str().to_owned());
                }
            }
        }
    }
    None
}
