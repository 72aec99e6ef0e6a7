//! Trace fields, and who gets a copy.

use crate::refserver::fault::faults;

faults! {
    /// A copy with wrong trace fields, or for the wrong mailbox.
    TraceFault {
        /// No Received field is added.
        NoReceived = "smtp-no-received",
            breaks "rfc5321-4.4-received-prepended",
            also ["rfc5321-4.4-received-from-content", "rfc4954-7-received-with-esmtpa"];
        /// A message that came with Received gets the new field below it.
        ReceivedBelow = "smtp-received-below",
            breaks "message-received-prepended";
        /// The Received field does not have the name of EHLO.
        ReceivedWithoutHello = "smtp-received-without-hello",
            breaks "rfc5321-4.4-received-from-content";
        /// The Received field does not tell of the login.
        ReceivedWithoutLogin = "smtp-received-without-login",
            breaks "rfc4954-7-received-with-esmtpa";
        /// The Received field names all recipients.
        ReceivedForAll = "smtp-received-for-all",
            breaks "rfc5321-7.2-no-recipient-list-in-header";
        /// There is no Return-Path for a sender.
        NoReturnPath = "smtp-no-return-path",
            breaks "rfc5321-4.4-return-path-added";
        /// There is no Return-Path for the null sender.
        NoNullReturnPath = "smtp-no-null-return-path",
            breaks "rfc5321-4.4-return-path-null";
        /// A Return-Path that came with the message stays.
        ForgedReturnPathStays = "smtp-forged-return-path-stays",
            breaks "rfc5321-4.4-return-path-exactly-one";
        /// The second recipient gets no copy.
        SecondRecipientForgotten = "smtp-second-recipient-forgotten",
            breaks "rfc5321-4.1.1.3-each-recipient-gets-a-copy";
        /// Mailboxes here that stand in Cc get a copy.
        CopyToHeader = "smtp-copy-to-header",
            breaks "rfc5321-app-c-no-routing-from-header";
        /// The internal date is that of the field Date.
        InternalDateFromField = "smtp-internal-date-from-field",
            breaks "rfc3501-2.3.3-internaldate-of-delivery";
    }
}
