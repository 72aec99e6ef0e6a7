//! SMTP between servers (RFC 5321 with SIZE, 8BITMIME, PIPELINING, ENHANCEDSTATUSCODES, STARTTLS): the server's side.

mod content;
mod path;
mod recipient;
mod serve;
mod session;
mod trace;

pub use serve::serve;

#[cfg(test)]
mod tests;
