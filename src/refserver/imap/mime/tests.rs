use proptest::prelude::*;

use super::address::{Address, addresses};
use super::header::{fields, header_len};
use super::*;

fn crlf(text: &str) -> Vec<u8> {
    text.replace('\n', "\r\n").into_bytes()
}

fn structure_of(octets: &[u8], detail: Detail) -> String {
    let mut out = Vec::new();
    structure(&mut out, octets, &Part::parse(octets), detail);
    String::from_utf8(out).unwrap()
}

fn envelope_of(octets: &[u8]) -> String {
    let mut out = Vec::new();
    envelope(&mut out, octets, &Part::parse(octets));
    String::from_utf8(out).unwrap()
}

const NESTED: &str = "From: <a@x.test>\n\
Content-Type: multipart/mixed; boundary=outer\n\
\n\
preamble\n\
--outer\n\
\n\
hello\n\
--outer\n\
Content-Type: message/rfc822\n\
\n\
Subject: inner\n\
Content-Type: multipart/alternative; boundary=\"alt\"\n\
\n\
--alt\n\
\n\
plain\n\
\n\
--alt\n\
Content-Type: text/html\n\
\n\
<p>html\n\
--outer--\n\
epilogue\n";

#[test]
fn octets_and_lines_of_a_nested_tree_are_exact() {
    // The inner message: 16 + 53 + 2 of header, 7 + 2 + 7 + 2 + 7 + 25 + 2 + 7 of body, without the end that is the delimiter's.
    assert_eq!(
        structure_of(&crlf(NESTED), Detail::Body),
        concat!(
            r#"(("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 5 1)"#,
            r#"("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 130 "#,
            r#"(NIL "inner" NIL NIL NIL NIL NIL NIL NIL NIL) "#,
            r#"(("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 7 1)"#,
            r#"("TEXT" "HTML" NIL NIL NIL "7BIT" 7 1) "ALTERNATIVE") 11) "MIXED")"#
        )
    );
}

#[test]
fn sections_are_numbered_through_messages() {
    use SectionText::{Header, Mime, Text};
    let octets = crlf(NESTED);
    let message = Part::parse(&octets);
    let table: [(&[u32], Option<SectionText>, Option<&str>); 9] = [
        (&[1], None, Some("hello")),
        (&[1], Some(Mime), Some("\n")),
        (&[2], Some(Mime), Some("Content-Type: message/rfc822\n\n")),
        (&[2, 1], None, Some("plain\n")),
        (&[2, 2], None, Some("<p>html")),
        (&[2, 2], Some(Mime), Some("Content-Type: text/html\n\n")),
        (&[1], Some(Header), None),
        (&[1, 1], None, None),
        (&[3], Some(Text), None),
    ];
    for (path, text, expected) in table {
        let section = Section { path: path.to_vec(), text };
        assert_eq!(section.octets(&octets, &message), expected.map(crlf), "{section:?}");
    }
    let text = Section { path: vec![2], text: Some(Text) }.octets(&octets, &message).unwrap();
    assert!(text.starts_with(b"--alt\r\n") && text.ends_with(b"<p>html"));
}

#[test]
fn header_subsets_keep_octets_and_end_in_an_empty_line() {
    let octets = crlf("To: a,\n\tb\nSUBJECT : x\nX: y\n\nbody");
    let message = Part::parse(&octets);
    let get = |text| Section { path: Vec::new(), text: Some(text) }.octets(&octets, &message).unwrap();
    let names = || vec![b"subject".to_vec(), b"To".to_vec()];
    assert_eq!(get(SectionText::HeaderFields(names())), crlf("To: a,\n\tb\nSUBJECT : x\n\n"));
    assert_eq!(get(SectionText::HeaderFieldsNot(names())), crlf("X: y\n\n"));
    assert_eq!(get(SectionText::HeaderFields(vec![b"None".to_vec()])), b"\r\n");
    assert_eq!(get(SectionText::Text), b"body");
}

