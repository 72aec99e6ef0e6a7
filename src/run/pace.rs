//! How gently the target is treated: connections open at once, and new ones a second.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::target;

/// Holds all scenarios to a target's pace.
#[derive(Debug)]
pub(super) struct Pacer {
    open: Semaphore,
    most: u32,
    /// How many connections each one counts for: more once the server was found busy.
    weight: AtomicU32,
    each: Duration,
    next: Mutex<Option<Instant>>,
}

/// The connections that an attempt may have open, until it is dropped.
#[derive(Debug)]
pub(super) struct Slot<'a> {
    /// Taken and given back, never read.
    _permit: Option<SemaphorePermit<'a>>,
    weight: u32,
}

/// What a busy server makes of the pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// It is slower now.
    Slower,
    /// Attempts run one after the other already: it cannot be slower.
    Slowest,
}

impl Slot<'_> {
    /// How much each connection counted for when it was taken.
    pub(super) fn weight(&self) -> u32 {
        self.weight
    }
}

impl Pacer {
    /// Nothing is open yet.
    pub(super) fn new(pace: target::Pace) -> Self {
        let most = pace.connections.max(1);
        let open = Semaphore::new(usize::try_from(most).unwrap_or(Semaphore::MAX_PERMITS).min(Semaphore::MAX_PERMITS));
        let weight = AtomicU32::new(1);
        Self { open, most, weight, each: Duration::from_secs(1) / pace.per_second.max(1), next: Mutex::new(None) }
    }

    /// Waits until `opened` connections may be opened, with `more` beside them for a moment. A scenario with more
    /// connections than the pace allows runs alone. None when cancelled.
    pub(super) async fn slot(&self, opened: u32, more: u32, cancel: &CancellationToken) -> Option<Slot<'_>> {
        let weight = self.weight.load(Ordering::Relaxed);
        let wanted = opened.saturating_add(more).saturating_mul(weight).min(self.most);
        let permit = tokio::select! {
            biased;
            () = cancel.cancelled() => return None,
            permit = self.open.acquire_many(wanted) => permit.ok(),
        };
        let turn = self.turn(opened);
        // A timer takes a millisecond at least, also where nothing is waited for. Nobody cancels: then it is our turn.
        let ours = turn <= Instant::now() || timeout_at(turn, cancel.cancelled()).await.is_err();
        ours.then_some(Slot { _permit: permit, weight })
    }

    /// An attempt that began with this weight met a server that takes no more sessions: half as many from here on.
    /// Those that began together count once.
    pub(super) fn slow_down(&self, weight: u32) -> Pace {
        if weight >= self.most {
            return Pace::Slowest;
        }
        // Who comes second has been heard already.
        let twice = weight.saturating_mul(2).min(self.most);
        let _ = self.weight.compare_exchange(weight, twice, Ordering::Relaxed, Ordering::Relaxed);
        Pace::Slower
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
        let pacer = Pacer::new(target::Pace { connections: 5, per_second: 1_000_000 });
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
        let pacer = Pacer::new(target::Pace { connections: 100, per_second: 200 });
        let (cancel, start) = (CancellationToken::new(), Instant::now());
        for _ in 0..5 {
            pacer.slot(2, 1, &cancel).await.unwrap();
        }
        // Four waits of two connections each, 5 ms a connection.
        assert!(start.elapsed() >= Duration::from_millis(40));
    }
    #[tokio::test]
    async fn a_busy_server_gets_half_as_many_until_it_gets_one_after_the_other() {
        let pacer = Pacer::new(target::Pace { connections: 8, per_second: 1_000_000 });
        let cancel = CancellationToken::new();
        let at_once = async || {
            let mut slots = Vec::new();
            while let Ok(slot) = tokio::time::timeout(Duration::from_millis(5), pacer.slot(1, 1, &cancel)).await {
                slots.push(slot.unwrap());
            }
            (slots.len(), slots[0].weight())
        };
        assert_eq!(at_once().await, (4, 1));
        // Two that met it together are one.
        assert_eq!([pacer.slow_down(1), pacer.slow_down(1)], [Pace::Slower, Pace::Slower]);
        assert_eq!(at_once().await, (2, 2));
        assert_eq!([pacer.slow_down(2), pacer.slow_down(4)], [Pace::Slower, Pace::Slower]);
        assert_eq!((at_once().await, pacer.slow_down(8)), ((1, 8), Pace::Slowest));
    }
}
