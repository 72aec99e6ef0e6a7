//! Separators of the hierarchy. RFC 3501 §7.2.2: all children of a top-level node must use the same one.

use std::collections::BTreeMap;

use crate::imap::Value;
use crate::imap::notes::Notes;
use crate::imap::value::text;

const CONSISTENT: &str = "rfc3501-7.2.2-delimiter-consistent";

/// What this file judges.
pub(super) const BEHIND: &[&str] = &[CONSISTENT];

/// Top-level nodes that are kept.
const MOST_NODES: usize = 1_000;
/// Octets of a node's name that is kept.
const LONGEST_NODE: usize = 1_000;

/// Top-level nodes that have children, with the separator.
#[derive(Debug, Default)]
pub(super) struct Hierarchy {
    nodes: BTreeMap<Vec<u8>, u8>,
}

impl Hierarchy {
    /// LIST or LSUB.
    pub(super) fn listed(&mut self, args: &[Value], notes: &mut Notes<'_>) {
        let [_, Value::Quoted(separator), name, ..] = args else { return };
        let ([separator], Some(name)) = (separator.as_ref(), text(name)) else { return };
        let Some(at) = name.iter().position(|octet| octet == separator).filter(|at| *at > 0) else { return };
        let node = name.get(..at).unwrap_or_default();
        let before = self.nodes.get(node);
        let other = before.is_some_and(|before| before != separator);
        notes.judge(CONSISTENT, other.then_some("another separator under the same top-level node"));
        if before.is_none() && self.nodes.len() < MOST_NODES && node.len() <= LONGEST_NODE {
            self.nodes.insert(node.to_vec(), *separator);
        }
    }
}
