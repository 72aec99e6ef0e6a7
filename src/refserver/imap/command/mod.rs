//! Commands of clients, read strictly (RFC 3501 §9 and the extensions that the server announces).

mod acl;
mod cursor;
mod fetch;
mod list;
mod order;
mod parse;
mod quota;
mod resync;
mod search;
mod set;
mod types;

pub use acl::AclCommand;
pub use cursor::{Extent, LiteralMode, ParseError};
pub use parse::{parse, tag_of};
pub use quota::QuotaCommand;
pub use set::{Absence, SequenceSet, SetNumber};
pub use types::{
    Append, AppendMessage, Body, Changed, Command, Criterion, Direction, Fetch, FetchItem, Gone, IdPair, List,
    ListForm, ListResult, ListSelect, Numbering, Phase, Resync, Search, SearchKey, SearchResult, SelectMode,
    SelectParameter, Sort, SortKey, StatusItem, Store, StoreAnswer, Thread, Threading,
};

#[cfg(test)]
mod tests;
