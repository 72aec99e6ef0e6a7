//! How the server may be told to break STARTTLS and STLS.

use crate::refserver::fault::faults;

faults! {
    /// A violation of one requirement of STARTTLS or STLS.
    TlsFault {
        /// Sender and recipients from before STARTTLS count in TLS.
        SmtpKeepsEnvelope = "tls-smtp-keeps-envelope",
            breaks "rfc3207-4.2-reset-to-initial-state",
            also ["rfc5321-4.1.4-out-of-order-503"];
        /// What stands behind STARTTLS in the same piece is carried out in TLS.
        SmtpRunsTail = "tls-smtp-runs-tail",
            breaks "starttls-smtp-same-segment",
            also [
                "starttls-smtp-timing-and-split-points",
                "starttls-smtp-partial-line-carried-over",
                "starttls-smtp-injected-mail-not-delivered"
            ];
        /// An unfinished line behind STARTTLS is put in front of the first line in TLS.
        SmtpKeepsHalfLine = "tls-smtp-keeps-half-line",
            breaks "starttls-smtp-partial-line-carried-over";
        /// STARTTLS is announced in TLS.
        SmtpOfferedInside = "tls-smtp-offered-inside",
            breaks "rfc3207-4.2-starttls-not-offered-in-tls";
        /// STARTTLS gets 220 in TLS, and nothing follows.
        SmtpTwice = "tls-smtp-twice",
            breaks "rfc3207-4.2-second-starttls-refused";
        /// STARTTLS may have an argument.
        SmtpArgument = "tls-smtp-argument",
            breaks "rfc3207-4-argument-501";
        /// Replies to the commands of a group that ends in STARTTLS come in TLS.
        SmtpAnswersInside = "tls-smtp-answers-inside",
            breaks "starttls-smtp-earlier-pipeline-answered-in-clear",
            also ["rfc5321-4.1.1.5-rset-any-time"];
        /// What stands behind STLS in the same piece is carried out in TLS.
        Pop3RunsTail = "tls-pop3-runs-tail",
            breaks "starttls-pop3-same-segment",
            also ["starttls-pop3-partial-line-carried-over"];
        /// An unfinished line behind STLS is put in front of the first line in TLS.
        Pop3KeepsHalfLine = "tls-pop3-keeps-half-line",
            breaks "starttls-pop3-partial-line-carried-over";
        /// STLS is announced in TLS.
        Pop3OfferedInside = "tls-pop3-offered-inside",
            breaks "rfc2595-4-pop3-stls-announced-when-permitted";
        /// Once TLS runs STAT tells of an empty maildrop before the login.
        Pop3OpensMaildrop = "tls-pop3-opens-maildrop",
            breaks "rfc2595-4-pop3-still-authorization",
            also ["rfc1939-3-transaction-command-in-authorization-err"];
        /// CAPA before STLS makes CAPA in TLS be refused until the login.
        Pop3CapaOnce = "tls-pop3-capa-once",
            breaks "rfc2595-4-pop3-capa-after-tls",
            also ["rfc2449-5-capa-both-states"];
        /// What stands behind STARTTLS in the same piece is carried out in TLS.
        ImapRunsTail = "tls-imap-runs-tail",
            breaks "starttls-imap-same-segment",
            also ["starttls-imap-partial-line-carried-over"];
        /// An unfinished line behind STARTTLS is put in front of the first line in TLS.
        ImapKeepsHalfLine = "tls-imap-keeps-half-line",
            breaks "starttls-imap-partial-line-carried-over";
        /// STARTTLS is announced in TLS.
        ImapOfferedInside = "tls-imap-offered-inside",
            breaks "rfc3501-6.2.1-starttls-once",
            also ["rfc9051-6.2.1-starttls-not-offered-after-tls"];
        /// STARTTLS gets OK after the login, and nothing follows.
        ImapAfterLogin = "tls-imap-after-login",
            breaks "rfc2595-3.1-imap-only-before-authentication",
            also ["rfc3501-6.2-no-return-to-unauthenticated", "rfc3501-6.2.1-starttls-once"];
        /// A LOGIN that was refused in clear counts once TLS runs.
        ImapLoginWaits = "tls-imap-login-waits",
            breaks "rfc3501-6.2.1-starttls-keeps-unauthenticated";
        /// STARTTLS may have an argument.
        ImapArgument = "tls-imap-argument",
            breaks "rfc3501-2.2.2-bad-syntax-error";
        /// Once TLS runs SELECT opens an empty mailbox of nobody before the login.
        ImapOpensMailbox = "tls-imap-opens-mailbox",
            breaks "rfc3501-6.2.1-starttls-keeps-unauthenticated";
    }
}
