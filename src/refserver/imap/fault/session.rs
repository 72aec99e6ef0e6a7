//! How the server may be told to break what is the same for all commands, and those that are about no mailbox.

use crate::refserver::fault::faults;

faults! {
    /// A violation of one requirement of the session.
    SessionFault {
        /// Something else is said before the greeting.
        GreetingComesSecond = "imap-greeting-comes-second",
            breaks "rfc3501-2.2-greeting-first";
        /// The answer to NOOP ends in LF alone once a mailbox is selected.
        NoopEndsInLf = "imap-noop-ends-in-lf",
            breaks "rfc3501-2.2-crlf-output";
        /// A CRLF that comes in two segments ends no line.
        CrlfOverTwoSegments = "imap-crlf-over-two-segments",
            breaks "rfc3501-5.5-pipelining-accepted";
        /// Of a pipelined group the fourth command is carried out before the third.
        FourthBeforeThird = "imap-fourth-before-third",
            breaks "rfc3501-5.5-ambiguous-in-order";
        /// Unknown commands are answered NO.
        UnknownCommandNo = "imap-unknown-command-no",
            breaks "rfc3501-2.2.2-unknown-command-bad",
            also ["rfc3501-2.2.1-literal-early-reject"];
        /// The literal of an unknown command is asked for.
        LiteralOfUnknownCommand = "imap-literal-of-unknown-command",
            breaks "rfc3501-2.2.1-literal-early-reject";
        /// The second literal of a command is not asked for.
        SecondLiteralUnasked = "imap-second-literal-unasked",
            breaks "rfc3501-2.2.1-literal-continuation",
            also [
                "rfc3501-6.2.3-login-argument-forms",
                "rfc3502-6.3.11-several-messages",
                "rfc3502-6.3.11-zero-length-cancels",
                "rfc4315-3-appenduid-multi-order"
            ];
        /// A line in the literal of APPEND that is a NOOP is answered, too.
        LiteralIsRun = "imap-literal-is-run",
            breaks "rfc3501-5.5-continuation-before-next-command",
            also ["rfc3501-2.2.2-one-completion-per-command"];
        /// A tag comes back as far as its first colon only.
        TagEndsAtColon = "imap-tag-ends-at-colon",
            breaks "rfc3501-2.2.2-tag-echo",
            also ["rfc3501-2.2.2-one-completion-per-command", "rfc4731-3.1-tag-correlator"];
        /// Literals are taken in upper case, but not those of APPEND.
        LiteralInUpperCase = "imap-literal-in-upper-case",
            breaks "rfc3501-4.3-string-forms-equivalent",
            also [
                "rfc3501-2.2.1-literal-continuation",
                "rfc3501-6.2.3-login-argument-forms",
                "rfc7888-3-any-command",
                "rfc7888-3-continues-after-octets"
            ];
        /// A literal that is sent without waiting is asked for.
        PlusAskedFor = "imap-plus-asked-for",
            breaks "rfc7888-3-no-continuation",
            also [
                "rfc7888-6-literal8-plus",
                "rfc7888-3-pipelined-literals",
                "rfc7888-3-any-command",
                "rfc7888-3-continues-after-octets",
                "rfc7888-3-zero-length"
            ];
        /// A command with an empty literal that is sent without waiting is refused.
        EmptyLiteralRefused = "imap-empty-literal-refused",
            breaks "rfc7888-3-zero-length";
        /// The octets of a literal that come with a wrong command are taken as commands.
        WrongLiteralIsRun = "imap-wrong-literal-is-run",
            breaks "rfc7888-3-scan-every-line",
            also ["rfc3501-2.2.2-one-completion-per-command"];
        /// The second APPEND of a session whose literal is sent without waiting is refused.
        PipelinedLiteralRefused = "imap-pipelined-literal-refused",
            breaks "rfc7888-3-pipelined-literals";
        /// STATUS is answered before the login.
        StatusBeforeLogin = "imap-status-before-login",
            breaks "rfc3501-3.1-auth-required",
            also [
                "rfc3501-6.2.3-login-rejected-no",
                "rfc3501-6.3.10-status-response",
                "rfc3501-6.2.1-starttls-keeps-unauthenticated",
                "rfc3501-6.2.2-credentials-rejected-no"
            ];
        /// EXPUNGE is accepted while no mailbox is selected.
        ExpungeWithoutMailbox = "imap-expunge-without-mailbox",
            breaks "rfc3501-3.2-select-required";
        /// UID EXPUNGE is accepted while no mailbox is selected.
        UidExpungeWithoutMailbox = "imap-uid-expunge-without-mailbox",
            breaks "rfc4315-2.1-uid-expunge-state";
        /// MOVE is accepted while no mailbox is selected.
        MoveWithoutMailbox = "imap-move-without-mailbox",
            breaks "rfc6851-3.1-state";
        /// UNSELECT is accepted while no mailbox is selected.
        UnselectWithoutMailbox = "imap-unselect-without-mailbox",
            breaks "rfc3691-2-bad-without-selected";
        /// A second LOGIN is accepted.
        SecondLoginAccepted = "imap-second-login-accepted",
            breaks "rfc3501-6.2-no-return-to-unauthenticated";
        /// A BAD leaves no mailbox selected.
        BadClosesMailbox = "imap-bad-closes-mailbox",
            breaks "rfc3501-6-bad-keeps-state";
        /// A COPY that is refused leaves no mailbox selected.
        RefusedCopyClosesMailbox = "imap-refused-copy-closes-mailbox",
            breaks "rfc3501-6-no-keeps-state";
        /// FETCH with a list that is left open is accepted.
        OpenListAccepted = "imap-open-list-accepted",
            breaks "rfc3501-2.2.2-bad-syntax-error";
        /// A command that lacks its last argument is answered NO.
        MissingArgumentNo = "imap-missing-argument-no",
            breaks "rfc3501-2.2.2-bad-missing-argument",
            also ["rfc5161-3.1-bad-no-args", "rfc4315-2.1-uid-expunge-needs-set", "rfc3501-2.2.2-bad-syntax-error"];
        /// A message number above the last one is passed over.
        NumberAboveLastIgnored = "imap-number-above-last-ignored",
            breaks "rfc3501-9-seq-beyond-end-bad";
        /// A command in mixed letter case is unknown.
        MixedCaseUnknown = "imap-mixed-case-unknown",
            breaks "rfc3501-9-keywords-case-insensitive",
            also ["rfc3691-2-examine-too", "rfc6851-3.3-deleted-message-movable"];
        /// A number of 32 bits that are all set is refused.
        LargestNumberRefused = "imap-largest-number-refused",
            breaks "rfc3501-9-number-range",
            also ["rfc3501-6.4.8-uid-range-star", "rfc7162-3.2.5-uidvalidity-mismatch-ignored"];
        /// A command line of more than 8000 octets is refused.
        LongLineRefused = "imap-long-line-refused",
            breaks "rfc7162-4-long-command-lines";
        /// While a mailbox is selected CAPABILITY has two responses.
        CapabilityTwice = "imap-capability-twice",
            breaks "rfc3501-6.1.1-capability-single-response";
        /// After the login IMAP4rev1 is not announced any more.
        CapabilityWithoutRevision = "imap-capability-without-revision",
            breaks "rfc3501-6.1.1-imap4rev1-listed";
        /// LITERAL- is announced beside LITERAL+.
        BothLiterals = "imap-both-literals",
            breaks "rfc7888-5-not-both";
        /// NOOP is refused while the selected mailbox is empty.
        NoopRefusedWhenEmpty = "imap-noop-refused-when-empty",
            breaks "rfc3501-6.1.2-noop-ok";
        /// CHECK is refused.
        CheckRefused = "imap-check-refused",
            breaks "rfc3501-6.4.1-check-ok";
        /// LOGOUT has no BYE once a mailbox is selected.
        LogoutWithoutBye = "imap-logout-without-bye",
            breaks "rfc3501-6.1.3-bye-before-ok",
            also ["rfc3501-3.4-no-close-without-bye"];
        /// After LOGOUT the connection stays open.
        LogoutStaysOpen = "imap-logout-stays-open",
            breaks "rfc3501-6.1.3-logout-closes-connection";
        /// IDLE is answered by an untagged OK.
        IdleWithoutPlus = "imap-idle-without-plus",
            breaks "rfc2177-3-continuation-request",
            also ["rfc2177-3-authenticated-state"];
        /// IDLE tells of no new messages before its end.
        IdleHidesNew = "imap-idle-hides-new",
            breaks "rfc2177-3-pushes-exists";
        /// IDLE tells of no removals.
        IdleHidesRemovals = "imap-idle-hides-removals",
            breaks "rfc2177-3-pushes-expunge";
        /// IDLE tells of no flags.
        IdleHidesFlags = "imap-idle-hides-flags",
            breaks "rfc2177-3-pushes-flags";
        /// IDLE ends by itself with the second thing that it tells.
        IdleEndsByItself = "imap-idle-ends-by-itself",
            breaks "rfc2177-3-stays-active-until-done",
            also ["rfc2177-3-pushes-expunge"];
        /// DONE ends IDLE in upper case only.
        DoneInUpperCaseOnly = "imap-done-in-upper-case-only",
            breaks "rfc2177-3-done-case-insensitive";
        /// DONE is answered NO.
        DoneAnsweredNo = "imap-done-answered-no",
            breaks "rfc2177-3-done-tagged-ok",
            also ["rfc2177-3-stays-active-until-done", "rfc2177-3-done-case-insensitive", "rfc2177-3-authenticated-state"];
        /// A NOOP within IDLE is answered.
        IdleRunsCommands = "imap-idle-runs-commands",
            breaks "rfc2177-3-only-done-ends";
        /// The first command after IDLE is lost.
        CommandAfterIdleLost = "imap-command-after-idle-lost",
            breaks "rfc2177-3-next-command-after-done";
        /// IDLE is accepted before the login.
        IdleBeforeLogin = "imap-idle-before-login",
            breaks "rfc2177-3-not-before-login";
        /// IDLE is refused as no command while no mailbox is selected.
        IdleNeedsMailbox = "imap-idle-needs-mailbox",
            breaks "rfc2177-3-authenticated-state";
        /// NAMESPACE is accepted before the login.
        NamespaceBeforeLogin = "imap-namespace-before-login",
            breaks "rfc2342-4-valid-states";
        /// NAMESPACE has no response.
        NamespaceWithoutResponse = "imap-namespace-without-response",
            breaks "rfc2342-5-one-untagged-response";
        /// ID is refused while a mailbox is selected.
        IdRefusedInMailbox = "imap-id-refused-in-mailbox",
            breaks "rfc2971-3.1-any-state";
        /// ID NIL is refused.
        IdNilRefused = "imap-id-nil-refused",
            breaks "rfc2971-3.1-nil-accepted",
            also ["rfc2971-3.2-response-sent"];
        /// Only the first ID of a session has a response.
        LaterIdSilent = "imap-later-id-silent",
            breaks "rfc2971-3.2-response-sent";
        /// The response of ID names a field twice.
        IdFieldTwice = "imap-id-field-twice",
            breaks "rfc2971-3.3-no-duplicate-fields";
        /// ENABLE names what is unknown, if it knows one of the names.
        EnableNamesUnknown = "imap-enable-names-unknown",
            breaks "rfc5161-3.1-unknown-ignored",
            also ["rfc5161-3.1-response-only-own"];
        /// ENABLE names extensions that need no ENABLE.
        EnableNamesOthers = "imap-enable-names-others",
            breaks "rfc5161-3.1-not-enableable-ignored",
            also ["rfc5161-3.1-response-only-own"];
        /// ENABLE that switches nothing on has no response.
        EnableSilentWhenEmpty = "imap-enable-silent-when-empty",
            breaks "rfc5161-3.2-enabled-may-be-empty",
            also ["rfc5161-3.1-enabled-untagged"];
        /// ENABLE has no response at all.
        EnableSilent = "imap-enable-silent",
            breaks "rfc5161-3.1-enabled-untagged",
            also ["rfc5161-3.1-supported-gets-enabled", "rfc5161-3.1-unknown-ignored", "rfc5161-4-case-insensitive", "rfc5161-3.2-enabled-may-be-empty"];
        /// ENABLE knows names in upper case only.
        EnableInUpperCaseOnly = "imap-enable-in-upper-case-only",
            breaks "rfc5161-4-case-insensitive";
        /// ENABLE is accepted before the login.
        EnableBeforeLogin = "imap-enable-before-login",
            breaks "rfc5161-3.1-not-before-auth",
            also ["rfc5161-3.1-enabled-untagged"];
        /// ENABLE without a name is accepted.
        EnableWithoutNames = "imap-enable-without-names",
            breaks "rfc5161-3.1-bad-no-args",
            also ["rfc5161-3.1-enabled-untagged"];
        /// Of a line that comes in several segments only the last one is read.
        LastSegmentCounts = "imap-last-segment-counts",
            breaks "rfc3501-5.5-pipelining-accepted",
            also ["rfc3501-2.2.2-one-completion-per-command", "rfc4978-3-client-data-inflated"];
        /// A command with two literals that are sent without waiting is refused.
        TwoPlusLiteralsRefused = "imap-two-plus-literals-refused",
            breaks "rfc7888-3-continues-after-octets";
        /// SELECT, EXAMINE, CREATE and FETCH are accepted before the login, with a mailbox without messages.
        MailboxesBeforeLogin = "imap-mailboxes-before-login",
            breaks "rfc3501-3.1-auth-required",
            also ["rfc3501-6.2.1-starttls-keeps-unauthenticated"];
        /// Commands about messages are accepted while no mailbox is selected, and find none.
        MessagesWithoutMailbox = "imap-messages-without-mailbox",
            breaks "rfc3501-3.2-select-required",
            also [
                "rfc3501-6.3.1-failed-select-deselects",
                "rfc3501-6.4.2-close-to-authenticated",
                "rfc3691-2-examine-too",
                "rfc3691-2-ok-and-authenticated"
            ];
        /// FETCH of an item or a section that is not known is answered NO.
        UnknownItemNo = "imap-unknown-item-no",
            breaks "rfc3501-2.2.2-bad-syntax-error";
        /// CAPABILITY leaves out the revisions before the login.
        CapabilityWithoutRevisionBeforeLogin = "imap-capability-without-revision-before-login",
            breaks "rfc3501-6.1.1-imap4rev1-listed";
        /// ID is refused before the login.
        IdBeforeLoginRefused = "imap-id-before-login-refused",
            breaks "rfc2971-3.1-any-state";
        /// ID is refused after the login.
        IdAfterLoginRefused = "imap-id-after-login-refused",
            breaks "rfc2971-3.1-any-state",
            also ["rfc2971-3.1-nil-accepted", "rfc2971-3.1-value-nil", "rfc2971-3.2-response-sent"];
    }
}
