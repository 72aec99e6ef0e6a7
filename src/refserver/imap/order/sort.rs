//! SORT (RFC 5256 §3).

use std::cmp::Ordering;

use super::Letter;
use crate::refserver::imap::command::{Criterion, Direction, SortKey};

/// Puts messages in order. Those that are alike in everything stand by their numbers, in either direction.
pub fn sort(letters: &mut [Letter], criteria: &[Criterion]) {
    letters.sort_by(|left, right| {
        let differ = |order: &Ordering| order.is_ne();
        let found = criteria.iter().map(|criterion| compare(left, right, *criterion)).find(differ);
        found.unwrap_or_else(|| left.number.cmp(&right.number))
    });
}

fn compare(left: &Letter, right: &Letter, criterion: Criterion) -> Ordering {
    let order = match criterion.key {
        SortKey::Arrival => left.arrival.cmp(&right.arrival),
        SortKey::Cc => left.cc.cmp(&right.cc),
        SortKey::Date => left.sent.cmp(&right.sent),
        SortKey::From => left.from.cmp(&right.from),
        SortKey::Size => left.size.cmp(&right.size),
        SortKey::Subject => left.subject.cmp(&right.subject),
        SortKey::To => left.to.cmp(&right.to),
    };
    match criterion.direction {
        Direction::Ascending => order,
        Direction::Reverse => order.reverse(),
    }
}
