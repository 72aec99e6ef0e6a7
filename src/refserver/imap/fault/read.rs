//! How the server may be told to break FETCH: what it marks, remembers and names.

use crate::refserver::fault::faults;

faults! {
    /// A violation of one requirement about reading messages.
    ReadFault {
        /// The macros of FETCH leave out the size.
        MacrosWithoutSize = "imap-macros-without-size",
            breaks "rfc3501-6.4.5-fetch-macros";
        /// RFC822 marks no message as seen.
        WholeMarksNothing = "imap-whole-marks-nothing",
            breaks "rfc3501-6.4.5-body-sets-seen";
        /// FETCH marks messages as seen whenever their octets have to be read.
        ReadingMarksSeen = "imap-reading-marks-seen",
            breaks "rfc3501-6.4.5-peek-keeps-unseen";
        /// BODY tells the file name of a disposition among the parameters of the type.
        FileNameIsParameter = "imap-file-name-is-parameter",
            breaks "rfc3501-7.4.2-body-no-extension-data";
        /// UID FETCH of no message is refused.
        UidFetchOfNothingRefused = "imap-uid-fetch-of-nothing-refused",
            breaks "rfc3501-6.4.8-uid-nonexistent-ignored";
        /// FETCH does not tell flags that another session set before the mailbox was selected.
        EarlierFlagsHidden = "imap-earlier-flags-hidden",
            breaks "rfc3501-2.3.2-permanent-flags-shared";
        /// Header fields are remembered by UID, whatever mailbox is selected later.
        FieldsOfFirstMailbox = "imap-fields-of-first-mailbox",
            breaks "rfc3501-6.3.1-select-replaces",
            also ["rfc4315-3-copyuid-on-copy"];
    }
}
