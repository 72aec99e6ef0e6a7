//! Commands, their order, and what they leave behind.

use crate::refserver::fault::faults;

faults! {
    /// A command that does too much, too little or the wrong thing.
    OrderFault {
        /// RCPT is known in upper case and in lower case only.
        MixedCaseUnknown = "smtp-mixed-case-unknown",
            breaks "rfc5321-2.4-verbs-case-insensitive";
        /// The name of the parameter SIZE is known in upper case only.
        LowerCaseSizeUnknown = "smtp-lower-case-size-unknown",
            breaks "rfc5321-2.4-verbs-case-insensitive";
        /// The second RSET without MAIL between them is refused.
        SecondRsetRefused = "smtp-second-rset-refused",
            breaks "rfc5321-4.1.1.5-rset-any-time";
        /// After RSET a further recipient is accepted if there was one before.
        RsetLeavesOpen = "smtp-rset-leaves-open",
            breaks "rfc5321-4.1.1.5-rset-discards-transaction",
            also ["rfc5321-4.1.4-out-of-order-503"];
        /// The transaction after RSET has the recipients of the one before it, too.
        RsetKeepsRecipients = "smtp-rset-keeps-recipients",
            breaks "rfc5321-3.3-state-reset-between-transactions";
        /// A message goes to the recipients of the message before it, too.
        EndKeepsRecipients = "smtp-end-keeps-recipients",
            breaks "rfc5321-3.3-state-reset-between-transactions";
        /// After RSET the parameter SIZE is not known any more, if it was used before.
        RsetForgetsSize = "smtp-rset-forgets-size",
            breaks "rfc5321-4.1.1.5-rset-keeps-session";
        /// RSET with an argument is refused and carried out.
        RefusedRsetResets = "smtp-refused-rset-resets",
            breaks "rfc5321-4.1.1-argument-on-argumentless-command";
        /// HELO within a transaction leaves it as it is.
        HeloKeepsTransaction = "smtp-helo-keeps-transaction",
            breaks "rfc5321-4.1.4-ehlo-mid-session-resets",
            also ["rfc5321-4.1.4-out-of-order-503"];
        /// EHLO within a transaction leaves it as it is.
        EhloKeepsTransaction = "smtp-ehlo-keeps-transaction",
            breaks "rfc5321-4.1.4-ehlo-mid-session-resets",
            also ["rfc5321-4.1.4-out-of-order-503"];
        /// The transaction after an EHLO that ended another one has its recipients, too.
        EhloKeepsRecipients = "smtp-ehlo-keeps-recipients",
            breaks "rfc5321-3.3-state-reset-between-transactions";
        /// DATA may have an argument.
        DataArgumentTaken = "smtp-data-argument-taken",
            breaks "rfc5321-4.1.1-argument-on-argumentless-command";
        /// An EHLO that is refused ends the transaction.
        RefusedHelloResets = "smtp-refused-hello-resets",
            breaks "rfc5321-4.1.4-refused-ehlo-keeps-state";
        /// MAIL within a transaction changes the sender and keeps the recipients.
        NestedMailTaken = "smtp-nested-mail-taken",
            breaks "rfc5321-4.1.4-nested-mail";
        /// MAIL within a transaction is refused, and the recipients are gone.
        NestedMailForgets = "smtp-nested-mail-forgets",
            breaks "rfc5321-4.1.4-nested-mail";
        /// MAIL with a bad path is refused and begins a transaction.
        BadMailBegins = "smtp-bad-mail-begins",
            breaks "rfc5321-4.1.4-bad-mail-argument-501-same-state",
            also ["rfc5321-4.1.4-out-of-order-503"];
        /// After MAIL with a bad path every further MAIL is out of order.
        BadMailBlocks = "smtp-bad-mail-blocks",
            breaks "rfc5321-4.1.4-bad-mail-argument-501-same-state";
        /// A recipient that is refused takes all others with it.
        RefusedRecipientEmpties = "smtp-refused-recipient-empties",
            breaks "rfc5321-4.1.1.3-refused-rcpt-leaves-state",
            also ["rfc2920-3.2-354-only-with-valid-recipient"];
        /// MAIL with an unknown parameter is refused and begins a transaction.
        UnknownParameterBegins = "smtp-unknown-parameter-begins",
            breaks "rfc5321-4.1.1.11-unknown-mail-parameter-555",
            also ["rfc5321-4.1.4-out-of-order-503"];
        /// An unknown parameter of MAIL is ignored.
        UnknownMailParameterIgnored = "smtp-unknown-mail-parameter-ignored",
            breaks "rfc5321-4.1.1.11-unknown-mail-parameter-555",
            also ["rfc3463-3.6-invalid-arguments-5.5.4"];
        /// An unknown parameter of RCPT is ignored.
        UnknownRcptParameterIgnored = "smtp-unknown-rcpt-parameter-ignored",
            breaks "rfc5321-4.1.1.11-unknown-rcpt-parameter-555";
        /// RCPT with an unknown parameter is refused, and the recipient gets the message.
        UnknownParameterAddsRecipient = "smtp-unknown-parameter-adds-recipient",
            breaks "rfc5321-4.1.1.11-unknown-rcpt-parameter-555";
        /// VRFY ends the transaction.
        VrfyEndsTransaction = "smtp-vrfy-ends-transaction",
            breaks "rfc5321-4.1.1.6-vrfy-expn-help-noop-leave-buffers";
        /// NOOP ends the transaction.
        NoopEndsTransaction = "smtp-noop-ends-transaction",
            breaks "rfc5321-4.1.1.6-vrfy-expn-help-noop-leave-buffers";
        /// HELP forgets the recipients.
        HelpForgetsRecipients = "smtp-help-forgets-recipients",
            breaks "rfc5321-4.1.1.6-vrfy-expn-help-noop-leave-buffers";
        /// A blank at the end of RCPT is a syntax error.
        TrailingBlankRefused = "smtp-trailing-blank-refused",
            breaks "rfc5321-4.1.1-trailing-whitespace-tolerated";
        /// After a recipient that was refused DATA is accepted without any other.
        DataForNobody = "smtp-data-for-nobody",
            breaks "rfc5321-3.3-no-success-without-valid-recipient",
            also ["rfc2920-3.2-354-only-with-valid-recipient", "rfc5321-4.1.1.11-unknown-rcpt-parameter-555"];
        /// After a message RCPT is accepted without MAIL.
        RcptAfterData = "smtp-rcpt-after-data",
            breaks "rfc5321-4.1.1.4-buffers-cleared-after-data",
            also ["rfc5321-4.1.4-out-of-order-503"];
        /// After a message DATA needs no recipient but those that were there.
        DataAgainForTheSame = "smtp-data-again-for-the-same",
            breaks "rfc5321-4.1.1.4-buffers-cleared-after-data";
        /// NOOP before EHLO is out of order.
        NoopNeedsHello = "smtp-noop-needs-hello",
            breaks "rfc5321-4.1.4-non-mail-commands-before-hello";
        /// RSET, VRFY and HELP before EHLO are out of order.
        OthersNeedHello = "smtp-others-need-hello",
            breaks "rfc5321-4.1.4-non-mail-commands-before-hello";
        /// Between servers RSET directly behind EHLO is not known.
        RsetUnknown = "smtp-rset-unknown",
            breaks "rfc5321-4.5.1-minimum-command-set",
            also ["rfc5321-4.1.1.5-rset-any-time", "starttls-smtp-earlier-pipeline-answered-in-clear"];
        /// NOOP with an argument is a syntax error.
        NoopArgumentRefused = "smtp-noop-argument-refused",
            breaks "rfc5321-4.1.1.9-noop-argument-ignored";
        /// A command that is not known ends the transaction.
        UnknownCommandResets = "smtp-unknown-command-resets",
            breaks "rfc5321-3.8-unknown-command-tolerated";
        /// Commands that begin with X are all accepted.
        PrivateCommandTaken = "smtp-private-command-taken",
            breaks "rfc5321-4.1.5-unknown-x-command-500";
        /// TURN is accepted.
        TurnTaken = "smtp-turn-taken",
            breaks "rfc5321-app-f.1-turn-refused";
        /// QUIT before EHLO is out of order.
        QuitNeedsHello = "smtp-quit-needs-hello",
            breaks "rfc5321-4.1.1.10-quit-any-time",
            also ["rfc5321-4.1.1.10-quit-221"];
        /// QUIT within a transaction is out of order.
        QuitNeedsRset = "smtp-quit-needs-rset",
            breaks "rfc5321-4.1.1.10-quit-any-time",
            also ["rfc5321-4.1.1.10-quit-221"];
        /// After QUIT the connection stays open.
        QuitStaysOpen = "smtp-quit-stays-open",
            breaks "rfc5321-4.1.1.10-quit-closes",
            also ["rfc2920-3.1-next-transaction-behind-message-data"];
        /// The hundredth recipient is one too many.
        HundredthRecipientRefused = "smtp-hundredth-recipient-refused",
            breaks "rfc5321-4.5.3.1.8-100-recipients";
        /// A line of 512 octets is too long, but for EHLO, MAIL and RCPT.
        LineOf512Refused = "smtp-line-of-512-refused",
            breaks "rfc5321-4.5.3.1.4-command-line-512";
    }
}
