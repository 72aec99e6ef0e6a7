//! Any scenario that the reader takes, for property tests: each is built from parts that fit, so none is thrown away.
//!
//! Proptest draws a list of numbers, and `making` turns it into a scenario; so a failing case shrinks by itself.

mod answer;
mod choices;
mod commands;
mod imap;
mod kinds;
mod making;
mod pop3;
mod smtp;
mod steps;
mod text;
mod values;
mod whole;

mod property;
