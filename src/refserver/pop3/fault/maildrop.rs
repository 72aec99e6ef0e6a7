//! How the server may be told to break the TRANSACTION and UPDATE states.

use crate::refserver::fault::faults;

faults! {
    /// A violation of one requirement about an open maildrop.
    MaildropFault {
        /// RETR sends lines that begin with a dot as they are.
        NoStuffing = "pop3-no-stuffing",
            breaks "rfc1939-3-byte-stuffing",
            also [
                "rfc1939-3-status-indicator-only-two",
                "rfc1939-7-top-shape",
                "message-dot-lines-roundtrip",
                "message-pop3-imap-same-text"
            ];
        /// A dot that begins a line is not doubled if the line before was empty.
        NoStuffingAfterEmptyLine = "pop3-no-stuffing-after-empty-line",
            breaks "rfc1939-3-byte-stuffing",
            also ["rfc1939-3-status-indicator-only-two", "message-dot-lines-roundtrip", "message-pop3-imap-same-text"];
        /// Each dot is doubled that follows a blank.
        StuffingInsideLines = "pop3-stuffing-inside-lines",
            breaks "rfc1939-3-byte-stuffing-only-line-start";
        /// DELE without a number is accepted.
        DeleWithoutNumber = "pop3-dele-without-number",
            breaks "rfc1939-3-syntax-error-err";
        /// A refused command takes all marks back.
        RefusalUnmarks = "pop3-refusal-unmarks",
            breaks "rfc1939-3-session-survives-err",
            also ["rfc1939-5-deleted-reference-err", "rfc1939-7-uidl-excludes-deleted"];
        /// Two sessions may have a maildrop open, and what one removes is gone in the other.
        NoLock = "pop3-no-lock",
            breaks "rfc1939-4-exclusive-access",
            also ["rfc1939-4-open-failure-err"];
        /// No message has the number 3; the fourth and later ones are where they should be.
        NumberLeftOut = "pop3-number-left-out",
            breaks "rfc1939-4-message-numbers-consecutive";
        /// Numbers in commands may be hexadecimal.
        HexadecimalNumbers = "pop3-hexadecimal-numbers",
            breaks "rfc1939-4-numbers-decimal";
        /// STAT counts what is marked as deleted.
        StatCountsDeleted = "pop3-stat-counts-deleted",
            breaks "rfc1939-5-stat-excludes-deleted",
            also ["rfc1939-5-stat-agrees-with-list"];
        /// STAT has the number of one message more once there are three.
        StatOffByOne = "pop3-stat-off-by-one",
            breaks "rfc1939-5-stat-agrees-with-list",
            also ["rfc1939-5-stat-excludes-deleted"];
        /// STAT says more behind the size.
        StatSaysMore = "pop3-stat-says-more",
            breaks "rfc1939-5-stat-no-extra-text";
        /// A scan listing says more behind the size.
        ListSaysMore = "pop3-list-says-more",
            breaks "rfc1939-5-list-no-extra-text";
        /// LIST with a number tells another size than LIST without one.
        ListSingleDiffers = "pop3-list-single-differs",
            breaks "rfc1939-5-list-single-form",
            also ["message-pop3-imap-same-size", "rfc1939-5-numbers-stable-after-dele"];
        /// LIST leaves out the last of several messages.
        ListLeavesOutLast = "pop3-list-leaves-out-last",
            breaks "rfc1939-5-list-every-message-once",
            also ["rfc1939-5-stat-agrees-with-list", "rfc1939-4-message-numbers-consecutive"];
        /// LIST names what is marked as deleted.
        ListNamesDeleted = "pop3-list-names-deleted",
            breaks "rfc1939-5-list-every-message-once",
            also ["rfc1939-5-stat-agrees-with-list"];
        /// LIST of a maildrop in which all is deleted is refused.
        EmptyListRefused = "pop3-empty-list-refused",
            breaks "rfc1939-5-list-empty-is-ok";
        /// After DELE the messages behind it have new numbers.
        DeleRenumbers = "pop3-dele-renumbers",
            breaks "rfc1939-5-numbers-stable-after-dele",
            also ["rfc1939-5-deleted-reference-err", "rfc1939-5-list-every-message-once", "rfc1939-7-uidl-excludes-deleted"];
        /// RETR leaves out lines that hold one blank and nothing else.
        RetrLosesBlankLines = "pop3-retr-loses-blank-lines",
            breaks "rfc1939-5-retr-whole-message";
        /// The second RETR of a message has one more header field.
        RetrMarksSeen = "pop3-retr-marks-seen",
            breaks "rfc1939-5-retr-no-side-effect";
        /// What is marked as deleted can be retrieved.
        DeletedCanBeRetrieved = "pop3-deleted-can-be-retrieved",
            breaks "rfc1939-5-deleted-reference-err";
        /// The second DELE of a message is accepted.
        DeleTwice = "pop3-dele-twice",
            breaks "rfc1939-5-deleted-reference-err";
        /// NOOP takes all marks back.
        NoopUnmarks = "pop3-noop-unmarks",
            breaks "rfc1939-5-noop-ok",
            also ["rfc1939-5-commands-repeatable"];
        /// RSET takes back all marks but the first.
        RsetKeepsMarks = "pop3-rset-keeps-marks",
            breaks "rfc1939-5-rset-unmarks",
            also ["rfc1939-6-rset-quit-removes-nothing", "rfc1939-5-commands-repeatable"];
        /// QUIT removes at most one message.
        QuitRemovesOne = "pop3-quit-removes-one",
            breaks "rfc1939-6-quit-removes-marked";
        /// QUIT removes the message behind the last marked one, too.
        QuitRemovesNeighbour = "pop3-quit-removes-neighbour",
            breaks "rfc1939-6-quit-keeps-unmarked",
            also ["rfc1939-7-uidl-stable-under-deletion"];
        /// QUIT removes what RSET has unmarked.
        QuitForgetsRset = "pop3-quit-forgets-rset",
            breaks "rfc1939-6-rset-quit-removes-nothing";
        /// A session that ends without QUIT removes what it has marked.
        UpdateWithoutQuit = "pop3-update-without-quit",
            breaks "rfc1939-6-no-update-without-quit",
            also ["rfc1939-4-no-marks-at-start", "rfc1939-5-dele-deferred"];
        /// TOP with no lines sends one.
        TopZeroSendsOne = "pop3-top-zero-sends-one",
            breaks "rfc1939-7-top-zero-lines";
        /// TOP leaves out the empty line behind the header.
        TopWithoutEmptyLine = "pop3-top-without-empty-line",
            breaks "rfc1939-7-top-shape",
            also ["rfc1939-7-top-zero-lines", "rfc1939-7-top-prefix-of-retr", "rfc1939-7-top-more-than-body"];
        /// TOP with more lines than there are is refused.
        TopBeyondBodyRefused = "pop3-top-beyond-body-refused",
            breaks "rfc1939-7-top-more-than-body",
            also ["rfc1939-7-top-prefix-of-retr"];
        /// TOP without a number of lines is accepted.
        TopWithoutLines = "pop3-top-without-lines",
            breaks "rfc1939-7-top-both-arguments";
        /// UIDL with a number tells another unique-id than UIDL without one.
        UidlSingleDiffers = "pop3-uidl-single-differs",
            breaks "rfc1939-7-uidl-single-form",
            also ["rfc1939-5-numbers-stable-after-dele"];
        /// The first and the third message have the same unique-id.
        UidlTwice = "pop3-uidl-twice",
            breaks "rfc1939-7-uidl-unique";
        /// Unique-ids are the positions of messages in the maildrop.
        UidlByPosition = "pop3-uidl-by-position",
            breaks "rfc1939-7-uidl-stable-under-deletion",
            also ["rfc1939-7-uidl-persistent", "rfc1939-7-uidl-no-reuse"];
        /// A unique-id has more than 70 characters.
        UidlTooLong = "pop3-uidl-too-long",
            breaks "rfc1939-7-uidl-charset-length";
        /// UIDL names what is marked as deleted.
        UidlNamesDeleted = "pop3-uidl-names-deleted",
            breaks "rfc1939-7-uidl-excludes-deleted";
        /// Sizes count the dots that stuffing adds.
        SizesCountStuffing = "pop3-sizes-count-stuffing",
            breaks "rfc1939-11-octet-count-without-stuffing",
            also ["message-pop3-imap-same-size"];
        /// Sizes count each line end once.
        SizesCountOneForCrlf = "pop3-sizes-count-one-for-crlf",
            breaks "rfc1939-11-octet-count-line-ends",
            also ["rfc1939-11-octet-count-without-stuffing", "message-pop3-imap-same-size"];
        /// RETR without a number, or with a word in its place, sends the first message.
        RetrAnyWord = "pop3-retr-any-word",
            breaks "rfc1939-3-syntax-error-err";
        /// A number beyond the last message is that of the last one.
        NumberBeyondLast = "pop3-number-beyond-last",
            breaks "rfc1939-5-nonexistent-number-err",
            also ["rfc1939-3-negative-is-single-line", "rfc1939-5-list-single-form", "rfc1939-7-uidl-single-form"];
        /// Number 0 is the first message, too.
        NumberZero = "pop3-number-zero",
            breaks "rfc1939-5-nonexistent-number-err",
            also ["rfc1939-5-list-single-form"];
        /// Of a number the lowest 32 bits count.
        NumbersOf32Bits = "pop3-numbers-of-32-bits",
            breaks "rfc1939-4-numbers-decimal",
            also ["rfc1939-5-nonexistent-number-err"];
        /// A sign in front of a number is passed over.
        SignsPassedOver = "pop3-signs-passed-over",
            breaks "rfc1939-4-numbers-decimal",
            also ["rfc1939-7-top-both-arguments"];
        /// TOP takes what is no number of lines for none.
        TopAnyWord = "pop3-top-any-word",
            breaks "rfc1939-7-top-both-arguments";
        /// QUIT is refused after RSET, since nothing is left to remove.
        QuitRefusedAfterRset = "pop3-quit-refused-after-rset",
            breaks "rfc1939-7-minimal-command-set",
            also ["rfc1939-6-rset-quit-removes-nothing"];
        /// Each session has unique-ids of its own.
        UidlBySession = "pop3-uidl-by-session",
            breaks "rfc1939-7-uidl-persistent",
            also ["rfc1939-7-uidl-stable-under-deletion"];
        /// The maildrop is read anew for each command, whatever numbers its messages had.
        MaildropReadAnew = "pop3-maildrop-read-anew",
            breaks "rfc1939-4-no-new-messages-mid-session",
            also ["rfc1939-4-isolation-from-imap", "rfc1939-5-retr-no-side-effect"];
    }
}
