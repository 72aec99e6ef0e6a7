//! Layer 3: generated values and sessions, pure and sync.

mod body;
mod group;
mod message;
mod mime;
mod number;
mod shrink;
mod value;

pub use message::Message;
pub use mime::{Leaf, Multipart, Part};
pub use shrink::simpler;
pub use value::{Generated, generate};

#[cfg(test)]
mod tests;
