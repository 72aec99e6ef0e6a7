use super::Pattern;
use super::node::Node;
use super::pattern::Kind;
use crate::base::{Bindings, Bound, Captures};
use crate::imap::{Code, Grammar, Response, Value};

/// A response from text that has no human words: the reader of patterns knows the same syntax.
fn response(wire: &str) -> Response {
    let code = |code: &super::pattern::Code| Code { name: code.name.clone(), args: values(&code.args) };
    let text = "".into();
    match Pattern::parse(wire).unwrap().0 {
        Kind::Continue(challenge) => {
            let Some(Node::Text(text)) = challenge else { panic!("no text: {wire}") };
            Response::Continue { text: text.template.as_text().unwrap() }
        }
        Kind::Tagged { tag, status, code: sent } => {
            let tag = tag.map(|tag| tag.to_string()).unwrap_or_else(|| "A1".to_owned());
            Response::Status { tag: Some(tag), status: status.unwrap(), code: sent.as_ref().map(code), text }
        }
        Kind::Status { status, code: sent } => {
            Response::Status { tag: None, status, code: sent.as_ref().map(code), text }
        }
        Kind::Data { number, name, args } => {
            let number = number.map(|number| number.to_string().parse().unwrap());
            Response::Data { number, name, args: values(&args), grammar: Grammar::Known }
        }
    }
}

fn values(nodes: &[Node]) -> Vec<Value> {
    nodes.iter().map(value).collect()
}

fn value(node: &Node) -> Value {
    match node {
        Node::Nil => Value::Nil,
        Node::List(nodes) => Value::List(values(nodes)),
        Node::Section { item, spec, origin } => Value::Section {
            item: item.clone(),
            spec: spec.template.as_text().unwrap(),
            origin: origin.as_ref().map(|origin| origin.to_string().parse().unwrap()),
        },
        Node::Text(text) => {
            let octets = text.template.as_text().unwrap();
            match (text.form, std::str::from_utf8(&octets).ok().and_then(|text| text.parse().ok())) {
                (super::text::Form::Quoted, _) => Value::Quoted(octets),
                (super::text::Form::Bare, Some(number)) => Value::Number(number),
                (super::text::Form::Bare, None) => Value::Atom(octets),
            }
        }
        Node::Any | Node::More => panic!("servers do not send {node}"),
    }
}

