//! Patterns against trees of the strict parser, one that fits and one that does not for each kind of response.

use super::{Does, Ending, judge};
use crate::run::judge::Decision;

/// Pattern, a response that fits it, a response that does not.
const TABLE: &[(&str, &str, &str)] = &[
    ("* 2 EXISTS", "* 2 EXISTS", "* 3 EXISTS"),
    ("* _ RECENT", "* 0 RECENT", "* 0 EXISTS"),
    ("* FLAGS (\\Seen)", "* FLAGS (\\Answered \\Seen)", "* FLAGS (\\Answered)"),
    ("* OK [PERMANENTFLAGS ()]", "* OK [PERMANENTFLAGS ()] x", "* OK [PERMANENTFLAGS (\\Seen)] x"),
    ("* OK [PERMANENTFLAGS (\\* ...)]", "* OK [PERMANENTFLAGS (\\Seen \\*)] x", "* OK [PERMANENTFLAGS (\\Seen)] x"),
    ("* OK [UIDVALIDITY 7]", "* OK [UIDVALIDITY 7] x", "* OK [UIDVALIDITY 8] x"),
    ("* OK [HIGHESTMODSEQ _]", "* OK [HIGHESTMODSEQ 715194045007] x", "* OK [NOMODSEQ] x"),
    ("* LIST (...) ${sep} ${box}", "* LIST (\\HasNoChildren) \"/\" mp", "* LIST () \".\" mp"),
    ("* LIST (...) ${sep} \"a b\"", "* LIST () \"/\" \"a b\"", "* LIST () \"/\" \"a c\""),
    ("* LIST (\\Noselect) _ a", "* LIST (\\noselect \\HasChildren) \"/\" a", "* LIST (\\HasChildren) \"/\" a"),
    ("* LIST (...) NIL a", "* LIST () NIL a", "* LIST () \"/\" a"),
    ("* LIST (...) _ inbox", "* LIST () \"/\" INBOX", "* LIST () \"/\" inbox2"),
    ("* LIST (...) _ a", "* LIST () \"/\" {1}\na", "* LIST () \"/\" {1}\nb"),
    (
        "* LIST (\\Subscribed) _ a (CHILDINFO (SUBSCRIBED))",
        "* LIST (\\Subscribed) \"/\" a (CHILDINFO (\"SUBSCRIBED\"))",
        "* LIST (\\Subscribed) \"/\" a",
    ),
    ("* LSUB (...) _ a", "* LSUB (\\Noselect) \"/\" a", "* LIST () \"/\" a"),
    ("* STATUS ${box} (MESSAGES 2)", "* STATUS mp (UIDNEXT 4 MESSAGES 2)", "* STATUS mp (MESSAGES 3 UIDNEXT 2)"),
    ("* STATUS ${box} (HIGHESTMODSEQ _)", "* STATUS mp (HIGHESTMODSEQ 7011231777)", "* STATUS mp (MESSAGES 1)"),
    ("* SEARCH 2 4", "* SEARCH 4 2", "* SEARCH 2 4 5"),
    ("* SEARCH", "* SEARCH", "* SEARCH 1"),
    ("* SEARCH 2 (MODSEQ _)", "* SEARCH 2 (MODSEQ 917162500)", "* SEARCH 2"),
    ("* SEARCH 2 4 (MODSEQ 9)", "* SEARCH 4 2 (MODSEQ 9)", "* SEARCH 4 2 (MODSEQ 8)"),
    ("* SORT 2 1 (MODSEQ 9)", "* SORT 2 1 (MODSEQ 9)", "* SORT 1 2 (MODSEQ 9)"),
    ("* MYRIGHTS ${box} ${rights}", "* MYRIGHTS mp lr", "* MYRIGHTS mp2 lr"),
    ("* LISTRIGHTS ${box} bob ld r ...", "* LISTRIGHTS mp bob dl s r t", "* LISTRIGHTS mp bob dl s t"),
    ("* SORT 2 1 3", "* SORT 2 1 3", "* SORT 1 2 3"),
    ("* SORT", "* SORT", "* SORT 1"),
    ("* THREAD (1 (2 3)(4))", "* THREAD (1 (2 3)(4))", "* THREAD (1 2 3 4)"),
    ("* THREAD (1 2)(3)", "* THREAD (1 2)(3)", "* THREAD (1)(2 3)"),
    ("* THREAD (1 2)", "* THREAD (1 2)", "* THREAD ((1)(2))"),
    ("* ESEARCH (TAG \"${tag}\") MIN 2", "* ESEARCH (TAG \"A1\") COUNT 2 MIN 2", "* ESEARCH (TAG \"A2\") MIN 2"),
    ("* ESEARCH ALL 2,4", "* ESEARCH (TAG \"A1\") ALL 2,4", "* ESEARCH (TAG \"A1\") ALL 2:4"),
    ("* ESEARCH UID ALL 2:4", "* ESEARCH (TAG \"A1\") UID ALL 2,3,4", "* ESEARCH (TAG \"A1\") ALL 2:4"),
    ("* ESEARCH COUNT 0", "* ESEARCH (TAG \"A1\") UID COUNT 0", "* ESEARCH (TAG \"A1\") UID COUNT 1"),
    ("* VANISHED (EARLIER) 2:4", "* VANISHED (EARLIER) 2,3,4", "* VANISHED 2:4"),
    ("* VANISHED 4", "* VANISHED 4", "* VANISHED (EARLIER) 4"),
    ("* CAPABILITY IDLE", "* CAPABILITY IMAP4rev1 idle", "* CAPABILITY IMAP4rev1"),
    ("* ENABLED CONDSTORE", "* ENABLED CONDSTORE QRESYNC", "* ENABLED"),
    ("* 1 FETCH (FLAGS (\\Seen))", "* 1 FETCH (FLAGS (\\Seen \\Recent) UID 4)", "* 1 FETCH (FLAGS (\\Seen \\Deleted))"),
    ("* 1 FETCH (MODSEQ (12))", "* 1 FETCH (MODSEQ (12))", "* 1 FETCH (MODSEQ (13))"),
    ("* 1 FETCH (RFC822.SIZE 9)", "* 1 FETCH (RFC822.SIZE 9)", "* 1 FETCH (RFC822.SIZE 10)"),
    (
        "* 1 FETCH (BODY[TEXT]<0> \"a\\r\\nb\")",
        "* 1 FETCH (BODY[TEXT]<0> {4}\na\nb)",
        "* 1 FETCH (BODY[TEXT] {4}\na\nb)",
    ),
    ("* 1 FETCH (BODY[] \"ab\")", "* 1 FETCH (BODY[] \"ab\")", "* 1 FETCH (BODY[] \"aB\")"),
    (
        "* 1 FETCH (BODY[HEADER.FIELDS (SUBJECT)] \"\")",
        "* 1 FETCH (BODY[HEADER.FIELDS (Subject)] \"\")",
        "* 1 FETCH (BODY[HEADER.FIELDS (TO)] \"\")",
    ),
    ("* 1 FETCH (BODY[1.2.MIME] \"\")", "* 1 FETCH (BODY[1.2.MIME] \"\")", "* 1 FETCH (BODY[1.2] \"\")"),
    ("* 1 FETCH (BINARY[1] \"ab\")", "* 1 FETCH (BINARY[1] ~{2}\nab)", "* 1 FETCH (BINARY[2] ~{2}\nab)"),
    ("* 1 FETCH (BINARY.SIZE[1] 9)", "* 1 FETCH (BINARY.SIZE[1] 9)", "* 1 FETCH (BINARY.SIZE[1] 8)"),
    (
        "* 1 FETCH (INTERNALDATE \"17-Jul-1996 02:44:25 -0700\")",
        "* 1 FETCH (INTERNALDATE \"17-Jul-1996 09:44:25 +0000\")",
        "* 1 FETCH (INTERNALDATE \"17-Jul-1996 09:44:26 +0000\")",
    ),
    (
        "* 1 FETCH (ENVELOPE (_ \"word\" ((NIL NIL \"a\" \"example.test\")) _ _ NIL NIL NIL NIL _))",
        "* 1 FETCH (ENVELOPE (NIL \"word\" ((NIL NIL \"a\" \"example.test\")) ((NIL NIL \"a\" \"example.test\")) ((NIL NIL \"a\" \"example.test\")) NIL NIL NIL NIL \"<1@x.test>\"))",
        "* 1 FETCH (ENVELOPE (NIL \"word\" ((NIL NIL \"b\" \"example.test\")) ((NIL NIL \"a\" \"example.test\")) ((NIL NIL \"a\" \"example.test\")) NIL NIL NIL NIL \"<1@x.test>\"))",
    ),
    (
        "* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"UTF-8\") NIL NIL \"7BIT\" 7 1 ...))",
        "* 1 FETCH (BODYSTRUCTURE (\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL \"7bit\" 7 1 NIL NIL NIL NIL))",
        "* 1 FETCH (BODYSTRUCTURE (\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL \"7bit\" 8 1 NIL NIL NIL NIL))",
    ),
    (
        "* 1 FETCH (BODY ((\"TEXT\" \"PLAIN\" ...) (\"MESSAGE\" \"RFC822\" ...) \"MIXED\"))",
        "* 1 FETCH (BODY ((\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 7 1)(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 9 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 0 0) 2) \"MIXED\"))",
        "* 1 FETCH (BODY ((\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 7 1) \"MIXED\"))",
    ),
    (
        "* 1 FETCH (BODYSTRUCTURE (_ (\"MESSAGE\" \"RFC822\" _ _ _ _ _ (NIL \"in\" ...) ((\"TEXT\" \"PLAIN\" ...) \"MIXED\" ...) _ ...) ...))",
        "* 1 FETCH (BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 7 1 NIL NIL NIL NIL)(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 9 (NIL \"in\" NIL NIL NIL NIL NIL NIL NIL NIL) ((\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 0 0 NIL NIL NIL NIL) \"MIXED\" (\"BOUNDARY\" \"x\") NIL NIL NIL) 2 NIL NIL NIL NIL) \"MIXED\" (\"BOUNDARY\" \"y\") NIL NIL NIL))",
        "* 1 FETCH (BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 7 1 NIL NIL NIL NIL)(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 9 (NIL \"out\" NIL NIL NIL NIL NIL NIL NIL NIL) ((\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 0 0 NIL NIL NIL NIL) \"MIXED\" (\"BOUNDARY\" \"x\") NIL NIL NIL) 2 NIL NIL NIL NIL) \"MIXED\" (\"BOUNDARY\" \"y\") NIL NIL NIL))",
    ),
    (
        "* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 7 1 NIL (\"ATTACHMENT\" (\"FILENAME\" \"a\")) ...))",
        "* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 7 1 NIL (\"attachment\" (\"filename\" \"a\")) NIL NIL))",
        "* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 7 1 NIL (\"attachment\" (\"filename\" \"A\")) NIL NIL))",
    ),
    ("* ACL ${box} bob lr", "* ACL mp bob rl", "* ACL mp bob lrs"),
    ("* ACL ${box} bob lr ...", "* ACL mp alice lrs bob lr", "* ACL mp alice lr"),
    ("* MYRIGHTS ${box} lrs", "* MYRIGHTS mp srl", "* MYRIGHTS mp lr"),
    ("* LISTRIGHTS ${box} bob \"\" l r s", "* LISTRIGHTS mp bob \"\" s r l", "* LISTRIGHTS mp bob l r s"),
    (
        "* NAMESPACE ((\"\" \"/\")) NIL NIL",
        "* NAMESPACE ((\"\" \"/\")) NIL NIL",
        "* NAMESPACE ((\"\" \"/\")) NIL ((\"#p/\" \"/\"))",
    ),
    (
        "* NAMESPACE ((\"\" ${sep}) ...) ...",
        "* NAMESPACE ((\"\" \"/\")) NIL ((\"#p/\" \"/\"))",
        "* NAMESPACE ((\"\" \".\")) NIL NIL",
    ),
    ("* QUOTA _ (STORAGE 10 512)", "* QUOTA \"\" (STORAGE 10 512)", "* QUOTA \"\" (STORAGE 10 511)"),
    ("* QUOTA _ (... MESSAGE 1 _)", "* QUOTA \"\" (STORAGE 10 512 MESSAGE 1 9)", "* QUOTA \"\" (STORAGE 1 9)"),
    ("* QUOTAROOT ${box} ...", "* QUOTAROOT mp \"\"", "* QUOTAROOT mp2 \"\""),
    (
        "* METADATA ${box} (/shared/comment \"x\")",
        "* METADATA mp (/private/a NIL /shared/comment \"x\")",
        "* METADATA mp (/shared/comment \"y\")",
    ),
    (
        "* METADATA ${box} (/shared/comment NIL)",
        "* METADATA mp (/shared/comment NIL)",
        "* METADATA mp (/shared/comment \"NIL\")",
    ),
    ("* METADATA ${box} /shared/comment", "* METADATA mp /shared/comment /private/a", "* METADATA mp /private/a"),
    ("* ID (\"name\" _ ...)", "* ID (\"name\" \"x\" \"version\" \"1\")", "* ID (\"version\" \"1\")"),
    ("* ID NIL", "* ID NIL", "* ID (\"name\" \"x\")"),
    ("* NO", "* NO x", "* OK x"),
    ("* PREAUTH", "* PREAUTH x", "* OK x"),
    ("* BYE", "* BYE x", "* OK x"),
];

