//! Values of variables while a scenario runs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use thiserror::Error;

use super::{ByteString, VarRef};

/// A set of message numbers or UIDs as inclusive ranges, sorted, disjoint and not touching.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct NumberSet(Vec<(u64, u64)>);

/// The type of a value: of the place that captured it, or of `let`, a row or a generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// Any octets.
    Octets,
    /// One number.
    Number,
    /// A set of numbers; a single number is one too.
    Set,
    /// Flags of a message or mailbox, compared without order and case.
    Flags,
    /// A date and time, compared as an instant.
    Date,
    /// Reply codes or status words that answered a step.
    Codes,
    /// A pattern for a BODYSTRUCTURE, from a generated MIME tree.
    Structure,
}

/// The value of a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound {
    /// Any octets.
    Octets(ByteString),
    /// One number.
    Number(u64),
    /// A set of numbers.
    Set(NumberSet),
    /// Flags in lower case.
    Flags(BTreeSet<String>),
    /// Seconds since 1970-01-01T00:00:00Z, and the text it came in.
    Date {
        /// Seconds since the epoch.
        instant: i64,
        /// As the server wrote it.
        text: ByteString,
    },
    /// Codes or status words in order.
    Codes(Vec<String>),
    /// Text of an IMAP value pattern.
    Structure(String),
}

/// A variable without a value at this moment.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0} has no value here")]
pub struct Unbound(pub VarRef);

/// All values of a running scenario. A name is bound once. A clone shares the values, which may be large, and costs nothing
/// until one of the two binds a name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bindings {
    values: Arc<BTreeMap<Arc<str>, Arc<Bound>>>,
}

impl NumberSet {
    /// Collects ranges in any order; the ends of a range may be swapped.
    pub fn from_ranges(ranges: impl IntoIterator<Item = (u64, u64)>) -> Self {
        let mut sorted: Vec<(u64, u64)> = ranges.into_iter().map(|(a, b)| (a.min(b), a.max(b))).collect();
        sorted.sort_unstable();
        let mut merged: Vec<(u64, u64)> = Vec::with_capacity(sorted.len());
        for (low, high) in sorted {
            match merged.last_mut() {
                Some((_, end)) if low <= end.saturating_add(1) => *end = high.max(*end),
                Some(_) | None => merged.push((low, high)),
            }
        }
        Self(merged)
    }

    /// Reads `2:4,7`; `*` is not a number of a set that a server sends.
    pub fn parse(text: &str) -> Option<Self> {
        let mut ranges = Vec::new();
        for part in text.split(',') {
            let (low, high) = part.split_once(':').unwrap_or((part, part));
            ranges.push((parse_number(low)?, parse_number(high)?));
        }
        Some(Self::from_ranges(ranges))
    }

    /// How many numbers are in it.
    pub fn count(&self) -> u64 {
        self.0.iter().fold(0, |sum, (low, high)| sum.saturating_add((high - low).saturating_add(1)))
    }

    /// Whether every number of `other` is in it.
    pub fn contains_all(&self, other: &Self) -> bool {
        other.0.iter().all(|(low, high)| self.0.iter().any(|(from, to)| from <= low && high <= to))
    }

    /// Whether the two share no number.
    pub fn is_disjoint(&self, other: &Self) -> bool {
        !other.0.iter().any(|(low, high)| self.0.iter().any(|(from, to)| from <= high && low <= to))
    }

    /// The ranges, sorted.
    pub fn ranges(&self) -> &[(u64, u64)] {
        &self.0
    }

    /// The one number, if it is just that.
    pub fn single(&self) -> Option<u64> {
        match self.0.as_slice() {
            [(low, high)] if low == high => Some(*low),
            _ => None,
        }
    }
}

fn parse_number(text: &str) -> Option<u64> {
    (!text.is_empty() && text.bytes().all(|c| c.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

impl fmt::Display for NumberSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (low, high)) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            if low == high {
                write!(f, "{comma}{low}")?;
            } else {
                write!(f, "{comma}{low}:{high}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Octets => "octets",
            Self::Number => "a number",
            Self::Set => "a set of numbers",
            Self::Flags => "flags",
            Self::Date => "a date",
            Self::Codes => "a list of codes",
            Self::Structure => "a structure",
        })
    }
}

impl Bound {
    /// Octets from anything that turns into them.
    pub fn octets(value: impl Into<ByteString>) -> Self {
        Self::Octets(value.into())
    }

    /// The type of this value.
    pub fn kind(&self) -> Type {
        match self {
            Self::Octets(_) => Type::Octets,
            Self::Number(_) => Type::Number,
            Self::Set(_) => Type::Set,
            Self::Flags(_) => Type::Flags,
            Self::Date { .. } => Type::Date,
            Self::Codes(_) => Type::Codes,
            Self::Structure(_) => Type::Structure,
        }
    }

