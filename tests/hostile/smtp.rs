//! Servers that speak SMTP, more or less.

use super::case::At::{After, Instead};
use super::case::Service::{Mx, Submission};
use super::case::{Case, Certificate, Trick};
use super::own;

/// A server on port 25 that is asked for NOOP.
const NOOP: Case = Case {
    name: "",
    service: Mx,
    offers: &[],
    at: Instead("NOOP"),
    trick: Trick::Silence,
    certificate: Certificate::Good,
    scenarios: &["smtp-noop"],
    flags: &[],
    code: 3,
    says: &[],
};

/// The same, asked to take a letter.
const LETTER: Case = Case { at: Instead("."), scenarios: &["smtp-letter"], ..NOOP };

/// A submission server that alice logs in to.
const LOGIN: Case = Case { service: Submission, at: Instead("AUTH"), scenarios: &["smtp-login"], ..NOOP };

/// What no terminal may ever see: a control sequence, a bell, text that runs backwards, a C1 control, no UTF-8.
const EVIL: &[u8] = b"250 \x1b]0;owned\x07\x1b[2J\xe2\x80\xaecba\xe2\x81\xa6\xc2\x9b31m\xff\xfe\r\n";
/// The same in a code.
const EVIL_CODE: &[u8] = b"\x1b[2J \xe2\x80\xae\xc2\x9b\r\n";

pub(super) const CASES: [&[Case]; 5] = [SILENT, ENDLESS, GARBLED, ENDED, LOGINS];

const BEYOND: &[&str] = &["smtp-noop inconclusive: connection: an answer beyond every bound"];
const CLOSED: &[&str] = &[
    "smtp-noop violates",
    "smtp-noop breaks local-noop close <closed>",
    "always rfc5321-3.8-421-before-unsolicited-close close the server closes with a command open and without 421",
];

const SILENT: &[Case] = &[
    Case { name: "smtp_polite", at: Instead("never"), code: 0, says: &["smtp-noop conforms"], ..NOOP },
    Case {
        name: "smtp_silent_greeting",
        at: Instead("greeting"),
        scenarios: &["smtp-greeting", "smtp-noop"],
        code: 1,
        says: &[
            "smtp-greeting violates",
            "smtp-greeting breaks local-greeting silence <silence>",
            "smtp-noop inconclusive: busy at every try: greeting: no answer; let the server take more connections, or lower `-j` or `pace`",
        ],
        ..NOOP
    },
    Case {
        name: "smtp_silent_ehlo",
        at: Instead("EHLO"),
        says: &["smtp-noop inconclusive: connection: no answer"],
        ..NOOP
    },
    Case {
        name: "smtp_silent_noop",
        code: 1,
        says: &["smtp-noop violates", "smtp-noop breaks local-noop silence <silence>"],
        ..NOOP
    },
    Case {
        name: "smtp_silent_data",
        at: Instead("DATA"),
        code: 1,
        says: &["smtp-letter violates", "smtp-letter breaks local-letter silence <silence>"],
        ..LETTER
    },
    Case {
        name: "smtp_silent_after_the_letter",
        code: 1,
        says: &["smtp-letter violates", "smtp-letter breaks local-letter silence <silence>"],
        ..LETTER
    },
    Case {
        name: "smtp_silent_quit",
        at: Instead("QUIT"),
        scenarios: &["smtp-quit"],
        code: 1,
        says: &["smtp-quit violates", "smtp-quit breaks local-logout silence <silence>"],
        ..NOOP
    },
    Case {
        name: "smtp_trickled_greeting",
        at: Instead("greeting"),
        trick: Trick::Trickle("220 zoo.test "),
        scenarios: &["smtp-greeting", "smtp-noop"],
        code: 1,
        says: &[
            "smtp-greeting violates",
            "smtp-greeting breaks local-greeting silence <silence>",
            "smtp-noop inconclusive: busy at every try: greeting: no answer; let the server take more connections, or lower `-j` or `pace`",
        ],
        ..NOOP
    },
    Case {
        name: "smtp_trickled_noop",
        trick: Trick::Trickle("250-zoo\r\n"),
        code: 1,
        says: &["smtp-noop violates", "smtp-noop breaks local-noop silence <silence>"],
        ..NOOP
    },
];

