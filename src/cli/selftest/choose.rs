//! Which scenarios look at a fault.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::base::RequirementId;
use crate::catalog::Catalog;
use crate::explore::seed_of;
use crate::refserver::{self, Fault, FaultRow};
use crate::scenario::{Lease, Protocol, Scenario, SessionKind};
use crate::target::ROLES;

/// How many scenarios that have nothing to do with a fault are run with it: it must not turn them red.
const BYSTANDERS: usize = 50;

/// How many scenarios are run with each fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Breadth {
    /// Those that cite what the fault breaks, and some others, always the same.
    Near,
    /// All that can meet it: none of the others runs the code in which it is.
    Full,
}

/// What a fault may turn red, by canonical ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Broken {
    /// What has to turn red.
    pub(super) first: Option<RequirementId>,
    /// What may, the first included.
    pub(super) all: BTreeSet<RequirementId>,
}

impl Broken {
    /// What the fault declares. Ids that no row of the catalogue has are left out.
    pub(super) fn by(fault: FaultRow, catalog: &Catalog) -> Self {
        let canonical = |id: &str| {
            let id: RequirementId = id.parse().ok()?;
            catalog.get(&id).map(|_| catalog.canonical(&id).clone())
        };
        let first = canonical(fault.breaks);
        let all = first.iter().cloned().chain(fault.also.iter().filter_map(|id| canonical(id))).collect();
        Self { first, all }
    }
}

/// The scenarios that are run with a fault, in the order given.
pub(super) fn choose(
    fault: Fault,
    scenarios: &[Arc<Scenario>],
    catalog: &Catalog,
    breadth: Breadth,
) -> Vec<Arc<Scenario>> {
    let broken = Broken::by(fault.row(), catalog);
    let cites = |scenario: &Scenario| {
        let mut cited = scenario.covers.iter().chain(&scenario.watch);
        cited.any(|id| broken.all.contains(catalog.canonical(id)))
    };
    let place = |scenario: &Scenario| seed_of(&format!("{} {}", fault.row().id, scenario.id));
    let protocols: BTreeSet<Protocol> = fault.roles().iter().filter_map(|role| protocol(*role)).collect();
    let near = |scenario: &Scenario| !cites(scenario) && speaks(scenario, &protocols);
    let mut others: Vec<u64> =
        scenarios.iter().filter(|scenario| near(scenario)).map(|scenario| place(scenario)).collect();
    others.sort_unstable();
    let last = others.get(BYSTANDERS.saturating_sub(1)).copied().unwrap_or(u64::MAX);
    let chosen = scenarios.iter().filter(|scenario| match breadth {
        Breadth::Full => meets(scenario, &protocols),
        Breadth::Near => cites(scenario) || (near(scenario) && place(scenario) <= last),
    });
    chosen.cloned().collect()
}

fn protocol(service: refserver::Role) -> Option<Protocol> {
    ROLES.iter().find(|(word, _)| *word == service.as_str()).map(|(_, role)| role.protocol())
}

/// Whether a scenario has a session in one of these protocols.
fn speaks(scenario: &Scenario, protocols: &BTreeSet<Protocol>) -> bool {
    scenario.sessions.iter().any(|session| match session.kind {
        SessionKind::Connection { role, .. } => protocols.contains(&role.protocol()),
        SessionKind::Inbox(_) | SessionKind::Sink => false,
    })
}

/// Whether a server is spoken to in one of these protocols when a scenario is run: by its sessions, by what reads its boxes,
/// or by what makes its accounts ready, which is IMAP where that is spoken at all.
pub(super) fn meets(scenario: &Scenario, protocols: &BTreeSet<Protocol>) -> bool {
    let prepared = matches!(scenario.lease, Lease::Exclusive(_)) || !scenario.deposit.is_empty();
    let reads = scenario.sessions.iter().any(|session| matches!(session.kind, SessionKind::Inbox(_)));
    speaks(scenario, protocols)
        || (protocols.contains(&Protocol::Imap) && (prepared || reads))
        || (protocols.contains(&Protocol::Pop3) && reads)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::suites::{Wanted, load};

    #[test]
    fn what_cites_a_broken_requirement_is_run_and_so_are_fifty_others_of_the_protocol() {
        let loaded = load(&Wanted::default()).unwrap();
        let all: Vec<Arc<Scenario>> =
            loaded.suites.into_iter().flat_map(|suite| suite.scenarios).map(Arc::new).collect();
        let fault = Fault::all().find(|fault| fault.row().id == "pop3-stat-counts-deleted").unwrap();
        let chosen = choose(fault, &all, &loaded.catalog, Breadth::Near);
        let ids = |scenarios: &[Arc<Scenario>]| scenarios.iter().map(|one| one.id.to_string()).collect::<Vec<_>>();
        let broken = Broken::by(fault.row(), &loaded.catalog);
        let cites = |scenario: &&Arc<Scenario>| scenario.covers.iter().any(|id| broken.all.contains(id));
        let near = all.iter().filter(cites).count();
        assert!(near >= 2 && chosen.iter().filter(cites).count() == near, "{near}");
        assert_eq!(chosen.len(), near + BYSTANDERS);
        assert_eq!(ids(&chosen), ids(&choose(fault, &all, &loaded.catalog, Breadth::Near)));
        let pop3 = BTreeSet::from([Protocol::Pop3]);
        assert!(chosen.iter().all(|scenario| speaks(scenario, &pop3)));
        let full = choose(fault, &all, &loaded.catalog, Breadth::Full);
        assert!(chosen.len() < full.len() && full.len() < all.len());
        assert!(chosen.iter().all(|scenario| full.iter().any(|one| one.id == scenario.id)));
    }

    #[test]
    fn every_fault_breaks_a_requirement_of_the_catalogue() {
        let catalog = load(&Wanted::default()).unwrap().catalog;
        for row in Fault::all().map(Fault::row) {
            assert_eq!(Broken::by(row, &catalog).all.len(), 1 + row.also.len(), "{row:?}");
        }
    }
}
