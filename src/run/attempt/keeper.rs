//! Connections of the runner's own, which prepare accounts and clean them up. They stay open from one scenario to the next,
//! since a login costs more than what is said after it.
//!
//! No scenario can tell whether its keeper is new. One is kept only where no mailbox is selected, and whoever takes it over
//! hears once more what was said when it was opened: the invariants know and find the same in either case.

use std::sync::{Mutex, PoisonError};

use super::live::Live;
use crate::target::Pace;

/// Of so many connections that a target allows, one may be a keeper that has nothing to do.
const SHARE: u32 = 4;

/// What keepers that have nothing to do take from the connections that a target allows.
pub(in crate::run) fn share(pace: Pace) -> u32 {
    pace.connections / SHARE
}

/// Keepers that have nothing to do.
#[derive(Debug)]
pub(in crate::run) struct Keepers {
    most: usize,
    idle: Mutex<Idle>,
}

#[derive(Debug)]
enum Idle {
    /// Each with the user who is logged in.
    Kept(Vec<(String, Live)>),
    /// The server takes few connections: none is kept any more.
    Dismissed,
}

impl Keepers {
    /// None yet.
    pub(in crate::run) fn new(pace: Pace) -> Self {
        let most = usize::try_from(share(pace)).unwrap_or(usize::MAX);
        Self { most, idle: Mutex::new(Idle::Kept(Vec::new())) }
    }

    /// One that is logged in as `user`.
    pub(super) fn take(&self, user: &str) -> Option<Live> {
        self.with(|idle| match idle {
            Idle::Kept(kept) => {
                let at = kept.iter().position(|(other, _)| other == user)?;
                Some(kept.swap_remove(at).1)
            }
            Idle::Dismissed => None,
        })
    }

    /// Keeps one that has no mailbox selected. It comes back if there is no room for it.
    pub(super) fn keep(&self, user: &str, live: Live) -> Option<Live> {
        self.with(|idle| match idle {
            Idle::Kept(kept) if kept.len() < self.most => {
                kept.push((user.to_owned(), live));
                None
            }
            Idle::Kept(_) | Idle::Dismissed => Some(live),
        })
    }

    /// All leave, and none is kept from now on.
    pub(in crate::run) async fn dismiss(&self) {
        let idle = self.with(|idle| std::mem::replace(idle, Idle::Dismissed));
        let Idle::Kept(kept) = idle else { return };
        for (_, live) in kept {
            live.leave().await;
        }
    }

    fn with<T>(&self, work: impl FnOnce(&mut Idle) -> T) -> T {
        work(&mut self.idle.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
