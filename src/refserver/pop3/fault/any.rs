//! All faults of POP3 together.

use super::{CommandFault, LoginFault, MaildropFault};
use crate::refserver::fault::subjects;

subjects! {
    /// A violation of one requirement of POP3.
    Pop3 {
        /// Commands and their answers.
        Command(CommandFault);
        /// Logins, and STLS.
        Login(LoginFault);
        /// The open maildrop.
        Maildrop(MaildropFault);
    }
}
