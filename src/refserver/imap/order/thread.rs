//! THREAD (RFC 5256 §3).

use super::tree::Forest;
use super::{Letter, references};
use crate::refserver::imap::command::Threading;

/// The threads of messages that are given by number.
pub fn thread(letters: &[Letter], by: Threading) -> Forest {
    match by {
        Threading::OrderedSubject => ordered_subject(letters),
        Threading::References => references::references(letters),
    }
}

/// Messages of one base subject are a thread: the oldest is the parent of all others.
fn ordered_subject(letters: &[Letter]) -> Forest {
    let mut sorted: Vec<&Letter> = letters.iter().collect();
    sorted.sort_by_key(|letter| (letter.subject.as_str(), letter.age()));
    let mut threads: Vec<&[&Letter]> = sorted.chunk_by(|left, right| left.subject == right.subject).collect();
    threads.sort_by_key(|thread| thread.first().map(|first| first.age()));
    let mut forest = Forest::default();
    let mut roots = Vec::new();
    for thread in threads {
        let nodes: Vec<usize> = thread.iter().map(|letter| forest.add(Some(letter.name))).collect();
        if let Some((&root, children)) = nodes.split_first() {
            forest.set_children(root, children.to_vec());
            roots.push(root);
        }
    }
    forest.set_roots(roots);
    forest
}
