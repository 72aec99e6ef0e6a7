//! Layer 1: IMAP. The three protocol modules have the same file names: whoever has read one finds anything in the others.

mod expect;
mod reply;

pub use expect::*;
pub use reply::*;
