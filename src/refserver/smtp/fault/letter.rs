//! The message as it is stored, and what is refused of it.

use crate::refserver::fault::faults;

faults! {
    /// A message that arrives as another one, or not at all.
    LetterFault {
        /// A line of the body that begins with From and a blank gets a sign in front.
        FromLineEscaped = "smtp-from-line-escaped",
            breaks "message-delivered-body-unchanged",
            also ["rfc5321-4.5.2-transformations-reversible", "rfc3030-2-message-assembled-exactly"];
        /// Blanks at the end of lines are lost.
        TrailingBlanksLost = "smtp-trailing-blanks-lost",
            breaks "message-delivered-body-unchanged",
            also ["rfc5321-4.5.2-all-ascii-preserved", "rfc5321-4.5.2-transformations-reversible", "message-dot-lines-roundtrip", "rfc3030-2-message-assembled-exactly"];
        /// Two empty lines in a row become one.
        EmptyLinesMerged = "smtp-empty-lines-merged",
            breaks "message-delivered-body-unchanged",
            also ["message-no-extra-line-at-end", "rfc5321-4.5.2-transformations-reversible", "rfc3030-2-message-assembled-exactly"];
        /// What comes behind 262,144 octets is lost.
        EndOfLargeMessageLost = "smtp-end-of-large-message-lost",
            breaks "message-delivered-body-unchanged";
        /// Fields that begin with X and are folded become one line.
        FieldsUnfolded = "smtp-fields-unfolded",
            breaks "message-delivered-body-unchanged";
        /// Encoded words in fields that begin with X are decoded.
        EncodedWordsLost = "smtp-encoded-words-lost",
            breaks "message-delivered-body-unchanged";
        /// Control characters are lost, but for tabs and line ends.
        ControlsLost = "smtp-controls-lost",
            breaks "rfc5321-4.5.2-all-ascii-preserved",
            also ["rfc5321-4.5.2-transformations-reversible", "message-delivered-body-unchanged", "rfc3030-2-message-assembled-exactly"];
        /// DEL is lost.
        DelLost = "smtp-del-lost",
            breaks "rfc5321-4.5.2-all-ascii-preserved",
            also ["rfc5321-4.5.2-transformations-reversible", "message-delivered-body-unchanged", "rfc3030-2-message-assembled-exactly"];
        /// A body that ends in an empty line gets another one.
        EmptyLineAtEnd = "smtp-empty-line-at-end",
            breaks "message-no-extra-line-at-end",
            also ["rfc5321-4.5.2-transformations-reversible", "message-delivered-body-unchanged", "rfc3030-2-message-assembled-exactly"];
        /// A line that is two dots is one dot in the mailbox.
        TwoDotsAreOne = "smtp-two-dots-are-one",
            breaks "message-dot-lines-roundtrip",
            also ["message-delivered-body-unchanged", "rfc5321-4.5.2-transformations-reversible", "rfc3030-2-no-dot-processing", "rfc3030-2-message-assembled-exactly"];
        /// Lines are folded at 998 octets.
        LongLinesFolded = "smtp-long-lines-folded",
            breaks "rfc5321-4.5.3.1.6-longer-text-lines-not-mangled";
        /// Lines are cut at 2048 octets.
        LongLinesCut = "smtp-long-lines-cut",
            breaks "rfc5321-4.5.3.1.6-longer-text-lines-not-mangled";
        /// Lines of 991 to 998 octets are cut at 990 octets.
        LinesCutAt990 = "smtp-lines-cut-at-990",
            breaks "rfc5321-4.5.3.1.6-text-line-1000",
            also [
                "message-line-of-1000-delivered",
                "rfc6152-3-line-limit-at-least-1000",
                "rfc5321-4.5.2-transformations-reversible",
                "message-delivered-body-unchanged",
                "rfc3030-2-message-assembled-exactly"
            ];
        /// Lines with octets above 127 are cut at 990 octets.
        WideLinesCut = "smtp-wide-lines-cut",
            breaks "rfc6152-3-line-limit-at-least-1000";
        /// The highest bit of each octet is lost.
        HighBitLost = "smtp-high-bit-lost",
            breaks "message-8bitmime-bits-kept",
            also ["rfc6152-3-all-octets-preserved", "rfc6152-3-dot-stuffing-unchanged", "rfc6152-3-line-limit-at-least-1000"];
        /// Octets from 128 to 159 become question marks.
        HighControlsReplaced = "smtp-high-controls-replaced",
            breaks "rfc6152-3-all-octets-preserved";
        /// A message that came with SMTPUTF8 gets a field that tells of its character set.
        Utf8GetsCharset = "smtp-smtputf8-gets-charset",
            breaks "rfc6531-3.2-ascii-mail-unaffected";
        /// Fields of the same name that begin with X are put together.
        FieldsGrouped = "smtp-fields-grouped",
            breaks "message-header-order-kept";
        /// The second block of resent fields comes first.
        ResentBlocksSwapped = "smtp-resent-blocks-swapped",
            breaks "message-trace-and-resent-order-kept";
        /// A field Cc without an address is left out.
        EmptyCopyFieldLost = "smtp-empty-copy-field-lost",
            breaks "rfc5321-7.2-header-not-altered-from-envelope";
        /// A message with three fields Received loses the last of them.
        ThirdReceivedLost = "smtp-third-received-lost",
            breaks "rfc5321-4.4-existing-received-untouched",
            also ["message-trace-and-resent-order-kept"];
        /// A message with two subjects is refused.
        TwoSubjectsRefused = "smtp-two-subjects-refused",
            breaks "rfc5321-3.3-header-defects-not-rejected";
        /// A message whose Date holds no number is refused.
        BadDateRefused = "smtp-bad-date-refused",
            breaks "rfc5321-3.3-header-defects-not-rejected";
        /// A multipart message without a boundary is refused.
        NoBoundaryRefused = "smtp-no-boundary-refused",
            breaks "rfc5321-3.3-header-defects-not-rejected";
        /// A message without From is refused.
        NoOriginatorRefused = "smtp-no-originator-refused",
            breaks "rfc5321-3.3-header-defects-not-rejected";
        /// A message with more fields Resent-To than Resent-From is refused.
        ResentNumbersCompared = "smtp-resent-numbers-compared",
            breaks "rfc5321-3.3-resent-mismatch-not-rejected";
        /// A message with Resent-To and no Resent-From is refused.
        ResentRefused = "smtp-resent-refused",
            breaks "rfc5321-3.3-resent-mismatch-not-rejected";
        /// A message of more than 60,000 octets is refused.
        MessageOf64kRefused = "smtp-message-of-64k-refused",
            breaks "rfc5321-4.5.3.1.7-message-64k";
        /// A message with more than 100 addresses in its header is refused.
        HeaderAddressesCount = "smtp-header-addresses-count",
            breaks "rfc5321-4.5.3.1.8-header-recipients-not-counted";
        /// A message with more than 50 fields Received goes round in circles.
        LoopAt50 = "smtp-loop-at-50",
            breaks "rfc5321-6.3-loop-threshold";
        /// Submission adds neither Date nor Message-ID.
        NoMessageId = "smtp-no-message-id",
            breaks "rfc6409-8.3-message-id-added";
    }
}
