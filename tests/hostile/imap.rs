//! Servers that speak IMAP, more or less.

use super::case::At::{After, Instead};
use super::case::Service::Imap;
use super::case::{Case, Certificate, Trick};
use super::own;

/// An IMAP server that lets alice in and is asked for NOOP.
const NOOP: Case = Case {
    name: "",
    service: Imap,
    offers: &[],
    at: Instead("NOOP"),
    trick: Trick::Silence,
    certificate: Certificate::Good,
    scenarios: &["imap-noop"],
    flags: &[],
    code: 3,
    says: &[],
};

/// The same, asked for a message.
const FETCH: Case = Case { at: Instead("FETCH"), scenarios: &["imap-fetch"], ..NOOP };

/// The same, asked to select a mailbox.
const SELECT: Case = Case { at: Instead("SELECT"), scenarios: &["imap-select"], ..NOOP };

/// The same, asked to compress.
const COMPRESS: Case =
    Case { offers: &["COMPRESS=DEFLATE"], at: Instead("compressed"), scenarios: &["imap-compress"], ..NOOP };

pub(super) const CASES: [&[Case]; 6] = [SILENT, ENDLESS, COUNTS, GARBLED, ENDED, COMPRESSED];

const SILENT: &[Case] = &[
    Case {
        name: "imap_polite",
        at: Instead("never"),
        scenarios: &["imap"],
        code: 0,
        says: &[
            "imap-auth conforms",
            "imap-compress not-applicable: needs COMPRESS=DEFLATE",
            "imap-fetch conforms",
            "imap-greeting conforms",
            "imap-idle conforms",
            "imap-logout conforms",
            "imap-noop conforms",
            "imap-select conforms",
            "imap-tls not-applicable: no TLS offered",
        ],
        ..NOOP
    },
    Case {
        name: "imap_silent_greeting",
        at: Instead("greeting"),
        scenarios: &["imap-greeting", "imap-noop"],
        code: 1,
        says: &[
            "imap-greeting violates",
            "imap-greeting breaks local-greeting silence <silence>",
            "imap-noop inconclusive: busy at every try: greeting: no answer; let the server take more connections, or lower `-j` or `pace`",
        ],
        ..NOOP
    },
    Case {
        name: "imap_silent_capability",
        at: Instead("CAPABILITY"),
        says: &["imap-noop inconclusive: connection: no answer"],
        ..NOOP
    },
    Case {
        name: "imap_silent_login",
        at: Instead("LOGIN"),
        says: &["imap-noop inconclusive: connection: no answer"],
        ..NOOP
    },
    Case {
        name: "imap_silent_noop",
        code: 1,
        says: &["imap-noop violates", "imap-noop breaks local-noop silence <silence>"],
        ..NOOP
    },
    Case {
        name: "imap_silent_within_a_literal",
        at: Instead("FETCH"),
        trick: Trick::Stop("* 1 FETCH (BODY[] {100000}\r\nx"),
        scenarios: &["imap-fetch"],
        code: 1,
        says: &["imap-fetch violates", "imap-fetch breaks local-message silence <silence>"],
        ..NOOP
    },
    Case {
        name: "imap_silent_after_idle",
        at: Instead("DONE"),
        scenarios: &["imap-idle"],
        code: 1,
        says: &["imap-idle violates", "imap-idle breaks local-noop silence <silence>"],
        ..NOOP
    },
    Case {
        name: "imap_silent_logout",
        at: Instead("LOGOUT"),
        scenarios: &["imap-logout"],
        code: 1,
        says: &["imap-logout violates", "imap-logout breaks local-logout silence <silence>"],
        ..NOOP
    },
];

