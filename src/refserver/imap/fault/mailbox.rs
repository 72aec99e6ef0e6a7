//! How the server may be told to break what is about mailboxes as a whole.

use crate::refserver::fault::faults;

faults! {
    /// A violation of one requirement about mailboxes.
    MailboxFault {
        /// SELECT has no FLAGS.
        SelectWithoutFlags = "imap-select-without-flags",
            breaks "rfc3501-6.3.1-select-flags";
        /// FLAGS leaves out the last system flag.
        FlagsWithoutSeen = "imap-flags-without-seen",
            breaks "rfc3501-7.2.6-flags-include-system-flags",
            also ["rfc3501-7.1-permanentflags-within-flags"];
        /// SELECT of a mailbox without messages has no EXISTS.
        SelectEmptyWithoutExists = "imap-select-empty-without-exists",
            breaks "rfc3501-6.3.1-select-exists",
            also ["rfc3501-6.3.3-create-makes-mailbox"];
        /// SELECT has no PERMANENTFLAGS.
        SelectWithoutPermanentFlags = "imap-select-without-permanentflags",
            breaks "rfc3501-6.3.1-select-permanentflags";
        /// SELECT has no UIDNEXT.
        SelectWithoutUidnext = "imap-select-without-uidnext",
            breaks "rfc3501-6.3.1-select-uidnext";
        /// SELECT has no UIDVALIDITY.
        SelectWithoutUidvalidity = "imap-select-without-uidvalidity",
            breaks "rfc3501-6.3.1-select-uidvalidity";
        /// SELECT does not say READ-WRITE.
        SelectWithoutCode = "imap-select-without-code",
            breaks "rfc3501-6.3.1-select-read-write";
        /// SELECT has no RECENT if no message is recent.
        SelectWithoutRecent = "imap-select-without-recent",
            breaks "rfc3501-6.3.1-select-recent";
        /// UNSEEN always names the first message.
        UnseenIsFirst = "imap-unseen-is-first",
            breaks "rfc3501-6.3.1-select-unseen";
        /// A SELECT that fails leaves the mailbox before selected.
        FailedSelectKeepsMailbox = "imap-failed-select-keeps-mailbox",
            breaks "rfc3501-6.3.1-failed-select-deselects";
        /// SELECT of a missing name makes a mailbox.
        SelectCreates = "imap-select-creates",
            breaks "rfc3501-6.3.1-select-missing-no",
            also ["rfc3501-6.3.4-delete-removes", "rfc3501-6.3.5-rename-moves-mailbox", "rfc3501-6.3.4-delete-parent-becomes-noselect"];
        /// EXAMINE opens for writing, though it says that it does not.
        ExamineWrites = "imap-examine-writes",
            breaks "rfc3501-6.3.2-examine-no-permanent-change",
            also [
                "rfc3501-6.4.2-close-read-only",
                "rfc4315-2.1-uid-expunge-readonly",
                "rfc6851-3.3-readonly-source",
                "rfc3501-6.3.2-examine-keeps-recent"
            ];
        /// EXAMINE says READ-WRITE.
        ExamineSaysReadWrite = "imap-examine-says-read-write",
            breaks "rfc3501-6.3.2-examine-read-only-code";
        /// EXAMINE tells of flags that are kept for good.
        ExaminePromisesFlags = "imap-examine-promises-flags",
            breaks "rfc3501-6.3.2-examine-permanentflags-empty";
        /// EXAMINE has no UIDNEXT.
        ExamineWithoutUidnext = "imap-examine-without-uidnext",
            breaks "rfc3501-6.3.2-examine-same-output",
            also ["rfc3501-6.3.1-select-uidnext"];
        /// EXAMINE takes messages as recent away from later sessions.
        ExamineClaimsRecent = "imap-examine-claims-recent",
            breaks "rfc3501-6.3.2-examine-keeps-recent";
        /// UIDNEXT is one too great while there are messages.
        UidnextTooGreat = "imap-uidnext-too-great",
            breaks "rfc3501-2.3.1.1-uidnext-lower-bound";
        /// STATUS tells the UIDNEXT of a mailbox as the session heard it first.
        StatusRemembersUidnext = "imap-status-remembers-uidnext",
            breaks "rfc3501-2.3.1.1-uidnext-changes-on-add",
            also ["rfc3501-6.3.10-status-uidnext-uidvalidity"];
        /// CLOSE passes over a UID when it has removed messages.
        ClosePassesOverUid = "imap-close-passes-over-uid",
            breaks "rfc3501-2.3.1.1-uidnext-unchanged-when-nothing-added";
        /// CLOSE sets the UIDs of the last messages free when it removes them.
        CloseFreesUids = "imap-close-frees-uids",
            breaks "rfc3501-2.3.1.1-uid-not-reused",
            also ["rfc3501-2.3.1.1-uidnext-lower-bound", "rfc3501-2.3.1.1-uidnext-unchanged-when-nothing-added"];
        /// LOGOUT gives the messages of the selected mailbox new UIDs.
        LogoutRenumbers = "imap-logout-renumbers",
            breaks "rfc3501-2.3.1.1-uid-stable-across-sessions",
            also ["message-immutable-for-uid", "rfc3501-2.3.1.1-uidnext-lower-bound"];
        /// STATUS tells one message too few of three or more.
        StatusCountsTooFew = "imap-status-counts-too-few",
            breaks "rfc3501-6.3.10-status-messages";
        /// STATUS for UNSEEN alone tells one message too many.
        StatusUnseenTooMany = "imap-status-unseen-too-many",
            breaks "rfc3501-6.3.10-status-unseen";
        /// STATUS tells another UIDVALIDITY than EXAMINE.
        StatusOtherUidvalidity = "imap-status-other-uidvalidity",
            breaks "rfc3501-6.3.10-status-uidnext-uidvalidity",
            also ["rfc3501-6.3.1-select-uidvalidity"];
        /// STATUS of another mailbox leaves none selected.
        StatusClosesMailbox = "imap-status-closes-mailbox",
            breaks "rfc3501-6.3.10-status-keeps-selection";
        /// STATUS of a missing name tells of an empty mailbox.
        StatusOfNothing = "imap-status-of-nothing",
            breaks "rfc3501-6.3.10-status-missing-no",
            also ["rfc3501-6.3.5-rename-inferiors", "rfc3501-6.3.10-status-response"];
        /// STATUS leaves out the last of four items.
        StatusLeavesOutFourth = "imap-status-leaves-out-fourth",
            breaks "rfc3501-6.3.10-status-response";
        /// STATUS says that no message is recent.
        StatusWithoutRecent = "imap-status-without-recent",
            breaks "rfc3501-6.3.10-status-recent";
        /// STATUS tells half the size of a mailbox.
        StatusHalfSize = "imap-status-half-size",
            breaks "rfc8438-3-size-lower-bound";
        /// STATUS does not tell the size of an empty mailbox.
        StatusWithoutEmptySize = "imap-status-without-empty-size",
            breaks "rfc8438-3-empty-mailbox",
            also ["rfc3501-6.3.10-status-response"];
        /// STATUS leaves out the greatest message that is taken.
        StatusWithoutLimit = "imap-status-without-limit",
            breaks "rfc7889-3.1-status-item",
            also ["rfc3501-6.3.10-status-response"];
        /// LIST with the status of mailboxes leaves out the greatest message that is taken.
        ListWithoutLimit = "imap-list-without-limit",
            breaks "rfc7889-3.2-list-status";
        /// APPEND to a missing mailbox does not say TRYCREATE.
        AppendWithoutTryCreate = "imap-append-without-trycreate",
            breaks "rfc3501-6.3.11-append-trycreate";
        /// APPEND to a missing mailbox makes it, and fails still.
        AppendCreates = "imap-append-creates",
            breaks "rfc3501-6.3.11-append-no-autocreate",
            also ["rfc3501-6.3.11-append-trycreate", "rfc3501-6.4.7-copy-no-autocreate"];
        /// APPEND clears the eighth bit of octets.
        AppendClearsEighthBit = "imap-append-clears-eighth-bit",
            breaks "rfc3501-6.3.11-append-octets-preserved",
            also ["rfc3516-4.4-append-literal8"];
        /// APPEND drops blanks before the end of a line while a mailbox is selected.
        AppendTrimsLines = "imap-append-trims-lines",
            breaks "rfc3501-6.3.11-append-octets-preserved";
        /// APPEND with a date loses the flags.
        AppendDateLosesFlags = "imap-append-date-loses-flags",
            breaks "rfc3501-6.3.11-append-flags",
            also ["rfc3501-6.4.7-copy-flags-and-date", "rfc6851-3.3-flags-and-date-kept"];
        /// APPEND takes no notice of the zone of a date.
        AppendIgnoresZone = "imap-append-ignores-zone",
            breaks "rfc3501-6.3.11-append-internaldate";
        /// APPEND without flags marks a message as seen while a mailbox is selected.
        AppendMarksSeen = "imap-append-marks-seen",
            breaks "rfc3501-6.3.11-append-default-flags";
        /// APPEND without a date takes that of the Date field.
        AppendTakesDateField = "imap-append-takes-date-field",
            breaks "rfc3501-6.3.11-append-default-internaldate";
        /// APPEND to the selected mailbox is not told of at once.
        AppendUntold = "imap-append-untold",
            breaks "rfc3501-6.3.11-append-exists-when-selected";
        /// A message that is appended to another mailbox than the selected one is not recent.
        AppendIsOld = "imap-append-is-old",
            breaks "rfc3501-6.3.11-append-recent",
            also ["rfc3501-6.3.10-status-recent"];
        /// APPEND with a wrong date is accepted.
        AppendTakesAnyDate = "imap-append-takes-any-date",
            breaks "rfc3501-6.3.11-append-bad-date-or-flags";
        /// APPEND with a wrong date is refused, and a message is there after all.
        AppendKeepsRefused = "imap-append-keeps-refused",
            breaks "rfc3501-6.3.11-append-atomic";
        /// APPENDUID tells the UID of the message to come.
        AppendUidOneAhead = "imap-appenduid-one-ahead",
            breaks "rfc4315-3-appenduid-on-append",
            also ["rfc3501-2.3.1.1-uidnext-lower-bound", "rfc4315-3-appenduid-multi-order"];
        /// APPENDUID of one message is a range.
        AppendUidIsRange = "imap-appenduid-is-range",
            breaks "rfc4315-3-appenduid-single-not-range",
            also ["rfc3501-2.3.1.1-uid-not-reused", "rfc3501-2.3.1.1-uidnext-lower-bound", "rfc4315-3-appenduid-on-append", "rfc4315-3-uids-ascending"];
        /// APPENDUID of one message is a range from it to it.
        AppendUidIsShortRange = "imap-appenduid-is-short-range",
            breaks "rfc4315-3-appenduid-single-not-range";
        /// An APPEND that fails tells an APPENDUID.
        AppendUidOfFailure = "imap-appenduid-of-failure",
            breaks "rfc4315-3-appenduid-only-when-appended",
            also ["rfc3501-6.3.11-append-trycreate"];
        /// The second APPENDUID of a session is the first once more.
        AppendUidRepeated = "imap-appenduid-repeated",
            breaks "rfc4315-3-uids-ascending",
            also ["rfc3501-2.3.1.1-uid-not-reused", "rfc3501-2.3.1.1-uidnext-lower-bound"];
        /// APPENDUID of several messages names the last one only.
        AppendUidOfLast = "imap-appenduid-of-last",
            breaks "rfc3502-6.3.11-appenduid-set";
        /// Of several messages in one APPEND the last one is lost.
        MultiappendLosesLast = "imap-multiappend-loses-last",
            breaks "rfc3502-6.3.11-several-messages",
            also ["rfc3502-6.3.11-appenduid-set", "rfc3502-6.3.11-zero-length-cancels"];
        /// Of several messages in one APPEND each has the flags of the one before if it names none.
        MultiappendRepeatsFlags = "imap-multiappend-repeats-flags",
            breaks "rfc3502-6.3.11-flags-default-empty";
        /// An empty message in APPEND is passed over.
        MultiappendPassesOverEmpty = "imap-multiappend-passes-over-empty",
            breaks "rfc3502-6.3.11-zero-length-cancels",
            also ["rfc3502-6.3.11-atomic"];
        /// CREATE of a name of more than 100 octets makes nothing.
        CreateMakesNothing = "imap-create-makes-nothing",
            breaks "rfc3501-6.3.3-create-makes-mailbox";
        /// CREATE of a mailbox that is there is accepted.
        CreateTwice = "imap-create-twice",
            breaks "rfc3501-6.3.3-create-existing-no";
        /// CREATE lists a name that ends in the separator with it.
        CreateKeepsSeparator = "imap-create-keeps-separator",
            breaks "rfc3501-6.3.3-create-trailing-delimiter";
        /// LIST leaves out a level above a mailbox that was not made by its own name.
        CreateHidesSuperiors = "imap-create-hides-superiors",
            breaks "rfc3501-6.3.3-create-superiors",
            also [
                "rfc3501-6.3.8-trailing-percent-levels",
                "rfc3501-6.3.5-rename-creates-superiors",
                "rfc3501-6.3.3-create-trailing-delimiter"
            ];
        /// A mailbox that is made again begins with the old UIDVALIDITY and the first UID.
        RecreateReusesUids = "imap-recreate-reuses-uids",
            breaks "rfc3501-6.3.3-recreate-uids",
            also ["rfc3501-2.3.1.1-uid-not-reused", "rfc3501-6.3.5-rename-highest-uid-kept", "message-immutable-for-uid"];
        /// CREATE with 8-bit octets in the name is accepted.
        CreateTakesEightBits = "imap-create-takes-eight-bits",
            breaks "rfc3501-5.1-eight-bit-create-refused";
        /// DELETE removes nothing.
        DeleteRemovesNothing = "imap-delete-removes-nothing",
            breaks "rfc3501-6.3.4-delete-removes",
            also ["rfc3501-6.3.4-delete-parent-becomes-noselect"];
        /// DELETE removes what lies below a mailbox, too.
        DeleteRemovesInferiors = "imap-delete-removes-inferiors",
            breaks "rfc3501-6.3.4-delete-keeps-inferiors",
            also ["rfc3501-6.3.4-delete-parent-becomes-noselect"];
        /// DELETE of a mailbox with others below it leaves the mailbox.
        DeleteLeavesParent = "imap-delete-leaves-parent",
            breaks "rfc3501-6.3.4-delete-parent-becomes-noselect";
        /// DELETE of a missing name is accepted.
        DeleteOfNothing = "imap-delete-of-nothing",
            breaks "rfc3501-6.3.4-delete-missing-no";
        /// RENAME of a missing name is accepted.
        RenameOfNothing = "imap-rename-of-nothing",
            breaks "rfc3501-6.3.5-rename-missing-no";
        /// RENAME makes the new mailbox and leaves the messages where they are.
        RenameMovesNothing = "imap-rename-moves-nothing",
            breaks "rfc3501-6.3.5-rename-moves-mailbox",
            also ["rfc3501-6.3.5-rename-inferiors", "rfc8474-4-mailboxid-kept-on-rename"];
        /// RENAME to the name of a mailbox is accepted.
        RenameOverAnother = "imap-rename-over-another",
            breaks "rfc3501-6.3.5-rename-to-existing-no";
        /// RENAME leaves behind what lies below.
        RenameLeavesInferiors = "imap-rename-leaves-inferiors",
            breaks "rfc3501-6.3.5-rename-inferiors";
        /// RENAME below a level that is missing is refused.
        RenameNeedsSuperiors = "imap-rename-needs-superiors",
            breaks "rfc3501-6.3.5-rename-creates-superiors";
        /// INBOX in other letters is another mailbox.
        InboxInUpperCaseOnly = "imap-inbox-in-upper-case-only",
            breaks "rfc3501-5.1-inbox-case-insensitive";
        /// LIST shows the `&` of a name as `&-`.
        ListEscapesAmpersand = "imap-list-escapes-ampersand",
            breaks "rfc3501-5.1-name-roundtrip";
        /// A percent sign at the end of a pattern stands for the separator, too.
        PercentCrossesLevels = "imap-percent-crosses-levels",
            breaks "rfc3501-6.3.8-wildcard-match-set",
            also ["rfc3501-6.3.9-lsub-percent-parent"];
        /// LIST that finds nothing is refused.
        ListRefusedWithoutMatch = "imap-list-refused-without-match",
            breaks "rfc3501-6.3.8-wildcard-match-set",
            also ["rfc3501-6.3.11-append-no-autocreate", "rfc3501-6.4.7-copy-no-autocreate", "rfc3501-6.3.4-delete-removes"];
        /// LIST with an empty name has no response.
        ListHidesSeparator = "imap-list-hides-separator",
            breaks "rfc3501-6.3.8-empty-name-delimiter-query";
        /// A pattern that begins with an asterisk does not fit INBOX.
        AsteriskPassesOverInbox = "imap-asterisk-passes-over-inbox",
            breaks "rfc3501-6.3.8-inbox-included";
        /// LIST takes no notice of the reference.
        ListIgnoresReference = "imap-list-ignores-reference",
            breaks "rfc3501-6.3.8-reference-prefix";
        /// A session lists children of a mailbox as it heard of them first.
        ChildrenRemembered = "imap-children-remembered",
            breaks "rfc3348-3-update-on-create-delete";
        /// All mailboxes have children.
        AllHaveChildren = "imap-all-have-children",
            breaks "rfc3348-3-haschildren-true";
        /// LIST looks at the first of several patterns only.
        ListFirstPattern = "imap-list-first-pattern",
            breaks "rfc5258-3-multiple-patterns";
        /// LIST of subscribed names lists all.
        ListSubscribedIsAll = "imap-list-subscribed-is-all",
            breaks "rfc5258-3.1-subscribed-exact-set";
        /// LIST of subscribed names does not mark them.
        ListSubscribedUnmarked = "imap-list-subscribed-unmarked",
            breaks "rfc5258-3.1-subscribed-attribute";
        /// LIST passes over selection options that it does not know.
        ListTakesAnySelection = "imap-list-takes-any-selection",
            breaks "rfc5258-3-unknown-selection-bad";
        /// LIST passes over return options that it does not know.
        ListTakesAnyReturn = "imap-list-takes-any-return",
            breaks "rfc5258-3-unknown-return-bad";
        /// LIST that returns subscriptions lists subscribed names without a mailbox.
        ListReturnsMissing = "imap-list-returns-missing",
            breaks "rfc5258-3-nonexistent-not-listed-plainly";
        /// LIST with the status of mailboxes leaves out the last status of several.
        ListStatusLeavesOutLast = "imap-list-status-leaves-out-last",
            breaks "rfc5819-2-status-for-each-selectable";
        /// LIST with the status of mailboxes tells the status first.
        ListStatusFirst = "imap-list-status-first",
            breaks "rfc5819-2-list-before-status";
        /// LIST with the status of mailboxes tells one message too few.
        ListStatusOneShort = "imap-list-status-one-short",
            breaks "rfc5819-2-values-equal-status",
            also ["rfc5819-2-list-before-status"];
        /// LIST of mailboxes with a special use lists all.
        ListSpecialIsAll = "imap-list-special-is-all",
            breaks "rfc6154-2-selection-only-special";
        /// CREATE forgets the special use.
        CreateForgetsUse = "imap-create-forgets-use",
            breaks "rfc6154-3-create-use-works";
        /// LSUB of a name without wildcards knows only what its own session has subscribed.
        SubscribeForSession = "imap-subscribe-for-session",
            breaks "rfc3501-6.3.6-subscribe-adds";
        /// UNSUBSCRIBE takes nothing away.
        UnsubscribeKeeps = "imap-unsubscribe-keeps",
            breaks "rfc3501-6.3.7-unsubscribe-removes";
        /// DELETE ends the subscription.
        DeleteUnsubscribes = "imap-delete-unsubscribes",
            breaks "rfc3501-6.3.6-no-unilateral-unsubscribe";
        /// LSUB lists the names above subscribed ones for each pattern.
        LsubListsParents = "imap-lsub-lists-parents",
            breaks "rfc3501-6.3.9-lsub-subscribed-only";
        /// LSUB with a percent sign leaves out the names above subscribed ones.
        LsubHidesParents = "imap-lsub-hides-parents",
            breaks "rfc3501-6.3.9-lsub-percent-parent";
        /// CREATE does not tell the identifier of the mailbox.
        CreateWithoutMailboxId = "imap-create-without-mailboxid",
            breaks "rfc8474-4.1-create-code",
            also ["rfc8474-4-mailboxid-stable"];
        /// EXAMINE does not tell the identifier of the mailbox.
        ExamineWithoutMailboxId = "imap-examine-without-mailboxid",
            breaks "rfc8474-4.2-select-code",
            also ["rfc8474-4-mailboxid-stable"];
        /// SELECT tells another identifier of a mailbox than STATUS.
        MailboxIdDiffers = "imap-mailboxid-differs",
            breaks "rfc8474-4-mailboxid-stable";
        /// RENAME gives the mailbox another identifier.
        RenameChangesMailboxId = "imap-rename-changes-mailboxid",
            breaks "rfc8474-4-mailboxid-kept-on-rename";
        /// All mailboxes have the same identifier.
        MailboxIdOfAll = "imap-mailboxid-of-all",
            breaks "rfc8474-4-mailboxid-unique";
        /// LIST does not tell INBOX.
        InboxUnlisted = "imap-inbox-unlisted",
            breaks "rfc3501-6.3.8-inbox-included";
        /// STATUS takes the quotes of a name for a part of it.
        StatusKeepsQuotes = "imap-status-keeps-quotes",
            breaks "rfc3501-4.3-string-forms-equivalent",
            also ["rfc3501-5.1-name-roundtrip", "rfc3501-5.1-inbox-case-insensitive"];
    }
}
