//! SMTP between servers (RFC 5321 with SIZE, 8BITMIME, PIPELINING, ENHANCEDSTATUSCODES, STARTTLS) and submission (RFC 6409, with
//! AUTH): the server's side.

mod auth;
mod content;
mod path;
mod recipient;
mod serve;
mod session;
mod trace;

pub use serve::serve;
pub use session::Service;

#[cfg(test)]
mod tests;
