//! Accounts on loan: an exclusive scenario has its accounts alone, shared ones use theirs side by side.
//!
//! Requests are served in the order they come. One that has to wait holds nothing meanwhile, so nobody waits for it in a
//! circle; but the accounts that will be free for it soonest are kept from those behind it, so it does not wait for ever.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::cast::{Cast, SinkUse};
use super::world::Leased;
use crate::scenario::Lease;
use crate::target::{Account, Keeping};

/// All accounts of a target, and the sink.
#[derive(Debug)]
pub(super) struct Pool {
    accounts: Vec<Account>,
    state: Mutex<State>,
}

/// What a scenario asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Request {
    /// How many accounts, and whether the sink.
    pub(super) cast: Cast,
    /// Alone or side by side.
    pub(super) class: Class,
}

/// Whether others use the accounts meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Nobody does; the accounts are disposable.
    Exclusive,
    /// Others may.
    Shared,
}

/// Accounts on loan; they go back when it is dropped.
#[derive(Debug)]
pub(super) struct Loan {
    pool: Arc<Pool>,
    held: Held,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Held {
    accounts: Vec<usize>,
    class: Class,
    sink: SinkUse,
}

#[derive(Debug, Default)]
struct State {
    users: Vec<Users>,
    sink_is_lent: bool,
    waiting: VecDeque<(Request, oneshot::Sender<Loan>)>,
}

/// Who uses an account.
#[derive(Debug, Clone, Copy, Default)]
struct Users {
    now: usize,
    ever: usize,
    alone: bool,
}

impl From<Lease> for Class {
    fn from(lease: Lease) -> Self {
        match lease {
            Lease::Exclusive(_) => Self::Exclusive,
            Lease::Shared => Self::Shared,
        }
    }
}

impl Pool {
    /// Nothing is lent yet.
    pub(super) fn new(accounts: Vec<Account>) -> Arc<Self> {
        let users = vec![Users::default(); accounts.len()];
        Arc::new(Self { accounts, state: Mutex::new(State { users, ..State::default() }) })
    }

    /// Waits for its turn. None when the pool can never serve it: it has too few accounts of the kind.
    pub(super) async fn lease(self: &Arc<Self>, request: Request) -> Option<Loan> {
        let eligible = (0..self.accounts.len()).filter(|at| self.may(*at, request.class)).count();
        if eligible < request.cast.accounts.count() {
            return None;
        }
        let (sender, receiver) = oneshot::channel();
        self.lock().waiting.push_back((request, sender));
        self.serve();
        receiver.await.ok()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Whoever panicked while holding the lock left numbers behind, no half-made structure.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn may(&self, at: usize, class: Class) -> bool {
        let disposable = self.accounts.get(at).is_some_and(|account| account.keeping == Keeping::Disposable);
        class == Class::Shared || disposable
    }

    /// Lends what can be lent. A loan whose receiver is gone comes back at once, and may serve another.
    fn serve(self: &Arc<Self>) {
        let granted = self.grant();
        for (loan, sender) in granted {
            // Dropping an unwanted loan serves again; the lock is free by now.
            drop(sender.send(loan));
        }
    }

    fn grant(self: &Arc<Self>) -> Vec<(Loan, oneshot::Sender<Loan>)> {
        let mut guard = self.lock();
        let state = &mut *guard;
        let mut kept = Kept { accounts: Vec::new(), sink: SinkUse::Leaves };
        let mut granted = Vec::new();
        for (request, sender) in std::mem::take(&mut state.waiting) {
            if sender.is_closed() {
                continue;
            }
            let chosen = self.choose(state, &kept, request);
            let sink_is_free = !state.sink_is_lent && kept.sink == SinkUse::Leaves;
            let free = chosen.iter().all(|at| state.is_free(*at, request.class));
            let enough = chosen.len() == request.cast.accounts.count();
            if enough && free && (request.cast.sink == SinkUse::Leaves || sink_is_free) {
                let held = Held { accounts: chosen, class: request.class, sink: request.cast.sink };
                state.take(&held);
                granted.push((Loan { pool: Arc::clone(self), held }, sender));
            } else {
                kept.accounts.extend(chosen);
                if request.cast.sink == SinkUse::Reads {
                    kept.sink = SinkUse::Reads;
                }
                state.waiting.push_back((request, sender));
            }
        }
        granted
    }

    /// The accounts that are free, or will be soonest, without those kept for somebody before; the least used first.
    fn choose(&self, state: &State, kept: &Kept, request: Request) -> Vec<usize> {
        let mut eligible: Vec<usize> =
            (0..self.accounts.len()).filter(|at| self.may(*at, request.class) && !kept.accounts.contains(at)).collect();
        eligible.sort_by_key(|at| {
            let users = state.users.get(*at).copied().unwrap_or_default();
            (users.alone, users.now, users.ever, *at)
        });
        eligible.truncate(request.cast.accounts.count());
        eligible
    }
}

/// What is kept for requests that wait.
struct Kept {
    accounts: Vec<usize>,
    sink: SinkUse,
}

impl State {
    fn is_free(&self, at: usize, class: Class) -> bool {
        self.users.get(at).is_some_and(|users| match class {
            Class::Exclusive => users.now == 0,
            Class::Shared => !users.alone,
        })
    }

    fn take(&mut self, held: &Held) {
        for at in &held.accounts {
            if let Some(users) = self.users.get_mut(*at) {
                users.now += 1;
                users.ever += 1;
                users.alone = held.class == Class::Exclusive;
            }
        }
        self.sink_is_lent |= held.sink == SinkUse::Reads;
    }

    fn give_back(&mut self, held: &Held) {
        for at in &held.accounts {
            if let Some(users) = self.users.get_mut(*at) {
                users.now = users.now.saturating_sub(1);
                users.alone = false;
            }
        }
        if held.sink == SinkUse::Reads {
            self.sink_is_lent = false;
        }
    }
}

impl Loan {
    /// The accounts as alice and bob.
    pub(super) fn leased(&self) -> Leased {
        let mut accounts = self.held.accounts.iter().filter_map(|at| self.pool.accounts.get(*at)).cloned();
        Leased { alice: accounts.next(), bob: accounts.next() }
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        self.pool.lock().give_back(&self.held);
        self.pool.serve();
    }
}

#[cfg(test)]
mod tests;
