//! How the server may be told to break logins by USER, PASS, APOP and AUTH, and STLS.

use crate::refserver::fault::faults;

faults! {
    /// A violation of one requirement about logins.
    LoginFault {
        /// USER is accepted after the login.
        UserAfterLogin = "pop3-user-after-login",
            breaks "rfc1939-3-authorization-command-in-transaction-err";
        /// After a failed login every further one on the connection fails.
        OneLoginOnly = "pop3-one-login-only",
            breaks "rfc1939-4-retry-after-failed-auth",
            also ["rfc5034-4-failure-leaves-no-trace"];
        /// PASS looks at the first six characters of a password only.
        PassByBeginning = "pop3-pass-by-beginning",
            breaks "rfc1939-7-pass-wrong-err",
            also ["rfc3206-5-auth-code-on-bad-credentials"];
        /// APOP takes any digest of 32 hexadecimal digits.
        ApopAnyDigest = "pop3-apop-any-digest",
            breaks "rfc1939-7-apop-wrong-digest",
            also ["rfc1939-7-apop-replay-refused"];
        /// All greetings have the same timestamp.
        SameTimestamp = "pop3-same-timestamp",
            breaks "rfc1939-7-apop-timestamp-differs",
            also ["rfc1939-7-apop-replay-refused"];
        /// The refusal of a wrong password bears no code, though AUTH-RESP-CODE is announced.
        AuthCodeMissing = "pop3-auth-code-missing",
            breaks "rfc3206-5-auth-code-on-bad-credentials";
        /// USER with an unknown name is refused with the code of AUTH.
        AuthCodeOnUser = "pop3-auth-code-on-user",
            breaks "rfc3206-5-auth-not-on-user",
            also ["rfc8314-4.1-no-credential-oracle-in-cleartext"];
        /// A response of AUTH that is not base64 counts as an empty one, and the octets that can be read are taken.
        LenientBase64 = "pop3-lenient-base64",
            breaks "rfc5034-4-strict-base64-alphabet",
            also ["rfc5034-4-undecodable-response-err", "rfc5034-4-strict-base64-padding"];
        /// An exchange that is cancelled ends with +OK.
        CancelAccepted = "pop3-cancel-accepted",
            breaks "rfc5034-4-cancel-err";
        /// STLS is accepted after the login and changes nothing.
        StlsAfterLogin = "pop3-stls-after-login",
            breaks "rfc2595-4-pop3-only-in-authorization";
        /// STLS may have an argument.
        StlsWithArgument = "pop3-stls-with-argument",
            breaks "rfc2595-4-pop3-no-argument";
        /// USER is open in clear, and the name still counts in TLS.
        NameSurvivesStls = "pop3-name-survives-stls",
            breaks "starttls-pop3-user-forgotten";
        /// The name of USER still counts when another command has come between it and PASS.
        NameOutlivesCommands = "pop3-name-outlives-commands",
            breaks "rfc1939-7-pass-immediately-after-user";
        /// PASS without USER lets in whose password it is.
        PassWithoutUser = "pop3-pass-without-user",
            breaks "rfc1939-7-pass-without-user-err",
            also ["rfc1939-7-pass-immediately-after-user"];
        /// A login by USER and PASS gets +OK and opens no maildrop.
        PassOpensNothing = "pop3-pass-opens-nothing",
            breaks "rfc1939-7-user-pass-login";
        /// PASS with a wrong password gets -ERR and opens the maildrop.
        FailureOpens = "pop3-failure-opens",
            breaks "rfc1939-7-pass-wrong-err",
            also ["rfc1939-3-transaction-command-in-authorization-err", "rfc1939-4-retry-after-failed-auth"];
        /// APOP compares only as much of a digest as begins it in hexadecimal.
        ApopReadableDigits = "pop3-apop-readable-digits",
            breaks "rfc1939-7-apop-malformed";
        /// APOP computes digests over the timestamp without its angle brackets.
        ApopWithoutBrackets = "pop3-apop-without-brackets",
            breaks "rfc1939-7-apop-correct-digest";
        /// That a maildrop is locked is told before the password is looked at.
        LockToldToStrangers = "pop3-lock-told-to-strangers",
            breaks "rfc2449-8.1.2-in-use-after-authentication";
        /// A response to a challenge of AUTH that is not base64 is asked for again.
        AsksAgain = "pop3-asks-again",
            breaks "rfc5034-4-undecodable-response-err";
    }
}
