use super::*;

mod mailbox;

use mailbox::MAILBOX;

/// Who has said what before a row begins.
#[derive(Clone, Copy)]
enum Begin {
    /// Nothing was said.
    Start,
    /// Alice is logged in.
    LoggedIn,
    /// Her INBOX is selected.
    Selected,
    /// In the second session too.
    Both,
}
use Begin::{Both, LoggedIn, Selected, Start};

impl Begin {
    fn lines(self) -> String {
        match self {
            Start => String::new(),
            LoggedIn => logged_in(""),
            Selected => selected(""),
            Both => selected("") + &selected("2"),
        }
    }
}

/// A requirement, where its dialogue begins, the dialogue with `@` for what differs, what conforms there, and what does not.
type Row = (&'static str, Begin, &'static str, &'static str, &'static str);

const SELECT: &str = "C: b @
    S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)
    S: * OK [PERMANENTFLAGS (\\Seen \\*)] x
    S: * 3 EXISTS
    S: * 0 RECENT
    S: * OK [UIDVALIDITY 7] x
    S: * OK [UIDNEXT 10] x";

const QRESYNC: &str = "C: e ENABLE QRESYNC\nS: * ENABLED QRESYNC\nS: e OK x
    C: s SELECT INBOX
    S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)
    S: * OK [PERMANENTFLAGS (\\Seen)] x
    S: * 3 EXISTS\nS: * 0 RECENT
    S: * OK [UIDVALIDITY 7] x\nS: * OK [UIDNEXT 10] x\nS: * OK [HIGHESTMODSEQ 50] x
    S: s OK [READ-WRITE] x\n";

/// Rows of commands, answers and the session as a whole.
const SESSION: &[Row] = &[
    ("rfc3501-2.2-greeting-first", Start, "S: @", "* OK ready", "* 1 EXISTS"),
    ("rfc3501-2.2.2-one-completion-per-command", LoggedIn, "C: b NOOP\nS: @", "b OK x", "evil OK x"),
    ("rfc3501-2.2.2-one-completion-per-command", LoggedIn, "C: b NOOP\nS: b OK x\nC: c NOOP\nS: @", "c OK x", "b OK x"),
    ("rfc3501-7.5-continuation-format", LoggedIn, "C: b @\nS: + go", "IDLE", "NOOP"),
    ("rfc7888-3-no-continuation", LoggedIn, "C: b CREATE {1@}|x\nS: + go", "+} {1", "+"),
    ("rfc3501-3.4-no-close-without-bye", LoggedIn, "@\nX:", "S: * BYE x", ""),
    ("rfc9051-3.4-close-without-bye", Start, "S: * OK [CAPABILITY IMAP4rev2] x\n@\nX:", "S: * BYE x", ""),
    ("rfc3501-6.1.3-bye-before-ok", LoggedIn, "C: b LOGOUT\n@\nS: b OK x", "S: * BYE x", ""),
    (
        "rfc3501-6.1.1-capability-single-response",
        LoggedIn,
        "C: b CAPABILITY\n@\nS: b OK x",
        "S: * CAPABILITY IMAP4rev1",
        "",
    ),
    (
        "rfc3501-6.1.1-capability-single-response",
        LoggedIn,
        "C: b CAPABILITY\nS: * CAPABILITY IMAP4rev1\n@\nS: b OK x",
        "",
        "S: * CAPABILITY IMAP4rev1",
    ),
    ("rfc5161-3.1-enabled-untagged", LoggedIn, "C: b ENABLE X\n@\nS: b OK x", "S: * ENABLED", ""),
    ("rfc5161-3.1-response-only-own", LoggedIn, "C: b ENABLE QRESYNC\nS: * ENABLED @\nS: b OK x", "QRESYNC", "UIDONLY"),
    ("rfc7162-3.2.3-enable-advertised", LoggedIn, "S: * CAPABILITY IMAP4rev1 CONDSTORE QRESYNC @", "ENABLE", "ID"),
    ("rfc7162-3.2.2-condstore-advertised", LoggedIn, "S: * CAPABILITY IMAP4rev1 ENABLE QRESYNC @", "CONDSTORE", "ID"),
    (
        "rfc9051-6.2.1-starttls-not-offered-after-tls",
        Start,
        "S: * OK x\nC: a STARTTLS\nS: a OK x\nC: b CAPABILITY\nS: * CAPABILITY IMAP4rev2 @\nS: b OK x",
        "AUTH=PLAIN",
        "STARTTLS",
    ),
    ("rfc7888-5-not-both", LoggedIn, "S: * CAPABILITY IMAP4rev1 LITERAL+ @", "ID", "LITERAL-"),
    ("rfc2971-3.3-field-length", LoggedIn, "S: * ID (\"@\" \"x\")", "name", "a23456789b123456789c123456789d1"),
    ("rfc2971-3.3-no-duplicate-fields", LoggedIn, "S: * ID (\"name\" \"x\" \"@\" \"x\")", "os", "NAME"),
    ("rfc3501-7.2.2-one-selectability-flag", LoggedIn, "S: * LIST (\\Noselect @) NIL x", "\\NoInferiors", "\\marked"),
    (
        "rfc3501-7.2.2-delimiter-consistent",
        LoggedIn,
        "S: * LIST () \"/\" a/b\nS: * LIST () @",
        "\"/\" a/c",
        "\".\" a.c",
    ),
    ("rfc5258-4-not-both", LoggedIn, "S: * LIST (\\HasChildren @) NIL x", "\\Marked", "\\HasNoChildren"),
    (
        "rfc3501-6.3.10-status-response",
        LoggedIn,
        "C: b STATUS x (MESSAGES)\nS: * STATUS @\nS: b OK x",
        "x (MESSAGES 1)",
        "y (MESSAGES 1)",
    ),
    (
        "rfc3501-6.3.10-status-response",
        LoggedIn,
        "C: b STATUS x (MESSAGES)\nS: * STATUS x (@ 1)\nS: b OK x",
        "MESSAGES",
        "UNSEEN",
    ),
    ("rfc3501-6.3.10-status-unseen", LoggedIn, "S: * STATUS x (MESSAGES 2 UNSEEN @)", "2", "3"),
    ("rfc3501-6.3.10-status-recent", LoggedIn, "S: * STATUS x (MESSAGES 2 RECENT @)", "2", "3"),
    ("rfc3501-2.3.1.1-uidnext-lower-bound", LoggedIn, "S: * STATUS x (MESSAGES 2 UIDNEXT @)", "3", "2"),
];

