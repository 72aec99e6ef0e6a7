use proptest::prelude::*;

use super::ParseError::{Expected, TooDeep, Unknown, WrongState};
use super::*;
use crate::refserver::imap::mime::SectionText;
use crate::refserver::store::{Flag, FlagChange, Rights, RightsChange};

fn read(text: &str) -> Result<Body, ParseError> {
    parse(format!("a1 {text}").as_bytes(), Extent::Whole, Phase::Selected).map(|command| command.body)
}

fn announced(text: &str, phase: Phase) -> Result<Command, ParseError> {
    parse(text.as_bytes(), Extent::UpToLiteral, phase)
}

fn search(text: &str) -> SearchKey {
    match read(&format!("SEARCH {text}")) {
        Ok(Body::Search(Search { key: SearchKey::And(mut keys), .. })) if keys.len() == 1 => keys.remove(0),
        other => panic!("{text}: {other:?}"),
    }
}

fn created(name: &[u8]) -> Body {
    Body::Create { mailbox: name.to_vec(), uses: Vec::new() }
}

#[test]
fn the_forms_of_a_string_are_equal() {
    for text in ["CREATE x", "create \"x\"", "Create {1}\r\nx", "CREATE {1+}\r\nx"] {
        assert_eq!(read(text), Ok(created(b"x")), "{text}");
    }
    assert_eq!(read("CREATE \"a\\\"\\\\b]\""), Ok(created(b"a\"\\b]")));
    assert_eq!(read("CREATE {3}\r\n\r\n{"), Ok(created(b"\r\n{")));
}

#[test]
fn ill_formed_commands_are_refused() {
    let table = [
        ("NOOP ", Expected("the end of the command")),
        (" NOOP", Unknown),
        ("FROB x", Unknown),
        ("UID NOOP x", Unknown),
        ("CREATE", Expected("a blank")),
        ("CREATE ", Expected("an atom or string")),
        ("CREATE \"x", Expected("a quoted string")),
        ("CREATE \"\\x\"", Expected("a quoted string")),
        ("CREATE {1}\r\n\0", Expected("a literal without NUL")),
        ("CREATE {99999999999999999999}\r\n", Expected("a string")),
        ("FETCH 0 FLAGS", Expected("a number that is not 0")),
        ("FETCH 1, FLAGS", Expected("a number of 32 bits")),
        ("FETCH 4294967296 FLAGS", Expected("a number of 32 bits")),
        ("FETCH 1 (ALL)", Expected("an item of FETCH")),
        ("FETCH 1 ()", Expected("an item of FETCH")),
        ("FETCH 1 BODY[MIME]", Expected("a section")),
        ("FETCH 1 BODY[1.]", Expected("a section")),
        ("FETCH 1 BODY[]<0.0>", Expected("a number that is not 0")),
        ("STORE 1 FLAGS (\\Recent)", Expected("a flag")),
        ("STATUS x ()", Expected("an atom")),
        ("STATUS x (DELETED-)", Expected("an item of STATUS")),
        ("SEARCH ON 30-Feb-2024", Expected("a day that exists")),
        ("SEARCH FOO", Expected("a search key")),
        ("APPEND x \"01-Jan-2024 24:00:00 +0000\" {0}\r\n", Expected("a time that exists")),
        ("APPEND x \"text\"", Expected("digits")),
        ("LOGIN a b", WrongState),
        ("FETCH $,1 FLAGS", Expected("a blank")),
        ("SEARCH RETURN (X) ALL", Expected("a result option")),
        ("SEARCH RETURN () RETURN () ALL", Expected("a search key")),
        ("SEARCH OLDER 0", Expected("a number that is not 0")),
        ("LIST (X) \"\" *", Expected("a selection option")),
        ("LIST (RECURSIVEMATCH REMOTE) \"\" *", Expected("another option with RECURSIVEMATCH")),
        ("LIST \"\" ()", Expected("a mailbox pattern")),
        ("LIST \"\" * RETURN (X)", Expected("a return option")),
        ("LIST \"\" * RETURN (STATUS ())", Expected("an atom")),
        ("FETCH 1 FLAGS (CHANGEDSINCE 9223372036854775808)", Expected("a mod-sequence")),
        ("FETCH 1 FLAGS (CHANGEDSINCE 1 VANISHED)", Expected("a modifier of FETCH")),
        ("UID FETCH 1 FLAGS (VANISHED)", Expected("CHANGEDSINCE")),
        ("STORE 1 (UNCHANGEDSINCE x) FLAGS ()", Expected("a mod-sequence")),
        ("SELECT x (QRESYNC (1 0))", Expected("a mod-sequence that is not 0")),
        ("SELECT x (QRESYNC (1 5 1:*))", Expected("a set of numbers")),
        ("SELECT x (QRESYNC (1 5 1 (1)))", Expected("a blank")),
        ("SELECT x (X)", Expected("a parameter of SELECT")),
        ("SEARCH MODSEQ \"/x\" all 5", Expected("a flag's entry")),
        ("SEARCH EMAILID a.b", Expected("an object identifier")),
        ("CREATE x (X)", Expected("USE")),
        ("CREATE x (USE (Sent))", Expected("a use")),
    ];
    for (text, expected) in table {
        assert_eq!(read(text), Err(expected), "{text}");
    }
}

