//! Servers that should not be trusted with TLS, and what they say below it.

use super::case::At::{After, Instead};
use super::case::Service::{Imaps, Mx};
use super::case::{Case, Certificate, Trick};
use super::own;

/// A server on port 25 that offers STARTTLS; the ladder goes through it, and so do steps.
const STARTTLS: Case = Case {
    name: "",
    service: Mx,
    offers: &["STARTTLS"],
    at: Instead("handshake"),
    trick: Trick::Silence,
    certificate: Certificate::Good,
    scenarios: &["smtp-handshake", "smtp-tls"],
    flags: &[],
    code: 3,
    says: &[],
};

/// An IMAP server on the TLS port.
const IMPLICIT: Case = Case { service: Imaps, offers: &[], scenarios: &["imap-noop"], ..STARTTLS };

/// Nobody misbehaves but by the certificate.
const NEVER: super::case::At = Instead("never");

pub(super) const CASES: [&[Case]; 3] = [HANDSHAKES, CERTIFICATES, RECORDS];

const HANDSHAKES: &[Case] = &[
    Case {
        name: "tls_polite",
        at: NEVER,
        code: 0,
        says: &["smtp-handshake conforms", "smtp-tls conforms"],
        ..STARTTLS
    },
    Case { name: "tls_polite_from_the_first_octet", at: NEVER, code: 0, says: &["imap-noop conforms"], ..IMPLICIT },
    Case {
        name: "tls_silent_go_ahead",
        at: Instead("STARTTLS"),
        says: &[
            "smtp-handshake inconclusive: setup: setup 1: <silence>",
            "smtp-tls inconclusive: connection: no answer",
        ],
        ..STARTTLS
    },
    Case {
        name: "tls_silent_handshake",
        code: 1,
        says: &[
            "smtp-handshake violates",
            "smtp-handshake breaks local-tls silence <silence>",
            "smtp-tls inconclusive: setup: STARTTLS: timed out",
        ],
        ..STARTTLS
    },
    Case { name: "tls_silent_handshake_from_the_first_octet", says: &["no report"], ..IMPLICIT },
    Case {
        name: "tls_silent_within_the_handshake",
        trick: Trick::Stop("\x16\x03\x03"),
        code: 1,
        says: &[
            "smtp-handshake violates",
            "smtp-handshake breaks local-tls silence <silence>",
            "smtp-tls inconclusive: setup: STARTTLS: timed out",
        ],
        ..STARTTLS
    },
    Case {
        name: "tls_noise_after_the_go_ahead",
        trick: Trick::Make(own::noise),
        code: 1,
        says: &[
            "smtp-handshake violates",
            "smtp-handshake breaks local-tls mismatch <no tls>",
            "smtp-tls inconclusive: setup: STARTTLS: TLS failed",
        ],
        ..STARTTLS
    },
    Case { name: "tls_noise_from_the_first_octet", trick: Trick::Make(own::noise), says: &["no report"], ..IMPLICIT },
    Case {
        name: "tls_smtp_after_the_go_ahead",
        trick: Trick::Say(b"500 what?\r\n"),
        code: 1,
        says: &[
            "smtp-handshake violates",
            "smtp-handshake breaks local-tls mismatch <no tls>",
            "smtp-tls inconclusive: setup: STARTTLS: TLS failed",
        ],
        ..STARTTLS
    },
    Case {
        name: "tls_endless_empty_records",
        trick: Trick::Endless("", b"\x16\x03\x03\x00\x00"),
        code: 1,
        says: &[
            "smtp-handshake violates",
            "smtp-handshake breaks local-tls mismatch <no tls>",
            "smtp-tls inconclusive: setup: STARTTLS: TLS failed",
        ],
        ..STARTTLS
    },
    Case {
        name: "tls_old_version_only",
        trick: Trick::Say(b"\x15\x03\x01\x00\x02\x02\x46"),
        code: 1,
        says: &[
            "smtp-handshake violates",
            "smtp-handshake breaks local-tls mismatch <no tls>",
            "smtp-tls inconclusive: setup: STARTTLS: TLS failed",
        ],
        ..STARTTLS
    },
    Case {
        name: "tls_closed_instead_of_a_handshake",
        trick: Trick::Close(""),
        code: 1,
        says: &[
            "smtp-handshake violates",
            "smtp-handshake breaks local-tls mismatch <no tls>",
            "smtp-tls inconclusive: setup: STARTTLS: TLS failed",
        ],
        ..STARTTLS
    },
    Case {
        name: "tls_reset_instead_of_a_handshake",
        trick: Trick::Reset(""),
        code: 1,
        says: &[
            "smtp-handshake violates",
            "smtp-handshake breaks local-tls mismatch <no tls>",
            "smtp-tls inconclusive: setup: STARTTLS: TLS failed",
        ],
        ..STARTTLS
    },
    Case {
        name: "tls_plaintext_behind_the_go_ahead",
        at: Instead("STARTTLS"),
        trick: Trick::Say(b"220 go ahead\r\n250 \x1b[2Jinjected\r\n"),
        code: 1,
        says: &[
            "smtp-handshake conforms",
            "smtp-tls conforms",
            "always starttls-smtp-go-ahead-is-last-plaintext invariant plaintext after the TLS go-ahead",
        ],
        ..STARTTLS
    },
];