const ENDLESS: &[Case] = &[
    Case {
        name: "smtp_endless_line_in_the_greeting",
        at: Instead("greeting"),
        trick: Trick::Endless("220 ", b"x"),
        says: &[
            "smtp-noop inconclusive: busy at every try: greeting: an answer without end; let the server take more connections, or lower `-j` or `pace`",
        ],
        ..NOOP
    },
    Case { name: "smtp_endless_line", trick: Trick::Endless("250 ", b"x"), says: BEYOND, ..NOOP },
    Case { name: "smtp_endless_reply", trick: Trick::Endless("", b"250-x\r\n"), says: BEYOND, ..NOOP },
    Case { name: "smtp_endless_reply_of_empty_lines", trick: Trick::Endless("", b"250-\r\n"), says: BEYOND, ..NOOP },
    Case {
        name: "smtp_endless_ehlo",
        at: Instead("EHLO"),
        trick: Trick::Endless("250-zoo.test\r\n", b"250-XZOO\r\n"),
        says: &["smtp-noop inconclusive: connection: an answer without end"],
        ..NOOP
    },
    Case {
        name: "smtp_ehlo_of_9000_lines",
        at: Instead("EHLO"),
        trick: Trick::Much("250-zoo.test\r\n", b"250-XZOO 1\r\n", 9_000 * 12, "250 HELP\r\n"),
        code: 0,
        says: &["smtp-noop conforms"],
        ..NOOP
    },
    Case {
        name: "smtp_ehlo_of_a_million_words",
        at: Instead("EHLO"),
        trick: Trick::Much("250-zoo.test\r\n250-XZOO", b" WORD", 5_000_000, "\r\n250 HELP\r\n"),
        says: &["smtp-noop inconclusive: connection: an answer without end"],
        ..NOOP
    },
    Case {
        name: "smtp_replies_to_commands_never_sent",
        at: After("NOOP"),
        trick: Trick::Say(b"250 and this\r\n250 and that\r\n"),
        scenarios: &["smtp-still"],
        code: 1,
        says: &[
            "smtp-still violates",
            "smtp-still breaks local-noop mismatch 250 <text>",
            "always rfc5321-4.2-one-reply-per-command invariant a reply that no command asked for",
        ],
        ..NOOP
    },
    Case {
        name: "smtp_endless_replies_to_commands_never_sent",
        at: After("NOOP"),
        trick: Trick::Endless("", b"250 x\r\n"),
        scenarios: &["smtp-still"],
        code: 1,
        says: &[
            "smtp-still violates",
            "smtp-still breaks local-noop mismatch 250 <text>",
            "always rfc5321-4.2-one-reply-per-command invariant a reply that no command asked for",
        ],
        ..NOOP
    },
    Case {
        name: "smtp_much_unsolicited_before_the_letter",
        at: After("DATA"),
        trick: Trick::Much("", b"250 x\r\n", 100_000_000, ""),
        scenarios: &["smtp-letter"],
        says: &["smtp-letter conforms"],
        code: 0,
        ..NOOP
    },
];

const GARBLED: &[Case] = &[
    Case {
        name: "smtp_evil_text",
        trick: Trick::Say(EVIL),
        code: 1,
        says: &[
            "smtp-noop conforms",
            "always rfc5321-4.2-reply-text-characters syntax expected a tab, a space or a printable ASCII character (textstring)",
        ],
        ..NOOP
    },
    Case {
        name: "smtp_evil_code",
        trick: Trick::Say(EVIL_CODE),
        code: 1,
        says: &[
            "smtp-noop inconclusive: setup: step 1: answer breaks rfc5321-4.2-reply-line-syntax",
            "always rfc5321-4.2-reply-line-syntax syntax expected a code of three digits (Reply-line)",
        ],
        ..NOOP
    },
    Case {
        name: "smtp_evil_greeting_and_ehlo",
        at: Instead("EHLO"),
        trick: Trick::Say(b"250-zoo\x1b[2J.test\r\n250-X\x1b]0;x\x07 \xe2\x80\xae\r\n250 \x1b[2J\r\n"),
        code: 1,
        says: &[
            "smtp-noop conforms",
            "always rfc5321-4.1.1.1-ehlo-line-syntax syntax expected a keyword of letters, digits and hyphens, then parameters after one space each (ehlo-line)",
            "always rfc5321-4.2-reply-text-characters syntax expected a tab, a space or a printable ASCII character (textstring)",
        ],
        ..NOOP
    },
    Case {
        name: "smtp_nuls",
        trick: Trick::Say(b"\0\0\0\0\r\n"),
        code: 1,
        says: &[
            "smtp-noop inconclusive: setup: step 1: answer breaks rfc5321-4.2-reply-line-syntax",
            "always rfc5321-4.2-reply-line-syntax syntax expected a code of three digits (Reply-line)",
        ],
        ..NOOP
    },
    Case {
        name: "smtp_huge_code",
        trick: Trick::Say(b"99999999999999999999 x\r\n"),
        code: 1,
        says: &[
            "smtp-noop inconclusive: setup: step 1: answer breaks rfc5321-4.2-reply-code-range",
            "always rfc5321-4.2-reply-code-range syntax expected a first digit 2 to 5 and a second digit 0 to 5 (Reply-code)",
        ],
        ..NOOP
    },
    Case {
        name: "smtp_two_codes_in_one_reply",
        trick: Trick::Say(b"250-a\r\n550 b\r\n"),
        code: 1,
        says: &[
            "smtp-noop inconclusive: setup: step 1: answer breaks rfc5321-4.2.1-multiline-same-code",
            "always rfc5321-4.2.1-multiline-same-code syntax expected the code of the lines before (Reply-line)",
        ],
        ..NOOP
    },
    Case {
        name: "smtp_not_smtp_at_all",
        at: Instead("greeting"),
        trick: Trick::Make(own::noise),
        says: &[
            "smtp-noop inconclusive: setup: greeting: <malformed>",
            "always rfc5321-4.2-reply-line-syntax syntax expected a code of three digits (Reply-line)",
        ],
        code: 1,
        ..NOOP
    },
];

