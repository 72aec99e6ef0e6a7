//! BDAT.

use crate::refserver::fault::faults;

faults! {
    /// A chunk that is taken for something else.
    ChunkFault {
        /// A chunk without MAIL is refused, and its octets are commands.
        RefusedChunkIsCommands = "smtp-refused-chunk-is-commands",
            breaks "rfc3030-2-failed-chunk-data-discarded";
        /// A chunk behind the last one is accepted.
        ChunkBehindLast = "smtp-chunk-behind-last",
            breaks "rfc3030-2-bdat-after-last-503";
        /// DATA within a transaction that has a chunk is accepted.
        DataBehindChunk = "smtp-data-behind-chunk",
            breaks "rfc3030-2-data-after-bdat-503";
        /// After a message by BDAT there is no DATA on the connection.
        DataNotAfterChunks = "smtp-data-not-after-chunks",
            breaks "rfc3030-2-data-and-bdat-in-one-session";
        /// LAST is known in upper case only.
        LastInUpperCase = "smtp-last-in-upper-case",
            breaks "rfc3030-2-bdat-syntax";
        /// LAST is not known: such a chunk is refused, and thrown away.
        LastUnknown = "smtp-last-unknown",
            breaks "rfc3030-2-bdat-syntax",
            also [
                "rfc3030-2-each-chunk-acknowledged",
                "rfc3030-2-zero-size-last",
                "rfc3030-2-data-and-bdat-in-one-session",
                "rfc3030-3-body-binarymime-accepted"
            ];
        /// BDAT without a size counts as one of no octets.
        NoSizeIsZero = "smtp-bdat-without-size-is-zero",
            breaks "rfc3030-2-bdat-bad-arguments";
        /// A chunk with anything but LAST behind its size is refused twice: before and behind its octets.
        OddChunkRefusedTwice = "smtp-odd-chunk-refused-twice",
            breaks "rfc3030-2-bdat-bad-arguments";
        /// BDAT with a size that is no number counts as one of no octets.
        NoNumberIsZero = "smtp-no-number-is-zero",
            breaks "rfc3030-2-bdat-bad-arguments";
        /// A last chunk without octets is refused.
        EmptyLastRefused = "smtp-empty-last-refused",
            breaks "rfc3030-2-zero-size-last";
        /// Dots that begin lines are taken off in chunks, too.
        ChunkDotsTaken = "smtp-chunk-dots-taken",
            breaks "rfc3030-2-no-dot-processing",
            also ["rfc3030-2-message-assembled-exactly"];
        /// A chunk is accepted without a recipient.
        ChunkForNobody = "smtp-chunk-for-nobody",
            breaks "rfc3030-2-bdat-needs-recipient";
        /// A chunk that does not end in a line end gets one.
        ChunkGetsLineEnd = "smtp-chunk-gets-line-end",
            breaks "rfc3030-2-message-assembled-exactly";
        /// The octets of the third chunk are lost.
        ThirdChunkLost = "smtp-third-chunk-lost",
            breaks "rfc3030-2-message-assembled-exactly";
        /// Of the size of a chunk the lowest 32 bits count.
        ChunkSizeWraps = "smtp-chunk-size-wraps",
            breaks "rfc3030-2-huge-chunk-size";
        /// Of the size of a chunk the lowest 64 bits count.
        ChunkSizeWrapsAt64 = "smtp-chunk-size-wraps-at-64-bits",
            breaks "rfc3030-2-huge-chunk-size";
        /// The chunks before RSET come before those of the next message.
        RsetKeepsChunks = "smtp-rset-keeps-chunks",
            breaks "rfc3030-2-rset-clears-chunks";
        /// Chunks without a last one are delivered when the connection is lost.
        LossDeliversChunks = "smtp-loss-delivers-chunks",
            breaks "rfc3030-2-lost-connection-before-last";
        /// A chunk that is not the last is answered by 354.
        ChunkBy354 = "smtp-chunk-by-354",
            breaks "rfc3030-2-each-chunk-acknowledged";
        /// DATA is accepted for BODY=BINARYMIME.
        DataForBinary = "smtp-data-for-binary",
            breaks "rfc3030-3-data-with-binarymime-503";
    }
}
