//! POP3 (RFC 1939, RFC 2449, RFC 2595): the server's side.

mod maildrop;
mod serve;

pub use serve::serve;

#[cfg(test)]
mod tests;
