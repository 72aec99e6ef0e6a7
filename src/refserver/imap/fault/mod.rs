//! How the server may be told to break IMAP.

mod acl;
mod any;
mod change;
mod mailbox;
mod message;
mod order;
mod read;
mod search;
mod session;
mod structure;
mod sync;

pub(in crate::refserver) use acl::AclFault;
pub use any::Fault;
pub(in crate::refserver) use change::ChangeFault;
pub(in crate::refserver) use mailbox::MailboxFault;
pub(in crate::refserver) use message::MessageFault;
pub(in crate::refserver) use order::OrderFault;
pub(in crate::refserver) use read::ReadFault;
pub(in crate::refserver) use search::SearchFault;
pub(in crate::refserver) use session::SessionFault;
pub(in crate::refserver) use structure::StructureFault;
pub(in crate::refserver) use sync::SyncFault;
