//! Sizes and times. docs/suite-language.md section 14.

use std::collections::BTreeMap;
use std::time::Duration;

use super::mistakes::Mistakes;
use super::scenario::Draft;
use crate::base::{Piece, Template, VarRef};
use crate::scenario::{Expect, Need, Value};

/// Longer silence needs `slow`.
const SILENCE_SHORT: Duration = Duration::from_secs(30);
/// A connection that stays open longer needs `slow`.
const OPEN_SHORT: Duration = Duration::from_secs(60);
/// Nobody waits longer than a day.
const WAIT_MAX: Duration = Duration::from_secs(86_400);
/// Larger values need `destructive`.
const VALUE_SMALL: u64 = 1 << 20;
/// No value is larger.
const VALUE_MAX: u64 = 64 << 20;

/// Holds times and sizes against the needs that allow them.
pub(super) fn check(draft: &Draft<'_>, mistakes: &mut Mistakes) {
    let needs = |wanted: &Need| draft.needs.iter().any(|read| read.need == *wanted);
    for step in draft.played().chain(&draft.cleanup) {
        let lines = step.step.answer.iter().flat_map(|answer| &answer.alternatives).flat_map(|one| &one.lines);
        for line in lines {
            for item in &line.items {
                let (duration, short, word) = match item.expect {
                    Expect::Silence(duration) => (duration, SILENCE_SHORT, "`silence` over 30s"),
                    Expect::Open(duration) => (duration, OPEN_SHORT, "`open` over 1m"),
                    Expect::Smtp(_)
                    | Expect::Pop3(_)
                    | Expect::Imap(_)
                    | Expect::Box(_)
                    | Expect::Closed
                    | Expect::Tls
                    | Expect::Codes(_) => continue,
                };
                if duration > WAIT_MAX {
                    mistakes.say(&line.span, "no step waits longer than a day");
                } else if duration > short && !needs(&Need::Slow) {
                    mistakes.say(&line.span, format!("{word} needs `slow`: add it to `needs`"));
                }
            }
        }
    }
    let mut sizes = Sizes { draft, known: BTreeMap::new() };
    for value in &draft.values {
        let size = sizes.value(&value.value, 0);
        if size > VALUE_MAX {
            mistakes.say(&value.span, "no value is over 64 MiB");
        } else if size > VALUE_SMALL && !needs(&Need::Destructive) {
            mistakes.say(&value.span, "a value over 1 MiB needs `destructive`: add it to `needs`");
        }
    }
}

/// The octets that are known to be in values; captures and generated values count nothing.
struct Sizes<'a> {
    draft: &'a Draft<'a>,
    /// A value may be made from another a thousand times: each is measured once.
    known: BTreeMap<VarRef, u64>,
}

/// Values are made from others at most so deep; circles are a mistake of their own.
const DEPTH_MAX: u32 = 32;

impl Sizes<'_> {
    fn value(&mut self, value: &Value, depth: u32) -> u64 {
        match value {
            Value::Octets(template) => self.template(template, depth),
            Value::Repeat { what, times } => {
                let digits = times.as_text().and_then(|text| String::from_utf8(text.into_bytes()).ok());
                let times = match (digits, times.as_var()) {
                    (Some(digits), _) => digits.parse().unwrap_or(u64::MAX),
                    // The largest number that is searched decides.
                    (None, Some(var)) => {
                        let largest = self.draft.largest.iter().filter(|(largest, _)| largest.var == *var);
                        largest.map(|(largest, _)| largest.to).max().unwrap_or(1)
                    }
                    (None, None) => 1,
                };
                self.template(what, depth).saturating_mul(times)
            }
            Value::Base64(template) => self.template(template, depth).saturating_mul(4) / 3,
            Value::Md5(_) => 32,
            Value::File { octets, .. } => octets.len() as u64,
            Value::Lines(lines) => {
                lines.iter().fold(0, |sum: u64, line| sum.saturating_add(self.template(line, depth)).saturating_add(2))
            }
        }
    }

    fn template(&mut self, template: &Template, depth: u32) -> u64 {
        template.pieces().iter().fold(0_u64, |sum, piece| {
            let size = match piece {
                Piece::Text(text) => text.len() as u64,
                Piece::Var(var) if depth < DEPTH_MAX && var.tail().is_none() => self.variable(var, depth),
                Piece::Var(_) => 0,
            };
            sum.saturating_add(size)
        })
    }

    fn variable(&mut self, var: &VarRef, depth: u32) -> u64 {
        if let Some(size) = self.known.get(var) {
            return *size;
        }
        // Whoever comes back here meanwhile runs in a circle.
        self.known.insert(var.clone(), 0);
        let draft = self.draft;
        let value = draft.values.iter().find(|one| one.name == *var).map(|one| &one.value);
        let size = value.map_or(0, |value| self.value(value, depth + 1));
        self.known.insert(var.clone(), size);
        size
    }
}
