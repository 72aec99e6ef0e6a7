//! How the server may be told to break what is about rights of users.

use crate::refserver::fault::faults;

faults! {
    /// A violation of one requirement about access control lists.
    AclFault {
        /// SELECT, EXAMINE and STATUS do without the right to read.
        SelectWithoutRight = "imap-acl-select-without-right",
            breaks "rfc4314-4-select-needs-r";
        /// SELECT says READ-WRITE to a user who may only read.
        ReaderIsWriter = "imap-acl-reader-is-writer",
            breaks "rfc4314-5.2-readonly-code";
        /// STORE does without the rights to flags.
        StoreWithoutRight = "imap-acl-store-without-right",
            breaks "rfc4314-4-store-rights",
            also ["rfc4314-5.2-readonly-code"];
        /// APPEND and COPY do without the right to insert.
        AppendWithoutRight = "imap-acl-append-without-right",
            breaks "rfc4314-4-append-copy-need-i";
    }
}
