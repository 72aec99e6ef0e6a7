//! Groups of commands that may be sent in one write.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::base::Template;

/// What may stand anywhere in a group. RFC 2920 §3.1 lets NOOP, VRFY and DATA be last only, and the last one here is RSET,
/// so that nothing is left behind. No foreign recipient: a greylisting server may answer it differently a second later.
const SMTP: &[&str] = &[
    "MAIL FROM:<${sender}>",
    "MAIL FROM:<${sender}>",
    "RCPT TO:<${alice.address}>",
    "RCPT TO:<${alice.address}>",
    "MAIL FROM:<>",
    "RCPT TO:<${nobody}>",
    "RCPT TO:<Postmaster>",
    "RSET",
    "MAIL FROM:<broken",
    "MAIL FROM:<${sender}> X-NOSUCH=1",
    "RCPT TO:<broken..address@@>",
    "RCPT TO:<>",
    "RCPT TO:<x@>",
    "RSET now",
    "MAIL",
    "RCPT",
];

/// For a maildrop of three messages: numbers up to 4 show what does not exist.
const POP3: &[&str] = &[
    "STAT",
    "LIST",
    "UIDL",
    "NOOP",
    "RSET",
    "LIST 1",
    "LIST 3",
    "LIST 4",
    "LIST 0",
    "UIDL 2",
    "UIDL 4",
    "RETR 1",
    "RETR 3",
    "RETR 4",
    "TOP 1 0",
    "TOP 2 1",
    "TOP 3 100",
    "TOP 4 0",
    "TOP 1",
    "DELE 1",
    "DELE 2",
    "DELE 4",
    "RETR",
];

/// Commands during which no EXPUNGE may come (RFC 3501 §7.4.1), so more of their kind may follow without ambiguity (§5.5).
const IMAP_NUMBERED: &[&str] = &[
    "FETCH 1 FLAGS",
    "FETCH 1:* (UID FLAGS)",
    "FETCH 2 BODY.PEEK[HEADER]",
    "FETCH 3 BODY.PEEK[]",
    "FETCH 1:3 (RFC822.SIZE INTERNALDATE ENVELOPE)",
    "FETCH 2 BODYSTRUCTURE",
    "FETCH 1 BODY.PEEK[TEXT]<0.5>",
    "FETCH 1,3 BODY.PEEK[HEADER.FIELDS (SUBJECT)]",
    "SEARCH ALL",
    "SEARCH UNSEEN",
    "SEARCH 1:2 NOT DELETED",
    "FETCH 1 NOSUCH",
    "FETCH",
];

/// Commands without message numbers. EXPUNGE may come here, so they follow all that have some.
const IMAP_UNNUMBERED: &[&str] = &[
    "NOOP",
    "CAPABILITY",
    "LIST \"\" \"\"",
    "LIST \"\" ${box}",
    "STATUS ${box.none} (MESSAGES)",
    "UID FETCH 1:* FLAGS",
    "UID FETCH 1:* (UID RFC822.SIZE)",
    "UID SEARCH ALL",
    "UID FETCH 4294967294 FLAGS",
    "NOOP NOOP",
    "UID FROBNICATE",
];

/// MAIL, RCPT and RSET, right and wrong, RSET last. Few enough not to meet a limit on errors.
pub(super) fn smtp_group() -> impl Strategy<Value = Vec<Template>> {
    vec(select(SMTP), 1..8).prop_map(|commands| templates(commands.into_iter().chain(["RSET"])))
}

/// Read-only commands and DELE, RSET last.
pub(super) fn pop3_batch() -> impl Strategy<Value = Vec<Template>> {
    vec(select(POP3), 1..9).prop_map(|commands| templates(commands.into_iter().chain(["RSET"])))
}

/// Commands whose answers do not depend on each other.
pub(super) fn imap_batch() -> impl Strategy<Value = Vec<Template>> {
    (vec(select(IMAP_NUMBERED), 0..5), vec(select(IMAP_UNNUMBERED), 1..4))
        .prop_map(|(numbered, others)| templates(numbered.into_iter().chain(others)))
}

fn templates<'a>(lines: impl IntoIterator<Item = &'a str>) -> Vec<Template> {
    lines.into_iter().filter_map(|line| Template::parse_line(line).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_tables_is_a_template() {
        for line in [SMTP, POP3, IMAP_NUMBERED, IMAP_UNNUMBERED].concat() {
            assert!(Template::parse_line(line).is_ok(), "{line}");
        }
    }
}
