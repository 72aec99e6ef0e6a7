//! `largest`: a limit of the server is searched. docs/suite-language.md section 11.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::expand::with_number;
use super::total::Total;
use crate::outcome::{FindingKind, ScenarioResult, Verdict};
use crate::run::Runner;
use crate::scenario::{Largest, Scenario};

/// Runs of one search at most.
pub(super) const RUNS_MAX: u32 = 40;

/// Where the search stands: it held at `low`, and did not at `high`, if anything was found where it did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Search {
    low: u64,
    high: Option<u64>,
    to: u64,
    runs: u32,
}

/// Judges a scenario at the smallest number, and if it holds there, finds the largest at which it does. That one is no
/// finding; neither is where it ends.
pub(super) async fn search(
    scenario: &Arc<Scenario>,
    largest: &Largest,
    runner: &Runner,
    cancel: &CancellationToken,
) -> ScenarioResult {
    let mut total = Total::new(scenario);
    let judged = runner.judge(&Arc::new(with_number(scenario, largest.from)), cancel).await;
    let held = judged.verdict == Verdict::Conforms;
    total.add(judged);
    if !held {
        return total.finish();
    }
    let mut search = Search { low: largest.from, high: None, to: largest.to, runs: 0 };
    while let Some(number) = search.next() {
        let concrete = Arc::new(with_number(scenario, number));
        let mut run = runner.try_once(&concrete, cancel).await;
        // One slip of the network is no limit of the server.
        if is_shaky(&run.verdict) {
            total.watch(&run);
            run = runner.try_once(&concrete, cancel).await;
        }
        if cancel.is_cancelled() {
            return total.finish();
        }
        total.watch(&run);
        search.tell(number, &run.verdict);
    }
    let mut result = total.finish();
    result.largest = Some(search.low);
    result
}

/// Whether another run may well say something else: nothing can be said, or the answer is missing.
fn is_shaky(verdict: &Verdict) -> bool {
    match verdict {
        Verdict::Inconclusive(_) => true,
        Verdict::Violates(findings) => {
            findings.iter().any(|finding| matches!(finding.kind, FindingKind::Silence | FindingKind::Close))
        }
        Verdict::Conforms | Verdict::NotApplicable(_) => false,
    }
}

impl Search {
    /// The next number to try: twice as many, until it does not hold; then halfway between.
    fn next(&mut self) -> Option<u64> {
        if self.runs >= RUNS_MAX {
            return None;
        }
        self.runs += 1;
        let number = match self.high {
            None => self.low.saturating_mul(2).max(self.low.saturating_add(1)).min(self.to),
            Some(high) => self.low + high.saturating_sub(self.low) / 2,
        };
        (number > self.low).then_some(number)
    }

    fn tell(&mut self, number: u64, verdict: &Verdict) {
        match verdict {
            Verdict::Conforms => self.low = number,
            Verdict::Violates(_) | Verdict::NotApplicable(_) | Verdict::Inconclusive(_) => self.high = Some(number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(from: u64, to: u64, limit: u64) -> (u64, u32) {
        let mut search = Search { low: from, high: None, to, runs: 0 };
        let fails = Verdict::Violates(Vec::new());
        while let Some(number) = search.next() {
            assert!((from..=to).contains(&number));
            search.tell(number, if number <= limit { &Verdict::Conforms } else { &fails });
        }
        (search.low, search.runs)
    }

    #[test]
    fn the_largest_number_that_holds_is_found() {
        for (from, to, limit, largest) in [
            (505, 100_000, 12_345, 12_345),
            (505, 100_000, 505, 505),
            (505, 100_000, 506, 506),
            (505, 100_000, 99_999, 99_999),
            (505, 100_000, 1_000_000, 100_000),
            (0, 10, 7, 7),
            (0, 1, 0, 0),
        ] {
            let (number, runs) = found(from, to, limit);
            assert_eq!(number, largest, "{from}..{to} with limit {limit}");
            assert!(runs <= RUNS_MAX);
        }
        assert_eq!(found(1, u64::MAX, u64::MAX / 2).1, RUNS_MAX);
    }
}
