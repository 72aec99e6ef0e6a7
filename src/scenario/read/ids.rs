//! Requirement ids as they are cited.

use std::collections::BTreeSet;

use super::mistakes::Mistakes;
use super::text::Text;
use crate::base::{RequirementId, closest};
use crate::catalog::{Catalog, Requirement};

/// The rows that a suite can cite.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) catalog: &'a Catalog,
    /// Rows of the file itself.
    pub(super) own: &'a [Requirement],
    pub(super) invariants: &'a BTreeSet<&'a str>,
}

impl<'a> Rows<'a> {
    /// The row of this id.
    pub(super) fn get(&self, id: &RequirementId) -> Option<&'a Requirement> {
        self.own.iter().find(|row| row.id == *id).or_else(|| self.catalog.get(id))
    }

    /// Reads an id that must be one of a row.
    pub(super) fn read(&self, text: &Text, mistakes: &mut Mistakes) -> Option<RequirementId> {
        match text.as_str().parse::<RequirementId>() {
            Ok(id) => self.known(id, text, 0..text.len(), mistakes),
            Err(error) => {
                mistakes.add(text.mistake(0..text.len(), error.to_string()));
                None
            }
        }
    }

    /// The id, if there is such a row.
    pub(super) fn known(
        &self,
        id: RequirementId,
        text: &Text,
        at: std::ops::Range<usize>,
        mistakes: &mut Mistakes,
    ) -> Option<RequirementId> {
        if self.get(&id).is_some() {
            return Some(id);
        }
        let own = closest(id.as_str(), self.own.iter().map(|row| row.id.as_str()));
        let message = match own.or_else(|| self.catalog.closest(id.as_str())) {
            Some(guess) => format!("no such requirement; did you mean `{guess}`?"),
            None => "no such requirement".to_owned(),
        };
        mistakes.add(text.mistake(at, message));
        None
    }
}
