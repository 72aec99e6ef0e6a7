//! Dialogues with the whole server over loopback.

mod acl;
mod client;
mod connection;
mod faults;
mod lists;
mod mailboxes;
mod messages;
mod orders;
mod quota;
mod resync;
mod revision;
mod searches;
mod updates;
