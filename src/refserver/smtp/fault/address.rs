//! Addresses, names, and how long they may be.

use crate::refserver::fault::faults;

faults! {
    /// An address that is taken for another one, or refused.
    AddressFault {
        /// A sender whose address is not ASCII is accepted without SMTPUTF8.
        EightBitSenderTaken = "smtp-eight-bit-sender-taken",
            breaks "rfc5321-2.4-eightbit-envelope-rejected";
        /// A quoted local part may not hold an at sign.
        QuotedAtRefused = "smtp-quoted-at-refused",
            breaks "rfc5321-4.1.2-quoted-local-part";
        /// A local part may not hold a brace.
        BraceRefused = "smtp-brace-refused",
            breaks "rfc5321-4.1.2-valid-mailboxes-parse";
        /// A compressed IPv6 address is no domain of a sender.
        CompressedIpv6Refused = "smtp-compressed-ipv6-refused",
            breaks "rfc5321-4.1.3-address-literals-parse";
        /// DEL may stand in a local part.
        DelTaken = "smtp-del-taken",
            breaks "rfc5321-4.1.2-invalid-characters-501";
        /// A sender whose local part is quoted is a syntax error.
        QuotedSenderRefused = "smtp-quoted-sender-refused",
            breaks "rfc5321-4.1.2-quoted-local-part";
        /// A local part may have one dot.
        SecondDotRefused = "smtp-second-dot-refused",
            breaks "rfc5321-4.1.2-valid-mailboxes-parse";
        /// A label of a domain may not begin with a digit.
        DigitFirstRefused = "smtp-digit-first-refused",
            breaks "rfc5321-4.1.2-valid-mailboxes-parse",
            also ["rfc5321-4.1.3-address-literals-parse"];
        /// An address literal is no domain of a sender.
        LiteralSenderRefused = "smtp-literal-sender-refused",
            breaks "rfc5321-4.1.3-address-literals-parse";
        /// Control characters may stand in a local part.
        ControlTaken = "smtp-control-taken",
            breaks "rfc5321-4.1.2-invalid-characters-501";
        /// Two addresses with a comma between them in one path are two recipients.
        CommaParts = "smtp-comma-parts",
            breaks "rfc5321-4.1.2-malformed-paths-refused";
        /// A local part of 64 octets is too long.
        LocalPartOf64Refused = "smtp-local-part-of-64-refused",
            breaks "rfc5321-4.5.3.1.1-local-part-64",
            also ["rfc5321-4.5.3.1.3-path-256"];
        /// A path of 256 octets is too long.
        PathOf256Refused = "smtp-path-of-256-refused",
            breaks "rfc5321-4.5.3.1.3-path-256";
        /// The name of the postmaster without a domain is known in lower case only.
        PostmasterInLowerCase = "smtp-postmaster-in-lower-case",
            breaks "rfc5321-4.5.1-postmaster-without-domain";
        /// The postmaster of the domain is known in lower case only.
        DomainPostmasterInLowerCase = "smtp-domain-postmaster-in-lower-case",
            breaks "rfc5321-4.5.1-postmaster-at-domain";
        /// Nobody is postmaster here.
        NoPostmaster = "smtp-no-postmaster",
            breaks "rfc5321-4.5.1-postmaster-without-domain",
            also ["rfc5321-4.5.1-postmaster-at-domain"];
        /// A local part in quotes is another mailbox than without.
        QuotedIsAnother = "smtp-quoted-is-another",
            breaks "rfc5321-4.1.2-quoted-forms-equivalent";
        /// A local part with a quoted pair is another mailbox than without.
        QuotedPairIsAnother = "smtp-quoted-pair-is-another",
            breaks "rfc5321-4.1.2-quoted-forms-equivalent";
        /// Between servers the null reverse-path is a syntax error.
        NullSenderRefused = "smtp-null-sender-refused",
            breaks "rfc5321-4.1.1.2-null-reverse-path",
            also ["rfc2505-2.6.1-null-sender-several-recipients"];
        /// The null reverse-path may have one recipient only.
        NullSenderOneRecipient = "smtp-null-sender-one-recipient",
            breaks "rfc2505-2.6.1-null-sender-several-recipients";
        /// Submission refuses the null reverse-path.
        SubmissionRefusesNullSender = "smtp-submission-refuses-null-sender",
            breaks "rfc6409-3.2-null-sender-not-rejected";
        /// Submission answers a recipient with bad syntax by 354.
        SubmissionRefusesBadAddressLate = "smtp-submission-defers-bad-address",
            breaks "rfc6409-5.1-address-syntax-enforced",
            also ["rfc5321-4.3.2-codes-of-transaction-commands"];
        /// The reverse-path is turned into lower case.
        SenderInLowerCase = "smtp-sender-in-lower-case",
            breaks "rfc5321-2.4-local-part-case-preserved";
        /// A source route is a syntax error.
        RouteIsSyntaxError = "smtp-route-is-syntax-error",
            breaks "rfc5321-4.1.1.3-source-route-syntax-recognised";
        /// A recipient with a source route is accepted, and the message is lost.
        RouteLosesMessage = "smtp-route-loses-message",
            breaks "rfc5321-3.6.1-source-route-ignored-or-declined";
        /// VRFY confirms everybody.
        VrfyConfirmsAll = "smtp-vrfy-confirms-all",
            breaks "rfc5321-3.5.3-vrfy-no-250-without-verification",
            also ["rfc5321-3.5.3-vrfy-not-stricter-than-rcpt"];
        /// VRFY confirms everybody within a transaction.
        VrfyConfirmsInTransaction = "smtp-vrfy-confirms-in-transaction",
            breaks "rfc5321-3.5.3-vrfy-not-stricter-than-rcpt";
        /// VRFY takes no address with a domain.
        VrfyRefusesAddress = "smtp-vrfy-refuses-address",
            breaks "rfc5321-3.5.1-vrfy-accepts-full-address";
        /// VRFY names a mailbox at the name of the host, which takes no mail.
        VrfyNamesHost = "smtp-vrfy-names-host",
            breaks "rfc5321-3.5.2-vrfy-address-usable-in-rcpt";
    }
}