#[test]
fn ill_formed_parts_of_later_extensions_are_refused() {
    let table = [
        ("FETCH 1 BINARY[TEXT]", Expected("a part by its numbers")),
        ("FETCH 1 BINARY.SIZE[1]<0.1>", Expected("the end of the command")),
        ("FETCH 1 BINARY", Expected("an item of FETCH")),
        ("CREATE ~{1}\r\nx", Expected("the end of the command")),
        ("APPEND x ~\"a\"", Expected("a string")),
        ("APPEND x ~{2}\r\na", ParseError::Literal { octets: 2, mode: LiteralMode::Synchronising }),
        ("APPEND x UTF8 ({1}\r\na)", Expected("a literal8")),
        ("APPEND x UTF8 (~{1}\r\na", Expected("a closing parenthesis")),
        ("APPEND x UTF8 ~{1}\r\na", Expected("a string")),
        ("COMPRESS", Expected("a blank")),
        ("COMPRESS GZIP", Expected("DEFLATE")),
        ("COMPRESS DEFLATE 9", Expected("the end of the command")),
        ("REPLACE 1:2 x {1}\r\na", Expected("a blank")),
        ("REPLACE 0 x {1}\r\na", Expected("a number that is not 0")),
        ("REPLACE $ x {1}\r\na", Expected("a number of 32 bits")),
        ("REPLACE 1 x {1}\r\na {1}\r\nb", Expected("the end of the command")),
        ("REPLACE 1 x", Expected("a blank")),
        ("SEARCH RETURN (PARTIAL 1:2 ALL) ALL", Expected("one of PARTIAL and ALL")),
        ("SEARCH RETURN (PARTIAL 1:2 PARTIAL 1:2) ALL", Expected("one of PARTIAL and ALL")),
        ("SEARCH RETURN (PARTIAL) ALL", Expected("a blank")),
        ("SEARCH RETURN (PARTIAL -1:2) ALL", Expected("a second number from the end")),
        ("FETCH 1 FLAGS (PARTIAL 1:2)", Expected("a modifier of FETCH")),
        ("UID FETCH 1 FLAGS (PARTIAL 1:2 PARTIAL 1:2)", Expected("a modifier of FETCH")),
        ("UID FETCH 1 FLAGS (PARTIAL 1:2 VANISHED)", Expected("CHANGEDSINCE")),
        ("FETCH 1 PREVIEW (LAZY SLOW)", Expected("LAZY")),
        ("FETCH 1 PREVIEW (SLOW)", Expected("a modifier of FETCH")),
        ("FETCH 1 (PREVIEW ())", Expected("an item of FETCH")),
        ("FETCH 1 (PREVIEW (LAZY)", Expected("a closing parenthesis")),
    ];
    for (text, expected) in table {
        assert_eq!(read(text), Err(expected), "{text}");
    }
}

