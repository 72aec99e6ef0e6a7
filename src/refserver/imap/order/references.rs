//! The algorithm REFERENCES (RFC 5256 §3), step by step.

use std::collections::{BTreeMap, BTreeSet};

use super::Letter;
use super::subject::Origin;
use super::tree::Forest;

/// The threads of messages that are given by number.
pub(super) fn references(letters: &[Letter]) -> Forest {
    let mut threads = Threads::linked(letters);
    threads.prune();
    threads.gather();
    threads.sort();
    threads.into_forest()
}

/// Messages and dummies with their links, by index. A dummy has no letter.
#[derive(Debug)]
struct Threads<'l> {
    nodes: Vec<Node<'l>>,
    /// The children of the root.
    tops: Vec<usize>,
}

#[derive(Debug, Default)]
struct Node<'l> {
    letter: Option<&'l Letter>,
    parent: Option<usize>,
    children: Vec<usize>,
}

impl<'l> Threads<'l> {
    /// Steps 1 and 2.
    fn linked(letters: &'l [Letter]) -> Self {
        let mut threads = Self { nodes: Vec::new(), tops: Vec::new() };
        let mut by_id: BTreeMap<&[u8], usize> = BTreeMap::new();
        let mut own = Vec::new();
        for letter in letters {
            let node = threads.add(Some(letter));
            own.push(node);
            if let Some(id) = &letter.id {
                // Of several messages with the same identifier the first one has it.
                by_id.entry(id).or_insert(node);
            }
        }
        for (letter, &node) in letters.iter().zip(&own) {
            let mut before = None;
            for id in &letter.references {
                let referred = *by_id.entry(id).or_insert_with(|| threads.add(None));
                if let Some(before) = before
                    && threads.parent(referred).is_none()
                {
                    threads.link(before, referred);
                }
                before = Some(referred);
            }
            threads.unlink(node);
            if let Some(parent) = before {
                threads.link(parent, node);
            }
        }
        threads.tops = (0..threads.nodes.len()).filter(|&node| threads.parent(node).is_none()).collect();
        threads
    }

    fn add(&mut self, letter: Option<&'l Letter>) -> usize {
        self.nodes.push(Node { letter, ..Node::default() });
        self.nodes.len() - 1
    }

    fn parent(&self, node: usize) -> Option<usize> {
        self.nodes.get(node).and_then(|node| node.parent)
    }

