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
