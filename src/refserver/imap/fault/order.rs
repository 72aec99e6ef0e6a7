//! How the server may be told to break SORT and THREAD.

use crate::refserver::fault::faults;

faults! {
    /// A violation of one requirement about messages in order.
    OrderFault {
        /// SORT without a charset is accepted.
        SortWithoutCharset = "imap-sort-without-charset",
            breaks "rfc5256-base.6.4.sort-charset-mandatory";
        /// SORT by ARRIVAL goes by the Date field.
        ArrivalIsDate = "imap-arrival-is-date",
            breaks "rfc5256-base.6.4.sort-arrival-uses-time";
        /// SORT by SIZE compares the digits of sizes as texts.
        SizeIsText = "imap-size-is-text",
            breaks "rfc5256-base.6.4.sort-size-octets",
            also ["rfc5256-base.6.4.sort-reverse-single-key", "rfc5256-base.6.4.sort-priority-order"];
        /// REVERSE before the first key of SORT counts for nothing.
        FirstReverseIgnored = "imap-first-reverse-ignored",
            breaks "rfc5256-base.6.4.sort-reverse-single-key";
        /// SORT by an address goes by the name that is displayed for it.
        AddressIsName = "imap-address-is-name",
            breaks "rfc5256-base.6.4.sort-address-keys-mailbox";
        /// SORT by Cc puts messages that have none last.
        MissingCcLast = "imap-missing-cc-last",
            breaks "rfc5256-base.6.4.sort-missing-header-first";
        /// SORT goes by the first of its keys only.
        FirstKeySorts = "imap-first-key-sorts",
            breaks "rfc5256-base.6.4.sort-priority-order";
        /// SORT by DATE takes no notice of zones.
        DateIgnoresZone = "imap-date-ignores-zone",
            breaks "rfc5256-2.2-date-normalised-utc";
        /// SORT puts messages that are alike in order by their sent dates.
        TiesByDate = "imap-ties-by-date",
            breaks "rfc5256-base.6.4.sort-implicit-sequence";
        /// SORT that finds nothing has no response.
        SortSilentWhenEmpty = "imap-sort-silent-when-empty",
            breaks "rfc5256-base.7.2.sort-empty-result";
        /// SORT puts all messages in order, whatever is searched for.
        SortsAll = "imap-sorts-all",
            breaks "rfc5256-base.6.4.sort-search-then-sort",
            also ["rfc5256-base.7.2.sort-empty-result"];
        /// UID SORT tells message numbers.
        UidSortTellsNumbers = "imap-uid-sort-tells-numbers",
            breaks "rfc5256-base.6.4.sort-uid-sort";
        /// Of what marks answers at the beginning of a subject only one plain `Re:` is cut off.
        OneReplyMarkCut = "imap-one-reply-mark-cut",
            breaks "rfc5256-2.1-base-subject-leader";
        /// A subject keeps `(fwd)` at its end when it is sorted.
        TrailerStays = "imap-trailer-stays",
            breaks "rfc5256-2.1-base-subject-trailer";
        /// A subject keeps the name of a list in brackets when it is sorted.
        BlobStays = "imap-blob-stays",
            breaks "rfc5256-2.1-base-subject-blob";
        /// A subject keeps the brackets of `[fwd: ...]` around it when it is sorted.
        FwdBracketsStay = "imap-fwd-brackets-stay",
            breaks "rfc5256-2.1-base-subject-fwd-brackets";
        /// THREAD by references takes the first reference of a message for its parent.
        FirstReferenceIsParent = "imap-first-reference-is-parent",
            breaks "rfc5256-base.6.4.thread-refs-chain";
    }
}
