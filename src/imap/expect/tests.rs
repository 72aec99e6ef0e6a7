use proptest::prelude::*;

use super::Pattern;
use crate::base::{Binds, Type};

fn parse(text: &str) -> Pattern {
    Pattern::parse(text).unwrap_or_else(|mistake| panic!("{text}: {mistake:?}"))
}

#[test]
fn patterns_print_as_they_are_read() {
    for text in [
        "OK",
        "_",
        "NO [TRYCREATE]",
        "evil OK",
        "evil _",
        "A.b:1-c_2! OK",
        "OK [COPYUID ${validity} ${a},${c} ${new}]",
        "NO [BADCHARSET ...]",
        "+",
        "+ \"\"",
        "+ ${challenge}",
        "* BYE",
        "* OK [PERMANENTFLAGS ()]",
        "* 2 EXISTS",
        "* _ EXPUNGE",
        "* ${number} EXPUNGE",
        "* LIST ...",
        "* LIST (...) ${sep} ${box.a}${sep}b",
        r#"* LIST (...) _ "${box.x}\"y\\z""#,
        "* SEARCH",
        "* THREAD (1 (2 3) (4))",
        "* ESEARCH (TAG \"${tag}\") ALL 2,4",
        "* VANISHED (EARLIER) ${gone}",
        r#"* 1 FETCH (BODY[TEXT]<8> "89\r\n")"#,
        r#"* 1 FETCH (BINARY[1] "a\0b\xffc\r\n")"#,
        "* 1 FETCH (BODYSTRUCTURE ${letter.structure})",
        "* 1 FETCH (UID ${a} FLAGS (\\Flagged ...) MODSEQ (_))",
    ] {
        assert_eq!(parse(text).to_string(), text);
    }
}

#[test]
fn lines_of_one_pattern_are_joined_by_blanks() {
    let lines = parse("* 1 FETCH (BODYSTRUCTURE (\n  (\"TEXT\" \"PLAIN\" ...)\n  \"MIXED\" ...))");
    assert_eq!(lines, parse("* 1 FETCH (BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" ...) \"MIXED\" ...))"));
}

#[test]
fn keywords_are_read_in_any_case() {
    assert_eq!(parse("* 1 fetch (body[] nil)"), parse("* 1 FETCH (BODY[] NIL)"));
    assert_eq!(parse("no [trycreate]"), parse("NO [TRYCREATE]"));
}

