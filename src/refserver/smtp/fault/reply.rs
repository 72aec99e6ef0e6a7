//! Replies that are wrong as texts.

use crate::refserver::fault::faults;

faults! {
    /// A reply of another form, or with another code.
    ReplyFault {
        /// The reply to RSET ends in LF alone.
        RsetEndsInLf = "smtp-rset-ends-in-lf",
            breaks "rfc5321-2.3.8-replies-end-in-crlf";
        /// The two lines of the reply to HELP have different codes.
        HelpCodesDiffer = "smtp-help-codes-differ",
            breaks "rfc5321-4.2.1-multiline-same-code";
        /// A colon stands between the code and the text of the reply to HELP.
        HelpWithColon = "smtp-help-with-colon",
            breaks "rfc5321-4.2-reply-line-syntax";
        /// NOOP gives its argument back, however long it is.
        NoopGivesArgumentBack = "smtp-noop-gives-argument-back",
            breaks "rfc5321-4.5.3.1.5-reply-line-512",
            also ["rfc5321-4.5.3.1.4-command-line-512"];
        /// RSET within a transaction is answered by a code without a text.
        BareCode = "smtp-bare-code",
            breaks "rfc5321-4.2-no-bare-codes",
            also ["rfc2034-4-code-in-every-reply"];
        /// VRFY is answered by 262.
        CodeOutOfRange = "smtp-code-out-of-range",
            breaks "rfc5321-4.2-reply-code-range";
        /// The farewell holds a letter that is not ASCII.
        FarewellNotAscii = "smtp-farewell-not-ascii",
            breaks "rfc5321-4.2-reply-text-characters";
        /// NOOP is answered twice if it is the first command behind EHLO.
        NoopAnsweredTwice = "smtp-noop-answered-twice",
            breaks "rfc5321-4.1.1.9-noop-250",
            also ["rfc5321-4.2-one-reply-per-command", "rfc2034-4-code-in-every-reply"];
        /// The enhanced code for the second recipient has a leading zero.
        CodeWithLeadingZero = "smtp-code-with-leading-zero",
            breaks "rfc3463-2-no-leading-zeros";
        /// In the second transaction of a connection MAIL is answered without an enhanced code.
        NoCodeInSecondTransaction = "smtp-no-code-in-second-transaction",
            breaks "rfc2034-4-code-in-every-reply";
        /// A recipient with bad syntax is refused for good, with an enhanced code of the class of passing errors.
        CodeOfAnotherClass = "smtp-code-of-another-class",
            breaks "rfc2034-4-class-agrees-with-reply";
        /// The two lines of the reply to HELP have different enhanced codes.
        HelpEnhancedCodesDiffer = "smtp-help-enhanced-codes-differ",
            breaks "rfc2034-4-same-code-on-every-line";
        /// A hyphen follows the enhanced code in the reply to VRFY.
        CodeWithoutSpace = "smtp-code-without-space",
            breaks "rfc2034-4-code-followed-by-space";
        /// NOOP within a transaction is answered with an enhanced code of two numbers.
        CodeOfTwoNumbers = "smtp-code-of-two-numbers",
            breaks "rfc2034-4-code-syntax";
        /// After HELO replies have no enhanced codes.
        NoCodesAfterHelo = "smtp-no-codes-after-helo",
            breaks "rfc2034-4-codes-also-after-helo",
            also ["rfc2034-4-code-in-every-reply"];
        /// RCPT out of order has an enhanced code that says nothing.
        SequenceWithoutDetail = "smtp-sequence-without-detail",
            breaks "rfc3463-3.6-invalid-command-5.5.1";
        /// An accepted recipient has the enhanced code of an accepted sender.
        RecipientOkAsSender = "smtp-recipient-ok-as-sender",
            breaks "rfc3463-3.2-recipient-ok-2.1.5";
        /// A mailbox that does not exist is refused with an enhanced code that says nothing.
        UnknownMailboxWithoutDetail = "smtp-unknown-mailbox-without-detail",
            breaks "rfc3463-3.2-unknown-mailbox-5.1.1";
        /// A command that is not known has an enhanced code that says nothing.
        UnknownWithoutDetail = "smtp-unknown-without-detail",
            breaks "rfc3463-3.6-syntax-error-5.5.2";
        /// A declared size beyond the limit has an enhanced code that says nothing.
        TooBigWithoutDetail = "smtp-too-big-without-detail",
            breaks "rfc3463-3.4-message-too-big-5.3.4";
        /// A mailbox that does not exist is refused as a syntax error.
        UnknownMailboxAs501 = "smtp-unknown-mailbox-as-501",
            breaks "rfc5321-3.3-unknown-recipient-refused-at-rcpt";
        /// RCPT on a connection that never saw MAIL is refused as if the mailbox did not exist.
        OutOfOrderAs550 = "smtp-out-of-order-as-550",
            breaks "rfc5321-4.1.4-out-of-order-503";
        /// A sender whose local part is quoted is accepted by 251.
        QuotedSenderBy251 = "smtp-quoted-sender-by-251",
            breaks "rfc5321-4.3.2-codes-of-transaction-commands";
        /// VRFY of a mailbox here is answered by 253.
        VrfyBy253 = "smtp-vrfy-by-253",
            breaks "rfc5321-4.3.2-codes-vrfy-expn-help";
        /// The first DATA of a connection is answered by 250 before it takes the content.
        DataBy250 = "smtp-data-by-250",
            breaks "rfc5321-3.3-data-354",
            also ["rfc3030-2-data-still-supported"];
        /// QUIT outside a transaction is answered by 250.
        QuitBy250 = "smtp-quit-by-250",
            breaks "rfc5321-4.1.1.10-quit-221",
            also ["rfc2920-3.1-next-transaction-behind-message-data", "rfc5321-4.1.1.10-quit-closes"];
        /// The end of the content has one reply for each recipient.
        ReplyForEachRecipient = "smtp-reply-for-each-recipient",
            breaks "rfc5321-4.1.1.4-one-final-reply";
        /// EHLO without a name is refused by 555.
        HelloRefusedBy555 = "smtp-hello-refused-by-555",
            breaks "rfc5321-4.1.4-ehlo-refusal-codes";
        /// A command that is not known is answered as one that is not implemented.
        UnknownAs502 = "smtp-unknown-as-502",
            breaks "rfc5321-4.2.4-unrecognised-command-500",
            also ["rfc5321-4.1.5-unknown-x-command-500"];
    }
}
