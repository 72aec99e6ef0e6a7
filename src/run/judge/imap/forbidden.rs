//! `!` and `no other`: what must not be among all that came.

use std::collections::BTreeSet;

use super::came::Came;
use crate::base::Bindings;
use crate::imap::{Merged, Pattern};
use crate::outcome::FindingKind;
use crate::run::judge::decision::Failure;
use crate::run::judge::describe::{describe, failure};
use crate::scenario::{Alternative, Line, Mark};

/// The first `!` line that something in the answer matches. A line with a variable that has no value matches nothing.
pub(super) fn forbidden(alternative: &Alternative, came: &Came<'_>, env: &Bindings) -> Option<Failure> {
    let mut lines = alternative.lines.iter().filter(|line| line.mark == Mark::Not).peekable();
    lines.peek()?;
    let all = came.before(usize::MAX);
    lines.find_map(|line| {
        let merged = patterns(line)
            .filter(|pattern| is_known(pattern, env))
            .find_map(|pattern| all.iter().find(|merged| pattern.fits(&merged.response, env).is_some()))?;
        Some(unwanted(line, came, merged, "nothing like"))
    })
}

/// The first `no other` line that something in the answer matches without fitting another line.
pub(super) fn others(
    alternative: &Alternative,
    came: &Came<'_>,
    env: &Bindings,
    claimed: &BTreeSet<usize>,
) -> Option<Failure> {
    let mut lines = alternative.lines.iter().filter(|line| line.mark == Mark::NoOther).peekable();
    lines.peek()?;
    let all = came.before(usize::MAX);
    let positive = || alternative.lines.iter().filter(|line| matches!(line.mark, Mark::Plain | Mark::Then));
    let named = |merged: &Merged<'_>| {
        merged.sources.iter().all(|position| claimed.contains(position))
            || positive().flat_map(patterns).any(|pattern| pattern.fits(&merged.response, env).is_some())
    };
    lines.find_map(|line| {
        let fits = |merged: &&Merged<'_>| patterns(line).any(|pattern| pattern.fits(&merged.response, env).is_some());
        let merged = all.iter().filter(fits).find(|merged| !named(merged))?;
        Some(unwanted(line, came, merged, "nothing else like"))
    })
}

fn unwanted(line: &Line, came: &Came<'_>, merged: &Merged<'_>, wish: &str) -> Failure {
    let mut failure = failure(line, came.heard, merged.sources.last().copied(), FindingKind::Mismatch);
    failure.expected = format!("{wish} `{}`", describe(line));
    failure
}

/// Whether all variables of a pattern have values.
fn is_known(pattern: &Pattern, env: &Bindings) -> bool {
    pattern.vars().iter().all(|used| env.knows(&used.var))
}

fn patterns(line: &Line) -> impl Iterator<Item = &Pattern> {
    line.items.iter().filter_map(|item| item.expect.imap())
}
