//! How the server may be told to break what TLS and logins promise, in all three protocols, by subject.

mod any;
mod auth;
mod sasl;
mod tls;

pub use any::Fault;
pub use auth::AuthFault;
pub use sasl::SaslFault;
pub use tls::TlsFault;
