//! Layer 1: the catalogue of requirements, the denominator of every coverage figure.

mod load;
mod requirement;
#[cfg(test)]
mod tests;

pub use load::{Catalog, CatalogError, CatalogFile};
pub use requirement::{Level, Observable, Requirement, Subject};
