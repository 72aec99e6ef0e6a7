//! How the server may be told to break mod-sequences and quick resynchronisation.

use crate::refserver::fault::faults;

faults! {
    /// A violation of one requirement of CONDSTORE or QRESYNC.
    SyncFault {
        /// STORE tells the lowest mod-sequence that there is.
        StoreTellsLowModseq = "imap-store-tells-low-modseq",
            breaks "rfc7162-3.1-store-changes-modseq",
            also ["rfc7162-3.1-monotonic-in-session", "rfc7162-3.1-unique-per-store", "rfc7162-3.1.3-fetch-even-when-silent"];
        /// STORE does not tell the mod-sequence.
        StoreWithoutModseq = "imap-store-without-modseq",
            breaks "rfc7162-3.1-plain-store-modseq-in-fetch",
            also ["rfc7162-3.1-monotonic-in-session", "rfc7162-3.1.3-fetch-even-when-silent"];
        /// STORE raises the mod-sequence of the message behind, too.
        StoreRaisesNext = "imap-store-raises-next",
            breaks "rfc7162-3.1-other-messages-unaffected",
            also ["rfc7162-3.1.4.1-changedsince-filter", "rfc7162-3.1.5-search-modseq", "rfc7162-3.1.5-search-highest-appended"];
        /// STORE that changes nothing raises the mod-sequence.
        IdleStoreRaises = "imap-idle-store-raises",
            breaks "rfc7162-3.1-noop-store-keeps-modseq";
        /// The second STORE of a session tells the mod-sequence of the first.
        StoreRepeatsModseq = "imap-store-repeats-modseq",
            breaks "rfc7162-3.1-unique-per-store",
            also ["rfc7162-3.1-monotonic-in-session"];
        /// SELECT with CONDSTORE does not tell the highest mod-sequence.
        SelectWithoutHighest = "imap-select-without-highest",
            breaks "rfc7162-3.1.8-select-param",
            also ["rfc7162-3.1.2-highestmodseq-or-nomodseq"];
        /// SELECT tells a highest mod-sequence that is one too low.
        HighestTooLow = "imap-highest-too-low",
            breaks "rfc7162-3.1.2.1-highestmodseq-is-highest",
            also ["rfc7162-3.1.7-status-highestmodseq", "rfc7162-3.1.4.1-changedsince-none"];
        /// An appended message has the lowest mod-sequence.
        AppendedIsLowest = "imap-appended-is-lowest",
            breaks "rfc7162-3.1-append-gets-new-highest",
            also ["rfc7162-3.1-monotonic-in-session"];
        /// Flags that others change are told without a mod-sequence.
        NewsWithoutModseq = "imap-news-without-modseq",
            breaks "rfc7162-3.1-enabling-adds-modseq";
        /// CHANGEDSINCE counts the mod-sequence itself.
        ChangedSinceIncludes = "imap-changedsince-includes",
            breaks "rfc7162-3.1.4.1-changedsince-filter",
            also ["rfc7162-3.1.4.1-changedsince-none"];
        /// With CHANGEDSINCE the mod-sequence is not told.
        ChangedSinceWithoutModseq = "imap-changedsince-without-modseq",
            breaks "rfc7162-3.1.4.1-changedsince-implies-modseq";
        /// CHANGEDSINCE after UID finds the last message in any case.
        ChangedSinceFindsLast = "imap-changedsince-finds-last",
            breaks "rfc7162-3.1.4.1-changedsince-none";
        /// A search by mod-sequence leaves out messages that have just that one.
        SearchModseqExcludes = "imap-search-modseq-excludes",
            breaks "rfc7162-3.1.5-search-modseq",
            also ["rfc7162-3.1.5-search-highest-appended", "rfc7162-3.1.10-esearch-modseq"];
        /// A search by the mod-sequence 0 finds nothing.
        SearchModseqZero = "imap-search-modseq-zero",
            breaks "rfc7162-3.1.5-search-modseq-zero";
        /// A search by mod-sequence tells one that is too low.
        SearchTellsLowModseq = "imap-search-tells-low-modseq",
            breaks "rfc7162-3.1.5-search-highest-appended";
        /// A search that finds nothing tells a mod-sequence.
        NothingHasModseq = "imap-nothing-has-modseq",
            breaks "rfc7162-3.1.6-search-empty-no-modseq",
            also ["rfc3501-7.2.5-search-response-format"];
        /// A search without a mod-sequence tells one, once the session has heard of them.
        SearchAlwaysTellsModseq = "imap-search-always-tells-modseq",
            breaks "rfc7162-3.1.5-search-without-criterion-no-modseq";
        /// An extended search by mod-sequence tells none.
        EsearchWithoutModseq = "imap-esearch-without-modseq",
            breaks "rfc7162-3.1.10-esearch-modseq";
        /// STATUS tells a highest mod-sequence that SELECT does not.
        StatusOtherHighest = "imap-status-other-highest",
            breaks "rfc7162-3.1.7-status-highestmodseq";
        /// LOGOUT lowers the highest mod-sequence.
        LogoutLowersHighest = "imap-logout-lowers-highest",
            breaks "rfc7162-3.1.2.1-highestmodseq-survives-reselect",
            also ["rfc7162-3.1.2.1-highestmodseq-is-highest"];
        /// A message that FETCH marks as seen keeps its mod-sequence.
        SeenKeepsModseq = "imap-seen-keeps-modseq",
            breaks "rfc7162-3.1-implicit-seen-modseq";
        /// A conditional STORE that fails has no code.
        FailureWithoutCode = "imap-failure-without-code",
            breaks "rfc7162-3.1.3-modified-code",
            also ["rfc7162-3.1.3-unchangedsince-zero", "rfc7162-3.1.3-modified-numbers-or-uids"];
        /// A conditional STORE that fails stores after all.
        FailureStores = "imap-failure-stores",
            breaks "rfc7162-3.1.3-unchangedsince-fail-not-stored",
            also ["rfc7162-3.1.3-unchangedsince-zero"];
        /// A conditional STORE fails for messages of just that mod-sequence.
        ConditionExcludes = "imap-condition-excludes",
            breaks "rfc7162-3.1.3-unchangedsince-pass",
            also ["rfc7162-3.1.3-fetch-even-when-silent", "rfc7162-3.1.3-modified-code", "rfc7162-3.1.3-partial-success"];
        /// A conditional STORE that is to be silent does not tell the mod-sequence.
        SilentHidesModseq = "imap-silent-hides-modseq",
            breaks "rfc7162-3.1.3-fetch-even-when-silent";
        /// The condition 0 always holds.
        ZeroHolds = "imap-zero-holds",
            breaks "rfc7162-3.1.3-unchangedsince-zero";
        /// A conditional STORE that fails for one of several messages stores nothing.
        FailureStopsAll = "imap-failure-stops-all",
            breaks "rfc7162-3.1.3-partial-success",
            also ["rfc7162-3.1.3-modified-code"];
        /// A conditional STORE by UID names numbers of messages that it fails for.
        ModifiedByNumber = "imap-modified-by-number",
            breaks "rfc7162-3.1.3-modified-numbers-or-uids";
        /// A session that comes back does not hear of the first message that is gone.
        VanishedLeavesOutFirst = "imap-vanished-leaves-out-first",
            breaks "rfc7162-3.2.5.1-resync-vanished",
            also ["rfc7162-3.2.5.1-vanished-before-fetch"];
        /// A session that comes back hears of no flags.
        ResyncWithoutFlags = "imap-resync-without-flags",
            breaks "rfc7162-3.2.5.1-resync-flag-changes";
        /// A session that comes back hears of flags first.
        ResyncFlagsFirst = "imap-resync-flags-first",
            breaks "rfc7162-3.2.5.1-vanished-before-fetch";
        /// SELECT with QRESYNC is accepted before ENABLE.
        ResyncWithoutEnable = "imap-resync-without-enable",
            breaks "rfc7162-3.2.3-select-qresync-without-enable";
        /// FETCH with VANISHED is accepted before ENABLE.
        VanishedWithoutEnable = "imap-vanished-without-enable",
            breaks "rfc7162-3.2.3-vanished-modifier-without-enable";
        /// SELECT with QRESYNC takes no notice of the UIDVALIDITY.
        ResyncAnyUidvalidity = "imap-resync-any-uidvalidity",
            breaks "rfc7162-3.2.5-uidvalidity-mismatch-ignored";
        /// EXPUNGE tells of removals in the old way after ENABLE, too.
        ExpungeAfterEnable = "imap-expunge-after-enable",
            breaks "rfc7162-3.2.7-vanished-instead-of-expunge";
        /// EXPUNGE leaves the highest mod-sequence as it is.
        ExpungeKeepsHighest = "imap-expunge-keeps-highest",
            breaks "rfc7162-3.2-expunge-increments";
        /// FETCH with VANISHED is accepted without UID.
        VanishedWithoutUid = "imap-vanished-without-uid",
            breaks "rfc7162-3.2.6-vanished-only-uid-fetch";
        /// FETCH with VANISHED is accepted without CHANGEDSINCE.
        VanishedAlone = "imap-vanished-alone",
            breaks "rfc7162-3.2.6-vanished-needs-changedsince";
        /// FETCH with VANISHED does not tell what is gone.
        VanishedUntold = "imap-vanished-untold",
            breaks "rfc7162-3.2.6-uid-fetch-vanished";
        /// SELECT does not tell that the mailbox before is closed.
        SelectWithoutClosed = "imap-select-without-closed",
            breaks "rfc7162-3.2.11-closed-code";
        /// CLOSE tells what vanished.
        CloseTellsVanished = "imap-close-tells-vanished",
            breaks "rfc7162-3.2.8-close-no-vanished";
    }
}
