//! The messages of all accounts, in memory, behind SMTP, POP3 and IMAP.
//!
//! [`Store`] is the shared handle. An [`Account`] owns mailboxes by name, a [`Mailbox`] owns messages by UID. Sessions learn of
//! changes by comparing what they were told with the mailbox, after [`Store::subscribe`] woke them.

mod account;
mod change;
mod date;
mod flag;
mod mailbox;
mod maildrop;
mod name;
mod quota;
mod rights;
mod shared;
mod special_use;
mod utf7;
mod vanished;
mod wrong;

pub use account::{Account, MailboxId, Node, NodeError};
pub use change::{Copied, FlagChange};
pub use date::{CivilDate, InternalDate};
pub use flag::{Flag, Flags};
pub use mailbox::{Mailbox, Message, NewMessage};
pub use maildrop::{MaildropError, MaildropMessage};
pub use name::{MailboxName, NameError, SEPARATOR};
pub use quota::Usage;
pub use rights::{Acl, Right, Rights, RightsChange};
pub use shared::{Accounts, Full, Limits, Maildrop, Store};
pub use special_use::SpecialUse;

#[cfg(test)]
mod tests;