const ENDED: &[Case] = &[
    Case {
        name: "smtp_closed_instead_of_a_greeting",
        at: Instead("greeting"),
        trick: Trick::Close(""),
        scenarios: &["smtp-greeting", "smtp-noop"],
        code: 1,
        says: &[
            "smtp-greeting violates",
            "smtp-greeting breaks local-greeting close <closed>",
            "smtp-noop inconclusive: busy at every try: greeting: closed by the server; let the server take more connections, or lower `-j` or `pace`",
        ],
        ..NOOP
    },
    Case {
        name: "smtp_reset_instead_of_a_greeting",
        at: Instead("greeting"),
        trick: Trick::Reset(""),
        scenarios: &["smtp-greeting", "smtp-noop"],
        code: 1,
        says: &[
            "smtp-greeting violates",
            "smtp-greeting breaks local-greeting close <closed>",
            "smtp-noop inconclusive: busy at every try: greeting: reset by the server; let the server take more connections, or lower `-j` or `pace`",
        ],
        ..NOOP
    },
    Case { name: "smtp_closed_after_a_command", trick: Trick::Close(""), code: 1, says: CLOSED, ..NOOP },
    Case { name: "smtp_reset_after_a_command", trick: Trick::Reset(""), code: 1, says: CLOSED, ..NOOP },
    Case { name: "smtp_closed_within_a_reply", trick: Trick::Close("250-a\r\n250"), code: 1, says: CLOSED, ..NOOP },
    Case { name: "smtp_half_closed", trick: Trick::HalfClose(""), code: 1, says: CLOSED, ..NOOP },
    Case {
        name: "smtp_reset_after_the_letter",
        trick: Trick::Reset(""),
        code: 1,
        says: &[
            "smtp-letter violates",
            "smtp-letter breaks local-letter close <closed>",
            "always rfc5321-3.8-421-before-unsolicited-close close the server closes with a command open and without 421",
        ],
        ..LETTER
    },
    Case {
        name: "smtp_421_storm",
        trick: Trick::Much("", b"421 no\r\n", 80_000, ""),
        says: &[
            "smtp-noop inconclusive: trouble at every try: step 1: 421 <text>; see to the server, or run again later",
        ],
        ..NOOP
    },
];

const LOGINS: &[Case] = &[
    Case {
        name: "smtp_silent_auth",
        scenarios: &["smtp-auth", "smtp-login"],
        code: 1,
        says: &[
            "smtp-auth violates",
            "smtp-auth breaks local-noop silence <silence>",
            "smtp-login inconclusive: connection: no answer",
        ],
        ..LOGIN
    },
    Case {
        name: "smtp_closed_at_auth",
        trick: Trick::Close(""),
        scenarios: &["smtp-auth", "smtp-login"],
        code: 1,
        says: &[
            "smtp-auth violates",
            "smtp-auth breaks local-noop close <closed>",
            "smtp-login inconclusive: connection: closed by the server",
        ],
        ..LOGIN
    },
    Case {
        name: "smtp_endless_line_at_auth",
        trick: Trick::Endless("235 ", b"x"),
        scenarios: &["smtp-auth", "smtp-login"],
        says: &[
            "smtp-auth inconclusive: connection: an answer without end",
            "smtp-login inconclusive: connection: an answer without end",
        ],
        ..LOGIN
    },
    Case {
        name: "smtp_challenges_without_end",
        trick: Trick::Own(own::smtp_challenges),
        scenarios: &["smtp-auth", "smtp-login"],
        says: &[
            "smtp-auth inconclusive: setup: PLAIN: challenges without end",
            "smtp-login inconclusive: setup: PLAIN: challenges without end",
        ],
        ..LOGIN
    },
    Case {
        name: "smtp_challenge_flood",
        trick: Trick::Endless("", b"334 \r\n"),
        scenarios: &["smtp-auth", "smtp-login"],
        says: &[
            "smtp-auth inconclusive: setup: PLAIN: challenges without end",
            "smtp-login inconclusive: setup: PLAIN: challenges without end",
        ],
        ..LOGIN
    },
    Case {
        name: "smtp_scram_of_2147483648_rounds",
        offers: &["AUTH SCRAM-SHA-256"],
        trick: Trick::Own(own::smtp_scram_2_31),
        says: &["smtp-login inconclusive: setup: login: SCRAM-SHA-256 501, PLAIN 535"],
        ..LOGIN
    },
    Case {
        name: "smtp_scram_of_9999999_rounds",
        offers: &["AUTH SCRAM-SHA-256"],
        trick: Trick::Own(own::smtp_scram_10_7),
        says: &["smtp-login inconclusive: setup: login: SCRAM-SHA-256 501, PLAIN 535"],
        ..LOGIN
    },
];
