//! POP3 (RFC 1939, RFC 2449, RFC 2595, RFC 3206, RFC 5034): the server's side.

mod content;
mod fault;
mod login;
mod maildrop;
mod serve;
mod session;

pub use fault::Fault;
pub use serve::serve;

#[cfg(test)]
mod tests;
