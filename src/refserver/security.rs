//! How the server may be told to break what TLS and logins promise, in all three protocols.

use super::fault::faults;

faults! {
    /// A violation of one requirement of STARTTLS, STLS, AUTH, AUTHENTICATE or of a mechanism.
    Fault {
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
        /// PLAIN lets everybody act as anybody.
        PlainAnyIdentity = "sasl-plain-any-identity",
            breaks "rfc4616-2-authzid-not-permitted";
        /// PLAIN without a password is accepted.
        PlainEmptyPassword = "sasl-plain-empty-password",
            breaks "rfc4616-2-fields-not-empty";
        /// PLAIN takes messages with one NUL.
        PlainOneNul = "sasl-plain-one-nul",
            breaks "rfc4616-2-no-nul-in-fields";
        /// An identity that is not UTF-8 counts as none.
        PlainAnyOctets = "sasl-plain-any-octets",
            breaks "rfc4616-2-valid-utf8";
        /// LOGIN refuses unknown names before it asks for a password.
        LoginTellsNames = "sasl-login-tells-names",
            breaks "sasl-login-2.2-no-outcome-after-user-name";
        /// LOGIN takes name and password in either order.
        LoginSwapped = "sasl-login-swapped",
            breaks "sasl-login-2.2-verify";
        /// All challenges of CRAM-MD5 are the same.
        CramSameChallenge = "sasl-cram-same-challenge",
            breaks "rfc2195-2-challenge-fresh";
        /// CRAM-MD5 looks at the length of a digest only.
        CramAnyDigest = "sasl-cram-any-digest",
            breaks "rfc2195-2-wrong-digest";
        /// SCRAM-SHA-1 accepts any proof.
        ScramAnyProof = "sasl-scram-any-proof",
            breaks "rfc5802-5-proof-verified";
        /// SCRAM accepts a nonce that goes on behind the server's.
        ScramLongerNonce = "sasl-scram-longer-nonce",
            breaks "rfc5802-5.1-nonce-verified";
        /// SCRAM does not look at the channel binding.
        ScramAnyBinding = "sasl-scram-any-binding",
            breaks "rfc5802-6-c-validated";
        /// SCRAM-SHA-256 iterates 4095 times.
        ScramFewRounds = "sasl-scram-few-rounds",
            breaks "rfc7677-3-iteration-count-4096";
        /// The server's signature of SCRAM-SHA-256 is that of another exchange.
        ScramWrongSignature = "sasl-scram-wrong-signature",
            breaks "rfc5802-5-server-signature";
        /// The nonce of SCRAM-SHA-1 is the client's alone.
        ScramClientNonce = "sasl-scram-client-nonce",
            breaks "rfc5802-5.1-nonce-extends-client-nonce";
    }
}
