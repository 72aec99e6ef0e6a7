//! Pipelined groups of commands.

use crate::refserver::fault::faults;

faults! {
    /// A group that is answered otherwise than its commands one by one.
    GroupFault {
        /// Of a pipelined group the third command is answered last.
        ThirdComesLast = "smtp-third-comes-last",
            breaks "rfc2920-3.2-replies-in-order",
            also ["rfc2920-3.1-group-equivalent-to-lock-step", "rfc5321-4.3.2-codes-of-transaction-commands", "rfc5321-4.1.4-out-of-order-503"];
        /// The fourth command of a pipelined group is refused, whatever it is.
        FourthIsRefused = "smtp-fourth-is-refused",
            breaks "rfc2920-3.1-group-equivalent-to-lock-step",
            also ["rfc2920-3.2-354-only-with-valid-recipient"];
        /// What is pipelined behind an unknown command is thrown away.
        InputThrownAway = "smtp-input-thrown-away",
            breaks "rfc2920-3.2-input-never-flushed",
            also ["rfc2920-3.1-group-equivalent-to-lock-step"];
        /// DATA in a pipelined group is accepted if the last recipient was.
        LastRecipientDecides = "smtp-last-recipient-decides",
            breaks "rfc2920-3.2-354-only-with-valid-recipient",
            also ["rfc2920-3.1-group-equivalent-to-lock-step"];
        /// DATA in a pipelined group is accepted for nobody.
        GroupForNobody = "smtp-group-for-nobody",
            breaks "rfc2920-3.2-354-only-with-valid-recipient",
            also ["rfc2920-3.1-group-equivalent-to-lock-step"];
        /// The reply to NOOP or VRFY at the end of a group waits for more input.
        LastReplyWaits = "smtp-last-reply-waits",
            breaks "rfc2920-3.2-no-buffering-of-group-ending-replies",
            also ["rfc2920-3.2-input-never-flushed"];
        /// The reply to an unknown command at the end of a group waits for more input.
        UnknownReplyWaits = "smtp-unknown-reply-waits",
            breaks "rfc2920-3.2-no-buffering-of-unknown-command-reply",
            also ["rfc2920-3.1-group-equivalent-to-lock-step"];
        /// The reply to RSET at the end of a group waits for more input.
        ResetReplyWaits = "smtp-reset-reply-waits",
            breaks "rfc2920-3.2-flush-when-input-empty",
            also ["rfc2920-3.1-group-equivalent-to-lock-step"];
        /// Commands behind the content, in the same piece, are thrown away.
        CommandsBehindContentLost = "smtp-commands-behind-content-lost",
            breaks "rfc2920-3.1-next-transaction-behind-message-data";
    }
}
