//! How the server may be told to break FETCH, and how messages are taken apart.

use crate::refserver::fault::faults;

faults! {
    /// A violation of one requirement about messages as FETCH shows them.
    MessageFault {
        /// The macro FULL leaves out the last of its items.
        FullWithoutBody = "imap-full-without-body",
            breaks "rfc3501-6.4.5-fetch-macros";
        /// FETCH of messages that are listed one by one leaves out the last of them.
        FetchListLeavesOutLast = "imap-fetch-list-leaves-out-last",
            breaks "rfc3501-6.4.5-fetch-requested-items",
            also ["rfc3501-9-sequence-set-semantics"];
        /// BODY.PEEK marks a message as seen if a part of it is asked for.
        PeekMarksSeen = "imap-peek-marks-seen",
            breaks "rfc3501-6.4.5-peek-keeps-unseen";
        /// BODY[TEXT] marks no message as seen.
        TextMarksNothing = "imap-text-marks-nothing",
            breaks "rfc3501-6.4.5-body-sets-seen",
            also ["rfc3501-6.4.5-seen-change-reported", "rfc7162-3.1-implicit-seen-modseq"];
        /// A range of a section marks no message as seen.
        PartialMarksNothing = "imap-partial-marks-nothing",
            breaks "rfc3501-6.4.5-body-sets-seen",
            also ["rfc3501-6.4.5-seen-change-reported"];
        /// RFC822.TEXT marks no message as seen.
        OldNameMarksNothing = "imap-old-name-marks-nothing",
            breaks "rfc3501-6.4.5-body-sets-seen";
        /// A message that is marked as seen by FETCH is not told to be so.
        SeenUntold = "imap-seen-untold",
            breaks "rfc3501-6.4.5-seen-change-reported";
        /// What FETCH sends of a message ends after 64 KiB.
        LargeMessageCut = "imap-large-message-cut",
            breaks "rfc3501-6.4.5-body-whole",
            also [
                "message-delivered-body-unchanged",
                "rfc5321-4.5.2-terminator-across-segments",
                "rfc5321-4.5.3.1.6-longer-text-lines-not-mangled"
            ];
        /// Chosen fields come unfolded.
        FieldsUnfolded = "imap-fields-unfolded",
            breaks "message-folding-kept";
        /// BODY[TEXT] lacks empty lines at its start.
        TextWithoutFirstBlank = "imap-text-without-first-blank",
            breaks "message-header-plus-text-is-whole";
        /// BODY[HEADER] lacks the empty line if a header has folded fields.
        FoldedHeaderWithoutBlank = "imap-folded-header-without-blank",
            breaks "rfc3501-6.4.5-header-plus-text";
        /// RFC822.HEADER lacks the empty line.
        OldHeaderWithoutBlank = "imap-old-header-without-blank",
            breaks "rfc3501-6.4.5-rfc822-items-equivalent";
        /// HEADER.FIELDS shows fields whose names only begin so, too.
        FieldsByBeginning = "imap-fields-by-beginning",
            breaks "rfc3501-6.4.5-header-fields-subset";
        /// Of fields that occur twice the first one is shown.
        FieldShownOnce = "imap-field-shown-once",
            breaks "message-duplicate-fields-kept",
            also ["rfc3501-6.4.5-header-fields-subset"];
        /// If no chosen field is there, the empty line is missing, too.
        NoFieldNoBlank = "imap-no-field-no-blank",
            breaks "rfc3501-6.4.5-header-blank-line";
        /// A range that begins beyond the end is NIL.
        RangeBeyondEndNil = "imap-range-beyond-end-nil",
            breaks "rfc3501-6.4.5-partial-beyond-end",
            also ["rfc3501-6.4.5-partial-substring"];
        /// A range that ends beyond the end lacks its last octet.
        RangeAtEndShort = "imap-range-at-end-short",
            breaks "rfc3501-6.4.5-partial-substring";
        /// A range is told without its origin if that is 0.
        RangeWithoutOrigin = "imap-range-without-origin",
            breaks "rfc3501-6.4.5-partial-origin-echo",
            also ["rfc3501-6.4.5-partial-substring"];
        /// A range of chosen fields is one of the whole header.
        RangeOfWholeHeader = "imap-range-of-whole-header",
            breaks "message-partial-of-header-fields";
        /// Peeked data is named so.
        PeekedNameKept = "imap-peeked-name-kept",
            breaks "rfc3501-6.4.5-peek-named-body",
            also ["rfc3501-9-output-grammar"];
        /// Part 1 of a message that is no multipart is missing.
        SimpleWithoutPartOne = "imap-simple-without-part-one",
            breaks "rfc3501-6.4.5-part-one-of-simple-message";
        /// What stands before the first part is counted as one.
        PreambleCounts = "imap-preamble-counts",
            breaks "message-preamble-epilogue-ignored",
            also [
                "rfc3501-6.4.5-multipart-numbering",
                "rfc3501-6.4.5-part-boundaries",
                "rfc3501-6.4.5-mime-specifier",
                "rfc3501-7.4.2-body-multipart-nesting"
            ];
        /// The line end before a boundary belongs to the part if that ends in an empty line.
        BoundaryLineEndInPart = "imap-boundary-line-end-in-part",
            breaks "message-crlf-belongs-to-boundary",
            also ["rfc3501-6.4.5-part-boundaries", "rfc3501-7.4.2-body-size", "rfc3501-7.4.2-body-lines", "rfc3501-7.4.2-body-multipart-nesting"];
        /// The parts of a multipart in a multipart are numbered backwards.
        InnerPartsBackwards = "imap-inner-parts-backwards",
            breaks "message-part-numbers-consecutive",
            also ["rfc3501-7.4.2-body-multipart-nesting", "message-mime-section", "message-transfer-encoding-not-decoded", "rfc3501-7.4.2-body-rfc822-fields"];
        /// MIME of a part comes without its empty line.
        MimeWithoutBlank = "imap-mime-without-blank",
            breaks "rfc3501-6.4.5-mime-specifier";
        /// A message that is a part has no parts.
        MessageIsLeaf = "imap-message-is-leaf",
            breaks "rfc3501-6.4.5-rfc822-nested-numbering",
            also [
                "rfc3501-6.4.5-rfc822-header-text",
                "message-header-fields-in-part",
                "message-toplevel-rfc822",
                "message-message-rfc822-members",
                "message-envelope-ten-fields"
            ];
        /// The header of a message that is a part is that of the part.
        InnerHeaderOfPart = "imap-inner-header-of-part",
            breaks "rfc3501-6.4.5-rfc822-header-text",
            also ["message-toplevel-rfc822"];
        /// A message in a message in a message is not found.
        ThirdMessageLost = "imap-third-message-lost",
            breaks "message-toplevel-rfc822";
        /// A part in base64 comes decoded.
        SectionDecoded = "imap-section-decoded",
            breaks "message-transfer-encoding-not-decoded",
            also ["message-structure-agrees-with-sections"];
        /// BODYSTRUCTURE tells the size of a part in base64 as it is decoded.
        SizeDecoded = "imap-size-decoded",
            breaks "message-structure-agrees-with-sections",
            also ["rfc3501-7.4.2-body-multipart-nesting", "rfc3501-7.4.2-body-matches-bodystructure"];
        /// BODY has extension data if a part has a disposition.
        BodyWithExtension = "imap-body-with-extension",
            breaks "rfc3501-7.4.2-body-no-extension-data";
        /// The size of a message that is a part is that of its text.
        MessageSizeOfText = "imap-message-size-of-text",
            breaks "rfc3501-7.4.2-body-size",
            also ["rfc3501-7.4.2-body-multipart-nesting"];
        /// A multipart of a kind that is not known is taken for a leaf.
        UnknownMultipartIsLeaf = "imap-unknown-multipart-is-leaf",
            breaks "message-unknown-multipart-as-mixed";
        /// A part without octets is left out.
        EmptyPartLeftOut = "imap-empty-part-left-out",
            breaks "message-part-with-empty-body",
            also ["rfc3501-7.4.2-body-multipart-nesting"];
        /// The last part is lost if no boundary closes it.
        OpenPartLost = "imap-open-part-lost",
            breaks "message-missing-close-delimiter",
            also ["message-outer-boundary-ends-inner"];
        /// A part of a digest without a type is text.
        DigestPartIsText = "imap-digest-part-is-text",
            breaks "rfc3501-6.4.5-digest-default-type",
            also ["rfc3501-7.4.2-body-multipart-nesting"];
        /// A part without Content-Transfer-Encoding is told to be 8BIT.
        DefaultIsEightBit = "imap-default-is-8bit",
            breaks "rfc3501-7.4.2-body-defaults",
            also ["message-default-7bit", "rfc3501-7.4.2-body-multipart-nesting"];
        /// An encoding that is not known is told as 7BIT.
        UnknownEncodingHidden = "imap-unknown-encoding-hidden",
            breaks "message-unknown-encoding-shown";
        /// A message without MIME fields is an octet stream.
        UntypedIsOctets = "imap-untyped-is-octets",
            breaks "message-default-text-plain",
            also ["rfc3501-7.4.2-body-defaults", "rfc3501-7.4.2-body-basic-fields"];
        /// A parameter of a type ends at a semicolon, quoted or not.
        ParameterEndsAtSemicolon = "imap-parameter-ends-at-semicolon",
            breaks "message-parameter-value-unquoted",
            also ["rfc3501-7.4.2-body-multipart-nesting"];
        /// Content-Description is not told.
        DescriptionHidden = "imap-description-hidden",
            breaks "message-id-and-description",
            also ["rfc3501-7.4.2-body-multipart-nesting"];
        /// RFC822.SIZE counts each line end once.
        SizeCountsOneForCrlf = "imap-size-counts-one-for-crlf",
            breaks "rfc3501-2.3.4-size-equals-octets",
            also ["message-pop3-imap-same-size"];
        /// The count of a literal is that of characters, and less than that of octets for 8-bit text.
        LiteralCountsCharacters = "imap-literal-counts-characters",
            breaks "rfc3501-4.3-server-literal-count",
            also ["rfc3501-9-output-grammar", "rfc3501-6.3.11-append-octets-preserved", "message-pop3-imap-same-text", "rfc3501-6.4.5-partial-substring"];
        /// INTERNALDATE has a day of one digit without a blank before it.
        DateWithoutBlank = "imap-date-without-blank",
            breaks "rfc3501-7.4.2-internaldate-format",
            also ["rfc3501-9-output-grammar"];
        /// INTERNALDATE changes when a message gets flags.
        DateMovesWithFlags = "imap-date-moves-with-flags",
            breaks "message-immutable-for-uid",
            also ["rfc6851-3.3-flags-and-date-kept", "rfc3501-6.4.7-copy-flags-and-date", "rfc3501-6.3.11-append-internaldate"];
        /// Lines of BODY[TEXT] that begin with a period have another one, as in POP3.
        DotsStuffed = "imap-dots-stuffed",
            breaks "message-dot-lines-not-stuffed",
            also ["message-header-plus-text-is-whole"];
        /// FETCH names a flag that no standard has.
        UnknownFlagTold = "imap-unknown-flag-told",
            breaks "rfc3501-9-flags-output-known";
        /// ENVELOPE has To before Reply-To.
        EnvelopeOrder = "imap-envelope-order",
            breaks "rfc3501-7.4.2-envelope-field-order",
            also [
                "rfc3501-7.4.2-envelope-group",
                "message-envelope-empty-group",
                "rfc3501-7.4.2-envelope-sender-replyto-default"
            ];
        /// ENVELOPE has no Sender if the message has none.
        SenderWithoutDefault = "imap-sender-without-default",
            breaks "rfc3501-7.4.2-envelope-sender-replyto-default";
        /// ENVELOPE tells of a missing Cc as an empty list.
        MissingCcIsList = "imap-missing-cc-is-list",
            breaks "message-envelope-no-empty-list",
            also ["rfc3501-7.4.2-envelope-addresses-nil", "rfc3501-9-output-grammar"];
        /// ENVELOPE tells of a missing Cc as one address without anything in it.
        MissingCcIsNobody = "imap-missing-cc-is-nobody",
            breaks "rfc3501-7.4.2-envelope-addresses-nil";
        /// ENVELOPE has the day of arrival for a missing Date.
        MissingDateIsArrival = "imap-missing-date-is-arrival",
            breaks "rfc3501-7.4.2-envelope-absent-nil";
        /// ENVELOPE has names as they are quoted.
        NamesStayQuoted = "imap-names-stay-quoted",
            breaks "rfc3501-7.4.2-envelope-quoting-removed";
        /// ENVELOPE has only the first line of a folded subject.
        SubjectFirstLine = "imap-subject-first-line",
            breaks "rfc3501-7.4.2-envelope-unfolded";
        /// ENVELOPE has the members of a group without the group.
        GroupFlattened = "imap-group-flattened",
            breaks "rfc3501-7.4.2-envelope-group",
            also ["message-envelope-empty-group"];
        /// ENVELOPE leaves out a group without members.
        EmptyGroupLeftOut = "imap-empty-group-left-out",
            breaks "message-envelope-empty-group";
        /// ENVELOPE has the first of several authors only.
        SecondAuthorLost = "imap-second-author-lost",
            breaks "message-envelope-address-shape";
        /// ENVELOPE has a domain literal without its brackets.
        DomainLiteralBare = "imap-domain-literal-bare",
            breaks "message-envelope-domain-literal";
        /// ENVELOPE has the first domain of a source route as the host.
        RouteIsHost = "imap-route-is-host",
            breaks "message-envelope-source-route";
        /// ENVELOPE drops periods that are not quoted in a name.
        DotsLeaveNames = "imap-dots-leave-names",
            breaks "message-envelope-obsolete-addresses";
        /// ENVELOPE decodes encoded words before it takes addresses apart.
        WordsDecodedFirst = "imap-words-decoded-first",
            breaks "message-encoded-words-passed-through";
        /// ENVELOPE has an empty list for a field without an address.
        NobodyIsList = "imap-nobody-is-list",
            breaks "message-envelope-no-empty-list",
            also ["rfc3501-9-output-grammar"];
        /// Quotes within a quoted string are sent without a backslash.
        QuotesUnescaped = "imap-quotes-unescaped",
            breaks "message-strings-escaped",
            also [
                "rfc3501-9-output-grammar",
                "rfc3501-7.4.2-envelope-quoting-removed",
                "rfc3501-4.3-quoted-escape-roundtrip",
                "message-envelope-address-shape",
                "message-envelope-ten-fields"
            ];
        /// ENVELOPE does not know a field with a blank before its colon.
        BlankBeforeColonUnknown = "imap-blank-before-colon-unknown",
            breaks "message-obsolete-field-name-spacing";
        /// A message that begins with an empty line has its first paragraph as header.
        BareMessageHeader = "imap-bare-message-header",
            breaks "message-empty-header-message";
        /// FETCH tells trace fields behind all others.
        TraceMovesDown = "imap-trace-moves-down",
            breaks "message-trace-and-resent-order-kept",
            also ["message-received-prepended", "message-header-order-kept", "message-delivered-body-unchanged", "rfc5321-4.4-existing-received-untouched"];
        /// BODY[HEADER] has fields that are no trace sorted by their names.
        FieldsSorted = "imap-fields-sorted",
            breaks "message-header-order-kept",
            also ["message-header-plus-text-is-whole", "rfc3501-6.4.5-rfc822-items-equivalent"];
    }
}
