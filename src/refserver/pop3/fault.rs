//! How the server may be told to break POP3.

use crate::refserver::fault::faults;

faults! {
    /// A violation of one requirement of POP3.
    Fault {
        /// The answer to NOOP ends in LF alone.
        NoopEndsInLf = "pop3-noop-ends-in-lf",
            breaks "rfc1939-3-response-crlf";
        /// The answer to RSET has its status in lower case.
        StatusInLowerCase = "pop3-status-in-lower-case",
            breaks "rfc1939-3-status-upper-case";
        /// The answer to an unknown command begins with another word than the two of the RFC.
        ThirdStatus = "pop3-third-status",
            breaks "rfc1939-3-status-indicator-only-two";
        /// An unknown command is given back three times in the refusal, however long it is.
        EchoWithoutBound = "pop3-echo-without-bound",
            breaks "rfc1939-3-response-512-octets",
            also ["rfc2449-3-first-line-512"];
        /// A refused RETR ends with the terminator of a multi-line answer.
        RefusalWithTerminator = "pop3-refusal-with-terminator",
            breaks "rfc1939-3-negative-is-single-line",
            also ["rfc1939-3-one-response-per-command", "rfc1939-3-status-indicator-only-two"];
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
        /// Unknown commands are accepted.
        UnknownCommandAccepted = "pop3-unknown-command-accepted",
            breaks "rfc1939-3-unknown-command-err";
        /// DELE without a number is accepted.
        DeleWithoutNumber = "pop3-dele-without-number",
            breaks "rfc1939-3-syntax-error-err";
        /// NOOP is accepted before the login.
        NoopBeforeLogin = "pop3-noop-before-login",
            breaks "rfc1939-3-noop-rset-in-authorization-err";
        /// STAT is accepted before the login and tells of an empty maildrop.
        StatBeforeLogin = "pop3-stat-before-login",
            breaks "rfc1939-3-transaction-command-in-authorization-err",
            also ["rfc2595-4-pop3-still-authorization"];
        /// USER is accepted after the login.
        UserAfterLogin = "pop3-user-after-login",
            breaks "rfc1939-3-authorization-command-in-transaction-err";
        /// A refused command takes all marks back.
        RefusalUnmarks = "pop3-refusal-unmarks",
            breaks "rfc1939-3-session-survives-err",
            also ["rfc1939-5-deleted-reference-err", "rfc1939-7-uidl-excludes-deleted"];
        /// Two sessions may have a maildrop open, and what one removes is gone in the other.
        NoLock = "pop3-no-lock",
            breaks "rfc1939-4-exclusive-access",
            also ["rfc1939-4-open-failure-err"];
        /// After a failed login every further one on the connection fails.
        OneLoginOnly = "pop3-one-login-only",
            breaks "rfc1939-4-retry-after-failed-auth",
            also ["rfc5034-4-failure-leaves-no-trace"];
        /// No message has the number 3; the fourth and later ones are where they should be.
        NumberLeftOut = "pop3-number-left-out",
            breaks "rfc1939-4-message-numbers-consecutive";
        /// Numbers in commands may be hexadecimal.
        HexadecimalNumbers = "pop3-hexadecimal-numbers",
            breaks "rfc1939-4-numbers-decimal";
        /// QUIT before the login is refused.
        QuitBeforeLogin = "pop3-quit-before-login",
            breaks "rfc1939-4-quit-in-authorization";
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
        /// After QUIT the connection stays open.
        QuitStaysOpen = "pop3-quit-stays-open",
            breaks "rfc1939-6-quit-closes-connection",
            also ["rfc1939-4-quit-in-authorization"];
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
        /// PASS looks at the first six characters of a password only.
        PassByBeginning = "pop3-pass-by-beginning",
            breaks "rfc1939-7-pass-wrong-err",
            also ["rfc3206-5-auth-code-on-bad-credentials"];
        /// APOP takes any digest of 32 hexadecimal digits.
        ApopAnyDigest = "pop3-apop-any-digest",
            breaks "rfc1939-7-apop-wrong-digest",
            also ["rfc1939-7-apop-replay-refused"];
        /// All greetings have the same timestamp.
        SameTimestamp = "pop3-same-timestamp",
            breaks "rfc1939-7-apop-timestamp-differs",
            also ["rfc1939-7-apop-replay-refused"];
        /// Sizes count the dots that stuffing adds.
        SizesCountStuffing = "pop3-sizes-count-stuffing",
            breaks "rfc1939-11-octet-count-without-stuffing",
            also ["message-pop3-imap-same-size"];
        /// Sizes count each line end once.
        SizesCountOneForCrlf = "pop3-sizes-count-one-for-crlf",
            breaks "rfc1939-11-octet-count-line-ends",
            also ["rfc1939-11-octet-count-without-stuffing", "message-pop3-imap-same-size"];
        /// CAPA is refused after the login.
        CapaBeforeLoginOnly = "pop3-capa-before-login-only",
            breaks "rfc2449-5-capa-both-states",
            also ["rfc2449-5-authorization-capabilities-kept", "rfc5034-3-capability-kept-after-auth", "rfc3206-6-auth-resp-code-both-states"];
        /// After the login SASL is not announced any more.
        SaslBeforeLoginOnly = "pop3-sasl-before-login-only",
            breaks "rfc5034-3-capability-kept-after-auth",
            also ["rfc2449-5-authorization-capabilities-kept"];
        /// The refusal of a wrong password bears no code, though AUTH-RESP-CODE is announced.
        AuthCodeMissing = "pop3-auth-code-missing",
            breaks "rfc3206-5-auth-code-on-bad-credentials";
        /// USER with an unknown name is refused with the code of AUTH.
        AuthCodeOnUser = "pop3-auth-code-on-user",
            breaks "rfc3206-5-auth-not-on-user",
            also ["rfc8314-4.1-no-credential-oracle-in-cleartext"];
        /// A response of AUTH that is not base64 counts as an empty one, and the octets that can be read are taken.
        LenientBase64 = "pop3-lenient-base64",
            breaks "rfc5034-4-strict-base64-alphabet",
            also ["rfc5034-4-undecodable-response-err", "rfc5034-4-strict-base64-padding"];
        /// An exchange that is cancelled ends with +OK.
        CancelAccepted = "pop3-cancel-accepted",
            breaks "rfc5034-4-cancel-err";
        /// STLS is accepted after the login and changes nothing.
        StlsAfterLogin = "pop3-stls-after-login",
            breaks "rfc2595-4-pop3-only-in-authorization";
        /// STLS may have an argument.
        StlsWithArgument = "pop3-stls-with-argument",
            breaks "rfc2595-4-pop3-no-argument";
        /// USER is open in clear, and the name still counts in TLS.
        NameSurvivesStls = "pop3-name-survives-stls",
            breaks "starttls-pop3-user-forgotten";
        /// Of a pipelined group the fourth command is answered last.
        FourthComesLast = "pop3-fourth-comes-last",
            breaks "rfc2449-6.6-pipelining-in-order",
            also ["rfc2449-6.6-pipelining-split-anywhere"];
    }
}
