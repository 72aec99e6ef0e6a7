//! What is answered at all: greeting, statuses, states, capabilities, UTF8 and LANG.

use crate::refserver::fault::faults;

faults! {
    /// A violation of one requirement about commands and their answers.
    CommandFault {
        /// The answer to NOOP ends in LF alone.
        NoopEndsInLf = "pop3-noop-ends-in-lf",
            breaks "rfc1939-3-response-crlf";
        /// The answer to RSET has its status in lower case.
        StatusInLowerCase = "pop3-status-in-lower-case",
            breaks "rfc1939-3-status-upper-case";
        /// The answer to an unknown command begins with another word than the two of the RFC.
        ThirdStatus = "pop3-third-status",
            breaks "rfc1939-3-status-indicator-only-two";
        /// An unknown command is given back three times in the refusal, however long it is.
        EchoWithoutBound = "pop3-echo-without-bound",
            breaks "rfc1939-3-response-512-octets",
            also ["rfc2449-3-first-line-512"];
        /// A refused RETR ends with the terminator of a multi-line answer.
        RefusalWithTerminator = "pop3-refusal-with-terminator",
            breaks "rfc1939-3-negative-is-single-line",
            also ["rfc1939-3-one-response-per-command", "rfc1939-3-status-indicator-only-two"];
        /// Unknown commands are accepted.
        UnknownCommandAccepted = "pop3-unknown-command-accepted",
            breaks "rfc1939-3-unknown-command-err";
        /// NOOP is accepted before the login.
        NoopBeforeLogin = "pop3-noop-before-login",
            breaks "rfc1939-3-noop-rset-in-authorization-err";
        /// STAT is accepted before the login and tells of an empty maildrop.
        StatBeforeLogin = "pop3-stat-before-login",
            breaks "rfc1939-3-transaction-command-in-authorization-err",
            also ["rfc2595-4-pop3-still-authorization"];
        /// QUIT before the login is refused.
        QuitBeforeLogin = "pop3-quit-before-login",
            breaks "rfc1939-4-quit-in-authorization";
        /// After QUIT the connection stays open.
        QuitStaysOpen = "pop3-quit-stays-open",
            breaks "rfc1939-6-quit-closes-connection",
            also ["rfc1939-4-quit-in-authorization"];
        /// CAPA is refused after the login.
        CapaBeforeLoginOnly = "pop3-capa-before-login-only",
            breaks "rfc2449-5-capa-both-states",
            also ["rfc2449-5-authorization-capabilities-kept", "rfc5034-3-capability-kept-after-auth", "rfc3206-6-auth-resp-code-both-states"];
        /// After the login SASL is not announced any more.
        SaslBeforeLoginOnly = "pop3-sasl-before-login-only",
            breaks "rfc5034-3-capability-kept-after-auth",
            also ["rfc2449-5-authorization-capabilities-kept"];
        /// Of a pipelined group the fourth command is answered last.
        FourthComesLast = "pop3-fourth-comes-last",
            breaks "rfc2449-6.6-pipelining-in-order",
            also ["rfc2449-6.6-pipelining-split-anywhere"];
        /// Commands are known in upper and in lower case, but not in a mixture.
        MixedCaseUnknown = "pop3-mixed-case-unknown",
            breaks "rfc1939-3-keyword-case-insensitive",
            also ["rfc5034-5-case-insensitive"];
        /// Before the login a maildrop of nobody is open that has one message.
        MaildropOfNobody = "pop3-maildrop-of-nobody",
            breaks "rfc1939-3-transaction-command-in-authorization-err",
            also ["rfc1939-3-noop-rset-in-authorization-err", "rfc2595-4-pop3-still-authorization"];
        /// A refused LIST ends with the terminator of a listing.
        ListRefusalWithTerminator = "pop3-list-refusal-with-terminator",
            breaks "rfc1939-3-negative-is-single-line",
            also ["rfc1939-3-one-response-per-command", "rfc1939-3-status-indicator-only-two"];
        /// The greeting is negative, and the session goes on all the same.
        GreetingIsNegative = "pop3-greeting-is-negative",
            breaks "rfc1939-4-greeting-positive-line",
            also ["rfc1939-7-apop-correct-digest", "rfc1939-7-apop-timestamp-differs"];
        /// A connection in clear ends without a greeting.
        NoGreetingInClear = "pop3-no-greeting-in-clear",
            breaks "rfc1939-3-server-speaks-first",
            also ["rfc1939-4-greeting-positive-line", "rfc1939-7-apop-timestamp-differs", "rfc1939-7-apop-correct-digest"];
        /// A command of more than 200 octets is read as two.
        LongLineIsTwo = "pop3-long-line-is-two",
            breaks "rfc2449-4-command-255-octets";
        /// TOP is announced and unknown.
        TopUnknown = "pop3-top-unknown",
            breaks "rfc2449-6.1-top-works",
            also ["rfc1939-7-top-shape", "rfc1939-7-top-zero-lines", "rfc1939-7-top-prefix-of-retr", "rfc1939-7-top-more-than-body"];
        /// UIDL without a number is announced and unknown.
        UidlUnknown = "pop3-uidl-unknown",
            breaks "rfc2449-6.8-uidl-works";
        /// UTF8 may have an argument.
        Utf8WithArgument = "pop3-utf8-with-argument",
            breaks "rfc6856-2.1-utf8-no-parameter";
        /// UTF8 is accepted after the login.
        Utf8AfterLogin = "pop3-utf8-after-login",
            breaks "rfc6856-2-utf8-only-in-authorization";
        /// LANG is refused after the login.
        LangBeforeLoginOnly = "pop3-lang-before-login-only",
            breaks "rfc6856-3.1-lang-both-states";
        /// LANG is refused before the login.
        LangAfterLoginOnly = "pop3-lang-after-login-only",
            breaks "rfc6856-3.1-lang-both-states";
        /// LANG with a language that is not there is accepted.
        AnyLanguage = "pop3-any-language",
            breaks "rfc6856-3.2-lang-failure-keeps";
    }
}