/// What is said of a certificate that nobody should trust.
const UNTRUSTED: &[&str] = &[
    "smtp-handshake inconclusive: setup: step 1: the certificate is not trusted",
    "smtp-tls inconclusive: setup: STARTTLS: the certificate is not trusted",
];

const fn of(name: &'static str, certificate: Certificate) -> Case {
    Case { name, at: NEVER, certificate, says: UNTRUSTED, ..STARTTLS }
}

const CERTIFICATES: &[Case] = &[
    of("tls_certificate_of_another_name", Certificate::OtherName),
    of("tls_certificate_expired", Certificate::Expired),
    of("tls_certificate_self_signed", Certificate::SelfSigned),
    of("tls_certificate_of_an_unknown_authority", Certificate::UnknownAuthority),
    Case {
        says: &[
            "smtp-handshake inconclusive: setup: step 1: a handshake message beyond every bound",
            "smtp-tls inconclusive: setup: STARTTLS: a handshake message beyond every bound",
        ],
        ..of("tls_certificates_of_10_megabytes", Certificate::Chain)
    },
    Case {
        service: Imaps,
        offers: &[],
        scenarios: &["imap-noop"],
        says: &["no report"],
        ..of("tls_expired_from_the_first_octet", Certificate::Expired)
    },
    Case {
        flags: &["-k"],
        code: 0,
        says: &["smtp-handshake conforms", "smtp-tls conforms"],
        ..of("tls_untrusted_and_not_to_be_trusted", Certificate::SelfSigned)
    },
];

const RECORDS: &[Case] = &[
    Case {
        name: "tls_closed_behind_the_handshake",
        at: After("handshake"),
        trick: Trick::Close(""),
        code: 1,
        says: &[
            "smtp-handshake violates",
            "smtp-handshake breaks local-tls close <closed>",
            "smtp-tls inconclusive: connection: closed by the server",
        ],
        ..STARTTLS
    },
    Case {
        name: "tls_key_updates_without_end",
        at: After("handshake"),
        trick: Trick::Own(own::key_updates),
        code: 3,
        says: &[
            "smtp-handshake inconclusive: connection: TLS or compression failed",
            "smtp-tls inconclusive: connection: TLS failed",
        ],
        ..STARTTLS
    },
    Case {
        name: "tls_renegotiation_once",
        at: After("handshake"),
        trick: Trick::Own(own::renegotiation),
        certificate: Certificate::Old,
        code: 0,
        says: &["imap-noop conforms"],
        ..IMPLICIT
    },
    Case {
        name: "tls_renegotiations_without_end",
        at: Instead("NOOP"),
        trick: Trick::Own(own::renegotiations),
        certificate: Certificate::Old,
        says: &["imap-noop inconclusive: connection: TLS or compression failed"],
        ..IMPLICIT
    },
    Case {
        name: "tls_noise_below_tls",
        at: Instead("NOOP"),
        trick: Trick::Own(own::noise_below_tls),
        code: 3,
        scenarios: &["imap-noop"],
        service: Imaps,
        offers: &[],
        says: &["imap-noop inconclusive: connection: TLS or compression failed"],
        ..STARTTLS
    },
    Case {
        name: "tls_endless_line_within",
        at: Instead("NOOP"),
        trick: Trick::Endless("250 ", b"x"),
        scenarios: &["smtp-tls"],
        says: &["smtp-tls inconclusive: connection: an answer beyond every bound"],
        ..STARTTLS
    },
    Case {
        name: "tls_much_before_the_greeting",
        at: Instead("greeting"),
        trick: Trick::Much("", b"* OK x\r\n", 100_000_000, ""),
        says: &["imap-noop inconclusive: connection: an answer without end"],
        ..IMPLICIT
    },
];
