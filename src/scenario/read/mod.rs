//! YAML text into a [`Suite`](super::Suite), or all mistakes of the file at once. `docs/suite-language.md` is the definition.
//!
//! `events` and `repair` read YAML into a `tree`; `rows` and `fragment` put texts in; `scenario` and the modules of its
//! parts read what the texts say; `bind`, `replies`, `judge`, `needs`, `lease`, `limits` and `domains` hold the parts
//! against each other.

mod action;
mod answer;
mod bind;
mod check;
mod command;
mod domains;
mod events;
mod fields;
mod file;
mod fragment;
mod generated;
mod ids;
mod item;
mod judge;
mod lease;
mod library;
mod limits;
mod line;
mod mistakes;
mod names;
mod needs;
mod octets;
mod repair;
mod replies;
mod requirements;
mod rows;
mod scenario;
mod session;
mod step;
mod text;
mod tree;
mod uses;
mod words;

#[cfg(test)]
mod tests;

pub use file::{read_fragments, read_suite};
pub use library::{Files, Folder, Library, NoFiles};
