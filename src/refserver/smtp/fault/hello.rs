//! Greetings, and what is announced.

use crate::refserver::fault::faults;

faults! {
    /// A greeting or an announcement that is wrong.
    HelloFault {
        /// The first word of the greeting is no name.
        GreetingWithoutName = "smtp-greeting-without-name",
            breaks "rfc5321-4.2-greeting-names-server";
        /// The first word of the reply to EHLO is no name.
        HelloWithoutName = "smtp-hello-without-name",
            breaks "rfc5321-4.1.1.1-hello-reply-names-server",
            also ["rfc5321-4.1.1.1-ehlo-reply-syntax"];
        /// 8BITMIME is announced with a parameter.
        EightBitWithParameter = "smtp-8bitmime-with-parameter",
            breaks "rfc6152-2-no-keyword-parameter";
        /// PIPELINING is announced with a number.
        PipeliningWithNumber = "smtp-pipelining-with-number",
            breaks "rfc2920-2-no-keyword-parameter";
        /// DSN is announced with a parameter.
        DsnWithParameter = "smtp-dsn-with-parameter",
            breaks "rfc3461-2-no-keyword-parameter";
        /// SMTPUTF8 is announced with a parameter.
        Utf8WithParameter = "smtp-smtputf8-with-parameter",
            breaks "rfc6531-3.1-no-keyword-parameter";
        /// STARTTLS is announced with a parameter.
        StartTlsWithParameter = "smtp-starttls-with-parameter",
            breaks "rfc3207-2-no-keyword-parameter";
        /// ENHANCEDSTATUSCODES is announced with a version.
        EnhancedCodesWithVersion = "smtp-enhancedstatuscodes-with-version",
            breaks "rfc2034-3-no-keyword-parameter";
        /// SIZE is announced in units of a megabyte.
        SizeWithUnit = "smtp-size-with-unit",
            breaks "rfc1870-3-keyword-parameter-syntax";
        /// The second reply to HELO lists extensions.
        HeloListsExtensions = "smtp-helo-lists-extensions",
            breaks "rfc5321-3.2-helo-reply-not-ehlo-style";
        /// Neither 8BITMIME nor SMTPUTF8 is announced between servers.
        EightBitNotOffered = "smtp-8bitmime-not-offered",
            breaks "rfc5321-2.4-8bitmime-offered",
            also ["rfc6152-2-no-keyword-parameter", "rfc6531-3.1-8bitmime-announced", "rfc6531-3.1-no-keyword-parameter"];
        /// SMTPUTF8 is announced without 8BITMIME.
        Utf8WithoutEightBit = "smtp-smtputf8-without-8bitmime",
            breaks "rfc6531-3.1-8bitmime-announced",
            also ["rfc5321-2.4-8bitmime-offered", "rfc6409-7-8bitmime-offered", "rfc6152-2-no-keyword-parameter"];
        /// BINARYMIME is announced without CHUNKING.
        BinaryWithoutChunking = "smtp-binarymime-without-chunking",
            breaks "rfc3030-3-binarymime-requires-chunking";
        /// The second reply to EHLO of a connection has a keyword with an underscore.
        KeywordWithUnderscore = "smtp-keyword-with-underscore",
            breaks "rfc5321-4.1.1.1-ehlo-line-syntax";
        /// Submission does not announce PIPELINING.
        SubmissionWithoutPipelining = "smtp-submission-without-pipelining",
            breaks "rfc6409-7-pipelining-offered";
        /// Submission does not announce DSN.
        SubmissionWithoutDsn = "smtp-submission-without-dsn",
            breaks "rfc6409-7-dsn-offered";
        /// Submission does not announce ENHANCEDSTATUSCODES.
        SubmissionWithoutCodes = "smtp-submission-without-codes",
            breaks "rfc6409-7-enhancedstatuscodes-offered";
        /// Submission announces ATRN.
        SubmissionOffersAtrn = "smtp-submission-offers-atrn",
            breaks "rfc6409-7-no-atrn";
        /// Submission announces ETRN.
        SubmissionOffersEtrn = "smtp-submission-offers-etrn",
            breaks "rfc6409-7-no-etrn";
        /// In clear, submission does not know EHLO.
        SubmissionWithoutEhlo = "smtp-submission-without-ehlo",
            breaks "rfc6409-3.1-port-587-serves-submission";
        /// In TLS, AUTH is not announced by the first reply to EHLO.
        AuthNotOfferedAtFirst = "smtp-auth-not-offered-at-first",
            breaks "rfc6409-7-auth-offered";
        /// EHLO with an IPv6 address is refused as a syntax error.
        HelloRefusesIpv6 = "smtp-hello-refuses-ipv6",
            breaks "rfc5321-4.1.1.1-ehlo-address-literal";
        /// An IPv4 address in EHLO is refused.
        HelloRefusesIpv4 = "smtp-hello-refuses-ipv4",
            breaks "rfc5321-4.1.1.1-ehlo-address-literal";
        /// Between servers the greeting has the code of a completed command.
        GreetingBy250 = "smtp-greeting-by-250",
            breaks "rfc5321-4.3.1-greeting-sent-first",
            also ["rfc5321-4.2-greeting-names-server", "rfc5321-4.3.2-codes-of-transaction-commands"];
        /// Between servers STARTTLS is announced, and refused as not implemented.
        StartTlsNotThere = "smtp-starttls-not-there",
            breaks "rfc3207-4-starttls-220";
        /// What came with STARTTLS is carried out in TLS, as if the client had said EHLO there.
        EnvelopeBehindStartTls = "smtp-envelope-behind-starttls",
            breaks "starttls-smtp-injected-mail-not-delivered",
            also [
                "starttls-smtp-same-segment",
                "starttls-smtp-timing-and-split-points",
                "starttls-smtp-partial-line-carried-over",
                "rfc3207-4.2-reset-to-initial-state"
            ];
        /// A name of more than 250 octets in EHLO is refused.
        HelloRefusesLongName = "smtp-hello-refuses-long-name",
            breaks "rfc5321-4.5.3.1.2-domain-255";
        /// HELO is not known.
        HeloUnknown = "smtp-helo-unknown",
            breaks "rfc5321-4.5.1-minimum-command-set",
            also ["rfc5321-2.2.1-helo-supported"];
        /// After HELO there is no MAIL.
        NoMailAfterHelo = "smtp-no-mail-after-helo",
            breaks "rfc5321-2.2.1-helo-supported";
    }
}
