//! Relaying.

use crate::refserver::fault::faults;

faults! {
    /// Mail for elsewhere that is taken from anybody, or not from whom it should be.
    RelayFault {
        /// A percent sign in a local part of this domain leads elsewhere.
        PercentIsRouted = "smtp-percent-is-routed",
            breaks "rfc2505-2.1-relay-percent-hack",
            also ["rfc2505-2.1-relay-postmaster-elsewhere"];
        /// A bang in a local part of this domain leads elsewhere.
        BangIsRouted = "smtp-bang-is-routed",
            breaks "rfc2505-2.1-relay-bang-path";
        /// An address in quotes before this domain is where the mail goes.
        QuotedAddressIsRouted = "smtp-quoted-address-is-routed",
            breaks "rfc5321-2.3.11-relay-quoted-at";
        /// A percent sign in a quoted local part of this domain leads elsewhere.
        QuotedPercentIsRouted = "smtp-quoted-percent-is-routed",
            breaks "rfc5321-2.3.11-relay-quoted-percent-bang-route";
        /// Of two domains in one path the last one is judged and the first one is used.
        FirstDomainIsUsed = "smtp-first-domain-is-used",
            breaks "rfc5321-4.1.2-relay-double-at";
        /// A source route that begins here leads anywhere.
        RouteIsFollowed = "smtp-route-is-followed",
            breaks "rfc2505-2.1-relay-source-route";
        /// Mail for any domain that begins with the local one is taken.
        LongerDomainIsLocal = "smtp-longer-domain-is-local",
            breaks "rfc2505-2.1-relay-subdomain-of-local";
        /// Mail for any address literal is taken.
        LiteralIsRouted = "smtp-literal-is-routed",
            breaks "rfc5321-4.1.3-relay-foreign-address-literal";
        /// Mail for the postmaster of any domain is taken.
        AnyPostmaster = "smtp-any-postmaster",
            breaks "rfc2505-2.1-relay-postmaster-elsewhere";
        /// The null sender may send anywhere.
        NullSenderRelays = "smtp-null-sender-relays",
            breaks "rfc2505-2.1-relay-null-sender";
        /// Whoever gives a mailbox here as the sender may send anywhere.
        LocalSenderRelays = "smtp-local-sender-relays",
            breaks "rfc2505-2.1-relay-local-sender-forged",
            also ["rfc2505-2.1-relay-right-ends-with-session"];
        /// A message to its own sender may go anywhere.
        OwnAddressRelays = "smtp-own-address-relays",
            breaks "rfc2505-2.1-relay-sender-equals-recipient";
        /// A message to the domain of its sender may go anywhere.
        OwnDomainRelays = "smtp-own-domain-relays",
            breaks "rfc2505-2.1-relay-sender-domain-equals-recipient-domain",
            also ["rfc2505-2.1-relay-sender-equals-recipient"];
        /// Who says EHLO with the name of the local domain may send anywhere.
        LocalHelloRelays = "smtp-local-hello-relays",
            breaks "rfc2505-2.1-relay-local-hello-name";
        /// Who says EHLO with the name or the address of the server's own machine may send anywhere.
        LoopbackHelloRelays = "smtp-loopback-hello-relays",
            breaks "rfc2505-2.1-relay-local-hello-name";
        /// The postmaster of this domain may send anywhere without a login.
        PostmasterSenderRelays = "smtp-postmaster-sender-relays",
            breaks "rfc2505-2.1-relay-local-sender-forged";
        /// A sender at the address of the server's own machine may send anywhere.
        LoopbackSenderRelays = "smtp-loopback-sender-relays",
            breaks "rfc2505-2.1-relay-unqualified-sender";
        /// A sender without a domain is taken for one of this domain, and may send anywhere.
        UnqualifiedSenderRelays = "smtp-unqualified-sender-relays",
            breaks "rfc2505-2.1-relay-unqualified-sender";
        /// Who uses TLS may send anywhere.
        TlsRelays = "smtp-tls-relays",
            breaks "rfc2505-2.1-relay-after-tls";
        /// After a login that failed submission is open.
        FailedLoginOpens = "smtp-failed-login-opens",
            breaks "rfc2505-2.1-relay-after-failed-auth",
            also ["rfc6409-4.3-no-bypass-of-authentication"];
        /// The sender of whoever has logged in on another connection may send anywhere.
        LoginElsewhereRelays = "smtp-login-elsewhere-relays",
            breaks "rfc2505-2.1-relay-right-ends-with-session",
            also ["rfc2505-2.1-relay-local-sender-forged"];
        /// Behind a recipient here others are not looked at.
        SecondRecipientRelays = "smtp-second-recipient-relays",
            breaks "rfc2505-2.1-relay-after-local-recipient";
        /// In TLS submission needs no login.
        TlsOpensSubmission = "smtp-tls-opens-submission",
            breaks "rfc6409-4.3-no-bypass-of-authentication",
            also ["rfc2505-2.1-relay-after-failed-auth"];
        /// Submission is open after HELO.
        HeloOpensSubmission = "smtp-helo-opens-submission",
            breaks "rfc6409-4.3-no-bypass-of-authentication";
        /// Mailboxes elsewhere that stand in Cc get a copy.
        HeaderIsRouted = "smtp-header-is-routed",
            breaks "rfc5321-app-c-no-routing-from-header";
        /// The original recipient gets a copy.
        OriginalRecipientIsRouted = "smtp-original-recipient-is-routed",
            breaks "rfc3461-5.2.1-orcpt-does-not-route";
        /// Relaying is refused as a syntax error.
        RelayRefusedAs501 = "smtp-relay-refused-as-501",
            breaks "rfc5321-3.6.2-relay-refused-at-rcpt";
        /// Users may not send elsewhere.
        UsersStayHere = "smtp-users-stay-here",
            breaks "rfc6409-3.3-relay-for-authorised-user";
    }
}
