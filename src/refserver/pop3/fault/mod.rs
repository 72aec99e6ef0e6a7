//! How the server may be told to break POP3, by subject.

mod any;
mod command;
mod login;
mod maildrop;

pub use any::Fault;
pub(super) use command::CommandFault;
pub(super) use login::LoginFault;
pub(super) use maildrop::MaildropFault;