#[test]
fn tags_are_checked_and_found_in_wrong_commands() {
    assert_eq!(tag_of(b"A.b:1-c_2!]"), Some("A.b:1-c_2!]".to_owned()));
    assert_eq!(tag_of(b"a1 \xff"), Some("a1".to_owned()));
    for wrong in [&b"+ NOOP"[..], b"a+ NOOP", b"", b" NOOP", b"a\"b NOOP", b"\xff NOOP"] {
        assert_eq!(tag_of(wrong), None, "{wrong:?}");
    }
}

#[test]
fn the_client_may_go_ahead_only_when_all_before_the_literal_is_well() {
    let literal = |octets, mode| Err(ParseError::Literal { octets, mode });
    let mode = LiteralMode::Synchronising;
    assert_eq!(announced("a LOGIN {5}\r\n", Phase::NotAuthenticated), literal(5, mode));
    assert_eq!(announced("a LOGIN {1}\r\nx {0}\r\n", Phase::NotAuthenticated), literal(0, mode));
    assert_eq!(announced("a CREATE {3+}\r\n", Phase::Selected), literal(3, LiteralMode::NonSynchronising));
    assert_eq!(announced("a FROB {5}\r\n", Phase::Selected), Err(Unknown));
    assert_eq!(announced("a SELECT {5}\r\n", Phase::NotAuthenticated), Err(WrongState));
    assert_eq!(announced("a NOOP {5}\r\n", Phase::Selected), Err(Expected("the end of the command")));
    assert_eq!(announced("a APPEND x ~{5}\r\n", Phase::Selected), literal(5, mode));
    assert_eq!(announced("a APPEND x () ~{5+}\r\n", Phase::Selected), literal(5, LiteralMode::NonSynchronising));
    assert!(parse(b"a CREATE {0}\r\n", Extent::Whole, Phase::Selected).is_ok());
}

