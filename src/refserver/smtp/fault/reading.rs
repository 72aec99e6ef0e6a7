//! Where lines and content end, and which of their octets are there.

use crate::refserver::fault::faults;

faults! {
    /// Input that is cut at the wrong place.
    ReadingFault {
        /// LF alone ends a command.
        LfEndsCommand = "smtp-lf-ends-command",
            breaks "rfc5321-2.3.8-bare-lf-not-a-command-terminator";
        /// LF alone parts commands in a line that ends in CRLF.
        LfPartsCommands = "smtp-lf-parts-commands",
            breaks "rfc5321-2.3.8-bare-lf-not-a-command-terminator";
        /// A command is carried out at its CR, and LF behind it is skipped.
        CrEndsCommand = "smtp-cr-ends-command",
            breaks "rfc5321-2.4-no-action-before-crlf",
            also ["rfc5321-2.3.8-bare-cr-not-a-command-terminator"];
        /// CR alone parts commands in a line that ends in CRLF.
        CrPartsCommands = "smtp-cr-parts-commands",
            breaks "rfc5321-2.3.8-bare-cr-not-a-command-terminator";
        /// A line that is too long is refused twice.
        LongLineRefusedTwice = "smtp-long-line-refused-twice",
            breaks "rfc5321-4.5.3.1.9-overlong-command-one-error",
            also ["rfc4954-4-overlong-response-500"];
        /// LF, a dot and LF end the content.
        LfDotLfEnds = "smtp-lf-dot-lf-ends",
            breaks "rfc5321-4.1.1.4-lf-dot-lf-not-end",
            also ["rfc5321-4.1.1.4-no-smuggled-transaction"];
        /// LF, a dot and CRLF end the content.
        LfDotCrlfEnds = "smtp-lf-dot-crlf-ends",
            breaks "rfc5321-4.1.1.4-lf-dot-crlf-not-end",
            also ["rfc5321-4.1.1.4-no-smuggled-transaction"];
        /// CRLF, a dot and LF end the content.
        CrlfDotLfEnds = "smtp-crlf-dot-lf-ends",
            breaks "rfc5321-4.1.1.4-crlf-dot-lf-not-end",
            also ["rfc5321-4.1.1.4-no-smuggled-transaction"];
        /// CR, a dot and CR end the content.
        CrDotCrEnds = "smtp-cr-dot-cr-ends",
            breaks "rfc5321-4.1.1.4-cr-variants-not-end",
            also ["rfc5321-4.1.1.4-no-smuggled-transaction"];
        /// CR, a dot and CRLF end the content.
        CrDotCrlfEnds = "smtp-cr-dot-crlf-ends",
            breaks "rfc5321-4.1.1.4-cr-variants-not-end",
            also ["rfc5321-4.1.1.4-no-smuggled-transaction"];
        /// The end of the content is not seen before as many octets as were declared.
        DeclaredSizeAwaited = "smtp-declared-size-awaited",
            breaks "rfc1870-6-size-does-not-end-data";
        /// In TLS dots that begin lines stay doubled.
        TlsDotsKept = "smtp-tls-dots-kept",
            breaks "rfc3207-4.2-mail-flow-identical-inside-tls";
        /// A dot directly behind DATA does not end the content.
        EmptyContentGoesOn = "smtp-empty-content-goes-on",
            breaks "rfc5321-4.1.1.4-end-of-data-is-crlf-dot-crlf";
        /// The dot of a line that follows an empty one stays doubled.
        DotAfterEmptyLineKept = "smtp-dot-after-empty-line-kept",
            breaks "rfc5321-4.5.2-dot-unstuffing",
            also ["message-dot-lines-roundtrip", "rfc6152-3-dot-stuffing-unchanged", "rfc5321-4.5.2-transformations-reversible", "message-delivered-body-unchanged"];
        /// Once there was an octet above 127, dots stay doubled.
        DotAfterEightBitKept = "smtp-dot-after-eight-bit-kept",
            breaks "rfc6152-3-dot-stuffing-unchanged";
        /// The dot of a line that follows one of 990 octets or more stays doubled.
        DotAfterLongLineKept = "smtp-dot-after-long-line-kept",
            breaks "rfc5321-4.5.3.1.6-text-line-1000",
            also ["message-line-of-1000-delivered", "rfc5321-4.5.2-transformations-reversible", "message-delivered-body-unchanged"];
        /// A dot that is first of its line and first of a block of 4096 octets stays doubled.
        DotAtBlockKept = "smtp-dot-at-block-kept",
            breaks "rfc5321-4.5.2-terminator-across-segments",
            also ["message-delivered-body-unchanged"];
        /// The content ends after as many octets as were declared.
        DeclaredSizeEnds = "smtp-declared-size-ends",
            breaks "rfc1870-6-size-does-not-end-data",
            also ["rfc5321-4.1.1.4-one-final-reply"];
        /// What was sent of a content when the connection is lost is delivered.
        PartDelivered = "smtp-part-delivered",
            breaks "rfc5321-4.1.1.10-lost-connection-cancels-transaction";
        /// A connection that is lost within a transaction takes the message before it along.
        LossTakesMessage = "smtp-loss-takes-message",
            breaks "rfc5321-4.1.1.10-lost-connection-keeps-completed";
    }
}
