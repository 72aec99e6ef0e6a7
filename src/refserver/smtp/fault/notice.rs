//! Notices, and what goes on to the next hop.

use crate::refserver::fault::faults;

faults! {
    /// A notice that is wrong, or a message that goes on as another one.
    NoticeFault {
        /// Nobody is told of success.
        NoNoticeOfSuccess = "smtp-no-notice-of-success",
            breaks "rfc3461-5.2.3-delivered-dsn-on-success";
        /// Users are told of success though they asked to be told of failure.
        NoticeOfSuccessUnasked = "smtp-notice-of-success-unasked",
            breaks "rfc3461-5.2.3-no-dsn-without-success";
        /// Who gives ENVID is told of success, whatever NOTIFY says.
        EnvelopeIdIsWish = "smtp-envid-is-wish",
            breaks "rfc3461-5.2.3-no-dsn-without-success";
        /// The notice does not name the final recipient.
        NoFinalRecipient = "smtp-no-final-recipient",
            breaks "rfc3461-6.3-final-recipient-action-status";
        /// The notice does not name the host that reports.
        NoReportingHost = "smtp-no-reporting-host",
            breaks "rfc3461-6.3-reporting-mta";
        /// ENVID stands in the notice as it was encoded.
        EnvelopeIdStaysEncoded = "smtp-envelope-id-stays-encoded",
            breaks "rfc3461-6.3-original-envelope-id";
        /// The notice does not name the original recipient.
        NoOriginalRecipient = "smtp-no-original-recipient",
            breaks "rfc3461-6.3-original-recipient";
        /// The notice has another word for what was done.
        ActionIsSuccess = "smtp-action-is-success",
            breaks "rfc3461-6.3-final-recipient-action-status";
        /// The notice is a message of mixed parts.
        NoticeIsMixed = "smtp-notice-is-mixed",
            breaks "rfc3461-6.2-dsn-report-type";
        /// The notice has a sender.
        NoticeHasSender = "smtp-notice-has-sender",
            breaks "rfc3461-6.1-dsn-null-sender";
        /// A dot that begins a line is lost on the way to the next hop, unless it is alone.
        RelayedDotsLost = "smtp-relayed-dots-lost",
            breaks "rfc5321-2.3.8-relay-emits-no-bare-cr-lf";
    }
}
