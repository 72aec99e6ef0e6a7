//! SMTP between servers (RFC 5321 with SIZE, 8BITMIME, BINARYMIME, CHUNKING, SMTPUTF8, DSN, PIPELINING,
//! ENHANCEDSTATUSCODES, STARTTLS, AUTH) and submission (RFC 6409): the server's side, and the client that hands mail to the
//! next hop.

mod attempt;
mod auth;
mod binary;
mod client;
mod content;
mod envelope;
mod extension;
mod fault;
mod letter;
mod lookup;
mod notice;
mod notify;
mod parameter;
mod parcel;
mod path;
mod post;
mod queue;
mod recipient;
mod serve;
mod session;
mod submission;
mod trace;
mod wrong;
mod xtext;

pub use extension::KEYWORDS;
pub use fault::{
    AddressFault, ChunkFault, DisguiseFault, Fault, GroupFault, HelloFault, LetterFault, NoticeFault, OrderFault,
    ParameterFault, ReadingFault, RelayFault, ReplyFault, TraceFault,
};
pub use post::Post;
pub use serve::serve;
pub use session::Service;

#[cfg(test)]
mod tests;
