//! What SEARCH tells and keeps of the messages it found (RFC 3501 §7.2.5, RFC 4731 §3.1, RFC 5182 §2, RFC 9394 §3).

use super::reply::say;
use super::sets::set_text;
use super::view::Target;
use crate::refserver::imap::command::{Numbering, Partial, SearchResult};

/// The messages that a search found, in the order of the mailbox.
#[derive(Debug)]
pub(super) struct Found(Vec<(Target, u64)>);

/// Whether mod-sequences are told (RFC 7162 §3.1.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Modseqs {
    Told,
    Untold,
}

impl Found {
    /// Messages with their mod-sequences.
    pub(super) fn new(targets: Vec<(Target, u64)>) -> Self {
        Self(targets)
    }

    /// The response of RFC 3501.
    pub(super) fn tell(&self, by: Numbering, modseqs: Modseqs, out: &mut Vec<u8>) {
        let numbers = self.numbers(by).into_iter().map(|number| format!(" {number}"));
        say(out, &format!("* SEARCH{}{}", numbers.collect::<String>(), self.modseq_text(modseqs)));
    }

    /// The messages, in the order of the mailbox.
    pub(super) fn targets(&self) -> impl Iterator<Item = Target> {
        self.0.iter().map(|(target, _)| *target)
    }

    /// The highest mod-sequence of them as the answer ends with it, with a blank before it; empty if there is none to tell.
    pub(super) fn modseq_text(&self, modseqs: Modseqs) -> String {
        let highest = self.0.iter().map(|(_, modseq)| modseq).max().filter(|_| modseqs == Modseqs::Told);
        highest.map(|modseq| format!(" (MODSEQ {modseq})")).unwrap_or_default()
    }

    /// The response of RFC 4731 to the command of a tag; none if SAVE is all that is wanted (RFC 5182 §2.1).
    pub(super) fn tell_results(
        &self,
        tag: &str,
        by: Numbering,
        results: &[SearchResult],
        modseqs: Modseqs,
        out: &mut Vec<u8>,
    ) {
        if results.iter().all(|result| *result == SearchResult::Save) {
            return;
        }
        let numbers = self.numbers(by);
        let mut line = format!("* ESEARCH (TAG \"{tag}\")");
        if by == Numbering::Uid {
            line.push_str(" UID");
        }
        // RFC 4731 §3.1: what was not found has no MIN, MAX and ALL, but a COUNT.
        if let (true, Some(first)) = (results.contains(&SearchResult::Min), numbers.first()) {
            line.push_str(&format!(" MIN {first}"));
        }
        if let (true, Some(last)) = (results.contains(&SearchResult::Max), numbers.last()) {
            line.push_str(&format!(" MAX {last}"));
        }
        if results.contains(&SearchResult::All) && !numbers.is_empty() {
            line.push_str(&format!(" ALL {}", set_text(&numbers)));
        }
        if results.contains(&SearchResult::Count) {
            line.push_str(&format!(" COUNT {}", numbers.len()));
        }
        if let Some(partial) = partial(results) {
            let window = set_text(partial.of(&numbers));
            // RFC 9394 §3.1: the range comes back as it was asked for.
            line.push_str(&format!(" PARTIAL ({partial} {})", if window.is_empty() { "NIL" } else { &window }));
        }
        if let (Modseqs::Told, Some(modseq)) = (modseqs, self.meant(results).iter().map(|(_, modseq)| modseq).max()) {
            line.push_str(&format!(" MODSEQ {modseq}"));
        }
        say(out, &line);
    }

    /// The UIDs that `$` is from now on.
    pub(super) fn saved(&self, results: &[SearchResult]) -> Vec<u32> {
        self.meant(results).iter().map(|(target, _)| target.uid).collect()
    }

    /// The messages that results are about: of MIN, MAX and PARTIAL alone only those (RFC 4731 §3.2, RFC 5182 §2.4, RFC 9394
    /// §3.2).
    fn meant(&self, results: &[SearchResult]) -> Vec<(Target, u64)> {
        let (min, max) = (results.contains(&SearchResult::Min), results.contains(&SearchResult::Max));
        let whole = results.iter().any(|result| matches!(result, SearchResult::All | SearchResult::Count));
        let partial = partial(results);
        if whole || !(min || max || partial.is_some()) {
            return self.0.clone();
        }
        let ends = [self.0.first().filter(|_| min), self.0.last().filter(|_| max)];
        let window = partial.map(|partial| partial.of(&self.0)).unwrap_or_default();
        ends.into_iter().flatten().chain(window).copied().collect()
    }

    fn numbers(&self, by: Numbering) -> Vec<u32> {
        let number = |(target, _): &(Target, u64)| match by {
            Numbering::Sequence => u32::try_from(target.number).unwrap_or(u32::MAX),
            Numbering::Uid => target.uid,
        };
        self.0.iter().map(number).collect()
    }
}

/// The window that is asked for.
fn partial(results: &[SearchResult]) -> Option<Partial> {
    results.iter().find_map(|result| match result {
        SearchResult::Partial(partial) => Some(*partial),
        SearchResult::All | SearchResult::Count | SearchResult::Max | SearchResult::Min | SearchResult::Save => None,
    })
}
