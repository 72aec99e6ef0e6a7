//! Addresses elsewhere that look as if they were here.

use crate::refserver::fault::faults;

faults! {
    /// A disguise of an address elsewhere that the server takes off once nobody asks any more where it leads.
    DisguiseFault {
        /// A bang in a path without a domain leads elsewhere.
        BangAloneIsRouted = "smtp-bang-alone-is-routed",
            breaks "rfc2505-2.1-relay-bang-path-without-domain";
        /// A percent sign in a path without a domain leads elsewhere.
        PercentAloneIsRouted = "smtp-percent-alone-is-routed",
            breaks "rfc2505-2.1-relay-percent-without-domain";
        /// An address in quotes without a domain behind them is where the mail goes.
        QuotedAloneIsRouted = "smtp-quoted-alone-is-routed",
            breaks "rfc5321-2.3.11-relay-quoted-address-without-domain";
        /// Of a local part of this domain that has a bang and a percent sign the end is where the mail goes.
        MixedOperatorsAreRouted = "smtp-mixed-operators-are-routed",
            breaks "rfc2505-2.1-relay-mixed-operators";
        /// Behind a source route a bang or a percent sign in a local part of this domain leads elsewhere.
        OperatorBehindRouteIsRouted = "smtp-operator-behind-route-is-routed",
            breaks "rfc2505-2.1-relay-mixed-operators";
        /// A source route that breaks the grammar is skipped, and nobody asks where the rest leads.
        BadRouteIsSkipped = "smtp-bad-route-is-skipped",
            breaks "rfc2505-2.1-relay-source-route-malformed",
            also ["rfc2505-2.1-relay-source-route-literal"];
        /// A bang or a source route in a quoted local part of this domain leads elsewhere.
        QuotedRouteIsFollowed = "smtp-quoted-route-is-followed",
            breaks "rfc5321-2.3.11-relay-quoted-percent-bang-route";
        /// A backslash outside quotes hides an at sign until the domain was looked at.
        EscapedAtIsRouted = "smtp-escaped-at-is-routed",
            breaks "rfc5321-2.3.11-relay-escaped-at";
        /// Of two domains in one path the first one is judged and the last one is used.
        LastDomainIsUsed = "smtp-last-domain-is-used",
            breaks "rfc5321-4.1.2-relay-double-at";
        /// A mailbox elsewhere whose local part ends in a percent sign and this domain counts as one here.
        PercentMakesLocal = "smtp-percent-makes-local",
            breaks "rfc2505-2.1-relay-percent-behind-foreign-at";
        /// An empty domain counts as this one, and is left out on the way on.
        EmptyDomainIsLocal = "smtp-empty-domain-is-local",
            breaks "rfc5321-4.1.2-relay-empty-domain";
        /// Dots at the ends of a domain are taken off once nobody asks any more where it leads.
        DotsAreTrimmed = "smtp-dots-are-trimmed",
            breaks "rfc5321-4.1.2-relay-dots-in-domain";
        /// Brackets that are missing or doubled are mended once nobody asks any more where the path leads.
        BracketsAreMended = "smtp-brackets-are-mended",
            breaks "rfc5321-4.1.2-relay-brackets-and-comments";
        /// A comment in a path is taken out once nobody asks any more where the path leads.
        CommentIsTakenOut = "smtp-comment-is-taken-out",
            breaks "rfc5321-4.1.2-relay-brackets-and-comments";
        /// Several addresses in one RCPT are as many recipients, of which only the first is asked where it leads.
        FirstAddressIsJudged = "smtp-first-address-is-judged",
            breaks "rfc5321-4.1.2-relay-several-addresses",
            also ["rfc5321-4.1.2-malformed-paths-refused"];
    }
}
