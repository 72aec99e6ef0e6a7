//! Servers that speak POP3, more or less.

use super::case::At::{After, Instead};
use super::case::Service::Pop3;
use super::case::{Case, Certificate, Trick};
use super::own;

/// A POP3 server that lets alice in and is asked for NOOP.
const NOOP: Case = Case {
    name: "",
    service: Pop3,
    offers: &[],
    at: Instead("NOOP"),
    trick: Trick::Silence,
    certificate: Certificate::Good,
    scenarios: &["pop3-noop"],
    flags: &[],
    code: 3,
    says: &[],
};

/// The same, asked for the unique-ids of its messages.
const UIDL: Case = Case { at: Instead("UIDL"), scenarios: &["pop3-uidl"], ..NOOP };

/// The same, asked for a message.
const RETR: Case = Case { at: Instead("RETR"), scenarios: &["pop3-retr"], ..NOOP };

/// The same, asked how much there is.
const STAT: Case = Case { at: Instead("STAT"), scenarios: &["pop3-stat"], ..NOOP };

pub(super) const CASES: [&[Case]; 4] = [SILENT, ENDLESS, GARBLED, ENDED];

const SILENT: &[Case] = &[
    Case {
        name: "pop3_polite",
        at: Instead("never"),
        scenarios: &["pop3"],
        code: 0,
        says: &[
            "pop3-auth conforms",
            "pop3-greeting conforms",
            "pop3-noop conforms",
            "pop3-quit conforms",
            "pop3-retr conforms",
            "pop3-stat conforms",
            "pop3-tls not-applicable: no TLS offered",
            "pop3-uidl conforms",
        ],
        ..NOOP
    },
    Case {
        name: "pop3_silent_greeting",
        at: Instead("greeting"),
        scenarios: &["pop3-greeting"],
        code: 1,
        says: &["pop3-greeting violates", "pop3-greeting breaks local-greeting silence <silence>"],
        ..NOOP
    },
    Case {
        name: "pop3_silent_capa",
        at: Instead("CAPA"),
        says: &["pop3-noop inconclusive: connection: no answer"],
        ..NOOP
    },
    Case {
        name: "pop3_silent_password",
        at: Instead("PASS"),
        says: &["pop3-noop inconclusive: connection: no answer"],
        ..NOOP
    },
    Case {
        name: "pop3_silent_noop",
        code: 1,
        says: &["pop3-noop violates", "pop3-noop breaks local-noop silence <silence>"],
        ..NOOP
    },
    Case {
        name: "pop3_silent_within_a_message",
        trick: Trick::HalfClose("+OK\r\nSubject: x\r\n"),
        code: 1,
        says: &["pop3-retr violates", "pop3-retr breaks local-message close <closed>"],
        ..RETR
    },
    Case {
        name: "pop3_trickled_message",
        trick: Trick::Trickle("+OK\r\nSubject: x\r\n"),
        code: 1,
        says: &["pop3-retr violates", "pop3-retr breaks local-message silence <silence>"],
        ..RETR
    },
    Case {
        name: "pop3_silent_quit",
        at: Instead("QUIT"),
        scenarios: &["pop3-quit"],
        code: 1,
        says: &["pop3-quit violates", "pop3-quit breaks local-logout silence <silence>"],
        ..NOOP
    },
];

const ENDLESS: &[Case] = &[
    Case {
        name: "pop3_endless_line",
        trick: Trick::Endless("+OK ", b"x"),
        says: &["pop3-noop inconclusive: connection: an answer beyond every bound"],
        ..NOOP
    },
    Case {
        name: "pop3_endless_listing",
        trick: Trick::Endless("+OK\r\n", b"1 one\r\n"),
        says: &["pop3-uidl inconclusive: connection: an answer beyond every bound"],
        ..UIDL
    },
    Case {
        name: "pop3_endless_listing_of_empty_lines",
        trick: Trick::Endless("+OK\r\n", b"\r\n"),
        says: &["pop3-uidl inconclusive: connection: an answer beyond every bound"],
        ..UIDL
    },
    Case {
        name: "pop3_listing_of_a_million_lines",
        trick: Trick::Much("+OK\r\n", b"\r\n", 2_000_000, ".\r\n"),
        says: &["pop3-uidl inconclusive: connection: an answer beyond every bound"],
        ..UIDL
    },
    Case {
        name: "pop3_message_without_terminator",
        trick: Trick::Endless("+OK\r\n", b"0123456789abcdef\r\n"),
        says: &["pop3-retr inconclusive: connection: an answer beyond every bound"],
        ..RETR
    },
    Case {
        name: "pop3_endless_line_in_a_message",
        trick: Trick::Endless("+OK\r\n", b"x"),
        says: &["pop3-retr inconclusive: connection: an answer beyond every bound"],
        ..RETR
    },
    Case {
        name: "pop3_ids_megabytes_long",
        trick: Trick::Much("+OK\r\n1 ", b"x", 4_000_000, "\r\n.\r\n"),
        code: 1,
        says: &[
            "pop3-uidl violates",
            "pop3-uidl breaks local-listing mismatch +OK + <number> lines",
            "always rfc1939-7-uidl-charset-length invariant a unique-id that is not 1 to 70 characters from ! to ~",
        ],
        ..UIDL
    },
    Case {
        name: "pop3_endless_capa",
        at: Instead("CAPA"),
        trick: Trick::Endless("+OK\r\n", b"USER\r\n"),
        says: &["pop3-noop inconclusive: connection: an answer without end"],
        ..NOOP
    },
    Case {
        name: "pop3_endless_listing_before_the_test",
        at: Instead("LIST"),
        trick: Trick::Endless("+OK\r\n", b"1 1\r\n"),
        says: &["pop3-noop inconclusive: connection: an answer without end"],
        ..NOOP
    },
    Case {
        name: "pop3_challenges_without_end",
        offers: &["SASL PLAIN"],
        at: Instead("AUTH"),
        trick: Trick::Own(own::pop3_challenges),
        says: &["pop3-noop conforms"],
        code: 0,
        ..NOOP
    },
    Case {
        name: "pop3_much_unsolicited",
        at: After("PASS"),
        trick: Trick::Much("", b"+OK x\r\n", 100_000_000, ""),
        says: &["pop3-noop inconclusive: connection: an answer without end"],
        ..NOOP
    },
];

