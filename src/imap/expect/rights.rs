//! Rights of access control lists, whose letters come in any order. RFC 4314.

use std::collections::BTreeSet;

use super::actual::{octets, show};
use super::leaf::{Fit, Matcher};
use super::node::Node;
use super::place::Place;
use crate::imap::Value;

impl Matcher<'_> {
    /// The mailbox, then identifiers with their rights: any order, exact. RFC 4314 §3.6.
    pub(super) fn acl(&mut self, wanted: &[Node], sent: &[Value]) -> Fit {
        let (Some((mailbox, pairs)), Some((found, entries))) = (wanted.split_first(), sent.split_first()) else {
            return Err("a mailbox name".to_owned());
        };
        self.value(mailbox, found, Place::Mailbox)?;
        let open = pairs.contains(&Node::More) || *mailbox == Node::More;
        let pairs: Vec<Node> = pairs.iter().filter(|node| **node != Node::More).cloned().collect();
        let mut left: Vec<&[Value]> = entries.chunks(2).collect();
        let (free, fixed): (Vec<&[Node]>, Vec<&[Node]>) =
            pairs.chunks(2).partition(|pair| pair.first().is_some_and(|node| self.is_free(node)));
        for pair in fixed.into_iter().chain(free) {
            let at = left.iter().position(|entry| {
                let mark = self.captures.len();
                let fits = pair.len() == entry.len()
                    && pair.iter().zip(*entry).enumerate().all(|(index, (node, value))| match index {
                        0 => self.value(node, value, Place::Octets).is_ok(),
                        _ => self.right(node, value),
                    });
                if !fits {
                    self.rollback(mark);
                }
                fits
            });
            left.remove(at.ok_or_else(|| "rights that are not there".to_owned())?);
        }
        if open || left.is_empty() { Ok(()) } else { Err("no further identifiers".to_owned()) }
    }

    /// Rights, whose letters come in any order.
    fn right(&mut self, node: &Node, value: &Value) -> bool {
        let letters = |text: &[u8]| text.iter().copied().collect::<BTreeSet<u8>>();
        let rights = match (node, octets(value)) {
            (Node::Text(text), Some(found)) if self.free(text).is_none() && found.is_ascii() => {
                self.render(text).is_ok_and(|wanted| wanted.len() == found.len() && letters(&wanted) == letters(&found))
            }
            (Node::Nil | Node::Any | Node::More | Node::Text(_) | Node::List(_) | Node::Section { .. }, _) => false,
        };
        rights || self.value(node, value, Place::Octets).is_ok()
    }

    /// The mailbox, then one's rights. RFC 4314 §3.8.
    pub(super) fn my_rights(&mut self, wanted: &[Node], sent: &[Value]) -> Fit {
        match (wanted, sent) {
            ([mailbox, rights], [found, own]) => {
                self.value(mailbox, found, Place::Mailbox)?;
                let fit = self.right(rights, own);
                self.progress += usize::from(fit);
                if fit { Ok(()) } else { Err(format!("the rights `{rights}`, but they are `{}`", show(own))) }
            }
            (_, _) => self.sequence(wanted, sent, &|index, _| if index == 0 { Place::Mailbox } else { Place::Octets }),
        }
    }

    /// The mailbox, the identifier and the rights it always has, in order; then the groups that it may be given, in any
    /// order. RFC 4314 §3.7.
    pub(super) fn list_rights(&mut self, wanted: &[Node], sent: &[Value]) -> Fit {
        let ([mailbox, identifier, always, groups @ ..], [found, own, given, left @ ..]) = (wanted, sent) else {
            return self.sequence(wanted, sent, &|index, _| if index == 0 { Place::Mailbox } else { Place::Octets });
        };
        self.value(mailbox, found, Place::Mailbox)?;
        self.value(identifier, own, Place::Octets)?;
        if !self.right(always, given) {
            return Err(format!("the rights `{always}`, but they are `{}`", show(given)));
        }
        let open = groups.contains(&Node::More) || *always == Node::More;
        let groups = groups.iter().filter(|node| **node != Node::More);
        let (free, fixed): (Vec<&Node>, Vec<&Node>) = groups.partition(|node| self.is_free(node));
        let mut left: Vec<&Value> = left.iter().collect();
        for group in fixed.into_iter().chain(free) {
            let at = left.iter().position(|value| self.right(group, value));
            left.remove(at.ok_or_else(|| format!("`{group}`, but it is not there"))?);
        }
        if open || left.is_empty() { Ok(()) } else { Err("no further rights".to_owned()) }
    }
}
