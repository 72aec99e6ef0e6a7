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

/// The fixed words of the language, for its JSON Schema.
pub(super) mod words_of {
    pub(in crate::scenario) use super::action::{DEEDS, SPOILS};
    pub(in crate::scenario) use super::generated::GENERATORS;
    pub(in crate::scenario) use super::session::{IMAP_STATES, POP3_STATES, SMTP_STATES, USERS};
}

/// The keys that the reader takes, place by place, to hold the JSON Schema against them.
#[cfg(test)]
pub(super) mod keys_of {
    pub(in crate::scenario) use super::action::AUTH_KEYS as AUTH;
    pub(in crate::scenario) use super::file::KEYS as SUITE;
    pub(in crate::scenario) use super::fragment::{FILE_KEYS as FRAGMENT_FILE, KEYS as FRAGMENT};
    pub(in crate::scenario) use super::generated::{
        DEPOSIT_KEYS as DEPOSIT, NUMBER_KEYS as NUMBER, ORIGIN_KEYS as ORIGIN, RANGE_KEYS as RANGE,
    };
    pub(in crate::scenario) use super::octets::MADE_KEYS as MADE;
    pub(in crate::scenario) use super::requirements::KEYS as REQUIREMENT;
    pub(in crate::scenario) use super::scenario::KEYS as SCENARIO;
    pub(in crate::scenario) use super::session::{BESIDE_ROLES, ROLES};
    pub(in crate::scenario) use super::step::KEYS as STEP;
}

#[cfg(test)]
mod tests;

pub use file::{read_fragments, read_suite};
pub use library::{Files, Folder, Library, NoFiles};
