use proptest::prelude::*;

use super::*;
use crate::base::{Bindings, ByteString};

fn frames(pieces: &[&[u8]], forms: &[Form]) -> Vec<Frame> {
    let mut framer = Framer::new();
    forms.iter().for_each(|form| framer.expect(*form));
    let mut found = Vec::new();
    for piece in pieces {
        framer.push(piece);
        while let Some(frame) = framer.next() {
            found.push(frame.unwrap());
        }
    }
    found
}

fn body(lines: &[&str]) -> Vec<ByteString> {
    lines.iter().map(|line| (*line).into()).collect()
}

fn judge(patterns: &[&str], place: Place, lines: &[&str]) -> Result<usize, usize> {
    let parsed: Vec<Pattern> = patterns.iter().map(|text| Pattern::parse(text, place).unwrap()).collect();
    for (pattern, text) in parsed.iter().zip(patterns) {
        assert_eq!(Pattern::parse(&pattern.to_string(), place).unwrap(), *pattern, "{text}");
    }
    let refs: Vec<&Pattern> = parsed.iter().collect();
    match_body(&refs, place, &body(lines), &Bindings::default()).map(|found| found.len()).map_err(|(at, _)| at)
}

#[test]
fn broken_responses_name_their_requirement() {
    let table: &[(&[u8], &str)] = &[
        (b"+OK\n", "rfc1939-3-response-crlf"),
        (b"+ok\r\n", "rfc1939-3-status-upper-case"),
        (b"OK\r\n", "rfc1939-3-status-indicator-only-two"),
        (b"+\r\n", "rfc5034-4-challenge-form"),
        (b"+ !\r\n", "rfc5034-4-challenge-form"),
    ];
    for (raw, id) in table {
        assert_eq!(parse(raw, Form::Single).unwrap_err().requirement.as_str(), *id);
    }
    assert_eq!(faults(b"+OK\r\n.x\r\n.\r\n", Form::Multi)[0].at, 5);
}

#[test]
fn a_response_of_too_many_lines_is_given_up() {
    let mut framer = Framer::new();
    framer.set_lines(3);
    framer.expect(Form::Multi);
    framer.push(b"+OK\r\n\r\n\r\n\r\n");
    assert_eq!(framer.next(), None);
    framer.push(b"\r\n");
    assert_eq!(framer.next(), Some(Err(FrameError::Lines)));
}

#[test]
fn bodies_are_seen_unstuffed() {
    let found = frames(&[b"+OK\r\n..a\r\n\r\nb\n.\nc\r\n.\r\n-ERR [IN-USE] x\r\n"], &[Form::Multi, Form::Multi]);
    assert_eq!(found[0].parsed.as_ref().unwrap().body, Some(body(&[".a", "", "b\n.\nc"])));
    let refused = found[1].parsed.as_ref().unwrap();
    assert_eq!((refused.code.as_deref(), &refused.body), (Some("IN-USE"), &None));
    assert_eq!(shape(refused), "-ERR [IN-USE] <text>");
}

#[test]
fn listings_match_in_any_order_and_exactly() {
    let lines = ["1 abc", "2 120"];
    assert_eq!(judge(&["2 ${b}", "_ ${a}", "."], Place::Listing, &lines), Ok(2));
    assert_eq!(judge(&["_ ${a}", "1 abc"], Place::Listing, &lines), Ok(1));
    assert_eq!(judge(&["1 abc"], Place::Listing, &lines), Err(1));
    assert_eq!(judge(&["1 abc", "..."], Place::Listing, &lines), Ok(0));
    assert_eq!(judge(&["3 _", "..."], Place::Listing, &lines), Err(0));
}

#[test]
fn text_matches_in_order() {
    let lines = ["A: b", "Subject: x", "", "one", ".", "two"];
    assert_eq!(judge(&["...", "Subject: x", "...", "", "one", r"\x2e", "two"], Place::Text, &lines), Ok(0));
    assert_eq!(judge(&["...", "", "one"], Place::Text, &lines), Err(3));
    assert_eq!(judge(&["${whole}", "."], Place::Text, &lines), Ok(1));
    assert_eq!(judge(&["..."], Place::Text, &[]), Ok(0));
    assert_eq!(judge(&["STLS", "sasl ..."], Place::Capability, &["SASL PLAIN", "STLS", "X"]), Ok(0));
}

#[test]
fn status_patterns_match_by_structure() {
    let table: &[(&str, &[u8], bool)] = &[
        ("+OK", b"+OK hello\r\n", true),
        ("-ERR [IN-USE]", b"-ERR [IN-USE] no\r\n", true),
        ("-ERR [IN-USE]", b"-ERR no\r\n", false),
        ("+OK ${count} _", b"+OK 2 320\r\n", true),
        ("+OK ${count} _", b"+OK two 320\r\n", false),
        ("+OK <${stamp}>", b"+OK ready <1.2@mx.example>\r\n", true),
        ("+ \"\"", b"+ \r\n", true),
        ("+", b"+ YQ==\r\n", true),
    ];
    for (text, raw, fits) in table {
        let pattern = Pattern::parse(text, Place::Status).unwrap();
        assert_eq!(pattern.to_string(), *text);
        let reply = parse(raw, Form::Single).unwrap();
        assert_eq!(pattern.matches_status(&reply, &Bindings::default()).is_ok(), *fits, "{text}");
    }
    assert!(Pattern::parse("+OK ready", Place::Status).unwrap_err().message.contains("for people"));
}

#[test]
fn nothing_in_a_written_line_of_text_is_taken_for_the_language() {
    for (text, written) in [
        (r"\x2e", r"\x2e"),
        (r"\x2e..", r"\x2e.."),
        ("..", ".."),
        ("or", r"\x6fr"),
        ("done", r"\x64one"),
        ("! x", r"\x21 x"),
        ("then x", r"\x74hen x"),
        ("no other x", r"\x6eo other x"),
        ("a | b | c", r"a\x20| b\x20| c"),
        ("a | | b", r"a\x20|\x20| b"),
        ("a ; b", r"a\x20; b"),
        ("a @b", r"a\x20@b"),
        ("a, done", r"a,\x20done"),
        (" a ", r"\x20a\x20"),
        ("a\"b", r"a\x22b"),
        ("a \"b\" c", "a \"b\" c"),
        ("", ""),
    ] {
        let pattern = Pattern::parse(text, Place::Text).unwrap();
        assert_eq!(pattern.to_string(), written, "{text}");
        assert_eq!(Pattern::parse(written, Place::Text).unwrap(), pattern, "{text}");
    }
}

proptest! {
    #[test]
    fn any_segmentation_gives_the_same_frames(raw in "(\\+OK [a-z]{0,3}\r?\n|\\.\r\n|[.a]{0,3}\r?\n){0,9}", cut in 0usize..40) {
        let octets = raw.as_bytes();
        let forms = [Form::Multi, Form::Single, Form::Multi];
        let (left, right) = octets.split_at(cut.min(octets.len()));
        let single: Vec<&[u8]> = octets.chunks(1).collect();
        prop_assert_eq!(frames(&[left, right], &forms), frames(&[octets], &forms));
        prop_assert_eq!(frames(&single, &forms), frames(&[octets], &forms));
    }

    #[test]
    fn parsers_never_panic(raw in proptest::collection::vec(any::<u8>(), 0..80)) {
        for form in [Form::Single, Form::Multi] {
            let _ = (parse(&raw, form).as_ref().map(shape), faults(&raw, form));
        }
        prop_assert_eq!(parse(b"", Form::Single).is_err(), true);
    }
}