#[test]
fn fetch_items_and_macros_are_read() {
    let items = |text: &str| match read(&format!("UID FETCH 1:*,3 {text}")) {
        Ok(Body::Fetch(Fetch { by: Numbering::Uid, items, .. })) => items,
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(items("full").len(), 5);
    assert_eq!(items("(RFC822.SIZE uid)"), [FetchItem::Rfc822Size, FetchItem::Uid]);
    let [FetchItem::Peek { section, partial }] = &items("BODY.PEEK[1.2.HEADER.FIELDS.NOT (a \"b\")]<3.4>")[..] else {
        panic!("one item is expected");
    };
    assert_eq!((section.path.as_slice(), *partial), (&[1, 2][..], Some((3, 4))));
    assert_eq!(section.text, Some(SectionText::HeaderFieldsNot(vec![b"a".to_vec(), b"b".to_vec()])));
}

#[test]
fn binary_items_are_read() {
    let item = |text: &str| match read(&format!("FETCH 1 {text}")) {
        Ok(Body::Fetch(Fetch { items, .. })) if items.len() == 1 => items[0].clone(),
        other => panic!("{text}: {other:?}"),
    };
    let table = [
        ("BINARY[1.2]<3.4>", vec![1, 2], BinaryWhat::Content(Some((3, 4)))),
        ("binary.peek[]", vec![], BinaryWhat::Peek(None)),
        ("BINARY.SIZE[7]", vec![7], BinaryWhat::Size),
    ];
    for (text, path, what) in table {
        assert_eq!(item(text), FetchItem::Binary(Binary { path, what }), "{text}");
    }
}

#[test]
fn the_modifier_of_preview_is_told_from_those_of_fetch() {
    let fetch = |text: &str| match read(&format!("UID FETCH 1 {text}")) {
        Ok(Body::Fetch(Fetch { items, changed, .. })) => (items, changed.map(|changed| changed.since)),
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(fetch("PREVIEW"), (vec![FetchItem::Preview], None));
    assert_eq!(fetch("preview (lazy)"), (vec![FetchItem::Preview], None));
    assert_eq!(fetch("PREVIEW (CHANGEDSINCE 5)"), (vec![FetchItem::Preview], Some(5)));
    assert_eq!(fetch("PREVIEW (LAZY LAZY) (CHANGEDSINCE 5)"), (vec![FetchItem::Preview], Some(5)));
    assert_eq!(fetch("(UID PREVIEW (LAZY) FLAGS)").0, [FetchItem::Uid, FetchItem::Preview, FetchItem::Flags]);
}

#[test]
fn a_literal8_may_have_any_octets() {
    let Ok(Body::Append(append)) = read("APPEND x (\\Seen) ~{3+}\r\na\0b {1}\r\nc") else {
        panic!("an APPEND is expected");
    };
    let Ok(Body::Append(unicode)) = read("APPEND x () utf8 (~{2+}\r\n\u{e9}) UTF8 (~{1}\r\na)") else {
        panic!("an APPEND is expected");
    };
    assert!(unicode.messages.len() == 2 && unicode.messages.iter().all(|message| message.form == MessageForm::Utf8));
    let forms: Vec<_> = append.messages.iter().map(|message| (message.form, message.octets.as_slice())).collect();
    assert_eq!(forms, [(MessageForm::Literal8, &b"a\0b"[..]), (MessageForm::Literal, b"c")]);
}

#[test]
fn search_keys_are_read() {
    let flag = |name: &str| SearchKey::Flag(Flag::new(name));
    assert_eq!(search("unseen"), SearchKey::Not(Box::new(flag(r"\Seen"))));
    assert_eq!(
        search("OR DELETED NOT KEYWORD $x"),
        SearchKey::Or(Box::new(flag(r"\Deleted")), Box::new(SearchKey::Not(Box::new(flag("$x")))),)
    );
    assert_eq!(search("SUBJECT {1}\r\n)"), SearchKey::Header { name: b"SUBJECT".to_vec(), value: b")".to_vec() });
    assert_eq!(search("SINCE \"1-Feb-2024\""), search("SINCE 01-Feb-2024"));
    let deep = format!("SEARCH {}ALL", "NOT ".repeat(1000));
    assert_eq!(read(&deep), Err(TooDeep));
    assert!(matches!(read("SEARCH CHARSET UTF-8 TEXT \"é\""), Ok(Body::Search(Search { charset: Some(_), .. }))));
}

#[test]
fn append_and_store_are_read() {
    let Ok(Body::Append(append)) = read("APPEND x (\\seen $k) \" 7-Feb-1994 21:52:25 -0830\" {3}\r\na\r\n") else {
        panic!("an APPEND is expected");
    };
    let [message] = &append.messages[..] else { panic!("one message is expected") };
    assert_eq!(message.date.unwrap().to_imap(), " 7-Feb-1994 21:52:25 -0830");
    assert_eq!((message.flags.len(), message.octets.as_slice()), (2, &b"a\r\n"[..]));
    let Ok(Body::Store(store)) = read("STORE 1 -flags.silent \\Seen x") else { panic!("a STORE is expected") };
    assert_eq!((store.change, store.answer, store.flags.len()), (FlagChange::Remove, StoreAnswer::Silent, 2));
    assert!(matches!(read("STORE 1 FLAGS ()"), Ok(Body::Store(store)) if store.flags.is_empty()));
}

#[test]
fn replace_is_read() {
    let read = |text: &str| match read(text) {
        Ok(Body::Replace(replace)) => replace,
        other => panic!("{text}: {other:?}"),
    };
    let plain = read("REPLACE 4 Drafts {1}\r\na");
    assert_eq!(
        (plain.by, plain.number, plain.mailbox.as_slice()),
        (Numbering::Sequence, SetNumber::Number(4), &b"Drafts"[..])
    );
    let full = read("uid replace * x (\\Seen) \" 7-Feb-1994 21:52:25 -0830\" ~{2}\r\n\0a");
    assert_eq!((full.by, full.number), (Numbering::Uid, SetNumber::Largest));
    assert_eq!((full.message.flags.len(), full.message.octets.as_slice()), (1, &b"\0a"[..]));
    assert!(full.message.date.is_some());
    for text in ["a REPLACE 1 x {9}\r\n", "a UID REPLACE 1 x () {9}\r\n"] {
        assert!(matches!(announced(text, Phase::Selected), Err(ParseError::Literal { octets: 9, .. })), "{text}");
        assert_eq!(announced(text, Phase::Authenticated), Err(WrongState));
    }
}

#[test]
fn ill_formed_rights_and_quotas_are_refused() {
    let table = [
        ("SETACL x \"\" lr", Expected("an identifier")),
        ("SETACL x - lr", Expected("an identifier")),
        ("SETACL x \"a\u{7}\" lr", Expected("an identifier")),
        ("SETACL x bob lrq", Expected("rights that are known")),
        ("SETACL x bob lQ", Expected("rights that are known")),
        ("SETACL x bob", Expected("a blank")),
        ("MYRIGHTS x bob", Expected("the end of the command")),
        ("GETQUOTA", Expected("a blank")),
        ("SETQUOTA x STORAGE", Expected("a parenthesis")),
        ("SETQUOTA x (STORAGE)", Expected("a blank")),
        ("SETQUOTA x (STORAGE -1)", Expected("a limit of 63 bits")),
    ];
    for (text, expected) in table {
        assert_eq!(read(text), Err(expected), "{text}");
    }
}

#[test]
fn rights_are_read_with_their_sign() {
    let rights = |letters: &str| Rights::parse(letters.as_bytes()).unwrap();
    let set = |text: &str| match read(text) {
        Ok(Body::Acl(AclCommand::SetAcl { identifier, change, rights, .. })) => (identifier, change, rights),
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(set("SETACL x bob lrd"), ("bob".to_owned(), RightsChange::Replace, rights("lrte")));
    assert_eq!(set("setacl {1}\r\nx \"-bob\" +w"), ("-bob".to_owned(), RightsChange::Add, rights("w")));
    assert_eq!(set("SETACL x anyone \"-\""), ("anyone".to_owned(), RightsChange::Remove, rights("")));
    assert!(
        matches!(read("LISTRIGHTS x \"I\u{ad}X\""), Ok(Body::Acl(AclCommand::ListRights { given, identifier, .. }))
        if given == "I\u{ad}X".as_bytes() && identifier == "IX")
    );
}

#[test]
fn sets_resolve_to_sorted_ranges() {
    let ranges = |text: &str| match read(&format!("COPY {text} x")) {
        Ok(Body::Copy { set, .. }) => set.ranges(9, || vec![2, 3, 7]),
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(ranges("5,3:1,4"), [(1, 5)]);
    assert_eq!(ranges("*:12,2"), [(2, 2), (9, 12)]);
    assert_eq!(ranges("*"), [(9, 9)]);
    assert_eq!(ranges("$"), [(2, 3), (7, 7)]);
}

#[test]
fn an_initial_response_may_be_empty() {
    let initial = |text: &str| {
        let body = parse(text.as_bytes(), Extent::Whole, Phase::NotAuthenticated).unwrap().body;
        let Body::Authenticate { mechanism, initial } = body else { panic!("{body:?}") };
        (mechanism, initial)
    };
    assert_eq!(initial("a AUTHENTICATE plain"), ("PLAIN".to_owned(), None));
    assert_eq!(initial("a AUTHENTICATE PLAIN ="), ("PLAIN".to_owned(), Some(Vec::new())));
    assert_eq!(initial("a AUTHENTICATE PLAIN AHg="), ("PLAIN".to_owned(), Some(b"\0x".to_vec())));
}

proptest! {
    #[test]
    fn any_octets_are_read_or_refused_without_panic(
        name in prop::sample::select(vec!["", "FETCH 1 BODY[", "SEARCH ", "APPEND x ", "STORE 1 ", "LIST ", "ID ("]),
        rest in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b"()[]{}<>\"\\*%., 19\r\nA".to_vec())], 0..40),
    ) {
        let octets = [b"a ", name.as_bytes(), &rest].concat();
        let whole = parse(&octets, Extent::Whole, Phase::Selected);
        // What is a whole command is one in every way of asking, unless a literal ends it.
        if let (Ok(whole), Ok(partial)) = (&whole, parse(&octets, Extent::UpToLiteral, Phase::Selected)) {
            prop_assert_eq!(whole, &partial);
        }
        prop_assert_eq!(tag_of(&octets), Some("a".to_owned()));
    }
}
