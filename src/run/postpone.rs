//! Greylisting: who is told to come back later comes back, as long as patience lasts. RFC 6647 §2.1.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The longest pause between two tries: a sender that was put off for five minutes is let in soon after.
const PAUSE_MAX: Duration = Duration::from_secs(60);

/// One bound for all scenarios of a run: they wait side by side, and a server that never lets anybody in is waited for
/// once.
#[derive(Debug)]
pub(super) struct Greylisting {
    patience: Duration,
    since: Mutex<Option<Instant>>,
}

impl Greylisting {
    /// Nobody was put off yet.
    pub(super) fn new(patience: Duration) -> Self {
        Self { patience, since: Mutex::new(None) }
    }

    /// How long to wait before the next try, which is this pause at most; none when patience is over.
    pub(super) fn pause(&self, pause: Duration, now: Instant) -> Option<Duration> {
        let since = *self.since.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(now);
        let left = (since + self.patience).checked_duration_since(now).filter(|left| !left.is_zero())?;
        Some(pause.min(PAUSE_MAX).min(left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_wait_together_until_patience_is_over() {
        let (greylisting, start) = (Greylisting::new(Duration::from_secs(300)), Instant::now());
        let seconds = |pause, after| {
            let pause = greylisting.pause(Duration::from_secs(pause), start + Duration::from_secs(after));
            pause.map(|pause| pause.as_secs())
        };
        assert_eq!([seconds(5, 0), seconds(1000, 1)], [Some(5), Some(60)]);
        assert_eq!([seconds(60, 290), seconds(5, 300)], [Some(10), None]);
    }
}
