//! mailproof: conformance tests for SMTP, submission, POP3 and IMAP servers.
//!
//! Modules stand in layer order; each imports only from those above it in this list. `tests/layering.rs` holds them to it.

pub mod base;

pub mod catalog;
pub mod imap;
pub mod message;
pub mod pop3;
pub mod sasl;
pub mod smtp;

pub mod scenario;

pub mod generate;
pub mod outcome;
pub mod sink;
pub mod tamper;
pub mod target;

pub mod run;

pub mod explore;

pub mod report;

pub mod cli;

pub mod refserver;
