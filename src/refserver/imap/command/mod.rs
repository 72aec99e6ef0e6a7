//! Commands of clients, read strictly (RFC 3501 §9 and the extensions that the server announces).

mod cursor;
mod fetch;
mod parse;
mod search;
mod set;
mod types;

pub use cursor::{Extent, LiteralMode, ParseError};
pub use parse::{parse, tag_of};
pub use set::{SequenceSet, SetNumber};
pub use types::{
    Append, Body, Command, FetchItem, IdPair, Numbering, Phase, SearchKey, SelectMode, StatusItem, Store, StoreAnswer,
};

#[cfg(test)]
mod tests;