const GARBLED: &[Case] = &[
    Case {
        name: "pop3_evil_text",
        trick: Trick::Say(b"+OK \x1b]0;owned\x07\x1b[2J\xe2\x80\xaecba\xe2\x81\xa6\xc2\x9b31m\xff\xfe\r\n"),
        code: 0,
        says: &["pop3-noop conforms"],
        ..NOOP
    },
    Case {
        name: "pop3_evil_status",
        trick: Trick::Say(b"\x1b[2J+OK \xe2\x80\xae\r\n"),
        code: 1,
        says: &[
            "pop3-noop inconclusive: setup: step 1: answer breaks rfc1939-3-status-indicator-only-two",
            "always rfc1939-3-status-indicator-only-two syntax expected `+OK` or `-ERR`, then a space or the end of the line (status)",
        ],
        ..NOOP
    },
    Case {
        name: "pop3_evil_code",
        trick: Trick::Say(b"-ERR [\x1b[2J\xe2\x80\xae] no\r\n"),
        code: 1,
        says: &["pop3-noop violates", "pop3-noop breaks local-noop mismatch -ERR <text>"],
        ..NOOP
    },
    Case {
        name: "pop3_nuls",
        trick: Trick::Say(b"\0\0\0\r\n"),
        code: 1,
        says: &[
            "pop3-noop inconclusive: setup: step 1: answer breaks rfc1939-3-status-indicator-only-two",
            "always rfc1939-3-status-indicator-only-two syntax expected `+OK` or `-ERR`, then a space or the end of the line (status)",
        ],
        ..NOOP
    },
    Case {
        name: "pop3_evil_greeting_and_capa",
        at: Instead("CAPA"),
        trick: Trick::Say(b"+OK \x1b[2J\r\nUSER\r\n\x1b]0;x\x07\xe2\x80\xae\r\n.\r\n"),
        code: 1,
        says: &[
            "pop3-noop conforms",
            "always rfc2449-3-capability-line-grammar invariant a capability line that is not a tag and words after one space each",
        ],
        ..NOOP
    },
    Case {
        name: "pop3_huge_number_of_messages",
        trick: Trick::Say(b"+OK 4294967296 99999999999999999999999999\r\n"),
        code: 1,
        says: &[
            "pop3-stat violates",
            "pop3-stat breaks local-listing mismatch +OK <number> <number>",
            "always rfc1939-5-stat-format invariant STAT without two numbers after one space each",
        ],
        ..STAT
    },
    Case {
        name: "pop3_negative_size",
        trick: Trick::Say(b"+OK 1 -1\r\n"),
        code: 1,
        says: &["pop3-stat violates", "pop3-stat breaks local-listing check ${size} >= 0"],
        ..STAT
    },
    Case {
        name: "pop3_huge_size",
        trick: Trick::Say(b"+OK 1 18446744073709551616\r\n"),
        code: 1,
        says: &["pop3-stat violates", "pop3-stat breaks local-listing check ${size} >= 0"],
        ..STAT
    },
    Case {
        name: "pop3_noise",
        trick: Trick::Make(own::noise),
        says: &[
            "pop3-noop inconclusive: setup: step 1: answer breaks rfc1939-3-response-crlf",
            "always rfc1939-3-response-crlf syntax expected CRLF at the end of the line (single-line)",
        ],
        code: 1,
        ..NOOP
    },
];

const ENDED: &[Case] = &[
    Case {
        name: "pop3_closed_instead_of_a_greeting",
        at: Instead("greeting"),
        trick: Trick::Close(""),
        says: &[
            "pop3-noop inconclusive: busy at every try: greeting: closed by the server; let the server take more connections, or lower `-j` or `pace`",
        ],
        ..NOOP
    },
    Case {
        name: "pop3_closed_after_a_command",
        trick: Trick::Close(""),
        code: 1,
        says: &["pop3-noop violates", "pop3-noop breaks local-noop close <closed>"],
        ..NOOP
    },
    Case {
        name: "pop3_reset_within_a_message",
        trick: Trick::Reset("+OK\r\nSubject: x\r\n"),
        code: 1,
        says: &["pop3-retr violates", "pop3-retr breaks local-message close <closed>"],
        ..RETR
    },
    Case {
        name: "pop3_reset_at_the_password",
        at: Instead("PASS"),
        trick: Trick::Reset(""),
        says: &["pop3-noop inconclusive: connection: reset by the server"],
        ..NOOP
    },
];
