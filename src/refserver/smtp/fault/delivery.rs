//! How the server may be told to change a message on its way into a mailbox.

use crate::refserver::fault::faults;

faults! {
    /// A message that was taken and is another one in the mailbox.
    DeliveryFault {
        /// A part without content is taken out, whether or not the message has parts.
        EmptyPartLost = "smtp-empty-part-lost",
            breaks "message-delivered-body-unchanged";
        /// A body that begins like a header is joined to it.
        BodyJoinsHeader = "smtp-body-joins-header",
            breaks "message-delivered-body-unchanged";
        /// Lines of a body that are a command without arguments are left out.
        CommandsLeaveBody = "smtp-commands-leave-body",
            breaks "message-delivered-body-unchanged",
            also ["rfc3030-2-message-assembled-exactly", "rfc5321-4.5.2-transformations-reversible"];
        /// A delivered message has the mod-sequence of the message before it.
        OldModseq = "smtp-delivered-with-old-modseq",
            breaks "rfc7162-3.1-delivery-gets-new-highest";
    }
}