const ENDLESS: &[Case] = &[
    Case {
        name: "imap_endless_line",
        trick: Trick::Endless("* OK ", b"x"),
        says: &["imap-noop inconclusive: connection: an answer beyond every bound"],
        ..NOOP
    },
    Case {
        name: "imap_endless_data",
        trick: Trick::Endless("", b"* 1 EXISTS\r\n"),
        says: &["imap-noop inconclusive: connection: an answer beyond every bound"],
        ..NOOP
    },
    Case {
        name: "imap_endless_continuations",
        trick: Trick::Endless("", b"+\r\n"),
        says: &[
            "imap-noop inconclusive: setup: step 1: answer breaks rfc3501-7.5-continuation-format",
            "always rfc3501-7.5-continuation-format syntax expected a space (continue-req)",
        ],
        code: 1,
        ..NOOP
    },
    Case {
        name: "imap_endless_continuations_with_text",
        trick: Trick::Endless("", b"+ go\r\n"),
        says: &[
            "imap-noop violates",
            "imap-noop breaks local-noop mismatch + <text>",
            "always rfc3501-7.5-continuation-format syntax a continuation request that nothing waits for",
        ],
        code: 1,
        ..NOOP
    },
    Case {
        name: "imap_endless_expunges",
        trick: Trick::Endless("", b"* 1 EXPUNGE\r\n"),
        says: &[
            "imap-fetch inconclusive: connection: an answer beyond every bound",
            "always rfc3501-7.4.1-expunge-renumbering invariant EXPUNGE of a number above the present number of messages",
            "always rfc3501-7.4.1-no-expunge-in-fetch invariant a message vanishes during a command that keeps it",
        ],
        code: 1,
        ..FETCH
    },
    Case {
        name: "imap_bye_storm",
        trick: Trick::Endless("", b"* BYE no\r\n"),
        says: &["imap-noop inconclusive: connection: an answer beyond every bound"],
        ..NOOP
    },
    Case {
        name: "imap_tags_never_sent",
        trick: Trick::Much("", b"A9999 OK done\r\n", 150_000, "<tag> OK done\r\n"),
        code: 3,
        says: &["imap-noop inconclusive: connection: an answer beyond every bound"],
        ..NOOP
    },
    Case {
        name: "imap_much_unsolicited",
        at: After("CAPABILITY"),
        trick: Trick::Much("", b"* OK still here\r\n", 100_000_000, ""),
        says: &["imap-noop inconclusive: connection: an answer without end"],
        ..NOOP
    },
    Case {
        name: "imap_endless_capability_words",
        at: Instead("CAPABILITY"),
        trick: Trick::Much("* CAPABILITY IMAP4rev1", b" XWORD", 6_000_000, "\r\n<tag> OK done\r\n"),
        says: &["imap-noop inconclusive: connection: an answer without end"],
        ..NOOP
    },
    Case {
        name: "imap_capability_of_100000_words",
        at: Instead("CAPABILITY"),
        trick: Trick::Much("* CAPABILITY IMAP4rev1", b" XWORD", 600_000, "\r\n<tag> OK done\r\n"),
        code: 0,
        says: &["imap-noop conforms"],
        ..NOOP
    },
    Case {
        name: "imap_challenges_without_end",
        offers: &["AUTH=PLAIN"],
        at: Instead("AUTHENTICATE"),
        trick: Trick::Own(own::imap_challenges),
        says: &["imap-noop conforms"],
        code: 0,
        ..NOOP
    },
    Case {
        name: "imap_challenge_flood",
        offers: &["AUTH=PLAIN"],
        at: Instead("AUTHENTICATE"),
        trick: Trick::Endless("", b"+ \r\n"),
        says: &["imap-noop conforms"],
        code: 0,
        ..NOOP
    },
];

