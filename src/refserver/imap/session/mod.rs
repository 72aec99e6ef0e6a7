//! An IMAP4rev1 connection (RFC 3501): [`serve`] is its rim, a `Session` answers whole commands, a `View` knows what the
//! client has been told of the selected mailbox.

mod acl;
mod auth;
mod awareness;
mod binary;
mod buffer;
mod capability;
mod copy;
mod fetch;
mod fetching;
mod found;
mod idle;
mod list;
mod mailboxes;
mod names;
mod order;
mod pattern;
mod place;
mod quota;
mod reader;
mod replace;
mod reply;
mod resync;
mod revision;
mod search;
mod serve;
mod sets;
mod state;
mod status;
mod store;
mod unicode;
mod view;
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a fault is about few of many commands, keys or items, and all others stay as they are"
)]
mod wrong;

pub use capability::keywords;
pub use serve::serve;

#[cfg(test)]
mod tests;
