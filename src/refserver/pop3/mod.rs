//! POP3 (RFC 1939, RFC 2449, RFC 2595, RFC 3206, RFC 5034, RFC 6856): the server's side.

mod capability;
mod content;
mod fault;
mod login;
mod maildrop;
mod serve;
mod session;
mod unicode;
mod wrong;

pub use capability::KEYWORDS;
pub use fault::Fault;
pub use serve::serve;

#[cfg(test)]
mod tests;