const COUNTS: &[Case] = &[
        Case { name: "imap_literal_of_4_gib_announced", trick: Trick::Stop("* 1 FETCH (BODY[] {4294967296}\r\nx"), says: &["imap-fetch inconclusive: connection: an answer beyond every bound"], ..FETCH },
        Case { name: "imap_literal_of_4_gib_sent", trick: Trick::Endless("* 1 FETCH (BODY[] {4294967296}\r\n", b"x"), says: &["imap-fetch inconclusive: connection: an answer beyond every bound"], ..FETCH },
        Case { name: "imap_literal_beyond_64_bits", trick: Trick::Say(b"* 1 FETCH (BODY[] {18446744073709551616}\r\nx)\r\n<tag> OK done\r\n"), says: &["imap-fetch inconclusive: connection: an answer beyond every bound"], ..FETCH },
        Case { name: "imap_literal_of_7_mib", trick: Trick::Much("* 1 FETCH (BODY[] {7000000}\r\n", b"x", 7_000_000, ")\r\n<tag> OK done\r\n"), code: 0, says: &["imap-fetch conforms"], ..FETCH },
        Case { name: "imap_literal_negative", trick: Trick::Say(b"* 1 FETCH (BODY[] {-1}\r\nx)\r\n<tag> OK done\r\n"), code: 1, says: &["imap-fetch inconclusive: setup: step 1: answer breaks rfc3501-4.3-server-literal-count", "always rfc3501-4.3-server-literal-count syntax expected a number (number)", "always rfc3501-9-output-grammar syntax expected a space (response)"], ..FETCH },
        Case { name: "imap_a_million_small_literals", trick: Trick::Endless("* X", b" {1}\r\nx"), says: &["imap-noop inconclusive: connection: an answer beyond every bound"], ..NOOP },
        Case { name: "imap_huge_exists", trick: Trick::Say(b"* 99999999999999999999 EXISTS\r\n<tag> OK done\r\n"), code: 1, says: &["imap-select inconclusive: setup: step 1: answer breaks rfc3501-9-output-grammar", "always rfc3501-9-output-grammar syntax expected a number from 1 to 4294967295, without leading zero (nz-number)"], ..SELECT },
        Case { name: "imap_largest_exists", trick: Trick::Say(b"* 4294967295 EXISTS\r\n<tag> OK done\r\n"), code: 1, says: &["imap-select violates", "imap-select breaks local-listing mismatch * <number> EXISTS", "always rfc3501-6.3.1-select-flags invariant a mailbox opened without FLAGS", "always rfc3501-6.3.1-select-permanentflags invariant a mailbox opened without PERMANENTFLAGS", "always rfc3501-6.3.1-select-recent invariant a mailbox opened without RECENT", "always rfc3501-6.3.1-select-uidnext invariant a mailbox opened without UIDNEXT", "always rfc3501-6.3.1-select-uidvalidity invariant a mailbox opened without UIDVALIDITY"], ..SELECT },
        Case { name: "imap_largest_sequence_sets", trick: Trick::Say(b"* 4294967295 EXISTS\r\n* VANISHED 1:4294967295\r\n* SEARCH 4294967295\r\n* ESEARCH ALL 1:4294967295\r\n<tag> OK [COPYUID 1 1:4294967295 1:4294967295] done\r\n"), code: 1, says: &["imap-select violates", "imap-select breaks local-listing mismatch * <number> EXISTS"], ..SELECT },
        Case { name: "imap_negative_exists", trick: Trick::Say(b"* -1 EXISTS\r\n<tag> OK done\r\n"), code: 1, says: &["imap-select violates", "imap-select breaks local-listing mismatch OK <text>", "always rfc3501-6.3.1-select-exists invariant a mailbox opened without EXISTS", "always rfc3501-6.3.1-select-flags invariant a mailbox opened without FLAGS", "always rfc3501-6.3.1-select-permanentflags invariant a mailbox opened without PERMANENTFLAGS", "always rfc3501-6.3.1-select-recent invariant a mailbox opened without RECENT", "always rfc3501-6.3.1-select-uidnext invariant a mailbox opened without UIDNEXT", "always rfc3501-6.3.1-select-uidvalidity invariant a mailbox opened without UIDVALIDITY"], ..SELECT },
        Case { name: "imap_expunge_0", trick: Trick::Say(b"* 0 EXPUNGE\r\n<tag> OK done\r\n"), code: 1, says: &["imap-fetch inconclusive: setup: step 1: answer breaks rfc3501-9-output-grammar", "always rfc3501-9-output-grammar syntax expected a number from 1 to 4294967295, without leading zero (nz-number)"], ..FETCH },];