fn env() -> Bindings {
    let mut env = Bindings::default();
    env.bind("box", Bound::octets("mp-1"));
    env.bind("sep", Bound::octets("/"));
    env.bind("a", Bound::Number(4));
    env.bind("c", Bound::Number(6));
    env.bind("tag", Bound::octets("A1"));
    env.bind("letter.structure", Bound::Structure(r#"("TEXT" "PLAIN" NIL NIL NIL "7BIT" 7 1 ...)"#.to_owned()));
    env
}

fn matched(pattern: &str, wire: &str) -> Option<Captures> {
    Pattern::parse(pattern).unwrap().matches(&response(wire), &env()).ok()
}

const FITTING: &[(&str, &str)] = &[
    ("OK", "OK [READ-WRITE]"),
    ("_", "NO"),
    ("NO [TRYCREATE]", "NO [TRYCREATE]"),
    ("evil OK", "evil OK"),
    ("* BYE", "* BYE"),
    ("* 2 EXISTS", "* 2 EXISTS"),
    ("* _ EXPUNGE", "* 9 EXPUNGE"),
    ("+ \"\"", "+ \"\""),
    ("+ \"ab\"", "+ \"YWI=\""),
    ("+", "+ \"idling\""),
    ("* CAPABILITY STARTTLS", "* CAPABILITY IMAP4rev1 starttls IDLE"),
    ("* OK [CAPABILITY IDLE]", "* OK [CAPABILITY IMAP4rev1 IDLE]"),
    ("* FLAGS (\\Seen)", "* FLAGS (\\Answered \\SEEN)"),
    ("* FLAGS ()", "* FLAGS ()"),
    ("* OK [PERMANENTFLAGS (...)]", "* OK [PERMANENTFLAGS (\\Seen \\*)]"),
    ("* 1 FETCH (FLAGS (\\Seen))", "* 1 FETCH (UID 4 FLAGS (\\Recent \\seen))"),
    ("* 1 FETCH (FLAGS (\\Seen ...))", "* 1 FETCH (FLAGS (\\Flagged \\Seen))"),
    ("* 1 FETCH (FLAGS (\\Seen _))", "* 1 FETCH (FLAGS (\\Flagged \\Seen))"),
    ("* LIST (...) ${sep} ${box}${sep}b", r#"* LIST (\HasNoChildren) "/" "mp-1/b""#),
    ("* LIST (...) NIL inbox", "* LIST () NIL INBOX"),
    ("* LIST (...) _ x", r#"* LIST () "/" x (OLDNAME ("y"))"#),
    ("* STATUS ${box} (MESSAGES 2)", "* STATUS mp-1 (UIDNEXT 3 MESSAGES 2)"),
    ("* SEARCH 4 2", "* SEARCH 2 4"),
    ("* SEARCH 2:4", "* SEARCH 3 2 4"),
    ("* SEARCH 2 ...", "* SEARCH 1 2 3"),
    ("* SEARCH 2", "* SEARCH 2 (MODSEQ 9)"),
    ("* SORT 2 1", "* SORT 2 1"),
    ("* THREAD (1 (2 3)(4))", "* THREAD (1 (2 3)(4))"),
    ("* THREAD (1 2)(3)", "* THREAD (1 (2))((3))"),
    ("* ESEARCH (TAG \"${tag}\") ALL 2,4", "* ESEARCH (TAG \"A1\") UID COUNT 2 ALL 4,2"),
    ("* VANISHED (EARLIER) ${a},5", "* VANISHED (EARLIER) 4:5"),
    ("OK [COPYUID _ ${a},${c} 8:9]", "OK [COPYUID 7 4,6 8:9]"),
    ("* 1 FETCH (BODY[TEXT]<8> \"89\\r\\n\")", "* 1 FETCH (BODY[TEXT]<8> \"89\\r\\n\")"),
    ("* 1 FETCH (BODY[HEADER.FIELDS (SUBJECT)] _)", "* 1 FETCH (BODY[HEADER.FIELDS (Subject)] \"\")"),
    ("* 1 FETCH (MODSEQ (_))", "* 1 FETCH (MODSEQ (12))"),
    (
        "* 1 FETCH (INTERNALDATE \"17-Jul-1996 02:44:25 -0700\")",
        "* 1 FETCH (INTERNALDATE \"17-Jul-1996 09:44:25 +0000\")",
    ),
    (
        "* 1 FETCH (BODYSTRUCTURE ${letter.structure})",
        r#"* 1 FETCH (BODYSTRUCTURE ("text" "plain" NIL NIL NIL "7bit" 7 1 NIL NIL))"#,
    ),
    (
        r#"* 1 FETCH (BODYSTRUCTURE (_ ("MESSAGE" "RFC822" ...) "MIXED" ...))"#,
        r#"* 1 FETCH (BODYSTRUCTURE (("TEXT" "HTML") ("message" "rfc822" NIL) "mixed" NIL))"#,
    ),
    (
        r#"* 1 FETCH (BODYSTRUCTURE ("TEXT" "PLAIN" ("CHARSET" "UTF-8") ...))"#,
        r#"* 1 FETCH (BODYSTRUCTURE ("TEXT" "PLAIN" ("charset" "utf-8") NIL))"#,
    ),
    (
        r#"* 1 FETCH (BODYSTRUCTURE ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 7 1 NIL ("ATTACHMENT" ("FILENAME" "a")) ...))"#,
        r#"* 1 FETCH (BODYSTRUCTURE ("text" "plain" NIL NIL NIL "7bit" 7 1 NIL ("attachment" ("filename" "a")) NIL))"#,
    ),
    ("* ACL x bob rl alice lrs", "* ACL x alice lrs bob lr"),
    ("* METADATA x (/b \"2\")", "* METADATA x (/a \"1\" /B \"2\")"),
];

#[test]
fn responses_that_say_the_same_fit() {
    for (pattern, wire) in FITTING {
        let fit = Pattern::parse(pattern).unwrap().matches(&response(wire), &env());
        assert!(fit.is_ok(), "{pattern} does not fit {wire}: {fit:?}");
    }
}

#[test]
fn responses_that_say_something_else_do_not_fit() {
    let table = [
        ("OK", "NO"),
        ("OK", "* OK"),
        ("NO [TRYCREATE]", "NO"),
        ("evil OK", "EVIL OK"),
        ("* 2 EXISTS", "* 3 EXISTS"),
        ("OK [MAILBOXID (Fa1)]", "OK [MAILBOXID (fA1)]"),
        ("* STATUS a (MAILBOXID (Fa1))", "* STATUS a (MAILBOXID (fA1))"),
        ("* 1 FETCH (EMAILID (Fa1))", "* 1 FETCH (EMAILID (fA1))"),
        ("* 1 FETCH (THREADID (Fa1))", "* 1 FETCH (THREADID (fA1))"),
        ("* _ EXPUNGE", "* 2 EXISTS"),
        ("+ \"\"", "+ \"YWI=\""),
        ("* CAPABILITY STARTTLS", "* CAPABILITY IMAP4rev1"),
        ("* FLAGS ()", "* FLAGS (\\Seen)"),
        ("* 1 FETCH (FLAGS (\\Seen))", "* 1 FETCH (FLAGS (\\Seen \\Flagged))"),
        ("* 1 FETCH (FLAGS ())", "* 1 FETCH (FLAGS (\\Seen))"),
        ("* 1 FETCH (FLAGS (\\Seen ...))", "* 1 FETCH (FLAGS (\\Flagged))"),
        ("* 1 FETCH (UID 4)", "* 1 FETCH (FLAGS ())"),
        ("* LIST (...) _ Inboxes", "* LIST () NIL inboxes"),
        ("* LIST (...) _ \"NIL\"", "* LIST () NIL NIL"),
        ("* SEARCH 2 4", "* SEARCH 2 4 5"),
        ("* SEARCH 2:4", "* SEARCH 2 4"),
        ("* SEARCH", "* SEARCH 1"),
        ("* SORT 2 1", "* SORT 1 2"),
        ("* THREAD (1 (2)(3))", "* THREAD (1 2 3)"),
        ("* ESEARCH ALL 2,4", "* ESEARCH (TAG \"A1\") ALL 2:4"),
        ("* VANISHED 4", "* VANISHED (EARLIER) 4"),
        ("* 1 FETCH (BODY[] _)", "* 1 FETCH (BODY[]<0> \"x\")"),
        ("* 1 FETCH (BODY[] \"a\")", "* 1 FETCH (BODY[] \"A\")"),
        ("* 1 FETCH (BODY[] \"NIL\")", "* 1 FETCH (BODY[] NIL)"),
        ("* 1 FETCH (RFC822 _)", "* 1 FETCH (BODY[] \"x\")"),
        (
            "* 1 FETCH (INTERNALDATE \"17-Jul-1996 02:44:25 -0700\")",
            "* 1 FETCH (INTERNALDATE \"17-Jul-1996 02:44:25 +0000\")",
        ),
        (
            "* 1 FETCH (BODYSTRUCTURE ${letter.structure})",
            r#"* 1 FETCH (BODYSTRUCTURE ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 8 1))"#,
        ),
        ("* ACL x bob lr", "* ACL x alice lrs bob lr"),
        ("* STATUS ${unknown}x (MESSAGES 1)", "* STATUS x (MESSAGES 1)"),
    ];
    for (pattern, wire) in table {
        assert!(matched(pattern, wire).is_none(), "{pattern} fits {wire}");
    }
}

#[test]
fn captures_have_the_type_of_their_place() {
    let one = |pattern: &str, wire: &str| matched(pattern, wire).unwrap().remove(0).1.to_string_of();
    assert_eq!(one("* 1 FETCH (UID ${u})", "* 1 FETCH (UID 7)"), "Number(7)");
    assert_eq!(one("* VANISHED (EARLIER) ${u}", "* VANISHED (EARLIER) 3,1:2"), "Set(NumberSet([(1, 3)]))");
    assert_eq!(one("* 1 FETCH (FLAGS ${u})", "* 1 FETCH (FLAGS (\\Seen \\Recent))"), "Flags({\"\\\\seen\"})");
    assert_eq!(one("* 1 FETCH (BODY[] ${u})", "* 1 FETCH (BODY[] \"x\")"), "Octets(b\"x\")");
    assert_eq!(one("* 1 FETCH (MODSEQ (${u}))", "* 1 FETCH (MODSEQ (5))"), "Number(5)");
}

trait Shown {
    fn to_string_of(&self) -> String;
}

impl Shown for Bound {
    fn to_string_of(&self) -> String {
        format!("{self:?}")
    }
}

#[test]
fn a_variable_met_twice_must_be_equal() {
    assert!(matched("* 1 FETCH (UID ${u} RFC822.SIZE ${u})", "* 1 FETCH (UID 7 RFC822.SIZE 7)").is_some());
    assert!(matched("* 1 FETCH (UID ${u} RFC822.SIZE ${u})", "* 1 FETCH (UID 7 RFC822.SIZE 8)").is_none());
    assert!(
        matched("* 1 FETCH (BODY[] ${u} RFC822.SIZE ${u.size})", "* 1 FETCH (BODY[] \"xy\" RFC822.SIZE 2)").is_some()
    );
}

#[test]
fn split_fetch_data_and_vanished_of_one_kind_count_as_one() {
    let wires = ["* 1 FETCH (UID 4)", "* VANISHED (EARLIER) 2", "* VANISHED (EARLIER) 3", "* 1 FETCH (FLAGS ())"];
    let responses: Vec<Response> = wires.iter().map(|wire| response(wire)).collect();
    let all = super::merge(&responses.iter().collect::<Vec<_>>());
    let fits = |pattern: &str| {
        let pattern = Pattern::parse(pattern).unwrap();
        all.iter().find(|merged| pattern.matches(&merged.response, &env()).is_ok()).map(|found| found.sources.clone())
    };
    assert_eq!(fits("* 1 FETCH (UID 4 FLAGS ())"), Some(vec![0, 3]));
    assert_eq!(fits("* 1 FETCH (UID 4)"), Some(vec![0]));
    assert_eq!(fits("* VANISHED (EARLIER) ${gone}"), Some(vec![1, 2]));
}

#[test]
fn an_expunge_parts_the_fetch_data_of_a_number() {
    let wires = ["* 1 FETCH (UID 4)", "* 1 EXPUNGE", "* 1 FETCH (FLAGS ())"];
    let responses: Vec<Response> = wires.iter().map(|wire| response(wire)).collect();
    assert_eq!(super::merge(&responses.iter().collect::<Vec<_>>()).len(), 3);
}
