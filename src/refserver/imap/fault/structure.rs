//! How the server may be told to break what it shows of messages: addresses, parts and their sections.

use crate::refserver::fault::faults;

faults! {
    /// A violation of one requirement about how messages are taken apart.
    StructureFault {
        /// An address of a plain name and domain, alone in its field, has an empty name in ENVELOPE.
        SimpleAddressNameEmpty = "imap-simple-address-name-empty",
            breaks "message-envelope-name-nil",
            also ["message-envelope-ten-fields", "rfc3501-7.4.2-envelope-sender-replyto-default"];
        /// ENVELOPE takes quotes off only where they enclose a whole name.
        InnerQuotesStay = "imap-inner-quotes-stay",
            breaks "rfc3501-7.4.2-envelope-quoting-removed";
        /// ENVELOPE leaves characters out of a subject that would need a backslash.
        SubjectWithoutEscapes = "imap-subject-without-escapes",
            breaks "message-strings-escaped";
        /// ENVELOPE cuts a subject that ends as if a literal followed.
        SubjectWithoutBraces = "imap-subject-without-braces",
            breaks "message-strings-escaped";
        /// FETCH of ENVELOPE is refused if To has no address in it.
        NobodyFails = "imap-nobody-fails",
            breaks "message-envelope-no-empty-list";
        /// BODY[TEXT] of a message without a body is the empty line that ends its header.
        EmptyTextIsBlank = "imap-empty-text-is-blank",
            breaks "message-header-plus-text-is-whole";
        /// The section of a message within a message lacks the header of that.
        MessageSectionIsText = "imap-message-section-is-text",
            breaks "message-rfc822-section-contents",
            also ["message-toplevel-rfc822"];
        /// Types of MESSAGE that hold no message are told as text.
        MessageTypesAreText = "imap-message-types-are-text",
            breaks "message-other-message-types-basic";
        /// A multipart within another ends at its own boundary only.
        InnerSwallowsOuter = "imap-inner-swallows-outer",
            breaks "message-outer-boundary-ends-inner";
        /// Content-Type of a part is known by its usual letters only.
        PartFieldsByCase = "imap-part-fields-by-case",
            breaks "message-names-case-insensitive";
        /// A boundary counts wherever it stands in a line.
        BoundaryWithinLine = "imap-boundary-within-line",
            breaks "message-boundary-line-start-only";
        /// A boundary ends at its first blank, quoted or not.
        BoundaryEndsAtBlank = "imap-boundary-ends-at-blank",
            breaks "message-boundary-characters",
            also ["message-multipart-shape"];
        /// A line with blanks behind its boundary is none.
        PaddingHidesBoundary = "imap-padding-hides-boundary",
            breaks "message-transport-padding";
        /// A multipart of nothing but one part without fields is told as that part.
        SinglePartUnwrapped = "imap-single-part-unwrapped",
            breaks "message-single-part-multipart",
            also ["message-boundary-characters", "message-boundary-line-start-only"];
        /// A part without fields has the type of the text that follows it.
        UntypedPartLikeNext = "imap-untyped-part-like-next",
            breaks "message-part-without-header",
            also ["message-missing-close-delimiter"];
        /// Parts that have parts are numbered before the others beside them.
        MultipartsFirst = "imap-multiparts-first",
            breaks "message-part-numbers-consecutive",
            also ["message-multipart-section-raw", "message-mime-section", "message-transfer-encoding-not-decoded", "rfc3501-7.4.2-body-multipart-nesting"];
        /// The section of a multipart lacks what stands around its parts.
        MultipartSectionTrimmed = "imap-multipart-section-trimmed",
            breaks "message-multipart-section-raw";
        /// A message of text that is not plain is told as an application, and so without lines.
        MarkedUpIsApplication = "imap-marked-up-is-application",
            breaks "message-text-has-lines";
        /// An octet stream of nothing but ASCII is told as text with lines.
        AsciiOctetsAreText = "imap-ascii-octets-are-text",
            breaks "message-text-has-lines";
    }
}