const GARBLED: &[Case] = &[
    Case {
        name: "imap_nested_100000_deep",
        trick: Trick::Much("* X ", b"(", 100_000, "\r\n<tag> OK done\r\n"),
        code: 0,
        says: &["imap-noop conforms"],
        ..NOOP
    },
    Case {
        name: "imap_bodystructure_100000_deep",
        trick: Trick::Much("* 1 FETCH (BODYSTRUCTURE ", b"(", 100_000, "\r\n<tag> OK done\r\n"),
        code: 3,
        says: &["imap-fetch inconclusive: connection: an answer beyond every bound"],
        ..FETCH
    },
    Case {
        name: "imap_thread_100000_deep",
        trick: Trick::Much("* THREAD ", b"(", 100_000, "\r\n<tag> OK done\r\n"),
        code: 3,
        says: &["imap-noop inconclusive: connection: an answer beyond every bound"],
        ..NOOP
    },
    Case {
        name: "imap_envelope_of_50000_addresses",
        trick: Trick::Much(
            "* 1 FETCH (ENVELOPE (NIL NIL (",
            b"(NIL NIL NIL NIL)",
            850_000,
            ") NIL NIL NIL NIL NIL NIL NIL))\r\n<tag> OK done\r\n",
        ),
        code: 0,
        says: &["imap-noop conforms"],
        ..NOOP
    },
    Case {
        name: "imap_evil_text",
        trick: Trick::Say(
            b"* NO \x1b]0;owned\x07\x1b[2J\xe2\x80\xaecba\xe2\x81\xa6\xc2\x9b31m\xff\r\n<tag> OK \x1b[2J\r\n",
        ),
        code: 1,
        says: &["imap-noop conforms", "always rfc3501-9-output-grammar syntax expected a 7-bit character (text)"],
        ..NOOP
    },
    Case {
        name: "imap_evil_data",
        trick: Trick::Say(b"* \x1b[2J\xe2\x80\xae x\r\n<tag> OK done\r\n"),
        code: 1,
        says: &["imap-noop conforms", "always rfc3501-9-output-grammar syntax expected an atom (atom)"],
        ..NOOP
    },
    Case {
        name: "imap_evil_code",
        trick: Trick::Say(b"<tag> NO [\x1b[2J\xe2\x80\xae] no\r\n"),
        code: 1,
        says: &[
            "imap-noop inconclusive: setup: step 1: answer breaks rfc3501-9-output-grammar",
            "always rfc3501-9-output-grammar syntax expected a 7-bit character (text)",
        ],
        ..NOOP
    },
    Case {
        name: "imap_evil_capability",
        at: Instead("CAPABILITY"),
        trick: Trick::Say(b"* CAPABILITY IMAP4rev1 X\x1b]0;x\x07\xe2\x80\xae\r\n<tag> OK done\r\n"),
        code: 1,
        says: &["imap-noop conforms", "always rfc3501-9-output-grammar syntax expected the end of the line (response)"],
        ..NOOP
    },
    Case {
        name: "imap_nuls",
        trick: Trick::Say(b"* OK a\0b\r\n<tag> OK done\r\n"),
        code: 1,
        says: &["imap-noop conforms", "always rfc3501-4.3.1-no-nul-output syntax expected no NUL in text (CHAR)"],
        ..NOOP
    },
    Case {
        name: "imap_noise",
        trick: Trick::Make(own::noise),
        says: &[
            "imap-noop inconclusive: setup: step 1: answer breaks rfc3501-9-output-grammar",
            "always rfc3501-9-output-grammar syntax expected `*`, `+` or a tag (tag)",
            "always rfc3501-9-output-grammar syntax expected a space (response)",
        ],
        code: 1,
        ..NOOP
    },
];

const ENDED: &[Case] = &[
    Case {
        name: "imap_closed_after_a_command",
        trick: Trick::Close(""),
        code: 1,
        says: &[
            "imap-noop violates",
            "imap-noop breaks local-noop close <closed>",
            "always rfc3501-3.4-no-close-without-bye close the server closes without BYE",
        ],
        ..NOOP
    },
    Case {
        name: "imap_reset_after_a_command",
        trick: Trick::Reset(""),
        code: 1,
        says: &["imap-noop violates", "imap-noop breaks local-noop close <closed>"],
        ..NOOP
    },
    Case {
        name: "imap_reset_within_a_literal",
        trick: Trick::Reset("* 1 FETCH (BODY[] {100000}\r\nx"),
        code: 1,
        says: &["imap-fetch violates", "imap-fetch breaks local-message close <closed>"],
        ..FETCH
    },
    Case {
        name: "imap_half_closed",
        trick: Trick::HalfClose(""),
        code: 1,
        says: &[
            "imap-noop violates",
            "imap-noop breaks local-noop close <closed>",
            "always rfc3501-3.4-no-close-without-bye close the server closes without BYE",
        ],
        ..NOOP
    },
    Case {
        name: "imap_bye_and_closed",
        trick: Trick::Close("* BYE no\r\n"),
        says: &[
            "imap-noop inconclusive: trouble at every try: step 1: * BYE <text>; see to the server, or run again later",
        ],
        ..NOOP
    },
];

const COMPRESSED: &[Case] = &[
    Case {
        name: "imap_compressed_noise",
        trick: Trick::Own(own::raw_noise),
        says: &["imap-compress inconclusive: connection: TLS or compression failed"],
        ..COMPRESS
    },
    Case {
        name: "imap_compression_bomb",
        at: Instead("NOOP"),
        trick: Trick::Much("* OK ", b"x", 200_000_000, "\r\n"),
        says: &["imap-compress inconclusive: connection: an answer beyond every bound"],
        ..COMPRESS
    },
    Case {
        name: "imap_compression_bomb_of_small_lines",
        at: Instead("NOOP"),
        trick: Trick::Much("", b"* 1 EXISTS\r\n", 200_000_000, "<tag> OK done\r\n"),
        says: &["imap-compress inconclusive: connection: an answer beyond every bound"],
        ..COMPRESS
    },
    Case {
        name: "imap_compressed_silence",
        at: Instead("NOOP"),
        trick: Trick::Silence,
        code: 1,
        says: &["imap-compress violates", "imap-compress breaks local-noop silence <silence>"],
        ..COMPRESS
    },
];