/// Rows of opening a mailbox.
const OPENING: &[Row] = &[
    (
        "rfc3501-7.2.6-flags-include-system-flags",
        LoggedIn,
        "S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen @)",
        "\\Draft",
        "$a",
    ),
    ("rfc3501-9-flags-output-known", Selected, "C: b NOOP\nS: * 1 FETCH (FLAGS (@))", "\\Recent", "\\Odd"),
    ("rfc3501-6.3.2-examine-read-only-code", LoggedIn, "", "[READ-ONLY]", "[READ-WRITE]"),
    ("rfc3501-6.3.1-select-unseen", LoggedIn, "S: * OK [UNSEEN @] x\n", "3", "4"),
    ("rfc3501-7.3.2-recent-count-consistent", LoggedIn, "S: * @ RECENT\n", "3", "4"),
    (
        "rfc3501-7.1-permanentflags-within-flags",
        LoggedIn,
        "S: * OK [PERMANENTFLAGS (\\Seen \\* @)] x\n",
        "\\deleted",
        "$a",
    ),
    ("rfc7162-3.1.2-highestmodseq-or-nomodseq", LoggedIn, "S: * OK [@] x\n", "NOMODSEQ", "UIDNEXT 10"),
];

/// Rows of mod-sequences.
const MODSEQS: &[Row] = &[
    (
        "rfc7162-3.1-monotonic-in-session",
        Selected,
        "C: b STORE 1 +FLAGS (a)\nS: * 1 FETCH (UID 7 MODSEQ (5))\nS: b OK x\nC: c STORE 1 +FLAGS (b)\nS: * 1 FETCH (UID 7 MODSEQ (@))",
        "6",
        "4",
    ),
    ("rfc7162-3.2.7-vanished-instead-of-expunge", LoggedIn, "<enabled>C: b EXPUNGE\nS: * @", "VANISHED 7", "1 EXPUNGE"),
    ("rfc7162-3.2.10.2-vanished-not-during-fetch", LoggedIn, "<enabled>C: b @FETCH 1 UID\nS: * VANISHED 7", "UID ", ""),
    ("rfc7162-3.2.8-close-no-vanished", LoggedIn, "<enabled>C: b @\nS: * VANISHED 7", "EXPUNGE", "CLOSE"),
    (
        "rfc7162-3.2.10.2-vanished-only-known",
        LoggedIn,
        "<enabled>C: b FETCH 1:3 UID\nS: * 1 FETCH (UID 2)\nS: * 2 FETCH (UID 4)\nS: * 3 FETCH (UID 6)\nS: b OK x\nC: c EXPUNGE\nS: * VANISHED @",
        "4",
        "3",
    ),
    ("rfc7162-3.2.10.2-vanished-only-known", LoggedIn, "<enabled>C: c EXPUNGE\nS: * VANISHED @", "1:3", "1:4"),
    (
        "rfc7162-3.2.10-vanished-no-earlier-tag",
        LoggedIn,
        "<enabled>C: c UID FETCH 1:* (FLAGS) (CHANGEDSINCE 1@)\nS: * VANISHED (EARLIER) 7",
        " VANISHED",
        "",
    ),
    (
        "rfc7162-3.2.4-uid-in-unsolicited-fetch",
        LoggedIn,
        "<enabled>C: c NOOP\nS: * 1 FETCH (@ FLAGS ())",
        "UID 7 MODSEQ (60)",
        "UID 7",
    ),
    (
        "rfc9051-7.5.2-unsolicited-fetch-uid",
        LoggedIn,
        "C: e ENABLE IMAP4rev2\nS: * ENABLED IMAP4rev2\nS: e OK x\n<selected>C: c NOOP\nS: * 1 FETCH (@ FLAGS ())",
        "UID 7",
        "MODSEQ (60)",
    ),
    (
        "rfc7162-3.1.2.1-highestmodseq-is-highest",
        LoggedIn,
        "<enabled>C: f FETCH 1 MODSEQ\nS: * 1 FETCH (UID 7 MODSEQ (60))\nS: f OK x\n<again>",
        "60",
        "59",
    ),
];

