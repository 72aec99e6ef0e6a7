//! IMAP: untagged responses in any order before the tagged ones. docs/suite-language.md section 7.3.

mod came;
mod forbidden;
mod item;
mod plan;
#[cfg(test)]
mod tests;
mod walk;

pub(super) use plan::{awaits_tags, is_imap, may_wait};
pub(super) use walk::decide_alternative;
