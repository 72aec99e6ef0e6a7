use proptest::prelude::*;

use super::*;
use crate::base::{Bindings, Bound, VarRef};

fn frames(pieces: &[&[u8]]) -> Vec<Frame> {
    let mut framer = Framer::new();
    let mut found = Vec::new();
    for piece in pieces {
        framer.push(piece);
        while let Some(frame) = framer.next() {
            found.push(frame.unwrap());
        }
    }
    found
}

const EHLO_REPLY: &[u8] =
    b"250-mx.example hello\r\n250-SIZE 1000\r\n250-AUTH LOGIN PLAIN\r\n250-STARTTLS\r\n250 HELP\r\n";

#[test]
fn broken_replies_name_their_requirement() {
    let table: &[(&[u8], &str)] = &[
        (b"250 ok\n", "rfc5321-2.3.8-replies-end-in-crlf"),
        (b"250-a\r\n550 b\r\n", "rfc5321-4.2.1-multiline-same-code"),
        (b"650 a\r\n", "rfc5321-4.2-reply-code-range"),
        (b"260 a\r\n", "rfc5321-4.2-reply-code-range"),
        (b"hello\r\n", "rfc5321-4.2-reply-line-syntax"),
        (b"250x\r\n", "rfc5321-4.2-reply-line-syntax"),
        (b"334\r\n", "rfc4954-4-empty-challenge-format"),
    ];
    for (raw, id) in table {
        let all = frames(&[raw]);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].parsed.as_ref().unwrap_err().requirement.as_str(), *id, "{:?}", all[0].raw);
    }
    for id in requirements().iter().chain(behind()) {
        assert!(id.parse::<crate::base::RequirementId>().is_ok());
    }
}

#[test]
fn correct_replies_are_not_accused() {
    for raw in [&b"250\r\n"[..], b"250 \r\n", b"559 5.7.1 no\ttab\r\n", EHLO_REPLY, b"334 \r\n", b"250-\r\n250 x\r\n"] {
        assert!(parse(raw).is_ok());
        assert!(faults(raw, Charset::Ascii).is_empty());
    }
    let longest = [b"250 ".as_slice(), &[b'x'; 506], b"\r\n"].concat();
    assert!(faults(&longest, Charset::Ascii).is_empty());
    assert_eq!(faults(&[b"250 ".as_slice(), &[b'x'; 507], b"\r\n"].concat(), Charset::Ascii).len(), 1);
}

#[test]
fn patterns_match_by_structure() {
    let table: &[(&str, &[u8], bool)] = &[
        ("250", b"250 ok\r\n", true),
        ("5xx", b"550 no\r\n", true),
        ("250 4.x.x", b"250 4.0.0 a\r\n", true),
        ("250 4.x.x", b"250 2.0.0 a\r\n", false),
        ("250-SIZE ${n}", EHLO_REPLY, true),
        ("250-SIZE", EHLO_REPLY, false),
        ("250-AUTH PLAIN ...", EHLO_REPLY, true),
        ("250-AUTH PLAIN", EHLO_REPLY, false),
        ("250-AUTH plain LOGIN", EHLO_REPLY, true),
        ("250 ${hello}", EHLO_REPLY, true),
        ("250 mx.example", EHLO_REPLY, true),
        ("250 my.example", EHLO_REPLY, false),
        ("334 \"\"", b"334 \r\n", true),
        ("334 \"User\"", b"334 VXNlcg==\r\n", true),
        ("251 <${path}>", b"251 2.1.5 forward to <a@b.example>\r\n", true),
        ("221 host.example", b"221 2.0.0 host.example closing\r\n", true),
    ];
    for (pattern, raw, fits) in table {
        let parsed = Pattern::parse(pattern).unwrap();
        assert_eq!(parsed.to_string().to_lowercase(), pattern.to_lowercase());
        assert_eq!(parsed.matches(&parse(raw).unwrap(), &Bindings::default()).is_ok(), *fits, "{pattern}");
    }
}

#[test]
fn a_size_is_captured_as_number_and_a_bound_name_is_compared() {
    let reply = parse(EHLO_REPLY).unwrap();
    let captures = Pattern::parse("250-SIZE ${n}").unwrap().matches(&reply, &Bindings::default()).unwrap();
    assert_eq!(captures, [(VarRef::new("n").unwrap(), Bound::Number(1000))]);
    let mut env = Bindings::default();
    env.bind("n", Bound::Number(7));
    assert!(Pattern::parse("250-SIZE ${n}").unwrap().matches(&reply, &env).is_err());
}

#[test]
fn human_text_in_a_pattern_is_a_mistake() {
    for text in ["250 OK", "354 go", "550 5.1.1 unknown", "250 OK done"] {
        assert!(Pattern::parse(text).unwrap_err().message.contains("for people"), "{text}");
    }
    assert!(Pattern::parse("OK").unwrap_err().message.contains("not an SMTP pattern"));
}

#[test]
fn shapes_hold_no_values() {
    insta::assert_snapshot!(shape(&parse(b"550 5.1.1 who?\r\n").unwrap()), @"550 5.1.1 <text>");
    insta::assert_snapshot!(shape(&parse(EHLO_REPLY).unwrap()), @"250 <text>; AUTH LOGIN PLAIN; HELP; SIZE <number>; STARTTLS");
}

#[test]
fn octets_after_a_go_ahead_are_handed_out() {
    let mut framer = Framer::new();
    framer.push(b"220 go\r\n\x16\x03");
    assert!(framer.next().unwrap().is_ok());
    assert!(framer.next().is_none());
    assert_eq!(framer.take_rest(), b"\x16\x03");
}

#[test]
fn an_endless_line_is_refused() {
    let mut framer = Framer::new();
    framer.push(&vec![b'x'; 100_000]);
    assert_eq!(framer.next(), Some(Err(FrameError::Line)));
}

proptest! {
    #[test]
    fn any_segmentation_gives_the_same_frames(raw in "([25][05]0[- ][a-z]{0,3}\r?\n|x\n){0,8}", cut in 0usize..40) {
        let octets = raw.as_bytes();
        let (left, right) = octets.split_at(cut.min(octets.len()));
        let single: Vec<&[u8]> = octets.chunks(1).collect();
        prop_assert_eq!(frames(&[left, right]), frames(&[octets]));
        prop_assert_eq!(frames(&single), frames(&[octets]));
    }

    #[test]
    fn parsers_never_panic(raw in proptest::collection::vec(any::<u8>(), 0..80), text in ".{0,20}") {
        let reply = parse(&raw);
        let _ = (parse_ehlo(&raw), faults(&raw, Charset::Ascii), reply.as_ref().map(shape));
        if let Ok(pattern) = Pattern::parse(&format!("250-{text}")).or_else(|_| Pattern::parse(&text)) {
            prop_assert_eq!(Pattern::parse(&pattern.to_string()).map(|again| again.to_string()), Ok(pattern.to_string()));
        }
    }
}