    fn letter(&self, node: usize) -> Option<&'l Letter> {
        self.nodes.get(node).and_then(|node| node.letter)
    }

    fn children(&self, node: usize) -> &[usize] {
        self.nodes.get(node).map_or(&[], |node| &node.children)
    }

    /// Makes a child of a node that has no parent, unless that would be a loop.
    fn link(&mut self, parent: usize, child: usize) {
        let mut above = Some(parent);
        while let Some(node) = above {
            if node == child {
                return;
            }
            above = self.parent(node);
        }
        if let Some(node) = self.nodes.get_mut(child) {
            node.parent = Some(parent);
        }
        if let Some(node) = self.nodes.get_mut(parent) {
            node.children.push(child);
        }
    }

    fn unlink(&mut self, child: usize) {
        let Some(parent) = self.nodes.get_mut(child).and_then(|node| node.parent.take()) else { return };
        if let Some(node) = self.nodes.get_mut(parent) {
            node.children.retain(|&other| other != child);
        }
    }

    /// All nodes of the threads, parents before children.
    fn downwards(&self) -> Vec<usize> {
        let mut found = self.tops.clone();
        let mut at = 0;
        while let Some(&node) = found.get(at) {
            found.extend_from_slice(self.children(node));
            at += 1;
        }
        found
    }

    /// Step 3: dummies go, and their children take their place; only above several of them one stays.
    fn prune(&mut self) {
        for node in self.downwards().into_iter().rev() {
            let kept = self.children(node).iter().flat_map(|&child| self.pruned(child)).collect();
            if let Some(node) = self.nodes.get_mut(node) {
                node.children = kept;
            }
        }
        let tops = self.tops.iter().flat_map(|&top| match self.children(top).len() {
            0 | 1 => self.pruned(top),
            _ => vec![top],
        });
        self.tops = tops.collect();
    }

    /// What stands for a node among its siblings.
    fn pruned(&self, node: usize) -> Vec<usize> {
        if self.letter(node).is_some() { vec![node] } else { self.children(node).to_vec() }
    }

    /// The message that a child of the root is compared by: itself, or the oldest child of a dummy.
    fn head(&self, top: usize) -> Option<&'l Letter> {
        let children = || self.children(top).iter().filter_map(|&child| self.letter(child));
        self.letter(top).or_else(|| children().min_by_key(|letter| letter.age()))
    }

    /// Steps 4 and 5: threads of one subject become one.
    fn gather(&mut self) {
        self.sort_tops();
        let subject =
            |threads: &Self, top: usize| threads.head(top).map(|head| head.subject.as_str()).unwrap_or_default();
        let mut table: BTreeMap<&'l str, usize> = BTreeMap::new();
        for &top in &self.tops {
            let subject = subject(self, top);
            if subject.is_empty() {
                continue;
            }
            let held = *table.entry(subject).or_insert(top);
            let replaces = self.letter(top).is_none() || (self.is_answer(held) && !self.is_answer(top));
            if self.letter(held).is_some() && replaces {
                table.insert(subject, top);
            }
        }
        let mut merged = BTreeSet::new();
        for top in self.tops.clone() {
            let subject = subject(self, top);
            let Some(&held) = table.get(subject).filter(|&&held| held != top) else { continue };
            if let Some(dummy) = self.merge(held, top, &mut merged) {
                table.insert(subject, dummy);
            }
        }
        self.tops.retain(|top| !merged.contains(top));
    }

    /// Step 5.C. A dummy above both is a new child of the root.
    fn merge(&mut self, held: usize, top: usize, merged: &mut BTreeSet<usize>) -> Option<usize> {
        match (self.letter(held), self.letter(top)) {
            (None, None) => {
                let children =
                    self.nodes.get_mut(top).map(|node| std::mem::take(&mut node.children)).unwrap_or_default();
                self.adopt(held, children);
            }
            (None, Some(_)) => self.adopt(held, vec![top]),
            (Some(_), _) if self.is_answer(top) && !self.is_answer(held) => self.adopt(held, vec![top]),
            (Some(_), _) => {
                let dummy = self.add(None);
                self.adopt(dummy, vec![held, top]);
                merged.extend([held, top]);
                self.tops.push(dummy);
                return Some(dummy);
            }
        }
        merged.insert(top);
        None
    }

    fn adopt(&mut self, parent: usize, children: Vec<usize>) {
        if let Some(node) = self.nodes.get_mut(parent) {
            node.children.extend(children);
        }
    }

    fn is_answer(&self, node: usize) -> bool {
        self.letter(node).is_some_and(|letter| letter.origin == Origin::Answer)
    }

    /// Step 6: siblings by age. A dummy is as old as its oldest child.
    fn sort(&mut self) {
        for node in self.downwards() {
            let mut children = self.children(node).to_vec();
            children.sort_by_key(|&child| self.age(child));
            if let Some(node) = self.nodes.get_mut(node) {
                node.children = children;
            }
        }
        self.sort_tops();
    }

    fn sort_tops(&mut self) {
        let mut tops = self.tops.clone();
        tops.sort_by_key(|&top| self.age(top));
        self.tops = tops;
    }

    fn age(&self, node: usize) -> Option<(i64, u32)> {
        self.head(node).map(Letter::age)
    }

    fn into_forest(self) -> Forest {
        let mut forest = Forest::default();
        for node in &self.nodes {
            forest.add(node.letter.map(|letter| letter.name));
        }
        for (at, node) in self.nodes.into_iter().enumerate() {
            forest.set_children(at, node.children);
        }
        forest.set_roots(self.tops);
        forest
    }
}
