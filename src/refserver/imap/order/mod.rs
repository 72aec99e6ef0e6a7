//! SORT and THREAD: messages in order and in threads (RFC 5256), without a session.

mod letter;
mod references;
mod sort;
mod subject;
mod thread;
mod tree;

pub use letter::Letter;
pub use sort::sort;
pub use thread::thread;
pub use tree::Forest;

#[cfg(test)]
mod tests;
