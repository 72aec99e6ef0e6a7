//! SMTP between servers (RFC 5321 with SIZE, 8BITMIME, PIPELINING, CHUNKING, ENHANCEDSTATUSCODES, STARTTLS) and submission
//! (RFC 6409, with AUTH): the server's side, and the client that hands mail to the next hop.

mod auth;
mod bounce;
mod client;
mod content;
mod envelope;
mod extension;
mod parameter;
mod path;
mod post;
mod queue;
mod recipient;
mod serve;
mod session;
mod trace;

pub use extension::KEYWORDS;
pub use post::Post;
pub use serve::serve;
pub use session::Service;

#[cfg(test)]
mod tests;
