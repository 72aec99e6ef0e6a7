//! The parser and the framer against a corpus, against any octets, and against a second opinion.

mod corpus;
mod generated;
mod second_opinion;
mod streams;
