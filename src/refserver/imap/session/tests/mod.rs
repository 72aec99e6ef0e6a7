//! Dialogues with the whole server over loopback.

mod client;
mod connection;
mod mailboxes;
mod messages;
mod updates;