#[test]
fn parts_of_a_digest_are_messages_unless_they_say_otherwise() {
    let octets = crlf(
        "Content-Type: multipart/digest; boundary=d\n\n--d\n\nSubject: one\n\nx\n--d\nContent-Type: text/plain\n\ny\n--d--\n",
    );
    let shown = structure_of(&octets, Detail::Body);
    assert!(shown.starts_with(r#"(("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 17 (NIL "one" "#), "{shown}");
    assert!(shown.ends_with(r#"("TEXT" "PLAIN" NIL NIL NIL "7BIT" 1 1) "DIGEST")"#), "{shown}");
}

#[test]
fn extension_data_stands_in_bodystructure_alone() {
    let octets = crlf(
        "Content-Type: TEXT/plain; name=\"a \\\"b\"; (c) charset=utf-8\nContent-ID: <1>\nContent-MD5: Q2hl\n\
         Content-Disposition: attachment; filename=x\nContent-Language: de, en\nContent-Location: here\n\
         Content-Transfer-Encoding: base64\n\nx\ny",
    );
    let fields = r#""TEXT" "PLAIN" ("NAME" "a \"b" "CHARSET" "utf-8") "<1>" NIL "BASE64" 4 2"#;
    assert_eq!(structure_of(&octets, Detail::Body), format!("({fields})"));
    let extension = r#""Q2hl" ("ATTACHMENT" ("FILENAME" "x")) ("de" "en") "here""#;
    assert_eq!(structure_of(&octets, Detail::BodyStructure), format!("({fields} {extension})"));
}

#[test]
fn a_multipart_always_has_a_part() {
    let part = r#"("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 3 1)"#;
    for kind in ["multipart/mixed", "multipart/mixed; boundary=b"] {
        let octets = crlf(&format!("Content-Type: {kind}\n\nx\n"));
        assert_eq!(structure_of(&octets, Detail::Body), format!("({part} \"MIXED\")"));
    }
}

#[test]
fn an_envelope_fills_in_sender_and_unfolds() {
    let octets = crlf(
        "Date: Mon\nSubject: a\n  b\nFrom: \"J. \\\"D\" <@r.test,@s.test:j@x.test>\nReply-To: \nTo: g: a@x, b@y;\nCc: c@z (See)\nMessage-ID: <1@x>\n\n",
    );
    let from = r#"(("J. \"D" "@r.test,@s.test" "j" "x.test"))"#;
    let to = r#"((NIL NIL "g" NIL)(NIL NIL "a" "x")(NIL NIL "b" "y")(NIL NIL NIL NIL))"#;
    let cc = r#"(("See" NIL "c" "z"))"#;
    assert_eq!(envelope_of(&octets), format!(r#"("Mon" "a  b" {from} {from} {from} {to} {cc} NIL NIL "<1@x>")"#));
}

#[test]
fn addresses_of_every_form_are_read() {
    let one = |name: Option<&str>, mailbox: &str, host: &str| {
        let octets = |text: &str| text.as_bytes().to_vec();
        vec![Address { name: name.map(octets), route: None, mailbox: Some(octets(mailbox)), host: Some(octets(host)) }]
    };
    let table = [
        ("a@b", one(None, "a", "b")),
        ("<a@b>", one(None, "a", "b")),
        ("J. Doe <a.c@b.d>", one(Some("J. Doe"), "a.c", "b.d")),
        ("\"a b\"@[1.2.3.4]", one(None, "a b", "[1.2.3.4]")),
        ("a . b @ c . d", one(None, "a.b", "c.d")),
        ("nonsense", one(None, "nonsense", "")),
        ("", vec![]),
        (",,", vec![]),
    ];
    for (text, expected) in table {
        assert_eq!(addresses(text.as_bytes()), expected, "{text}");
    }
}

#[test]
fn strings_that_cannot_be_quoted_are_literals() {
    for (octets, expected) in
        [(&b"a\"\\"[..], &br#""a\"\\""#[..]), (b"a\r\n", b"{3}\r\na\r\n"), (b"\xff", b"{1}\r\n\xff")]
    {
        let mut out = Vec::new();
        write_string(&mut out, octets);
        assert_eq!(out, expected);
    }
}

#[test]
fn depth_is_bounded() {
    let octets = "Content-Type: message/rfc822\r\n\r\n".repeat(5000).into_bytes();
    let shown = structure_of(&octets, Detail::Body);
    assert_eq!(shown.matches("RFC822").count(), 50);
    assert!(shown.contains("OCTET-STREAM"));
}

proptest! {
    #[test]
    fn any_octets_have_a_structure_and_header_and_text_are_the_whole(
        pieces in prop::collection::vec(prop_oneof![
            Just(b"Content-Type: multipart/mixed; boundary=b\r\n".to_vec()),
            Just(b"Content-Type: message/rfc822\r\n".to_vec()),
            Just(b"From: \"(a <b@[c\r\n".to_vec()),
            Just(b"\r\n".to_vec()),
            Just(b"--b\r\n".to_vec()),
            Just(b"--b--\n".to_vec()),
            prop::collection::vec(any::<u8>(), 0..8),
        ], 0..30)
    ) {
        let octets = pieces.concat();
        let message = Part::parse(&octets);
        let mut out = Vec::new();
        structure(&mut out, &octets, &message, Detail::BodyStructure);
        envelope(&mut out, &octets, &message);
        prop_assert!(out.starts_with(b"("));
        let get = |text| Section { path: Vec::new(), text }.octets(&octets, &message).unwrap();
        let both = [get(Some(SectionText::Header)), get(Some(SectionText::Text))].concat();
        prop_assert_eq!(&both, &octets);
        let header = &octets[..header_len(&octets)];
        let raw: usize = fields(header).iter().map(|field| field.raw.len()).sum();
        prop_assert!(header.len() - raw <= 2);
    }
}
