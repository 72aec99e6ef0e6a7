//! Generated responses of RFC 3501, read here and by imap-codec. Where the two differ, a table says why.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::{Union, ValueTree};
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use super::second_opinion::accepts;
use crate::base::ByteString;
use crate::imap::{Response, Revision, Value, parse};

const CASES: u32 = 4000;

/// Why a damaged response is read differently: the reason, what is said here, and how to know such a response.
type Explained = (&'static str, Here, fn(&str) -> bool);

/// What is said here, and denied there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Here {
    Accepted,
    Refused,
}

const EXPLAINED: &[Explained] = &[
    ("RFC 3501 §9: a code that is listed takes its own arguments; there it is text then", Here::Refused, has_code),
    ("RFC 3501 §9: text may begin with a bracket", Here::Accepted, has_code),
    ("RFC 3501 §9: numbers that are not zero have no leading zero", Here::Refused, has_leading_zero),
];

fn has_code(text: &str) -> bool {
    ["OK [", "NO [", "BAD [", "BYE [", "PREAUTH [", "+ ["].iter().any(|status| text.contains(status))
}

fn has_leading_zero(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_ascii_digit());
    words.into_iter().any(|word| word.len() > 1 && word.starts_with('0'))
}

/// Responses with a rule in RFC 3501.
const NAMES: [&str; 10] =
    ["EXISTS", "RECENT", "EXPUNGE", "FETCH", "FLAGS", "LIST", "LSUB", "STATUS", "SEARCH", "CAPABILITY"];

/// Items of FETCH and STATUS with a rule in RFC 3501 or RFC 3516; others are cut, not judged.
const ITEMS: [&str; 17] = [
    "FLAGS",
    "UID",
    "INTERNALDATE",
    "ENVELOPE",
    "BODY",
    "BODYSTRUCTURE",
    "RFC822",
    "RFC822.SIZE",
    "RFC822.HEADER",
    "RFC822.TEXT",
    "BINARY",
    "BINARY.SIZE",
    "MESSAGES",
    "RECENT",
    "UNSEEN",
    "UIDNEXT",
    "UIDVALIDITY",
];

type Text = BoxedStrategy<String>;

/// One of some words.
fn word(words: &'static [&'static str]) -> Text {
    select(words).prop_map(str::to_owned).boxed()
}

/// One of some forms.
fn any_of(forms: impl IntoIterator<Item = Text>) -> Text {
    Union::new(forms).boxed()
}

/// Forms one after the other.
fn all(forms: Vec<Text>) -> Text {
    forms.prop_map(|parts| parts.concat()).boxed()
}

fn just(text: &str) -> Text {
    Just(text.to_owned()).boxed()
}

/// Some of a form, parted by one space.
fn spaced(form: Text, least: usize, most: usize) -> Text {
    vec(form, least..=most).prop_map(|parts| parts.join(" ")).boxed()
}

fn list(form: Text, least: usize, most: usize) -> Text {
    spaced(form, least, most).prop_map(|inner| format!("({inner})")).boxed()
}

fn number() -> Text {
    any_of([word(&["0", "4294967295"]), (0_u32..100).prop_map(|number| number.to_string()).boxed()])
}

fn positive() -> Text {
    any_of([word(&["1", "4294967295"]), (1_u32..100).prop_map(|number| number.to_string()).boxed()])
}

fn set() -> Text {
    any_of([positive(), word(&["1:3", "2,4", "1:2,9"])])
}