/// The dialogue of a row with one of its two endings.
fn dialogue(row: &Row, ending: &str) -> String {
    let (id, from, body, _, _) = *row;
    let opens = OPENING.iter().any(|other| other.0 == id) && !body.contains("FETCH") && !body.contains("FLAGS (\\An");
    let body = if opens {
        let (name, code) = match id {
            "rfc3501-6.3.2-examine-read-only-code" => ("EXAMINE x", "@"),
            "rfc7162-3.1.2-highestmodseq-or-nomodseq" => ("SELECT x (CONDSTORE)", "[READ-WRITE]"),
            _ => ("SELECT x", "[READ-WRITE]"),
        };
        format!("{}\n{body}S: b OK {code} x", SELECT.replace('@', name))
    } else {
        let again = QRESYNC
            .split_once("S: e OK x\n")
            .unwrap()
            .1
            .replace("SELECT INBOX\n", "SELECT INBOX\nS: * OK [CLOSED] x\n");
        let listed = again.replace("S: * OK [CLOSED] x", "S: * LIST () NIL INBOX");
        body.replace("<again>", &again.replace("HIGHESTMODSEQ 50", "HIGHESTMODSEQ @"))
            .replace("<enabled>", QRESYNC)
            .replace("<selected>", &listed)
    };
    from.lines() + &body.replace('@', ending)
}

fn rows() -> impl Iterator<Item = &'static Row> {
    SESSION.iter().chain(OPENING).chain(MAILBOX).chain(MODSEQS)
}

