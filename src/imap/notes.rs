//! What was put to the test by one response, and what was found wrong.

use std::collections::BTreeSet;
use std::str::FromStr;

use crate::base::{Breach, RequirementId};

/// Judgements on one response.
#[derive(Debug)]
pub(super) struct Notes<'a> {
    watched: &'a mut BTreeSet<&'static str>,
    found: Vec<(&'static str, &'static str)>,
}

impl<'a> Notes<'a> {
    /// Nothing judged yet. What is put to the test is added to `watched`.
    pub(super) fn new(watched: &'a mut BTreeSet<&'static str>) -> Self {
        Self { watched, found: Vec::new() }
    }

    /// A requirement was put to the test, and `broken` says what broke it.
    pub(super) fn judge(&mut self, id: &'static str, broken: Option<&'static str>) {
        self.watched.insert(id);
        if let Some(what) = broken
            && !self.found.contains(&(id, what))
        {
            self.found.push((id, what));
        }
    }

    /// What was found, in the order found.
    pub(super) fn into_breaches(self) -> Vec<Breach> {
        let breach = |(id, what): (&str, &str)| {
            let requirement = RequirementId::from_str(id).ok()?;
            Some(Breach { requirement, what: what.to_owned(), at: None })
        };
        self.found.into_iter().filter_map(breach).collect()
    }
}
