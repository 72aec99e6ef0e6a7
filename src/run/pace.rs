//! How gently the target is treated: connections open at once, and new ones a second.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::target::Pace;

/// Holds all scenarios to a target's pace.
#[derive(Debug)]
pub(super) struct Pacer {
    open: Semaphore,
    most: u32,
    each: Duration,
    next: Mutex<Option<Instant>>,
}

/// The connections that an attempt may have open, until it is dropped.
#[derive(Debug)]
pub(super) struct Slot<'a> {
    /// Taken and given back, never read.
    _permit: Option<SemaphorePermit<'a>>,
}

impl Pacer {
    /// Nothing is open yet.
    pub(super) fn new(pace: Pace) -> Self {
        let most = pace.connections.max(1);
        let open = Semaphore::new(usize::try_from(most).unwrap_or(Semaphore::MAX_PERMITS).min(Semaphore::MAX_PERMITS));
        Self { open, most, each: Duration::from_secs(1) / pace.per_second.max(1), next: Mutex::new(None) }
    }

    /// Waits until `opened` connections may be opened, with `more` beside them for a moment. A scenario with more
    /// connections than the pace allows runs alone. None when cancelled.
    pub(super) async fn slot(&self, opened: u32, more: u32, cancel: &CancellationToken) -> Option<Slot<'_>> {
        let wanted = opened.saturating_add(more).min(self.most);
        let permit = tokio::select! {
            biased;
            () = cancel.cancelled() => return None,
            permit = self.open.acquire_many(wanted) => permit.ok(),
        };
        let turn = self.turn(opened);
        // Nobody cancels: then it is our turn.
        timeout_at(turn, cancel.cancelled()).await.is_err().then_some(Slot { _permit: permit })
    }

    /// When the next one may open so many connections.
    fn turn(&self, opened: u32) -> Instant {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let turn = next.map_or(now, |next| next.max(now));
        *next = Some(turn + self.each.saturating_mul(opened));
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_so_many_connections_are_open_at_once() {
        let pacer = Pacer::new(Pace { connections: 5, per_second: 1_000_000 });
        let cancel = CancellationToken::new();
        let first = pacer.slot(2, 1, &cancel).await.unwrap();
        assert!(tokio::time::timeout(Duration::from_millis(5), pacer.slot(2, 1, &cancel)).await.is_err());
        drop(first);
        let greedy = pacer.slot(100, 1, &cancel).await.unwrap();
        cancel.cancel();
        assert!(pacer.slot(1, 1, &cancel).await.is_none());
        drop(greedy);
    }

    #[tokio::test]
    async fn new_connections_come_one_after_the_other() {
        let pacer = Pacer::new(Pace { connections: 100, per_second: 200 });
        let (cancel, start) = (CancellationToken::new(), Instant::now());
        for _ in 0..5 {
            pacer.slot(2, 1, &cancel).await.unwrap();
        }
        // Four waits of two connections each, 5 ms a connection.
        assert!(start.elapsed() >= Duration::from_millis(40));
    }
}