#[test]
fn each_invariant_cites_its_requirement_and_nothing_else() {
    let mut wrong = Vec::new();
    for row in rows() {
        for (ending, expected) in [(row.3, vec![]), (row.4, vec![row.0.to_owned()])] {
            let dialogue = dialogue(row, ending);
            let found = broken(&dialogue);
            if found != expected {
                wrong.push(format!("{dialogue}\nbreaks {found:?}, not {expected:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Lines of SELECT that must not be missing, and what is broken without each.
const REQUIRED: [(&str, &str); 6] = [
    ("FLAGS (\\Answered", "rfc3501-6.3.1-select-flags"),
    ("EXISTS", "rfc3501-6.3.1-select-exists"),
    ("RECENT", "rfc3501-6.3.1-select-recent"),
    ("PERMANENTFLAGS", "rfc3501-6.3.1-select-permanentflags"),
    ("UIDNEXT", "rfc3501-6.3.1-select-uidnext"),
    ("UIDVALIDITY", "rfc3501-6.3.1-select-uidvalidity"),
];

#[test]
fn select_and_examine_miss_nothing() {
    for (name, code) in [("SELECT x", "READ-WRITE"), ("EXAMINE x", "READ-ONLY")] {
        let whole = logged_in("") + &SELECT.replace('@', name);
        assert_eq!(broken(&format!("{whole}\nS: b OK [{code}] x")), [""; 0]);
        for (line, id) in REQUIRED {
            let rest: Vec<&str> = whole.lines().filter(|one| !one.contains(line)).collect();
            let id = if name.starts_with("EXAMINE") { "rfc3501-6.3.2-examine-same-output" } else { id };
            assert_eq!(broken(&format!("{}\nS: b OK [{code}] x", rest.join("\n"))), [id], "{line}");
        }
    }
}

#[test]
fn opening_another_mailbox_says_closed() {
    let again = |name: &str, closed: &str| {
        let select = SELECT.replace('@', name).replacen("S:", &format!("{closed}\nS:"), 1);
        broken(&format!("{}{select}\nS: b OK [READ-WRITE] x", selected("")))
    };
    assert_eq!(again("SELECT x", "S: * OK [CLOSED] x"), [""; 0]);
    assert_eq!(again("SELECT x", ""), ["rfc7162-3.2.11-closed-code"]);
    assert_eq!(again("SELECT inbox", ""), [""; 0]);
}

#[test]
fn rev2_lists_the_mailbox_that_is_opened() {
    let enabled = format!("{}C: e ENABLE IMAP4rev2\nS: * ENABLED IMAP4rev2\nS: e OK x\n", logged_in(""));
    let open =
        |list: &str| broken(&format!("{enabled}{}\n{list}\nS: b OK [READ-WRITE] x", SELECT.replace('@', "SELECT x")));
    assert_eq!(open("S: * LIST () NIL x"), [""; 0]);
    assert_eq!(open(""), ["rfc9051-6.3.2-select-list-response"]);
}

#[test]
fn id_fields_are_few_and_short() {
    let id = |fields: &str| broken(&format!("{}S: * ID ({fields})", logged_in("")));
    let pairs = |count: usize| (0..count).map(|n| format!("\"f{n}\" \"x\"")).collect::<Vec<_>>().join(" ");
    assert_eq!(id(&pairs(30)), [""; 0]);
    assert_eq!(id(&pairs(31)), ["rfc2971-3.3-pair-count"]);
    assert_eq!(id(&format!("\"a\" \"{}\"", "x".repeat(1024))), [""; 0]);
    assert_eq!(id(&format!("\"a\" \"{}\"", "x".repeat(1025))), ["rfc2971-3.3-value-length"]);
}

#[test]
fn every_invariant_beyond_grammar_has_a_row() {
    let elsewhere = REQUIRED.iter().map(|(_, id)| *id).chain([
        "rfc3501-6.3.2-examine-same-output",
        "rfc7162-3.2.11-closed-code",
        "rfc9051-6.3.2-select-list-response",
        "rfc2971-3.3-pair-count",
        "rfc2971-3.3-value-length",
    ]);
    let tested: BTreeSet<&str> = rows().map(|row| row.0).chain(elsewhere).collect();
    let all: BTreeSet<&str> = beyond_grammar().collect();
    assert_eq!(tested, all);
}
