//! Commands of clients, read strictly (RFC 3501 §9 and the extensions that the server announces).

mod acl;
mod append;
mod cursor;
mod fetch;
mod item;
mod list;
mod order;
mod parse;
mod partial;
mod quota;
mod resync;
mod search;
mod set;
mod types;

pub use acl::AclCommand;
pub use cursor::{Extent, LiteralMode, ParseError};
pub use item::{Binary, BinaryWhat, Changed, Fetch, FetchItem, Gone};
pub use parse::{parse, tag_of};
pub use partial::Partial;
pub use quota::QuotaCommand;
pub use set::{Absence, SequenceSet, SetNumber};
pub use types::{
    Append, AppendMessage, Body, Command, Criterion, Direction, IdPair, List, ListForm, ListResult, ListSelect,
    MessageForm, Numbering, Phase, Replace, Resync, Search, SearchKey, SearchResult, SelectMode, SelectParameter, Sort,
    SortKey, StatusItem, Store, StoreAnswer, Thread, Threading,
};

#[cfg(test)]
mod tests;
