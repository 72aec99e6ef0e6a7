//! Dialogues with the whole server over loopback.

mod acl;
mod binary;
mod client;
mod compression;
mod connection;
mod faults;
mod lists;
mod mailboxes;
mod messages;
mod orders;
mod partial;
mod previews;
mod quota;
mod replacing;
mod resync;
mod revision;
mod searches;
mod unicode;
mod updates;
