//! How the server may be told to break AUTH, AUTHENTICATE, LOGIN and APOP.

use crate::refserver::fault::faults;

faults! {
    /// A violation of one requirement of the commands that log in.
    AuthFault {
        /// AUTH is accepted a second time once RSET was said.
        SmtpAuthAfterReset = "auth-smtp-again-after-reset",
            breaks "rfc4954-4-second-auth-503";
        /// AUTH is accepted within a mail transaction.
        SmtpAuthInside = "auth-smtp-in-transaction",
            breaks "rfc4954-4-auth-in-transaction-503";
        /// A star is a response like others, which fails.
        SmtpStarIsResponse = "auth-smtp-star-is-response",
            breaks "rfc4954-4-cancel-501";
        /// Once an exchange was cancelled all later ones on the connection fail.
        SmtpCancelLasts = "auth-smtp-cancel-lasts",
            breaks "rfc4954-4-cancel-501",
            also ["sasl-login-2.2-undecodable-or-cancelled"];
        /// Base64 ends at its first pad, whatever follows.
        SmtpBase64EndsAtPad = "auth-smtp-base64-ends-at-pad",
            breaks "rfc4954-4-base64-strict";
        /// A response that is not base64 gets 535.
        SmtpUndecodable535 = "auth-smtp-undecodable-535",
            breaks "rfc4954-4-invalid-base64-501",
            also ["rfc4954-4-invalid-base64-enhanced-5.5.2"];
        /// The refusal of a response that is not base64 bears the code of a wrong password.
        SmtpUndecodableCode = "auth-smtp-undecodable-code",
            breaks "rfc4954-4-invalid-base64-enhanced-5.5.2";
        /// An initial response of a single equals sign counts as none.
        SmtpEqualsAsks = "auth-smtp-equals-asks",
            breaks "rfc4954-4-equals-sign-is-empty-response";
        /// An empty challenge is written as an equals sign.
        SmtpEmptyIsEquals = "auth-smtp-empty-is-equals",
            breaks "rfc4954-4-empty-challenge-format",
            also ["rfc4954-4-challenge-only-base64", "rfc4954-4-plain-without-initial-response"];
        /// An unknown mechanism gets 535.
        SmtpUnknown535 = "auth-smtp-unknown-535",
            breaks "rfc4954-4-unknown-mechanism-504";
        /// SCRAM-SHA-1 is announced and gets 504.
        SmtpListedIsMissing = "auth-smtp-listed-is-missing",
            breaks "rfc4954-3-listed-mechanisms-work";
        /// Names of mechanisms are known in upper case only.
        SmtpMechanismCase = "auth-smtp-mechanism-case",
            breaks "rfc4954-4-mechanism-name-case-insensitive";
        /// AUTH without a mechanism is accepted.
        SmtpNoMechanism = "auth-smtp-no-mechanism",
            breaks "rfc4954-4-auth-without-argument";
        /// An initial response is passed over where the server speaks first.
        SmtpTakesInitial = "auth-smtp-takes-initial",
            breaks "rfc4954-4-initial-response-with-server-first-mechanism-501";
        /// Responses of more than 512 octets get 500.
        SmtpShortResponses = "auth-smtp-short-responses",
            breaks "rfc4954-4-long-responses-handled";
        /// Names and passwords of more than 64 octets are no PLAIN message.
        SmtpShortFields = "auth-smtp-short-fields",
            breaks "rfc4616-2-field-255-octets";
        /// The end of a response that is too long is taken as a command.
        SmtpOverlongIsTwo = "auth-smtp-overlong-is-two",
            breaks "rfc4954-4-overlong-response-500",
            also ["rfc5321-4.2-one-reply-per-command"];
        /// A wrong password gets 550.
        SmtpWrong550 = "auth-smtp-wrong-550",
            breaks "rfc4954-4-bad-credentials-535";
        /// After a failed login any password is right.
        SmtpSecondPassword = "auth-smtp-second-password",
            breaks "rfc4954-4-bad-credentials-535";
        /// The second failed login ends the connection.
        SmtpDropsEarly = "auth-smtp-drops-early",
            breaks "rfc4954-9-drop-not-before-three-failures",
            also ["rfc5321-3.8-421-before-unsolicited-close"];
        /// A failed login opens submission.
        SmtpFailureOpens = "auth-smtp-failure-opens",
            breaks "rfc6409-4.3-no-bypass-of-authentication",
            also ["rfc2505-2.1-relay-after-failed-auth"];
        /// Unknown names get 550, and wrong passwords 535.
        SmtpTellsNames = "auth-smtp-tells-names",
            breaks "rfc5248-3-uniform-failure-for-unknown-user";
        /// After the login MAIL takes no SIZE any more.
        SmtpForgetsSize = "auth-smtp-forgets-size",
            breaks "rfc4954-4-no-reset-without-layer";
        /// What stands behind AUTH in a group is thrown away.
        SmtpEatsGroup = "auth-smtp-eats-group",
            breaks "rfc4954-4-auth-plain-pipelined";
        /// The AUTH parameter of MAIL is refused if a plus sign stands in it.
        SmtpParameterWithoutPlus = "auth-smtp-parameter-without-plus",
            breaks "rfc4954-5-mail-auth-parameter-accepted";
        /// Trace fields do not tell of AUTH.
        SmtpTraceWithoutAuth = "auth-smtp-trace-without-auth",
            breaks "rfc4954-7-received-with-esmtpa";
        /// The enhanced code of 235 is 2.0.0.
        SmtpPlainCode = "auth-smtp-plain-code",
            breaks "rfc4954-6-enhanced-codes";
        /// An empty challenge holds a NUL.
        Pop3EmptyIsNul = "auth-pop3-empty-is-nul",
            breaks "rfc5034-4-empty-challenge";
        /// QUIT ends the session in the middle of an exchange, too.
        Pop3ResponseRuns = "auth-pop3-response-runs",
            breaks "rfc5034-4-response-is-not-a-command";
        /// AUTH begins an exchange after the login.
        Pop3AuthAfterLogin = "auth-pop3-after-login",
            breaks "rfc5034-4-only-in-authorization",
            also ["rfc5034-4-no-second-auth"];
        /// An unknown mechanism gets a challenge.
        Pop3UnknownAsks = "auth-pop3-unknown-asks",
            breaks "rfc5034-4-unsupported-mechanism-err";
        /// An initial response is passed over where the server speaks first.
        Pop3TakesInitial = "auth-pop3-takes-initial",
            breaks "rfc5034-4-initial-response-not-supported-err";
        /// Mechanisms are known in upper case only.
        Pop3MechanismCase = "auth-pop3-mechanism-case",
            breaks "rfc5034-5-case-insensitive";
        /// APOP with a digest of fewer than 32 digits is accepted.
        Pop3ShortDigest = "auth-pop3-short-digest",
            breaks "rfc1939-7-apop-malformed";
        /// A star gets NO.
        ImapCancelNo = "auth-imap-cancel-no",
            breaks "rfc3501-6.2.2-cancel-bad";
        /// A response that is not base64 is asked for again.
        ImapAsksAgain = "auth-imap-asks-again",
            breaks "rfc3501-6.2.2-invalid-base64-bad";
        /// LOGIN is accepted in clear, where LOGINDISABLED is announced.
        ImapLoginInClear = "auth-imap-login-in-clear",
            breaks "rfc3501-7.2.1-logindisabled-no";
        /// An unknown mechanism gets BAD.
        ImapUnknownBad = "auth-imap-unknown-bad",
            breaks "rfc3501-6.2.2-unsupported-mechanism-no";
        /// After a failed AUTHENTICATE the next one takes any password.
        ImapSecondPassword = "auth-imap-second-password",
            breaks "rfc3501-6.2.2-credentials-rejected-no";
        /// LOGIN with a wrong password gets NO and lets the user in.
        ImapFailureOpens = "auth-imap-failure-opens",
            breaks "rfc3501-6.2.3-login-rejected-no";
        /// After a failed AUTHENTICATE all later ones fail.
        ImapOneAttempt = "auth-imap-one-attempt",
            breaks "rfc3501-6.2.2-retry-after-no";
        /// A second AUTH is carried out like the first.
        SmtpAuthAgain = "auth-smtp-again-at-any-time",
            breaks "rfc4954-4-second-auth-503";
        /// AUTH without an initial response gets 504.
        SmtpNeedsInitial = "auth-smtp-needs-initial",
            breaks "rfc4954-3-listed-mechanisms-work",
            also ["rfc4954-4-plain-without-initial-response", "rfc4954-4-empty-challenge-format", "sasl-login-2.2-two-challenges-in-order"];
        /// AUTH has no second argument, so that an initial response gets 501.
        SmtpWithoutInitial = "auth-smtp-without-initial",
            breaks "rfc4954-4-plain-with-initial-response",
            also [
                "rfc4954-4-mechanism-name-case-insensitive",
                "rfc4954-4-cancel-501",
                "rfc4954-4-auth-plain-pipelined",
                "rfc4954-4-bad-credentials-535"
            ];
        /// Octets of a response that are no base64 are passed over.
        SmtpPassesOver = "auth-smtp-passes-over",
            breaks "rfc4954-4-base64-strict",
            also ["rfc4954-4-invalid-base64-501", "rfc4954-4-invalid-base64-enhanced-5.5.2", "sasl-login-2.2-undecodable-or-cancelled"];
        /// After a response that is not base64 all later logins on the connection fail.
        SmtpGarbledLasts = "auth-smtp-garbled-lasts",
            breaks "sasl-login-2.2-undecodable-or-cancelled";
        /// A wrong initial response is asked for again.
        SmtpInitialAskedAgain = "auth-smtp-initial-asked-again",
            breaks "rfc4616-2-single-message",
            also ["rfc4954-4-bad-credentials-535", "rfc4954-4-equals-sign-is-empty-response"];
        /// The AUTH parameter of MAIL is refused if it names somebody else than who has logged in.
        SmtpParameterOwnOnly = "auth-smtp-parameter-own-only",
            breaks "rfc4954-5-mail-auth-parameter-accepted";
        /// AUTHENTICATE with a wrong password gets NO and lets the user in.
        ImapExchangeOpens = "auth-imap-exchange-opens",
            breaks "rfc3501-6.2.2-credentials-rejected-no",
            also ["rfc3501-6.2.2-retry-after-no"];
        /// An initial response is passed over, and the server asks for one.
        ImapInitialPassedOver = "auth-imap-initial-passed-over",
            breaks "rfc4959-3-ir-accepted",
            also ["rfc3501-6.2.2-credentials-rejected-no", "rfc4959-3-wrong-credentials-no"];
        /// An exchange fails if its first response did not come with the command.
        ImapNeedsInitial = "auth-imap-needs-initial",
            breaks "rfc4959-3-ir-omitted-still-works",
            also ["rfc3501-6.2.2-plain-success"];
        /// An initial response that is not base64 counts as none.
        ImapInitialInAnyForm = "auth-imap-initial-in-any-form",
            breaks "rfc4959-3-bad-base64-rejected";
        /// An initial response with a wrong password gets BAD.
        ImapInitialWrongIsBad = "auth-imap-initial-wrong-is-bad",
            breaks "rfc4959-3-wrong-credentials-no",
            also ["rfc3501-6.2.2-credentials-rejected-no"];
        /// The quotes around a password of LOGIN count as part of it.
        ImapQuotesCount = "auth-imap-quotes-count",
            breaks "rfc3501-6.2.3-login-argument-forms",
            also ["rfc3501-6.2.3-login-success"];
    }
}