#[test]
fn each_kind_of_response_is_told_from_another() {
    let mut wrong = Vec::new();
    for (pattern, fitting, other) in TABLE {
        let judged = |wire: &str| {
            assert!(super::frames(wire)[0].is_parsed(), "{wire}: {:?}", super::frames(wire)[0].syntax_error());
            let expected = format!("{pattern}\nOK");
            judge(Does::Commands(1), &expected, &format!("{wire}\nA1 OK x"), Ending::Open, 0)
        };
        if !matches!(judged(fitting), Decision::Holds(_)) {
            wrong.push(format!("{pattern} does not fit {fitting}: {:?}", judged(fitting)));
        }
        if !matches!(judged(other), Decision::Fails(_)) {
            wrong.push(format!("{pattern} fits {other}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn codes_of_tagged_responses_are_compared_by_their_meaning() {
    let table = [
        ("OK [READ-WRITE]", "[READ-WRITE]", true),
        ("OK [READ-WRITE]", "[READ-ONLY]", false),
        ("OK [COPYUID _ 4,6 8:9]", "[COPYUID 7 6,4 9,8]", true),
        ("OK [COPYUID _ 4,6 8:9]", "[COPYUID 7 4:6 7:9]", false),
        ("OK [COPYUID ${v} 4 ${new}]", "[COPYUID 7 4 9]", true),
        ("OK [APPENDUID _ 4:5]", "[APPENDUID 7 5,4]", true),
        ("OK [APPENDUID _ 4]", "[APPENDUID 7 5]", false),
        ("OK [MODIFIED 7,9]", "[MODIFIED 9,7]", true),
        ("OK [MODIFIED 7,9]", "[MODIFIED 7]", false),
        ("OK [BADCHARSET ...]", "[BADCHARSET (UTF-8)]", true),
        ("OK [BADCHARSET ...]", "[BADCHARSET]", true),
        ("OK [CAPABILITY IDLE]", "[CAPABILITY IMAP4rev1 IDLE]", true),
        ("OK [CAPABILITY IDLE]", "[CAPABILITY IMAP4rev1]", false),
        ("OK [HIGHESTMODSEQ 5]", "[HIGHESTMODSEQ 5]", true),
        ("OK [HIGHESTMODSEQ 5]", "[HIGHESTMODSEQ 6]", false),
        ("OK [METADATA LONGENTRIES 2199]", "[METADATA LONGENTRIES 2199]", true),
        ("OK [METADATA LONGENTRIES 2199]", "[METADATA LONGENTRIES 2198]", false),
    ];
    for (pattern, code, fits) in table {
        let wire = format!("A1 OK {code} x");
        assert!(super::frames(&wire)[0].is_parsed(), "{wire}");
        let decision = judge(Does::Commands(1), pattern, &wire, Ending::Open, 0);
        assert_eq!(matches!(decision, Decision::Holds(_)), fits, "{pattern} against {wire}: {decision:?}");
    }
}
