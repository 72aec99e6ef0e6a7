//! How the server may be told to break changing messages, and what sessions learn of changes.

use crate::refserver::fault::faults;

faults! {
    /// A violation of one requirement about changes.
    ChangeFault {
        /// A lone asterisk is the first message.
        StarIsFirst = "imap-star-is-first",
            breaks "rfc3501-9-seq-star-is-last";
        /// Of a range that runs downwards only the first number counts.
        ReversedRangeIsOne = "imap-reversed-range-is-one",
            breaks "rfc3501-9-sequence-set-semantics";
        /// A range of UIDs from beyond the last one to the asterisk is empty.
        StarBelowRangeIsNothing = "imap-star-below-range-is-nothing",
            breaks "rfc3501-6.4.8-uid-range-star";
        /// UID COPY and UID STORE of no message are refused.
        UidOfNothingRefused = "imap-uid-of-nothing-refused",
            breaks "rfc3501-6.4.8-uid-nonexistent-ignored",
            also ["rfc4315-3-nothing-copied-no-copyuid"];
        /// UID STORE goes by message numbers after an EXPUNGE.
        UidStoreByNumber = "imap-uid-store-by-number",
            breaks "rfc3501-6.4.8-uid-arguments";
        /// UID FETCH leaves out the UID if it is not asked for.
        UidFetchWithoutUid = "imap-uid-fetch-without-uid",
            breaks "rfc3501-6.4.8-implicit-uid-item";
        /// UID FETCH has the UID as the number of the message.
        UidFetchNumbersByUid = "imap-uid-fetch-numbers-by-uid",
            breaks "rfc3501-6.4.8-fetch-number-is-msn",
            also ["rfc3501-2.3.1.2-msn-order-by-uid", "rfc3501-7.4.1-expunge-renumbering", "rfc3501-5.2-exists-never-shrinks"];
        /// UID SEARCH tells message numbers.
        UidSearchTellsNumbers = "imap-uid-search-tells-numbers",
            breaks "rfc3501-6.4.8-uid-search-returns-uids";
        /// A session learns of messages that are appended only by selecting again.
        NewMessagesUntold = "imap-new-messages-untold",
            breaks "rfc3501-5.2-size-update-automatic",
            also ["rfc2177-3-pushes-exists", "rfc3501-6.3.11-append-exists-when-selected"];
        /// A session is not told of flags that others change.
        FlagsOfOthersUntold = "imap-flags-of-others-untold",
            breaks "rfc3501-5.2-flag-update-automatic",
            also ["rfc2177-3-pushes-flags"];
        /// FETCH tells of removals by others.
        ExpungeInFetch = "imap-expunge-in-fetch",
            breaks "rfc3501-7.4.1-no-expunge-in-fetch",
            also ["rfc3501-7.4.1-numbers-valid-until-reported"];
        /// STORE tells of removals by others.
        ExpungeInStore = "imap-expunge-in-store",
            breaks "rfc3501-7.4.1-no-expunge-in-store";
        /// SEARCH tells of removals by others.
        ExpungeInSearch = "imap-expunge-in-search",
            breaks "rfc3501-7.4.1-no-expunge-in-search";
        /// NOOP does not tell of removals by others.
        NoopHidesRemovals = "imap-noop-hides-removals",
            breaks "rfc3501-6.1.2-noop-polls",
            also ["rfc3501-7-external-expunge-reported"];
        /// Messages that another session removes leave their numbers to the next ones without a word while none may be said.
        NumbersMoveSilently = "imap-numbers-move-silently",
            breaks "rfc3501-7.4.1-numbers-valid-until-reported",
            also ["rfc3501-6.1.2-noop-polls"];
        /// EXPUNGE tells the numbers as they were before it.
        ExpungeNumbersFromBefore = "imap-expunge-numbers-from-before",
            breaks "rfc3501-7.4.1-expunge-renumbering",
            also ["rfc3501-6.4.3-expunge-exact-set"];
        /// EXPUNGE tells the first message only that it removes.
        ExpungeTellsFirst = "imap-expunge-tells-first",
            breaks "rfc3501-6.4.3-expunge-response-each",
            also ["rfc3501-7.4.1-expunge-renumbering"];
        /// EXPUNGE removes what stands between the first and the last marked message, too.
        ExpungeRemovesBetween = "imap-expunge-removes-between",
            breaks "rfc3501-6.4.3-expunge-exact-set";
        /// EXPUNGE that removes nothing tells one removal.
        ExpungeTellsOfNothing = "imap-expunge-tells-of-nothing",
            breaks "rfc3501-6.4.3-expunge-response-each",
            also ["rfc3501-7.4.1-expunge-renumbering", "rfc3501-6.3.2-examine-no-permanent-change", "rfc3501-2.3.1.2-msn-order-by-uid"];
        /// CLOSE tells of what it removes, by numbers.
        CloseTells = "imap-close-tells",
            breaks "rfc3501-6.4.2-close-silent",
            also ["rfc3501-7.4.1-expunge-renumbering", "rfc7162-3.2.7-vanished-instead-of-expunge"];
        /// CLOSE leaves the mailbox selected.
        CloseKeepsMailbox = "imap-close-keeps-mailbox",
            breaks "rfc3501-6.4.2-close-to-authenticated";
        /// CLOSE removes nothing.
        CloseRemovesNothing = "imap-close-removes-nothing",
            breaks "rfc3501-6.4.2-close-expunges",
            also ["rfc3501-7-external-expunge-reported"];
        /// SELECT of another mailbox removes what is marked in the one before.
        SelectExpunges = "imap-select-expunges",
            breaks "rfc3501-6.4.2-implicit-close-no-expunge";
        /// LOGOUT removes what is marked in the selected mailbox.
        LogoutExpunges = "imap-logout-expunges",
            breaks "rfc3501-6.4.2-implicit-close-no-expunge";
        /// UNSELECT removes what is marked.
        UnselectExpunges = "imap-unselect-expunges",
            breaks "rfc3691-2-no-expunge";
        /// UNSELECT tells of what is marked as if it were removed.
        UnselectTells = "imap-unselect-tells",
            breaks "rfc3691-2-no-untagged-expunge",
            also ["rfc3501-7.4.1-expunge-renumbering"];
        /// UNSELECT leaves the mailbox selected.
        UnselectKeepsMailbox = "imap-unselect-keeps-mailbox",
            breaks "rfc3691-2-ok-and-authenticated",
            also ["rfc3691-2-frees-mailbox", "rfc3691-2-examine-too"];
        /// UNSELECT is refused in a mailbox that was opened for reading.
        UnselectNeedsWriting = "imap-unselect-needs-writing",
            breaks "rfc3691-2-examine-too";
        /// UID EXPUNGE takes no notice of the set.
        UidExpungeIgnoresSet = "imap-uid-expunge-ignores-set",
            breaks "rfc4315-2.1-uid-expunge-set-only";
        /// UID EXPUNGE tells of no removals before the next command.
        UidExpungeSilent = "imap-uid-expunge-silent",
            breaks "rfc4315-2.1-uid-expunge-untagged";
        /// UID EXPUNGE of no message is refused.
        UidExpungeOfNothingRefused = "imap-uid-expunge-of-nothing-refused",
            breaks "rfc4315-2.1-uid-expunge-nonexistent";
        /// UID EXPUNGE without a set is EXPUNGE.
        UidExpungeWithoutSet = "imap-uid-expunge-without-set",
            breaks "rfc4315-2.1-uid-expunge-needs-set";
        /// STORE with `+FLAGS` forgets flags that another session has set since this one looked.
        StoreLosesUpdate = "imap-store-loses-update",
            breaks "rfc3501-6.4.6-store-no-lost-update";
        /// STORE with FLAGS leaves flags that are set.
        StoreReplaceAdds = "imap-store-replace-adds",
            breaks "rfc3501-6.4.6-store-replace";
        /// STORE does not tell the new flags.
        StoreTellsNothing = "imap-store-tells-nothing",
            breaks "rfc3501-6.4.6-store-returns-flags",
            also ["rfc7162-3.1-plain-store-modseq-in-fetch"];
        /// STORE that is to be silent tells the new flags of the last message of several.
        SilentStoreTells = "imap-silent-store-tells",
            breaks "rfc3501-6.4.6-store-silent";
        /// STORE with `-FLAGS` removes nothing if one of the flags is not set.
        StoreRemovesAllOrNone = "imap-store-removes-all-or-none",
            breaks "rfc3501-6.4.6-store-add-remove";
        /// STORE takes the first flag only if they have no parentheses.
        StoreTakesFirstFlag = "imap-store-takes-first-flag",
            breaks "rfc3501-6.4.6-store-unparenthesised-flags";
        /// The flag for drafts is told to be kept for good, and is not.
        DraftNotKept = "imap-draft-not-kept",
            breaks "rfc3501-2.3.2-permanent-flags-shared",
            also ["rfc7162-3.1.3-partial-success", "rfc3501-6.4.4-keys-system-flags"];
        /// A keyword that is new to the mailbox is lost, though new ones are offered.
        NewKeywordLost = "imap-new-keyword-lost",
            breaks "rfc3501-7.1-permanentflags-new-keywords",
            also ["rfc3501-6.4.4-key-keyword"];
        /// COPY loses flags.
        CopyLosesFlags = "imap-copy-loses-flags",
            breaks "rfc3501-6.4.7-copy-flags-and-date";
        /// COPY removes the message where it was.
        CopyMoves = "imap-copy-moves",
            breaks "rfc3501-6.4.7-copy-content",
            also ["rfc4315-3-copyuid-on-copy", "rfc8474-5.1-emailid-copy-move"];
        /// COPY to a missing mailbox makes it.
        CopyCreates = "imap-copy-creates",
            breaks "rfc3501-6.4.7-copy-no-autocreate";
        /// COPY to a missing mailbox does not say TRYCREATE.
        CopyWithoutTryCreate = "imap-copy-without-trycreate",
            breaks "rfc3501-6.4.7-copy-trycreate";
        /// COPYUID has the sets the wrong way round.
        CopyUidSwapped = "imap-copyuid-swapped",
            breaks "rfc4315-3-copyuid-on-copy",
            also ["rfc4315-3-copyuid-source-not-requested"];
        /// COPYUID names one UID for several messages.
        CopyUidOfFirst = "imap-copyuid-of-first",
            breaks "rfc4315-3-copyuid-pairs-in-order",
            also ["rfc4315-3-copyuid-on-copy"];
        /// COPYUID names what was asked for, and not what was copied.
        CopyUidAsAsked = "imap-copyuid-as-asked",
            breaks "rfc4315-3-copyuid-source-not-requested",
            also ["rfc4315-3-copyuid-pairs-in-order"];
        /// COPY of nothing tells a COPYUID.
        CopyUidOfNothing = "imap-copyuid-of-nothing",
            breaks "rfc4315-3-nothing-copied-no-copyuid";
        /// MOVE copies, and the messages stay.
        MoveCopies = "imap-move-copies",
            breaks "rfc6851-3.3-removed-from-source",
            also ["rfc6851-3.2-uid-move", "rfc6851-3.3-deleted-message-movable", "rfc6851-4.3-copyuid-untagged-before-expunge"];
        /// MOVE loses flags.
        MoveLosesFlags = "imap-move-loses-flags",
            breaks "rfc6851-3.3-flags-and-date-kept";
        /// MOVE tells that the messages are marked as deleted.
        MoveTellsMark = "imap-move-tells-mark",
            breaks "rfc6851-3.3-no-store-responses";
        /// MOVE removes all that is marked as deleted.
        MoveExpunges = "imap-move-expunges",
            breaks "rfc6851-3.3-other-deleted-kept";
        /// MOVE to a missing mailbox does not say TRYCREATE.
        MoveWithoutTryCreate = "imap-move-without-trycreate",
            breaks "rfc6851-3.3-trycreate";
        /// MOVE to a missing mailbox removes the messages.
        MoveLosesMessages = "imap-move-loses-messages",
            breaks "rfc6851-3.3-no-loss";
        /// MOVE removes messages and puts them nowhere.
        MoveRemoves = "imap-move-removes",
            breaks "rfc6851-3.3-moved-appears-in-target",
            also ["rfc6851-3.2-uid-move", "rfc6851-3.3-deleted-message-movable", "rfc6851-4.3-copyuid-untagged-before-expunge"];
        /// UID MOVE is refused.
        UidMoveRefused = "imap-uid-move-refused",
            breaks "rfc6851-3.2-uid-move",
            also ["rfc6851-3.2-uid-move-nonexistent"];
        /// UID MOVE of no message is refused.
        UidMoveOfNothingRefused = "imap-uid-move-of-nothing-refused",
            breaks "rfc6851-3.2-uid-move-nonexistent";
        /// MOVE leaves out what is marked as deleted.
        MovePassesOverDeleted = "imap-move-passes-over-deleted",
            breaks "rfc6851-3.3-deleted-message-movable";
        /// MOVE marks the messages as deleted in their new mailbox.
        MoveMarksDeleted = "imap-move-marks-deleted",
            breaks "rfc6851-3.3-deleted-flag-not-set",
            also ["rfc6851-3.3-flags-and-date-kept"];
        /// MOVE tells COPYUID after the removals.
        MoveTellsCodeLast = "imap-move-tells-code-last",
            breaks "rfc6851-4.3-copyuid-untagged-before-expunge";
        /// A range of message numbers begins at the first message, whatever its lower number is.
        RangeBeginsAtFirst = "imap-range-begins-at-first",
            breaks "rfc3501-9-sequence-set-semantics",
            also ["rfc3501-7.4.1-numbers-valid-until-reported"];
        /// Removals by others are told while no command runs.
        ExpungeUnasked = "imap-expunge-unasked",
            breaks "rfc3501-7.4.1-no-expunge-when-idle",
            also ["rfc3501-7.4.1-no-expunge-in-fetch", "rfc3501-7.4.1-numbers-valid-until-reported"];
    }
}