fn string() -> Text {
    let quoted = any_of(["\"[a-zA-Z0-9 .%*()]{0,6}\"".boxed(), word(&["\"\"", r#""a\"b""#, r#""\\""#])]);
    let literal = "[a-z \r\n\"\\\\(]{0,5}".prop_map(|text| format!("{{{}}}\r\n{text}", text.len()));
    any_of([quoted, literal.boxed()])
}

fn nstring() -> Text {
    any_of([string(), just("NIL")])
}

fn mailbox() -> Text {
    any_of([word(&["INBOX", "inbox", "a/b", "x]y", "1", "NIL2"]), string()])
}

fn flag() -> Text {
    word(&["\\Seen", "\\answered", "\\Deleted", "\\Draft", "\\Flagged", "\\Recent", "$Forwarded", "keyword", "\\Xnew"])
}

fn date() -> Text {
    word(&["\"17-Jul-1996 02:44:25 -0700\"", "\" 1-Feb-2020 23:59:59 +0000\""])
}

fn envelope() -> Text {
    let address = all(vec![just("("), spaced(nstring(), 4, 4), just(")")]);
    let addresses = any_of([just("NIL"), vec(address, 1..3).prop_map(|all| format!("({})", all.concat())).boxed()]);
    let parts = (spaced(nstring(), 2, 2), spaced(addresses, 6, 6), spaced(nstring(), 2, 2));
    parts.prop_map(|(head, addresses, tail)| format!("({head} {addresses} {tail})")).boxed()
}

fn parameters() -> Text {
    let pairs = (1_usize..3).prop_flat_map(|pairs| spaced(string(), pairs * 2, pairs * 2));
    any_of([just("NIL"), pairs.prop_map(|inner| format!("({inner})")).boxed()])
}

/// A body, with extension data if it is one of BODYSTRUCTURE.
fn body(depth: u32, extended: &'static str) -> Text {
    let fields = || {
        (parameters(), nstring(), nstring(), word(&["\"7BIT\"", "\"base64\"", "\"x-own\""]), number())
            .prop_map(|(parameters, id, description, encoding, size)| {
                format!("{parameters} {id} {description} {encoding} {size}")
            })
            .boxed()
    };
    let disposition =
        || any_of([just("NIL"), parameters().prop_map(|parameters| format!("(\"inline\" {parameters})")).boxed()]);
    let language = || any_of([nstring(), list(string(), 1, 2)]);
    let tail = |first: Text| -> Text {
        if extended.is_empty() {
            return just("");
        }
        let one = first.prop_map(|first| format!(" {first}")).boxed();
        let two = any_of([just(""), all(vec![just(" "), disposition()])]);
        let three = all(vec![just(" "), disposition(), just(" "), language(), just(" "), nstring()]);
        any_of([just(""), (one, any_of([two, three])).prop_map(|(one, rest)| one + &rest).boxed()])
    };
    let basic = all(vec![
        just("("),
        word(&["\"image\" \"png\" ", "\"application\" \"x\" "]),
        fields(),
        tail(nstring()),
        just(")"),
    ]);
    let text = all(vec![just("(\"text\" \"plain\" "), fields(), just(" "), number(), tail(nstring()), just(")")]);
    if depth == 0 {
        return any_of([basic, text]);
    }
    let inner = || body(depth - 1, extended);
    let message = all(vec![
        just("(\"message\" \"rfc822\" "),
        fields(),
        just(" "),
        envelope(),
        just(" "),
        inner(),
        just(" "),
        number(),
        tail(nstring()),
        just(")"),
    ]);
    let parts = vec(inner(), 1..3).prop_map(|parts| parts.concat()).boxed();
    let multipart = all(vec![just("("), parts, just(" \"mixed\""), tail(parameters()), just(")")]);
    any_of([basic, text, message, multipart])
}

fn fetched() -> Text {
    let section = || {
        word(&[
            "",
            "1",
            "1.2.MIME",
            "HEADER",
            "TEXT",
            "HEADER.FIELDS (subject \"from\")",
            "1.HEADER.FIELDS.NOT (x)",
            "2.TEXT",
        ])
    };
    let after = |name: &str, value: Text| all(vec![just(name), just(" "), value]);
    any_of([
        after("FLAGS", list(flag(), 0, 3)),
        after("UID", positive()),
        after("RFC822.SIZE", number()),
        after("INTERNALDATE", date()),
        after("ENVELOPE", envelope()),
        after("BODY", body(2, "")),
        after("BODYSTRUCTURE", body(2, "extended")),
        all(vec![just("BODY["), section(), just("] "), nstring()]),
        all(vec![just("BODY["), section(), just("]<"), number(), just("> "), nstring()]),
        after("RFC822", nstring()),
        after("RFC822.HEADER", nstring()),
        after("RFC822.TEXT", nstring()),
        all(vec![just("BINARY[1] "), any_of([nstring(), just("~{3}\r\na\0b")])]),
        all(vec![just("BINARY.SIZE[2.1] "), number()]),
    ])
}

fn code() -> Text {
    any_of([
        word(&[
            "ALERT",
            "PARSE",
            "READ-ONLY",
            "READ-WRITE",
            "TRYCREATE",
            "BADCHARSET",
            "XNEW",
            "X-NEW some text",
            "CLOSED",
        ]),
        all(vec![word(&["UIDNEXT ", "UIDVALIDITY ", "UNSEEN "]), positive()]),
        all(vec![just("PERMANENTFLAGS "), list(any_of([flag(), just("\\*")]), 0, 3)]),
        all(vec![just("BADCHARSET "), list(word(&["utf-8", "\"us-ascii\""]), 1, 2)]),
        all(vec![just("APPENDUID "), positive(), just(" "), positive()]),
        all(vec![just("COPYUID "), positive(), just(" "), set(), just(" "), set()]),
        just("CAPABILITY IMAP4rev1 XNEW AUTH=PLAIN"),
    ])
}

fn response() -> Text {
    let text = || word(&["done", "a [b] c", "x", "1 2 3"]);
    let coded = any_of([text(), all(vec![just("["), code(), just("] "), text()])]);
    let counted = |name: &str, count: Text| all(vec![just("* "), count, just(name)]);
    let listed = all(vec![
        word(&["* LIST ", "* LSUB "]),
        list(word(&["\\Noselect", "\\Marked", "\\Noinferiors", "\\Xnew", "\\HasChildren"]), 0, 2),
        word(&[" \"/\" ", " NIL ", " \"\\\\\" "]),
        mailbox(),
    ]);
    let item = any_of([
        all(vec![word(&["MESSAGES ", "RECENT ", "UNSEEN "]), number()]),
        all(vec![word(&["UIDNEXT ", "UIDVALIDITY "]), positive()]),
    ]);
    any_of([
        counted(" EXISTS", number()),
        counted(" RECENT", number()),
        counted(" EXPUNGE", positive()),
        all(vec![just("* "), positive(), just(" FETCH "), list(fetched(), 1, 3)]),
        all(vec![just("* "), positive(), just(" FETCH "), list(fetched(), 1, 3)]),
        all(vec![just("* FLAGS "), list(flag(), 0, 3)]),
        listed,
        all(vec![just("* STATUS "), mailbox(), just(" "), list(item, 1, 3)]),
        vec(positive(), 0..4)
            .prop_map(|numbers| numbers.iter().fold("* SEARCH".to_owned(), |out, number| format!("{out} {number}")))
            .boxed(),
        just("* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN LITERAL+ XNEW"),
        all(vec![word(&["a1", "*", "A.b-2"]), word(&[" OK ", " NO ", " BAD "]), coded.clone()]),
        all(vec![word(&["* BYE ", "* PREAUTH "]), coded]),
        word(&["+ go on", "+ YWJj", "+ [x] y"]),
    ])
}

/// Whether a response, or an item of it, has no rule here.
fn is_only_cut(response: &Response) -> bool {
    let Response::Data { name, args, .. } = response else { return false };
    let items = match (name.as_str(), args.last()) {
        ("FETCH" | "STATUS", Some(Value::List(items))) => items.as_slice(),
        _ => &[],
    };
    let known = |item: &Value| match item {
        Value::Atom(word) => ITEMS.contains(&word.to_string().to_ascii_uppercase().as_str()),
        Value::Nil
        | Value::Number(_)
        | Value::Quoted(_)
        | Value::Literal(_)
        | Value::Literal8(_)
        | Value::List(_)
        | Value::Section { .. } => true,
    };
    !NAMES.contains(&name.as_str()) || !items.iter().step_by(2).all(known)
}

/// What two readers say of one response.
#[derive(Debug, Default)]
struct Opinions {
    alike: u32,
    unexplained: BTreeMap<String, String>,
    used: Vec<u32>,
}

impl Opinions {
    fn compare(&mut self, text: &str) {
        self.used.resize(EXPLAINED.len(), 0);
        let raw = ByteString::from(text.as_bytes());
        let parsed = parse(&raw, Revision::Rev1);
        // A response of an extension that has no rule here is cut, not judged: so is one with a damaged name.
        if parsed.as_ref().is_ok_and(is_only_cut) {
            return;
        }
        let (ours, theirs) = (parsed.is_ok(), accepts(&raw));
        let shown = raw.to_string();
        let here = if ours { Here::Accepted } else { Here::Refused };
        match EXPLAINED.iter().position(|(_, said, known)| *said == here && known(text)) {
            _ if ours == theirs => self.alike += 1,
            Some(at) => self.used[at] += 1,
            None => {
                let kind: String = shown.chars().filter(|c| !c.is_ascii_digit()).take(30).collect();
                self.unexplained.entry(kind).or_insert_with(|| format!("here {ours}, there {theirs}: {shown}"));
            }
        }
    }

    fn unexplained(&self) -> String {
        self.unexplained.values().cloned().collect::<Vec<_>>().join("\n")
    }
}

fn runner() -> TestRunner {
    TestRunner::new_with_rng(ProptestConfig::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

#[test]
fn generated_responses_are_read_by_both() {
    let (mut runner, strategy) = (runner(), response());
    for _ in 0..CASES {
        let text = strategy.new_tree(&mut runner).unwrap().current() + "\r\n";
        let raw = ByteString::from(text.as_bytes());
        assert!(parse(&raw, Revision::Rev1).is_ok() && accepts(&raw), "{raw}");
    }
}

/// A damaged keyword is another keyword, of which nothing is known: damage goes elsewhere.
fn is_in_keyword(text: &str, at: usize) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '.';
    let start = text[..at].rfind(|c| !part(c)).map_or(0, |before| before + 1);
    let word: String = text[start..].chars().take_while(|c| part(*c)).collect();
    word.chars().any(|c| c.is_ascii_uppercase())
}

#[test]
fn every_difference_on_a_damaged_response_is_explained() {
    let damage = select(&[" ", "(", ")", "\"", "\\", "[", "]", "{", "}", "<", "0", "N", "a", "\r", "", "*", "%"][..]);
    let (mut runner, strategy) = (runner(), (response(), any::<Index>(), damage));
    let mut opinions = Opinions::default();
    for _ in 0..CASES {
        let (text, at, damage) = strategy.new_tree(&mut runner).unwrap().current();
        let at = at.index(text.len());
        if is_in_keyword(&text, at) {
            continue;
        }
        opinions.compare(&format!("{}{damage}{}\r\n", &text[..at], &text[at + 1..]));
    }
    assert!(opinions.unexplained.is_empty(), "{}", opinions.unexplained());
    let used = EXPLAINED.iter().zip(&opinions.used);
    let idle: Vec<&str> = used.filter(|(_, used)| **used == 0).map(|(row, _)| row.0).collect();
    assert!(idle.is_empty(), "explanations that explain nothing: {idle:?}");
    assert!(opinions.alike > CASES / 3, "{} of {CASES} alike", opinions.alike);
}