#[test]
fn mistakes_name_their_place_and_the_remedy() {
    let table = [
        ("OK done", 3..7, "text after a status word is for people and never compared: write `OK`"),
        ("* OK [ALERT] hi", 13..15, "text after a status word is for people and never compared: write `* OK [ALERT]`"),
        (r"* 1 FETCH (FLAGS (\Seen)", 10..11, "unbalanced `(` opened here"),
        ("* LIST () \"/\" x)", 15..16, "unbalanced `)`"),
        ("NO [TRYCREATE", 3..4, "unbalanced `[` opened here"),
        ("BAD [X (a] b)]", 9..10, "unbalanced `]`"),
        ("OK[ALERT]", 0..9, "a blank belongs between `OK` and `[`"),
        ("* EXPUNGE", 2..9, "EXPUNGE comes with a number: write `* _ EXPUNGE` for any"),
        (r#"* LIST () "/ x"#, 10..11, "this string has no closing quote on its line"),
        (r#"* LIST () "\q" x"#, 11..13, r"unknown escape `\q`; a backslash is `\\`"),
        ("* 1 FETCH (BODY.PEEK[] _)", 11..20, "an answer never says `.PEEK`: write `BODY[` or `BINARY[`"),
        ("* ${n}", 6..6, "a response name such as `EXISTS` belongs here"),
    ];
    for (text, at, message) in table {
        let mistake = Pattern::parse(text).unwrap_err();
        assert_eq!((mistake.at, mistake.message.as_str()), (at, message), "{text}");
    }
}

#[test]
fn other_protocols_are_no_imap_patterns() {
    for text in ["250", "250 OK", "+OK", "-ERR", ""] {
        assert!(Pattern::parse(text).unwrap_err().message.starts_with("not an IMAP pattern"), "{text}");
    }
}

#[test]
fn kinds_of_lines_are_told_apart() {
    let kinds = |text: &str| {
        let pattern = parse(text);
        [pattern.is_tagged(), pattern.is_untagged(), pattern.is_continuation(), pattern.is_expunge()]
    };
    assert_eq!(kinds("evil _"), [true, false, false, false]);
    assert_eq!(kinds("* BYE"), [false, true, false, false]);
    assert_eq!(kinds("+"), [false, false, true, false]);
    assert_eq!(kinds("* _ EXPUNGE"), [false, true, false, true]);
    assert_eq!(parse("NO [UNAVAILABLE]").code_name(), Some("UNAVAILABLE"));
}

#[test]
fn each_place_has_its_type() {
    let table = [
        ("* ${x} EXISTS", Type::Number),
        ("* 1 FETCH (UID ${x})", Type::Number),
        ("* 1 FETCH (MODSEQ (${x}))", Type::Number),
        ("* 1 FETCH (RFC822.SIZE ${x})", Type::Number),
        ("* 1 FETCH (BODY[]<${x}> _)", Type::Number),
        ("* 1 FETCH (FLAGS ${x})", Type::Flags),
        ("* 1 FETCH (INTERNALDATE ${x})", Type::Date),
        ("* 1 FETCH (BODY[] ${x})", Type::Octets),
        ("* 1 FETCH (BODYSTRUCTURE ${x})", Type::Structure),
        ("* 1 FETCH (BODYSTRUCTURE (\"TEXT\" _ _ _ _ _ _ ${x} ...))", Type::Number),
        ("* STATUS _ (UIDNEXT ${x})", Type::Number),
        ("* OK [HIGHESTMODSEQ ${x}]", Type::Number),
        ("* OK [PERMANENTFLAGS ${x}]", Type::Flags),
        ("OK [COPYUID _ ${x} _]", Type::Set),
        ("OK [APPENDUID _ ${x}]", Type::Set),
        ("OK [MODIFIED ${x}]", Type::Set),
        ("* VANISHED (EARLIER) ${x}", Type::Set),
        ("* ESEARCH (TAG _) ALL ${x}", Type::Set),
        ("* ESEARCH (TAG _) UID COUNT ${x}", Type::Number),
        ("* SORT ${x}", Type::Number),
        ("* LIST ${x} _ _", Type::Flags),
        ("* LIST _ _ ${x}", Type::Octets),
    ];
    for (text, kind) in table {
        let found = parse(text).vars();
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!((found[0].kind, found[0].binds), (kind, Binds::First), "{text}");
        assert_eq!(&text[found[0].at.clone()], "${x}");
    }
}

#[test]
fn joined_variables_quoted_ones_and_parts_bind_nothing() {
    for text in ["* LIST _ _ ${a}b", "* LIST _ _ \"${a}\"", "* 1 FETCH (RFC822.SIZE ${a.size})", "${a} OK"] {
        assert!(parse(text).vars().iter().all(|found| found.binds == Binds::Never), "{text}");
    }
}

fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("NIL".to_owned()),
        Just("_".to_owned()),
        Just("...".to_owned()),
        Just("${a.b}${sep}c".to_owned()),
        "[0-9]{1,6}",
        "[1-9](:[1-9])?(,[1-9]){0,3}",
        r"\\?[A-Za-z&]{1,8}",
        r#""([ -!#-\[\]-z]|\\"|\\\\|\\r\\n|\\xff|\\0|\$\$\{|\$\{v\}){0,9}""#,
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        proptest::collection::vec(inner, 0..5).prop_map(|values| format!("({})", values.join(" ")))
    })
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(values in proptest::collection::vec(value(), 0..5), head in 0..5_usize) {
        let values = values.join(" ");
        let text = match head {
            0 => format!("* LIST {values}"),
            1 => format!("* 7 FETCH (BODY[HEADER.FIELDS (TO)]<3> _ {values})"),
            2 => format!("OK [X-CODE {values}]"),
            3 => format!("* ${{n}} X-NAME {values}"),
            _ => format!("* BYE [X-CODE {values}]"),
        };
        let read = Pattern::parse(&text).unwrap();
        prop_assert_eq!(Pattern::parse(&read.to_string()).unwrap(), read);
    }
}
