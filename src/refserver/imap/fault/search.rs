//! How the server may be told to break searching, and identifiers of messages.

use crate::refserver::fault::faults;

faults! {
    /// A violation of one requirement about searches.
    SearchFault {
        /// A search for drafts finds flagged messages.
        DraftIsFlagged = "imap-draft-is-flagged",
            breaks "rfc3501-6.4.4-keys-system-flags";
        /// Of several search keys about fields the first one counts.
        FirstKeyCounts = "imap-first-key-counts",
            breaks "rfc3501-6.4.4-keys-and";
        /// Of a list of numbers as a search key the first ones count.
        FirstNumbersCount = "imap-first-numbers-count",
            breaks "rfc3501-6.4.4-key-sequence-set";
        /// A range of UIDs to the asterisk as a search key leaves out the last message.
        UidKeyLeavesOutLast = "imap-uid-key-leaves-out-last",
            breaks "rfc3501-6.4.4-key-uid";
        /// NOT before a search key about a field counts for nothing.
        NotIgnored = "imap-not-ignored",
            breaks "rfc3501-6.4.4-key-not";
        /// OR wants both search keys.
        OrIsAnd = "imap-or-is-and",
            breaks "rfc3501-6.4.4-key-or",
            also ["rfc3501-6.4.4-keys-and"];
        /// A search for a copied recipient finds main recipients.
        CcIsTo = "imap-cc-is-to",
            breaks "rfc3501-6.4.4-keys-address-fields";
        /// A search for a subject of two words finds nothing.
        SubjectIsOneWord = "imap-subject-is-one-word",
            breaks "rfc3501-6.4.4-key-subject";
        /// A search in bodies finds words of headers.
        BodyIsText = "imap-body-is-text",
            breaks "rfc3501-6.4.4-key-body";
        /// A search in whole messages looks at bodies only.
        TextIsBody = "imap-text-is-body",
            breaks "rfc3501-6.4.4-key-text";
        /// A search in fields with names of one's own finds nothing.
        OwnFieldsUnknown = "imap-own-fields-unknown",
            breaks "rfc3501-6.4.4-key-header",
            also ["rfc3501-6.4.4-key-header-empty"];
        /// A search for an empty string in a field finds all messages.
        EmptyStringFindsAll = "imap-empty-string-finds-all",
            breaks "rfc3501-6.4.4-key-header-empty";
        /// A search for smaller messages finds larger ones.
        SmallerIsLarger = "imap-smaller-is-larger",
            breaks "rfc3501-6.4.4-key-larger-smaller";
        /// A search for messages that were sent since a day goes by their arrival.
        SentSinceByArrival = "imap-sent-since-by-arrival",
            breaks "rfc3501-6.4.4-key-sent-dates";
        /// A search for messages sent before a day finds those of the day itself.
        SentBeforeIncludes = "imap-sent-before-includes",
            breaks "rfc3501-6.4.4-key-sent-dates";
        /// A search for messages since a day leaves out those of the day itself.
        SinceExcludes = "imap-since-excludes",
            breaks "rfc3501-6.4.4-key-before-on-since";
        /// A date in quotes is refused.
        QuotedDateRefused = "imap-quoted-date-refused",
            breaks "rfc3501-6.4.4-date-argument-forms";
        /// A search for a subject in capitals finds nothing.
        CapitalsFindNothing = "imap-capitals-find-nothing",
            breaks "rfc3501-6.4.4-substring-case-insensitive";
        /// A search in US-ASCII is refused.
        AsciiRefused = "imap-ascii-refused",
            breaks "rfc3501-6.4.4-charset-us-ascii";
        /// A search in a charset that is not known is BAD.
        CharsetBad = "imap-charset-bad",
            breaks "rfc3501-6.4.4-charset-unsupported-no";
        /// The refusal of a charset has no code.
        CharsetWithoutCode = "imap-charset-without-code",
            breaks "rfc3501-6.4.4-badcharset-code";
        /// A search that finds nothing has no response.
        NothingFoundSilent = "imap-nothing-found-silent",
            breaks "rfc3501-6.4.4-search-response-required",
            also ["rfc3501-6.4.4-key-body", "rfc8474-5.2-threadid-nil", "rfc7162-3.1.6-search-empty-no-modseq", "rfc8514-3-append-now", "rfc3501-6.4.4-key-recent-new-old"];
        /// A search for a keyword finds all but the messages that have it.
        KeywordIsUnkeyword = "imap-keyword-is-unkeyword",
            breaks "rfc3501-6.4.4-key-keyword";
        /// A search in bodies marks messages as seen.
        SearchMarksSeen = "imap-search-marks-seen",
            breaks "rfc3501-6.4.4-search-no-side-effects";
        /// A search for new messages finds recent ones that are seen.
        NewIsRecent = "imap-new-is-recent",
            breaks "rfc3501-6.4.4-key-recent-new-old";
        /// A search in UTF-8 finds no encoded words.
        WordsNotDecoded = "imap-words-not-decoded",
            breaks "rfc3501-6.4.4-mime-decoding-before-match";
        /// MIN of an extended search is too low by one, if it can be.
        MinOneLess = "imap-min-one-less",
            breaks "rfc4731-3.1-min",
            also ["rfc4731-3.1-combination", "rfc4731-4-case-insensitive"];
        /// MAX of an extended search is too low.
        MaxTooLow = "imap-max-too-low",
            breaks "rfc4731-3.1-max",
            also ["rfc4731-3.1-combination"];
        /// COUNT of an extended search is one too great if something is found.
        CountOneMore = "imap-count-one-more",
            breaks "rfc4731-3.1-count",
            also ["rfc4731-4-case-insensitive"];
        /// ALL of an extended search leaves out the last of several messages.
        AllLeavesOutLast = "imap-all-leaves-out-last",
            breaks "rfc4731-3.1-all",
            also ["rfc4731-3.1-empty-options-is-all", "rfc4731-3.1-esearch-instead-of-search", "rfc4731-3.1-uid-indicator", "rfc4731-3.1-count"];
        /// Of two options of an extended search the first one counts.
        FirstOptionCounts = "imap-first-option-counts",
            breaks "rfc4731-3.1-combination",
            also ["rfc4731-4-case-insensitive"];
        /// Options of an extended search in small letters are refused.
        OptionsInUpperCase = "imap-options-in-upper-case",
            breaks "rfc4731-4-case-insensitive";
        /// MIN of nothing is 1.
        MinOfNothing = "imap-min-of-nothing",
            breaks "rfc4731-3.1-no-min-when-empty",
            also ["rfc3501-9-output-grammar"];
        /// MAX of nothing is 1.
        MaxOfNothing = "imap-max-of-nothing",
            breaks "rfc4731-3.1-no-max-when-empty";
        /// ALL of nothing is 1.
        AllOfNothing = "imap-all-of-nothing",
            breaks "rfc4731-3.1-no-all-when-empty";
        /// An extended search that finds nothing has no response.
        EsearchSilentWhenEmpty = "imap-esearch-silent-when-empty",
            breaks "rfc4731-3.1-esearch-even-when-empty",
            also ["rfc4731-3.1-no-min-when-empty", "rfc4731-3.1-no-max-when-empty", "rfc4731-3.1-no-all-when-empty"];
        /// An extended search has the old response, too.
        EsearchAndSearch = "imap-esearch-and-search",
            breaks "rfc4731-3.1-esearch-instead-of-search",
            also ["rfc3501-7.2.5-search-response-format"];
        /// An extended search by UID does not say so.
        EsearchWithoutUid = "imap-esearch-without-uid",
            breaks "rfc4731-3.1-uid-indicator";
        /// The tag in the response of an extended search is in capitals.
        EsearchOtherTag = "imap-esearch-other-tag",
            breaks "rfc4731-3.1-tag-correlator";
        /// A search whose result is saved has a response.
        SaveTells = "imap-save-tells",
            breaks "rfc5182-2.1-save-suppresses-response";
        /// A saved result is all messages.
        SaveKeepsAll = "imap-save-keeps-all",
            breaks "rfc5182-2.1-save-sets-variable",
            also ["rfc5182-2.1-in-search-criteria", "rfc5182-2.1-empty-search-empties"];
        /// A saved result outlives SELECT.
        SavedOutlivesSelect = "imap-saved-outlives-select",
            breaks "rfc5182-2.1-reset-on-select";
        /// A saved result stays if nothing is found.
        SavedOutlivesNothing = "imap-saved-outlives-nothing",
            breaks "rfc5182-2.1-empty-search-empties";
        /// A search that is not to be saved forgets what was.
        EachSearchForgets = "imap-each-search-forgets",
            breaks "rfc5182-2.1-no-save-keeps";
        /// A new message joins the saved result.
        NewMessageSaved = "imap-new-message-saved",
            breaks "rfc5182-2.1-new-messages-not-added";
        /// The saved result is nothing as a search key.
        SavedIsNoKey = "imap-saved-is-no-key",
            breaks "rfc5182-2.1-in-search-criteria";
        /// UID FETCH of the saved result is one of all messages.
        SavedUidsAreAll = "imap-saved-uids-are-all",
            breaks "rfc5182-2.1-seq-uid-context";
        /// A search for younger messages finds all.
        YoungerIsAll = "imap-younger-is-all",
            breaks "rfc5032-2-younger";
        /// A search for older messages finds younger ones, but not after NOT.
        OlderIsYounger = "imap-older-is-younger",
            breaks "rfc5032-2-older";
        /// NOT before a search key about age counts for nothing.
        NotOlderIsOlder = "imap-not-older-is-older",
            breaks "rfc5032-2-combinable";
        /// A search for the day of saving goes by the date of the message.
        SavedBeforeByDate = "imap-savedbefore-by-date",
            breaks "rfc8514-3-append-now",
            also ["rfc8514-4.3-savedsince"];
        /// A search for messages saved since a day finds nothing.
        SavedSinceFindsNothing = "imap-savedsince-finds-nothing",
            breaks "rfc8514-4.3-savedsince";
        /// A search for messages saved before a day to come finds nothing.
        SavedBeforeFuture = "imap-savedbefore-future",
            breaks "rfc8514-4.3-savedbefore";
        /// A copy has an identifier of its own.
        CopyHasOwnEmailId = "imap-copy-has-own-emailid",
            breaks "rfc8474-5.1-emailid-copy-move";
        /// All messages have the same identifier.
        EmailIdOfAll = "imap-emailid-of-all",
            breaks "rfc8474-5.1-emailid-different-content";
        /// THREADID is an empty list.
        ThreadIdEmpty = "imap-threadid-empty",
            breaks "rfc8474-5.3-fetch-syntax",
            also ["rfc3501-9-output-grammar"];
        /// A search for a thread finds all messages.
        ThreadIdFindsAll = "imap-threadid-finds-all",
            breaks "rfc8474-5.2-threadid-nil";
        /// A search for messages without a system flag finds those that have it.
        AbsentIsPresent = "imap-absent-is-present",
            breaks "rfc3501-6.4.4-keys-system-flags";
        /// A search by days of arrival goes by the day after the one that is given.
        ArrivalDayAfter = "imap-arrival-day-after",
            breaks "rfc3501-6.4.4-key-before-on-since";
        /// A search by sent dates takes their days in UTC.
        SentDayInUtc = "imap-sent-day-in-utc",
            breaks "rfc3501-6.4.4-key-sent-dates";
        /// A search for larger messages takes the number for kibioctets.
        LargerInKibioctets = "imap-larger-in-kibioctets",
            breaks "rfc3501-6.4.4-key-larger-smaller";
        /// A search for recent messages finds unseen ones only.
        RecentIsNew = "imap-recent-is-new",
            breaks "rfc3501-6.4.4-key-recent-new-old";
        /// A search for a sender looks at addresses only, not at names.
        FromIsAddress = "imap-from-is-address",
            breaks "rfc3501-6.4.4-keys-address-fields";
        /// A search for a sender looks at names only, not at addresses.
        FromIsName = "imap-from-is-name",
            breaks "rfc3501-6.4.4-keys-address-fields",
            also ["rfc3501-6.4.4-keys-and", "rfc3501-6.4.4-key-not"];
        /// A search for a main recipient finds copied ones, too.
        ToFindsCc = "imap-to-finds-cc",
            breaks "rfc3501-6.4.4-keys-address-fields";
        /// A search for a blind recipient looks at copied ones.
        BccIsCc = "imap-bcc-is-cc",
            breaks "rfc3501-6.4.4-keys-address-fields";
        /// A search for a subject finds whole words only.
        SubjectByWholeWords = "imap-subject-by-whole-words",
            breaks "rfc3501-6.4.4-substring-case-insensitive";
        /// The bodies of messages of more than 2000 octets are not searched.
        LongBodiesUnsearched = "imap-long-bodies-unsearched",
            breaks "rfc3501-6.4.4-key-body",
            also ["rfc3501-6.4.4-key-text"];
        /// A search in bodies looks at them as they are encoded.
        BodiesNotDecoded = "imap-bodies-not-decoded",
            breaks "rfc3501-6.4.4-mime-decoding-before-match";
        /// A search for a string that comes as a literal finds nothing.
        LiteralFindsNothing = "imap-literal-finds-nothing",
            breaks "rfc3501-4.3-string-forms-equivalent",
            also ["rfc7888-3-zero-length"];
        /// SEARCH ALL has the extended response in a session that knows of no mod-sequences.
        AllIsExtended = "imap-all-is-extended",
            breaks "rfc4731-4-plain-search-unchanged",
            also ["rfc3501-6.4.4-keys-and"];
    }
}
