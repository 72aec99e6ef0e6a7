//! What is known about a target: said by its file, or proved by the probe. docs/facts.md.

use super::login::Login;
use super::world::World;
use crate::scenario::{FactDefault, fact};

/// Whether a fact holds; none where nobody knows.
pub(super) fn holds(world: &World, name: &str) -> Option<bool> {
    // No word of a target file makes mail arrive here.
    if name == "sink" {
        return Some(world.sink.is_some());
    }
    let said = world.target.facts.get(name).copied();
    said.or_else(|| proved(world, name)).or_else(|| match fact(name)?.default {
        FactDefault::Absent => Some(false),
        FactDefault::Unknown => None,
    })
}

fn proved(world: &World, name: &str) -> Option<bool> {
    match name {
        // NIL is read as an empty delimiter. RFC 3501 §7.2.2.
        "hierarchy" => {
            let separators = world.probed.roles.values().filter_map(|role| role.separator.as_ref());
            separators.map(|separator| !separator.is_empty()).next()
        }
        // A refusal proves nothing: the secret may be another one for one account only.
        "shared-secret" => {
            let accepted = world.probed.proofs.iter().flat_map(|proof| &proof.accepted);
            let shared = |login: &&Login| match login {
                Login::Apop => true,
                Login::Sasl(mechanism) => mechanism == "CRAM-MD5",
                Login::UserPass | Login::ImapLogin => false,
            };
            accepted.into_iter().find(shared).map(|_| true)
        }
        _ => None,
    }
}