    /// What is sent when the value stands in a command.
    pub fn to_octets(&self) -> ByteString {
        match self {
            Self::Octets(octets) => octets.clone(),
            Self::Number(number) => number.to_string().into(),
            Self::Set(set) => set.to_string().into(),
            Self::Flags(flags) => flags.iter().cloned().collect::<Vec<_>>().join(" ").into(),
            Self::Date { text, .. } => text.clone(),
            Self::Codes(codes) => codes.join(" ").into(),
            Self::Structure(text) => text.as_str().into(),
        }
    }

    /// The value as a number: a number, a set of one, or octets that are digits.
    pub fn as_number(&self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Set(set) => set.single(),
            Self::Octets(octets) => std::str::from_utf8(octets).ok().and_then(parse_number),
            Self::Flags(_) | Self::Date { .. } | Self::Codes(_) | Self::Structure(_) => None,
        }
    }

    /// The value as a set of numbers.
    pub fn as_set(&self) -> Option<NumberSet> {
        match self {
            Self::Number(number) => Some(NumberSet::from_ranges([(*number, *number)])),
            Self::Set(set) => Some(set.clone()),
            Self::Octets(octets) => std::str::from_utf8(octets).ok().and_then(NumberSet::parse),
            Self::Flags(_) | Self::Date { .. } | Self::Codes(_) | Self::Structure(_) => None,
        }
    }
}

impl Bindings {
    /// Binds a name. Whoever read the suite has made sure that it is free; the last value stands.
    pub fn bind(&mut self, name: impl AsRef<str>, value: Bound) {
        Arc::make_mut(&mut self.values).insert(name.as_ref().into(), Arc::new(value));
    }

    /// Takes a name away again, as `${tag}` changes with every step.
    pub fn unbind(&mut self, name: &str) {
        Arc::make_mut(&mut self.values).remove(name);
    }

    /// Whether the whole reference, parts included, has a value.
    pub fn knows(&self, name: &VarRef) -> bool {
        self.values.contains_key(name.as_str())
            || name.part().is_some_and(|(whole, _)| self.values.contains_key(whole.as_str()))
    }

    /// The value of a reference. `.size`, `.lines`, `.header` and `.text` are computed from the octets.
    pub fn get(&self, name: &VarRef) -> Result<Bound, Unbound> {
        if let Some(value) = self.values.get(name.as_str()) {
            return Ok(Bound::clone(value));
        }
        let unbound = || Unbound(name.clone());
        let (whole, part) = name.part().ok_or_else(unbound)?;
        let whole = self.values.get(whole.as_str()).ok_or_else(unbound)?;
        part_of(&whole.to_octets(), part).ok_or_else(unbound)
    }

    /// Writes what is sent when the reference stands in a command behind `octets`, without a copy in between.
    pub fn write(&self, name: &VarRef, octets: &mut Vec<u8>) -> Result<(), Unbound> {
        match self.values.get(name.as_str()).map(Arc::as_ref) {
            Some(Bound::Octets(value) | Bound::Date { text: value, .. }) => octets.extend_from_slice(value),
            Some(Bound::Number(_) | Bound::Set(_) | Bound::Flags(_) | Bound::Codes(_) | Bound::Structure(_)) | None => {
                octets.extend_from_slice(&self.get(name)?.to_octets());
            }
        }
        Ok(())
    }

    /// All names and values, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Bound)> {
        self.values.iter().map(|(name, value)| (name.as_ref(), value.as_ref()))
    }
}

fn part_of(octets: &ByteString, part: &str) -> Option<Bound> {
    // The header includes the empty line that ends it; a message that begins with one has only that.
    let header = || {
        let end = octets.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4);
        if octets.starts_with(b"\r\n") { 2 } else { end.unwrap_or(octets.len()) }
    };
    match part {
        "size" => Some(Bound::Number(octets.len() as u64)),
        "lines" => Some(Bound::Number(octets.windows(2).filter(|two| two == b"\r\n").count() as u64)),
        "header" => Some(Bound::octets(octets.get(..header())?)),
        "text" => Some(Bound::octets(octets.get(header()..)?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_sets_compare_equal_in_any_spelling() {
        assert_eq!(NumberSet::parse("2:4"), NumberSet::parse("4,3,2"));
        assert_eq!(NumberSet::parse("2:4,9").unwrap().to_string(), "2:4,9");
        assert_eq!(NumberSet::parse("1,x"), None);
        assert_eq!(NumberSet::parse("7:7").unwrap().single(), Some(7));
        assert_eq!(NumberSet::parse("1:3,8").unwrap().count(), 4);
    }

    #[test]
    fn parts_are_computed_from_the_octets() {
        let mut env = Bindings::default();
        env.bind("m", Bound::octets("A: b\r\n\r\nx\r\ny"));
        let get = |name: &str| env.get(&VarRef::new(name).unwrap()).unwrap();
        assert_eq!(get("m.size"), Bound::Number(12));
        assert_eq!(get("m.lines"), Bound::Number(3));
        assert_eq!(get("m.header"), Bound::octets("A: b\r\n\r\n"));
        assert_eq!(get("m.text"), Bound::octets("x\r\ny"));
        assert!(env.get(&VarRef::new("m.unknown").unwrap()).is_err());
    }
}
