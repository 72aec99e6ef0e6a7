//! The same servers, probed: `mailproof probe` shows what they announce, and nothing of it is obeyed.

use super::case::At::{self, Instead};
use super::case::Service::{Imap, Mx, Pop3, Submission};
use super::case::{Case, Certificate, Service, Trick};

pub(super) const CASES: [&[Case]; 1] = [&[
    of(
        "probe_silent",
        Mx,
        Instead("greeting"),
        Trick::Silence,
        &[
            "mx: ",
            "  stopped: busy at every try: greeting: no answer; let the server take more connections, or lower `-j` or `pace`",
        ],
    ),
    of(
        "probe_reset",
        Mx,
        Instead("greeting"),
        Trick::Reset(""),
        &[
            "mx: ",
            "  stopped: busy at every try: greeting: reset by the server; let the server take more connections, or lower `-j` or `pace`",
        ],
    ),
    of(
        "probe_evil_ehlo",
        Mx,
        Instead("EHLO"),
        Trick::Say(b"250-zoo\x1b[2J\r\n250-X\x1b]0;x\x07\xe2\x80\xae\xff\r\n250 HELP\r\n"),
        &["mx: 220 zoo.test ESMTP ready", "  clear: HELP X\\x1b]0;X\\x07\\xe2\\x80\\xae\\xef\\xbf\\xbd"],
    ),
    of(
        "probe_evil_greeting",
        Pop3,
        Instead("greeting"),
        Trick::Say(b"+OK \x1b[2J\xe2\x80\xae\xc2\x9b <\x1b@x>\r\n"),
        &[
            "pop3: +OK \\x1b[2J\\xe2\\x80\\xae\\xc2\\x9b <\\x1b@x>",
            "  clear: APOP CAPA UIDL USER",
            "  authenticated: APOP CAPA UIDL USER",
            "alice at pop3: accepted [APOP, USER], refused []",
        ],
    ),
    of(
        "probe_evil_separator",
        Imap,
        Instead("LIST"),
        Trick::Say("* LIST () \"\u{202e}\" \"\"\r\n<tag> OK done\r\n".as_bytes()),
        &[
            "imap: * OK ready",
            "  clear: IMAP4REV1",
            "  authenticated: IMAP4REV1",
            "  hierarchy delimiter: \"\\u{202e}\"",
            "alice at imap: accepted [LOGIN command], refused []",
        ],
    ),
    of(
        "probe_endless_capability",
        Imap,
        Instead("CAPABILITY"),
        Trick::Endless("", b"* OK x\r\n"),
        &["imap: * OK ready", "  stopped: connection: an answer without end"],
    ),
    Case {
        code: 2,
        ..of(
            "probe_evil_refusal",
            Submission,
            Instead("AUTH"),
            Trick::Say(b"535 \x1b[2J\xe2\x80\xae no\r\n"),
            &["error: account `alice` cannot log in: submission PLAIN 535; is its password right?"],
        )
    },
]];

const fn of(name: &'static str, service: Service, at: At, trick: Trick, says: &'static [&'static str]) -> Case {
    let certificate = Certificate::Good;
    Case { name, service, offers: &[], at, trick, certificate, scenarios: &[], flags: &[], code: 0, says }
}
